//! The layered graph: pieces, the walls of boundaries, and dummies that stand for flows where they pass a layer.
//!
//! Every boundary has a row of its own in each layer that it reaches over, inside the row of the boundary around it, so
//! that what it holds stays together. The two ends of such a row are the walls, which are joined from layer to layer: a
//! flow that passes beside the boundary in one layer and on the other side in the next one crosses them.

use super::nest::Nest;

/// Flows that one crossed wall counts as.
const WALL: i64 = 4;

/// So many dummies at most: the longest flows beyond that count for nothing here. They are routed all the same.
const MOST_DUMMIES: usize = 100_000;

/// The longest flow, in layers, that the dummies suffice for when all shorter ones have theirs.
fn longest(rank: &[usize], flows: &[Flow]) -> usize {
    let mut lengths: Vec<usize> = flows.iter().map(|flow| rank[flow.from].abs_diff(rank[flow.to])).collect();
    lengths.sort_unstable();
    let mut dummies = 0;
    let fitting = lengths.iter().take_while(|length| {
        dummies += **length;
        dummies <= MOST_DUMMIES
    });
    fitting.last().copied().unwrap_or(0)
}

/// The other end of a segment, and how many flows run there; as a vertex in the graph, as a place while sorting.
pub(super) type End = (usize, i64);

/// A flow (or several, with one source and one target) between pieces.
#[derive(Clone, Copy)]
pub(super) struct Flow {
    /// Source piece.
    pub from: usize,
    /// Target piece.
    pub to: usize,
    /// Where it is attached: cells along the layer from the start of its source, and of its target.
    pub offset: (i32, i32),
    /// Cells that its label wants across the layers (zero where labels do not lie across).
    pub label: i32,
    /// How many it stands for.
    pub flows: i32,
}

/// What stands in a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Item {
    /// A vertex.
    Vertex(usize),
    /// The row of a boundary.
    Row(usize),
}

/// What a container holds in one layer.
pub(super) struct Row {
    /// The layer.
    pub level: usize,
    /// The container.
    pub container: usize,
    /// The vertices of the walls to either side; the page has none.
    pub walls: Option<(usize, usize)>,
    /// In order.
    pub items: Vec<Item>,
}

/// What a vertex stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A piece.
    Piece,
    /// A wall of the container, left or right.
    Wall {
        /// Whether it is the last of its row.
        right: bool,
    },
    /// A flow from the given piece passing.
    Dummy(usize),
}

/// A piece of the course of a flow: from one layer to the next.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    /// Vertex in the earlier layer, and where in it.
    pub upper: (usize, i32),
    /// Vertex in the later layer, and where in it.
    pub lower: (usize, i32),
    /// The flow.
    pub flow: usize,
    /// How many flows it stands for.
    pub flows: i32,
}

/// The layered graph. The first vertices are the pieces.
pub(super) struct Layered {
    /// Whether flows get drafts.
    pub drafted: bool,
    /// What each vertex is.
    pub kind: Vec<Kind>,
    /// The container of each vertex; that of a wall is the boundary itself.
    pub home: Vec<usize>,
    /// Neighbours of each vertex in the layer before.
    pub before: Vec<Vec<End>>,
    /// Neighbours of each vertex in the layer after.
    pub after: Vec<Vec<End>>,
    /// All rows, those of the page first, one a layer.
    pub rows: Vec<Row>,
    /// Number of layers.
    pub depth: usize,
    /// First and last layer of every container.
    pub span: Vec<(usize, usize)>,
    /// Pieces of all courses.
    pub segments: Vec<Segment>,
    /// For every flow the dummies in its course, layer by layer.
    pub courses: Vec<Vec<usize>>,
}

/// The first and the last layer of what every container holds.
pub(super) fn spans(nest: &Nest, home: &[usize], rank: &[usize]) -> Vec<(usize, usize)> {
    let mut span = vec![(usize::MAX, 0); nest.parent.len()];
    for (own, level) in home.iter().zip(rank) {
        for container in &nest.around[*own] {
            let (first, last) = span[*container];
            span[*container] = (first.min(*level), last.max(*level));
        }
    }
    span
}

impl Layered {
    fn vertex(&mut self, kind: Kind, home: usize) -> usize {
        self.kind.push(kind);
        self.home.push(home);
        self.before.push(Vec::new());
        self.after.push(Vec::new());
        self.kind.len() - 1
    }

    fn join(&mut self, upper: usize, lower: usize, flows: i64) {
        self.after[upper].push((lower, flows));
        self.before[lower].push((upper, flows));
    }

    /// The layered graph of pieces with known homes and ranks.
    pub fn new(nest: &Nest, home: &[usize], rank: &[usize], flows: &[Flow], drafted: bool) -> Self {
        let depth = rank.iter().max().map_or(0, |last| last + 1);
        let mut span = spans(nest, home, rank);
        span[0] = (0, depth.saturating_sub(1));
        let mut graph = Self {
            drafted,
            kind: Vec::new(),
            home: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            rows: Vec::new(),
            depth,
            span,
            segments: Vec::new(),
            courses: vec![Vec::new(); flows.len()],
        };
        for own in home {
            graph.vertex(Kind::Piece, *own);
        }
        let mut row_at = vec![Vec::new(); nest.parent.len()];
        for container in nest.order.iter().rev().copied() {
            let (first, last) = graph.span[container];
            for level in first..=last.min(depth.wrapping_sub(1)) {
                let row = graph.rows.len();
                let walls = (container > 0).then(|| {
                    let left = graph.vertex(Kind::Wall { right: false }, container);
                    (left, graph.vertex(Kind::Wall { right: true }, container))
                });
                if let Some((left, right)) = walls {
                    let outer = nest.parent[container];
                    let outer: usize = row_at[outer][level - graph.span[outer].0];
                    graph.rows[outer].items.push(Item::Row(row));
                    if level > first
                        && let Some(above) = graph.rows[row - 1].walls
                    {
                        graph.join(above.0, left, WALL);
                        graph.join(above.1, right, WALL);
                    }
                }
                graph.rows.push(Row { level, container, walls, items: Vec::new() });
                row_at[container].push(row);
            }
        }
        let put = |graph: &mut Self, vertex: usize, level: usize| {
            let home = graph.home[vertex];
            let row = row_at[home][level - graph.span[home].0];
            graph.rows[row].items.push(Item::Vertex(vertex));
        };
        for (piece, level) in rank.iter().enumerate() {
            put(&mut graph, piece, *level);
        }
        let longest = longest(rank, flows);
        let fitting = |flow: &&Flow| rank[flow.from].abs_diff(rank[flow.to]) <= longest;
        for (index, flow) in flows.iter().enumerate().filter(|(_, flow)| fitting(flow)) {
            let (from, to) = ((flow.from, flow.offset.0), (flow.to, flow.offset.1));
            let (upper, lower) = if rank[flow.from] < rank[flow.to] { (from, to) } else { (to, from) };
            let (first, last) = (rank[upper.0], rank[lower.0]);
            let mut current = upper;
            for level in first + 1..=last {
                let next = if level == last {
                    lower
                } else {
                    let container =
                        graph.passed(nest, (home[upper.0], level - first), (home[lower.0], last - level), level);
                    let dummy = graph.vertex(Kind::Dummy(flow.from), container);
                    put(&mut graph, dummy, level);
                    graph.courses[index].push(dummy);
                    (dummy, 0)
                };
                if first < last {
                    graph.segments.push(Segment { upper: current, lower: next, flow: index, flows: flow.flows });
                    graph.join(current.0, next.0, i64::from(flow.flows));
                }
                current = next;
            }
        }
        graph
    }

    /// The container in which a flow passes a layer, given the containers of its ends and how many layers away they are:
    /// it leaves a boundary through the bottom and enters one through the top, where it can.
    fn passed(&self, nest: &Nest, upper: (usize, usize), lower: (usize, usize), level: usize) -> usize {
        let reached = |own: usize| {
            let reaches = |container: &&usize| (self.span[**container].0..=self.span[**container].1).contains(&level);
            nest.around[own].iter().find(reaches).copied().unwrap_or(0)
        };
        let common = nest.common(upper.0, lower.0);
        let (one, two) = (reached(upper.0), reached(lower.0));
        let outside = |container: usize| nest.around[common].contains(&container);
        if outside(two) || !outside(one) && upper.1 <= lower.1 { one } else { two }
    }

    fn collect(&self, row: usize, list: &mut Vec<usize>) {
        let Row { walls, items, .. } = &self.rows[row];
        list.extend(walls.map(|(left, _)| left));
        for item in items {
            match item {
                Item::Vertex(vertex) => list.push(*vertex),
                Item::Row(row) => self.collect(*row, list),
            }
        }
        list.extend(walls.map(|(_, right)| right));
    }

    /// The vertices of a layer, in order.
    pub fn line(&self, level: usize) -> Vec<usize> {
        let mut list = Vec::new();
        // The rows of the page are the first ones.
        self.collect(level, &mut list);
        list
    }

    /// What a cell beside the straight course costs: long flows should be straight above all.
    pub fn stiffness(&self, segment: &Segment) -> i32 {
        let is_dummy = |vertex: usize| usize::from(matches!(self.kind[vertex], Kind::Dummy(_)));
        segment.flows * [1, 4, 16][is_dummy(segment.upper.0) + is_dummy(segment.lower.0)]
    }
}
