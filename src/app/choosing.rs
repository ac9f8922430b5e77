//! What the map draws of a large model is chosen on the worker, so that no key waits for it: every box has a text, and there
//! may be tens of thousands.
//!
//! The worker is asked one thing at a time. What it chose for a model or a view of before is dropped, and it is asked again.

use super::badge::Known;
use super::map::Map;
use super::projection::{Projection, ViewOptions, project};
use crate::diagram::{Graph, Size};
use crate::model::Model;
use std::sync::Arc;

/// Of models of so many elements, flows and grants it is chosen at once: that takes a few milliseconds.
pub const CHOSEN_AT_ONCE: usize = 3_000;

/// What the worker is to do for the map.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// Choose what is drawn.
    Choose(Box<Choosing>),
    /// Lay this out.
    LayOut(Arc<Graph>),
}

/// All that it depends on what is drawn.
#[derive(Debug, Clone)]
pub struct Choosing {
    of: (u64, ViewOptions),
    model: Arc<Model>,
    known: Arc<Known>,
}

/// Of one revision and one view there is one choice.
impl PartialEq for Choosing {
    fn eq(&self, other: &Choosing) -> bool {
        self.of == other.of
    }
}

/// What was chosen for a revision and a view; nothing where that failed.
#[derive(Debug, Clone)]
pub struct Chosen {
    of: (u64, ViewOptions),
    projection: Option<Projection>,
}

impl Choosing {
    /// Chooses. Of a large model that takes a while.
    pub fn choose(&self) -> Chosen {
        let projection = project(&self.model, &self.of.1, &self.known);
        Chosen { of: self.of.clone(), projection: Some(projection) }
    }

    /// What there is where choosing came to nothing.
    pub fn fail(&self) -> Chosen {
        Chosen { of: self.of.clone(), projection: None }
    }
}

/// Whether choosing what is drawn of a model is left to the worker, once there is a picture.
fn is_large(model: &Model) -> bool {
    model.len() > CHOSEN_AT_ONCE
}

impl Map {
    /// The same as [`Map::refresh`], but no key waits: what may take long is left to the worker.
    pub fn refresh_beside(&mut self, model: &Arc<Model>, revision: u64, canvas: Size) -> Option<Errand> {
        if self.diagram.graph.nodes.is_empty() || !is_large(model) {
            return self.refresh(model, revision, canvas).map(Errand::LayOut);
        }
        let view = self.view_on(canvas);
        if self.is_drawn(revision, &view) {
            return None;
        }
        let asked = self.forget_next();
        let asked_for = asked.as_ref().map(|next| next.graph.clone());
        let of = (revision, view);
        let chosen = self.chosen.take().filter(|chosen| chosen.of == of).and_then(|chosen| chosen.projection);
        if let Some(projection) = chosen.or_else(|| self.revised(asked, model, &of.1)) {
            return self.draw(projection, of, asked_for).map(Errand::LayOut);
        }
        self.forget();
        if self.choosing {
            return None;
        }
        self.choosing = true;
        self.progress = 0;
        Some(Errand::Choose(Box::new(Choosing { of, model: model.clone(), known: self.known.clone() })))
    }

    /// Takes what the worker chose, for the next refresh. Says whether it chose anything.
    pub fn take_choice(&mut self, chosen: Chosen) -> bool {
        self.choosing = false;
        let is_there = chosen.projection.is_some();
        if is_there {
            self.chosen = Some(chosen);
        } else {
            // It would fail again: the picture that there is stays.
            self.note_drawn(chosen.of);
        }
        is_there
    }

    /// Whether a picture on a canvas is there, or can be made without anybody waiting.
    pub(super) fn is_near(&self, model: &Model, revision: u64, canvas: Size) -> bool {
        !is_large(model) || self.is_drawn(revision, &self.view_on(canvas))
    }
}
