//! What edits touched since something was worked out, so that it need not be worked out anew.

use crate::analysis::docket::Before;
use crate::model::Model;
use crate::model::edit::Edit;

/// The elements that edits touched between two revisions, each as it was at the first of them.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    from: u64,
    to: u64,
    before: Before,
}

impl Touched {
    /// Notes an edit that is about to be made. Where the model changed by anything else since the last one, what was noted
    /// until then is of no use any more.
    pub fn note(&mut self, revision: u64, model: &Model, edit: &Edit) {
        if self.to != revision {
            *self = Touched { from: revision, to: revision, before: Before::new() };
        }
        self.to = revision + 1;
        for put in &edit.puts {
            self.before.entry(put.id.clone()).or_insert_with(|| model.element(&put.id));
        }
    }

    /// Whether edits and nothing else lead from one revision to another.
    pub fn leads(&self, from: u64, to: u64) -> bool {
        self.from == from && self.to == to
    }

    /// Whether everything that was touched is still there.
    pub fn keeps_all(&self, model: &Model) -> bool {
        self.before.keys().all(|id| model.has(id.section, id.slug.as_str()))
    }

    /// What was touched from one revision to another, where edits and nothing else lead there; begins anew.
    pub fn take(&mut self, from: u64, to: u64) -> Option<Before> {
        let Touched { from: noted, to: until, before } =
            std::mem::replace(self, Touched { from: to, to, before: Before::new() });
        (noted == from && until == to).then_some(before)
    }
}
