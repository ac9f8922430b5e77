//! Quantifiers: what is said of the items of a list, and what follows for all of them.

use super::check::{Condition, Quantifier};
use super::eval::{EvalError, Evaluator, MAX_STEPS};
use super::shared::Shared;
use super::syntax::Id;
use super::value::{List, Value, Values};

impl<'m> Evaluator<'_, 'm> {
    /// What a quantifier says of a list. One that makes a list puts it into `values`, and says yes where that is all of it.
    pub(super) fn quantify(
        &mut self,
        condition: &'m Condition,
        kind: Quantifier,
        list: &List<'m>,
        body: Id,
        values: &mut Vec<Value<'m>>,
    ) -> Result<Option<bool>, EvalError> {
        let mut tally = Tally { kind, yes: 0, no: false, open: !list.whole };
        if let Values::Exposures(places) = &list.values
            && let Some(shared) = self.asked_of_each(condition, body)
            && !kind.makes_a_list()
        {
            self.quantify_facts(condition, places, body, shared, &mut tally)?;
            return Ok(tally.answer());
        }
        list.each(self, &mut |this, item| {
            this.variables.push(item);
            if kind == Quantifier::Map {
                let value = this.eval(condition, body);
                this.variables.pop();
                values.push(value?);
                return Ok(true);
            }
            let answer = this.holds(condition, body);
            let item = this.variables.pop();
            let answer = answer?;
            if kind == Quantifier::Filter && answer == Some(true) {
                values.extend(item);
            }
            Ok(tally.take(answer))
        })?;
        Ok(tally.answer())
    }

    /// Where the body of a quantifier is a shared term on the exposure fact that its variable is: which one.
    fn asked_of_each(&self, condition: &Condition, body: Id) -> Option<Shared> {
        let own = self.variables.len();
        let is_own = |shared: &Shared| matches!(shared, Shared::Fact { variable, .. } if usize::from(*variable) == own);
        condition.step(body).shared.filter(is_own).filter(|_| self.trace.is_none())
    }

    /// What a shared term says of exposure facts. A role or a platform has thousands of them: of those of which it was asked
    /// before nothing is made.
    fn quantify_facts(
        &mut self,
        condition: &'m Condition,
        places: &[u32],
        body: Id,
        shared: Shared,
        tally: &mut Tally,
    ) -> Result<(), EvalError> {
        for at in places {
            let said = match self.recall_of_fact(shared, *at) {
                Some(said) if self.steps <= MAX_STEPS => Some(said),
                Some(_) => return Err(EvalError::TooLong),
                None => {
                    self.variables.push(self.world.exposure(*at as usize));
                    let said = self.holds(condition, body);
                    self.variables.pop();
                    said?
                }
            };
            if !tally.take(said) {
                break;
            }
        }
        Ok(())
    }
}

/// What a quantifier heard of the items of a list.
struct Tally {
    kind: Quantifier,
    yes: u32,
    no: bool,
    /// Whether it is unknown of one of them, or what is not in the list as far as it is known may be in the rest of it.
    open: bool,
}

impl Tally {
    /// Takes what is said of an item. It says whether the next one matters.
    fn take(&mut self, said: Option<bool>) -> bool {
        match said {
            Some(true) => self.yes += 1,
            Some(false) => self.no = true,
            None => self.open = true,
        }
        match self.kind {
            Quantifier::Exists => self.yes == 0,
            Quantifier::ExistsOne => self.yes < 2,
            Quantifier::All => !self.no,
            Quantifier::Filter | Quantifier::Map => true,
        }
    }

    /// What follows for all of them.
    fn answer(&self) -> Option<bool> {
        let (decided, otherwise) = match self.kind {
            Quantifier::Exists => ((self.yes > 0).then_some(true), false),
            Quantifier::ExistsOne => ((self.yes > 1).then_some(false), self.yes == 1),
            Quantifier::All => (self.no.then_some(false), true),
            Quantifier::Filter | Quantifier::Map => (None, true),
        };
        decided.or((!self.open).then_some(otherwise))
    }
}
