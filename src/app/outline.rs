//! The outline: the model as a tree, boundaries and what is inside of them first, then every other section.

use super::fuzzy::filter_matches;
use super::list::Cursor;
use super::width::width;
use crate::model::graph::{boundaries_around, boundary_chain, boundary_of};
use crate::model::{ElementId, Model, Section, Slug};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What a line of the outline stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    /// An element.
    Element(ElementId),
    /// A section that is no part of the map.
    Section(Section),
}

/// A line of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it stands for.
    pub branch: Branch,
    /// How deep it is.
    pub depth: usize,
    /// What it says.
    pub title: String,
    /// How many lines are below it.
    pub count: usize,
    /// Whether it has lines below it.
    pub has_children: bool,
    /// Whether those are shown.
    pub open: bool,
}

impl Row {
    /// The column in which it begins.
    pub fn indent(&self) -> i32 {
        1 + i32::try_from(self.depth).unwrap_or(0).min(8) * 2
    }

    /// How many lines are below it, as it is told.
    pub fn told_count(&self) -> String {
        if self.has_children { format!(" {}", self.count) } else { String::new() }
    }

    /// The columns that it takes, with a sign before the name, a blank, and the line beside all of them.
    fn columns(&self) -> i32 {
        let text = width(&self.title) + width(&self.told_count());
        self.indent() + 2 + i32::try_from(text).unwrap_or(0) + 2
    }
}

/// Which branches are open, and where the cursor is.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Branches that somebody closed or opened against the default.
    pub toggled: BTreeSet<Branch>,
    /// Its lines.
    pub list: Cursor,
    /// Shows only what matches.
    pub filter: String,
    /// The selected element to which the cursor went last: it follows a new one, and stays where it was scrolled to.
    pub followed: Option<ElementId>,
    /// Whether somebody walks through it since it got the focus.
    pub walking: bool,
    memo: Option<Memo>,
}

/// Lines, and what they are of: the revision of the model, what was toggled, the filter.
#[derive(Debug, Clone)]
struct Memo {
    of: (u64, BTreeSet<Branch>, String),
    rows: Arc<Vec<Row>>,
    columns: i32,
}

/// What is directly in each boundary, and in none.
type Members<'m> = HashMap<Option<&'m Slug>, Vec<(Section, &'m Slug)>>;

/// A boundary with more direct members than this is closed until somebody opens it.
const OPEN_LIMIT: usize = 24;

impl Outline {
    /// The lines; those of a large model are made once and not for every key.
    pub fn current(&mut self, model: &Model, revision: u64) -> Arc<Vec<Row>> {
        let rows = self.shown(model, revision);
        if self.remembered(revision).is_none() {
            let columns = rows.iter().map(Row::columns).max().unwrap_or(0);
            let of = (revision, self.toggled.clone(), self.filter.clone());
            self.memo = Some(Memo { of, rows: rows.clone(), columns });
        }
        rows
    }

    /// The columns that the lines took when they were made last, with the line beside them.
    pub fn columns(&self) -> i32 {
        self.memo.as_ref().map_or(0, |memo| memo.columns)
    }

    /// The lines, for who may not change anything.
    pub fn shown(&self, model: &Model, revision: u64) -> Arc<Vec<Row>> {
        self.remembered(revision).unwrap_or_else(|| Arc::new(self.rows(model)))
    }

    fn remembered(&self, revision: u64) -> Option<Arc<Vec<Row>>> {
        let memo = self.memo.as_ref()?;
        let (of, toggled, filter) = &memo.of;
        (*of == revision && *toggled == self.toggled && *filter == self.filter).then(|| memo.rows.clone())
    }

    fn rows(&self, model: &Model) -> Vec<Row> {
        let mut members: Members<'_> = HashMap::new();
        let drawn = [Section::Boundaries, Section::Actors, Section::Services, Section::Endpoints, Section::Datasets];
        for (section, slug, around) in boundaries_around(model) {
            members.entry(around).or_default().push((section, slug));
        }
        let mut rows = Vec::new();
        let mut seen = BTreeSet::new();
        self.add(model, &members, None, 0, &mut rows, &mut seen);
        // Boundaries in a circle have no outermost one; they are shown all the same, so that somebody can mend them.
        for slug in model.boundaries.keys() {
            let id = ElementId::new(Section::Boundaries, slug.clone());
            let circle = boundary_chain(model, &id).contains(&slug);
            if circle && !seen.contains(slug) {
                self.add(model, &members, boundary_of(model, &id), 0, &mut rows, &mut seen);
            }
        }
        for section in Section::ALL.iter().filter(|section| !drawn.contains(section)) {
            let branch = Branch::Section(*section);
            let open = self.toggled.contains(&branch) || !self.filter.is_empty();
            // What is closed is counted and not looked at.
            let ids = model.slugs(*section).filter(|_| open).map(|slug| ElementId::new(*section, slug.clone()));
            let ids: Vec<ElementId> = ids.filter(|id| self.matches(model, id)).collect();
            let count = if open { ids.len() } else { model.count(*section) };
            if count == 0 {
                continue;
            }
            let title = capitalised(section.name());
            rows.push(Row { branch, depth: 0, title, count, has_children: true, open });
            if open {
                rows.extend(ids.into_iter().map(|id| leaf(model, id, 1)));
            }
        }
        rows
    }

    fn matches(&self, model: &Model, id: &ElementId) -> bool {
        filter_matches(&self.filter, &[model.title_of(id), id.slug.as_str(), id.section.noun()])
    }

    fn add(
        &self,
        model: &Model,
        members: &Members<'_>,
        inside: Option<&Slug>,
        depth: usize,
        rows: &mut Vec<Row>,
        seen: &mut BTreeSet<Slug>,
    ) {
        for (section, slug) in members.get(&inside).into_iter().flatten() {
            let id = &ElementId::new(*section, (*slug).clone());
            if id.section != Section::Boundaries {
                if self.matches(model, id) {
                    rows.push(leaf(model, id.clone(), depth));
                }
                continue;
            }
            // Boundaries in a circle are reported elsewhere; here each is shown once at most.
            if !seen.insert(id.slug.clone()) {
                continue;
            }
            let direct = members.get(&Some(&id.slug)).map_or(0, Vec::len);
            let branch = Branch::Element(id.clone());
            let open = (direct <= OPEN_LIMIT) != self.toggled.contains(&branch) || !self.filter.is_empty();
            let mut below = Vec::new();
            // What is closed is not looked into, unless a filter looks for something.
            if open {
                self.add(model, members, Some(&id.slug), depth + 1, &mut below, seen);
            }
            if below.is_empty() && !self.matches(model, id) {
                continue;
            }
            rows.push(Row {
                branch,
                depth,
                title: model.title_of(id).to_owned(),
                count: direct,
                has_children: direct > 0,
                open,
            });
            rows.extend(below);
        }
    }

    /// The line of an element, or of the closed boundary or section that hides it.
    pub fn line_of(&self, model: &Model, rows: &[Row], id: &ElementId) -> Option<usize> {
        let line = |branch: Branch| rows.iter().position(|row| row.branch == branch);
        let boundary = |slug: &Slug| Branch::Element(ElementId::new(Section::Boundaries, slug.clone()));
        let around = boundary_chain(model, id);
        line(Branch::Element(id.clone()))
            .or_else(|| around.into_iter().find_map(|slug| line(boundary(slug))))
            .or_else(|| line(Branch::Section(id.section)))
    }

    /// Opens or closes a branch.
    pub fn toggle(&mut self, branch: &Branch) {
        if !self.toggled.remove(branch) {
            self.toggled.insert(branch.clone());
        }
    }
}

fn leaf(model: &Model, id: ElementId, depth: usize) -> Row {
    let title = model.title_of(&id).to_owned();
    Row { branch: Branch::Element(id), depth, title, count: 0, has_children: false, open: false }
}

/// A word with a capital first letter.
pub fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The glyph of a kind of element, the same wherever it is listed; told apart without colour.
pub fn glyph(section: Section) -> &'static str {
    match section {
        Section::Boundaries => "╬",
        Section::Actors => "☺",
        Section::Services => "○",
        Section::Endpoints => "◇",
        Section::Datasets => "▤",
        Section::Roles => "♙",
        Section::Grants => "→",
        Section::Flows => "⇢",
        _ => "·",
    }
}
