//! Grid blocks: many alike pieces without flows among them are wrapped into a block of roughly screen shape.

/// A grid of pieces, in abstract coordinates: `along` the layer and `across` the layers.
pub(super) struct Block {
    /// Indices of the members, row by row.
    pub members: Vec<usize>,
    /// Start of each member in the block: along, across.
    pub places: Vec<(i32, i32)>,
    /// Extent of the block: along, across.
    pub extent: (i32, i32),
}

/// Wraps the members (given as index, along, across) with the given free cells between them. `ratio` is the wanted
/// extent along divided by the extent across, in thousandths.
pub(super) fn wrap(members: &[(usize, i32, i32)], gap_along: i32, gap_across: i32, ratio: i64) -> Block {
    let mut best: Option<(i64, Block)> = None;
    for columns in 1..=members.len().max(1) {
        let rows = members.len().div_ceil(columns);
        // Fewer columns give the same number of rows: the emptier shape is never better.
        if columns > 1 && members.len().div_ceil(columns - 1) == rows {
            continue;
        }
        let mut widths = vec![0; columns];
        let mut heights = vec![0; rows];
        for (slot, (_, along, across)) in members.iter().enumerate() {
            widths[slot % columns] = widths[slot % columns].max(*along);
            heights[slot / columns] = heights[slot / columns].max(*across);
        }
        let starts = |extents: &[i32], gap: i32| -> (Vec<i32>, i32) {
            let mut position = 0;
            let starts = extents
                .iter()
                .map(|extent| {
                    let start = position;
                    position += extent + gap;
                    start
                })
                .collect();
            (starts, (position - gap).max(0))
        };
        let (columns_at, total_along) = starts(&widths, gap_along);
        let (rows_at, total_across) = starts(&heights, gap_across);
        let (one, two) = (i64::from(total_along) * 1000, i64::from(total_across) * ratio);
        let misfit = one.max(two) * 1000 / one.min(two).max(1);
        if best.as_ref().is_none_or(|(least, _)| misfit < *least) {
            let places = (0..members.len()).map(|slot| (columns_at[slot % columns], rows_at[slot / columns])).collect();
            let members = members.iter().map(|(index, _, _)| *index).collect();
            best = Some((misfit, Block { members, places, extent: (total_along, total_across) }));
        }
    }
    best.map_or(Block { members: Vec::new(), places: Vec::new(), extent: (0, 0) }, |(_, block)| block)
}
