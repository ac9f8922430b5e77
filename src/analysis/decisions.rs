//! Decisions of the team on threats, and whether they still hold.
//!
//! A decision names a rule and where it fired, by slug, and the facts on which it was made, by a digest. It is open again
//! when its day is over, when the facts are others, or when the controls that it counts on are not in place.

use super::evidence::Controls;
use super::threats::Place;
use crate::model::facts::Day;
use crate::model::threats::{Decision, Verdict as Word};
use crate::model::{Model, Slug};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The decisions of a model by the rule and the place that they are about.
pub struct Decisions<'m> {
    model: &'m Model,
    today: Option<Day>,
    controls: &'m Controls,
    by_place: HashMap<(&'m str, String), Vec<&'m Slug>>,
}

/// What a decision means today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It holds through these controls, all of which are in place.
    Mitigated(Vec<Slug>),
    /// It does not hold any more, for this reason.
    Open(String),
}

impl<'m> Decisions<'m> {
    /// The decisions of a model on a day. Without a day, a decision with an end does not hold: nobody knows whether it
    /// is over.
    pub fn new(model: &'m Model, today: Option<Day>, controls: &'m Controls) -> Decisions<'m> {
        let mut by_place: HashMap<(&str, String), Vec<&Slug>> = HashMap::new();
        for (slug, decision) in &model.decisions {
            by_place.entry((decision.rule.as_str(), name_of(decision))).or_default().push(slug);
        }
        Decisions { model, today, controls, by_place }
    }

    /// The decision on a place, and what it means today; of several the first that holds. `facts` is asked for the
    /// digest of the facts as they are now.
    pub fn on(&self, rule: &str, place: &Place, facts: &mut dyn FnMut() -> String) -> Option<(Slug, Standing)> {
        if self.by_place.is_empty() {
            return None;
        }
        let slugs = self.by_place.get(&(rule, place.name(self.model)))?;
        let mut open = None;
        for slug in slugs {
            match self.standing(&self.model.decisions[*slug], facts) {
                Standing::Open(why) => open = open.or(Some(((*slug).clone(), Standing::Open(why)))),
                holds => return Some(((*slug).clone(), holds)),
            }
        }
        open
    }

    fn standing(&self, decision: &Decision, facts: &mut dyn FnMut() -> String) -> Standing {
        let open = |why: String| Standing::Open(why);
        match (decision.until, self.today) {
            (Some(until), Some(today)) if until < today => return open(format!("it ended on {until}")),
            (Some(until), None) => return open(format!("it ends on {until}, and the day is not known")),
            _ => {}
        }
        if decision.facts.as_ref().is_some_and(|then| then.as_str() != facts()) {
            return open("the facts have changed since".to_owned());
        }
        match decision.verdict {
            None => open("it does not say what was decided".to_owned()),
            Some(Word::Accept | Word::Transfer | Word::NotApplicable) => Standing::Holds,
            Some(Word::Mitigate) => {
                let missing = decision.controls.iter().find(|link| !self.controls.is_in_place(link.slug()));
                match (missing, decision.controls.is_empty()) {
                    (Some(link), _) => open(match self.controls.fallen(link.slug()) {
                        Some(why) => format!("control {link}: {why}"),
                        None => format!("the control {link} is not in place"),
                    }),
                    (None, true) => open("it names no control".to_owned()),
                    (None, false) => {
                        Standing::Mitigated(decision.controls.iter().map(|link| link.slug().clone()).collect())
                    }
                }
            }
        }
    }
}

/// The name of the place that a decision is about, as [`Place::name`] gives it.
fn name_of(decision: &Decision) -> String {
    let element = decision.element.0.as_str();
    match &decision.role {
        Some(role) => format!("{element}+{role}"),
        None => element.to_owned(),
    }
}

/// The digest of facts that were read, in the order in which they were: sixteen hexadecimal digits of their SHA-256,
/// which is enough to notice a change, and no protection against one that is made on purpose.
pub(super) fn digest(facts: &[String]) -> String {
    let mut hasher = Sha256::new();
    for fact in facts {
        hasher.update(fact.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
