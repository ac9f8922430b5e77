//! A diagram as SVG, for slides and reports: real fonts, light and dark, no scripts, every text escaped.
//!
//! The geometry is that of the terminal: a cell is 9 by 18 units. What the terminal draws with box characters is drawn
//! here with lines, so that a picture on a slide shows exactly what the room saw.

use super::escape;
use crate::diagram::{Art, Diagram, NodeArt, Point, Rect, Shape, Stroke, WireArt};
use std::fmt::Write;

/// Width of a cell.
const WIDE: f64 = 9.0;
/// Height of a cell.
const HIGH: f64 = 18.0;
/// Free space around the picture.
const MARGIN: f64 = 18.0;
/// Height of the legend.
const LEGEND: f64 = 84.0;
/// Width of the legend; a narrower picture is widened to it.
const LEGEND_WIDTH: f64 = 700.0;

/// The badge at the box where the data is kept whose journey is shown.
pub const KEPT_HERE: &str = "kept here";

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// As the reader's system says.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Colours: ground, ink, dim, walls, crossings, then the kinds of boxes.
const LIGHT: [&str; 11] = [
    "#ffffff", "#20242c", "#5a626e", "#505868", "#825400", "#505868", "#825400", "#2c7020", "#005ca8", "#803098",
    "#a84410",
];
const DARK: [&str; 11] = [
    "#1d1f21", "#d0d4dc", "#98a0ae", "#9aa4b4", "#f0c060", "#9aa4b4", "#f0c060", "#a8d888", "#7ac4f0", "#d8a8e8",
    "#f0a078",
];

/// The picture.
pub fn render(diagram: &Diagram, art: &Art, title: &str, ground: Ground) -> String {
    let bounds = diagram.bounds();
    let width = (f64::from(bounds.width) * WIDE).max(LEGEND_WIDTH) + 2.0 * MARGIN;
    let height = f64::from(bounds.height.max(1)) * HIGH + 2.0 * MARGIN + LEGEND;
    let mut svg = Svg { out: String::new(), origin: Point { x: bounds.x, y: bounds.y } };
    let _ = write!(
        svg.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\">\n<title>{}</title>\n<style>\n{}\
         text{{font:13px system-ui,sans-serif}}.badge{{font-size:12px;font-weight:600}}.bold{{font-weight:600}}.wall,.wire{{fill:none}}\
         .access{{stroke-dasharray:2 4}}.enc{{stroke-width:2.6}}.maybe{{stroke-dasharray:9 5}}\n\
         </style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n",
        escape(title),
        colours(ground),
    );
    svg.out.push_str(
        "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto-start-reverse\" markerUnits=\"userSpaceOnUse\"><path d=\"M0 0L8 4L0 8z\" class=\"head\"/>\
         </marker></defs>\n",
    );
    for (at, rect) in diagram.placement.boundaries.iter().enumerate() {
        svg.boundary(rect, art.boundaries.get(at).map_or("", |boundary| boundary.title.as_str()));
    }
    let plain = WireArt::default();
    for (at, wire) in diagram.wires.iter().enumerate() {
        let ends =
            diagram.graph.edges.get(wire.edge).and_then(|edge| {
                Some((diagram.placement.nodes.get(edge.from)?, diagram.placement.nodes.get(edge.to)?))
            });
        if let Some(ends) = ends {
            svg.wire(wire, ends, art.wires.get(at).unwrap_or(&plain));
        }
    }
    let plain = NodeArt::default();
    for (at, rect) in diagram.placement.nodes.iter().enumerate() {
        svg.node(rect, art.nodes.get(at).unwrap_or(&plain));
    }
    let unrouted = diagram.wires.iter().filter(|wire| wire.off_page).count();
    let is_journey = art.nodes.iter().any(|node| node.badges.iter().any(|badge| badge.text == KEPT_HERE));
    svg.legend(height - LEGEND + 6.0, unrouted, is_journey);
    svg.out + "</svg>\n"
}

/// The colours as rules. No variables: many programs that show SVG do not know them.
fn colours(ground: Ground) -> String {
    let rules = |colours: &[&str; 11]| {
        let [ground, ink, dim, wall, cross, kinds @ ..] = colours;
        let kinds: String = kinds.iter().enumerate().map(|(at, colour)| format!(".k{at}{{stroke:{colour}}}")).collect();
        format!(
            ".ground{{fill:{ground}}}text{{fill:{ink}}}.dim{{fill:{dim}}}.badge{{fill:{cross}}}.wall{{stroke:{wall}}}.box{{fill:{ground}}}\
             .wire{{stroke:{ink}}}.access{{stroke:{dim}}}.head{{fill:{ink}}}.cross{{fill:{cross}}}{kinds}\n"
        )
    };
    match ground {
        Ground::Light => rules(&LIGHT),
        Ground::Dark => rules(&DARK),
        Ground::Auto => format!("{}@media(prefers-color-scheme:dark){{{}}}\n", rules(&LIGHT), rules(&DARK).trim_end()),
    }
}

struct Svg {
    out: String,
    origin: Point,
}

impl Svg {
    fn x(&self, column: i32) -> f64 {
        MARGIN + f64::from(column - self.origin.x) * WIDE
    }

    fn y(&self, row: i32) -> f64 {
        MARGIN + f64::from(row - self.origin.y) * HIGH
    }

    /// The middle of a cell.
    fn middle(&self, point: Point) -> (f64, f64) {
        (self.x(point.x) + WIDE / 2.0, self.y(point.y) + HIGH / 2.0)
    }

    /// The middle of the outermost cells of a rectangle: where the terminal draws its frame.
    fn frame(&self, rect: &Rect) -> (f64, f64, f64, f64) {
        let (x, y) = self.middle(Point { x: rect.x, y: rect.y });
        let (right, bottom) = self.middle(Point { x: rect.right() - 1, y: rect.bottom() - 1 });
        (x, y, right - x, bottom - y)
    }

    fn boundary(&mut self, rect: &Rect, title: &str) {
        let (x, y, width, height) = self.frame(rect);
        for inset in [0.0, 3.0] {
            let _ = writeln!(
                self.out,
                "<rect class=\"wall\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                x + inset,
                y + inset,
                (width - 2.0 * inset).max(0.0),
                (height - 2.0 * inset).max(0.0)
            );
        }
        let length = f64::from(crate::diagram::scene::text_width(title)) * WIDE * 0.82;
        let left = x + 3.0 * WIDE;
        let _ = writeln!(
            self.out,
            "<rect class=\"ground\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\"/><text class=\"bold\" \
             x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            left - 4.0,
            y - 7.0,
            length + 8.0,
            y + 6.0,
            escape(title)
        );
    }

    fn wire(&mut self, wire: &crate::diagram::Wire, (source, target): (&Rect, &Rect), art: &WireArt) {
        let (Some(first), Some(last)) = (wire.path.first(), wire.path.last()) else { return };
        let mut points: Vec<(f64, f64)> = vec![self.edge_of(source, *first)];
        let cells = &wire.path;
        for (at, cell) in cells.iter().enumerate() {
            // Straight runs need no points in between.
            let turns = match (at.checked_sub(1).map(|at| cells[at]), cells.get(at + 1)) {
                (Some(before), Some(after)) => before.x != after.x && before.y != after.y,
                _ => true,
            };
            if turns {
                points.push(self.middle(*cell));
            }
        }
        points.push(self.edge_of(target, *last));
        let class = match art.stroke {
            Stroke::Light => "wire",
            Stroke::Heavy => "wire enc",
            Stroke::Dashed => "wire maybe",
            Stroke::Dotted => "wire access",
        };
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            self.out,
            "<polyline class=\"{class}\" points=\"{}\" stroke-linejoin=\"round\" marker-end=\"url(#a)\"/>",
            path.join(" ")
        );
        for (_, cell) in &wire.crossings {
            let (x, y) = self.middle(*cell);
            let _ = writeln!(self.out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"cross\"/>");
        }
        if let (Some(label), false) = (&wire.label, art.label.is_empty()) {
            let (x, y, room) = (self.x(label.x), self.y(label.y), f64::from(label.width) * WIDE);
            // Shortened as in the terminal, though more of it fits here: letters are narrower than cells.
            let columns = label.width * 9 / 7;
            let text = crate::diagram::scene::shortened(&art.label, columns);
            // These cells belong to the label alone: the wire makes way for it.
            let _ = writeln!(
                self.out,
                "<rect class=\"ground\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{room:.1}\" height=\"{HIGH:.1}\"/>\
                 <text class=\"dim\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x + room / 2.0,
                y + HIGH * 0.72,
                escape(&text)
            );
        }
    }

    /// Where a wire meets a box, beside this cell.
    fn edge_of(&self, rect: &Rect, cell: Point) -> (f64, f64) {
        let (x, y, width, height) = self.frame(rect);
        let (mx, my) = self.middle(cell);
        // A one-row box is as high as its row.
        let (top, bottom) = if rect.height == 1 { (y - HIGH / 2.0, y + HIGH / 2.0) } else { (y, y + height) };
        if cell.y < rect.y {
            (mx, top)
        } else if cell.y >= rect.bottom() {
            (mx, bottom)
        } else if cell.x < rect.x {
            (x - if rect.height == 1 { WIDE / 2.0 } else { 0.0 }, my)
        } else {
            (x + width + if rect.height == 1 { WIDE / 2.0 } else { 0.0 }, my)
        }
    }

    fn node(&mut self, rect: &Rect, art: &NodeArt) {
        let (mut x, mut y, mut width, mut height) = self.frame(rect);
        if rect.height == 1 {
            (x, y, width, height) = (x - WIDE / 2.0, y - HIGH / 2.0 + 1.0, width + WIDE, HIGH - 2.0);
        }
        let tone = art.tone.min(5);
        let stroke = if art.selected { 2.6 } else { 1.4 };
        let mut rect_of = |x: f64, y: f64, width: f64, height: f64, radius: f64, more: &str| {
            let _ = writeln!(
                self.out,
                "<rect class=\"box k{tone}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
                 rx=\"{radius}\" stroke-width=\"{stroke}\"{more}/>"
            );
        };
        match art.shape {
            Shape::Actor => rect_of(x, y, width, height, 0.0, ""),
            Shape::Service => rect_of(x, y, width, height, 12.0, ""),
            Shape::Endpoint => {
                rect_of(x, y, width, height, 4.0, "");
                rect_of(x - 3.0, y + height / 2.0 - 4.0, 6.0, 8.0, 1.0, "");
            }
            Shape::Role => rect_of(x, y, width, height, 2.0, " stroke-dasharray=\"5 3\""),
            Shape::Zone => {
                rect_of(x, y, width, height, 0.0, "");
                rect_of(x + 3.0, y + 3.0, width - 6.0, height - 6.0, 0.0, "");
            }
            Shape::Dataset | Shape::Stack => {
                if art.shape == Shape::Stack {
                    rect_of(x + 4.0, y + 4.0, width, height, 0.0, "");
                }
                rect_of(x, y, width, height, 0.0, "");
                // The double lines above and below that tell a dataset.
                for line in [y + 3.0, y + height - 3.0] {
                    let right = x + width;
                    let _ = writeln!(
                        self.out,
                        "<line class=\"k{tone}\" x1=\"{x:.1}\" y1=\"{line:.1}\" x2=\"{right:.1}\" y2=\"{line:.1}\"/>"
                    );
                }
            }
        }
        let count = i32::try_from(art.lines.len()).unwrap_or(1).clamp(1, rect.height.max(1));
        let pitch = if rect.height == 1 { HIGH } else { (height / f64::from(count)).min(HIGH) };
        let top = y + (height - pitch * f64::from(count)) / 2.0;
        for (row, line) in (0..count).zip(&art.lines) {
            let class = if row == 0 { "bold" } else { "dim" };
            let room = width - 10.0;
            let wanted = f64::from(crate::diagram::scene::text_width(line)) * 7.2;
            let squeeze = if wanted > room {
                format!(" textLength=\"{room:.1}\" lengthAdjust=\"spacingAndGlyphs\"")
            } else {
                String::new()
            };
            // Blanks at the beginning of a line are its indent, and SVG drops them.
            let indent = line.chars().take_while(|ch| *ch == ' ').count();
            let indent = f64::from(i32::try_from(indent).unwrap_or(0)) * WIDE * 0.7;
            let (anchor, at) = if art.left { ("start", x + 9.0 + indent) } else { ("middle", x + width / 2.0) };
            let _ = writeln!(
                self.out,
                "<text class=\"{class}\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\"{squeeze}>{}</text>",
                top + pitch * (f64::from(row) + 0.5) + 4.5,
                escape(line.trim_start())
            );
        }
        self.badges(rect, art);
    }

    /// Badges stand in the lower edge, as in the terminal.
    fn badges(&mut self, rect: &Rect, art: &NodeArt) {
        if rect.height < 3 || art.badges.is_empty() {
            return;
        }
        let texts: Vec<&str> = art.badges.iter().map(|badge| badge.text.as_str()).collect();
        let text = texts.join("  ");
        let (x, y) = (self.x(rect.x + 2), self.y(rect.bottom() - 1));
        let room = f64::from(rect.width - 4) * WIDE;
        let length = (f64::from(crate::diagram::scene::text_width(&text)) * 6.6).min(room);
        let _ = writeln!(
            self.out,
            "<rect class=\"ground\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"15\"/><text class=\"badge\" \
             x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            x - 3.0,
            y + 1.5,
            length + 6.0,
            y + 13.5,
            escape(&text)
        );
    }

    /// What lines, labels and badges mean: a picture in a report stands alone.
    fn legend(&mut self, top: f64, unrouted: usize, is_journey: bool) {
        let entries = [
            ("wire enc", "encrypted flow"),
            ("wire", "plain flow"),
            ("wire maybe", "encryption unknown"),
            ("wire access", "access that grants imply"),
        ];
        let mut x = MARGIN;
        for (class, text) in entries {
            let _ = writeln!(
                self.out,
                "<polyline class=\"{class}\" points=\"{x:.1},{top:.1} {:.1},{top:.1}\"/>\
                 <text class=\"dim\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
                x + 30.0,
                x + 36.0,
                top + 4.5
            );
            x += 54.0 + 7.4 * f64::from(crate::diagram::scene::text_width(text));
        }
        let y = top + 20.0;
        let _ = writeln!(
            self.out,
            "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"cross\"/>\
             <text class=\"dim\" x=\"{:.1}\" y=\"{:.1}\">crosses a trust boundary. Beside a flow: protocol, plain or ? \
             where not encrypted, highest class carried</text>",
            MARGIN + 4.0,
            MARGIN + 12.0,
            y + 4.5
        );
        let badges = match is_journey {
            true => {
                "At a box: kept here; step 2: two steps on; maybe: the model does not say that it gets there, nor that not"
            }
            false => {
                "At a box: !2 problems, anon what anybody can do (R read, C create, U update, D delete), ?5 unknown facts"
            }
        };
        let mut lines = vec![badges.to_owned()];
        match unrouted {
            0 => {}
            1 => lines.push("1 flow found no way and is not drawn".to_owned()),
            many => lines.push(format!("{many} flows found no way and are not drawn")),
        }
        for (row, line) in (0..).zip(lines) {
            let y = y + 24.5 + 18.0 * f64::from(row);
            let _ = writeln!(self.out, "<text class=\"dim\" x=\"{MARGIN}\" y=\"{y:.1}\">{line}</text>");
        }
    }
}
