//! What differs between two frames, in as few bytes as it takes: over a slow line the bytes are what a person waits for.
//!
//! ratatui's own backend moves the cursor by its whole address and sets both colours whenever one of them changes. Here
//! a step along a row is relative, a style is said as what changes of it, blanks are written in whatever style there is
//! where nobody sees the difference, and many of them are erased at once. All of these are controls and sequences of ECMA-48
//! that every terminal knows: those of today, the Linux console, tmux and screen alike.
//!
//! What only some know is not used: repeating a character (`CSI b`: not Apple's Terminal, not screen, not mosh), and
//! scrolling a part of the lines (left and right margins: few), which the map would need, that has panes at both sides.

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// A backend of ratatui. Whatever is no drawing is left to crossterm.
pub struct Lean<W: Write> {
    inner: CrosstermBackend<W>,
    /// A frame, until it is written.
    text: String,
    /// The rightmost column in which anything was written since the screen was cleared: what is left of it is not at the edge.
    rightmost: u16,
    shown: Shown,
    /// Whether the cursor can be seen, where that was said.
    has_cursor: Option<bool>,
}

/// What the cells hold, by row and column; nothing where that is not known. What was not written since the screen was cleared
/// is blank.
#[derive(Default)]
struct Shown(Vec<Vec<Option<Cell>>>);

impl Shown {
    fn get(&self, x: u16, y: u16) -> Option<&Cell> {
        const BLANK: &Cell = &Cell::EMPTY;
        let cell = self.0.get(usize::from(y)).and_then(|row| row.get(usize::from(x)));
        cell.map_or(Some(BLANK), Option::as_ref)
    }

    fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        let (x, y) = (usize::from(x), usize::from(y));
        if y >= self.0.len() {
            self.0.resize_with(y + 1, Vec::new);
        }
        let row = &mut self.0[y];
        let width = cell.symbol().width().max(1);
        if x + width > row.len() {
            row.resize(x + width, Some(Cell::EMPTY));
        }
        // What stands behind a wide symbol is a part of it.
        row[x..x + width].fill(None);
        row[x] = Some(cell.clone());
    }

    /// What stands between the cursor and a column further on, where it takes fewer bytes to write that once more in the look
    /// that there is than to step over it.
    fn between(&self, cursor: Cursor, x: u16, look: Look) -> Option<String> {
        let mut text = String::new();
        for at in cursor.x..x {
            let cell = self.get(at, cursor.y)?;
            let piece = Piece { x: at, y: cursor.y, symbol: cell.symbol(), look: Look::of(cell) };
            if !is_sure(piece.symbol) || !(piece.look == look || piece.may_be_in(look)) {
                return None;
            }
            text.push_str(piece.symbol);
            if text.len() > usize::from(FEW) {
                return None;
            }
        }
        let step = if x - cursor.x == 1 { "\x1b[C".len() } else { "\x1b[2C".len() };
        (text.len() < step).then_some(text)
    }
}

impl<W: Write> Lean<W> {
    /// Writes to a terminal, or to what stands for one.
    pub fn new(writer: W) -> Lean<W> {
        let inner = CrosstermBackend::new(writer);
        Lean { inner, text: String::new(), rightmost: 0, shown: Shown::default(), has_cursor: None }
    }

    /// Nothing is known of the screen any more: it is cleared, may have another width, or may have been somebody else's.
    fn forget(&mut self) {
        (self.rightmost, self.shown, self.has_cursor) = (0, Shown::default(), None);
    }
}

/// How cells look that are written from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Look = Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

/// What takes a modifier back, in the order of the codes that set them. Bold and dim have one code.
const MODIFIERS: [(Modifier, u8, u8); 8] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// The parameters that set a colour; `base` is 30 for the foreground and 40 for the background. What is written to a
/// string can not fail, here and below.
fn colour(out: &mut String, colour: Color, base: u8) {
    let simple = |index: u8| if index < 8 { base + index } else { base + 60 + index - 8 };
    let code = match colour {
        Color::Reset => base + 9,
        Color::Black => simple(0),
        Color::Red => simple(1),
        Color::Green => simple(2),
        Color::Yellow => simple(3),
        Color::Blue => simple(4),
        Color::Magenta => simple(5),
        Color::Cyan => simple(6),
        Color::Gray => simple(7),
        Color::DarkGray => simple(8),
        Color::LightRed => simple(9),
        Color::LightGreen => simple(10),
        Color::LightYellow => simple(11),
        Color::LightBlue => simple(12),
        Color::LightMagenta => simple(13),
        Color::LightCyan => simple(14),
        Color::White => simple(15),
        Color::Indexed(_) | Color::Rgb(..) => base + 8,
    };
    let _ = match colour {
        Color::Indexed(index) => write!(out, "{code};5;{index};"),
        Color::Rgb(red, green, blue) => write!(out, "{code};2;{red};{green};{blue};"),
        _ => write!(out, "{code};"),
    };
}

/// The parameters that lead from one look to another, each with a `;` behind it.
fn parameters(out: &mut String, from: Look, to: Look) {
    let mut kept = from.modifier & to.modifier;
    let gone = from.modifier - to.modifier;
    let mut last = 0;
    for (modifier, _, code) in MODIFIERS {
        if gone.contains(modifier) && code != last {
            let _ = write!(out, "{code};");
            last = code;
            if code == 22 {
                // It takes the other one back, too.
                kept -= Modifier::BOLD | Modifier::DIM;
            }
        }
    }
    for (modifier, code, _) in MODIFIERS {
        if (to.modifier - kept).contains(modifier) {
            let _ = write!(out, "{code};");
        }
    }
    if from.fg != to.fg {
        colour(out, to.fg, 30);
    }
    if from.bg != to.bg {
        colour(out, to.bg, 40);
    }
}

/// Writes the change of a look: from what it was, or from nothing where that is shorter.
fn change(out: &mut String, from: Look, to: Look) {
    if from == to {
        return;
    }
    let (mut changed, mut anew) = (String::new(), String::from("0;"));
    parameters(&mut changed, from, to);
    parameters(&mut anew, PLAIN, to);
    let shorter = if to == PLAIN {
        ""
    } else if anew.len() < changed.len() {
        anew.as_str()
    } else {
        changed.as_str()
    };
    let _ = write!(out, "\x1b[{}m", shorter.trim_end_matches(';'));
}

/// Whether every terminal moves its cursor by one column for it. Of other characters some think otherwise: behind those
/// the cursor is told where it is.
fn is_sure(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let ch = chars.next();
    chars.next().is_none() && ch.is_some_and(|ch| matches!(ch, ' '..='~' | '\u{2500}'..='\u{257f}'))
}

/// Whether it is a piece of a line.
fn is_line(symbol: &str) -> bool {
    symbol.starts_with(|ch| matches!(ch, '\u{2500}'..='\u{257f}'))
}

/// A cell of a frame that differs from the one before, and where it is.
type Changed<'a> = (u16, u16, &'a Cell);

/// What is written into a cell.
#[derive(Clone, Copy)]
struct Piece<'a> {
    x: u16,
    y: u16,
    symbol: &'a str,
    look: Look,
}

impl Piece<'_> {
    fn is_before(&self, next: &Piece<'_>) -> bool {
        (self.x + 1, self.y) == (next.x, next.y)
    }

    /// Whether nobody sees the difference if it is written in another look.
    fn may_be_in(&self, look: Look) -> bool {
        self.symbol == " " && self.look.blanks_like(look)
    }
}

/// What of a blank can be seen beside its ground.
const SEEN: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

impl Look {
    fn of(cell: &Cell) -> Look {
        Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether a blank looks the same so as it does in another look.
    fn blanks_like(self, other: Look) -> bool {
        self.bg == other.bg && !(self.modifier | other.modifier).intersects(SEEN)
    }

    /// Whether an erased cell looks like a blank: with a ground of its own terminals differ.
    fn is_erased(self) -> bool {
        self.blanks_like(PLAIN)
    }
}

/// What is to be written: a blank looks like the cell before it, or like the one behind it, where nobody sees that.
fn pieces<'a>(cells: impl Iterator<Item = Changed<'a>>) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> =
        cells.map(|(x, y, cell)| Piece { x, y, symbol: cell.symbol(), look: Look::of(cell) }).collect();
    for at in 1..pieces.len() {
        let before = pieces[at - 1];
        if before.is_before(&pieces[at]) && pieces[at].may_be_in(before.look) {
            pieces[at].look = before.look;
        }
    }
    for at in (1..pieces.len()).rev() {
        let next = pieces[at];
        let piece = &mut pieces[at - 1];
        // Only at the beginning of a run: what follows another cell looks like that.
        if piece.is_before(&next) && piece.may_be_in(next.look) && next.symbol != " " {
            piece.look = next.look;
        }
    }
    pieces
}

/// Where the cursor is, and whether every terminal agrees.
#[derive(Clone, Copy)]
struct Cursor {
    x: u16,
    y: u16,
    sure: bool,
}

/// A line feed is the shortest step down. The terminal is in raw mode while anything is drawn, so that it is that alone; but
/// the console of Windows returns to the first column with it.
const LINE_FEED: bool = cfg!(not(windows));

/// So many controls of one byte are no longer than a sequence.
const FEW: u16 = 3;

/// So many steps in a direction.
fn steps(out: &mut String, steps: u16, letter: char) {
    let _ = match steps {
        0 => Ok(()),
        1 => write!(out, "\x1b[{letter}"),
        steps => write!(out, "\x1b[{steps}{letter}"),
    };
}

/// Moves the cursor in as few bytes as it takes. Where something stands further to the right than the cell that was
/// written last (`inside`) that was not at the edge of the screen, where terminals differ in where they think they are.
fn go(out: &mut String, from: Option<Cursor>, x: u16, y: u16, inside: bool) {
    let start = out.len();
    match from {
        // As ratatui has it: what follows a cell of one column is written right behind it.
        Some(cursor) if (cursor.x, cursor.y) == (x, y) => return,
        Some(Cursor { x: at, y: row, sure: true }) if row == y && at < x => return steps(out, x - at, 'C'),
        Some(Cursor { x: at, y: row, sure: true }) if inside && row < y => {
            match at.checked_sub(x) {
                None => steps(out, x - at, 'C'),
                Some(back @ ..=FEW) => out.extend((0..back).map(|_| '\x08')),
                Some(back) => steps(out, back, 'D'),
            }
            match y - row {
                down @ ..=FEW if LINE_FEED => out.extend((0..down).map(|_| '\n')),
                down => steps(out, down, 'B'),
            }
        }
        _ => {}
    }
    let relative = out.split_off(start);
    let _ = match x {
        0 => write!(out, "\x1b[{}H", y + 1),
        x => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    };
    if !relative.is_empty() && relative.len() < out.len() - start {
        out.replace_range(start.., &relative);
    }
}

/// Writes in the order given, and leaves a plain look behind.
fn write_pieces(out: &mut String, pieces: &[Piece<'_>], rightmost: u16, shown: &Shown) {
    let mut look = PLAIN;
    let mut cursor: Option<Cursor> = None;
    let mut at = 0;
    while let Some(piece) = pieces.get(at).copied() {
        let inside = cursor.is_some_and(|cursor| cursor.x <= rightmost);
        let near = cursor.filter(|cursor| cursor.sure && cursor.y == piece.y && cursor.x < piece.x);
        if let Some(text) = near.and_then(|cursor| shown.between(cursor, piece.x, look)) {
            out.push_str(&text);
            cursor = near.map(|cursor| Cursor { x: piece.x, ..cursor });
        }
        go(out, cursor, piece.x, piece.y, inside);
        let next = if piece.may_be_in(look) { look } else { piece.look };
        change(out, look, next);
        look = next;
        let was_sure = cursor.is_none_or(|cursor| cursor.sure || (cursor.x, cursor.y) != (piece.x, piece.y));
        let blanks = blanks(&pieces[at..]);
        if blanks > 0 {
            let _ = write!(out, "\x1b[{blanks}X");
            cursor = Some(Cursor { x: piece.x, y: piece.y, sure: was_sure });
            at += blanks;
            continue;
        }
        out.push_str(piece.symbol);
        cursor = Some(Cursor { x: piece.x + 1, y: piece.y, sure: was_sure && is_sure(piece.symbol) });
        at += 1;
    }
    change(out, look, PLAIN);
}

/// How many blanks at the beginning are erased in fewer bytes than written. Erasing leaves the cursor where it is.
fn blanks(pieces: &[Piece<'_>]) -> usize {
    let first = pieces[0];
    // What is to be erased is counted once, whatever else would be counted again from each of its blanks.
    if first.symbol != " " || !first.look.is_erased() {
        return 0;
    }
    let is_next =
        |pair: &&[Piece<'_>]| pair[1].symbol == " " && pair[1].look == first.look && pair[0].is_before(&pair[1]);
    let count = 1 + pieces.windows(2).take_while(is_next).count();
    let goes_on = pieces.get(count).is_some_and(|next| pieces[count - 1].is_before(next));
    let sequence = "\x1b[X".len() + count.ilog10() as usize + 1;
    let cost = if goes_on { 2 * sequence } else { sequence };
    if count > cost { count } else { 0 }
}

/// The places of looks in the order in which they are set: after each the one to which it takes least to change, up to so
/// many; of equals the first.
fn nearest_first(looks: &[Look]) -> Vec<usize> {
    const FEW: usize = 32;
    let mut text = String::new();
    let mut cost = |from: Look, to: Look| {
        text.clear();
        change(&mut text, from, to);
        text.len()
    };
    let mut left: Vec<usize> = (0..looks.len()).collect();
    let mut ordered = Vec::with_capacity(looks.len());
    let mut look = PLAIN;
    while !left.is_empty() {
        let nearest =
            if looks.len() > FEW { Some(0) } else { (0..left.len()).min_by_key(|at| cost(look, looks[left[*at]])) };
        let next = left.remove(nearest.unwrap_or(0));
        look = looks[next];
        ordered.push(next);
    }
    ordered
}

/// The pieces look by look, so that each is set once; and of one look every run before the one below it, so that an upright
/// line is written without addresses. `None` where a symbol may be wider than a column: what such symbols leave behind
/// depends on the order.
fn by_look<'a>(pieces: &[Piece<'a>]) -> Option<Vec<Piece<'a>>> {
    if !pieces.iter().all(|piece| piece.symbol.width() == 1) {
        return None;
    }
    let mut looks: Vec<Look> = Vec::new();
    let mut runs: Vec<Vec<&[Piece<'a>]>> = Vec::new();
    let is_next = |one: &Piece<'a>, two: &Piece<'a>| one.is_before(two) && one.look == two.look;
    for run in pieces.chunk_by(is_next) {
        let at = looks.iter().position(|known| *known == run[0].look).unwrap_or_else(|| {
            looks.push(run[0].look);
            runs.push(Vec::new());
            looks.len() - 1
        });
        runs[at].push(run);
    }
    let mut ordered = Vec::with_capacity(pieces.len());
    for at in nearest_first(&looks) {
        let runs = &runs[at];
        let mut starts: BTreeMap<(u16, u16), &[Piece<'a>]> =
            runs.iter().map(|run| ((run[0].y, run[0].x), *run)).collect();
        while let Some((_, mut run)) = starts.pop_first() {
            loop {
                ordered.extend_from_slice(run);
                // Of a text the next word is nearer than the line below it.
                let Some(last) = run.last().filter(|last| is_line(last.symbol)) else { break };
                let below = (last.y + 1, last.x);
                if !starts.get(&below).is_some_and(|run| is_line(run[0].symbol)) {
                    break;
                }
                let Some(below) = starts.remove(&below) else { break };
                run = below;
            }
        }
    }
    Some(ordered)
}

/// Writes the cells of a frame that differ, and leaves a plain look behind: row by row or look by look, whichever is
/// shorter. `shown` is the whole frame, as far as it is known. Given the rightmost column that was ever written, it gives that
/// with this frame.
fn encode<'a>(out: &mut String, content: impl Iterator<Item = Changed<'a>>, rightmost: u16, shown: &Shown) -> u16 {
    let pieces = pieces(content);
    let rightmost = pieces.iter().map(|piece| piece.x).fold(rightmost, u16::max);
    let start = out.len();
    write_pieces(out, &pieces, rightmost, shown);
    if let Some(ordered) = by_look(&pieces) {
        let mut other = String::new();
        write_pieces(&mut other, &ordered, rightmost, shown);
        if other.len() < out.len() - start {
            out.replace_range(start.., &other);
        }
    }
    rightmost
}

impl<W: Write> Backend for Lean<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.text.clear();
        let content: Vec<Changed<'a>> = content.collect();
        content.iter().for_each(|(x, y, cell)| self.shown.put(*x, *y, cell));
        self.rightmost = encode(&mut self.text, content.into_iter(), self.rightmost, &self.shown);
        self.inner.write_all(self.text.as_bytes())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.has_cursor.replace(false) == Some(false) {
            return Ok(());
        }
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.has_cursor.replace(true) == Some(true) {
            return Ok(());
        }
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.forget();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Write for Lean<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use std::num::NonZero;

    const COLUMNS: u16 = 24;
    const ROWS: u16 = 4;

    fn size(cells: u16) -> NonZero<u16> {
        NonZero::new(cells).unwrap()
    }

    fn a_cell() -> impl Strategy<Value = Cell> {
        let colour = prop_oneof![
            Just(Color::Reset),
            Just(Color::Red),
            Just(Color::White),
            Just(Color::Indexed(77)),
            Just(Color::Rgb(1, 20, 255)),
        ];
        let symbol = prop_oneof![4 => Just(" "), 1 => Just("a"), 1 => Just("─"), 1 => Just("é"), 1 => Just("▸")];
        let modifier = prop_oneof![
            Just(Modifier::empty()),
            Just(Modifier::BOLD),
            Just(Modifier::DIM),
            Just(Modifier::BOLD | Modifier::REVERSED),
            Just(Modifier::DIM | Modifier::ITALIC),
            Just(Modifier::UNDERLINED),
        ];
        (symbol, colour.clone(), colour, modifier).prop_map(|(symbol, fg, bg, modifier)| {
            let mut cell = Cell::default();
            cell.set_symbol(symbol).set_fg(fg).set_bg(bg);
            cell.modifier = modifier;
            cell
        })
    }

    fn a_buffer() -> impl Strategy<Value = Buffer> {
        let count = usize::from(COLUMNS * ROWS);
        // Few kinds of cells, so that two buffers share some; and long runs of one kind.
        let cells = prop::collection::vec(a_cell(), 1..4);
        let runs = prop::collection::vec((0_usize..4, prop_oneof![1_usize..3, 8_usize..20]), count);
        (cells, runs).prop_map(move |(cells, runs)| Buffer {
            area: Rect::new(0, 0, COLUMNS, ROWS),
            content: runs
                .into_iter()
                .flat_map(|(at, length)| std::iter::repeat_n(cells[at % cells.len()].clone(), length))
                .take(count)
                .collect(),
        })
    }

    fn shown(color: vt100::Color) -> Color {
        match color {
            vt100::Color::Default => Color::Reset,
            vt100::Color::Idx(1) => Color::Red,
            vt100::Color::Idx(15) => Color::White,
            vt100::Color::Idx(index) => Color::Indexed(index),
            vt100::Color::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
        }
    }

    proptest! {
        /// What a terminal shows after the differences of several frames is the last of them.
        #[test]
        fn a_terminal_shows_the_last_frame(frames in prop::collection::vec(a_buffer(), 1..4)) {
            let mut terminal = vt100::Parser::new(size(ROWS), size(COLUMNS), 0);
            let mut before = Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS));
            let (mut rightmost, mut known) = (0, Shown::default());
            for frame in frames {
                let mut text = String::new();
                let changed = before.diff(&frame);
                changed.iter().for_each(|(x, y, cell)| known.put(*x, *y, cell));
                rightmost = encode(&mut text, changed.into_iter(), rightmost, &known);
                terminal.process(text.as_bytes());
                before = frame;
            }
            for y in 0..ROWS {
                for x in 0..COLUMNS {
                    let (cell, wanted) = (terminal.screen().cell(y, x).unwrap(), &before[(x, y)]);
                    let contents = if cell.contents().is_empty() { " " } else { cell.contents() };
                    prop_assert_eq!(contents, wanted.symbol());
                    prop_assert_eq!(shown(cell.bgcolor()), wanted.bg);
                    // Of a blank nobody sees the colour, nor whether it is bold.
                    if contents == " " && Look::of(wanted).blanks_like(Look { bg: wanted.bg, ..PLAIN }) {
                        prop_assert!(!cell.underline() && !cell.inverse());
                        continue;
                    }
                    prop_assert_eq!(shown(cell.fgcolor()), wanted.fg);
                    let is = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
                    let all = [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
                    prop_assert_eq!(is, all.map(|modifier| wanted.modifier.contains(modifier)));
                }
            }
        }
    }

    #[test]
    fn short_ways_are_taken() {
        let mut before = Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS));
        let mut after = before.clone();
        let mut check = |at: [(u16, u16); 2], fg: Color, wanted: &str| {
            for place in at {
                after[place].set_symbol("x").set_fg(fg);
            }
            let mut text = String::new();
            encode(&mut text, before.diff(&after).into_iter(), 0, &Shown::default());
            assert_eq!(text, wanted);
            before = after.clone();
        };
        check([(0, 0), (2, 0)], Color::Reset, "\x1b[1Hx x");
        check([(1, 1), (2, 1)], Color::Reset, "\x1b[2;2Hxx");
        check([(1, 2), (6, 2)], Color::Green, "\x1b[3;2H\x1b[32mx\x1b[4Cx\x1b[m");
    }

    /// What stands between two cells is written once more where that is shorter than to step over it.
    #[test]
    fn what_stands_between_is_written_again() {
        for (before, after, wanted) in [
            ("one two", "ONE TWO", "\x1b[1HONE TWO"),
            ("a,b", "A,B", "\x1b[1HA,B"),
            ("a──b", "A──B", "\x1b[1HA\x1b[2CB"),
            ("a    b", "A    B", "\x1b[1HA\x1b[4CB"),
            // Half of a wide symbol is no blank.
            ("a世b", "A世B", "\x1b[1HA\x1b[2CB"),
        ] {
            let row = |text: &str| {
                let mut buffer = Buffer::empty(Rect::new(0, 0, COLUMNS, 1));
                buffer.set_string(0, 0, text, ratatui::style::Style::new());
                buffer
            };
            let (before, after, mut known, mut text) = (row(before), row(after), Shown::default(), String::new());
            Buffer::empty(before.area).diff(&before).iter().for_each(|(x, y, cell)| known.put(*x, *y, cell));
            let changed = before.diff(&after);
            changed.iter().for_each(|(x, y, cell)| known.put(*x, *y, cell));
            encode(&mut text, changed.into_iter(), 0, &known);
            assert_eq!(text, wanted);
        }
    }

    #[test]
    fn down_along_a_line_where_that_is_not_the_edge_of_the_screen() {
        for (rightmost, wanted) in [
            (5, if LINE_FEED { "\x1b[1;5Hx\x08\nx" } else { "\x1b[1;5Hx\x08\x1b[Bx" }),
            (4, "\x1b[1;5Hx\x1b[2;5Hx"),
            (0, "\x1b[1;5Hx\x1b[2;5Hx"),
        ] {
            let before = Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS));
            let mut after = before.clone();
            after[(4, 0)].set_symbol("x");
            after[(4, 1)].set_symbol("x");
            let mut text = String::new();
            encode(&mut text, before.diff(&after).into_iter(), rightmost, &Shown::default());
            assert_eq!(text, wanted, "{rightmost}");
        }
    }

    #[test]
    fn blanks_are_erased_together_and_take_any_colour() {
        let check = |before: &str, after: &str, wanted: &str| {
            let row = |text: &str| {
                let mut buffer = Buffer::empty(Rect::new(0, 0, COLUMNS, 1));
                buffer.set_string(0, 0, text, ratatui::style::Style::new().fg(Color::Green));
                buffer
            };
            let (before, after) = (row(before), row(after));
            let mut text = String::new();
            encode(&mut text, before.diff(&after).into_iter(), 0, &Shown::default());
            assert_eq!(text, wanted, "{before:?} {after:?}");
        };
        check("abcdefghijklmnop", "a", "\x1b[1;2H\x1b[15X");
        check("abcdefghijklmnop", "a             Xp", "\x1b[1;2H\x1b[13X\x1b[13C\x1b[32mX\x1b[m");
        check("abcdefghijklmnop", "a xy z hijklmnop", "\x1b[1;2H \x1b[32mxy z \x1b[m");
    }
}
