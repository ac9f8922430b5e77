//! The walk without a screen: element by element, category by category, what the team raised, dismissed or passed.

use super::state::App;
use super::threats::category_words;
use crate::analysis::team::{Coverage, Looked, categories};
use crate::analysis::threats::Outcome;
use crate::model::threats::Category;
use crate::model::{ElementId, Target};

/// Which categories the walk goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kinds {
    /// Threats to security.
    #[default]
    Stride,
    /// Threats to privacy.
    Linddun,
    /// Both.
    Both,
}

impl Kinds {
    /// Every choice, in the order of the key that goes through them.
    pub const ALL: [Kinds; 3] = [Kinds::Stride, Kinds::Linddun, Kinds::Both];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Kinds::Stride => "STRIDE",
            Kinds::Linddun => "LINDDUN",
            Kinds::Both => "STRIDE and LINDDUN",
        }
    }

    /// Whether a category is among them.
    pub fn holds(self, category: Category) -> bool {
        match self {
            Kinds::Stride => !category.is_privacy(),
            Kinds::Linddun => category.is_privacy(),
            Kinds::Both => true,
        }
    }
}

/// The walk as the person left it.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// Which categories.
    pub kinds: Kinds,
    /// The element; nothing before the first step.
    pub element: Option<ElementId>,
    /// The category.
    pub category: Option<Category>,
    /// What was looked at in the revision for which it was computed.
    pub coverage: Coverage,
}

/// The categories that are asked of an element in this walk.
pub fn asked(kinds: Kinds, id: &ElementId) -> Vec<Category> {
    categories(id.section).into_iter().filter(|category| kinds.holds(*category)).collect()
}

/// Brings the walk up to date with the model: its coverage, and a cell that exists.
pub fn refresh(app: &mut App) {
    app.judge();
    app.walk.coverage = Coverage::new(&app.model);
    let walk = &mut app.walk;
    let there = walk.element.as_ref().is_some_and(|id| walk.coverage.elements.contains(id));
    if !there {
        walk.element = walk.coverage.elements.first().cloned();
        walk.category = None;
    }
    let Some(id) = &walk.element else { return };
    let asked = asked(walk.kinds, id);
    if walk.category.is_none_or(|category| !asked.contains(&category)) {
        let open = asked.iter().find(|category| walk.coverage.looked(id, **category).is_none());
        walk.category = open.or(asked.first()).copied();
    }
}

/// The cell after this one, or before it; the walk ends at its ends.
pub fn step(app: &App, forward: bool) -> Option<(ElementId, Category)> {
    let walk = &app.walk;
    let cells: Vec<(&ElementId, Category)> = walk
        .coverage
        .elements
        .iter()
        .flat_map(|id| asked(walk.kinds, id).into_iter().map(move |category| (id, category)))
        .collect();
    let here = cells
        .iter()
        .position(|(id, category)| walk.element.as_ref() == Some(*id) && walk.category == Some(*category))?;
    let next = if forward { here + 1 } else { here.checked_sub(1)? };
    cells.get(next).map(|(id, category)| ((*id).clone(), *category))
}

/// The element after this one, or before it.
pub fn step_element(app: &App, forward: bool) -> Option<ElementId> {
    let elements = &app.walk.coverage.elements;
    let here = elements.iter().position(|id| app.walk.element.as_ref() == Some(id))?;
    elements.get(if forward { here + 1 } else { here.checked_sub(1)? }).cloned()
}

/// What is known of the cell: what rules say of it in this category, then what the team raised.
pub fn found(app: &App) -> Vec<(String, String)> {
    let (Some(id), Some(category)) = (&app.walk.element, app.walk.category) else { return Vec::new() };
    let judged = app.judged();
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut rules: Vec<(usize, usize, usize)> = Vec::new();
    for verdict in judged.verdicts() {
        if !app.rules.rule(verdict.rule).categories().any(|kind| kind == category)
            || !verdict.place.elements().contains(id)
        {
            continue;
        }
        let (fires, asks) = match verdict.outcome {
            Outcome::Fires => (1, 0),
            Outcome::Unknown(_) => (0, 1),
            _ => continue,
        };
        match rules.iter_mut().find(|(rule, ..)| *rule == verdict.rule) {
            Some((_, f, a)) => (*f, *a) = (*f + fires, *a + asks),
            None => rules.push((verdict.rule, fires, asks)),
        }
    }
    for (rule, fires, asks) in rules {
        let rule = app.rules.rule(rule);
        let mark = if fires > 0 { "fires" } else { "asks" };
        let times = if fires.max(asks) > 1 { format!(" ×{}", fires.max(asks)) } else { String::new() };
        lines.push((mark.to_owned(), format!("{} ({}{times})", rule.title, rule.id)));
    }
    for threat in app.model.threats.values() {
        let about = app.model.resolve(Target::Any, threat.about.0.as_str());
        if about.as_ref() == Some(id) && threat.category == Some(category) {
            lines.push(("raised".to_owned(), threat.title.to_string()));
        }
    }
    for entry in app.model.considered.values() {
        let about = app.model.resolve(Target::Any, entry.about.0.as_str());
        if about.as_ref() == Some(id) && entry.category == Some(category) && !entry.why.is_empty() {
            lines.push(("dismissed".to_owned(), entry.why.to_string()));
        }
    }
    lines
}

/// The sign of a cell in the coverage, and what it means.
pub fn sign(looked: Option<Looked>, ascii: bool) -> &'static str {
    match (looked, ascii) {
        (None, _) => "·",
        (Some(Looked::Raised(_)), false) => "▲",
        (Some(Looked::Raised(_)), true) => "!",
        (Some(Looked::Dismissed), false) => "✕",
        (Some(Looked::Dismissed), true) => "x",
        (Some(Looked::NothingFound), false) => "✓",
        (Some(Looked::NothingFound), true) => "+",
    }
}

/// The letter of a category, as STRIDE and LINDDUN spell themselves.
pub fn letter(category: Category) -> &'static str {
    match category {
        Category::Spoofing => "S",
        Category::Tampering => "T",
        Category::Repudiation => "R",
        Category::InformationDisclosure => "I",
        Category::DenialOfService => "D",
        Category::ElevationOfPrivilege => "E",
        Category::Linking => "L",
        Category::Identifying => "I",
        Category::NonRepudiation => "Nr",
        Category::Detecting => "D",
        Category::DataDisclosure => "Dd",
        Category::Unawareness => "U",
        Category::NonCompliance => "Nc",
    }
}

/// The coverage as lines: an element and the signs of its categories.
pub fn coverage_lines(app: &App, kinds: Kinds, ascii: bool) -> Vec<(String, String)> {
    let coverage = &app.walk.coverage;
    let all: Vec<Category> = Category::ALL.iter().copied().filter(|category| kinds.holds(*category)).collect();
    let cell = |text: &str| format!("{text:<3}");
    let head: String = all.iter().map(|category| cell(letter(*category))).collect();
    let mut lines = vec![(String::new(), head)];
    for id in &coverage.elements {
        let asked = categories(id.section);
        let signs = all.iter().map(|category| match asked.contains(category) {
            true => cell(sign(coverage.looked(id, *category), ascii)),
            false => cell(""),
        });
        lines.push((app.name_of(id), signs.collect()));
    }
    lines
}

/// What the signs of the coverage mean.
pub fn legend(ascii: bool) -> String {
    let sign = |looked| sign(looked, ascii);
    format!(
        "{} raised  {} dismissed  {} nothing found  {} not looked at; empty: not asked of this kind of element",
        sign(Some(Looked::Raised(1))),
        sign(Some(Looked::Dismissed)),
        sign(Some(Looked::NothingFound)),
        sign(None)
    )
}

/// The cell in words.
pub fn cell_words(app: &App) -> String {
    match (&app.walk.element, app.walk.category) {
        (Some(id), Some(category)) => {
            format!("{} · {} {}", category_words(category), id.section.noun(), app.name_of(id))
        }
        _ => "nothing to walk through".to_owned(),
    }
}
