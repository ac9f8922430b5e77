//! Whether a scenario can be played as it is written: everything named is there, decisions have an owner who may decide,
//! nothing hidden is told to players, every clock can start. What is reached is checked in `reach`.

use super::binding::{parts, placeholders};
use super::guard::Guard;
use super::hidden::{Facilitator, Hidden};
use super::playbook::{Playbook, Role, has_power};
use super::scenario::{Inject, Scenario};
use super::what_if::HAD;
use crate::analysis::condition::compile;
use crate::library::clocks::{Anchor, ClockPack};
use crate::library::located::{Name, Problem};
use crate::library::{attackers, control};
use crate::model::Section;
use crate::model::text::nearest;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that is wrong with a file that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it only warns.
    pub is_warning: bool,
    /// What, and where.
    pub problem: Problem,
}

impl Finding {
    /// A mistake.
    pub fn error(problem: Problem) -> Finding {
        Finding { is_warning: false, problem }
    }

    /// Something to think about.
    pub fn warning(problem: Problem) -> Finding {
        Finding { is_warning: true, problem }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { file, line, column, message } = &self.problem;
        let word = if self.is_warning { "warning" } else { "error" };
        write!(f, "{file}:{line}:{column}: {word}: {message}")
    }
}

/// Findings in the order of the file, each once.
pub fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|found| (found.problem.line, found.problem.column, found.is_warning));
    findings.dedup();
    findings
}

/// The names of events that measures are made of, whoever emits them.
pub const MILESTONES: [&str; 9] = [
    "exposure-began",
    "detected",
    "mobilised",
    "containment-ordered",
    "contained",
    "recovered",
    "outage-began",
    "service-restored",
    "last-good-copy",
];

/// What is wrong with a scenario, with the playbook whose roles it uses and the clock pack whose rules it names.
pub fn lint(scenario: &Scenario, playbook: &Playbook, clocks: &ClockPack) -> Vec<Finding> {
    let mut check = Check { scenario, playbook, clocks, findings: Vec::new() };
    check.names();
    check.roles();
    check.injects();
    check.decisions();
    check.groups();
    check.objectives();
    check.duties();
    check.bindings();
    check.attacker();
    check.leaks();
    check.findings.extend(super::reach::check(scenario));
    in_order(check.findings)
}

struct Check<'s> {
    scenario: &'s Scenario,
    playbook: &'s Playbook,
    clocks: &'s ClockPack,
    findings: Vec<Finding>,
}

/// A hint at the name that was meant.
fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(word, known).map_or(otherwise.to_owned(), |meant| format!("did you mean `{meant}`?"))
}

impl<'s> Check<'s> {
    fn error(&mut self, name: &Name, message: String) {
        self.findings.push(Finding::error(self.scenario.source.problem(name, message)));
    }

    fn warn(&mut self, name: &Name, message: String) {
        self.findings.push(Finding::warning(self.scenario.source.problem(name, message)));
    }

    /// Every role that there is.
    fn all_roles(&self) -> impl Iterator<Item = &'s Role> + Clone + use<'s> {
        let (playbook, scenario) = (self.playbook, self.scenario);
        playbook.roles.iter().chain(&scenario.roles)
    }

    fn names(&mut self) {
        let scenario = self.scenario;
        let kinds: [(&str, Vec<&Name>); 7] = [
            ("injects", scenario.injects.iter().map(|inject| &inject.id).collect()),
            ("expected actions", scenario.all_expected().map(|(_, expected)| &expected.id).collect()),
            ("decisions", scenario.decisions.iter().map(|decision| &decision.id).collect()),
            ("bindings", scenario.bindings.iter().map(|binding| &binding.id).collect()),
            ("objectives", scenario.objectives.iter().map(|objective| &objective.id).collect()),
            ("tasks", scenario.tasks().map(|(_, _, task)| &task.id).collect()),
            ("duties", scenario.duties.iter().map(|duty| &duty.rule).collect()),
        ];
        for (kind, names) in kinds {
            for (at, name) in names.iter().enumerate() {
                if names[..at].contains(name) {
                    self.error(name, format!("there are two {kind} `{name}`: rename one"));
                }
            }
        }
        // One namespace for what work is called in the log.
        for decision in &scenario.decisions {
            if scenario.expected(decision.id.as_str()).is_some() {
                self.error(&decision.id, format!("`{}` is an expected action as well: rename one", decision.id));
            }
        }
        if scenario.playbook != self.playbook.id {
            self.error(&scenario.playbook, format!("the playbook `{}` was not given", scenario.playbook));
        }
        if !(1..=1_440).contains(&scenario.scale) {
            self.error(&scenario.id, format!("a scale of {} is none: 1 to 1440", scenario.scale));
        }
    }

    fn role(&mut self, name: &Name) {
        if !self.all_roles().any(|role| role.id == *name) {
            let hint = meant(name.as_str(), self.all_roles().map(|role| role.id.as_str()), "add it to `roles`");
            self.error(name, format!("there is no role `{name}`: {hint}"));
        }
    }

    /// A role that somebody has to play.
    fn player(&mut self, name: &Name) {
        self.role(name);
        if self.all_roles().any(|role| role.id == *name) && !self.scenario.cast.contains(name) {
            self.error(name, format!("`{name}` is not in the cast: add it to `cast`"));
        }
    }

    fn roles(&mut self) {
        for name in &self.scenario.cast {
            self.role(name);
        }
        for role in &self.scenario.roles {
            if self.playbook.role(role.id.as_str()).is_some() {
                self.error(&role.id, format!("the playbook has a role `{}` already: use that one", role.id));
            }
            if let Some(deputy) = &role.deputy {
                self.role(deputy);
            }
        }
    }

    fn injects(&mut self) {
        let scenario = self.scenario;
        for inject in &scenario.injects {
            inject.to.iter().for_each(|role| self.player(role));
            if let Some(decision) = &inject.decision
                && scenario.decision(decision.as_str()).is_none()
            {
                let known = scenario.decisions.iter().map(|decision| decision.id.as_str());
                self.error(
                    decision,
                    format!("there is no decision `{decision}`: {}", meant(decision.as_str(), known, "add it")),
                );
            }
            for expected in &inject.expect {
                self.player(&expected.role);
                let known = || scenario.tasks().map(|(_, _, task)| task.id.as_str());
                if !known().any(|task| task == expected.task.as_str()) {
                    let hint = meant(expected.task.as_str(), known(), "add it to a target");
                    self.error(&expected.task, format!("there is no critical task `{}`: {hint}", expected.task));
                }
            }
            let mut atoms = Vec::new();
            inject.when.each(&mut |atom, _| atoms.push(atom.clone()));
            atoms.iter().for_each(|atom| self.atom(inject, atom));
        }
    }

    /// What a guard names.
    fn atom(&mut self, inject: &Inject, atom: &Guard) {
        let scenario = self.scenario;
        let unknown = |kind: &str, name: &Name, known: Vec<&str>| {
            let hint = meant(name.as_str(), known, "add it");
            Some((name.clone(), format!("the guard of `{}` names no {kind}: there is no `{name}`: {hint}", inject.id)))
        };
        let wrong = match atom {
            Guard::Sent(name) | Guard::Acked(name) if scenario.inject(name.as_str()).is_none() => {
                unknown("inject", name, scenario.injects.iter().map(|inject| inject.id.as_str()).collect())
            }
            Guard::Decided(name) | Guard::Chose(name, _) if scenario.decision(name.as_str()).is_none() => {
                unknown("decision", name, scenario.decisions.iter().map(|decision| decision.id.as_str()).collect())
            }
            Guard::Chose(decision, option) => scenario.decision(decision.as_str()).and_then(|decision| {
                let known: Vec<&str> = decision.options.iter().map(|option| option.id.as_str()).collect();
                if known.contains(&option.as_str()) { None } else { unknown("option", option, known) }
            }),
            Guard::Met(name) | Guard::Missing(name) if scenario.expected(name.as_str()).is_none() => {
                let known = scenario.all_expected().map(|(_, expected)| expected.id.as_str()).collect();
                unknown("expected action", name, known)
            }
            Guard::Emitted(name) if !self.emitted().contains(name.as_str()) => {
                unknown("event", name, self.emitted().into_iter().collect())
            }
            _ => None,
        };
        if let Some((name, message)) = wrong {
            self.error(&name, message);
        }
    }

    /// Every event that something in the scenario emits.
    fn emitted(&self) -> BTreeSet<&'s str> {
        self.scenario.emits().map(Name::as_str).collect()
    }

    fn decisions(&mut self) {
        let scenario = self.scenario;
        for decision in &scenario.decisions {
            self.player(&decision.owner);
            decision.informs.iter().for_each(|role| self.player(role));
            let known = self.all_roles().any(|role| role.id == decision.owner);
            if known && !has_power(self.all_roles(), decision.owner.as_str(), decision.power.as_str()) {
                let holders: Vec<&str> = self
                    .all_roles()
                    .filter(|role| role.may.contains(&decision.power))
                    .map(|role| role.id.as_str())
                    .collect();
                let hint = match holders.as_slice() {
                    [] => "nobody does: give it to a role in `may`".to_owned(),
                    holders => format!("{} does: name that owner, or give the power", holders.join(", ")),
                };
                let message = format!(
                    "`{}` may not decide `{}`, since it does not hold the power `{}`; {hint}",
                    decision.owner, decision.id, decision.power
                );
                self.error(&decision.owner, message);
            }
            if decision.options.len() < 2 {
                self.error(&decision.id, format!("`{}` has no two options: a decision needs a choice", decision.id));
            }
            for (at, option) in decision.options.iter().enumerate() {
                if decision.options[..at].iter().any(|other| other.id == option.id) {
                    self.error(&option.id, format!("there are two options `{}`: rename one", option.id));
                }
            }
            if scenario.forces(decision.id.as_str()).next().is_none() {
                self.error(&decision.id, format!("no inject forces the decision `{}`: name it in one", decision.id));
            }
        }
    }

    fn groups(&mut self) {
        let scenario = self.scenario;
        let mut seen: BTreeMap<&str, &Name> = BTreeMap::new();
        for group in &scenario.one_of {
            if group.injects.len() < 2 {
                self.error(&group.id, format!("the group `{}` has no two injects to choose from", group.id));
            }
            for name in &group.injects {
                if scenario.inject(name.as_str()).is_none() {
                    let known = scenario.injects.iter().map(|inject| inject.id.as_str());
                    self.error(name, format!("there is no inject `{name}`: {}", meant(name.as_str(), known, "add it")));
                }
                if let Some(other) = seen.insert(name.as_str(), &group.id) {
                    self.error(name, format!("`{name}` is in the group `{other}` already: one is sent of each group"));
                }
            }
            // Where the members wait for options of one decision, each option leads to one of them.
            let members: Vec<&Inject> =
                group.injects.iter().filter_map(|name| scenario.inject(name.as_str())).collect();
            let mut chosen: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
            for inject in &members {
                inject.when.each(&mut |atom, negated| {
                    if let (Guard::Chose(decision, option), false) = (atom, negated) {
                        chosen.entry(decision.as_str()).or_default().push((option.as_str(), inject.id.as_str()));
                    }
                });
            }
            for (decision, pairs) in chosen {
                let injects: BTreeSet<&str> = pairs.iter().map(|(_, inject)| *inject).collect();
                let Some(decision) = scenario.decision(decision).filter(|_| injects.len() == members.len()) else {
                    continue;
                };
                for option in &decision.options {
                    if !pairs.iter().any(|(chosen, _)| option.id.as_str() == *chosen) {
                        let message = format!(
                            "the option `{}` of `{}` sends none of the group `{}`: let one wait for it",
                            option.id, decision.id, group.id
                        );
                        self.error(&group.id, message);
                    }
                }
            }
        }
        if let Some(starter) = &scenario.starter {
            for name in starter.injects.iter().filter(|name| scenario.inject(name.as_str()).is_none()) {
                self.error(name, format!("the starter names an inject `{name}` that there is not"));
            }
        }
    }

    fn objectives(&mut self) {
        let scenario = self.scenario;
        for (objective, _, task) in scenario.tasks() {
            if !scenario.all_expected().any(|(_, expected)| expected.task == task.id) {
                let message = format!(
                    "nothing that is expected shows the task `{}` of `{}`: let an inject expect it",
                    task.id, objective.id
                );
                self.error(&task.id, message);
            }
        }
        for objective in &scenario.objectives {
            if objective.targets.iter().all(|target| target.tasks.is_empty()) {
                self.error(&objective.id, format!("the objective `{}` has no task: say what shows it", objective.id));
            }
        }
    }

    fn duties(&mut self) {
        let scenario = self.scenario;
        let emitted = self.emitted();
        for duty in &scenario.duties {
            self.player(&duty.role);
            let Some(rule) = self.clocks.rule(duty.rule.as_str()) else {
                let known = self.clocks.rules.iter().map(|rule| rule.id.as_str());
                let hint = meant(duty.rule.as_str(), known, "sandtable drill clocks lists them");
                self.error(&duty.rule, format!("there is no rule `{}` in the clock pack: {hint}", duty.rule));
                continue;
            };
            // Only the first limit starts the clock.
            match rule.limits.first().map(|limit| &limit.from) {
                Some(Anchor::Event(event)) if !emitted.contains(event.as_str()) => {
                    let message = format!(
                        "the clock `{}` never starts: nothing emits `{event}`; name it in the `emits` of an inject, an option or an expected action",
                        duty.rule
                    );
                    self.error(&duty.rule, message);
                }
                Some(Anchor::Submitted(before)) if !scenario.duties.iter().any(|duty| duty.rule == *before) => {
                    let message = format!(
                        "the clock `{}` starts when `{before}` was submitted, which is no duty here: add it",
                        duty.rule
                    );
                    self.error(&duty.rule, message);
                }
                _ => {}
            }
        }
        for name in scenario.emits().chain(scenario.truth.iter().map(|truth| &truth.event)).collect::<Vec<_>>() {
            let guarded = scenario.injects.iter().any(|inject| {
                let mut found = false;
                inject.when.each(&mut |atom, _| found |= matches!(atom, Guard::Emitted(event) if event == name));
                found
            });
            if !MILESTONES.contains(&name.as_str()) && !self.clocks.has_event(name.as_str()) && !guarded {
                let known = MILESTONES.into_iter().chain(self.clocks.events.iter().map(|event| event.id.as_str()));
                let hint =
                    meant(name.as_str(), known, "name a milestone, an anchor of a clock, or guard an inject with it");
                self.warn(name, format!("nobody listens to the event `{name}`: {hint}"));
            }
        }
    }

    fn bindings(&mut self) {
        let scenario = self.scenario;
        for binding in &scenario.bindings {
            if let Err(error) = compile(&binding.condition.text, binding.of) {
                let place = scenario.source.place_in(&binding.condition, error.offset);
                let message = format!("{}: {}", binding.id, error.message);
                self.findings.push(Finding::error(scenario.source.problem_at(place, message)));
            }
            let known = parts(binding.of);
            for part in binding.otherwise.keys().filter(|part| !known.contains(&part.as_str())) {
                let message = format!("`{}` has no part `{part}`: there are {}", binding.id, known.join(", "));
                self.error(&binding.id, message);
            }
        }
        let facilitator = Facilitator::view();
        for inject in &scenario.injects {
            let mut texts: Vec<&str> = vec![inject.text.as_str(), inject.from.as_str()];
            texts
                .extend(inject.artefacts.iter().flat_map(|artefact| [artefact.title.as_str(), artefact.text.as_str()]));
            texts.extend(hidden_of(inject).map(|hidden| hidden.words(facilitator)));
            texts.into_iter().for_each(|text| self.braces(&inject.id, text));
        }
        self.braces(&scenario.id, scenario.opening.as_str());
        for decision in &scenario.decisions {
            self.braces(&decision.id, decision.question.as_str());
            for option in &decision.options {
                self.braces(&option.id, option.text.as_str());
                self.braces(&option.id, option.follows.words(facilitator));
            }
        }
    }

    /// Who is behind it, what is done against it, and on which controls that is evidence.
    fn attacker(&mut self) {
        let scenario = self.scenario;
        let profiles = attackers::shipped().unwrap_or_default();
        if let Some(attacker) = &scenario.attacker {
            if !profiles.iter().any(|profile| attacker.profile == *profile.id) {
                let known = profiles.iter().map(|profile| profile.id.as_str());
                let hint = meant(attacker.profile.as_str(), known, "sandtable paths lists them");
                let message = format!(
                    "the library has no attacker `{}`: is it one of your model? If not, {hint}",
                    attacker.profile
                );
                self.warn(&attacker.profile, message);
            }
            for name in &attacker.has {
                self.query(name, &HAD, "can be had from the beginning");
            }
        }
        let (options, actions) = (
            scenario.decisions.iter().flat_map(|decision| &decision.options).flat_map(|option| &option.effects),
            scenario.all_expected().flat_map(|(_, expected)| &expected.effects),
        );
        for planned in options.chain(actions) {
            self.query(&planned.to, planned.does.sections(), &format!("`{}` can be done to", planned.does.word()));
            if scenario.attacker.is_none() {
                let message = "nobody is behind this scenario, so that no effect can be looked up: name an `attacker`";
                self.error(&planned.to, message.to_owned());
            }
        }
        let library = control::shipped();
        for name in scenario.all_expected().flat_map(|(_, expected)| &expected.controls) {
            let near = nearest(name.as_str(), library.iter().map(|pattern| pattern.id.as_str()));
            if let Some(near) = near.filter(|near| *near != name.as_str()) {
                self.warn(name, format!("the library has no control `{name}`: is it one of your model, or `{near}`?"));
            }
        }
    }

    /// A query that has to give an element of one of these sections.
    fn query(&mut self, name: &Name, sections: &[Section], what: &str) {
        let Some(binding) = self.scenario.bindings.iter().find(|binding| binding.id == *name) else {
            let known = self.scenario.bindings.iter().map(|binding| binding.id.as_str());
            let hint = meant(name.as_str(), known, "add it to `bindings`");
            return self.error(name, format!("there is no query `{name}`: {hint}"));
        };
        let gives: &[Section] = match binding.of.section() {
            Some(section) => &[section],
            None => &[Section::Grants, Section::Roles, Section::Endpoints, Section::Datasets],
        };
        if !gives.iter().any(|section| sections.contains(section)) {
            let nouns: Vec<&str> = sections.iter().map(|section| section.noun()).collect();
            let message = format!("`{name}` finds nothing that {what}: that takes {}", nouns.join(", "));
            self.error(name, message);
        }
    }

    /// The names in braces of a text.
    fn braces(&mut self, near: &Name, text: &str) {
        for name in placeholders(text) {
            let (id, part) = name.split_once('.').unwrap_or((name, ""));
            let binding = self.scenario.bindings.iter().find(|binding| binding.id.as_str() == id);
            match binding {
                None => {
                    let known = self.scenario.bindings.iter().map(|binding| binding.id.as_str());
                    let hint = meant(id, known, "add it to `bindings`");
                    self.error(near, format!("`{{{name}}}` names no binding: {hint}"));
                }
                Some(binding) if !binding.otherwise.contains_key(part) => {
                    let message =
                        format!("`{{{name}}}` has no words for where nothing fits: write `{part}` in its `otherwise`");
                    self.error(near, message);
                }
                Some(_) => {}
            }
        }
    }

    /// Hidden sentences that stand in what players read as well.
    fn leaks(&mut self) {
        let scenario = self.scenario;
        let facilitator = Facilitator::view();
        let plain = |text: &str| {
            let words: String = text.chars().map(|ch| if ch.is_alphanumeric() { ch } else { ' ' }).collect();
            words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
        };
        let mut open: Vec<(String, &Name)> = vec![(plain(scenario.opening.as_str()), &scenario.id)];
        open.push((plain(scenario.about.as_str()), &scenario.id));
        for inject in &scenario.injects {
            open.push((plain(inject.text.as_str()), &inject.id));
            open.extend(inject.artefacts.iter().map(|artefact| (plain(artefact.text.as_str()), &inject.id)));
        }
        for decision in &scenario.decisions {
            open.push((plain(decision.question.as_str()), &decision.id));
            open.extend(decision.options.iter().map(|option| (plain(option.text.as_str()), &option.id)));
        }
        let follows = scenario.decisions.iter().flat_map(|decision| &decision.options).map(|option| &option.follows);
        let behind = scenario.injects.iter().flat_map(hidden_of);
        let argued = scenario.duties.iter().map(|duty| &duty.argue);
        let truths = scenario.truth.iter().map(|truth| &truth.fact);
        for hidden in behind.chain(follows).chain(argued).chain(truths) {
            for sentence in hidden.words(facilitator).split(['.', '!', '?', ';']) {
                let sentence = plain(sentence);
                // Five words in a row are no chance.
                if sentence.split(' ').count() < 5 {
                    continue;
                }
                let leaks: Vec<Name> =
                    open.iter().filter(|(text, _)| text.contains(&sentence)).map(|(_, name)| (*name).clone()).collect();
                for name in leaks {
                    self.error(&name, format!("players would read what is hidden elsewhere: \"{sentence}\""));
                }
            }
        }
    }
}

/// Everything hidden about an inject.
pub(super) fn hidden_of(inject: &Inject) -> impl Iterator<Item = &Hidden> {
    let behind = &inject.hidden;
    std::iter::once(&behind.truth)
        .chain(std::iter::once(&inject.title))
        .chain(&behind.probes)
        .chain(&behind.hints)
        .chain(&behind.red_flags)
        .chain(inject.expect.iter().map(|expected| &expected.action))
}
