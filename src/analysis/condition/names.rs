//! Numbers for elements, and what was read of them.
//!
//! An element is looked up by its name once, and by its number from then on. What conditions read is noted as [`Key`]s,
//! coarse on purpose: an answer can only change where something behind one of the keys that were read for it changes.

use crate::analysis::hash::FastMap;
use crate::model::{Section, Slug};
use std::sync::{Arc, OnceLock};

/// The number of a name. It stays as long as the [`Names`] are kept, whether or not there is such an element.
pub(crate) type Number = u32;

/// Something that conditions read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u32);

/// What of a name is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// The element itself: whether there is one, and its facts.
    Element,
    /// The exposure facts in which it occurs, and what they say.
    Exposures,
    /// The flows that start or end there.
    Flows,
    /// What is served by it or runs on it.
    Served,
    /// Through and around what kinds of service ways along flows lead to it.
    Ways,
    /// What all ways along flows and grants to it have in common.
    Points,
    /// Which controls guard it, or exposure facts in which it occurs.
    Guards,
    /// Which datasets relations join with it.
    Related,
}

/// So many keys a name has, and some room.
const ASPECTS: u32 = 8;

impl Key {
    /// Which exposure facts controls guard.
    pub const GUARDED: Key = Key(0);

    /// A key of an element.
    #[inline]
    pub fn of(number: Number, aspect: Aspect) -> Key {
        // The first names are behind the keys of the whole.
        Key((number + 1) * ASPECTS + aspect as u32)
    }

    /// Whether it is of the model as a whole.
    #[inline]
    pub fn is_whole(self) -> bool {
        self.0 < ASPECTS
    }

    /// The same of another numbering: the names below `common` have the same numbers, and those behind it these.
    pub fn renumbered(self, common: usize, beyond: &[Number]) -> Key {
        let number = (self.0 / ASPECTS).checked_sub(1).map(|number| number as usize);
        match number.and_then(|number| beyond.get(number.checked_sub(common)?)) {
            Some(number) => Key((number + 1) * ASPECTS + self.0 % ASPECTS),
            None => self,
        }
    }

    /// Its place in a table of all keys.
    #[inline]
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// A set of keys: a bit each, since it is asked of every key that was read anywhere.
#[derive(Debug, Default)]
pub(crate) struct KeySet(Vec<u64>);

impl KeySet {
    /// Puts a key in.
    pub fn put(&mut self, key: Key) {
        let (word, bit) = (key.at() / 64, 1 << (key.at() % 64));
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    /// Whether a key is in it.
    #[inline]
    pub fn has(&self, key: Key) -> bool {
        self.0.get(key.at() / 64).is_some_and(|word| word >> (key.at() % 64) & 1 == 1)
    }
}

/// Every name that was ever looked up, with its number. A copy shares what it has in common with the original.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(Arc<Table>);

#[derive(Debug, Clone)]
struct Table {
    /// By section; behind them the nodes of all four sections together, where references to any node look. Each is made when
    /// somebody looks there: nobody refers to flows, which are most of a large model.
    by_space: Vec<OnceLock<FastMap<Slug, Number>>>,
    /// By number: the name, and in which of these it is.
    names: Vec<(usize, Slug)>,
    /// By number, under which number the name of a node is read; nothing where nobody asked yet.
    nodes: Vec<Option<Number>>,
}

/// Where the nodes of all four sections stand together.
const NODES: usize = Section::ALL.len();

impl Default for Table {
    fn default() -> Table {
        Table { by_space: vec![OnceLock::new(); NODES + 1], names: Vec::new(), nodes: Vec::new() }
    }
}

impl Table {
    fn space(&self, space: usize) -> &FastMap<Slug, Number> {
        self.by_space[space].get_or_init(|| {
            let own = (0..).zip(&self.names).filter(|(_, (of, _))| *of == space);
            own.map(|(number, (_, slug))| (slug.clone(), number)).collect()
        })
    }

    /// The number of a name, a new one where it has none.
    fn put(&mut self, space: usize, slug: &Slug) -> Number {
        self.space(space);
        let Table { by_space, names, nodes } = self;
        let mut add = || Table::add(names, nodes, space, slug);
        match by_space[space].get_mut() {
            Some(known) => *known.entry(slug.clone()).or_insert_with(add),
            None => add(),
        }
    }

    fn add(names: &mut Vec<(usize, Slug)>, nodes: &mut Vec<Option<Number>>, space: usize, slug: &Slug) -> Number {
        let number = Number::try_from(names.len()).unwrap_or(Number::MAX);
        names.push((space, slug.clone()));
        nodes.push(None);
        number
    }
}

impl Names {
    /// Takes in all elements of a section, of which it knows no name yet, and gives their numbers. It costs less than to
    /// look up each.
    pub fn take_section<'s>(
        &mut self,
        section: Section,
        slugs: impl Iterator<Item = &'s Slug>,
        count: usize,
    ) -> Vec<Number> {
        let table = Arc::make_mut(&mut self.0);
        let names = if section.is_node() { 2 * count } else { count };
        table.names.reserve(names);
        table.nodes.reserve(names);
        // It is made anew, with these.
        table.by_space[section as usize].take();
        if section.is_node() {
            table.space(NODES);
            table.by_space[NODES].get_mut().into_iter().for_each(|nodes| nodes.reserve(count));
        }
        let number = |slug: &Slug| {
            let Table { names, nodes, .. } = &mut *table;
            let number = Table::add(names, nodes, section as usize, slug);
            if section.is_node() {
                table.nodes[number as usize] = Some(table.put(NODES, slug));
            }
            number
        };
        slugs.map(number).collect()
    }

    /// The number of a name of a section. What is no slug names nothing, and never will.
    pub fn number(&mut self, section: Section, slug: &str) -> Option<Number> {
        self.number_in(section as usize, slug)
    }

    /// The number of a name of a node, whatever its section.
    pub fn node(&mut self, slug: &str) -> Option<Number> {
        self.number_in(NODES, slug)
    }

    /// The number of an element as it is read: that of the node where it is one, since a reference may find another node
    /// of its name.
    pub fn read_as(&mut self, section: Section, slug: &str) -> Option<Number> {
        if section.is_node() { self.node(slug) } else { self.number(section, slug) }
    }

    /// The same, of a name of which the number is known.
    pub fn known_as(&mut self, section: Section, number: Number) -> Number {
        let at = number as usize;
        match self.0.nodes.get(at) {
            Some(None) if section.is_node() => {
                let slug = self.0.names[at].1.clone();
                let node = self.known_in(NODES, &slug);
                Arc::make_mut(&mut self.0).nodes[at] = Some(node);
                node
            }
            Some(Some(node)) => *node,
            _ => number,
        }
    }

    fn number_in(&mut self, space: usize, slug: &str) -> Option<Number> {
        if let Some(number) = self.0.space(space).get(slug) {
            return Some(*number);
        }
        let slug = Slug::new(slug).ok()?;
        Some(Arc::make_mut(&mut self.0).put(space, &slug))
    }

    /// The number of an element that is there.
    pub fn number_of(&mut self, section: Section, slug: &Slug) -> Number {
        self.known_in(section as usize, slug)
    }

    /// The number of a node that is there, whatever its section.
    pub fn node_of(&mut self, slug: &Slug) -> Number {
        self.known_in(NODES, slug)
    }

    fn known_in(&mut self, space: usize, slug: &Slug) -> Number {
        match self.0.space(space).get(slug) {
            Some(number) => *number,
            None => Arc::make_mut(&mut self.0).put(space, slug),
        }
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.0.names.len()
    }

    /// Takes in the names of a copy that was made when there were `common` of them. Gives the numbers that those have here
    /// which it has beyond.
    pub fn take_in(&mut self, copy: &Names, common: usize) -> Vec<Number> {
        copy.0.names[common..].iter().map(|(space, slug)| self.known_in(*space, slug)).collect()
    }
}

/// The keys that were read for one place, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reads {
    /// In which round a key was read last, by its place.
    last: Vec<u32>,
    round: u32,
    keys: Vec<Key>,
    /// What is read for something that is worked out once and kept, while it is worked out.
    kept: Option<Vec<Key>>,
    /// Whether nobody wants to know.
    off: bool,
}

impl Reads {
    /// For somebody who does not want to know what is read.
    pub fn off() -> Reads {
        Reads { off: true, ..Reads::default() }
    }

    /// Whether nobody wants to know.
    pub fn is_off(&self) -> bool {
        self.off
    }

    /// Begins with another place.
    pub fn start(&mut self) {
        self.round += 1;
        self.keys.clear();
    }

    /// Whether what is read is noted for this place alone, and not for something that is worked out once; and for which.
    pub fn round(&self) -> Option<u32> {
        self.kept.is_none().then_some(self.round)
    }

    /// Notes a key.
    #[inline]
    pub fn add(&mut self, key: Key) {
        if self.off {
            return;
        }
        if let Some(kept) = &mut self.kept {
            kept.push(key);
        }
        if key.at() >= self.last.len() {
            self.last.resize(key.at() + 1024, 0);
        }
        if self.last[key.at()] != self.round {
            self.last[key.at()] = self.round;
            self.keys.push(key);
        }
    }

    /// Begins with something that is worked out once; what comes back is for [`Reads::keep`].
    pub fn begin_kept(&mut self) -> Option<Vec<Key>> {
        self.kept.replace(Vec::new())
    }

    /// What was read for something that is worked out once: it is read again wherever that is used.
    pub fn keep(&mut self, outer: Option<Vec<Key>>) -> Box<[Key]> {
        let mut kept = std::mem::replace(&mut self.kept, outer).unwrap_or_default();
        kept.sort_unstable();
        kept.dedup();
        if let Some(outer) = &mut self.kept {
            outer.extend_from_slice(&kept);
        }
        kept.into()
    }

    /// What was read since the beginning of the place.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}
