//! What the signs on the map mean: shapes, lines, labels, badges. Help, the legend and the documentation are made of it.

use super::badge::Sign;
use super::layer::Styled;
use crate::model::facts::Operation;

/// A sign and what it means.
pub type Entry = (String, &'static str);

/// Boxes by their shape; on one row brackets stand for it.
pub fn shapes(ascii: bool) -> Vec<Entry> {
    let rows = [
        ("┌┐ <>", "++ <>", "an actor: somebody or something outside that uses the system"),
        ("╭╮ ()", ".. ()", "a service"),
        ("┤ {}", "> {}", "an endpoint, which has a tab on its left"),
        ("╒═╕ []", "+=+ []", "a dataset; with a second edge, or [[ ]], several of them"),
        ("┌╌┐ ‹›", "+.+ <>", "a role"),
        ("╔═╗ ╡╞", "#=# ##", "a trust boundary: open around what is in it, or closed as one box"),
    ];
    rows.into_iter().map(|(unicode, plain, meaning)| ((if ascii { plain } else { unicode }).into(), meaning)).collect()
}

/// Wires by their line, and what crosses.
pub fn lines_of_wires(ascii: bool) -> Vec<Entry> {
    let rows = [
        ("━━━ ┃", "~~~ \"", "encrypted flow"),
        ("─── │", "--- |", "plain flow; its label says so, too"),
        ("╌╌╌ ╎", "- - -", "nobody knows whether the flow is encrypted; its label has a ?"),
        ("┈┈┈ ┊", "... :", "access that grants imply: role, endpoint, dataset; and whom a role inherits directly"),
        ("╪ ╫", "+", "a flow piercing a trust boundary"),
    ];
    rows.into_iter().map(|(unicode, plain, meaning)| ((if ascii { plain } else { unicode }).into(), meaning)).collect()
}

/// Texts beside wires and in boxes.
pub fn texts() -> Vec<Entry> {
    [
        (
            "HTTP plain·public",
            "protocol, what is known of encryption, the highest class of what is carried: by all flows that run there",
        ),
        ("×3 1 plain 1?", "3 flows on one wire: 1 plain, 1 unknown, the rest encrypted"),
        ("?12: Portal", "in a closed boundary: the element inside that needs a look first, and its badge"),
        ("?", "unknown: nobody knows yet; it never counts as a pass"),
        ("~", "assumed: somebody still has to confirm it"),
        ("…", "shortened; the inspector and the nearest level tell it in full"),
        ("◀ 3", "at an edge of the map: so many boxes are beyond it, in part or whole"),
    ]
    .into_iter()
    .map(|(sign, meaning)| (sign.into(), meaning))
    .collect()
}

/// Badges in the lower edge of a box.
pub fn badges() -> Vec<Entry> {
    Sign::ALL.map(Sign::explanation).into_iter().map(|(sign, meaning)| (sign.into(), meaning)).collect()
}

/// The letters of operations.
pub fn letters() -> String {
    let letters: Vec<String> = Operation::ALL.iter().map(|op| format!("{} {}", op.letter(), op.word())).collect();
    letters.join(", ")
}

/// All of it as a text to read.
pub fn lines(ascii: bool) -> Vec<Styled> {
    let mut lines = Vec::new();
    for (heading, entries) in [
        ("Boxes", shapes(ascii)),
        ("Wires", lines_of_wires(ascii)),
        ("Texts", texts()),
        ("Badges (closed boundaries: of what is inside)", badges()),
    ] {
        lines.push(Styled::heading(heading));
        lines.extend(entries.into_iter().map(|(sign, meaning)| Styled::row(sign, meaning)));
        lines.push(Styled::plain(""));
    }
    lines.push(Styled::row("RCUD ...", letters()));
    lines.push(Styled::plain(""));
    lines
}
