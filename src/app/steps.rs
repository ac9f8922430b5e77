//! Where a step over the map leads, and where the view goes with it. Every move of the view draws the whole canvas, and
//! whoever looks has to find the place again. So a step begins in view, even where somebody moved the view away from what
//! is selected; what is in view is nearer than what is not; and a view that has to move goes where the next steps leave it
//! alone.

use super::map::Map;
use crate::diagram::{Point, Rect, Side, Size};
use crate::model::ElementId;
use std::cmp::Reverse;

/// A box out of view counts as so many times as far away: the eye is in the view already.
const OUT_OF_VIEW: i64 = 4;

/// So does one that lies more to the side than ahead; only where nothing else is near does a step lead there.
const ASIDE: i64 = 3;

/// A step that was made. The opposite one leads back, whatever else is near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// From here.
    pub from: ElementId,
    /// To here.
    pub to: ElementId,
    /// That way.
    pub side: Side,
}

/// How far it is along a direction, and across, in columns; a row is as high as two columns are wide.
fn apart(from: Point, to: Point, side: Side) -> (i64, i64) {
    let (x, y) = (i64::from(to.x - from.x), 2 * i64::from(to.y - from.y));
    let (dx, dy) = side.delta();
    if side.is_horizontal() { (x * i64::from(dx), y.abs()) } else { (y * i64::from(dy), x.abs()) }
}

/// How far it is from one cell to another, in columns.
fn distance(from: Point, to: Point) -> i64 {
    let (along, across) = apart(from, to, Side::Right);
    along.abs() + across
}

impl Map {
    /// What of the world is on the canvas, as that was settled last.
    fn in_view(&self) -> Rect {
        Rect::at(self.pan, self.canvas)
    }

    /// The box to which a step leads: to the box from which one came by the opposite step; or else to the nearest one in that
    /// direction. Where nothing of what is selected is in view, it leads to what is.
    pub fn step(&self, from: Option<&ElementId>, side: Side) -> Option<usize> {
        let view = self.in_view();
        let drawn = from.and_then(|id| Some((id, self.rect_of(id)?)));
        let Some((id, rect)) = drawn else {
            // From the top left, where one begins to read.
            return self.nearest(view.origin(), Some(view)).or_else(|| self.nearest(self.bounds().origin(), None));
        };
        if !view.overlaps(&rect) {
            let middle = rect.center();
            let x = middle.x.min(view.right() - 1).max(view.x);
            let y = middle.y.min(view.bottom() - 1).max(view.y);
            // Where it went out of the view.
            if let Some(at) = self.nearest(Point::new(x, y), Some(view)) {
                return Some(at);
            }
        }
        let came = self.stepped.as_ref().filter(|step| step.to == *id && step.side == side.opposite());
        let back = came.and_then(|step| self.box_of(&step.from));
        match self.box_of(id) {
            Some(own) => back.filter(|at| *at != own).or_else(|| self.next(own, side, Some(view))),
            // From a boundary or a wire.
            None => self.nearest(rect.center(), None),
        }
    }

    /// The box nearest to a cell of the world, from middle to middle; of those only that are wholly in a view.
    pub fn nearest(&self, cell: Point, view: Option<Rect>) -> Option<usize> {
        let boxes = self.diagram.placement.nodes.iter().enumerate();
        let wanted = boxes.filter(|(_, rect)| view.is_none_or(|view| view.covers(rect)));
        wanted.min_by_key(|(_, rect)| distance(cell, rect.center())).map(|(at, _)| at)
    }

    /// The nearest box in a direction, from a box; where a view is given, what is wholly in it is nearer than it is.
    fn next(&self, from: usize, side: Side, view: Option<Rect>) -> Option<usize> {
        let boxes = &self.diagram.placement.nodes;
        let start = boxes.get(from)?.center();
        let ahead = boxes.iter().enumerate().filter_map(|(at, rect)| {
            let (along, across) = apart(start, rect.center(), side);
            let aside = if across > along { ASIDE } else { 1 };
            let out = if view.is_none_or(|view| view.covers(rect)) { 1 } else { OUT_OF_VIEW };
            (along > 0 && at != from).then_some(((along + across) * aside * out, at))
        });
        ahead.min().map(|(_, at)| at)
    }

    /// Moves the view so that a box is in it to which a step led. What is wholly in view moves nothing. Otherwise it goes
    /// where as many as can be of the four boxes to which the next step may lead are in view, too, and as little as it takes.
    pub fn keep_up(&mut self, at: usize) {
        let Some(rect) = self.diagram.placement.nodes.get(at).copied() else { return };
        let (view, bounds) = (self.in_view(), self.bounds());
        if view.covers(&rect) {
            return;
        }
        if bounds.width <= view.width && bounds.height <= view.height {
            return self.center(None, self.canvas);
        }
        let boxes = &self.diagram.placement.nodes;
        let nexts: Vec<Rect> =
            Side::ALL.iter().filter_map(|side| boxes.get(self.next(at, *side, None)?).copied()).collect();
        let columns =
            starts(view.x, view.width, (rect.x, rect.right()), nexts.iter().map(|next| (next.x, next.right())));
        let rows =
            starts(view.y, view.height, (rect.y, rect.bottom()), nexts.iter().map(|next| (next.y, next.bottom())));
        let places = rows.iter().flat_map(|y| columns.iter().map(|x| self.within(Point::new(*x, *y), self.canvas)));
        let cost = |pan: &Point| {
            let seen = Rect::at(*pan, self.canvas);
            let shown = nexts.iter().filter(|next| seen.covers(next)).count();
            (!seen.overlaps(&rect), Reverse(shown), distance(self.pan, *pan), *pan)
        };
        self.pan = places.min_by_key(cost).unwrap_or(self.pan);
    }

    /// Moves the view so that a rectangle is in it. What is in view already moves nothing; otherwise it comes to the middle,
    /// with what is around it.
    pub fn show(&mut self, rect: Rect, canvas: Size) {
        let bounds = self.bounds();
        let middle = |start: i32, length: i32, whole_start: i32, whole: i32, room: i32| {
            // What is larger than the view is shown from its beginning, and nobody looks beyond the picture.
            let wanted = if length + 2 >= room { start - 1 } else { start + length / 2 - room / 2 };
            wanted.min(whole_start + whole + 1 - room).max(whole_start - 1)
        };
        let fits_x = rect.x > self.pan.x && rect.right() < self.pan.x + canvas.width;
        let fits_y = rect.y > self.pan.y && rect.bottom() < self.pan.y + canvas.height;
        if !fits_x {
            self.pan.x = middle(rect.x, rect.width, bounds.x, bounds.width, canvas.width);
        }
        if !fits_y {
            self.pan.y = middle(rect.y, rect.height, bounds.y, bounds.height, canvas.height);
        }
        // The picture may be another one than that of which the view was: none of it is cut off beside a void.
        self.pan = self.within(self.pan, canvas);
    }

    /// The place of the view nearest to one at which none of the picture is cut off beside a void.
    fn within(&self, pan: Point, canvas: Size) -> Point {
        let bounds = self.bounds();
        let within = |at: i32, whole_start: i32, whole: i32, room: i32| {
            let (one, other) = (whole_start, whole_start + whole - room);
            let air = i32::from(whole > room);
            at.clamp(one.min(other) - air, one.max(other) + air)
        };
        Point {
            x: within(pan.x, bounds.x, bounds.width, canvas.width),
            y: within(pan.y, bounds.y, bounds.height, canvas.height),
        }
    }

    /// Moves the view so that a rectangle is in the middle, or all of the picture where that fits. Of a rectangle that is
    /// larger than the view it is the beginning, and nobody looks beyond the picture.
    pub fn center(&mut self, rect: Option<Rect>, canvas: Size) {
        let bounds = self.bounds();
        let target = rect.unwrap_or(bounds);
        let middle = |start: i32, length: i32, whole_start: i32, whole: i32, room: i32| {
            if whole <= room {
                return whole_start - (room - whole) / 2;
            }
            // Of what is a little too large the end goes, not the beginning with its titles.
            if whole <= room + 2 && start + length < whole_start + room {
                return whole_start;
            }
            let is_cut = rect.is_some() && length + 2 >= room;
            let wanted = if is_cut { start - 1 } else { start + length / 2 - room / 2 };
            wanted.clamp(whole_start - 1, whole_start + whole + 1 - room)
        };
        self.pan = Point {
            x: middle(target.x, target.width, bounds.x, bounds.width, canvas.width),
            y: middle(target.y, target.height, bounds.y, bounds.height, canvas.height),
        };
    }
}

/// From a cell to before another.
type Span = (i32, i32);

/// Where a view may begin along an axis so that something is in it with a cell of air: as near to where it is as can be, or
/// so that something else is in it, too.
fn starts(from: i32, room: i32, keep: Span, others: impl Iterator<Item = Span>) -> Vec<i32> {
    let (first, last) = (keep.1 + 1 - room, keep.0 - 1);
    if first > last {
        // What is larger than the view is shown from its beginning.
        return vec![last];
    }
    let edges = others.flat_map(|(start, end)| [start - 1, end + 1 - room]);
    std::iter::once(from.clamp(first, last)).chain(edges.filter(|start| (first..=last).contains(start))).collect()
}
