//! What is being drawn over the map: the wire of a new flow and the box at which it would end, the rectangle of marks.

use super::Canvas;
use crate::app::App;
use crate::app::drag::{End, end_of_flow, region};
use crate::diagram::{Point, Rect as Area, ghost};
use ratatui::style::{Modifier, Style};

/// The box at which a flow that is being drawn would end.
pub fn target(app: &App) -> Option<usize> {
    let (from, at) = app.drag.as_ref()?.flow()?;
    match end_of_flow(app, from, at) {
        End::At(id) => app.map.box_of(&id),
        _ => None,
    }
}

/// Paints it over the map.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Area) {
    let style = Style::new().fg(canvas.palette.accent).add_modifier(Modifier::BOLD);
    // No name is hidden by a line over the map: it runs behind the boxes.
    let boxes = &app.map.diagram.placement.nodes;
    let mut put = |world: Point, symbol: &str| {
        let at = Point::new(area.x + world.x - app.map.pan.x, area.y + world.y - app.map.pan.y);
        if area.contains(at) && !boxes.iter().any(|rect| rect.contains(world)) {
            canvas.text(at.x, at.y, symbol, 1, style);
        }
    };
    let glyphs = if app.settings.ascii { ["+"; 4] } else { ["┌", "┐", "└", "┘"] };
    let (level, upright, dot) = if app.settings.ascii { ("-", "|", "*") } else { ("╌", "╎", "•") };
    if let Some((from, at)) = app.drag.as_ref().and_then(|drag| drag.flow())
        && let Some(rect) = app.map.rect_of(from)
    {
        for cell in ghost(&rect, at) {
            put(cell, dot);
        }
    }
    if let Some(region) = region(app) {
        // That of the keys ends where boxes end: its frame stands around them.
        let region = if app.drag.is_none() { region.grown(1, 1) } else { region };
        let (right, bottom) = (region.right() - 1, region.bottom() - 1);
        let view = Area::new(app.map.pan.x, app.map.pan.y, area.width, area.height);
        for x in region.x.max(view.x)..region.right().min(view.right()) {
            put(Point::new(x, region.y), level);
            put(Point::new(x, bottom), level);
        }
        for y in region.y.max(view.y)..region.bottom().min(view.bottom()) {
            put(Point::new(region.x, y), upright);
            put(Point::new(right, y), upright);
        }
        let corners = [(region.x, region.y), (right, region.y), (region.x, bottom), (right, bottom)];
        for ((x, y), glyph) in corners.into_iter().zip(glyphs) {
            put(Point::new(x, y), glyph);
        }
    }
}
