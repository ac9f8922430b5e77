//! From text to model: everything that is wrong is reported in one run, with its place, and the rest is kept.
//!
//! Each element is typed on its own, from its slice. Where a value does not fit, the field that holds it is blanked in
//! a copy of the slice and the element is typed again, so that one mistake hides no other. What could not be typed is
//! not in the model, but stays in the file: the weaver only touches what was in the model.

use super::syntax::{Item, Shape, SyntaxError, Tree, Value, parse};
use super::typed;
use super::weave::is_head_key;
use crate::model::document::FORMAT;
use crate::model::reflect::{FieldSpec, Kind, Step};
use crate::model::text::{MAX_TEXT, is_unsafe, nearest, one_line};
use crate::model::validate::{Problem, Severity, validate};
use crate::model::{Element, ElementId, Model, Section, Slug, Text};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// At most so many problems are listed; more help nobody.
pub const MAX_DIAGNOSTICS: usize = 1_000;

/// How often one element is tried again after a field of it was blanked.
const MAX_TRIES: usize = 64;

/// Something wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// The line, 1 for the first.
    pub line: usize,
    /// The column in characters, 1 for the first.
    pub column: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.line, self.column, self.severity.word(), self.message)
    }
}

/// A model and where its parts stand.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What could be typed.
    pub model: Model,
    /// What is wrong, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with the model itself, as [`validate`] says; these are among the diagnostics, too.
    pub problems: Vec<Problem>,
    /// The line on which each element begins.
    pub lines: Arc<ElementLines>,
}

/// The lines on which elements begin, by section and slug.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ElementLines(Vec<(ElementId, usize)>);

impl ElementLines {
    /// The line on which an element begins, 1 for the first.
    pub fn get(&self, id: &ElementId) -> Option<usize> {
        let at = self.0.binary_search_by(|(own, _)| own.cmp(id)).ok()?;
        Some(self.0[at].1)
    }
}

impl Loaded {
    /// Whether something is wrong that keeps the model from being judged.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The line on which an element begins, 1 for the first.
    pub fn line_of(&self, id: &ElementId) -> Option<usize> {
        self.lines.get(id)
    }
}

/// Makes a model of a text. An error means that the text is no model at all.
pub fn load(text: &str) -> Result<Loaded, Diagnostic> {
    let index = Lines::new(text);
    let tree = parse(text).map_err(|error| syntax_diagnostic(&index, &error))?;
    let mut loader =
        Loader { text, index, found: Vec::new(), unlisted: None, model: Model::default(), lines: Vec::new() };
    loader.hostile_characters();
    loader.root(&tree)?;
    let problems = validate(&loader.model);
    if !problems.is_empty() {
        let places = places(&tree);
        for problem in &problems {
            let offset = locate(&tree, &places, &problem.id, &problem.path);
            loader.report_as(problem.severity, offset, problem.message.clone());
        }
    }
    loader.found.sort_by_key(|(offset, diagnostic)| (*offset, diagnostic.severity != Severity::Error));
    let mut diagnostics: Vec<Diagnostic> = loader.found.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    if let (Some((more, severity)), Some(last)) = (loader.unlisted, diagnostics.last().cloned()) {
        diagnostics.push(Diagnostic { severity, message: format!("and {more} more problems"), ..last });
    }
    // A file in its canonical order is sorted already.
    loader.lines.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(Loaded { model: loader.model, diagnostics, problems, lines: Arc::new(ElementLines(loader.lines)) })
}

/// The bytes that an element's value takes.
pub fn element_span(text: &str, id: &ElementId) -> Option<Range<usize>> {
    let tree = parse(text).ok()?;
    Some(tree.root.item(id.section.name())?.value.item(id.slug.as_str())?.value.span.clone())
}

fn syntax_diagnostic(index: &Lines<'_>, error: &SyntaxError) -> Diagnostic {
    let (line, column) = index.place(error.offset);
    Diagnostic { severity: Severity::Error, line, column, message: error.message.clone() }
}

/// Turns byte offsets into lines and columns.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Lines { text, starts }
    }

    /// The line alone; the column has to be counted from its start, which takes long in a file of one line.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.line(offset);
        let start = self.starts[line - 1];
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        (line, self.text[start.min(end)..end].chars().count() + 1)
    }
}

struct Loader<'a> {
    text: &'a str,
    index: Lines<'a>,
    found: Vec<(usize, Diagnostic)>,
    /// How many problems more there are than are listed, and how bad the worst of them is.
    unlisted: Option<(usize, Severity)>,
    model: Model,
    lines: Vec<(ElementId, usize)>,
}

impl Loader<'_> {
    fn report(&mut self, offset: usize, message: String) {
        self.report_as(Severity::Error, offset, message);
    }

    fn report_as(&mut self, severity: Severity, offset: usize, message: String) {
        if self.is_full() {
            let (count, worst) = self.unlisted.unwrap_or((0, Severity::Warning));
            self.unlisted = Some((count + 1, worst.max(severity)));
            return;
        }
        let (line, column) = self.index.place(offset);
        self.found.push((offset, Diagnostic { severity, line, column, message }));
    }

    fn is_full(&self) -> bool {
        self.found.len() >= MAX_DIAGNOSTICS
    }

    /// Control characters and bidirectional overrides anywhere in the file, comments included: they change what an
    /// editor or a diff shows.
    fn hostile_characters(&mut self) {
        // Almost everything in a file is one of these.
        let is_plain = |ch: char| matches!(ch, ' '..='~' | '\n' | '\t' | '\r');
        let is_mark = |at: usize, ch: char| at == 0 && ch == '\u{feff}';
        let bad: Vec<(usize, char)> = self
            .text
            .char_indices()
            .filter(|(at, ch)| !is_plain(*ch) && is_unsafe(*ch) && !is_mark(*at, *ch))
            .take(100)
            .collect();
        for (at, ch) in bad {
            let code = u32::from(ch);
            self.report(at, format!("the invisible character U+{code:04X} may not stand in a model: take it out"));
        }
    }

    fn root(&mut self, tree: &Tree) -> Result<(), Diagnostic> {
        let fatal = |loader: &Self, offset: usize, message: String| {
            let (line, column) = loader.index.place(offset);
            Err(Diagnostic { severity: Severity::Error, line, column, message })
        };
        let start = tree.root.span.start;
        if !matches!(tree.root.shape, Shape::Record(_)) || !self.text[start..].trim_start().starts_with(['M', '(']) {
            let help = "a model file holds `Model(format: 1, title: \"...\", ...)`";
            return fatal(self, start, help.into());
        }
        let Some(format) = tree.root.item("format") else {
            return fatal(self, start, format!("`format` is missing: this program writes `format: {FORMAT}`"));
        };
        match self.text[format.value.span.clone()].parse::<u32>() {
            Ok(FORMAT) => {}
            Ok(newer) if newer > FORMAT => {
                let message = format!(
                    "format {newer} is newer than this program, which reads up to format {FORMAT}: use a newer sandtable"
                );
                return fatal(self, format.value.span.start, message);
            }
            _ => return fatal(self, format.value.span.start, format!("`format` is a number: write {FORMAT}")),
        }
        let mut seen: HashSet<&str> = HashSet::new();
        for item in tree.root.items() {
            let name = item.name();
            if !seen.insert(name) {
                self.report(item.start(), format!("`{}` stands here a second time: join the two", one_line(name, 40)));
                continue;
            }
            match Section::from_name(name) {
                Some(section) => self.section(section, &item.value),
                None if name == "title" => self.model.title = self.text_value(&item.value),
                None if name == "about" => self.model.about = self.text_value(&item.value),
                None if is_head_key(name) => {}
                None => {
                    let known = Section::ALL.iter().map(|section| section.name());
                    self.unknown_name(item, "section", known.chain(["title", "about"]));
                }
            }
        }
        if tree.root.item("title").is_none() {
            self.report(start, "`title` is missing: say what the model is of".into());
        }
        Ok(())
    }

    fn unknown_name<'n>(&mut self, item: &Item, what: &str, known: impl Iterator<Item = &'n str>) {
        let name = one_line(item.name(), 40);
        // What is not listed needs no hint.
        let meant = if self.is_full() { None } else { nearest(&name, known) };
        let hint = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "it is kept, and means nothing to this program".into(),
        };
        self.report_as(Severity::Warning, item.start(), format!("unknown {what} `{name}`; {hint}"));
    }

    fn text_value(&mut self, value: &Value) -> Text {
        self.strings(value);
        match ron::from_str::<Text>(&self.text[value.span.clone()]) {
            Ok(text) => text,
            Err(_) => {
                self.report(value.span.start, "this must be a text in quotation marks".into());
                Text::default()
            }
        }
    }

    fn section(&mut self, section: Section, value: &Value) {
        let Shape::Map(body) = &value.shape else {
            let message = format!("`{section}` is a map: write {{\"slug\": (...), ...}}");
            return self.report(value.span.start, message);
        };
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut puts = Vec::new();
        for item in &body.items {
            let name = item.name();
            let slug = match Slug::new(name) {
                Ok(slug) => slug,
                Err(error) => {
                    self.report(item.start(), error.to_string());
                    continue;
                }
            };
            if let Some(first) = seen.insert(name, item.start()) {
                let line = self.index.line(first);
                let message = format!("{} `{name}` stands here a second time, first on line {line}", section.noun());
                self.report(item.start(), message);
                continue;
            }
            self.strings(&item.value);
            self.names(&item.value, &section.kind());
            if let Some(element) = self.element(section, item) {
                let id = ElementId::new(section, slug);
                self.lines.push((id.clone(), self.index.line(item.start())));
                puts.push(crate::model::edit::Put { id, element: Some(element) });
            }
        }
        crate::model::edit::Edit::new("load", puts).apply_for_good(&mut self.model);
    }

    /// Strings that are too long, or that hide unsafe characters behind escapes.
    fn strings(&mut self, value: &Value) {
        let check = |loader: &mut Self, span: &Range<usize>| {
            let slice = &loader.text[span.clone()];
            if !slice.starts_with(['"', 'r']) {
                return;
            }
            let long = slice.len() > MAX_TEXT;
            if !long && !slice.contains('\\') {
                return;
            }
            let Ok(decoded) = ron::from_str::<String>(slice) else { return };
            if long && decoded.chars().count() > MAX_TEXT {
                let count = decoded.chars().count();
                loader.report(span.start, format!("this text has {count} characters; at most {MAX_TEXT} are kept"));
            }
            if let Some(ch) = decoded.chars().find(|ch| is_unsafe(*ch)) {
                let code = u32::from(ch);
                loader.report(span.start, format!("this text hides the control character U+{code:04X}: take it out"));
            }
        };
        match value.body() {
            None => check(self, &value.span),
            Some(body) => {
                for item in &body.items {
                    if let Some(key) = &item.key {
                        check(self, &key.span);
                    }
                    self.strings(&item.value);
                }
            }
        }
    }

    /// Unknown and doubled names inside an element.
    fn names(&mut self, value: &Value, kind: &Kind) {
        match (kind.inner(), &value.shape) {
            (Kind::Record(specs), Shape::Record(body)) => {
                let specs: &[FieldSpec] = specs();
                let mut seen = Seen::default();
                for item in &body.items {
                    let name = item.name();
                    if !seen.insert(name) {
                        self.report(item.start(), format!("`{}` stands here a second time", one_line(name, 40)));
                    }
                    match specs.iter().find(|spec| spec.name == name) {
                        Some(spec) => self.names(&item.value, &spec.kind),
                        None => self.unknown_name(item, "field", specs.iter().map(|spec| spec.name)),
                    }
                }
            }
            (Kind::Map(inner), Shape::Map(body)) => {
                let mut seen = Seen::default();
                for item in &body.items {
                    if !seen.insert(item.name()) {
                        let name = one_line(item.name(), 40);
                        self.report(item.start(), format!("`{name}` stands here a second time"));
                    }
                    self.names(&item.value, inner);
                }
            }
            (Kind::List(inner), Shape::List(body)) => {
                for item in &body.items {
                    self.names(&item.value, inner);
                }
            }
            // `Some(value)`, which the dialect does not need.
            (kind, Shape::Tuple(body)) if body.items.len() == 1 => self.names(&body.items[0].value, kind),
            _ => {}
        }
    }

    /// Types an element, blanking what does not fit until the rest does.
    fn element(&mut self, section: Section, item: &Item) -> Option<Element> {
        let span = item.value.span.clone();
        if !matches!(item.value.shape, Shape::Record(_)) {
            self.report(span.start, format!("a {} is written as (field: value, ...)", section.noun()));
            return None;
        }
        // Almost every element is as it should be; of the others the long way finds out what is wrong.
        if let Some(element) = typed::element(section, self.text, &item.value) {
            return Some(element);
        }
        let mut slice = Cow::Borrowed(&self.text[span.clone()]);
        blank_doubles(&mut slice, &item.value, span.start);
        for _ in 0..MAX_TRIES {
            let error = match section.element_from_ron(&slice) {
                Ok(element) => return Some(element),
                Err(error) => error,
            };
            let offset = span.start + offset_of(&slice, error.span.start.line, error.span.start.col);
            let path = innermost(&item.value, offset);
            let culprit = path.last().copied();
            let at = culprit.map_or(offset, |culprit| culprit.value.span.start);
            self.report(at, type_message(self.text, &path, section, &error.code));
            let culprit = culprit?;
            blank(slice.to_mut(), culprit.start() - span.start..culprit.end - span.start);
        }
        None
    }
}

/// Names that were seen. There are few in most records: those are compared one by one, which costs less than a table.
#[derive(Default)]
pub(super) struct Seen<'a> {
    few: Vec<&'a str>,
    many: HashSet<&'a str>,
}

impl<'a> Seen<'a> {
    /// So many are few.
    const FEW: usize = 16;

    /// Adds a name. Says whether it is new.
    pub(super) fn insert(&mut self, name: &'a str) -> bool {
        if self.few.contains(&name) {
            return false;
        }
        if self.few.len() < Self::FEW {
            self.few.push(name);
            return true;
        }
        self.many.insert(name)
    }
}

/// Where each element stands, the first of two with one slug.
fn places(tree: &Tree) -> HashMap<(Section, &str), &Item> {
    let mut places = HashMap::new();
    for item in tree.root.items() {
        let Some(section) = Section::from_name(item.name()) else { continue };
        for element in item.value.items() {
            places.entry((section, element.name())).or_insert(element);
        }
    }
    places
}

/// The place of a path inside an element, or of the nearest part around it that stands in the file.
fn locate(tree: &Tree, places: &HashMap<(Section, &str), &Item>, id: &ElementId, path: &[Step]) -> usize {
    let Some(item) = places.get(&(id.section, id.slug.as_str())) else { return tree.root.span.start };
    let mut value = &item.value;
    let mut place = item.start();
    for step in path {
        let next = match step {
            Step::Field(name) => value.item(name),
            Step::Key(name) => value.item(name),
            Step::Index(index) => value.items().get(*index),
        };
        let Some(next) = next else { break };
        value = &next.value;
        place = match (step, path.last()) {
            // A wrong key is shown at the key.
            (Step::Key(_), Some(last)) if last == step => next.start(),
            _ => value.span.start,
        };
    }
    place
}

/// Overwrites a stretch with spaces; line breaks stay, so that places stay.
fn blank(slice: &mut String, range: Range<usize>) {
    let blanked: String = slice[range.clone()]
        .chars()
        .flat_map(|ch| {
            let fill = if ch == '\n' { '\n' } else { ' ' };
            std::iter::repeat_n(fill, ch.len_utf8())
        })
        .collect();
    slice.replace_range(range, &blanked);
}

/// Blanks the second of two fields with one name, which was reported already.
fn blank_doubles(slice: &mut Cow<'_, str>, value: &Value, base: usize) {
    let Some(body) = value.body() else { return };
    let mut seen = Seen::default();
    for item in &body.items {
        if item.key.is_some() && !seen.insert(item.name()) {
            blank(slice.to_mut(), item.start() - base..item.end - base);
        } else {
            blank_doubles(slice, &item.value, base);
        }
    }
}

/// A byte offset from a line and a column in characters, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start.min(text.len())..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// The items of records, maps and lists around an offset, the innermost last.
fn innermost(value: &Value, offset: usize) -> Vec<&Item> {
    let mut path = Vec::new();
    let mut value = value;
    while let Some(item) = value.items().iter().find(|item| item.start() <= offset && offset <= item.end) {
        path.push(item);
        // The inside of `Name(...)` can not be blanked without breaking the value.
        let named = match &item.value.shape {
            Shape::Tuple(_) => true,
            Shape::Record(body) => body.open > item.value.span.start + 1,
            Shape::Scalar | Shape::List(_) | Shape::Map(_) => false,
        };
        if named {
            break;
        }
        value = &item.value;
    }
    path
}

/// The kind of the value at the end of a path of items.
fn kind_at(section: Section, path: &[&Item]) -> Option<Kind> {
    path.iter().try_fold(section.kind(), |kind, item| match kind.inner() {
        Kind::Record(specs) => specs().iter().find(|spec| spec.name == item.name()).map(|spec| spec.kind),
        Kind::Map(inner) | Kind::List(inner) => Some(**inner),
        _ => None,
    })
}

/// What is wrong with a value, for a person.
fn type_message(text: &str, path: &[&Item], section: Section, code: &ron::Error) -> String {
    let culprit = path.last();
    let field = path.iter().rev().find_map(|item| item.key.as_ref()).map(|key| one_line(&key.text, 40));
    let found = culprit.map(|item| one_line(&text[item.value.span.clone()], 40)).unwrap_or_default();
    let kind = kind_at(section, path);
    let what = match kind.as_ref().map(Kind::inner) {
        Some(Kind::Choice(choices) | Kind::Variant(choices)) => {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
            let meant = nearest(&found, names.iter().copied());
            let meant = meant.map_or(String::new(), |meant| format!(" (did you mean {meant}?)"));
            format!("`{found}` is not one of {}{meant}", names.join(", "))
        }
        Some(Kind::Flag) => format!("`{found}` is not true or false"),
        Some(Kind::Number) => format!("`{found}` is not a whole number that fits here"),
        Some(Kind::Text) => format!("`{found}` is not a text in quotation marks"),
        _ => one_line(&code.to_string(), 300),
    };
    match field {
        Some(field) => format!("{field}: {what}"),
        None => what,
    }
}
