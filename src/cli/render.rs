//! `sandtable render`: the map as text, as a picture, for other tools, and as sentences.

use super::output::{Outcome, print, read_model};
use crate::app::appearance::Marks;
use crate::app::badge::Known;
use crate::app::map::Map;
use crate::app::projection::Zoom;
use crate::diagram::{Art, Charset, Size, paint};
use crate::model::governance::Orientation;
use crate::report::graph_text;
use crate::report::svg::{self, Ground};
use anyhow::Result;
use clap::ValueEnum;
use std::path::PathBuf;

/// Draw the map as text, as SVG, for other tools, or as sentences
///
/// SVG goes into slides and reports; Mermaid and Graphviz text into other tools; the linear form has one sentence for
/// each element and each flow, for screen readers and for diffs.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable render models/clinic.ron --zoom rows --turn right\n  sandtable render models/clinic.ron --format svg > clinic.svg"
)]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// In which form
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Colours of an SVG
    #[arg(long, value_enum, default_value = "auto")]
    ground: GroundName,
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
enum Form {
    /// Box characters, as in the workbench
    Text,
    /// A picture for slides and reports
    Svg,
    /// A Mermaid flowchart
    Mermaid,
    /// A Graphviz digraph
    Dot,
    /// Sentences
    Linear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GroundName {
    /// As the reader's system says
    Auto,
    /// Light
    Light,
    /// Dark
    Dark,
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
    map.known = Known::of(&loaded.model);
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
    match args.format {
        Form::Text => print(&text(&map, &art, args.ascii)),
        Form::Svg => {
            let ground = match args.ground {
                GroundName::Auto => Ground::Auto,
                GroundName::Light => Ground::Light,
                GroundName::Dark => Ground::Dark,
            };
            print(&svg::render(&map.diagram, &art, loaded.model.title.as_str(), ground))
        }
        Form::Mermaid => print(&graph_text::mermaid(&map.projection.graph, &art)),
        Form::Dot => print(&graph_text::dot(&map.projection.graph, &art)),
        Form::Linear => print(&graph_text::linear(&map.projection.graph, &art)),
    }
}

fn text(map: &Map, art: &Art, ascii: bool) -> String {
    let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
    let text = paint(&map.diagram, art, map.diagram.bounds(), charset).to_text();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}
