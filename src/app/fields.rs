//! The facts of an element as rows: what is known, what is assumed, what is unknown, and where each comes from.

use crate::model::data::DEFAULT_CLASSES;
use crate::model::reflect::{Choice, FieldSpec, Kind, Reflect, Step, from_ron};
use crate::model::{ElementId, Model, Target};
use std::collections::BTreeSet;

/// What a row shows as its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A fact.
    Known(String),
    /// A fact that somebody still has to confirm.
    Assumed(String),
    /// Nobody knows.
    Unknown,
    /// Nothing is said, which needs no answer.
    Empty,
    /// What is inside, counted.
    Group(usize),
    /// A line that adds an entry.
    Add,
}

/// A row of the inspector.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldRow {
    /// The way into the element.
    pub path: Vec<Step>,
    /// How deep it is.
    pub depth: usize,
    /// What it is called.
    pub label: String,
    /// What it says, in a line or two.
    pub doc: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Its value.
    pub shown: Shown,
    /// Whether what is inside is shown.
    pub open: bool,
}

/// Fields that the inspector shows in another way.
pub(super) const ELSEWHERE: [&str; 3] = ["source", "assumed", "by_hand"];

/// The rows of an element; records inside are shown where their path is in `open`.
pub fn rows(model: &Model, id: &ElementId, open: &BTreeSet<Vec<Step>>) -> Vec<FieldRow> {
    let Some(element) = model.reflect(id) else { return Vec::new() };
    let assumed: BTreeSet<String> = element
        .get("assumed")
        .and_then(|ron| from_ron::<Vec<String>>(&ron).ok())
        .unwrap_or_default()
        .into_iter()
        .collect();
    let mut rows = Vec::new();
    let context = Context { model, element, assumed, open };
    context.record(id.section.specs(), &mut Vec::new(), 0, &mut rows);
    rows
}

struct Context<'a> {
    model: &'a Model,
    element: &'a dyn Reflect,
    assumed: BTreeSet<String>,
    open: &'a BTreeSet<Vec<Step>>,
}

impl Context<'_> {
    fn record(&self, specs: &'static [FieldSpec], path: &mut Vec<Step>, depth: usize, rows: &mut Vec<FieldRow>) {
        for spec in specs.iter().filter(|spec| depth > 0 || !ELSEWHERE.contains(&spec.name)) {
            path.push(Step::Field(spec.name));
            self.value(spec.name.replace('_', " "), spec.doc.trim_start(), spec.kind, path, depth, rows);
            path.pop();
        }
    }

    fn value(
        &self,
        label: String,
        doc: &'static str,
        kind: Kind,
        path: &mut Vec<Step>,
        depth: usize,
        rows: &mut Vec<FieldRow>,
    ) {
        let ron = self.element.get_at(path);
        let open = self.open.contains(path);
        let own = path.clone();
        let row = |shown: Shown| FieldRow { path: own.clone(), depth, label: label.clone(), doc, kind, shown, open };
        match kind.inner() {
            Kind::Record(specs) => {
                let shown = match &ron {
                    None if kind.is_optional() => Shown::Unknown,
                    None => Shown::Empty,
                    Some(_) => Shown::Known(self.summary(specs(), path)),
                };
                rows.push(row(shown));
                if open {
                    self.record(specs(), path, depth + 1, rows);
                }
            }
            Kind::Map(inner) => {
                let keys = ron.as_deref().map(map_keys).unwrap_or_default();
                rows.push(row(if keys.is_empty() { Shown::Empty } else { Shown::Group(keys.len()) }));
                // A short map is shown at once: it is what the element is about.
                if open {
                    for key in keys {
                        path.push(Step::Key(key.clone()));
                        self.value(key, "", **inner, path, depth + 1, rows);
                        path.pop();
                    }
                    self.add_row(path, depth + 1, kind, rows);
                }
            }
            Kind::List(inner) if matches!(inner.inner(), Kind::Record(_)) => {
                let count = ron.as_deref().map(list_items).unwrap_or_default().len();
                rows.push(row(if count == 0 { Shown::Empty } else { Shown::Group(count) }));
                if open {
                    for index in 0..count {
                        path.push(Step::Index(index));
                        self.value(format!("{}", index + 1), "", **inner, path, depth + 1, rows);
                        path.pop();
                    }
                    self.add_row(path, depth + 1, kind, rows);
                }
            }
            _ => {
                let shown = match ron {
                    None if kind.is_optional() => Shown::Unknown,
                    None => Shown::Empty,
                    Some(ron) => {
                        let text = self.text(&kind, &ron);
                        match path.first() {
                            Some(Step::Field(name)) if self.assumed.contains(*name) => Shown::Assumed(text),
                            _ => Shown::Known(text),
                        }
                    }
                };
                rows.push(row(shown));
            }
        }
    }

    fn add_row(&self, path: &[Step], depth: usize, kind: Kind, rows: &mut Vec<FieldRow>) {
        rows.push(FieldRow {
            path: path.to_vec(),
            depth,
            label: "add".into(),
            doc: "Add an entry.",
            kind,
            shown: Shown::Add,
            open: false,
        });
    }

    /// The known facts of a record in one line.
    fn summary(&self, specs: &'static [FieldSpec], path: &mut Vec<Step>) -> String {
        let mut words = Vec::new();
        for spec in specs.iter().filter(|spec| !ELSEWHERE.contains(&spec.name)) {
            path.push(Step::Field(spec.name));
            if let Some(ron) = self.element.get_at(path) {
                words.push(self.text(&spec.kind, &ron));
            }
            path.pop();
        }
        if words.is_empty() { "nothing known yet".into() } else { words.join(" · ") }
    }

    /// A value as people read it.
    fn text(&self, kind: &Kind, ron: &str) -> String {
        let plain = |ron: &str| from_ron::<String>(ron).unwrap_or_else(|_| ron.to_owned());
        match kind.inner() {
            Kind::Text | Kind::Day => plain(ron).replace('\n', " "),
            Kind::Flag => if ron == "true" { "yes" } else { "no" }.to_owned(),
            Kind::Link(target) => self.link(*target, &plain(ron)),
            Kind::List(inner) => {
                list_items(ron).iter().map(|item| self.text(inner, item)).collect::<Vec<_>>().join(", ")
            }
            _ => ron.to_owned(),
        }
    }

    fn link(&self, target: Target, slug: &str) -> String {
        if target == Target::Class && self.model.classes.is_empty() && DEFAULT_CLASSES.contains(&slug) {
            return slug.to_owned();
        }
        match self.model.resolve(target, slug) {
            Some(id) => self.model.title_of(&id).to_owned(),
            None => format!("{slug} (missing)"),
        }
    }
}

/// The keys of a map in compact RON.
fn map_keys(ron: &str) -> Vec<String> {
    match crate::store::ron::syntax::parse(ron) {
        Ok(tree) => tree.root.items().iter().map(|item| item.name().to_owned()).collect(),
        Err(_) => Vec::new(),
    }
}

/// The items of a list in compact RON.
fn list_items(ron: &str) -> Vec<String> {
    match crate::store::ron::syntax::parse(ron) {
        Ok(tree) => tree.root.items().iter().map(|item| ron[item.value.span.clone()].to_owned()).collect(),
        Err(_) => Vec::new(),
    }
}

/// The text of a field as it is typed in a prompt: without quotation marks, lists with commas.
pub fn to_typed(kind: &Kind, ron: Option<&str>) -> String {
    let Some(ron) = ron else { return String::new() };
    let plain = |ron: &str| from_ron::<String>(ron).unwrap_or_else(|_| ron.to_owned());
    match kind.inner() {
        Kind::Text | Kind::Day | Kind::Link(_) => plain(ron),
        Kind::List(_) => list_items(ron).iter().map(|item| plain(item)).collect::<Vec<_>>().join(", "),
        _ => ron.to_owned(),
    }
}

/// The entries of a list of texts.
pub fn entries(kind: &Kind, ron: Option<&str>) -> Vec<String> {
    match (kind.inner(), ron) {
        (Kind::List(_), Some(ron)) => {
            list_items(ron).iter().map(|item| from_ron::<String>(item).unwrap_or_else(|_| item.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// What was typed as RON; nothing where nothing was typed.
pub fn from_typed(kind: &Kind, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let quoted = |text: &str| crate::model::reflect::to_ron(&text);
    Some(match kind.inner() {
        Kind::Text | Kind::Day | Kind::Link(_) => quoted(typed),
        Kind::List(_) => {
            let items: Vec<String> =
                typed.split(',').map(str::trim).filter(|item| !item.is_empty()).map(quoted).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Variant(choices) if typed.bytes().all(|byte| byte.is_ascii_digit()) => with_number(choices, typed),
        _ => typed.to_owned(),
    })
}

/// A number alone stands for the name that carries one: `100` for `AtMost(100)`.
fn with_number(choices: &[Choice], typed: &str) -> String {
    let name = choices.iter().find_map(|choice| {
        let (name, inside) = choice.name.split_once('(')?;
        let is_number = inside.strip_suffix(')')?.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(name)
    });
    name.map_or_else(|| typed.to_owned(), |name| format!("{name}({typed})"))
}
