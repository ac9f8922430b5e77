//! `sandtable render`: the map as text, as a picture, for other tools, and as sentences.

use super::output::{Outcome, print, read_model};
use crate::analysis::journey::{Cargo, Journey, journey};
use crate::app::appearance::Marks;
use crate::app::badge::Known;
use crate::app::map::Map;
use crate::app::projection::Zoom;
use crate::app::{self, detail};
use crate::diagram::{Art, Charset, Size, paint};
use crate::model::governance::Orientation;
use crate::model::text::{nearest, one_line};
use crate::model::{Model, Section, Target};
use crate::report::graph_text;
use crate::report::svg::{self, Ground};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::path::PathBuf;
use std::sync::Arc;

/// Draw the map as text, as SVG, for other tools, or as sentences
///
/// SVG goes into slides and reports; Mermaid and Graphviz text into other tools; the linear form has one sentence for
/// each element and each flow, for screen readers and for diffs.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable render models/clinic.ron --zoom rows --turn right\n  sandtable render models/clinic.ron --format svg > clinic.svg\n  sandtable render models/clinic.ron --view around:portal-api --zoom detail\n  sandtable render models/clinic.ron --view journey:patients.email --format linear"
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
    /// How much of each element; detail needs --view around:ELEMENT
    #[arg(long, value_enum, default_value = "boxes")]
    zoom: ZoomName,
    /// What of it: a saved view, around:ELEMENT[:HOPS], or journey:DATASET[.FIELD]
    #[arg(long)]
    view: Option<String>,
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
    /// One element with everything that is known of it, and its flows
    Detail,
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
    map.known = Arc::new(Known::of(&loaded.model));
    map.view.zoom = match args.zoom {
        ZoomName::Zones => Zoom::Zones,
        ZoomName::Rows => Zoom::Rows,
        ZoomName::Boxes => Zoom::Boxes,
        ZoomName::Cards => Zoom::Cards,
        ZoomName::Detail => Zoom::Detail,
    };
    if let Some(view) = &args.view {
        choose(&mut map, &loaded.model, view)?;
    }
    if map.view.zoom == Zoom::Detail {
        let Some((id, _)) = &map.view.around else {
            bail!("--zoom detail shows one element: say which with --view around:ELEMENT");
        };
        if !detail::can_be_shown(&loaded.model, id) {
            bail!("--zoom detail shows an actor, service, endpoint, dataset or role, and {} is none", id.slug);
        }
        map.view.shown = Some(id.clone());
    }
    if let Some(turn) = args.turn {
        map.view.orientation = Some(if turn == Turn::Right { Orientation::Right } else { Orientation::Down });
    }
    map.view.access |= args.access;
    let canvas = Size { width: i32::from(args.width), height: 40 };
    if let Some(graph) = map.refresh(&loaded.model, 0, canvas) {
        map.take(crate::diagram::arrange(Arc::unwrap_or_clone(graph)).into());
    }
    let art =
        map.projection.art(&loaded.model, Marks { journey: map.journey.as_ref(), words: true, ..Marks::default() });
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
        Form::Linear => {
            let journey = map.journey.as_ref().map(|journey| sentences(&loaded.model, journey)).unwrap_or_default();
            print(&format!("{}{journey}", graph_text::linear(&map.projection.graph, &art)))
        }
    }
}

/// Makes the map show a saved view, the surroundings of an element, or the journey of data alone.
fn choose(map: &mut Map, model: &Model, view: &str) -> Result<()> {
    match view.split_once(':') {
        Some(("around", rest)) => {
            let (name, hops) = match rest.rsplit_once(':') {
                Some((name, hops)) if hops.chars().all(|ch| ch.is_ascii_digit()) && !hops.is_empty() => {
                    (name, hops.parse().context("--view: the number of hops is too large")?)
                }
                _ => (rest, 1),
            };
            let Some(id) = model.resolve(Target::Drawn, name) else {
                let known = model.ids().filter(|id| Section::of_target(Target::Drawn).contains(&id.section));
                let known: Vec<String> = known.map(|id| id.any_link()).collect();
                bail!("--view: there is no element `{}`{}", one_line(name, 60), meant(name, &known));
            };
            map.open_way_to(model, &id);
            map.view.access |= id.section == Section::Roles;
            map.view.around = Some((id, hops));
        }
        Some(("journey", name)) => {
            let Some(cargo) = Cargo::parse(model, name) else {
                let known: Vec<String> = model.datasets.keys().map(|slug| slug.to_string()).collect();
                bail!("--view: there is no dataset or field `{}`{}", one_line(name, 60), meant(name, &known));
            };
            let journey = journey(model, &map.known.access, &cargo);
            // What only may be inside of a closed boundary is not seen: a journey is drawn with all of them open.
            map.view.folded.clear();
            map.view.only = Some(journey.elements());
            // Without the access that grants imply, the endpoint and what it hands out would stand apart.
            map.view.access = true;
            map.journey = Some(journey);
        }
        _ => {
            let Some(slug) = model.views.keys().find(|slug| slug.as_str() == view) else {
                let known: Vec<String> = model.views.keys().map(|slug| slug.to_string()).collect();
                bail!(
                    "--view: the model has no view `{}`{}; around:ELEMENT and journey:DATASET need none",
                    one_line(view, 60),
                    meant(view, &known)
                );
            };
            map.view.saved = Some(slug.clone());
            map.follow(model);
        }
    }
    Ok(())
}

fn meant(name: &str, known: &[String]) -> String {
    nearest(name, known.iter().map(String::as_str)).map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

/// What is said of a journey, a sentence a line.
fn sentences(model: &Model, journey: &Journey) -> String {
    let mut out = format!("The journey of {}.\n", app::journey::summary(model, journey));
    for line in app::journey::lines(model, journey) {
        out.push_str(&format!("{}: {}.\n", line.label, line.text).replace(" ?", " unknown"));
    }
    out
}

fn text(map: &Map, art: &Art, ascii: bool) -> String {
    let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
    let text = paint(&map.diagram, art, map.diagram.bounds(), charset).to_text();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}
