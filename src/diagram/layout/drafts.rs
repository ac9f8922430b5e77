//! Drafts: the way of every flow, column by column and track by track, as the layered drawing has room for it.
//!
//! A draft knows boxes, walls and other drafts only as far as the layers do. The router takes over what is legal as it is,
//! and looks for ways for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::geometry::{Point, Rect};
use super::super::graph::Graph;
use super::super::route::{most_wires, title_span};
use super::align::settle;
use super::blocks::Piece;
use super::layers::{Flow, Layered};
use super::nest::Nest;
use super::room::Axes;
use super::tracks::{Channel, Run, Step, Tracks, tracks};

/// How often both ends of all flows are attached: one end moves what the other one wishes.
const ROUNDS: usize = 2;

/// What the layers know of pieces and of flows between them.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// The pieces: the first vertices.
    pub pieces: &'a [Piece],
    /// The flows between them.
    pub flows: &'a [Flow],
    /// The flow that each edge belongs to, if any.
    pub flow_of: &'a [Option<usize>],
    /// The layer of every piece.
    pub rank: &'a [usize],
    /// Where every vertex starts along its layer.
    pub start: &'a [i32],
}

/// The way of one flow, from the upper box to the lower one.
struct Draft {
    edge: usize,
    flow: usize,
    /// Whether the flow itself runs from the upper box to the lower one.
    down: bool,
    /// The upper piece, the dummies, the lower piece.
    vertices: Vec<usize>,
    /// The column at each of them.
    columns: Vec<i32>,
    /// Whether it begins in a column with others, and whether it ends in one with others.
    bundled: [bool; 2],
    /// The numbers of its steps.
    steps: Range<usize>,
}

/// Drafts of all flows that can have one.
pub(super) struct Drafts {
    drafts: Vec<Draft>,
    steps: Vec<Step>,
    /// Where they run along the layers.
    pub tracks: Tracks,
}

/// An end of a draft at one side of a box.
struct End {
    draft: usize,
    /// The column in which the flow comes or goes on.
    wish: i32,
    /// Ends that may share a place: of flows of one kind that all begin here or all end here.
    kind: (bool, u8),
    /// Whether it goes on in a bundle at once. Two bundles in a row could not be told apart.
    is_held: bool,
}

/// More ends than these share one place where all are of one kind: that is one line to follow, and fewer crossings to see.
const BUNDLE: usize = 3;

/// Where the ends are attached on the columns from `low` to `high`: nothing for those that have no place left. They must be
/// sorted by what they wish.
fn attach(ends: &[End], low: i32, high: i32, taken: impl Fn(usize, i32) -> bool) -> Vec<Option<i32>> {
    let room = (high - low + 1).max(0) as usize;
    if ends.len() > BUNDLE && room > 0 && ends.iter().all(|end| end.kind == ends[0].kind && !end.is_held) {
        return vec![Some((low + high) / 2); ends.len()];
    }
    // Where there are more than places, neighbours of one kind share one.
    let mut runs: Vec<&[End]> = if ends.len() <= room {
        ends.chunks(1).collect()
    } else {
        ends.chunk_by(|one, two| one.kind == two.kind).collect()
    };
    let longest = |runs: &[&[End]]| (0..runs.len()).max_by_key(|run| runs[*run].len());
    while runs.len() < room.min(ends.len())
        && let Some(run) = longest(&runs)
    {
        let halves = runs[run].split_at(runs[run].len() / 2);
        runs.splice(run..=run, [halves.0, halves.1]);
    }
    while runs.len() > room
        && let Some(run) = (0..runs.len()).min_by_key(|run| runs[*run].len())
    {
        runs.remove(run);
    }
    let apart = if 2 * runs.len() <= room + 1 { 2 } else { 1 };
    let middle = |run: &[End]| run[run.len() / 2].wish.clamp(low, high);
    let wanted: Vec<(i32, i32)> = runs.iter().map(|run| (middle(run), 1)).collect();
    let count = runs.len() as i32;
    let places = settle(&wanted, &vec![apart; runs.len()]).into_iter().zip(0..);
    let place = |(place, slot): (i32, i32)| place.clamp(low + slot * apart, high - (count - 1 - slot) * apart);
    let mut places: Vec<i32> = places.map(place).collect();
    // Each steps aside from columns of others, as far as its neighbours let it.
    for (slot, run) in runs.iter().enumerate() {
        let first = slot.checked_sub(1).map_or(low, |before| places[before] + 1);
        let last = places.get(slot + 1).map_or(high, |after| after - 1);
        let open = |place: &i32| !run.iter().any(|end| taken(end.draft, *place));
        let nearest = (first..=last).filter(open).min_by_key(|place| ((place - places[slot]).abs(), *place));
        places[slot] = nearest.unwrap_or(places[slot]);
    }
    let shared = runs.iter().zip(places).flat_map(|(run, place)| run.iter().map(move |end| (end.draft, place)));
    let of: BTreeMap<usize, i32> = shared.collect();
    ends.iter().map(|end| of.get(&end.draft).copied()).collect()
}

impl Draft {
    /// Drafts of edges between two single boxes, one for each flow, the shortest first: for as many as are routed.
    fn all(graph: &Graph, layered: &Layered, known: &Known) -> Vec<Self> {
        let mut piece_of = vec![usize::MAX; graph.nodes.len()];
        for (index, piece) in known.pieces.iter().enumerate() {
            if let [member] = piece.members.as_slice() {
                piece_of[*member] = index;
            }
        }
        let mut drafted = vec![false; known.flows.len()];
        let mut drafts = Vec::new();
        for (index, edge) in graph.edges.iter().enumerate() {
            let (from, to) = (piece_of[edge.from], piece_of[edge.to]);
            let Some(flow) = known.flow_of[index].filter(|_| from.max(to) < usize::MAX) else { continue };
            let down = known.rank[from] < known.rank[to];
            let (upper, lower) = if down { (from, to) } else { (to, from) };
            let course = &layered.courses[flow];
            // Some long flows have no dummies.
            if std::mem::replace(&mut drafted[flow], true) || course.len() + 1 != known.rank[lower] - known.rank[upper]
            {
                continue;
            }
            let middle = |piece: usize| known.start[piece] + (known.pieces[piece].extent.0 - 1) / 2;
            let passed = course.iter().map(|dummy| known.start[*dummy]);
            drafts.push(Self {
                edge: index,
                flow,
                down,
                vertices: [upper].into_iter().chain(course.iter().copied()).chain([lower]).collect(),
                columns: [middle(upper)].into_iter().chain(passed).chain([middle(lower)]).collect(),
                bundled: [false; 2],
                steps: 0..0,
            });
        }
        drafts.sort_by_key(|draft| (draft.columns.len(), draft.edge));
        drafts.truncate(most_wires(graph));
        drafts
    }
}

/// Attaches all drafts to their upper boxes, or to their lower ones; those that find no place are left out.
fn attach_all(drafts: &mut Vec<Draft>, graph: &Graph, known: &Known, upper: bool) {
    let mut ends: Vec<Vec<End>> = Vec::new();
    ends.resize_with(known.pieces.len(), Vec::new);
    for (index, draft) in drafts.iter().enumerate() {
        let last = draft.columns.len() - 1;
        let (own, beside) = if upper { (0, 1) } else { (last, last - 1) };
        let kind = (draft.down == upper, graph.edges[draft.edge].strand);
        let is_held = draft.columns.len() == 2 && draft.bundled[usize::from(upper)];
        ends[draft.vertices[own]].push(End { draft: index, wish: draft.columns[beside], kind, is_held });
    }
    // By layer before and column: what is in that column after it, or before it.
    let mut facing: BTreeMap<(usize, i32), Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        let first = known.rank[draft.vertices[0]];
        for (slot, pair) in draft.columns.windows(2).enumerate() {
            facing.entry((first + slot, pair[usize::from(upper)])).or_default().push(index);
        }
    }
    let mut homeless = vec![false; drafts.len()];
    for (piece, mut ends) in ends.into_iter().enumerate() {
        ends.sort_by_key(|end| (end.wish, end.draft));
        let (start, extent) = (known.start[piece], known.pieces[piece].extent.0);
        let corner = i32::from(extent >= 3);
        let gap = if upper { known.rank[piece] } else { known.rank[piece].wrapping_sub(1) };
        let taken = |draft: usize, column: i32| {
            facing.get(&(gap, column)).is_some_and(|others| others.iter().any(|other| *other != draft))
        };
        let places = attach(&ends, start + corner, start + extent - 1 - corner, taken);
        for (end, place) in ends.iter().zip(&places) {
            let Draft { columns, bundled, .. } = &mut drafts[end.draft];
            let own = if upper { 0 } else { columns.len() - 1 };
            bundled[usize::from(!upper)] = places.iter().filter(|other| *other == place).count() > 1;
            match *place {
                Some(place) => columns[own] = place,
                None => homeless[end.draft] = true,
            }
        }
    }
    let mut homeless = homeless.into_iter();
    drafts.retain(|_| homeless.next() != Some(true));
}

/// All cells from corner to corner.
fn cells(corners: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut cells: Vec<(i32, i32)> = corners.first().copied().into_iter().collect();
    for pair in corners.windows(2) {
        let (mut at, end) = (pair[0], pair[1]);
        while at != end {
            at = (at.0 + (end.0 - at.0).signum(), at.1 + (end.1 - at.1).signum());
            cells.push(at);
        }
    }
    cells
}

/// Of every container the columns of its upper wall that its title takes, and those after it.
fn titles(graph: &Graph, axes: &Axes, layered: &Layered, known: &Known) -> Vec<(Range<i32>, Range<i32>)> {
    let mut titles = vec![(0..0, 0..0); graph.boundaries.len() + 1];
    if axes.right {
        return titles;
    }
    for row in &layered.rows {
        if let Some((left, right)) = row.walls {
            let walls = Rect::new(known.start[left], 0, known.start[right] + 1 - known.start[left], 3);
            let title = title_span(&walls, graph.boundaries[row.container - 1].title_width);
            titles[row.container] = (title.x..title.right(), title.right()..known.start[right]);
        }
    }
    titles
}

impl Drafts {
    /// Drafts of the flows of a layered graph, if it has any.
    pub fn new(graph: &Graph, nest: &Nest, axes: &Axes, layered: &Layered, known: &Known) -> Self {
        let mut drafts = if layered.drafted { Draft::all(graph, layered, known) } else { Vec::new() };
        for _ in 0..ROUNDS {
            attach_all(&mut drafts, graph, known, true);
            attach_all(&mut drafts, graph, known, false);
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut taken: BTreeSet<(usize, i32)> = BTreeSet::new();
        for draft in &drafts {
            let levels = known.rank[draft.vertices[0]]..;
            for (level, columns) in levels.zip(draft.columns.windows(2)) {
                taken.extend([(level, columns[0]), (level, columns[1])]);
            }
        }
        let titles = titles(graph, axes, layered, known);
        for draft in &mut drafts {
            let first = steps.len();
            let levels = known.rank[draft.vertices[0]]..;
            for ((level, ends), columns) in levels.zip(draft.vertices.windows(2)).zip(draft.columns.windows(2)) {
                let (one, two) = (layered.home[ends[0]], layered.home[ends[1]]);
                let mut container = nest.common(one, two);
                let mut upper = columns[0];
                // Where titles are in the way it goes in beside them, and on behind the wall.
                let entered = nest.around[two].iter().copied().take_while(|around| *around != container);
                for own in entered.collect::<Vec<_>>().into_iter().rev() {
                    let (title, after) = &titles[own];
                    let free = |column: &i32| !taken.contains(&(level, *column));
                    if title.contains(&columns[1])
                        && let Some(beside) = after.clone().find(free)
                    {
                        taken.insert((level, beside));
                        steps.push(Step { level, container, upper, lower: beside });
                        (upper, container) = (beside, own);
                    }
                }
                steps.push(Step { level, container, upper, lower: columns[1] });
            }
            draft.steps = first..steps.len();
        }
        let tracks = tracks(&steps, None);
        Self { drafts, steps, tracks }
    }

    /// Makes do with about so many percent of the tracks that are needed at least: flows cross more often then.
    pub fn crowd(&mut self, crowding: usize) {
        self.tracks = tracks(&self.steps, Some(crowding));
    }

    /// Which flows need no room of their own: those that have drafts, and all where there are as many drafts as are routed.
    pub fn settled(&self, graph: &Graph, flows: &[Flow]) -> Vec<bool> {
        let mut drafted = vec![self.drafts.len() >= most_wires(graph); flows.len()];
        self.drafts.iter().for_each(|draft| drafted[draft.flow] = true);
        drafted
    }

    /// The cells of every edge from beside its source to beside its target, none where there is no draft. `across` says
    /// where a piece starts and ends across the layers, and `row` where the first track of a channel is.
    pub fn paths(
        &self,
        graph: &Graph,
        axes: &Axes,
        across: impl Fn(usize) -> (i32, i32),
        row: impl Fn(&Channel) -> i32,
    ) -> Vec<Vec<Point>> {
        let mut paths = vec![Vec::new(); graph.edges.len()];
        for draft in &self.drafts {
            let (upper, lower) = (draft.vertices[0], draft.vertices[draft.vertices.len() - 1]);
            let mut corners: Vec<(i32, i32)> = vec![(draft.columns[0], across(upper).1)];
            for (run, step) in self.tracks.of[draft.steps.clone()].iter().zip(&self.steps[draft.steps.clone()]) {
                let Some(Run { channel, track, jog }) = run else { continue };
                let row = row(channel);
                corners.push((step.upper, row + track));
                if let Some((column, second)) = jog {
                    corners.extend([(*column, row + track), (*column, row + second)]);
                }
                corners.push((step.lower, row + jog.map_or(*track, |jog| jog.1)));
            }
            corners.extend(draft.columns.last().map(|column| (*column, across(lower).0 - 1)));
            let mut path = cells(&corners);
            if !draft.down {
                path.reverse();
            }
            let turned = |(along, across): (i32, i32)| {
                let (x, y) = axes.turn(along, across);
                Point::new(x, y)
            };
            paths[draft.edge] = path.into_iter().map(turned).collect();
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends keep their order, have places of their own while there are enough, and never one that somebody else needs.
    #[test]
    fn ends_find_places() {
        let ends = |wishes: &[i32], kinds: &[bool]| -> Vec<End> {
            let each = wishes.iter().zip(kinds.iter().cycle()).enumerate();
            each.map(|(draft, (wish, kind))| End { draft, wish: *wish, kind: (*kind, 0), is_held: false }).collect()
        };
        let mixed = &[true, false];
        let check = |wishes: &[i32], kinds: &[bool], taken: &[i32], expected: &[Option<i32>]| {
            let found = attach(&ends(wishes, kinds), 10, 15, |_, column| taken.contains(&column));
            assert_eq!(found, expected, "{wishes:?} {kinds:?} {taken:?}");
        };
        check(&[], mixed, &[], &[]);
        check(&[12], mixed, &[], &[Some(12)]);
        check(&[0], mixed, &[], &[Some(10)]);
        check(&[12], mixed, &[12], &[Some(11)]);
        check(&[12, 12], mixed, &[], &[Some(11), Some(13)]);
        check(&[0, 12, 99], mixed, &[], &[Some(10), Some(12), Some(15)]);
        check(&[9, 9, 9, 9, 9, 9], mixed, &[], &[10, 11, 12, 13, 14, 15].map(Some));
        // Many of one kind are one bundle.
        check(&[0, 5, 12, 99], &[true], &[], &[Some(12); 4]);
        // More than places: neighbours of one kind share one, and who finds none goes without.
        let two = [true, true, true, true, false, false, false, false];
        check(&[12; 8], &two, &[], &[10, 10, 11, 11, 12, 13, 14, 15].map(Some));
        let none = attach(&ends(&[12; 2], mixed), 10, 9, |_, _| false);
        assert_eq!(none, [None, None]);
    }
}
