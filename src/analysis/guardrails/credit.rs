//! How much each control is credited with: a map that everything else takes as it is, and the one place that fills it.

use crate::model::threats::{Control, ControlKind, ControlStatus, Strength};
use crate::model::{Model, Slug};
use std::collections::BTreeMap;

/// Nothing stops everything.
pub const MOST: f64 = 0.95;

/// What is left of an effect that somebody declared and nobody tested.
const DECLARED_ONLY: f64 = 0.5;

/// The share of what comes that each control stops, 0 to [`MOST`]. A control that is not in it is not counted: it is not
/// in place, does not stop anything, or nobody said how much.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Credit(pub BTreeMap<Slug, f64>);

impl Credit {
    /// What a control is credited with.
    pub fn of(&self, control: &Slug) -> Option<f64> {
        self.0.get(control).copied()
    }

    /// The same without a control, as if it were lost.
    pub fn without(&self, control: &Slug) -> Credit {
        let mut rest = self.clone();
        rest.0.remove(control);
        rest
    }
}

/// What controls are credited with by what they say of themselves: the whole effect where a test shows it and nothing
/// speaks against it, half of it where it is only declared. How old the evidence is does not count here.
pub fn declared(model: &Model) -> Credit {
    let share = |control: &Control| {
        let in_place = matches!(control.status, Some(ControlStatus::Implemented | ControlStatus::Verified));
        let stops = control.kind == Some(ControlKind::Preventive);
        let effect = f64::from(control.effectiveness?.value()) / 100.0;
        let tested = control.evidence.iter().any(|found| found.strength == Some(Strength::Tested) && !found.refutes);
        let refuted = control.evidence.iter().any(|found| found.refutes);
        let quality = if tested && !refuted { 1.0 } else { DECLARED_ONLY };
        (in_place && stops).then_some(effect.min(MOST) * quality)
    };
    Credit(model.controls.iter().filter_map(|(slug, control)| Some((slug.clone(), share(control)?))).collect())
}
