//! When the rules are asked. The first time, of a small model at once, of others by the worker, so that nobody waits for the
//! first picture. After edits at once, so that what they say is there with the next picture, and the lists of it; of models
//! that are too large for that by the worker, so that no key waits for them. It looks at what attackers can do there, too.
//!
//! The worker is asked one thing at a time. What it says is of the model as it was then: edits that were made meanwhile are
//! followed when the answer is there, as all edits are; where something else changed the model, the rules are asked again.

use super::attackers::Attack;
use super::findings::Findings;
use super::queue::{self, Trial, Tried};
use super::state::{App, Effect, LazyRules, Screen};
use super::threats::Judged;
use super::told::Told;
use super::touched::Touched;
use crate::analysis::access::Access;
use crate::analysis::docket::{Before, Docket, Followed, asks_anew, facts_on};
use crate::analysis::evidence::{Circumstances, Controls, Looks};
use crate::analysis::threats::Verdict;
use crate::model::edit::Edit;
use crate::model::facts::Day;
use crate::model::{Model, Slug};
use std::sync::Arc;

/// Of models of so many elements, flows and grants all rules are asked at once: that takes a few milliseconds.
pub const ASKED_AT_ONCE: usize = 500;

/// Of models of so many all that an edit changes is there with the next picture: lists, and what attackers reach. A model of
/// 1,000 elements has about 2,600.
pub const TOLD_AT_ONCE: usize = 5_000;

/// Of models of so many what the rules say is brought up to date after each edit.
const FOLLOWED: usize = 50_000;

/// Edits that touch more than this many elements are not followed in a large model, but everything is asked again.
const FEW: usize = 200;

/// Of edits on which more than this many exposure facts hang the same is so.
const MANY: usize = 500;

/// What stands where what the rules say is to stand, while they are asked.
pub const ASKING: &str = "The rules are still being asked.";

/// Of which revision of the model, and on which day.
type Of = (u64, Option<Day>);

/// What the worker finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    of: Of,
    /// Whether that is what the rules say.
    of_rules: bool,
}

/// What the rules say, and of what.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    judged: Option<(Of, Judged)>,
    /// What the worker finds out.
    asked: Option<Asked>,
    /// What edits touched since then; where the worker asks nothing, since what is judged.
    since: Touched,
}

/// What the worker is to find out, and all that this depends on: made by the state, answered by the worker.
#[derive(Debug, Clone)]
pub struct Inquiry {
    of: Of,
    asks: Asks,
    /// Whether it is asked what attackers can do, and without which controls.
    without: Option<Vec<Slug>>,
    /// Answers of which it is asked what they would change.
    trial: Option<Trial>,
    rules: Arc<LazyRules>,
    model: Arc<Model>,
    access: Arc<Access>,
    controls: Controls,
    looks: Option<Looks>,
}

/// What is asked of the rules.
#[derive(Debug, Clone)]
enum Asks {
    /// Nothing.
    Nothing,
    /// Everything.
    All,
    /// To list what they said already.
    Lists(Vec<Arc<Verdict>>),
}

/// Of one revision there is one inquiry.
impl PartialEq for Inquiry {
    fn eq(&self, other: &Inquiry) -> bool {
        self.of == other.of
    }
}

/// What the worker found out.
#[derive(Debug, Clone)]
pub struct Heard {
    of: Of,
    /// What the rules said, or why they could not be asked to their end.
    said: Option<Result<(Docket, Findings), String>>,
    /// The lists of it.
    told: Option<Told>,
    /// What attackers can do, and without which controls.
    attack: Option<(Vec<Slug>, Attack)>,
    /// What answers to a question would change.
    tried: Option<Tried>,
}

/// Whether following edits would take about as long as asking everything.
fn asks_much(model: &Model, access: &Access, before: &Before) -> bool {
    before.len() > FEW || asks_anew(model, before) || facts_on(model, access, before) > MANY
}

impl Inquiry {
    /// Finds it out. Of a large model that takes a while.
    pub fn ask(&self) -> Heard {
        let circumstances = Circumstances { today: self.of.1, looks: self.looks.as_ref() };
        let tell = |said: &mut dyn Iterator<Item = &Arc<Verdict>>| {
            Told::new(&self.rules, &self.model, &self.access, said, true)
        };
        let (said, told) = match &self.asks {
            Asks::Nothing => (None, None),
            Asks::Lists(said) => (None, Some(tell(&mut said.iter()))),
            Asks::All => match Docket::new(&self.rules, &self.model, self.access.clone(), circumstances) {
                Ok(docket) => {
                    let findings = Findings::of_rules(&self.rules, docket.verdicts());
                    let told = tell(&mut docket.verdicts());
                    (Some(Ok((docket, findings))), Some(told))
                }
                Err(error) => (Some(Err(error.to_string())), None),
            },
        };
        let look = |lost: &Vec<Slug>| Attack::new(&self.model, &self.access, &self.controls, lost);
        let attack = self.without.as_ref().map(|lost| (lost.clone(), look(lost)));
        let tried = self.trial.as_ref().map(|trial| trial.tried(&self.rules, &self.model, circumstances));
        Heard { of: self.of, said, told, attack, tried }
    }

    /// What is heard where asking them came to nothing.
    pub fn fail(&self, why: &str) -> Heard {
        Heard { of: self.of, said: Some(Err(why.to_owned())), told: None, attack: None, tried: None }
    }
}

impl App {
    /// What the rules say of the model: of the revision for which they were last asked, see [`App::judge`].
    pub fn judged(&self) -> &Judged {
        static NOTHING: Judged = Judged::NOTHING;
        self.judging.judged.as_ref().map_or(&NOTHING, |(_, judged)| judged)
    }

    /// Whether the worker still asks the rules: what [`App::judged`] says is nothing yet, or of before.
    pub fn asks_rules(&self) -> bool {
        self.judging.asked.is_some_and(|asked| asked.of_rules)
    }

    /// Whether the lists of what the rules say are still to be made: those that there are are of before.
    pub fn awaits_rules(&self) -> bool {
        let is_told = self.judging.judged.as_ref().is_some_and(|(_, judged)| judged.is_told());
        self.asks_rules() || (self.tells_beside() && !is_told)
    }

    /// Whether the worker finds something out: it is asked one thing at a time.
    pub(super) fn is_asking(&self) -> bool {
        self.judging.asked.is_some()
    }

    /// Asks the rules, if the model changed since, and marks what fires. Of edits only what they may have changed is asked.
    pub fn find(&mut self) {
        let of = (self.revision, self.today);
        let is_there = |model: &Model, since: &Touched| since.keeps_all(model);
        if self.asks_rules() {
            // Nothing that is gone is shown meanwhile.
            if !is_there(&self.model, &self.judging.since) {
                self.forget_judged();
            }
            return;
        }
        if self.judging.judged.as_ref().is_some_and(|(judged, _)| *judged == of) {
            return;
        }
        let then = self.judging.judged.take();
        let kept = is_there(&self.model, &self.judging.since);
        let from = then.as_ref().filter(|((_, day), _)| *day == self.today).map_or(u64::MAX, |((then, _), _)| *then);
        let before = self.judging.since.take(from, self.revision);
        let is_large = |most: usize| self.model.len() > most && self.rules_error.is_none();
        let (judged, followed) = match (then, before) {
            (Some((_, judged)), Some(before))
                if !is_large(TOLD_AT_ONCE)
                    || (judged.can_follow() && !asks_much(&self.model, &self.derived().effective, &before)) =>
            {
                judged.follow(self, &before, kept)
            }
            (then, before) if is_large(ASKED_AT_ONCE) => {
                self.judging.judged = then;
                if before.is_none() || !kept {
                    self.forget_judged();
                }
                if !self.is_asking() {
                    self.ask_worker(Asks::All, None);
                }
                return;
            }
            _ => (Judged::new(self), Followed::Anew),
        };
        match followed {
            Followed::Anew => self.map.findings = Findings::new(self, &judged),
            Followed::Changed(changes) => {
                let mut findings = std::mem::take(&mut self.map.findings);
                findings.follow(self, &judged, &changes);
                self.map.findings = findings;
            }
        }
        self.judging.judged = Some((of, judged));
    }

    fn ask_worker(&mut self, asks: Asks, trial: Option<Trial>) {
        let of = (self.revision, self.today);
        let shows_attack = matches!(self.screen, Screen::Attackers | Screen::Controls) && !self.is_attack_current();
        self.judging.asked = Some(Asked { of, of_rules: !matches!(asks, Asks::Nothing) });
        self.effects.push(Effect::Judge(Box::new(Inquiry {
            of,
            asks,
            without: shows_attack.then(|| self.attackers.lost.clone()),
            trial,
            rules: self.rules.clone(),
            model: self.model.clone(),
            access: self.derived().effective.clone(),
            controls: self.derived().controls.clone(),
            looks: self.looks.clone(),
        })));
    }

    /// Whether what answers to a question would change is left to the worker: nothing else waits for it.
    pub(super) fn tries_beside(&self) -> bool {
        self.model.len() > ASKED_AT_ONCE
    }

    /// Whether lists, and what attackers can do, are left to the worker: of models so large that keys would wait for them.
    fn tells_beside(&self) -> bool {
        self.model.len() > TOLD_AT_ONCE
    }

    /// The same as [`App::attack_now`], but of a large model the worker looks, and there is nothing until it has.
    pub fn attack_soon(&mut self) {
        if !self.tells_beside() || self.is_attack_current() {
            return self.attack_now();
        }
        self.forget_attack();
        if !self.is_asking() {
            self.ask_worker(Asks::Nothing, None);
        }
    }

    /// Has the worker tell what answers to a question would change.
    pub(super) fn try_beside(&mut self, trial: Trial) {
        self.ask_worker(Asks::Nothing, Some(trial));
    }

    /// Takes what the worker heard, if it is of a model from which edits and nothing else lead to that of now.
    pub fn hear(&mut self, heard: Heard) {
        let Heard { of, said, told, attack, tried } = heard;
        if self.judging.asked.take_if(|asked| asked.of == of).is_none() {
            return;
        }
        let is_now = of == (self.revision, self.today);
        if let Some((lost, attack)) = attack.filter(|_| is_now) {
            self.take_attack(lost, attack);
        }
        if let Some(tried) = tried.filter(|_| is_now) {
            queue::take(self, tried);
        }
        if let Some(said) = said {
            let leads = self.follows_edits() && self.judging.since.leads(of.0, self.revision);
            if of.1 != self.today || !(of.0 == self.revision || leads) {
                return self.forget_judged();
            }
            let (said, findings) = match said {
                Ok((docket, findings)) => (Ok(docket), findings),
                Err(error) => (Err(error), Findings::default()),
            };
            let judged = Judged::heard(self, said);
            self.map.findings = findings.with_team(self, &judged);
            self.judging.judged = Some((of, judged));
        }
        if let (Some(told), Some((_, judged))) = (told, self.judging.judged.as_mut().filter(|(own, _)| *own == of)) {
            judged.take(told, is_now);
        }
    }

    /// Nothing is judged any more.
    pub(super) fn forget_judged(&mut self) {
        self.map.findings = Findings::default();
        self.judging.judged = None;
    }

    /// Notes an edit that is about to be made.
    pub(super) fn note_for_rules(&mut self, edit: &Edit) {
        self.judging.since.note(self.revision, &self.model, edit);
    }

    /// The same as [`App::find`], with what there is to list of it. Only what shows lists needs it. The worker makes those of
    /// large models; until then they are what they were.
    pub fn judge(&mut self) {
        self.list(true);
    }

    /// The same without the questions, which are most of what there is to list.
    pub fn judge_threats(&mut self) {
        self.list(false);
    }

    fn list(&mut self, with_questions: bool) {
        self.find();
        let Some((of, mut judged)) = self.judging.judged.take() else { return };
        let is_there = judged.is_told() && (judged.has_questions() || !with_questions);
        match (is_there, self.tells_beside()) {
            (false, true) if !self.is_asking() => {
                self.ask_worker(Asks::Lists(judged.said().cloned().collect()), None);
            }
            (false, false) => judged.tell(self, with_questions),
            _ => {}
        }
        if self.screen == Screen::Threats {
            judged.list(self);
        }
        self.judging.judged = Some((of, judged));
    }

    /// Whether what is judged is brought up to date after each edit. Of larger models it is what it was when somebody asked
    /// for it, until the next edit.
    fn follows_edits(&self) -> bool {
        self.model.len() <= FOLLOWED
    }

    /// Whether findings are marked on the map unasked: once the first picture is there.
    pub fn marks_findings(&self) -> bool {
        self.rested && self.follows_edits()
    }
}
