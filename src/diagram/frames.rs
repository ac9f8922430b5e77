//! Frames of boxes: the glyphs of every shape, plain and selected, with and without box drawing.

use super::scene::{Charset, Shape};

/// The glyphs of a box.
pub(crate) struct Frame {
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Top and bottom edges.
    pub level: &'static str,
    /// Left and right edges.
    pub sides: [&'static str; 2],
    /// A glyph on the middle row of the left edge, if it differs.
    pub tab: Option<&'static str>,
}

const fn frame(corners: [&'static str; 4], level: &'static str, sides: [&'static str; 2]) -> Frame {
    Frame { corners, level, sides, tab: None }
}

/// The frame of a box at least three rows high.
pub(crate) fn of(shape: Shape, selected: bool, charset: Charset) -> Frame {
    match (charset, selected) {
        (Charset::Unicode, false) => match shape {
            Shape::Actor => frame(["┌", "┐", "└", "┘"], "─", ["│", "│"]),
            Shape::Service => frame(["╭", "╮", "╰", "╯"], "─", ["│", "│"]),
            Shape::Endpoint => Frame { tab: Some("┤"), ..frame(["╭", "┐", "╰", "┘"], "─", ["│", "│"]) },
            Shape::Dataset => frame(["╒", "╕", "╘", "╛"], "═", ["│", "│"]),
            Shape::Role => frame(["┌", "┐", "└", "┘"], "╌", ["╎", "╎"]),
            Shape::Zone => frame(["╔", "╗", "╚", "╝"], "═", ["║", "║"]),
            Shape::Stack => frame(["╒", "╗", "╘", "╝"], "═", ["│", "║"]),
        },
        // Heavy lines; what heavy lines have no glyph for (round corners, double edges) keeps the shape apart.
        (Charset::Unicode, true) => match shape {
            Shape::Actor => frame(["┏", "┓", "┗", "┛"], "━", ["┃", "┃"]),
            Shape::Service => frame(["╭", "╮", "╰", "╯"], "━", ["┃", "┃"]),
            Shape::Endpoint => Frame { tab: Some("┫"), ..frame(["╭", "┓", "╰", "┛"], "━", ["┃", "┃"]) },
            Shape::Dataset => frame(["┍", "┑", "┕", "┙"], "━", ["│", "│"]),
            Shape::Role => frame(["┏", "┓", "┗", "┛"], "╍", ["╏", "╏"]),
            Shape::Zone => frame(["╔", "╗", "╚", "╝"], "━", ["┃", "┃"]),
            Shape::Stack => frame(["┍", "┓", "┕", "┛"], "━", ["│", "┃"]),
        },
        (Charset::Ascii, _) => {
            let plain = match shape {
                Shape::Actor => frame(["+", "+", "+", "+"], "-", ["|", "|"]),
                Shape::Service => frame([".", ".", "'", "'"], "-", ["|", "|"]),
                Shape::Endpoint => Frame { tab: Some(">"), ..frame([".", "+", "'", "+"], "-", ["|", "|"]) },
                Shape::Dataset => frame(["+", "+", "+", "+"], "=", ["|", "|"]),
                Shape::Role => frame(["+", "+", "+", "+"], ".", [":", ":"]),
                Shape::Zone => frame(["#", "#", "#", "#"], "=", ["#", "#"]),
                Shape::Stack => frame(["+", "#", "+", "#"], "=", ["|", "#"]),
            };
            if selected { Frame { corners: ["*"; 4], ..plain } } else { plain }
        }
    }
}

/// The brackets of a box too low for a frame.
pub(crate) fn brackets(shape: Shape, charset: Charset) -> (&'static str, &'static str) {
    match (shape, charset) {
        (Shape::Actor, _) | (Shape::Role, Charset::Ascii) => ("<", ">"),
        (Shape::Service, _) => ("(", ")"),
        (Shape::Endpoint, _) => ("{", "}"),
        (Shape::Dataset, _) => ("[", "]"),
        (Shape::Role, Charset::Unicode) => ("‹", "›"),
        (Shape::Zone, Charset::Unicode) => ("╡", "╞"),
        (Shape::Zone, Charset::Ascii) => ("#", "#"),
        (Shape::Stack, _) => ("[[", "]]"),
    }
}
