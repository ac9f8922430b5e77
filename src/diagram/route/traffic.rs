//! Which wires run through which cells, summed up so that the search can judge a cell at a glance.

use super::super::geometry::Side;
use super::grid::NONE;

/// A wire passing a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    /// Index of the wire.
    pub wire: u32,
    /// The tree that it belongs to at the box it comes from.
    pub source: u32,
    /// The tree that it belongs to at the box it goes to.
    pub target: u32,
    /// Direction of motion into the cell.
    pub entry: Side,
    /// Direction of motion out of the cell.
    pub exit: Side,
    /// Whether this is the first cell of the wire.
    pub starts: bool,
    /// Whether this is the last cell of the wire.
    pub stops: bool,
}

impl Passage {
    /// Whether it runs straight on, from cell to cell.
    pub const fn is_straight(&self) -> bool {
        self.entry as u8 == self.exit as u8 && !self.starts && !self.stops
    }
}

/// Wires of one tree in a cell: they share their source, or their target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Group {
    /// How many.
    pub count: u16,
    /// Sides of the cell connected, as bits.
    pub arms: u8,
    /// Whether a wire starts here.
    pub starts: bool,
    /// Whether a wire stops here.
    pub stops: bool,
    /// The common source, or [`NONE`].
    pub source: u32,
    /// The common target, or [`NONE`].
    pub target: u32,
    /// The direction in which wires of a common source come in.
    pub entry: Side,
    /// Whether they come in from several sides: some joined others on the way to a common target. Nobody else may run
    /// along from the common source then, since that is no common beginning for all of them.
    pub mixed: bool,
    /// The direction in which wires of a common target go out.
    pub exit: Side,
}

impl Group {
    const EMPTY: Self = Self {
        count: 0,
        arms: 0,
        starts: false,
        stops: false,
        source: NONE,
        target: NONE,
        entry: Side::Up,
        mixed: false,
        exit: Side::Up,
    };

    /// Whether nobody is here.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether it runs straight through, without bend, junction or end.
    pub const fn is_straight(&self) -> bool {
        let level = Side::Left.bit() | Side::Right.bit();
        let upright = Side::Up.bit() | Side::Down.bit();
        (self.arms == level || self.arms == upright) && !self.starts && !self.stops
    }

    /// Whether a wire of this tree, coming in this way, may run along with them from their common source.
    pub fn is_trunk(&self, source: u32, entry: Side) -> bool {
        self.source == source && self.entry == entry && !self.mixed
    }

    fn add(&mut self, passage: &Passage) {
        if self.count == 0 {
            self.source = passage.source;
            self.target = passage.target;
            self.entry = passage.entry;
            self.exit = passage.exit;
        }
        self.mixed |= self.count > 0 && (self.entry != passage.entry || self.starts != passage.starts);
        if self.source != passage.source {
            self.source = NONE;
        }
        if self.target != passage.target {
            self.target = NONE;
        }
        self.count = self.count.saturating_add(1);
        self.arms |= passage.entry.opposite().bit() | passage.exit.bit();
        self.starts |= passage.starts;
        self.stops |= passage.stops;
    }
}

/// The wires in a cell: one tree, or two that cross (`first` level, `second` upright).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Occupancy {
    /// The only tree, or the level one.
    pub first: Group,
    /// The upright one of two that cross.
    pub second: Group,
}

impl Occupancy {
    /// Nobody.
    pub const EMPTY: Self = Self { first: Group::EMPTY, second: Group::EMPTY };

    /// Whether nobody is here.
    pub const fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Whether two trees cross here.
    pub const fn is_crossing(&self) -> bool {
        !self.second.is_empty()
    }

    fn of<'a>(passages: impl Iterator<Item = &'a Passage> + Clone) -> Self {
        let level = |passage: &Passage| passage.entry.is_horizontal();
        let is_any = passages.clone().any(level);
        let crossing = is_any && passages.clone().all(Passage::is_straight) && !passages.clone().all(level);
        let mut result = Self::EMPTY;
        for passage in passages {
            if crossing && !level(passage) { result.second.add(passage) } else { result.first.add(passage) }
        }
        result
    }
}

/// The wires in a cell with several of them.
struct Entry {
    passages: Vec<Passage>,
    summary: Occupancy,
}

/// The trees of a wire: that at the box it comes from, and that at the box it goes to.
pub(super) type Trees = (u32, u32);

/// The mark of a cell with one wire, which is told in place.
const SINGLE: u32 = 1 << 31;

/// So many bits tell how a wire passes a cell.
const MOTION: u32 = 6;

/// All passages, cell by cell. Most cells of a large page see no wire or one: they take four bytes.
pub(super) struct Traffic {
    /// Per cell zero, the only passage, or the place of its entry plus one.
    cells: Vec<u32>,
    entries: Vec<Entry>,
    /// The trees of every wire.
    trees: Vec<Trees>,
}

impl Traffic {
    /// No wires on the given number of cells.
    pub fn new(cells: usize, trees: Vec<Trees>) -> Self {
        Self { cells: vec![0; cells], entries: Vec::new(), trees }
    }

    fn entry(&self, cell: usize) -> Option<&Entry> {
        self.entries.get((self.cells[cell] as usize).checked_sub(1)?)
    }

    /// The only passage of a cell.
    fn single(&self, cell: usize) -> Option<Passage> {
        let code = self.cells[cell];
        let wire = (code & !SINGLE) >> MOTION;
        let side = |shift: u32| Side::ALL[(code >> shift) as usize % Side::ALL.len()];
        let is_set = |bit: u32| code & (1 << bit) != 0;
        (code & SINGLE != 0).then(|| {
            let (source, target) = self.trees[wire as usize];
            Passage { wire, source, target, entry: side(0), exit: side(2), starts: is_set(4), stops: is_set(5) }
        })
    }

    /// The wires in a cell, summed up.
    pub fn at(&self, cell: usize) -> Occupancy {
        match self.single(cell) {
            Some(passage) => Occupancy::of([&passage].into_iter()),
            None => self.entry(cell).map_or(Occupancy::EMPTY, |entry| entry.summary),
        }
    }

    /// The wires in a cell.
    pub fn passages(&self, cell: usize) -> impl Iterator<Item = Passage> {
        let single = self.single(cell);
        let several = if single.is_some() { None } else { self.entry(cell) };
        single.into_iter().chain(several.into_iter().flat_map(|entry| &entry.passages).copied())
    }

    /// Adds a passage of a wire: how it comes in and goes out, and whether it starts or stops here.
    pub fn add(&mut self, cell: usize, wire: u32, (entry, exit): (Side, Side), (starts, stops): (bool, bool)) {
        let motion = entry as u32 | (exit as u32) << 2 | u32::from(starts) << 4 | u32::from(stops) << 5;
        if self.cells[cell] == 0 && wire < SINGLE >> MOTION {
            self.cells[cell] = SINGLE | wire << MOTION | motion;
            return;
        }
        if self.entry(cell).is_none() || self.single(cell).is_some() {
            let passages: Vec<Passage> = self.single(cell).into_iter().collect();
            self.entries.push(Entry { passages, summary: Occupancy::EMPTY });
            self.cells[cell] = self.entries.len() as u32;
        }
        let (source, target) = self.trees[wire as usize];
        let own = &mut self.entries[self.cells[cell] as usize - 1];
        own.passages.push(Passage { wire, source, target, entry, exit, starts, stops });
        own.summary = Occupancy::of(own.passages.iter());
    }

    /// Removes the passages of a wire.
    pub fn remove(&mut self, cell: usize, wire: u32) {
        if let Some(passage) = self.single(cell) {
            if passage.wire == wire {
                self.cells[cell] = 0;
            }
        } else if let Some(place) = (self.cells[cell] as usize).checked_sub(1) {
            let entry = &mut self.entries[place];
            entry.passages.retain(|passage| passage.wire != wire);
            entry.summary = Occupancy::of(entry.passages.iter());
        }
    }
}
