//! What may go wrong and what stands against it: attackers, abuse scenarios, controls, evidence, decisions.

use super::facts::{Day, Percent};
use super::reference::{AnyLink, AttackerLink, BoundaryLink, ControlLink, DatasetLink, NodeLink, PersonLink, RoleLink};
use super::reflect::{choice, element, record};
use super::text::Text;

choice! {
    /// How able somebody is.
    pub enum Skill {
        /// A browser and time.
        Low,
        /// Common tools.
        Medium,
        /// Own tools.
        High,
        /// Own research.
        Expert,
    }
}

element! {
    /// An attacker profile.
    pub struct Attacker {
        /// What this attacker wants.
        intent: Text,
        /// Roles that this attacker holds or can get.
        roles: Vec<RoleLink>,
        /// Boundaries inside which this attacker already is.
        inside: Vec<BoundaryLink>,
        /// Elements that this attacker already controls.
        controls_elements: Vec<NodeLink>,
        /// How able.
        skill: Option<Skill>,
        /// Time and money.
        resources: Option<Text>,
    }
}

choice! {
    /// What kind of abuse.
    pub enum AbuseKind {
        /// More is read than the task needs.
        ExcessiveRetrieval,
        /// Data is changed.
        Tampering,
        /// A request is sent again.
        Replay,
        /// Something else.
        Other,
    }
}

record! {
    /// A step of an abuse scenario along the graph.
    pub struct AbuseStep {
        /// Where the attacker is.
        from: Option<NodeLink>,
        /// Where the step leads.
        to: NodeLink,
        /// What the attacker does.
        action: Text,
    }
}

element! {
    /// An abuse scenario: steps along the graph to a target.
    pub struct Scenario {
        /// What kind of abuse.
        kind: Option<AbuseKind>,
        /// Who.
        attacker: Option<AttackerLink>,
        /// The way, step by step.
        steps: Vec<AbuseStep>,
        /// What it is about.
        target: Option<DatasetLink>,
    }
}

choice! {
    /// When a control works.
    pub enum ControlKind {
        /// Before: it stops.
        Preventive,
        /// During: it notices.
        Detective,
        /// After: it repairs.
        Corrective,
        /// It makes people think twice.
        Deterrent,
    }
}

choice! {
    /// How far a control has come.
    pub enum ControlStatus {
        /// Somebody said so.
        Proposed,
        /// Decided.
        Planned,
        /// In place.
        Implemented,
        /// In place, and seen to work.
        Verified,
        /// Gone.
        Retired,
    }
}

choice! {
    /// What happens when a control fails.
    pub enum FailMode {
        /// Requests pass.
        Open,
        /// Requests are refused.
        Closed,
    }
}

choice! {
    /// What a piece of evidence is.
    pub enum EvidenceKind {
        /// A file in the repository.
        File,
        /// A test in a JUnit report.
        Test,
        /// A commit.
        Commit,
        /// A link; never fetched.
        Link,
        /// A review by people.
        Review,
        /// The result of a drill.
        Drill,
    }
}

choice! {
    /// How much a piece of evidence shows.
    pub enum Strength {
        /// Talked about.
        Discussed,
        /// Shown once.
        Demonstrated,
        /// Tested.
        Tested,
    }
}

record! {
    /// A piece of evidence for or against a control.
    pub struct Evidence {
        /// What it is.
        #[ask = "What is the piece of evidence {part} for {name}?"]
        kind: Option<EvidenceKind>,
        /// Where it is: a path in the repository, a test name, a commit, an address.
        at: Text,
        /// The SHA-256 of the file, in hexadecimal.
        sha256: Option<Text>,
        /// How much it shows.
        #[ask = "How much does the piece of evidence {part} for {name} show?"]
        strength: Option<Strength>,
        /// Whether it speaks against the control.
        refutes: bool,
        /// When it was looked at.
        #[ask = "On which day was the evidence {part} for {name} looked at?"]
        checked_on: Option<Day>,
        /// The day after which it counts no more.
        #[ask = "Until which day does the evidence {part} for {name} count?"]
        valid_until: Option<Day>,
        /// Who looked.
        #[ask = "Who looked at the evidence {part} for {name}?"]
        by: Option<PersonLink>,
        /// What was seen.
        note: Text,
    }
}

element! {
    /// A control: something that stands against threats.
    pub struct Control {
        /// When it works.
        #[ask = "When does {name} work: before, during or after?"]
        kind: Option<ControlKind>,
        /// How far it has come.
        #[ask = "How far has {name} come?"]
        status: Option<ControlStatus>,
        /// Who answers for it.
        #[ask = "Who answers for {name}?"]
        owner: Option<PersonLink>,
        /// What it guards: elements, `grants:slug`, `flows:slug`.
        guards: Vec<AnyLink>,
        /// The rules whose threats it answers.
        answers: Vec<Text>,
        /// How much of what comes it stops.
        #[ask = "How much of what comes does {name} stop, in percent?"]
        effectiveness: Option<Percent>,
        /// Controls of one group fail together.
        #[ask = "With which other controls does {name} fail together?"]
        dependency_group: Option<Text>,
        /// What happens when it fails.
        #[ask = "When {name} fails: do requests pass, or are they refused?"]
        fail_mode: Option<FailMode>,
        /// Why it is enough.
        justification: Text,
        /// What shows that it works, or that it does not.
        evidence: Vec<Evidence>,
    }
}

choice! {
    /// What the team said of a threat.
    pub enum Verdict {
        /// Controls stand against it.
        Mitigate,
        /// It is borne, until a day.
        Accept,
        /// Somebody else bears it.
        Transfer,
        /// It can not happen here.
        NotApplicable,
    }
}

element! {
    /// What the team said of a threat.
    pub struct Decision {
        /// The rule that found it.
        rule: Text,
        /// The element on which; of an exposure its grant.
        element: AnyLink,
        /// The role, where the grant is one that it inherits.
        role: Option<RoleLink>,
        /// What the team said.
        #[ask = "What did the team say of {element}?"]
        verdict: Option<Verdict>,
        /// The controls that stand against it.
        controls: Vec<ControlLink>,
        /// Who decided.
        by: Option<PersonLink>,
        /// When.
        on: Option<Day>,
        /// The day after which it is open again.
        #[ask = "Until which day does what the team said of {element} hold?"]
        until: Option<Day>,
        /// A digest of the facts on which it was made; where they are others now, it is open again.
        facts: Option<Text>,
        /// Why.
        why: Text,
    }
}
