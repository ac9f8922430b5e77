//! The nesting of containers: the page is container 0, boundary `i` is container `i + 1`.

use super::super::graph::{Graph, chain};

/// Which container holds what.
pub(super) struct Nest {
    /// The container around every container; the page is around itself.
    pub parent: Vec<usize>,
    /// The containers in every container.
    pub inner: Vec<Vec<usize>>,
    /// Containers around each container, itself first, the page last.
    pub around: Vec<Vec<usize>>,
    /// Containers, innermost first, the page last.
    pub order: Vec<usize>,
    /// The container of every box.
    pub of_node: Vec<usize>,
}

impl Nest {
    /// The nesting of a canonical graph.
    pub fn new(graph: &Graph) -> Self {
        let parents: Vec<Option<usize>> = graph.boundaries.iter().map(|boundary| boundary.parent).collect();
        let container = |boundary: Option<usize>| boundary.map_or(0, |boundary| boundary + 1);
        let around: Vec<Vec<usize>> = (0..=parents.len())
            .map(|own| {
                chain(&parents, own.checked_sub(1)).into_iter().map(|boundary| boundary + 1).chain([0]).collect()
            })
            .collect();
        let mut order: Vec<usize> = (0..around.len()).collect();
        order.sort_by_key(|own| (std::cmp::Reverse(around[*own].len()), *own));
        let parent: Vec<usize> = [0].into_iter().chain(parents.iter().map(|parent| container(*parent))).collect();
        let mut inner = vec![Vec::new(); parent.len()];
        for own in 1..parent.len() {
            inner[parent[own]].push(own);
        }
        let of_node = graph.nodes.iter().map(|node| container(node.boundary)).collect();
        Self { parent, inner, around, order, of_node }
    }

    /// Seen from a container: the container in it that holds `other`, nothing in between where it is `other` itself, and
    /// `None` where `other` lies outside.
    pub fn child_towards(&self, own: usize, other: usize) -> Option<Option<usize>> {
        let depth = self.around[other].iter().position(|around| *around == own)?;
        Some(depth.checked_sub(1).map(|slot| self.around[other][slot]))
    }

    /// The innermost container that holds both.
    pub fn common(&self, one: usize, two: usize) -> usize {
        self.around[one].iter().copied().find(|around| self.around[two].contains(around)).unwrap_or(0)
    }

    /// Boundaries that hold neither boxes nor boundaries.
    pub fn empty(&self) -> impl Iterator<Item = usize> {
        (1..self.parent.len()).filter(|own| self.inner[*own].is_empty() && !self.of_node.contains(own))
    }
}
