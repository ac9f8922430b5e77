//! What lies over the screen and asks for something: values on a stack, the topmost gets the keys.

use super::command::Scope;
use super::console::Draft;
use super::drills::Opening;
use super::fuzzy;
use super::line::Line;
use crate::analysis::condition::Missing;
use crate::analysis::questions::Question;
use crate::model::document::ElementId;
use crate::model::edit::Edit;
use crate::model::facts::Operation;
use crate::model::reflect::{Kind, Step};
use crate::model::threats::{Category, EvidenceKind, Strength, Verdict};
use crate::model::{Section, Slug};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// Asks to choose from a list.
    Picker(Picker),
    /// Asks for a line of text.
    Prompt(Prompt),
    /// Asks whether to go on.
    Confirm(Confirm),
    /// Shows a text to read.
    Reader(Reader),
    /// Asks the questions of the queue; they stand in the state, so that it goes on where it was.
    Queue,
    /// The walk through STRIDE and LINDDUN; where it is stands in the state.
    Walk,
}

impl Layer {
    /// The scope of its keys.
    pub fn scope(&self) -> Scope {
        match self {
            Layer::Picker(_) => Scope::Picker,
            Layer::Prompt(_) => Scope::Prompt,
            Layer::Confirm(_) => Scope::Confirm,
            Layer::Reader(_) => Scope::Reader,
            Layer::Queue => Scope::Queue,
            Layer::Walk => Scope::Walk,
        }
    }
}

/// A list to choose from, narrowed by typing.
#[derive(Debug, Clone, PartialEq)]
pub struct Picker {
    /// What is chosen.
    pub title: String,
    /// What there is.
    pub items: Vec<Item>,
    /// What was typed to narrow it.
    pub query: Line,
    /// The place of the cursor among what matches.
    pub at: usize,
    /// What is marked, by the item's place; only where several may be chosen.
    pub marks: Option<BTreeSet<usize>>,
    /// Whether somebody marked or unmarked anything.
    pub touched: bool,
    /// Whether the line under the cursor is told in full below the list, where its room is too short for it.
    pub full: bool,
    /// What is done with the choice.
    pub then: Choose,
    pub(super) found: Found,
}

/// The items that match what was typed: of thousands they are looked for once, and not for every picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Found {
    /// What was typed.
    query: String,
    /// Their places, the best first.
    places: Arc<[usize]>,
    /// What is searched: the text of each item, once something was typed.
    texts: Arc<[String]>,
}

/// A line of a picker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// What it is called.
    pub label: String,
    /// What it means, or its keys.
    pub detail: String,
    /// What is handed on when it is chosen.
    pub value: String,
    /// Why it can not be chosen.
    pub why_not: Option<&'static str>,
}

impl Picker {
    /// A list of which one is chosen.
    pub fn new(title: impl Into<String>, items: Vec<Item>, then: Choose) -> Picker {
        let found = Found { places: (0..items.len()).collect(), ..Found::default() };
        Picker {
            title: title.into(),
            items,
            query: Line::default(),
            at: 0,
            marks: None,
            touched: false,
            full: false,
            then,
            found,
        }
    }

    /// Whether what is typed narrows the list. A choice that may cost edits is made with arrows alone, so that
    /// somebody who types on does not make it.
    pub fn takes_text(&self) -> bool {
        !matches!(self.then, Choose::Conflict | Choose::Recover)
    }

    /// The places of the items that match what was typed, the best first.
    pub fn matching(&self) -> Arc<[usize]> {
        match self.found.query == self.query.text() {
            true => self.found.places.clone(),
            false => fuzzy::search(self.query.text(), &self.texts()).into(),
        }
    }

    fn texts(&self) -> Vec<String> {
        self.items.iter().map(|item| format!("{} {}", item.label, item.detail)).collect()
    }

    /// What was typed is another text now: the cursor goes to the best match.
    pub fn narrow(&mut self) {
        self.at = 0;
        let query = self.query.text();
        if query == self.found.query {
            return;
        }
        if self.found.texts.is_empty() {
            self.found.texts = self.texts().into();
        }
        let texts = &self.found.texts;
        // What goes on from a word matches nothing that the word does not match.
        let goes_on = query.starts_with(&self.found.query) && !self.found.query.contains(fuzzy::is_sign);
        let places = match goes_on {
            true => {
                // Of equal matches the first comes first.
                let mut among = self.found.places.to_vec();
                among.sort_unstable();
                let found = fuzzy::search(query, &among.iter().map(|at| &texts[*at]).collect::<Vec<_>>());
                found.into_iter().map(|at| among[at]).collect()
            }
            false => fuzzy::search(query, texts).into(),
        };
        (self.found.query, self.found.places) = (query.to_owned(), places);
    }

    /// The item under the cursor.
    pub fn chosen(&self) -> Option<&Item> {
        self.items.get(*self.matching().get(self.at)?)
    }
}

/// What a picker's choice does.
#[derive(Debug, Clone, PartialEq)]
pub enum Choose {
    /// Runs a command.
    Run,
    /// Goes to an element, and opens what hides it.
    Go,
    /// Goes to an element as it is drawn.
    Follow,
    /// Adds an element of the chosen section.
    AddSection,
    /// Draws a flow from here to the chosen node.
    Connect(Slug),
    /// Moves these into the chosen boundary.
    Move(Vec<ElementId>),
    /// Sets the value at a path; the chosen value is RON, empty for unknown.
    Set(ElementId, Vec<Step>),
    /// Sets a list of references at a path.
    SetList(ElementId, Vec<Step>),
    /// Chooses the next part of a grant.
    Grant(GrantDraft),
    /// Chooses the next part of a decision on a threat.
    Decide(DecisionDraft),
    /// Gives a question to the chosen person.
    Assign(Question),
    /// Chooses whose questions are asked.
    Whose,
    /// Adds the chosen control of the library.
    Library(LibraryDraft),
    /// Chooses the next part of a piece of evidence.
    Evidence(EvidenceDraft),
    /// Goes to a threat, by its id.
    Threat,
    /// Goes to a control, or to an attacker by its place.
    Guardrail,
    /// Shows the journey of this dataset, or of the chosen field of it.
    Journey(Slug),
    /// Looks at attacks as if the chosen controls were lost.
    Lose,
    /// Adds a scenario of the chosen kind about this element.
    Template(ElementId),
    /// Puts the choice behind a line of the console.
    Drill(Draft),
    /// Nothing: the list is there to be read.
    Nothing,
    /// Decides on a file that was changed by somebody else.
    Conflict,
    /// Decides on edits that an earlier session did not save.
    Recover,
}

/// A decision on a threat while it is put together, part by part.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionDraft {
    /// What is decided.
    pub verdict: Verdict,
    /// The rule.
    pub rule: String,
    /// What the rule says.
    pub title: String,
    /// The element, as a reference.
    pub element: String,
    /// The role, where it inherits the grant.
    pub role: Option<Slug>,
    /// The digest of the facts on which it is decided.
    pub facts: Option<String>,
    /// The controls that stand against it.
    pub controls: Option<Vec<Slug>>,
    /// Who decides; nobody in it where nobody was named.
    pub by: Option<Option<Slug>>,
    /// Why.
    pub why: Option<String>,
}

/// What a control of the library is bound to when it is added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LibraryDraft {
    /// The element that it guards, as a reference.
    pub guards: Option<String>,
    /// The threat that it answers: a rule, and the name of a place.
    pub rule: Option<(String, String)>,
}

/// A piece of evidence while it is put together, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceDraft {
    /// The control.
    pub control: Slug,
    /// What it is.
    pub kind: Option<EvidenceKind>,
    /// Where it is.
    pub at: Option<String>,
    /// The checksum of a file.
    pub sha256: Option<String>,
    /// The report of a test.
    pub report: Option<String>,
    /// How much it shows.
    pub strength: Option<Strength>,
    /// Whether it speaks against the control.
    pub refutes: bool,
    /// Who looked; nobody in it where nobody was named.
    pub by: Option<Option<Slug>>,
}

impl EvidenceDraft {
    /// Evidence of a control of which nothing is said yet.
    pub fn new(control: Slug) -> EvidenceDraft {
        EvidenceDraft {
            control,
            kind: None,
            at: None,
            sha256: None,
            report: None,
            strength: None,
            refutes: false,
            by: None,
        }
    }
}

/// A grant while it is put together, part by part.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GrantDraft {
    /// Who.
    pub role: Option<Slug>,
    /// Where.
    pub endpoint: Option<Slug>,
    /// What.
    pub op: Option<Operation>,
}

/// A line to type.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What is asked.
    pub title: String,
    /// An example or an explanation.
    pub hint: String,
    /// What was typed.
    pub line: Line,
    /// What stood in the line at first: a line that was not changed changes nothing.
    pub before: String,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// What is done with the text.
    pub then: Ask,
}

/// What a prompt's text does.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Adds an element with this title.
    Add(Section),
    /// Changes the title.
    Rename(ElementId),
    /// Changes the title of the model.
    RenameModel,
    /// Adds fields to a dataset.
    AddFields(ElementId),
    /// Adds an entry to a map at a path.
    AddKey(ElementId, Vec<Step>),
    /// Sets the value at a path, whose kind says how the text is read.
    Set(ElementId, Vec<Step>, Kind),
    /// Why something is decided.
    Decide(DecisionDraft),
    /// Until when a threat is accepted.
    DecideUntil(DecisionDraft),
    /// Answers a question: the fact, the way to it, and what it is.
    Answer(Missing, Vec<Step>, Kind),
    /// Raises a threat of a kind at an element, with this title.
    Raise(ElementId, Category),
    /// How likely and how bad the threat with this title is.
    RaiseLevels(ElementId, Category, String),
    /// Why a kind of threat can not happen at an element.
    Dismiss(ElementId, Category),
    /// Where a piece of evidence is.
    Evidence(EvidenceDraft),
    /// Until when it counts.
    EvidenceUntil(EvidenceDraft),
    /// Narrows what is shown as it is typed.
    Filter,
    /// Writes a copy there.
    SaveCopy,
    /// Goes to the box with these two letters.
    Label,
    /// Opens a drill whose log has this name.
    OpenDrill(Box<Opening>),
    /// Puts the text behind a line of the console.
    Drill(Draft),
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A question with yes and no.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// What is asked.
    pub title: String,
    /// What it would do.
    pub lines: Vec<String>,
    /// What yes does.
    pub then: Agree,
}

/// What yes does.
#[derive(Debug, Clone, PartialEq)]
pub enum Agree {
    /// Makes an edit.
    Edit(Edit),
    /// Ends without saving.
    Quit,
    /// Reads the file again and drops unsaved edits.
    Reload,
    /// Takes a line of the console.
    Drill(String),
    /// Closes the open drill.
    CloseDrill,
}

/// A text to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    /// What it is.
    pub title: String,
    /// Its lines.
    pub lines: Vec<Styled>,
    /// The first line on the screen.
    pub top: usize,
}

impl Reader {
    /// A text from its beginning.
    pub fn new(title: impl Into<String>, lines: Vec<Styled>) -> Reader {
        Reader { title: title.into(), lines, top: 0 }
    }
}

/// A line of a text, and how it stands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Styled {
    /// How.
    pub style: Emphasis,
    /// In the left column; may be empty.
    pub left: String,
    /// The rest.
    pub text: String,
}

/// How a line stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// Not at all.
    Plain,
    /// A heading.
    Heading,
    /// Less than the rest.
    Dim,
    /// Something to watch.
    Warning,
}

impl Styled {
    /// A plain line.
    pub fn plain(text: impl Into<String>) -> Styled {
        Styled { style: Emphasis::Plain, left: String::new(), text: text.into() }
    }

    /// A heading.
    pub fn heading(text: impl Into<String>) -> Styled {
        Styled { style: Emphasis::Heading, left: String::new(), text: text.into() }
    }

    /// A line with something in the left column.
    pub fn row(left: impl Into<String>, text: impl Into<String>) -> Styled {
        Styled { style: Emphasis::Plain, left: left.into(), text: text.into() }
    }

    /// The same line, standing out otherwise.
    pub fn with(self, style: Emphasis) -> Styled {
        Styled { style, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However it is typed, what matches is what looking through everything finds.
        #[test]
        fn narrowing_finds_what_searching_finds(
            labels in prop::collection::vec("[a-cA-C' !]{0,6}", 1..40),
            typed in "[a-cA-C !^$'\\\\]{1,8}",
        ) {
            let item = |label: String| Item { label, ..Item::default() };
            let mut picker = Picker::new("", labels.into_iter().map(item).collect(), Choose::Nothing);
            for ch in typed.chars() {
                picker.query.insert(ch.encode_utf8(&mut [0; 4]));
                picker.narrow();
                let anew = fuzzy::search(picker.query.text(), &picker.texts());
                prop_assert_eq!(&picker.matching()[..], &anew[..], "{}", picker.query.text());
            }
        }
    }
}
