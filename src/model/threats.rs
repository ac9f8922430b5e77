//! What may go wrong and what stands against it: attackers, abuse scenarios, controls, evidence, decisions.

use super::facts::{Day, Estimate, Level, Percent};
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

impl Skill {
    /// The skill level of the OWASP Risk Rating that comes nearest, 1 to 9.
    pub fn owasp(self) -> u8 {
        match self {
            Skill::Low => 3,
            Skill::Medium => 5,
            Skill::High => 6,
            Skill::Expert => 9,
        }
    }
}

choice! {
    /// How an attacker comes in. It says which roles, services and boundaries of a model may be a beginning.
    pub enum Entry {
        /// Without credentials, or with a key that everybody has.
        Anonymous,
        /// With an account that anybody can open.
        SelfRegistered,
        /// As one of our own people.
        Employee,
        /// As somebody who builds apps and flows on the platform.
        Maker,
        /// As an administrator.
        Admin,
        /// As a partner or vendor, with what was given to it.
        Partner,
        /// As a program that acts for somebody: an agent, an assistant.
        Tool,
        /// With the account of somebody else.
        AccountTakeover,
        /// With the account of an administrator.
        AdminTakeover,
    }
}

choice! {
    /// How much an attacker bears to be caught.
    pub enum RiskTolerance {
        /// Stops when it might be seen.
        Low,
        /// Weighs it.
        Medium,
        /// Does not mind.
        High,
    }
}

element! {
    /// An attacker profile.
    pub struct Attacker {
        /// What this attacker wants.
        intent: Text,
        /// Why.
        motive: Option<Text>,
        /// Whether harm is meant: who errs, and a tool that is misled, do harm without.
        hostile: Option<bool>,
        /// How this attacker comes in, besides what is named below.
        entry: Option<Entry>,
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
        /// How able beside all attackers: of a hundred of them, more able than so many.
        capability: Option<Estimate>,
        /// How often a year it is tried.
        attempts_per_year: Option<Estimate>,
        /// How much it bears to be caught.
        risk_tolerance: Option<RiskTolerance>,
        /// The rules whose threats this attacker uses most.
        prefers: Vec<Text>,
        /// The profile of the library from which it was made.
        profile: Option<Text>,
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
        /// The JUnit report in which the test is found: a path in the repository.
        report: Option<Text>,
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
        /// What it answers: a rule at everything that it guards, `LC-020`, or at one place alone, `LC-020@grants:all-rows`.
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
    /// The kinds of threats: to security (STRIDE; Kohnfelder and Garg, Microsoft, 1999) and to privacy (LINDDUN; Deng and
    /// others, 2011), names of categories alone.
    pub enum Category {
        /// Somebody passes for somebody else.
        Spoofing,
        /// Data is changed.
        Tampering,
        /// What happened can be denied.
        Repudiation,
        /// Data is read.
        InformationDisclosure,
        /// Data can not be reached.
        DenialOfService,
        /// Somebody may do more than was meant.
        ElevationOfPrivilege,
        /// Data about one person is put together.
        Linking,
        /// A person is found in data.
        Identifying,
        /// A person can not deny.
        NonRepudiation,
        /// It is seen that there is data about somebody.
        Detecting,
        /// More personal data is disclosed than needed.
        DataDisclosure,
        /// People do not know, or can not act.
        Unawareness,
        /// Rules are not kept.
        NonCompliance,
    }
}

impl Category {
    /// Whether it is a kind of threats to privacy.
    pub fn is_privacy(self) -> bool {
        self >= Category::Linking
    }
}

element! {
    /// A threat that the team found by itself, beside those of the rules.
    pub struct Threat {
        /// What it is about.
        about: AnyLink,
        /// What kind of threat.
        category: Option<Category>,
        /// How likely, from 1 to 5.
        likelihood: Option<Level>,
        /// How much it hurts, from 1 to 5.
        impact: Option<Level>,
        /// The controls that stand against it.
        controls: Vec<ControlLink>,
        /// Who raised it.
        raised_by: Option<PersonLink>,
        /// When.
        on: Option<Day>,
    }
}

choice! {
    /// What came of looking at a category of threats at an element.
    pub enum Considered {
        /// It can not happen there, for a reason.
        Dismissed,
        /// Nothing came to mind.
        NothingFound,
    }
}

element! {
    /// That the team looked at a category of threats at an element, and raised none.
    pub struct Consideration {
        /// At what.
        about: AnyLink,
        /// At which category.
        category: Option<Category>,
        /// What came of it.
        outcome: Option<Considered>,
        /// Why it can not happen.
        why: Text,
        /// Who looked.
        by: Option<PersonLink>,
        /// When.
        on: Option<Day>,
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
