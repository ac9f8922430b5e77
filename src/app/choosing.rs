//! What the map draws of a large model is chosen on the worker, so that no key waits for it: every box has a text, and there
//! may be tens of thousands.
//!
//! The worker is asked one thing at a time. What it chose for a model or a view of before is dropped, and it is asked again.

use super::badge::Known;
use super::map::{Map, brief, is_large};
use super::projection::{Brevity, Projection, ViewOptions, project};
use crate::diagram::{Diagram, Graph, Size, arrange};
use crate::model::Model;
use std::sync::Arc;

/// Of models of so many elements, flows and grants it is chosen at once: that takes a few milliseconds.
pub const CHOSEN_AT_ONCE: usize = 1_500;

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
    /// What nobody draws any more. To take it apart takes as long as a key may take, and so the worker does.
    #[expect(dead_code, reason = "nothing is done with it but to drop it")]
    spent: Vec<Arc<Projection>>,
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
    chosen: Option<Drawing>,
}

/// What is to be drawn, and how; with its layout, where that is small.
#[derive(Debug, Clone)]
struct Drawing {
    view: ViewOptions,
    projection: Projection,
    diagram: Option<Diagram>,
}

impl Choosing {
    /// Chooses. Of a large model that takes a while.
    pub fn choose(&self) -> Chosen {
        let mut view = self.of.1.clone();
        let projection = project(&self.model, &view, &self.known);
        let (projection, diagram) = match is_large(&projection.graph) {
            true => (projection, None),
            false => {
                let diagram = arrange(Graph::clone(&projection.graph));
                let (projection, diagram) = brief(&self.model, &self.known, &mut view, projection, diagram);
                (projection, Some(diagram))
            }
        };
        Chosen { of: self.of.clone(), chosen: Some(Drawing { view, projection, diagram }) }
    }

    /// What there is where choosing came to nothing.
    pub fn fail(&self) -> Chosen {
        Chosen { of: self.of.clone(), chosen: None }
    }
}

/// Whether choosing what is drawn of a model is left to the worker, once there is a picture.
pub(super) fn chooses_beside(model: &Model) -> bool {
    model.len() > CHOSEN_AT_ONCE
}

impl Map {
    /// The same as [`Map::refresh`], but no key waits: what may take long is left to the worker.
    pub fn refresh_beside(&mut self, model: &Arc<Model>, revision: u64, canvas: Size) -> Option<Errand> {
        if !self.is_shown() || !chooses_beside(model) {
            return self.refresh(model, revision, canvas).map(Errand::LayOut);
        }
        let view = self.view_on(model, canvas);
        if self.is_drawn(revision, &view) {
            return None;
        }
        let mut asked = self.forget_next();
        let asked_for = asked.as_ref().map(|next| next.graph.clone());
        let of = (revision, ViewOptions { brevity: Brevity::Full, ..view.clone() });
        match self.chosen.take() {
            Some(Chosen { of: other, chosen: Some(drawing) }) if other != of => {
                self.spent.push(Arc::new(drawing.projection));
            }
            Some(Chosen { chosen: Some(Drawing { view, projection, diagram: Some(diagram) }), .. }) => {
                self.note_drawn((revision, view));
                self.show_picture(projection, Some(diagram.into()));
                return None;
            }
            Some(Chosen { chosen: Some(Drawing { view, projection, diagram: None }), .. }) => {
                return self.draw(model, projection, (revision, view), asked_for).map(Errand::LayOut);
            }
            _ => {}
        }
        if let Some(projection) = self.revised(&mut asked, model, &view) {
            return self.draw(model, projection, (revision, view), asked_for).map(Errand::LayOut);
        }
        self.forget();
        self.spent.extend(asked.map(Arc::new));
        if self.choosing {
            return None;
        }
        self.choosing = true;
        self.progress = 0;
        let spent = std::mem::take(&mut self.spent);
        Some(Errand::Choose(Box::new(Choosing { of, model: model.clone(), known: self.known.clone(), spent })))
    }

    /// Takes what the worker chose, for the next refresh. Says whether it chose anything.
    pub fn take_choice(&mut self, chosen: Chosen) -> bool {
        self.choosing = false;
        let is_there = chosen.chosen.is_some();
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
        !chooses_beside(model) || self.is_drawn(revision, &self.view_on(model, canvas))
    }
}
