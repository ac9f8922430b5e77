//! What the mouse does: the one table from which help, the cheat sheet and the manual page tell it.

/// Something that a hand does with the mouse.
#[derive(Debug)]
pub struct Gesture {
    /// What the hand does.
    pub gesture: &'static str,
    /// What comes of it, in a sentence.
    pub doc: &'static str,
}

/// The table. The tests of the mouse go through all of it.
pub static GESTURES: &[Gesture] = &[
    Gesture { gesture: "click", doc: "Select what is there; on empty ground select nothing." },
    Gesture { gesture: "double click", doc: "Open or close a boundary or a stack; on an element, go to its facts." },
    Gesture { gesture: "drag a box", doc: "Place it, or all marked boxes with it, and pin it there." },
    Gesture {
        gesture: "drag a frame",
        doc: "From the frame of a box, or its bracket on one row, draw a flow to another box.",
    },
    Gesture { gesture: "drag the ground", doc: "Move the view." },
    Gesture {
        gesture: "right click",
        doc: "Mark a box, or take its mark away; so does a click with shift, alt or control.",
    },
    Gesture { gesture: "right drag", doc: "Mark all boxes in a rectangle; so does a drag with shift, alt or control." },
    Gesture {
        gesture: "wheel",
        doc: "Scroll what is under the pointer; over the map move the view, with shift sideways.",
    },
    Gesture { gesture: "alt wheel", doc: "Zoom in or out at the pointer." },
    Gesture { gesture: "minimap", doc: "A click or a drag on it moves the view." },
    Gesture { gesture: "3 ▶", doc: "A click on a mark, or on a name, at the edge goes to the box beyond it." },
];
