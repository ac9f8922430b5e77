//! The canonical form: sections in fixed order, elements by slug, one element a block, one grant or flow a line.
//!
//! Works on the lossless tree, so it keeps every comment: those above an item stay above it, those behind it stay
//! behind it, and those in odd places (between a key and its value) move above it.

use super::syntax::{Body, Item, Shape, SyntaxError, Tree, Value, comments, ends_blank, parse};
use crate::model::{Element, Model, Section};

/// The first line of every file.
const HEADER: &str = "#![enable(implicit_some)]\n";

/// Keys of the model that are no sections, in their order.
pub(super) const HEAD_KEYS: [&str; 3] = ["format", "title", "about"];

/// The canonical form of a text. Line breaks become `\n`, but for those inside of strings, which are what they say.
pub fn format(text: &str) -> Result<String, SyntaxError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tree = parse(text)?;
    Ok(Printer { text, out: String::with_capacity(text.len() + text.len() / 8) }.file(&tree))
}

/// The canonical text of a model that has no file yet.
pub fn canonical(model: &Model) -> String {
    let mut out =
        format!("{HEADER}Model(format:{},title:{},", crate::model::document::FORMAT, quoted(model.title.as_str()));
    if !model.about.is_empty() {
        out.push_str(&format!("about:{},", quoted(model.about.as_str())));
    }
    for section in Section::ALL {
        if model.count(*section) == 0 {
            continue;
        }
        out.push_str(&format!("{}:{{", section.name()));
        for slug in model.slugs(*section) {
            let id = crate::model::ElementId::new(*section, slug.clone());
            if let Some(element) = model.element(&id) {
                out.push_str(&format!("{}:{},", quoted(slug.as_str()), element.to_ron()));
            }
        }
        out.push_str("},");
    }
    out.push(')');
    // What was just written is well formed; were it not, the text as it stands would still say all of it.
    format(&out).unwrap_or(out)
}

/// The canonical text of one element, as it stands behind its slug at `indent` columns.
pub fn element(element: &Element, indent: usize) -> String {
    value_text(&element.to_ron(), indent, layout_of_element(element.section()))
}

/// The canonical text of a value written compactly.
pub(super) fn value_text(compact: &str, indent: usize, layout: Layout) -> String {
    let Ok(tree) = parse(compact) else { return compact.to_owned() };
    let mut printer = Printer { text: compact, out: String::new() };
    printer.value(&tree.root, indent, layout);
    printer.out
}

/// A text in quotation marks, everything unprintable escaped.
pub(super) fn quoted(text: &str) -> String {
    crate::model::reflect::to_ron(&text)
}

/// How a value is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// The whole model.
    Root,
    /// A section of elements.
    Section(Section),
    /// An element, one field a line.
    Block,
    /// A field of an element in block form: maps and lists of records take a line an item.
    Field,
    /// Everything on one line.
    Line,
}

pub(super) fn layout_of_element(section: Section) -> Layout {
    if section.is_one_line() { Layout::Line } else { Layout::Block }
}

impl Layout {
    /// How the items inside are laid out.
    pub(super) fn inside(self, key: &str) -> Layout {
        match self {
            Layout::Root => Section::from_name(key).map_or(Layout::Line, Layout::Section),
            Layout::Section(section) => layout_of_element(section),
            Layout::Block => Layout::Field,
            Layout::Field | Layout::Line => Layout::Line,
        }
    }

    /// Whether a value of this layout takes a line an item.
    pub(super) fn breaks(self, value: &Value) -> bool {
        match self {
            Layout::Root | Layout::Section(_) | Layout::Block => true,
            Layout::Field => match &value.shape {
                Shape::Map(_) => true,
                Shape::List(body) => body.items.iter().any(|item| matches!(item.value.shape, Shape::Record(_))),
                _ => false,
            },
            Layout::Line => false,
        }
    }
}

struct Printer<'a> {
    text: &'a str,
    out: String,
}

impl Printer<'_> {
    fn file(mut self, tree: &Tree) -> String {
        self.out.push_str(HEADER);
        self.stray(0..tree.root.span.start, 0, false);
        self.value(&tree.root, 0, Layout::Root);
        self.out.push('\n');
        self.stray(tree.root.span.end..self.text.len(), 0, false);
        self.out
    }

    /// Comments on lines of their own. Returns whether there were any.
    fn stray(&mut self, range: std::ops::Range<usize>, indent: usize, mut may_blank: bool) -> bool {
        let found = comments(self.text, range);
        for comment in &found {
            if comment.blank_before && may_blank {
                self.out.push('\n');
            }
            self.pad(indent);
            self.comment(comment.span.clone());
            self.out.push('\n');
            may_blank = true;
        }
        !found.is_empty()
    }

    fn comment(&mut self, span: std::ops::Range<usize>) {
        self.out.push_str(&self.text[span].trim_end().replace("\r\n", "\n"));
    }

    fn pad(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn value(&mut self, value: &Value, indent: usize, layout: Layout) {
        let Some(body) = value.body() else {
            self.out.push_str(&self.text[value.span.clone()]);
            return;
        };
        // The name and the opening bracket.
        let head: String = self.text[value.span.start..body.open].split_whitespace().collect();
        self.out.push_str(&strip_comments(&head, self.text, value.span.start..body.open));
        let has_comments = !comments(self.text, body.open..body.close).is_empty();
        if body.items.is_empty() && !has_comments {
            self.close(body);
        } else if has_comments || layout.breaks(value) {
            self.broken(body, indent, layout);
        } else {
            for (index, item) in body.items.iter().enumerate() {
                if index > 0 {
                    self.out.push_str(", ");
                }
                self.key(item);
                self.value(&item.value, indent, layout.inside(item.name()));
            }
            self.close(body);
        }
    }

    fn broken(&mut self, body: &Body, indent: usize, layout: Layout) {
        self.out.push('\n');
        let mut order: Vec<&Item> = body.items.iter().collect();
        match layout {
            Layout::Root => order.sort_by_key(|item| root_place(item.name())),
            Layout::Section(_) => order.sort_by(|a, b| a.name().cmp(b.name())),
            _ => {}
        }
        for (index, item) in order.iter().enumerate() {
            self.item(item, indent + 2, layout, index == 0);
        }
        let end_of_items = body.items.last().map_or(body.open, |item| item.tail);
        self.stray(end_of_items..body.close, indent + 2, !body.items.is_empty());
        self.pad(indent);
        self.close(body);
    }

    fn item(&mut self, item: &Item, indent: usize, layout: Layout, first: bool) {
        let is_section = layout == Layout::Root && !HEAD_KEYS.contains(&item.name());
        let led = comments(self.text, item.lead..item.start());
        let blank_before = match led.first() {
            Some(comment) => comment.blank_before,
            None => ends_blank(self.text, item.lead..item.start()),
        };
        if !first && (blank_before || is_section) {
            self.out.push('\n');
        }
        self.stray(item.lead..item.start(), indent, false);
        if !led.is_empty() && ends_blank(self.text, item.lead..item.start()) {
            self.out.push('\n');
        }
        // Comments in odd places move above the item.
        let key_end = item.key.as_ref().map_or(item.start(), |key| key.span.end);
        self.stray(key_end..item.value.span.start, indent, false);
        if let Some(body) = item.value.body() {
            self.stray(item.value.span.start..body.open, indent, false);
        }
        self.stray(item.value.span.end..item.end, indent, false);
        self.pad(indent);
        self.key(item);
        self.value(&item.value, indent, layout.inside(item.name()));
        self.out.push(',');
        for comment in comments(self.text, item.end..item.tail) {
            self.out.push(' ');
            self.comment(comment.span);
        }
        self.out.push('\n');
    }

    fn key(&mut self, item: &Item) {
        if let Some(key) = &item.key {
            self.out.push_str(&self.text[key.span.clone()]);
            self.out.push_str(": ");
        }
    }

    fn close(&mut self, body: &Body) {
        self.out.push_str(&self.text[body.close..=body.close]);
    }
}

/// The head of a bracketed value without the comments that may stand between the name and the bracket.
fn strip_comments(compact: &str, text: &str, range: std::ops::Range<usize>) -> String {
    let found = comments(text, range.clone());
    if found.is_empty() {
        return compact.to_owned();
    }
    let mut out = String::new();
    let mut at = range.start;
    for comment in found {
        out.push_str(&text[at..comment.span.start]);
        at = comment.span.end;
    }
    out.push_str(&text[at..range.end]);
    out.split_whitespace().collect()
}

/// The place of a key of the model in the fixed order; what is not known comes last.
pub(super) fn root_place(key: &str) -> usize {
    let head = HEAD_KEYS.iter().position(|known| *known == key);
    let section = || Section::ALL.iter().position(|section| section.name() == key).map(|at| at + HEAD_KEYS.len());
    head.or_else(section).unwrap_or(usize::MAX)
}
