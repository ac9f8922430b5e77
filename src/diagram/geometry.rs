//! Integer geometry in terminal cells: points, sizes, half-open rectangles and the four directions.

/// A cell position. `x` grows to the right, `y` grows downwards; negative values are valid world coordinates.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub struct Point {
    /// Column, in cells.
    pub x: i32,
    /// Row, in cells.
    pub y: i32,
}

impl Point {
    /// A point from its column and row.
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// The neighbouring cell in the given direction.
    pub const fn step(self, side: Side) -> Self {
        let (dx, dy) = side.delta();
        Self { x: self.x + dx, y: self.y + dy }
    }
}

/// A width and a height in cells.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub struct Size {
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
}

impl Size {
    /// A size from its width and height.
    pub const fn new(width: i32, height: i32) -> Self {
        Self { width, height }
    }
}

/// A half-open rectangle of cells: it holds the columns `x..x + width` and the rows `y..y + height`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub struct Rect {
    /// Leftmost column.
    pub x: i32,
    /// Topmost row.
    pub y: i32,
    /// Number of columns.
    pub width: i32,
    /// Number of rows.
    pub height: i32,
}

impl Rect {
    /// A rectangle from its top left cell and its extent.
    pub const fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x, y, width, height }
    }

    /// The rectangle of the given size whose top left cell is `origin`.
    pub const fn at(origin: Point, size: Size) -> Self {
        Self::new(origin.x, origin.y, size.width, size.height)
    }

    /// First column to the right of the rectangle.
    pub const fn right(&self) -> i32 {
        self.x.saturating_add(self.width)
    }

    /// First row below the rectangle.
    pub const fn bottom(&self) -> i32 {
        self.y.saturating_add(self.height)
    }

    /// Top left cell.
    pub const fn origin(&self) -> Point {
        Point::new(self.x, self.y)
    }

    /// Extent in cells.
    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }

    /// Whether it holds no cell.
    pub const fn is_empty(&self) -> bool {
        self.width <= 0 || self.height <= 0
    }

    /// Whether the cell lies in the rectangle.
    pub const fn contains(&self, point: Point) -> bool {
        point.x >= self.x && point.x < self.right() && point.y >= self.y && point.y < self.bottom()
    }

    /// Whether every cell of `other` lies in this rectangle.
    pub const fn covers(&self, other: &Self) -> bool {
        other.x >= self.x && other.right() <= self.right() && other.y >= self.y && other.bottom() <= self.bottom()
    }

    /// Whether the two rectangles share a cell.
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Steps from a cell to the nearest one of these; none from inside.
    pub fn distance(&self, point: Point) -> i32 {
        let aside = (self.x - point.x).max(point.x - self.right() + 1).max(0);
        aside + (self.y - point.y).max(point.y - self.bottom() + 1).max(0)
    }

    /// The smallest rectangle holding both; an empty one counts for nothing.
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self::new(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }

    /// The rectangle with `amount` cells taken off every side (negative amounts grow it).
    pub const fn inset(&self, amount: i32) -> Self {
        Self::new(self.x + amount, self.y + amount, self.width - 2 * amount, self.height - 2 * amount)
    }

    /// The rectangle with `columns` added on the left and right and `rows` on the top and bottom.
    pub const fn grown(&self, columns: i32, rows: i32) -> Self {
        Self::new(self.x - columns, self.y - rows, self.width + 2 * columns, self.height + 2 * rows)
    }

    /// The middle cell (rounded towards the top left).
    pub const fn center(&self) -> Point {
        Point::new(self.x + (self.width - 1) / 2, self.y + (self.height - 1) / 2)
    }

    /// The rectangle moved by the given number of cells.
    pub const fn shifted(&self, columns: i32, rows: i32) -> Self {
        Self::new(self.x + columns, self.y + rows, self.width, self.height)
    }
}

/// One of the four directions a wire can run in, and equally one of the four sides of a cell or box.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Side {
    /// Towards smaller rows.
    Up,
    /// Towards larger columns.
    Right,
    /// Towards larger rows.
    Down,
    /// Towards smaller columns.
    Left,
}

impl Side {
    /// All four, clockwise from the top.
    pub const ALL: [Self; 4] = [Self::Up, Self::Right, Self::Down, Self::Left];

    /// Position in [`Side::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The bit that stands for this side in an arm mask.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The facing side.
    pub const fn opposite(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Right => Self::Left,
            Self::Down => Self::Up,
            Self::Left => Self::Right,
        }
    }

    /// Whether it is `Left` or `Right`.
    pub const fn is_horizontal(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }

    /// Column and row change of one step.
    pub const fn delta(self) -> (i32, i32) {
        match self {
            Self::Up => (0, -1),
            Self::Right => (1, 0),
            Self::Down => (0, 1),
            Self::Left => (-1, 0),
        }
    }

    /// The direction of the step from one cell to a neighbouring one, if they are neighbours.
    pub fn between(from: Point, to: Point) -> Option<Self> {
        Self::ALL.into_iter().find(|side| from.step(*side) == to)
    }

    /// The side of `area` that the outside cell touches, if it touches one (corners touch none).
    pub fn touching(area: &Rect, outside: Point) -> Option<Self> {
        Self::ALL.into_iter().find(|side| !area.contains(outside) && area.contains(outside.step(side.opposite())))
    }
}
