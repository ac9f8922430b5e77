//! When the rules are asked: of a small model at once, so that what they say is there with the next picture; of a large one
//! by the worker, so that no key waits for them.
//!
//! The worker is asked one thing at a time. What it says is of the model as it was then: edits that were made meanwhile are
//! followed when the answer is there, as all edits are; where something else changed the model, the rules are asked again.

use super::findings::Findings;
use super::state::{App, Effect, LazyRules, Screen};
use super::threats::Judged;
use super::touched::Touched;
use crate::analysis::access::Access;
use crate::analysis::docket::{Before, Docket, Followed, asks_anew};
use crate::analysis::evidence::{Circumstances, Looks};
use crate::model::Model;
use crate::model::edit::Edit;
use crate::model::facts::Day;
use std::sync::Arc;

/// Of models of so many elements, flows and grants all rules are asked at once: that takes a few milliseconds.
pub const ASKED_AT_ONCE: usize = 500;

/// Of models of so many what the rules say is brought up to date after each edit.
const FOLLOWED: usize = 50_000;

/// Edits that touch more than this many elements are not followed in a large model, but everything is asked again.
const FEW: usize = 200;

/// What stands where what the rules say is to stand, while they are asked.
pub const ASKING: &str = "The rules are still being asked.";

/// Of which revision of the model, and on which day.
type Of = (u64, Option<Day>);

/// What the rules say, and of what.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    judged: Option<(Of, Judged)>,
    /// Of what the worker asks them.
    asked: Option<Of>,
    /// What edits touched since then; where the worker asks nothing, since what is judged.
    since: Touched,
}

/// The rules, and all that they are asked of: made by the state, asked by the worker.
#[derive(Debug, Clone)]
pub struct Inquiry {
    of: Of,
    rules: Arc<LazyRules>,
    model: Arc<Model>,
    access: Arc<Access>,
    looks: Option<Looks>,
}

/// Of one revision there is one inquiry.
impl PartialEq for Inquiry {
    fn eq(&self, other: &Inquiry) -> bool {
        self.of == other.of
    }
}

/// What the rules said, or why they could not be asked to their end.
#[derive(Debug, Clone)]
pub struct Heard {
    of: Of,
    said: Result<(Docket, Findings), String>,
}

/// Whether following edits would take about as long as asking everything.
fn asks_much(model: &Model, before: &Before) -> bool {
    before.len() > FEW || asks_anew(model, before)
}

impl Inquiry {
    /// Asks all rules. Of a large model that takes a while.
    pub fn ask(&self) -> Heard {
        let circumstances = Circumstances { today: self.of.1, looks: self.looks.as_ref() };
        let said = Docket::new(&self.rules, &self.model, self.access.clone(), circumstances);
        let said = said.map(|docket| {
            let findings = Findings::of_rules(&self.rules, docket.verdicts());
            (docket, findings)
        });
        Heard { of: self.of, said: said.map_err(|error| error.to_string()) }
    }

    /// What is heard where asking them came to nothing.
    pub fn fail(&self, why: &str) -> Heard {
        Heard { of: self.of, said: Err(why.to_owned()) }
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
        let is_large = self.model.len() > ASKED_AT_ONCE && self.rules_error.is_none();
        let (judged, followed) = match (then, before) {
            (Some((_, judged)), Some(before))
                if !is_large || (judged.can_follow() && !asks_much(&self.model, &before)) =>
            {
                judged.follow(self, &before)
            }
            (then, before) if is_large => {
                self.judging.judged = then;
                if before.is_none() || !kept {
                    self.forget_judged();
                }
                self.ask_worker(of);
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

    fn ask_worker(&mut self, of: Of) {
        self.judging.asked = Some(of);
        self.effects.push(Effect::Judge(Box::new(Inquiry {
            of,
            rules: self.rules.clone(),
            model: self.model.clone(),
            access: self.derived().effective.clone(),
            looks: self.looks.clone(),
        })));
    }

    /// Takes what the worker heard, if it is of a model from which edits and nothing else lead to that of now.
    pub fn hear(&mut self, heard: Heard) {
        let Heard { of, said } = heard;
        if self.judging.asked.take_if(|asked| *asked == of).is_none() {
            return;
        }
        let follows = of.0 == self.revision || (self.follows_edits() && self.judging.since.leads(of.0, self.revision));
        if !follows || of.1 != self.today {
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

    /// Nothing is judged any more.
    pub(super) fn forget_judged(&mut self) {
        self.map.findings = Findings::default();
        self.judging.judged = None;
    }

    /// Notes an edit that is about to be made.
    pub(super) fn note_for_rules(&mut self, edit: &Edit) {
        self.judging.since.note(self.revision, &self.model, edit);
    }

    /// The same as [`App::find`], with what there is to list of it. Only what shows lists needs it.
    pub fn judge(&mut self) {
        self.find();
        if let Some((of, mut judged)) = self.judging.judged.take() {
            judged.tell(self);
            if self.screen == Screen::Threats {
                judged.list(self);
            }
            self.judging.judged = Some((of, judged));
        }
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
