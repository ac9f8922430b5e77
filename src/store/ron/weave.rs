//! Writes a changed model into the text from which it was read.
//!
//! Only what changed is written anew; everything else is copied byte for byte, comments included. The old and the new
//! model are compared in their compact form, field by field, and the difference is applied to the tiles of the text.

use super::print::{HEAD_KEYS, Layout, layout_of_element, quoted, root_place, value_text};
use super::syntax::{Body, Item, Shape, SyntaxError, Value, comments, parse};
use super::wording::reworded;
use crate::model::wording::Wording;
use crate::model::{ElementId, Model, Section};
use std::collections::{HashMap, HashSet};

/// The text that is changed.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    /// How its lines end.
    pub(super) newline: &'static str,
}

/// The text in which `old` was found, changed so that `new` is found in it.
pub fn weave(text: &str, old: &Model, new: &Model) -> Result<String, SyntaxError> {
    let tree = parse(text)?;
    let Some(body) = tree.root.body() else {
        return Ok(super::print::canonical(new));
    };
    // The first line tells for all.
    let crlf = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let source = Source { text, newline: if crlf { "\r\n" } else { "\n" } };
    let mut edits = Edits::default();
    for (key, before, after) in [("title", &old.title, &new.title), ("about", &old.about, &new.about)] {
        if before != after {
            let exists = tree.root.item(key).is_some();
            edits.0.push(if exists {
                Change::Replace(key.into(), quoted(after.as_str()))
            } else {
                Change::Insert(key.into(), format!("{key}: {}", quoted(after.as_str())))
            });
        }
    }
    for section in Section::ALL {
        let changes = section_changes(old, new, *section);
        if changes.is_empty() {
            continue;
        }
        let item = tree.root.item(section.name());
        match item.and_then(|item| Some((item, item.value.body().filter(|_| is_map(&item.value))?))) {
            Some((item, inner)) => {
                let woven = weave_section(source, item, inner, *section, &changes);
                edits.0.push(Change::Replace(section.name().into(), woven));
            }
            None => {
                let mut block = format!("{}: {{", section.name());
                for change in &changes {
                    match (change.reworded(*section, 4, source.newline), &change.after) {
                        (Some(item), _) => block.push_str(&format!("\n    {}", item.trim())),
                        (None, Some(after)) => {
                            let value = value_text(after, 4, layout_of_element(*section));
                            block.push_str(&format!("\n    {}: {value},", quoted(&change.slug)));
                        }
                        (None, None) => {}
                    }
                }
                block.push_str("\n  }");
                edits.0.push(Change::InsertSection(section.name().into(), block));
            }
        }
    }
    let place = |key: &str| root_place(key);
    let root = rebuild(source, body, &edits, 2, 0, &place);
    Ok(format!("{}{root}{}", &text[..body.open], &text[body.close..]))
}

fn is_map(value: &Value) -> bool {
    matches!(value.shape, Shape::Map(_))
}

/// An element that differs, in compact form.
struct Difference {
    slug: String,
    before: Option<String>,
    after: Option<String>,
    /// How people wrote it, where that is to take the place of the text of the file.
    wording: Option<Wording>,
}

impl Difference {
    /// The whole item as people wrote it, saying what it says now.
    fn reworded(&self, section: Section, indent: usize, newline: &'static str) -> Option<String> {
        reworded(self.wording.as_ref()?, &self.slug, section, self.after.as_ref()?, indent, newline)
    }
}

fn section_changes(old: &Model, new: &Model, section: Section) -> Vec<Difference> {
    let mut slugs: Vec<_> = old.slugs(section).chain(new.slugs(section)).collect();
    slugs.sort();
    slugs.dedup();
    slugs
        .into_iter()
        .filter_map(|slug| {
            let id = ElementId::new(section, slug.clone());
            let (before, after) = (old.element(&id), new.element(&id));
            let wording = new.wordings.get(&id).filter(|_| after.is_some()).cloned();
            (before != after || wording.is_some()).then(|| Difference {
                slug: slug.to_string(),
                before: before.map(|element| element.to_ron()),
                after: after.map(|element| element.to_ron()),
                wording,
            })
        })
        .collect()
}

/// What happens to the items of a container, by key.
#[derive(Default)]
struct Edits(Vec<Change>);

enum Change {
    /// The value becomes this text.
    Replace(String, String),
    /// The item goes, its comments stay.
    Drop(String),
    /// The item goes with its comments.
    Remove(String),
    /// A new item: its key, for its place, and its whole text.
    Insert(String, String),
    /// The same for a section, which stands behind an empty line.
    InsertSection(String, String),
    /// The item becomes this text, its comments and comma included.
    Reword(String, String),
    /// A new item with its comments and comma: its key, and its text.
    InsertWorded(String, String),
}

fn weave_section(source: Source<'_>, item: &Item, body: &Body, section: Section, changes: &[Difference]) -> String {
    let text = source.text;
    let known = by_name(&body.items);
    let indent = indent_of_items(text, body).unwrap_or(4);
    let mut edits = Edits::default();
    for change in changes {
        let existing = known.get(change.slug.as_str()).copied();
        if let Some(item) = change.reworded(section, indent, source.newline) {
            let slug = change.slug.clone();
            edits.0.push(if existing.is_some() {
                Change::Reword(slug, item)
            } else {
                Change::InsertWorded(slug, item)
            });
            continue;
        }
        edits.0.push(match (&change.before, &change.after, existing) {
            // A wording that is none changes nothing.
            (before, after, _) if before == after => continue,
            (_, None, Some(_)) => Change::Remove(change.slug.clone()),
            (_, None, None) => continue,
            (Some(before), Some(after), Some(existing)) => {
                let layout = layout_of_element(section);
                let woven = weave_value(source, &existing.value, before, after, indent, layout);
                Change::Replace(change.slug.clone(), woven)
            }
            (_, Some(after), Some(_)) => {
                Change::Replace(change.slug.clone(), value_text(after, indent, layout_of_element(section)))
            }
            (_, Some(after), None) => {
                let value = value_text(after, indent, layout_of_element(section));
                Change::Insert(change.slug.clone(), format!("{}: {value}", quoted(&change.slug)))
            }
        });
    }
    let outer = indent.saturating_sub(2);
    let inner = rebuild_map(source, body, &edits, indent, outer);
    format!("{}{inner}{}", &text[item.value.span.start..body.open], &text[body.close..item.value.span.end])
}

/// The text of `original` changed as `before` and `after` differ; all three are the same element.
pub(super) fn weave_value(
    source: Source<'_>,
    original: &Value,
    before: &str,
    after: &str,
    indent: usize,
    layout: Layout,
) -> String {
    let text = source.text;
    let replaced = || {
        // Comments inside of what is replaced as a whole are kept above it.
        let kept: String = comments(text, original.span.clone())
            .into_iter()
            .map(|comment| format!("{}\n{}", &text[comment.span], " ".repeat(indent)))
            .collect();
        format!("{kept}{}", value_text(after, indent, layout))
    };
    // Nothing to keep: the canonical form is as good as any.
    if original.items().is_empty() {
        return replaced();
    }
    let (Ok(old), Ok(new)) = (parse(before), parse(after)) else { return replaced() };
    match (&original.shape, &old.root.shape, &new.root.shape) {
        (Shape::Record(body), Shape::Record(_), Shape::Record(_)) => {
            if head(text, original) != head(after, &new.root) {
                return replaced();
            }
            weave_items(source, original, body, (before, &old.root), (after, &new.root), indent, layout)
        }
        (Shape::Map(body), Shape::Map(_), Shape::Map(_)) => {
            weave_items(source, original, body, (before, &old.root), (after, &new.root), indent, layout)
        }
        (Shape::List(body), Shape::List(_), Shape::List(_))
            if body.items.len() == old.root.items().len() && body.items.len() <= new.root.items().len() =>
        {
            // Each item is woven in its place; what is new comes behind them.
            let mut out = text[original.span.start..body.open].to_owned();
            for (item, (was, is)) in body.items.iter().zip(old.root.items().iter().zip(new.root.items())) {
                let (was, is) = (&before[was.value.span.clone()], &after[is.value.span.clone()]);
                out.push_str(&text[item.lead..item.value.span.start]);
                if was == is {
                    out.push_str(&text[item.value.span.clone()]);
                } else {
                    out.push_str(&weave_value(source, &item.value, was, is, indent + 2, layout.inside("")));
                }
                out.push_str(&text[item.value.span.end..item.tail]);
            }
            let more = new.root.items().get(body.items.len()..).unwrap_or_default();
            let more: Vec<&str> = more.iter().map(|item| &after[item.value.span.clone()]).collect();
            append(&mut out, source, body, &more, indent_of_items(text, body).unwrap_or(indent + 2), layout.inside(""));
            out.push_str(&text[body.items.last().map_or(body.open, |item| item.tail)..original.span.end]);
            out
        }
        _ => replaced(),
    }
}

/// Puts new items behind the last one of a list, of which the text up to the end of its line was written.
fn append(out: &mut String, source: Source<'_>, body: &Body, more: &[&str], indent: usize, layout: Layout) {
    let Some(last) = body.items.last().filter(|_| !more.is_empty()) else { return };
    let lines = source.text[body.open..body.close].contains('\n');
    if !last.comma {
        out.insert(out.len() - (last.tail - last.value.span.end), ',');
    }
    for (at, item) in more.iter().enumerate() {
        let end = if lines || at + 1 < more.len() { "," } else { "" };
        let start = if lines { format!("{}{}", source.newline, " ".repeat(indent)) } else { " ".to_owned() };
        out.push_str(&format!("{start}{}{end}", value_text(item, indent, layout)));
    }
}

/// The name before the bracket.
fn head<'a>(text: &'a str, value: &Value) -> &'a str {
    let open = value.body().map_or(value.span.start, |body| body.open.saturating_sub(1));
    let head = text[value.span.start..open].trim();
    // `Dataset(...)` and `(...)` are the same element.
    if head.chars().next().is_some_and(char::is_uppercase) && head.len() > 1 { "" } else { head }
}

fn weave_items(
    source: Source<'_>,
    original: &Value,
    body: &Body,
    (before, old): (&str, &Value),
    (after, new): (&str, &Value),
    indent: usize,
    layout: Layout,
) -> String {
    let text = source.text;
    let (known, olds, news) = (by_name(&body.items), by_name(old.items()), by_name(new.items()));
    let inner_indent = indent_of_items(text, body).unwrap_or(indent + 2);
    let mut edits = Edits::default();
    for item in old.items().iter().filter(|item| !news.contains_key(item.name())) {
        if known.contains_key(item.name()) {
            edits.0.push(Change::Drop(item.name().to_owned()));
        }
    }
    for item in new.items() {
        let is = &after[item.value.span.clone()];
        let was = olds.get(item.name()).map(|item| &before[item.value.span.clone()]);
        if was == Some(is) {
            continue;
        }
        let inside = layout.inside(item.name());
        match (known.get(item.name()), was) {
            (Some(existing), Some(was)) => {
                let woven = weave_value(source, &existing.value, was, is, inner_indent, inside);
                edits.0.push(Change::Replace(item.name().to_owned(), woven));
            }
            (Some(_), None) => {
                edits.0.push(Change::Replace(item.name().to_owned(), value_text(is, inner_indent, inside)));
            }
            (None, _) => {
                let key = item.key.as_ref().map_or("", |key| &after[key.span.clone()]);
                let value = value_text(is, inner_indent, inside);
                edits.0.push(Change::Insert(item.name().to_owned(), format!("{key}: {value}")));
            }
        }
    }
    let inner = if matches!(original.shape, Shape::Map(_)) {
        rebuild_map(source, body, &edits, inner_indent, indent)
    } else {
        let order: Vec<&str> = new.items().iter().map(Item::name).collect();
        let place = |key: &str| order.iter().position(|name| *name == key).unwrap_or(usize::MAX);
        rebuild(source, body, &edits, inner_indent, indent, &place)
    };
    format!("{}{inner}{}", &text[original.span.start..body.open], &text[body.close..original.span.end])
}

/// The first item of each name.
fn by_name(items: &[Item]) -> HashMap<&str, &Item> {
    // The first of two stays, since it is put in last.
    items.iter().rev().map(|item| (item.name(), item)).collect()
}

/// The columns before the first item, where it stands on a line of its own.
fn indent_of_items(text: &str, body: &Body) -> Option<usize> {
    let start = body.items.first()?.start();
    let line = text[..start].rfind('\n')? + 1;
    text[line..start].bytes().all(|byte| byte == b' ').then_some(start - line)
}

/// A map's new items go behind the last item whose key sorts before theirs.
fn rebuild_map(source: Source<'_>, body: &Body, edits: &Edits, indent: usize, outer: usize) -> String {
    let mut inserts = edits.inserts();
    inserts.sort_by_key(|insert| insert.key);
    // The least key from each item on: it never falls, so that the place of a key is found by halving.
    let mut least: Vec<&str> = body.items.iter().map(Item::name).collect();
    for at in (1..least.len()).rev() {
        least[at - 1] = least[at - 1].min(least[at]);
    }
    let behind = |key: &str| least.partition_point(|name| *name < key);
    Tiles::new(source, body, indent, outer).assemble(body, edits, &inserts, &behind)
}

/// A record's new fields go behind the last field that precedes them in `place`.
fn rebuild(
    source: Source<'_>,
    body: &Body,
    edits: &Edits,
    indent: usize,
    outer: usize,
    place: &dyn Fn(&str) -> usize,
) -> String {
    let mut inserts = edits.inserts();
    inserts.sort_by_key(|insert| place(insert.key));
    let behind = |key: &str| {
        let own = place(key);
        body.items.iter().rposition(|item| place(item.name()) < own).map_or(0, |at| at + 1)
    };
    Tiles::new(source, body, indent, outer).assemble(body, edits, &inserts, &behind)
}

/// A new item of a container.
struct Insert<'a> {
    key: &'a str,
    whole: &'a str,
    kind: Inserted,
}

/// What a new item is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inserted {
    /// A key and a value.
    Plain,
    /// The same, behind an empty line.
    Section,
    /// A text with its comments and its comma.
    Worded,
}

impl Change {
    fn insert(&self) -> Option<Insert<'_>> {
        let (key, whole, kind) = match self {
            Change::Insert(key, whole) => (key, whole, Inserted::Plain),
            Change::InsertSection(key, whole) => (key, whole, Inserted::Section),
            Change::InsertWorded(key, whole) => (key, whole, Inserted::Worded),
            Change::Replace(..) | Change::Drop(_) | Change::Remove(_) | Change::Reword(..) => return None,
        };
        Some(Insert { key, whole, kind })
    }
}

impl Edits {
    fn inserts(&self) -> Vec<Insert<'_>> {
        self.0.iter().filter_map(Change::insert).collect()
    }

    /// What happens to items that are there, by their names.
    fn by_name(&self) -> HashMap<&str, &Change> {
        let mut changes = HashMap::new();
        for change in &self.0 {
            match change {
                Change::Replace(key, _) | Change::Drop(key) | Change::Remove(key) | Change::Reword(key, _) => {
                    changes.insert(key.as_str(), change);
                }
                Change::Insert(..) | Change::InsertSection(..) | Change::InsertWorded(..) => {}
            }
        }
        changes
    }
}

/// The inside of a container, put together from tiles.
struct Tiles<'a> {
    text: &'a str,
    out: String,
    /// Whether items stand on lines of their own.
    lines: bool,
    /// Whether a comment was written last that reaches to the end of its line.
    open_comment: bool,
    indent: usize,
    outer: usize,
    newline: &'static str,
}

impl<'a> Tiles<'a> {
    fn new(source: Source<'a>, body: &Body, indent: usize, outer: usize) -> Tiles<'a> {
        let Source { text, newline } = source;
        // An empty container may grow lines; one that holds items on one line keeps its style.
        let lines = text[body.open..body.close].contains('\n') || body.items.is_empty();
        Tiles { text, out: String::new(), lines, open_comment: false, indent, outer, newline }
    }

    fn assemble(
        &mut self,
        body: &Body,
        edits: &Edits,
        inserts: &[Insert<'_>],
        behind: &dyn Fn(&str) -> usize,
    ) -> String {
        let changes = edits.by_name();
        let mut done: HashSet<&str> = HashSet::new();
        let mut next = inserts.iter().map(|insert| (behind(insert.key), insert)).peekable();
        let mut rest = body.items.last().map_or(body.open, |item| item.tail)..body.close;
        if body.items.is_empty() && !inserts.is_empty() {
            // Comments in what was empty stay before what is new.
            let head = comments(self.text, rest.clone()).last().map_or(rest.start, |comment| comment.span.end);
            self.out.push_str(&self.text[rest.start..head]);
            rest.start = head;
        }
        for at in 0..=body.items.len() {
            while let Some((_, insert)) = next.next_if(|(place, _)| *place <= at) {
                if at > 0 && insert.kind == Inserted::Section {
                    self.out.push_str(self.newline);
                }
                let more = at < body.items.len() || next.peek().is_some();
                match insert.kind {
                    Inserted::Worded => self.worded(insert.whole),
                    Inserted::Plain | Inserted::Section => self.insert(insert.whole, at == 0, more),
                }
            }
            let Some(item) = body.items.get(at) else { break };
            // Of two items with one key the first is the element; the second is reported, and left alone.
            let change = changes.get(item.name()).copied().filter(|_| done.insert(item.name()));
            let more = at + 1 < body.items.len() || next.peek().is_some();
            self.tile(item, change, more);
        }
        let rest = &self.text[rest];
        if body.items.is_empty() && !inserts.is_empty() && !rest.contains('\n') {
            self.out.push_str(rest.trim_end());
            self.out.push_str(self.newline);
            self.out.extend(std::iter::repeat_n(' ', self.outer));
        } else {
            self.indent = self.outer;
            self.copy(rest);
        }
        std::mem::take(&mut self.out)
    }

    /// Text that is kept, on a line of its own where it would become part of a comment.
    fn copy(&mut self, kept: &str) {
        let inline = !kept.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        if std::mem::take(&mut self.open_comment) && inline {
            self.out.push_str(self.newline);
            self.out.extend(std::iter::repeat_n(' ', self.indent));
            self.out.push_str(kept.trim_start_matches([' ', '\t']));
        } else {
            self.out.push_str(kept);
        }
    }

    fn tile(&mut self, item: &Item, change: Option<&Change>, more: bool) {
        let text = self.text;
        match change {
            Some(Change::Remove(_)) => {}
            Some(Change::Drop(_)) => {
                for comment in comments(text, item.lead..item.tail) {
                    let comment = &text[comment.span];
                    self.break_line();
                    self.out.push_str(comment);
                    self.open_comment = comment.starts_with("//");
                }
            }
            Some(Change::Replace(_, value)) => {
                self.copy(&text[item.lead..item.value.span.start]);
                self.out.push_str(value);
                self.finish(item, more);
            }
            Some(Change::Reword(_, whole)) => self.worded(whole),
            Some(Change::Insert(..) | Change::InsertSection(..) | Change::InsertWorded(..)) | None => {
                self.copy(&text[item.lead..item.value.span.end]);
                self.finish(item, more);
            }
        }
    }

    /// What follows a value: its comma, added where something comes behind it, and its trailing comments.
    fn finish(&mut self, item: &Item, more: bool) {
        if !item.comma && more {
            self.out.push(',');
        }
        self.out.push_str(&self.text[item.value.span.end..item.tail]);
    }

    /// A new item. `more` says whether anything comes behind it; on one line only then a comma follows.
    fn insert(&mut self, whole: &str, first: bool, more: bool) {
        self.break_line();
        self.out.push_str(whole);
        if self.lines || more {
            self.out.push(',');
        }
        if !self.lines && first && more {
            self.out.push(' ');
        }
    }

    /// An item with its comments and its comma.
    fn worded(&mut self, whole: &str) {
        if whole.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
            self.out.push_str(whole);
        } else {
            self.break_line();
            self.out.push_str(whole.trim_start_matches([' ', '\t']));
        }
        let last = comments(whole, 0..whole.len()).last().map(|comment| whole[comment.span.clone()].starts_with("//"));
        self.open_comment = last == Some(true);
    }

    fn break_line(&mut self) {
        if std::mem::take(&mut self.open_comment) || self.lines {
            self.out.push_str(self.newline);
            self.out.extend(std::iter::repeat_n(' ', self.indent));
        } else if !self.out.is_empty() {
            self.out.push(' ');
        }
    }
}

/// The keys at the top that are no sections; used by the loader's check of unknown names as well.
pub(super) fn is_head_key(key: &str) -> bool {
    HEAD_KEYS.contains(&key)
}
