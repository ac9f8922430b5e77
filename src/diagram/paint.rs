//! Painting: walls, wires, boxes and texts go onto a canvas of arm masks, glyphs are looked up once at the end.

use super::geometry::{Point, Rect, Side};
use super::glyph::{self, Arm, Arms};
use super::route::title_span;
use super::scene::{Art, BoundaryArt, Cell, Charset, Ink, NodeArt, Owner, Scene, Stroke, Symbol, WireArt};
use super::text::{graphemes, shorten};
use super::{Diagram, Index, frames};

/// The most columns that a connector for flows without a wire takes.
const CONNECTOR_WIDTH: i32 = 24;

/// Who is painting, and how its cells are flagged.
#[derive(Clone, Copy)]
struct Brush {
    owner: Owner,
    selected: bool,
    dimmed: bool,
    tone: u8,
}

#[derive(Clone, Copy, Default)]
struct Lines {
    arms: Arms,
    rounded: bool,
    pattern: Pattern,
}

/// How a straight piece of a wire is broken up; corners and junctions never are.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Pattern {
    #[default]
    Whole,
    Dotted,
    Dashed,
    /// The gap between two dashes, where there are no glyphs of dashes.
    Gap,
}

impl Pattern {
    /// Whether both belong to wires that look the same.
    fn is_like(self, other: Pattern) -> bool {
        let broken = |pattern| matches!(pattern, Pattern::Dashed | Pattern::Gap);
        self == other || (broken(self) && broken(other))
    }
}

struct Canvas {
    viewport: Rect,
    charset: Charset,
    /// What will lie over the drawing.
    covered: Rect,
    cells: Vec<Cell>,
    lines: Vec<Lines>,
}

impl Canvas {
    fn index(&self, point: Point) -> Option<usize> {
        let view = &self.viewport;
        view.contains(point).then(|| (point.y - view.y) as usize * view.width as usize + (point.x - view.x) as usize)
    }

    fn glyph(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.charset == Charset::Unicode { unicode } else { ascii }
    }

    fn flag(&mut self, index: usize, ink: Ink, brush: Brush) {
        let cell = &mut self.cells[index];
        cell.ink = ink;
        cell.owner = brush.owner;
        cell.selected = brush.selected;
        cell.dimmed = brush.dimmed;
        cell.tone = brush.tone;
    }

    /// Puts a glyph or grapheme, covering lines.
    fn put(&mut self, point: Point, symbol: &str, ink: Ink, brush: Brush) {
        if let Some(index) = self.index(point) {
            self.lines[index] = Lines::default();
            self.cells[index].symbol = Symbol::new(symbol);
            self.flag(index, ink, brush);
        }
    }

    /// Writes graphemes from the point on; a wide one that is cut by the edge of the view leaves a blank.
    fn write(&mut self, mut point: Point, text: &[(&str, i32)], ink: Ink, brush: Brush) {
        for (grapheme, width) in text {
            let second = Point::new(point.x + 1, point.y);
            if *width == 1 {
                self.put(point, grapheme, ink, brush);
            } else if self.index(point).is_some() && self.index(second).is_some() {
                self.put(point, grapheme, ink, brush);
                self.put(second, "", ink, brush);
            } else {
                self.put(point, " ", ink, brush);
                self.put(second, " ", ink, brush);
            }
            point.x += width;
        }
    }

    fn boundary(&mut self, index: usize, walls: &Rect, title_width: i32, art: &BoundaryArt) {
        let brush = Brush { owner: Owner::Boundary(index), selected: art.selected, dimmed: art.dimmed, tone: art.tone };
        if walls.is_empty() {
            return;
        }
        let view = self.viewport;
        let (right, bottom) = (walls.right() - 1, walls.bottom() - 1);
        let mut wall = |point: Point, sides: &[Side]| {
            if let Some(cell) = self.index(point) {
                for side in sides {
                    self.lines[cell].arms[side.index()] = Arm::Double;
                }
                self.flag(cell, Ink::BoundaryWall, brush);
            }
        };
        for x in (walls.x + 1).max(view.x)..right.min(view.right()) {
            wall(Point::new(x, walls.y), &[Side::Left, Side::Right]);
            wall(Point::new(x, bottom), &[Side::Left, Side::Right]);
        }
        for y in (walls.y + 1).max(view.y)..bottom.min(view.bottom()) {
            wall(Point::new(walls.x, y), &[Side::Up, Side::Down]);
            wall(Point::new(right, y), &[Side::Up, Side::Down]);
        }
        wall(walls.origin(), &[Side::Right, Side::Down]);
        wall(Point::new(right, walls.y), &[Side::Left, Side::Down]);
        wall(Point::new(walls.x, bottom), &[Side::Right, Side::Up]);
        wall(Point::new(right, bottom), &[Side::Left, Side::Up]);
        if !self.is_late(walls, title_width) {
            self.title(title_span(walls, title_width), art, brush);
        }
    }

    fn title(&mut self, span: Rect, art: &BoundaryArt, brush: Brush) {
        if span.width < 3 || art.title.is_empty() {
            return;
        }
        let title = shorten(&art.title, span.width - 2, self.glyph("…", "~"));
        let end = span.x + 1 + title.iter().map(|(_, width)| width).sum::<i32>();
        self.put(span.origin(), self.glyph("╡", "["), Ink::BoundaryWall, brush);
        self.write(Point::new(span.x + 1, span.y), &title, Ink::BoundaryTitle, brush);
        self.put(Point::new(end, span.y), self.glyph("╞", "]"), Ink::BoundaryWall, brush);
    }

    fn begins_out_of_view(&self, walls: &Rect) -> bool {
        walls.x < self.viewport.x && walls.right() > self.viewport.x
    }

    /// Whether the title can not be read where it belongs.
    fn is_late(&self, walls: &Rect, title_width: i32) -> bool {
        self.begins_out_of_view(walls) || title_span(walls, title_width).overlaps(&self.covered)
    }

    /// The title of a boundary that begins to the left of the view, or below what will lie over the drawing: it stands in
    /// the first part of the upper wall that can be seen, that no wire crosses and that has room for it.
    fn late_title(&mut self, index: usize, walls: &Rect, title_width: i32, art: &BoundaryArt) {
        if !self.is_late(walls, title_width) {
            return;
        }
        let (y, view) = (walls.y, self.viewport);
        let is_wall = |x: &i32| {
            let cell = self.index(Point::new(*x, y)).map(|cell| &self.cells[cell]);
            let is_own = |cell: &Cell| cell.ink == Ink::BoundaryWall && cell.owner == Owner::Boundary(index);
            cell.is_some_and(is_own) && !self.covered.contains(Point::new(*x, y))
        };
        let span = title_span(walls, title_width);
        let wanted = span.width;
        // A cell of wall on either side of it.
        let places = view.x.max(walls.x) + 1..walls.right().min(view.right()) - wanted;
        let found = places.into_iter().find(|x| (x - 1..=x + wanted).all(|x| is_wall(&x)));
        let place = found.map(|x| Rect::new(x, y, wanted, 1));
        if let Some(place) = place.or(Some(span).filter(|_| !self.begins_out_of_view(walls))) {
            let brush =
                Brush { owner: Owner::Boundary(index), selected: art.selected, dimmed: art.dimmed, tone: art.tone };
            self.title(place, art, brush);
        }
    }

    fn wire(&mut self, index: usize, diagram: &Diagram, runs: &Index, art: &WireArt) {
        let wire = &diagram.wires[index];
        let Some(edge) = diagram.graph.edges.get(wire.edge) else { return };
        let ends = diagram.placement.nodes.get(edge.from).zip(diagram.placement.nodes.get(edge.to));
        let (Some((source, target)), Some(first), Some(last)) = (ends, wire.path.first(), wire.path.last()) else {
            return;
        };
        let brush = wire_brush(index, art);
        let arm = if art.stroke == Stroke::Heavy { Arm::Heavy } else { Arm::Light };
        let out = Side::touching(source, *first).unwrap_or(Side::Down);
        let into = Side::touching(target, *last).map_or(out, Side::opposite);
        let end = wire.path.len();
        let step = |from: usize, to: usize| Side::between(wire.path[from], wire.path[to]).unwrap_or(out);
        // In which direction the wire comes into a cell of its path, and goes out of it.
        let motion = |slot: usize| {
            let entry = if slot == 0 { out } else { step(slot - 1, slot) };
            (entry, if slot + 1 == end { into } else { step(slot, slot + 1) })
        };
        let straight = |slot: usize| slot < end && motion(slot).0 == motion(slot).1;
        let mut painted = None;
        for (slots, cells) in runs.runs(diagram, index) {
            if !cells.overlaps(&self.viewport) {
                continue;
            }
            for slot in slots {
                let point = wire.path[slot];
                let Some(cell) = self.index(point) else { continue };
                // A bend belongs to two runs.
                if painted == Some(slot) {
                    continue;
                }
                painted = Some(slot);
                let (entry, exit) = motion(slot);
                let pierced = matches!(self.cells[cell].ink, Ink::BoundaryWall | Ink::Crossing);
                let lines = &mut self.lines[cell];
                let was_empty = lines.arms == Arms::default();
                for side in [entry.opposite(), exit] {
                    let current = &mut lines.arms[side.index()];
                    *current = (*current).max(arm);
                }
                lines.rounded = true;
                // A gap lies between two straight cells, so that dashes meet corners, boxes and walls; by its place on
                // the page, so that wires which run together have the same gaps.
                let between = slot > 0 && straight(slot - 1) && straight(slot + 1) && slot + 2 < wire.path.len();
                let own = match art.stroke {
                    Stroke::Dotted => Pattern::Dotted,
                    Stroke::Dashed if between && (point.x + point.y).rem_euclid(2) == 1 => Pattern::Gap,
                    Stroke::Dashed => Pattern::Dashed,
                    Stroke::Light | Stroke::Heavy => Pattern::Whole,
                };
                let kept = straight(slot) && (was_empty || lines.pattern.is_like(own));
                lines.pattern = if kept { own } else { Pattern::Whole };
                self.flag(cell, if pierced { Ink::Crossing } else { Ink::Wire }, brush);
            }
        }
    }

    /// Where the head of a wire is out of the view, an arrow on the last straight piece in view says where it goes: in the
    /// open if that can be, and never where another wire joins or crosses.
    fn course(&mut self, index: usize, diagram: &Diagram, art: &WireArt) {
        let wire = &diagram.wires[index];
        if wire.path.last().is_none_or(|last| self.index(*last).is_some()) {
            return;
        }
        let in_label = |point: Point| wire.label.is_some_and(|label| label.contains(point));
        let found = [true, false].into_iter().find_map(|in_the_open| {
            wire.path.windows(3).rev().find_map(|cells| {
                let (into, out) = (Side::between(cells[0], cells[1])?, Side::between(cells[1], cells[2])?);
                // Right before a label it would seem to point at that.
                let is_clear =
                    if in_the_open { !cells.iter().any(|cell| in_label(*cell)) } else { !in_label(cells[1]) };
                (into == out && is_clear && self.is_straight(cells[1], out)).then_some((cells[1], out))
            })
        });
        if let Some((point, side)) = found {
            self.put(point, self.arrow(side), Ink::Arrow, wire_brush(index, art));
        }
    }

    /// Whether a cell in view is a piece of line that goes on straight, or the arrow of one: one arrow will do for all that
    /// leave together.
    fn is_straight(&self, point: Point, along: Side) -> bool {
        self.index(point).is_some_and(|cell| {
            let across = Side::ALL.into_iter().filter(|side| side.is_horizontal() != along.is_horizontal());
            let passed = across.into_iter().any(|side| self.lines[cell].arms[side.index()] != Arm::None);
            matches!(self.cells[cell].ink, Ink::Wire | Ink::Arrow) && !passed
        })
    }

    fn arrow(&self, side: Side) -> &'static str {
        match side {
            Side::Up => self.glyph("▲", "^"),
            Side::Right => self.glyph("▶", ">"),
            Side::Left => self.glyph("◀", "<"),
            Side::Down => self.glyph("▼", "v"),
        }
    }

    /// Heads are put after all lines, so that nothing runs over them.
    fn head(&mut self, index: usize, diagram: &Diagram, art: &WireArt) {
        let wire = &diagram.wires[index];
        let target = diagram.graph.edges.get(wire.edge).and_then(|edge| diagram.placement.nodes.get(edge.to));
        let (Some(target), Some(last)) = (target, wire.path.last()) else { return };
        let head = self.arrow(Side::touching(target, *last).map_or(Side::Down, Side::opposite));
        self.put(*last, head, Ink::Arrow, wire_brush(index, art));
    }

    fn label(&mut self, index: usize, diagram: &Diagram, art: &WireArt) {
        if let Some(room) = diagram.wires[index].label {
            let label = shorten(&art.label, room.width, self.glyph("…", "~"));
            self.write(room.origin(), &label, Ink::WireLabel, wire_brush(index, art));
        }
    }

    fn node(&mut self, index: usize, area: &Rect, art: &NodeArt) {
        let brush = Brush { owner: Owner::Node(index), selected: art.selected, dimmed: art.dimmed, tone: art.tone };
        if !area.overlaps(&self.viewport) {
            return;
        }
        // What lights up is its frame and its title: the rest says what it said, and a step over the map changes little.
        let plain = Brush { selected: false, ..brush };
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                self.put(Point::new(x, y), " ", Ink::NodeText, plain);
            }
        }
        let mark = self.glyph("◆", "*");
        if area.height < 3 || area.width < 3 {
            self.low_node(area, art, mark, brush);
            return;
        }
        let frame = frames::of(art.shape, art.selected, self.charset);
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        for x in area.x + 1..right {
            self.put(Point::new(x, area.y), frame.level, Ink::NodeFrame, brush);
            self.put(Point::new(x, bottom), frame.level, Ink::NodeFrame, brush);
        }
        for y in area.y + 1..bottom {
            let middle = y == area.y + area.height / 2;
            let left = frame.tab.filter(|_| middle).unwrap_or(frame.sides[0]);
            self.put(Point::new(area.x, y), left, Ink::NodeFrame, brush);
            self.put(Point::new(right, y), frame.sides[1], Ink::NodeFrame, brush);
        }
        let corners = [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)];
        for ((x, y), corner) in corners.into_iter().zip(frame.corners) {
            self.put(Point::new(x, y), corner, Ink::NodeFrame, brush);
        }
        if art.marked {
            self.put(Point::new(area.x + 1, area.y), mark, Ink::NodeFrame, brush);
        }
        let inside = area.inset(1);
        let count = (art.lines.len() as i32).min(inside.height);
        let top = inside.y + (inside.height - count) / 2;
        let ellipsis = self.glyph("…", "~");
        for (row, line) in art.lines.iter().take(count as usize).enumerate() {
            let text = shorten(line, inside.width, ellipsis);
            let used: i32 = text.iter().map(|(_, width)| width).sum();
            let indent = if art.left { 1.min(inside.width - used) } else { (inside.width - used) / 2 };
            let brush = if row == 0 { brush } else { plain };
            self.write(Point::new(inside.x + indent, top + row as i32), &text, Ink::NodeText, brush);
        }
        self.badges(area, art, plain);
    }

    /// Badges stand in the lower edge: they take no row from the text, and no wire runs there.
    fn badges(&mut self, area: &Rect, art: &NodeArt, brush: Brush) {
        // A corner and a blank on either side.
        let mut room = area.width - 4;
        let mut start = Point::new(area.x + 2, area.bottom() - 1);
        for (at, badge) in art.badges.iter().enumerate() {
            let width: i32 = graphemes(&badge.text).map(|(_, width)| width).sum();
            // Where not all have room, the last columns say so.
            let needed = if at + 1 == art.badges.len() { width } else { width + 2 };
            let cut = needed > room;
            let text = if cut { self.glyph("…", "~") } else { badge.text.as_str() };
            if room < 1 {
                return;
            }
            let brush = Brush { tone: badge.tone, ..brush };
            self.put(Point::new(start.x - 1, start.y), " ", Ink::NodeFrame, brush);
            let text: Vec<(&str, i32)> = graphemes(text).collect();
            let used: i32 = text.iter().map(|(_, width)| width).sum();
            self.write(start, &text, Ink::Badge, brush);
            self.put(Point::new(start.x + used, start.y), " ", Ink::NodeFrame, brush);
            start.x += used + 1;
            room -= used + 1;
            if cut {
                return;
            }
        }
    }

    /// A box too low or too narrow for a frame: its text in brackets.
    fn low_node(&mut self, area: &Rect, art: &NodeArt, mark: &str, brush: Brush) {
        let (open, close) = frames::brackets(art.shape, self.charset);
        let bracket = open.chars().count() as i32;
        let (bracket, open, close) = if area.width >= 2 * bracket { (bracket, open, close) } else { (0, "", "") };
        let ellipsis = self.glyph("…", "~");
        for y in area.y..area.bottom() {
            for (slot, (left, right)) in open.split("").skip(1).zip(close.split("").skip(1)).enumerate() {
                if slot as i32 >= bracket {
                    break;
                }
                self.put(Point::new(area.x + slot as i32, y), left, Ink::NodeFrame, brush);
                let end = area.right() - bracket + slot as i32;
                self.put(Point::new(end, y), right, Ink::NodeFrame, brush);
            }
            let Some(line) = art.lines.get((y - area.y) as usize) else { continue };
            let mut room = area.width - 2 * bracket;
            let mut start = area.x + bracket;
            if art.marked && y == area.y && room > 1 {
                self.put(Point::new(start, y), mark, Ink::NodeFrame, brush);
                start += 1;
                room -= 1;
            }
            let text = shorten(line, room, ellipsis);
            let used: i32 = text.iter().map(|(_, width)| width).sum();
            self.write(Point::new(start + (room - used) / 2, y), &text, Ink::NodeText, brush);
        }
    }

    /// Connectors for flows without a wire, at both of their boxes: an arrow, where it leads, and how many there are.
    fn off_page(&mut self, diagram: &Diagram, index: &Index, art: &Art) {
        let is_near = |area: &Rect| !area.is_empty() && area.grown(CONNECTOR_WIDTH + 1, 1).overlaps(&self.viewport);
        let near: Vec<usize> =
            (0..diagram.placement.nodes.len()).filter(|at| is_near(&diagram.placement.nodes[*at])).collect();
        let ends = near.into_iter().flat_map(|node| index.loose_ends_of(node).chunk_by(|one, other| one.1 == other.1));
        for wires in ends {
            // What leads in one direction is told by the first of it.
            let (node, outgoing, first) = wires[0];
            let area = &diagram.placement.nodes[node];
            let edge = diagram.graph.edges.get(diagram.wires[first].edge);
            let other = edge.map_or(node, |edge| if outgoing { edge.to } else { edge.from });
            let name = art.nodes.get(other).and_then(|art| art.lines.first()).map_or("", String::as_str);
            let count = if wires.len() > 1 { format!("({})", wires.len()) } else { String::new() };
            let arrow = if outgoing { self.glyph("▸", ">") } else { self.glyph("◂", "<") };
            let ellipsis = self.glyph("…", "~");
            let room = CONNECTOR_WIDTH - 2 - if count.is_empty() { 0 } else { count.len() as i32 + 1 };
            let short: String = shorten(name, room, ellipsis).into_iter().map(|(grapheme, _)| grapheme).collect();
            let whole =
                [arrow, &short, &count].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            let counted = format!("{arrow}{count}");
            let texts = [whole.as_str(), counted.as_str(), arrow];
            let brush = wire_brush(first, art.wires.get(first).unwrap_or(&WireArt::default()));
            let place = texts.into_iter().find_map(|text| {
                let text: Vec<(&str, i32)> = graphemes(text).collect();
                let width = text.iter().map(|(_, width)| width).sum();
                self.place_beside(area, width, outgoing).map(|start| (start, text))
            });
            match place {
                Some((start, text)) => self.write(start, &text, Ink::Arrow, brush),
                // No room at all: the arrow takes a cell of the frame, for nothing goes missing.
                None => {
                    let x = if outgoing { area.right() - 1 } else { area.x };
                    self.put(Point::new(x, area.center().y), arrow, Ink::Arrow, brush);
                }
            }
        }
    }

    /// The nearest run of empty cells beside a box: to its right or left, below, above. What is out of view counts as
    /// empty, so that a mark that is partly in view stays where it is.
    fn place_beside(&self, area: &Rect, width: i32, right_first: bool) -> Option<Point> {
        let right = (0..area.height).map(|row| Point::new(area.right(), area.y + row));
        let left = (0..area.height).map(|row| Point::new(area.x - width, area.y + row));
        let middle = area.center().y;
        let mut sides: Vec<(bool, Point)> =
            right.map(|point| (!right_first, point)).chain(left.map(|point| (right_first, point))).collect();
        sides.sort_by_key(|(second, point)| (*second, (point.y - middle).abs(), point.y));
        let rows = [area.bottom(), area.y - 1];
        let level = rows.into_iter().flat_map(|y| (area.x..=(area.right() - width).max(area.x)).map(move |x| (x, y)));
        let candidates = sides.into_iter().map(|(_, point)| point).chain(level.map(|(x, y)| Point::new(x, y)));
        let is_free = |point: &Point| {
            (0..width).all(|column| {
                self.index(Point::new(point.x + column, point.y))
                    .is_none_or(|cell| self.cells[cell].owner == Owner::Nothing)
            })
        };
        candidates.into_iter().find(is_free)
    }

    /// How a cell of lines is broken up. What is no straight piece of one wire is whole, or a crossing would look like a
    /// corner; and there is no gap beside a cell that something else covers, or the hole would be larger than a gap.
    fn pattern(&self, at: usize) -> Pattern {
        let lines = &self.lines[at];
        let has = |side: Side| lines.arms[side.index()] != Arm::None;
        let level = has(Side::Left) || has(Side::Right);
        if self.cells[at].ink != Ink::Wire || level == (has(Side::Up) || has(Side::Down)) {
            return Pattern::Whole;
        }
        let columns = self.viewport.width as usize;
        let step = if level { 1 } else { columns };
        // What is out of view goes on as it does here.
        let is_line = |beside: Option<usize>| {
            let beside = beside.filter(|beside| !level || beside / columns == at / columns);
            beside.and_then(|beside| self.lines.get(beside)).is_none_or(|lines| lines.arms != Arms::default())
        };
        match lines.pattern {
            Pattern::Gap if !is_line(at.checked_sub(step)) || !is_line(Some(at + step)) => Pattern::Dashed,
            pattern => pattern,
        }
    }

    fn finish(mut self) -> Scene {
        for at in 0..self.cells.len() {
            let lines = self.lines[at];
            if lines.arms == Arms::default() {
                continue;
            }
            let level = lines.arms[Side::Left.index()] != Arm::None;
            let symbol = match (self.charset, self.pattern(at)) {
                (Charset::Unicode, Pattern::Dotted) if level => "┈",
                (Charset::Unicode, Pattern::Dotted) => "┊",
                // A blank would look like the end of a short wire.
                (Charset::Unicode, Pattern::Dashed | Pattern::Gap) if level => "╌",
                (Charset::Unicode, Pattern::Dashed | Pattern::Gap) => "╎",
                (Charset::Unicode, Pattern::Whole) => glyph::unicode(&lines.arms, lines.rounded),
                (Charset::Ascii, Pattern::Dotted) if level => ".",
                (Charset::Ascii, Pattern::Dotted) => ":",
                (Charset::Ascii, Pattern::Gap) => " ",
                (Charset::Ascii, Pattern::Whole | Pattern::Dashed) => glyph::ascii(&lines.arms),
            };
            self.cells[at].symbol = Symbol::new(symbol);
        }
        Scene::new(self.viewport, self.cells)
    }
}

const fn wire_brush(index: usize, art: &WireArt) -> Brush {
    Brush { owner: Owner::Wire(index), selected: art.selected, dimmed: art.dimmed, tone: art.tone }
}

/// Paints what lies in the viewport.
pub(crate) fn paint(diagram: &Diagram, index: &Index, art: &Art, viewport: Rect, charset: Charset) -> Scene {
    let count = (viewport.width.max(0) as usize) * (viewport.height.max(0) as usize);
    let (cells, lines) = (vec![Cell::ground(); count], vec![Lines::default(); count]);
    let mut canvas = Canvas { viewport, charset, covered: art.covered.unwrap_or_default(), cells, lines };
    let plain_boundary = BoundaryArt::default();
    for (at, walls) in diagram.placement.boundaries.iter().enumerate() {
        let title_width = diagram.graph.boundaries.get(at).map_or(0, |boundary| boundary.title_width);
        canvas.boundary(at, walls, title_width, art.boundaries.get(at).unwrap_or(&plain_boundary));
    }
    let plain = WireArt::default();
    let wire_art = |at: usize| art.wires.get(at).unwrap_or(&plain);
    let in_view = index.in_view(diagram, &viewport);
    let mut order: Vec<usize> = (0..diagram.wires.len()).filter(|at| in_view.wires[*at]).collect();
    order.sort_by_key(|at| (wire_art(*at).selected, !wire_art(*at).dimmed, *at));
    for at in &order {
        canvas.wire(*at, diagram, index, wire_art(*at));
    }
    for at in &order {
        canvas.head(*at, diagram, wire_art(*at));
        canvas.course(*at, diagram, wire_art(*at));
    }
    for at in &order {
        canvas.label(*at, diagram, wire_art(*at));
    }
    for (at, walls) in diagram.placement.boundaries.iter().enumerate() {
        let title_width = diagram.graph.boundaries.get(at).map_or(0, |boundary| boundary.title_width);
        canvas.late_title(at, walls, title_width, art.boundaries.get(at).unwrap_or(&plain_boundary));
    }
    let plain = NodeArt::default();
    for (at, area) in diagram.placement.nodes.iter().enumerate().filter(|(at, _)| in_view.nodes[*at]) {
        canvas.node(at, area, art.nodes.get(at).unwrap_or(&plain));
    }
    canvas.off_page(diagram, index, art);
    canvas.finish()
}

#[cfg(test)]
mod tests {
    use crate::diagram::geometry::Size;
    use crate::diagram::scene::{Art, BadgeArt, Charset, NodeArt, paint};
    use crate::diagram::{Graph, Node, arrange};

    /// What is selected lights up in its frame and its title; what else it says keeps its colours, and blanks none.
    #[test]
    fn a_selected_box_lights_up_where_it_is_named() {
        let node = Node { key: "a".into(), size: Size::new(20, 5), boundary: None, pin: None };
        let diagram = arrange(Graph { nodes: vec![node], ..Graph::default() });
        let badge = BadgeArt { text: "?8".into(), ..BadgeArt::default() };
        let art = |selected| NodeArt {
            lines: vec!["Title".into(), "facts".into()],
            badges: vec![badge.clone()],
            selected,
            ..NodeArt::default()
        };
        let scene = |selected| {
            let art = Art { nodes: vec![art(selected)], ..Art::default() };
            paint(&diagram, &art, diagram.bounds(), Charset::Unicode)
        };
        let (plain, lit) = (scene(false), scene(true));
        let cells = (0..5).flat_map(|y| (0..20).map(move |x| (x, y)));
        let lit_text: String = cells
            .clone()
            .filter(|(x, y)| lit.cell(*x, *y).selected)
            .map(|at| lit.cell(at.0, at.1).symbol.as_str().to_owned())
            .collect();
        let inside: String = lit_text.chars().filter(|symbol| symbol.is_alphanumeric()).collect();
        assert_eq!(inside, "Title");
        assert!(lit_text.contains('┏') || lit_text.contains('━'), "{lit_text}");
        assert!(cells.clone().all(|(x, y)| !plain.cell(x, y).selected));
        // Beside those cells nothing changes at all.
        let changed = cells.filter(|(x, y)| !lit.cell(*x, *y).selected && lit.cell(*x, *y) != plain.cell(*x, *y));
        assert_eq!(changed.count(), 0);
    }
}
