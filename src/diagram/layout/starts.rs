//! Where the search for an order starts, and which of two mirrored pictures is taken: what changes little with the graph.

use super::layers::{Item, Kind, Layered};
use super::nest::Nest;
use super::order::Order;

/// Numbers the vertices along the flows, in the order of the input: a start that changes little with the graph.
pub(super) fn along_flows(graph: &Layered) -> Vec<usize> {
    let mut number = vec![usize::MAX; graph.kind.len()];
    let mut next = 0;
    let mut roots: Vec<usize> = (0..graph.kind.len()).collect();
    roots.sort_by_key(|vertex| graph.before[*vertex].len().min(1));
    for start in roots {
        let mut stack = vec![start];
        while let Some(vertex) = stack.pop() {
            if number[vertex] == usize::MAX {
                number[vertex] = next;
                next += 1;
                stack.extend(graph.before[vertex].iter().chain(&graph.after[vertex]).rev().map(|(other, _)| *other));
            }
        }
    }
    number
}

/// Numbers the containers by the mean of what they hold.
pub(super) fn means(graph: &Layered, nest: &Nest, number: &[usize]) -> Vec<usize> {
    let mut sums = vec![(0, 0); nest.parent.len()];
    for (vertex, own) in graph.home.iter().enumerate().filter(|(vertex, _)| graph.kind[*vertex] == Kind::Piece) {
        for container in &nest.around[*own] {
            sums[*container].0 += number[vertex];
            sums[*container].1 += 1;
        }
    }
    sums.into_iter().map(|(sum, count)| sum / count.max(1)).collect()
}

/// Distinct seats, in the order of some numbers.
pub(super) fn seats(numbers: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by_key(|own| (numbers[*own], *own));
    let mut seats = vec![0; numbers.len()];
    order.into_iter().enumerate().for_each(|(seat, own)| seats[own] = seat);
    seats
}

/// Whether most neighbouring pieces stand in the opposite order of their numbers. A mirrored picture is as good, but this
/// one changes less with the graph.
pub(super) fn is_mirrored(graph: &Layered, rows: &Order, number: &[usize]) -> bool {
    let (mut ascending, mut descending) = (0, 0);
    for items in rows {
        let pieces: Vec<usize> = items
            .iter()
            .filter_map(|item| match item {
                Item::Vertex(vertex) if graph.kind[*vertex] == Kind::Piece => Some(number[*vertex]),
                _ => None,
            })
            .collect();
        for (slot, one) in pieces.iter().enumerate() {
            let larger = pieces[slot + 1..].iter().filter(|other| *other > one).count();
            ascending += larger;
            descending += pieces.len() - slot - 1 - larger;
        }
    }
    descending > ascending
}
