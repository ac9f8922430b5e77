//! The painted diagram: what to draw ([`Art`]), and the resulting cells with their owners ([`Scene`]).

use std::fmt;

use super::geometry::Rect;
use super::text::graphemes;
use super::{Diagram, Index};

/// What kind of thing a box stands for; each has its own frame, recognisable without colour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Shape {
    /// Someone or something outside the system: square corners, `<..>` on one row.
    #[default]
    Actor,
    /// A process: round corners, `(..)`.
    Service,
    /// An entry point of a service: round on the left with a tab, `{..}`.
    Endpoint,
    /// Stored data: double above and below, `[..]`.
    Dataset,
    /// A role or group of permissions: dashed, `‹..›`.
    Role,
    /// A folded boundary: double all around, `╡..╞`.
    Zone,
    /// Several datasets as one: like a dataset with a second edge, `[[..]]`.
    Stack,
}

/// A short text in the lower edge of a box.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BadgeArt {
    /// What stands there.
    pub text: String,
    /// What it means, for forms that have no room to be short.
    pub meaning: String,
    /// Passed on to its cells.
    pub tone: u8,
}

/// How a wire is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Stroke {
    /// `─`: plain. `-` where there is no box drawing.
    #[default]
    Light,
    /// `━`: encrypted. `~` where there is no box drawing.
    Heavy,
    /// `╌` on straight runs: nobody knows whether it is encrypted. `- -` where there is no box drawing.
    Dashed,
    /// `┈` on straight runs: access that grants imply. `.` where there is no box drawing.
    Dotted,
}

/// How a box is drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NodeArt {
    /// Frame.
    pub shape: Shape,
    /// Text rows; the first one only where the box is one row high.
    pub lines: Vec<String>,
    /// Whether the text begins at the left edge; otherwise it stands in the middle.
    pub left: bool,
    /// What stands in the lower edge, the most important first; what has no room is left out, which is marked.
    pub badges: Vec<BadgeArt>,
    /// Drawn with heavy lines; its frame and its first line are flagged in their cells.
    pub selected: bool,
    /// Flagged in its cells.
    pub dimmed: bool,
    /// Drawn with a mark.
    pub marked: bool,
    /// Passed on to its cells.
    pub tone: u8,
}

/// How a flow is drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WireArt {
    /// Line.
    pub stroke: Stroke,
    /// Text, drawn where the wire has room for a label.
    pub label: String,
    /// The same in full words, for forms that have no room to be short.
    pub meaning: String,
    /// Flagged in its cells and drawn above others.
    pub selected: bool,
    /// Flagged in its cells and drawn below others.
    pub dimmed: bool,
    /// Passed on to its cells.
    pub tone: u8,
}

/// How a boundary is drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoundaryArt {
    /// Text in the notch of the top wall.
    pub title: String,
    /// Flagged in its cells.
    pub selected: bool,
    /// Flagged in its cells.
    pub dimmed: bool,
    /// Passed on to its cells.
    pub tone: u8,
}

/// How everything is drawn; entries match the vectors of the graph, missing ones are drawn plainly.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Art {
    /// Boxes.
    pub nodes: Vec<NodeArt>,
    /// Boundaries.
    pub boundaries: Vec<BoundaryArt>,
    /// Flows.
    pub wires: Vec<WireArt>,
    /// What will lie over the drawing: titles of boundaries stand beside it where their walls have room for them.
    pub covered: Option<Rect>,
}

/// What a cell belongs to, for hit tests.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Owner {
    /// Empty ground.
    #[default]
    Nothing,
    /// A box.
    Node(usize),
    /// The wall or title of a boundary.
    Boundary(usize),
    /// A wire or its label.
    Wire(usize),
}

/// What part of a drawing a cell shows, for colouring.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Ink {
    /// Empty ground.
    #[default]
    Ground,
    /// Wall of a boundary.
    BoundaryWall,
    /// Title of a boundary.
    BoundaryTitle,
    /// Frame of a box.
    NodeFrame,
    /// Text and inside of a box.
    NodeText,
    /// A badge in the edge of a box.
    Badge,
    /// A wire.
    Wire,
    /// Text of a flow.
    WireLabel,
    /// Head of a wire, or an off-page marker.
    Arrow,
    /// Where a wire pierces a wall.
    Crossing,
}

/// The glyphs to use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Charset {
    /// Box-drawing characters.
    #[default]
    Unicode,
    /// `+ - | = # > v` and the like; texts are passed on as they are.
    Ascii,
}

/// One grapheme, stored in place. Empty for the second cell of a wide grapheme.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol {
    length: u8,
    bytes: [u8; Symbol::CAPACITY],
}

impl Symbol {
    const CAPACITY: usize = 23;

    /// The grapheme given; one too long to be stored is replaced by its first character.
    pub fn new(grapheme: &str) -> Self {
        let mut bytes = [0; Self::CAPACITY];
        let end = if grapheme.len() <= Self::CAPACITY {
            grapheme.len()
        } else {
            grapheme.chars().next().map_or(0, char::len_utf8)
        };
        bytes[..end].copy_from_slice(&grapheme.as_bytes()[..end]);
        Self { length: end as u8, bytes }
    }

    /// The grapheme.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

/// One cell of a scene.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// What to print; empty for the second cell of a wide grapheme.
    pub symbol: Symbol,
    /// What part of the drawing it shows.
    pub ink: Ink,
    /// What it belongs to.
    pub owner: Owner,
    /// Whether the owner is selected.
    pub selected: bool,
    /// Whether the owner is dimmed.
    pub dimmed: bool,
    /// The tone of the owner.
    pub tone: u8,
}

impl Cell {
    /// Empty ground.
    pub fn ground() -> Self {
        Self {
            symbol: Symbol::new(" "),
            ink: Ink::Ground,
            owner: Owner::Nothing,
            selected: false,
            dimmed: false,
            tone: 0,
        }
    }
}

/// The cells of a viewport.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scene {
    viewport: Rect,
    cells: Vec<Cell>,
    outside: Cell,
}

impl Scene {
    pub(crate) fn new(viewport: Rect, cells: Vec<Cell>) -> Self {
        Self { viewport, cells, outside: Cell::ground() }
    }

    /// The world cells shown.
    pub const fn viewport(&self) -> Rect {
        self.viewport
    }

    /// Columns and rows are counted from the top left corner of the viewport; outside of it there is only ground.
    pub fn cell(&self, x: i32, y: i32) -> &Cell {
        if x < 0 || y < 0 || x >= self.viewport.width || y >= self.viewport.height {
            return &self.outside;
        }
        self.cells.get((y as usize) * (self.viewport.width as usize) + x as usize).unwrap_or(&self.outside)
    }

    /// What the cell belongs to, counted like in [`Scene::cell`].
    pub fn owner_at(&self, x: i32, y: i32) -> Owner {
        self.cell(x, y).owner
    }

    /// The rows as text, trailing blanks cut, each ended by a line feed.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for y in 0..self.viewport.height {
            let row: String = (0..self.viewport.width).map(|x| self.cell(x, y).symbol.as_str().to_owned()).collect();
            text.push_str(row.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Paints the part of a diagram that lies in the viewport (world cells). Things partly in view are clipped. Viewports
/// are cut to at most [`LARGEST_VIEW`] cells in each direction.
pub fn paint(diagram: &Diagram, art: &Art, viewport: Rect, charset: Charset) -> Scene {
    paint_in_view(diagram, &Index::new(diagram), art, viewport, charset)
}

/// The same with an index of the diagram at hand, which saves most of the work where little of it is in view.
pub fn paint_in_view(diagram: &Diagram, index: &Index, art: &Art, viewport: Rect, charset: Charset) -> Scene {
    let viewport = Rect::new(
        viewport.x.clamp(-FURTHEST, FURTHEST),
        viewport.y.clamp(-FURTHEST, FURTHEST),
        viewport.width.clamp(0, LARGEST_VIEW),
        viewport.height.clamp(0, LARGEST_VIEW),
    );
    super::paint::paint(diagram, index, art, viewport, charset)
}

/// The largest extent of a viewport, in cells.
pub const LARGEST_VIEW: i32 = 8000;

/// Viewports further out than this are pulled in; nothing is drawn there.
const FURTHEST: i32 = 1 << 28;

/// Columns that a box needs for its badges, corners included; zero where there are none.
pub fn badges_width<'a>(texts: impl Iterator<Item = &'a str>) -> i32 {
    let sum: i32 = texts.map(|text| text_width(text) + 1).sum();
    if sum == 0 { 0 } else { sum + 3 }
}

/// A text in at most so many cells, with an ellipsis where something was cut.
pub fn shortened(text: &str, room: i32) -> String {
    super::text::shorten(text, room, "…").into_iter().map(|(grapheme, _)| grapheme).collect()
}

/// Display width of a text in cells, counted like [`paint`] does.
pub fn text_width(text: &str) -> i32 {
    graphemes(text).map(|(_, width)| width).sum()
}
