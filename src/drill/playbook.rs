//! Playbooks: who does what in an incident, who may decide it, and whom to call. The file form, and what is wrong with
//! one that can be read.

use super::calls;
use super::lint::Finding;
use crate::library::located::{self, Name, Problem, SourceText};
use crate::model::text::{Text, nearest};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A playbook.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename = "Playbook", deny_unknown_fields)]
pub struct Playbook {
    /// The version of the file form; 1.
    pub format: u32,
    /// Its name.
    pub id: Name,
    /// What it is for, in a few words.
    pub title: Text,
    /// When to take it, in a sentence or two.
    pub about: Text,
    /// Who there is.
    pub roles: Vec<Role>,
    /// What is done.
    pub steps: Vec<Step>,
    /// Who calls whom, from the first role on.
    pub calls: Vec<Call>,
    /// The file.
    #[serde(skip)]
    pub source: SourceText,
}

/// A role in an incident.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub id: Name,
    /// What people call it.
    pub title: Text,
    /// What it is there for.
    #[serde(default)]
    pub duty: Text,
    /// The role that stands in for it, with the same authority.
    #[serde(default)]
    pub deputy: Option<Name>,
    /// Why there is no deputy, where that was decided.
    #[serde(default)]
    pub alone_because: Option<Text>,
    /// The powers that it holds: names that decisions and steps refer to.
    #[serde(default)]
    pub may: Vec<Name>,
}

/// A step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub id: Name,
    /// What is done.
    pub title: Text,
    /// Who does it.
    #[serde(default)]
    pub owner: Option<Name>,
    /// What has to be done before.
    #[serde(default)]
    pub needs: Vec<Name>,
    /// The power that it takes.
    #[serde(default)]
    pub power: Option<Name>,
    /// How long it should take, in minutes.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// How to see that it is done, rather than ordered.
    #[serde(default)]
    pub proof: Text,
    /// Whether the playbook ends with it.
    #[serde(default)]
    pub ends: bool,
}

/// A branch of the notification tree.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Who calls.
    pub from: Name,
    /// Who is called.
    pub to: Name,
    /// How.
    pub by: Text,
}

impl Playbook {
    /// The role with a name.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id.as_str() == id)
    }
}

/// Reads a playbook.
pub fn read(file: &str, text: &str) -> Result<Playbook, Problem> {
    let (mut playbook, source): (Playbook, SourceText) = located::read(file, text)?;
    if playbook.format != 1 {
        let message = format!("format {} is not known: this program reads format 1", playbook.format);
        return Err(source.problem_at((1, 1), message));
    }
    playbook.source = source;
    Ok(playbook)
}

/// Whether one of these roles holds a power, itself or as the deputy of one that does.
pub fn has_power<'r>(roles: impl Iterator<Item = &'r Role> + Clone, who: &str, power: &str) -> bool {
    roles.clone().any(|role| {
        role.may.iter().any(|held| held.as_str() == power)
            && (role.id.as_str() == who || role.deputy.as_ref().is_some_and(|deputy| deputy.as_str() == who))
    })
}

/// What is wrong with a playbook: errors where it cannot be followed, warnings where it hangs on one person.
pub fn lint(playbook: &Playbook) -> Vec<Finding> {
    let mut check = Check { playbook, findings: Vec::new() };
    check.roles();
    check.steps();
    check.calls();
    super::lint::in_order(check.findings)
}

struct Check<'p> {
    playbook: &'p Playbook,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn error(&mut self, name: &Name, message: String) {
        self.findings.push(Finding::error(self.playbook.source.problem(name, message)));
    }

    fn warn(&mut self, name: &Name, message: String) {
        self.findings.push(Finding::warning(self.playbook.source.problem(name, message)));
    }

    fn known_role(&mut self, name: &Name) {
        if self.playbook.role(name.as_str()).is_none() {
            let meant = nearest(name.as_str(), self.playbook.roles.iter().map(|role| role.id.as_str()));
            let hint = meant.map_or("add it to `roles`".to_owned(), |meant| format!("did you mean `{meant}`?"));
            self.error(name, format!("there is no role `{name}`: {hint}"));
        }
    }

    fn roles(&mut self) {
        let roles = &self.playbook.roles;
        for (at, role) in roles.iter().enumerate() {
            let id = &role.id;
            if roles[..at].iter().any(|other| other.id == *id) {
                self.error(id, format!("there are two roles `{id}`: rename one"));
            }
            match &role.deputy {
                Some(deputy) if *deputy == *id => {
                    self.error(deputy, format!("`{id}` cannot be its own deputy: name another role"));
                }
                Some(deputy) => self.known_role(deputy),
                None if role.alone_because.is_none() && !role.may.is_empty() => {
                    let powers: Vec<&str> = role.may.iter().map(Name::as_str).collect();
                    let elsewhere = |power: &&str| {
                        roles
                            .iter()
                            .any(|other| other.id != *id && other.may.iter().any(|held| held.as_str() == *power))
                    };
                    let alone: Vec<&str> = powers.iter().copied().filter(|power| !elsewhere(power)).collect();
                    if !alone.is_empty() {
                        let message = format!(
                            "only `{id}` may {}, and has no deputy: name one, or say why in `alone_because`",
                            alone.join(", ")
                        );
                        self.warn(id, message);
                    }
                }
                None => {}
            }
        }
    }

    fn steps(&mut self) {
        let steps = &self.playbook.steps;
        let wanted: BTreeSet<&str> = steps.iter().flat_map(|step| &step.needs).map(Name::as_str).collect();
        for (at, step) in steps.iter().enumerate() {
            let id = &step.id;
            if steps[..at].iter().any(|other| other.id == *id) {
                self.error(id, format!("there are two steps `{id}`: rename one"));
            }
            match &step.owner {
                None => self.error(id, format!("the step `{id}` has no owner: name a role in `owner`")),
                Some(owner) => {
                    self.known_role(owner);
                    if let Some(power) = &step.power
                        && self.playbook.role(owner.as_str()).is_some()
                        && !has_power(self.playbook.roles.iter(), owner.as_str(), power.as_str())
                    {
                        self.error(
                            power,
                            format!("`{owner}` does not hold the power `{power}`: give it, or name another owner"),
                        );
                    }
                }
            }
            for need in &step.needs {
                match steps.iter().position(|other| other.id == *need) {
                    None => {
                        let meant = nearest(need.as_str(), steps.iter().map(|step| step.id.as_str()));
                        let hint = meant.map_or("add it".to_owned(), |meant| format!("did you mean `{meant}`?"));
                        self.error(need, format!("there is no step `{need}`: {hint}"));
                    }
                    Some(other) if other >= at => {
                        let message =
                            format!("`{id}` needs `{need}`, which does not stand above it: steps go downwards");
                        self.error(need, message);
                    }
                    Some(_) => {}
                }
            }
            if !step.ends && !wanted.contains(id.as_str()) {
                let message =
                    format!("nothing follows from the step `{id}`: let another step need it, or say `ends: true`");
                self.error(id, message);
            }
            if step.proof.is_empty() && step.power.is_some() {
                let message = format!("`{id}` does not say how to see that it is done: write it in `proof`");
                self.warn(id, message);
            }
        }
    }

    fn calls(&mut self) {
        for call in &self.playbook.calls {
            self.known_role(&call.from);
            self.known_role(&call.to);
        }
        let Some(root) = self.playbook.roles.first() else { return };
        for role in calls::unreached(self.playbook) {
            let message = format!("nobody calls `{}`: add a call that leads to it from `{}`", role.id, root.id);
            self.error(&role.id, message);
        }
        for (role, lost) in calls::single_points(self.playbook) {
            if role.alone_because.is_none() {
                let message = format!(
                    "where `{}` does not answer, nobody calls {}: add a second way, or say why in `alone_because`",
                    role.id,
                    lost.join(", ")
                );
                self.warn(&role.id, message);
            }
        }
    }
}
