//! A list on the screen: the row of its cursor, the lines that are in view, and the ways to go in it. Rows are counted here
//! and nowhere else, so that no screen gets past an end.

use std::ops::Range;

/// A way to go in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// To the next row.
    Down,
    /// To the row before.
    Up,
    /// Down by as many rows as are in view, but for one to hold on to.
    PageDown,
    /// Up by as many.
    PageUp,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Motion {
    /// Every way, in the order in which lists name their commands.
    pub const ALL: [Motion; 6] =
        [Motion::Down, Motion::Up, Motion::PageDown, Motion::PageUp, Motion::First, Motion::Last];

    /// Where it leads from a row in a list of so many, of which a page is so many: to a row, or to 0 where there is none.
    pub fn from(self, at: usize, page: usize, count: usize) -> usize {
        let last = count.saturating_sub(1);
        let at = at.min(last);
        match self {
            Motion::Down => at.saturating_add(1),
            Motion::Up => at.saturating_sub(1),
            Motion::PageDown => at.saturating_add(page.max(1)),
            Motion::PageUp => at.saturating_sub(page.max(1)),
            Motion::First => 0,
            Motion::Last => last,
        }
        .min(last)
    }
}

/// A line of a list in which rows stand under headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line<H, R> {
    /// What stands above several rows.
    Heading(H),
    /// A row, and its place among the rows.
    Row(usize, R),
}

/// A list as the person left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    at: usize,
    top: usize,
    count: usize,
    room: usize,
}

impl Cursor {
    /// The row of the cursor; one that there is, from the next time on that the list is settled.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The first line on the screen.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Goes on in the list as it was settled last.
    pub fn go(&mut self, motion: Motion) {
        self.at = motion.from(self.at, self.room.saturating_sub(1), self.count);
    }

    /// Goes to a row.
    pub fn put(&mut self, at: usize) {
        self.at = at;
    }

    /// Goes back to the beginning: it is another list now.
    pub fn restart(&mut self) {
        (self.at, self.top) = (0, 0);
    }

    /// The list has so many rows now: the cursor stays on one of them.
    pub fn clamp(&mut self, count: usize) {
        self.count = count;
        self.at = self.at.min(count.saturating_sub(1));
    }

    /// The list has so many rows now, each a line, and so many have room on the screen: the cursor stays on a row and in
    /// view, and no room is left empty that lines could take.
    pub fn settle(&mut self, count: usize, room: usize) {
        self.clamp(count);
        self.view(self.at..self.at, count, room);
    }

    /// The same of rows under headings. The heading above the first of its rows is seen, too.
    pub fn settle_lines<H, R>(&mut self, lines: &[Line<H, R>], room: usize) {
        let count = lines.iter().rev().find_map(|line| match line {
            Line::Row(at, _) => Some(at + 1),
            Line::Heading(_) => None,
        });
        self.clamp(count.unwrap_or(0));
        let here = |line: &Line<H, R>| matches!(line, Line::Row(at, _) if *at == self.at);
        let line = lines.iter().position(here).unwrap_or(0);
        let above = usize::from(line > 0 && matches!(lines[line - 1], Line::Heading(_)));
        self.view(line - above..line, lines.len(), room);
    }

    /// Brings lines into view, of which the last matters most.
    fn view(&mut self, wanted: Range<usize>, lines: usize, room: usize) {
        self.room = room;
        let top = first_in_view(wanted.end, first_in_view(wanted.start, self.top, room), room);
        self.top = top.min(lines.saturating_sub(room));
    }

    /// Moves the view of a list whose rows are lines; the cursor goes along no farther than it must to stay in it.
    pub fn roll(&mut self, by: i32) {
        let room = self.room.max(1);
        let top = self.top.saturating_add_signed(isize::try_from(by).unwrap_or(0));
        self.top = top.min(self.count.saturating_sub(room));
        self.at = self.at.clamp(self.top, self.top + room - 1).min(self.count.saturating_sub(1));
    }

    /// The line so far below the first one on the screen, if it is in view.
    pub fn line(&self, below: usize) -> Option<usize> {
        (below < self.room).then_some(self.top + below)
    }

    /// The lines in view, of so many where so many have room.
    pub fn window(&self, lines: usize, room: usize) -> Range<usize> {
        let top = self.top.min(lines);
        top..lines.min(top.saturating_add(room))
    }
}

/// The first line on the screen, so that a line is on it; moved no farther than needed.
pub fn first_in_view(line: usize, top: usize, room: usize) -> usize {
    if line < top { line } else { top.max((line + 1).saturating_sub(room.max(1))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn motion() -> impl Strategy<Value = Motion> {
        prop::sample::select(Motion::ALL.as_slice())
    }

    proptest! {
        /// Whatever one does in a list that grows and shrinks, the cursor is on a row and in view, and the view is full.
        #[test]
        fn the_cursor_stays_on_a_row_and_in_view(
            steps in prop::collection::vec((motion(), -9..9i32, 0..40usize, 0..12usize, 0..usize::MAX), 1..60)
        ) {
            let mut list = Cursor::default();
            for (at, (motion, by, count, room, place)) in steps.into_iter().enumerate() {
                match at % 4 {
                    0 => list.put(place),
                    1 => list.roll(by),
                    _ => list.go(motion),
                }
                list.settle(count, room);
                prop_assert!(list.at() < count.max(1));
                let window = list.window(count, room);
                prop_assert_eq!(window.len(), count.min(room));
                prop_assert!(window.is_empty() || window.contains(&list.at()), "{list:?}");
            }
        }

        /// Ends are ends, nothing leads out of the list, and a page up takes a page down back but where an end stopped it.
        #[test]
        fn motions_lead_to_rows(motion in motion(), at in 0..50usize, page in 0..20usize, count in 0..40usize) {
            prop_assert!(motion.from(at, page, count) < count.max(1));
            prop_assert_eq!(Motion::First.from(at, page, count), 0);
            prop_assert_eq!(Motion::Last.from(at, page, count), count.saturating_sub(1));
            let down = Motion::PageDown.from(at, page, count);
            if at + page.max(1) < count {
                prop_assert_eq!(Motion::PageUp.from(down, page, count), at);
            }
        }

        /// The row of the cursor is in view whatever headings stand between, and so is the heading right above it where
        /// there is room for both.
        #[test]
        fn headings_are_seen(groups in prop::collection::vec(1..5usize, 0..8), place in 0..40usize, room in 1..9usize) {
            let mut lines = Vec::new();
            let mut rows = 0;
            for group in groups {
                lines.push(Line::Heading(()));
                lines.extend((rows..rows + group).map(|at| Line::Row(at, ())));
                rows += group;
            }
            let mut list = Cursor::default();
            list.put(place);
            list.settle_lines(&lines, room);
            let shown = &lines[list.window(lines.len(), room)];
            let here = shown.iter().position(|line| *line == Line::Row(list.at(), ()));
            prop_assert!(lines.is_empty() || here.is_some(), "{list:?} {shown:?}");
            prop_assert!(here != Some(0) || room < 2 || lines[list.top() - 1] != Line::Heading(()), "{list:?} {shown:?}");
        }
    }

    #[test]
    fn an_empty_list_can_be_walked() {
        let mut list = Cursor::default();
        for motion in Motion::ALL {
            list.put(usize::MAX);
            list.go(motion);
            list.settle(0, 0);
            assert_eq!((list.at(), list.top(), list.window(0, 5)), (0, 0, 0..0));
        }
    }
}
