//! `sandtable render`: the map as text.

use super::output::{Outcome, print, read_model};
use crate::app::map::Map;
use crate::app::projection::{Marks, Zoom};
use crate::diagram::{Charset, Rect, Size, paint};
use crate::model::governance::Orientation;
use anyhow::Result;
use clap::ValueEnum;
use std::path::PathBuf;

/// Draw the map as text
///
/// Example: sandtable render models/clinic.ron --zoom rows --turn right
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// How much of each element
    #[arg(long, value_enum, default_value = "boxes")]
    zoom: ZoomName,
    /// Which way flows run; without it the width decides
    #[arg(long, value_enum)]
    turn: Option<Turn>,
    /// Columns to fit, which decide which way flows run
    #[arg(long, default_value = "100")]
    width: u16,
    /// Draw roles, and the access that grants imply
    #[arg(long)]
    access: bool,
    /// Draw with ASCII alone
    #[arg(long)]
    ascii: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ZoomName {
    /// Outermost boundaries as one box each
    Zones,
    /// Elements on one row
    Rows,
    /// Boxes with a line of facts
    Boxes,
    /// Boxes with the facts that matter
    Cards,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Turn {
    /// From top to bottom
    Down,
    /// From left to right
    Right,
}

pub fn run(args: Args) -> Result<Outcome> {
    let loaded = read_model(&args.model)?;
    let mut map = Map::new(&loaded.model);
    map.view.zoom = match args.zoom {
        ZoomName::Zones => Zoom::Zones,
        ZoomName::Rows => Zoom::Rows,
        ZoomName::Boxes => Zoom::Boxes,
        ZoomName::Cards => Zoom::Cards,
    };
    if let Some(turn) = args.turn {
        map.view.orientation = Some(if turn == Turn::Right { Orientation::Right } else { Orientation::Down });
    }
    map.view.access |= args.access;
    let canvas = Size { width: i32::from(args.width), height: 40 };
    if let Some(graph) = map.refresh(&loaded.model, 0, canvas) {
        map.take(crate::diagram::arrange(graph));
    }
    let art = map.projection.art(&loaded.model, Marks::default());
    let bounds = map.diagram.bounds();
    let view = Rect::new(bounds.x, bounds.y, bounds.width, bounds.height);
    let charset = if args.ascii { Charset::Ascii } else { Charset::Unicode };
    let text = paint(&map.diagram, &art, view, charset).to_text();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    print(&format!("{}\n", lines.join("\n")))
}
