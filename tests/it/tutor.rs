//! The tutor: what it says is true where it says it.

use super::headless::{CLINIC, open, press, screen};
use super::terminal::{Answers, Home};
use sandtable::app::state::Pane;
use sandtable::app::tutor::{LESSONS, Tutor};

#[test]
fn the_copy_has_a_name_and_no_place() {
    let home = Home::new(&[]);
    let mut pty = home.spawn((100, 30), &["tutor"], Answers::All);
    // The header shortens it where the names of the screens need the room.
    pty.wait_for("tutor copy of clinic.");
    assert!(!pty.seen().text().contains("/tmp"), "{}", pty.seen().text());
    pty.keys("q");
    assert_eq!(pty.exit(), 0);
}

/// What the first step says of the facts holds at every width, whether there is a pane for them or not.
#[test]
fn the_facts_are_where_it_says() {
    assert!(LESSONS[0].why.contains("e shows its facts"));
    for columns in [45, 80, 100, 160] {
        let mut app = open(CLINIC, columns, 30);
        app.tutor = Some(Tutor::default());
        press(&mut app, "<Esc><Esc>j");
        app.tutor = Some(Tutor::default());
        press(&mut app, "e");
        assert_eq!(app.focus(), Pane::Inspector, "{columns} columns:\n{}", screen(&app));
    }
}
