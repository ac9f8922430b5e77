//! Colours: a dark and a light palette, reduced to what the terminal has. Colour only repeats what shape and text say.

use crate::app::config::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None: `NO_COLOR`, or a terminal without.
    Mono,
    /// The sixteen that the person chose.
    Sixteen,
    /// The cube of 256.
    Indexed,
    /// All of them.
    True,
}

impl Depth {
    /// What the environment says; `variable` looks one up.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Depth {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        if set("NO_COLOR") || term == "dumb" {
            return Depth::Mono;
        }
        match variable("COLORTERM").unwrap_or_default().as_str() {
            "truecolor" | "24bit" => Depth::True,
            _ if term.contains("256") => Depth::Indexed,
            _ => Depth::Sixteen,
        }
    }
}

/// The colours of one theme.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    /// Text.
    pub ink: Color,
    /// Text that stands back.
    pub dim: Color,
    /// What stands out: selection, keys, titles.
    pub accent: Color,
    /// Something to watch.
    pub warning: Color,
    /// Something wrong.
    pub error: Color,
    /// The ground of bars and popups.
    pub bar: Color,
    /// The ground of the selected line.
    pub selection: Color,
    /// Boxes by kind: boundary, actor, service, endpoint, dataset, role.
    pub kinds: [Color; 6],
    /// Grounds by class, from low to high.
    pub classes: [Color; 4],
}

const DARK: Palette = Palette {
    ink: Color::Rgb(0xd0, 0xd4, 0xdc),
    dim: Color::Rgb(0x98, 0xa0, 0xae),
    accent: Color::Rgb(0x7a, 0xc4, 0xf0),
    warning: Color::Rgb(0xf0, 0xc0, 0x60),
    error: Color::Rgb(0xf0, 0x80, 0x78),
    bar: Color::Rgb(0x26, 0x2b, 0x34),
    selection: Color::Rgb(0x28, 0x38, 0x48),
    kinds: [
        Color::Rgb(0x9a, 0xa4, 0xb4),
        Color::Rgb(0xf0, 0xc0, 0x60),
        Color::Rgb(0xa8, 0xd8, 0x88),
        Color::Rgb(0x7a, 0xc4, 0xf0),
        Color::Rgb(0xd8, 0xa8, 0xe8),
        Color::Rgb(0xf0, 0xa0, 0x78),
    ],
    classes: [
        Color::Rgb(0x24, 0x38, 0x2c),
        Color::Rgb(0x2c, 0x3c, 0x50),
        Color::Rgb(0x58, 0x48, 0x20),
        Color::Rgb(0x68, 0x2c, 0x30),
    ],
};

const LIGHT: Palette = Palette {
    ink: Color::Rgb(0x20, 0x24, 0x2c),
    dim: Color::Rgb(0x5a, 0x62, 0x6e),
    accent: Color::Rgb(0x00, 0x5c, 0xa8),
    warning: Color::Rgb(0x82, 0x54, 0x00),
    error: Color::Rgb(0xb0, 0x20, 0x20),
    bar: Color::Rgb(0xe6, 0xea, 0xf0),
    selection: Color::Rgb(0xd4, 0xe4, 0xf8),
    kinds: [
        Color::Rgb(0x50, 0x58, 0x68),
        Color::Rgb(0x82, 0x54, 0x00),
        Color::Rgb(0x2c, 0x70, 0x20),
        Color::Rgb(0x00, 0x5c, 0xa8),
        Color::Rgb(0x80, 0x30, 0x98),
        Color::Rgb(0xa8, 0x44, 0x10),
    ],
    classes: [
        Color::Rgb(0xd8, 0xf0, 0xdc),
        Color::Rgb(0xd8, 0xe8, 0xf8),
        Color::Rgb(0xfc, 0xec, 0xb8),
        Color::Rgb(0xfc, 0xd4, 0xd0),
    ],
};

impl Palette {
    /// The palette of a theme; without an answer of the terminal the dark one.
    pub fn of(theme: Theme) -> &'static Palette {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark | Theme::Auto => &DARK,
        }
    }

    /// Text.
    pub fn text(&self) -> Style {
        Style::new().fg(self.ink)
    }

    /// Text that stands back.
    pub fn faint(&self) -> Style {
        Style::new().fg(self.dim)
    }

    /// A heading.
    pub fn heading(&self) -> Style {
        Style::new().fg(self.accent).add_modifier(Modifier::BOLD)
    }

    /// Something to watch.
    pub fn warn(&self) -> Style {
        Style::new().fg(self.warning)
    }

    /// A bar at the top or the bottom.
    pub fn on_bar(&self) -> Style {
        Style::new().fg(self.ink).bg(self.bar)
    }

    /// The selected line.
    pub fn selected(&self) -> Style {
        Style::new().fg(self.ink).bg(self.selection).add_modifier(Modifier::BOLD)
    }
}

/// Reduces a finished screen to the colours that the terminal has.
pub fn reduce(buffer: &mut Buffer, depth: Depth, theme: Theme) {
    if depth == Depth::True {
        return;
    }
    for cell in &mut buffer.content {
        let (fg, bg) = (cell.fg, cell.bg);
        match depth {
            Depth::True => {}
            Depth::Indexed => {
                cell.fg = indexed(fg);
                cell.bg = indexed(bg);
            }
            Depth::Sixteen => {
                let palette = Palette::of(theme);
                cell.fg = named(fg, palette);
                // The sixteen colours have no quiet grounds: what had one is shown reversed or not at all.
                if bg == palette.selection {
                    cell.modifier |= Modifier::REVERSED;
                }
                cell.bg = Color::Reset;
            }
            Depth::Mono => {
                if bg == Palette::of(theme).selection {
                    cell.modifier |= Modifier::REVERSED;
                }
                (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
            }
        }
    }
}

/// The nearest colour of the 6×6×6 cube or the grey ramp.
fn indexed(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    let level = |value: u8| -> u8 {
        match value {
            0..48 => 0,
            48..115 => 1,
            _ => (value - 35) / 40,
        }
    };
    let shown = |level: u8| if level == 0 { 0i32 } else { 55 + 40 * i32::from(level) };
    let distance = |x: i32, y: i32, z: i32| {
        let (dr, dg, db) = (x - i32::from(r), y - i32::from(g), z - i32::from(b));
        dr * dr + dg * dg + db * db
    };
    let (lr, lg, lb) = (level(r), level(g), level(b));
    let cube = distance(shown(lr), shown(lg), shown(lb));
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let step = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    let grey = 8 + 10 * i32::from(step);
    if distance(grey, grey, grey) < cube {
        Color::Indexed(232 + step)
    } else {
        Color::Indexed(16 + 36 * lr + 6 * lg + lb)
    }
}

fn named(color: Color, palette: &Palette) -> Color {
    let pairs = [
        (palette.dim, Color::DarkGray),
        (palette.accent, Color::Blue),
        (palette.warning, Color::Yellow),
        (palette.error, Color::Red),
        (palette.kinds[2], Color::Green),
        (palette.kinds[4], Color::Magenta),
        (palette.kinds[5], Color::Red),
    ];
    match pairs.iter().find(|(own, _)| *own == color) {
        Some((_, named)) => *named,
        None => Color::Reset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How bright a colour is, as WCAG 2.2 defines relative luminance.
    fn luminance(color: Color) -> f64 {
        let Color::Rgb(red, green, blue) = color else { panic!("{color:?} is none of our own") };
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// WCAG 2.2 asks for a contrast of 4.5 to 1 for text (criterion 1.4.3).
    #[test]
    fn text_is_read_on_every_ground() {
        for (palette, ground) in [(&DARK, Color::Rgb(0x1d, 0x1f, 0x21)), (&LIGHT, Color::Rgb(0xff, 0xff, 0xff))] {
            let texts = [palette.ink, palette.dim, palette.accent, palette.warning, palette.error];
            for text in texts.into_iter().chain(palette.kinds) {
                for ground in [ground, palette.bar, palette.selection] {
                    let (one, other) = (luminance(text), luminance(ground));
                    let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                    assert!(contrast >= 4.5, "{text:?} on {ground:?}: {contrast:.2}");
                }
            }
        }
    }

    #[test]
    fn the_environment_says_how_many_colours() {
        for (variables, depth) in [
            (vec![("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
            (vec![("TERM", "xterm-256color")], Depth::Indexed),
            (vec![("TERM", "linux")], Depth::Sixteen),
            (vec![("TERM", "xterm-256color"), ("NO_COLOR", "1")], Depth::Mono),
            (vec![("TERM", "dumb")], Depth::Mono),
        ] {
            let look =
                |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Depth::from_environment(look), depth, "{variables:?}");
        }
    }
}
