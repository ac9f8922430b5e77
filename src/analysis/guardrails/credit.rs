//! How much each control is credited with on a path: a map that everything else takes as it is, and the one place that
//! fills it.

use crate::analysis::evidence::Controls;
use crate::model::threats::ControlKind;
use crate::model::{Model, Slug};
use std::collections::BTreeMap;

/// The share of what comes that each control stops, 0 to 1. A control that is not in it is not counted: it is not in
/// place, its evidence does not hold, it does not stop anything, or nobody said how much.
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

/// What controls are credited with by their evidence as it was weighed. Only what stops counts on a path: what notices or
/// repairs comes too late for whoever has the data.
pub fn credited(model: &Model, controls: &Controls) -> Credit {
    let share = |slug: &Slug| {
        let stops = model.controls.get(slug)?.kind == Some(ControlKind::Preventive);
        let percent = controls.get(slug)?.credited.filter(|percent| stops && *percent > 0)?;
        Some(f64::from(percent) / 100.0)
    };
    Credit(model.controls.keys().filter_map(|slug| Some((slug.clone(), share(slug)?))).collect())
}
