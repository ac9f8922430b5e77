//! Scenarios: what a team is told in a drill, what it should do, and what is really going on. The file form.
//!
//! Everything that players must not see is of the type [`Hidden`]. Names know their place in the file, so that `lint`
//! says where something names nothing.

use super::containment::Planned;
use super::guard::Guard;
use super::hidden::Hidden;
use super::playbook::Role;
use crate::library::lapse::Lapse;
use crate::library::located::{self, Name, Passage, Problem, SourceText};
use crate::library::rule::Subject;
use crate::model::Slug;
use crate::model::text::Text;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "Scenario", deny_unknown_fields)]
pub struct Scenario {
    /// The version of the file form; 1.
    pub format: u32,
    /// Its name.
    pub id: Name,
    /// The version of its text: raised with every change, so that drills can be compared.
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// What is rehearsed, in a sentence, giving nothing away.
    pub about: Text,
    /// What is known of real incidents like it; told afterwards.
    #[serde(default)]
    pub inspired_by: Vec<Reported>,
    /// The playbook whose roles play.
    pub playbook: Name,
    /// How long it is meant to take, in minutes.
    pub minutes: u32,
    /// How many seconds of the story pass in a second of play.
    pub scale: u32,
    /// When the story begins.
    pub begins: Begins,
    /// What everybody hears at the beginning.
    pub opening: Text,
    /// The roles that have to be there.
    pub cast: Vec<Name>,
    /// Roles beside those of the playbook.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// What of a model it is about.
    #[serde(default)]
    pub bindings: Vec<Binding>,
    /// Who is behind it; without, containment is written down, and nothing is looked up in the model.
    #[serde(default)]
    pub attacker: Option<Adversary>,
    /// What really happened, and when.
    #[serde(default)]
    pub truth: Vec<Truth>,
    /// The messages to players, in the planned order.
    pub injects: Vec<Inject>,
    /// Injects of which exactly one is sent.
    #[serde(default)]
    pub one_of: Vec<Group>,
    /// What has to be decided.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// What the team is to show.
    pub objectives: Vec<Objective>,
    /// Whom to notify, by rules of the clock pack.
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// A short form.
    #[serde(default)]
    pub starter: Option<Starter>,
    /// The file.
    #[serde(skip)]
    pub source: SourceText,
}

/// Something that was reported of a real incident.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// What was reported, in our words.
    pub claim: Text,
    /// Where.
    pub source: Text,
    /// How well it is known.
    pub standing: ReportedStanding,
}

/// How well a report is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ReportedStanding {
    /// The source itself was read.
    Read,
    /// Another page says so.
    Secondary,
    /// Pages disagree, and the claim says on what.
    Disputed,
}

impl ReportedStanding {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            ReportedStanding::Read => "read in the source",
            ReportedStanding::Secondary => "reported by a page about it",
            ReportedStanding::Disputed => "pages disagree",
        }
    }
}

/// When the story begins.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begins {
    /// The day of the week.
    pub weekday: Weekday,
    /// How long after midnight, local time.
    pub at: Lapse,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// What of a model a scenario is about: a query, and words for where nothing fits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// Its name; texts write `{name.part}`.
    pub id: Name,
    /// What is looked for, in a sentence.
    pub about: Text,
    /// Of what sort it is.
    pub of: Subject,
    /// A condition in the language of rules.
    #[serde(rename = "where")]
    pub condition: Passage,
    /// What the parts read as where there is no model, or nothing in it fits.
    pub otherwise: BTreeMap<Text, Text>,
}

/// Who is behind a scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adversary {
    /// A profile of the library, or an attacker of one's own model: how it comes in.
    pub profile: Name,
    /// What it has from the beginning, by a secret or a session: roles and services that these queries find.
    #[serde(default)]
    pub has: Vec<Name>,
}

/// A fact behind the scenes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// The event, such as `exposure-began`.
    pub event: Name,
    /// When, counted from the beginning of the story.
    pub at: Lapse,
    /// What happened.
    pub fact: Hidden,
}

/// A message to players.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// Its name.
    pub id: Name,
    /// What the facilitator calls it.
    pub title: Hidden,
    /// What it is for.
    #[serde(default)]
    pub kind: InjectKind,
    /// The part of the drill, 1 for the first.
    #[serde(default = "one")]
    pub part: u8,
    /// When in the story it is planned.
    pub at: Lapse,
    /// What has to have happened.
    #[serde(default)]
    pub when: Guard,
    /// How it reaches the players.
    pub channel: Channel,
    /// Whom it is from, in the story.
    pub from: Text,
    /// The roles that get it; nobody named means everybody.
    #[serde(default)]
    pub to: Vec<Name>,
    /// What the players read.
    pub text: Text,
    /// What comes with it.
    #[serde(default)]
    pub artefacts: Vec<Artefact>,
    /// What the facilitator knows.
    #[serde(default)]
    pub hidden: Behind,
    /// What the team should do.
    #[serde(default)]
    pub expect: Vec<Expected>,
    /// The decision that it forces.
    #[serde(default)]
    pub decision: Option<Name>,
    /// Events that it emits.
    #[serde(default)]
    pub emits: Vec<Name>,
}

fn one() -> u8 {
    1
}

/// What an inject is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum InjectKind {
    /// It carries the story.
    #[default]
    Contextual,
    /// It is sent where something expected was not done.
    Contingency,
}

/// How an inject reaches players.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Channel {
    Email,
    Phone,
    Chat,
    Alert,
    Log,
    Ticket,
    Report,
    Social,
    Press,
    Letter,
    InPerson,
}

impl Channel {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Channel::Email => "e-mail",
            Channel::Phone => "telephone",
            Channel::Chat => "chat",
            Channel::Alert => "alert",
            Channel::Log => "log",
            Channel::Ticket => "ticket",
            Channel::Report => "report",
            Channel::Social => "social media",
            Channel::Press => "press",
            Channel::Letter => "letter",
            Channel::InPerson => "in person",
        }
    }
}

/// Something that comes with an inject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artefact {
    /// What it is.
    pub title: Text,
    /// What is in it.
    pub text: Text,
}

/// What the facilitator knows about an inject.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behind {
    /// What is really going on.
    pub truth: Hidden,
    /// Questions to ask.
    pub probes: Vec<Hidden>,
    /// Help for a team that is stuck, the gentlest first.
    pub hints: Vec<Hidden>,
    /// What shows that it goes wrong.
    pub red_flags: Vec<Hidden>,
}

/// An action that should follow an inject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Its name.
    pub id: Name,
    /// Who should do it.
    pub role: Name,
    /// What: the answer, so it is hidden.
    pub action: Hidden,
    /// By when, from when the inject was sent.
    pub within: Within,
    /// The critical task that it is part of.
    pub task: Name,
    /// The kind of mitigation that it says something about.
    #[serde(default)]
    pub control: Option<Text>,
    /// Controls of that kind: of the library, or of one's own model. For these it becomes evidence.
    #[serde(default)]
    pub controls: Vec<Name>,
    /// How strong that is as evidence.
    #[serde(default)]
    pub proves: Proves,
    /// What it does against the attacker, once it is seen.
    #[serde(default)]
    pub effects: Vec<Planned>,
    /// Events that it emits when it is seen.
    #[serde(default)]
    pub emits: Vec<Name>,
}

/// By when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Within {
    /// So long on the clock of play.
    Play(Lapse),
    /// So long on the clock of the story.
    Story(Lapse),
}

/// How strong an action in a drill is as evidence for a mitigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Proves {
    /// People know of it, and may use it.
    #[default]
    Discussed,
    /// They showed how they do it.
    Demonstrated,
    /// They did it, on a system.
    Tested,
}

/// Injects of which exactly one is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub id: Name,
    /// The injects.
    pub injects: Vec<Name>,
}

/// A decision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its name.
    pub id: Name,
    /// What is asked.
    pub question: Text,
    /// Who decides.
    pub owner: Name,
    /// The power that it takes.
    pub power: Name,
    /// Who has to know of it.
    #[serde(default)]
    pub informs: Vec<Name>,
    /// What can be decided.
    pub options: Vec<Choice>,
}

/// What can be decided.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name.
    pub id: Name,
    /// What it means.
    pub text: Text,
    /// What follows.
    #[serde(default)]
    pub follows: Hidden,
    /// What it does against the attacker.
    #[serde(default)]
    pub effects: Vec<Planned>,
    /// Events that it emits.
    #[serde(default)]
    pub emits: Vec<Name>,
}

/// What the team is to show.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Its name.
    pub id: Name,
    /// What.
    pub text: Text,
    /// The capability targets.
    pub targets: Vec<Target>,
}

/// A capability target.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name.
    pub id: Name,
    /// What has to be achieved.
    pub text: Text,
    /// The critical tasks, which are rated.
    pub tasks: Vec<Task>,
}

/// A critical task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its name.
    pub id: Name,
    /// What is done.
    pub text: Text,
}

/// A duty to notify.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// The rule of the clock pack.
    pub rule: Name,
    /// Who sees to it.
    pub role: Name,
    /// What the team has to argue about.
    #[serde(default)]
    pub argue: Hidden,
}

/// The ending of the name of a short form.
pub const STARTER: &str = "-starter";

/// A short form of a scenario: some of its injects, sent one after the other without guards.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starter {
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// The injects.
    pub injects: Vec<Name>,
}

impl Scenario {
    /// The inject with a name.
    pub fn inject(&self, id: &str) -> Option<&Inject> {
        self.injects.iter().find(|inject| inject.id.as_str() == id)
    }

    /// The decision with a name.
    pub fn decision(&self, id: &str) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.id.as_str() == id)
    }

    /// The inject that forces a decision.
    pub fn forces(&self, decision: &str) -> impl Iterator<Item = &Inject> {
        let forces = move |inject: &&Inject| inject.decision.as_ref().is_some_and(|id| id.as_str() == decision);
        self.injects.iter().filter(forces)
    }

    /// The expected action with a name, and its inject.
    pub fn expected(&self, id: &str) -> Option<(&Inject, &Expected)> {
        self.all_expected().find(|(_, expected)| expected.id.as_str() == id)
    }

    /// Every expected action with its inject.
    pub fn all_expected(&self) -> impl Iterator<Item = (&Inject, &Expected)> {
        self.injects.iter().flat_map(|inject| inject.expect.iter().map(move |expected| (inject, expected)))
    }

    /// Every event that an inject, an expected action or an option emits.
    pub fn emits(&self) -> impl Iterator<Item = &Name> {
        let injects = self.injects.iter().flat_map(|inject| &inject.emits);
        let expected = self.all_expected().flat_map(|(_, expected)| &expected.emits);
        let options = self.decisions.iter().flat_map(|decision| &decision.options).flat_map(|option| &option.emits);
        injects.chain(expected).chain(options)
    }

    /// What every option and every expected action does against the attacker, by the name under which a log keeps it:
    /// `decision/option`, or the action alone.
    pub fn effects(&self) -> impl Iterator<Item = (String, &[Planned])> {
        let of_option = |decision: &Decision, option: &Choice| format!("{}/{}", decision.id, option.id);
        let options = self.decisions.iter().flat_map(move |decision| {
            decision.options.iter().map(move |option| (of_option(decision, option), option.effects.as_slice()))
        });
        let actions = self.all_expected().map(|(_, found)| (found.id.to_string(), found.effects.as_slice()));
        options.chain(actions).filter(|(_, effects)| !effects.is_empty())
    }

    /// Whether a part of the scenario has this name: an inject, an expected action, a decision, a task, a target, an objective.
    pub fn names(&self, name: &Slug) -> bool {
        let of_objectives = |objective: &Objective| {
            objective.id.slug() == name || objective.targets.iter().any(|target| target.id.slug() == name)
        };
        self.inject(name.as_str()).is_some()
            || self.expected(name.as_str()).is_some()
            || self.decision(name.as_str()).is_some()
            || self.tasks().any(|(_, _, task)| task.id.slug() == name)
            || self.objectives.iter().any(of_objectives)
    }

    /// Every critical task with its target and objective.
    pub fn tasks(&self) -> impl Iterator<Item = (&Objective, &Target, &Task)> {
        self.objectives.iter().flat_map(|objective| {
            let of_target = move |target| move |task| (objective, target, task);
            objective.targets.iter().flat_map(move |target: &Target| target.tasks.iter().map(of_target(target)))
        })
    }

    /// The short form as a scenario of its own: its injects without guards, and what they need of the rest.
    pub fn short(&self) -> Option<Scenario> {
        let starter = self.starter.as_ref()?;
        let mut short = self.clone();
        short.id = self.id.renamed(Slug::new(&format!("{}{STARTER}", self.id)).ok()?);
        short.title = format!("{} (starter)", self.title).into();
        short.minutes = starter.minutes;
        short.starter = None;
        short.injects.retain(|inject| starter.injects.contains(&inject.id));
        for inject in &mut short.injects {
            inject.when = Guard::Always;
            inject.kind = InjectKind::Contextual;
            inject.part = 1;
        }
        short.one_of.clear();
        let decisions: BTreeSet<&str> =
            short.injects.iter().filter_map(|inject| inject.decision.as_ref()).map(Name::as_str).collect();
        short.decisions.retain(|decision| decisions.contains(decision.id.as_str()));
        let tasks: BTreeSet<String> =
            short.all_expected().map(|(_, expected)| expected.task.as_str().to_owned()).collect();
        for objective in &mut short.objectives {
            for target in &mut objective.targets {
                target.tasks.retain(|task| tasks.contains(task.id.as_str()));
            }
            objective.targets.retain(|target| !target.tasks.is_empty());
        }
        short.objectives.retain(|objective| !objective.targets.is_empty());
        // Twenty minutes are too short for letters to authorities; clocks belong into the whole scenario.
        short.duties.clear();
        Some(short)
    }
}

/// Reads a scenario.
pub fn read(file: &str, text: &str) -> Result<Scenario, Problem> {
    let (mut scenario, source): (Scenario, SourceText) = located::read(file, text)?;
    if scenario.format != 1 {
        let message = format!("format {} is not known: this program reads format 1", scenario.format);
        return Err(source.problem_at((1, 1), message));
    }
    scenario.source = source;
    Ok(scenario)
}
