//! The lists of what the rules say: verdicts with the worst first, and the questions that they leave open. Of a large model
//! there are tens of thousands of them: the worker that asks the rules makes the lists, too, so that no screen waits.

use super::threats::risk;
use crate::analysis::access::Access;
use crate::analysis::questions::{Question, questions};
use crate::analysis::threats::{RuleSet, Verdict};
use crate::library::rule::Rule;
use crate::model::Model;
use std::cmp::Reverse;
use std::sync::Arc;

/// What there is to list of what the rules say.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The verdicts, the worst first.
    pub verdicts: Vec<Arc<Verdict>>,
    /// The questions that they leave open, what decides most first; nothing while nobody wanted to see them.
    pub questions: Option<Vec<Question>>,
    /// How many pairs of a rule and a place do not apply.
    pub silent: usize,
}

impl Told {
    /// Makes the lists of what the rules say of a model, in their order; of the questions only where they are wanted.
    pub fn new<'v>(
        rules: &RuleSet,
        model: &Model,
        access: &Access,
        said: impl Iterator<Item = &'v Arc<Verdict>>,
        with_questions: bool,
    ) -> Told {
        let mut verdicts: Vec<Arc<Verdict>> = said.cloned().collect();
        // Of equals the order stays as it is: by rule.
        verdicts.sort_by_cached_key(|verdict| Reverse(risk(rules, verdict)));
        let questions = with_questions.then(|| questions(model, rules, &verdicts));
        let places = |rule: &Rule| match rule.about.section() {
            Some(section) => model.count(section),
            None => access.facts.len(),
        };
        let silent = rules.rules().map(places).sum::<usize>().saturating_sub(verdicts.len());
        Told { verdicts, questions, silent }
    }
}
