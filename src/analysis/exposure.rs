//! Exposure as people look at it: a matrix of roles and datasets, classes of what can be reached, totals.

use super::access::{Access, Fact, Way};
use super::hash::FastMap;
use crate::model::data::DEFAULT_CLASSES;
use crate::model::facts::{Fields, Operation, Rows};
use crate::model::graph::{depths, inheritance};
use crate::model::reference::ClassLink;
use crate::model::{Model, Slug};
use std::collections::{BTreeMap, BTreeSet};

/// A step of the classification ladder, comparable; absent (unknown) is kept apart by the caller.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Its place on the ladder, 1 for the lowest.
    pub rank: u32,
    /// Its slug.
    pub class: Slug,
}

/// The rank of a class: from the model's ladder, or from the default one where the model has none.
pub fn rank_of(model: &Model, class: &Slug) -> Option<Rank> {
    rank_by_name(model, class.as_str()).map(|rank| Rank { rank, class: class.clone() })
}

/// The same, of a name.
pub fn rank_by_name(model: &Model, class: &str) -> Option<u32> {
    if model.classes.is_empty() {
        let place = DEFAULT_CLASSES.iter().position(|name| *name == class)?;
        return Some(u32::try_from(place).ok()? + 1);
    }
    model.classes.get(class)?.rank
}

/// The ranks of all classes, by their names.
pub(crate) fn ranks(model: &Model) -> FastMap<&str, u32> {
    let default = DEFAULT_CLASSES.iter().filter(|_| model.classes.is_empty()).copied();
    let names = default.chain(model.classes.keys().map(Slug::as_str));
    names.filter_map(|name| Some((name, rank_by_name(model, name)?))).collect()
}

/// What is known of the classes of the fields that a fact covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classes {
    /// The highest that is known.
    pub highest: Option<Rank>,
    /// Whether the class of some field that is covered is unknown: it may be higher.
    pub has_unknown: bool,
}

/// The classes of the fields that a fact covers.
///
/// A covered field without a class of its own has the dataset's, or an unknown one where that has none. With
/// [`Fields::All`], and where nobody knows which fields are covered, the dataset's own class counts too.
pub fn classes_of_fact(model: &Model, fact: &Fact) -> Classes {
    let Some(dataset) = fact.dataset.as_ref().and_then(|slug| model.datasets.get(slug)) else {
        return Classes { highest: None, has_unknown: true };
    };
    let rank = |link: Option<&ClassLink>| link.map(|link| rank_of(model, link.slug()));
    // A class that is not on the ladder is as unknown as one that is not given.
    let whole = rank(dataset.class.as_ref()).flatten();
    let of_field = |name: &str| {
        let own = dataset.fields.get(name).and_then(|field| field.class.as_ref());
        rank(own).unwrap_or(whole.clone())
    };
    let mut classes = Classes::default();
    let mut add = |rank: Option<Rank>| {
        classes.has_unknown |= rank.is_none();
        classes.highest = classes.highest.take().max(rank);
    };
    match &fact.fields {
        Some(Fields::Only(names)) => names.iter().for_each(|name| add(of_field(name.as_str()))),
        Some(Fields::All) | None => {
            dataset.fields.keys().for_each(|name| add(of_field(name.as_str())));
            // Fields that are not listed have the dataset's class.
            if whole.is_some() || dataset.fields.is_empty() || dataset.fields_complete != Some(true) {
                add(whole.clone());
            }
        }
    }
    classes
}

/// The highest class among the fields that a fact covers, as far as it is known; see [`classes_of_fact`].
pub fn class_of_fact(model: &Model, fact: &Fact) -> Option<Rank> {
    classes_of_fact(model, fact).highest
}

/// How wide the rows are that a cell of the matrix stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// There is a grant, but no way to use it, or no row.
    Nothing,
    /// Rows of the caller.
    Own,
    /// Rows of the caller's tenant.
    Tenant,
    /// Rows by a condition.
    Some,
    /// Nobody knows which rows.
    Unknown,
    /// Every row.
    All,
}

impl Scope {
    /// The widest scope of a fact's rows.
    pub fn of(fact: &Fact) -> Scope {
        if fact.way == Way::Blocked {
            return Scope::Nothing;
        }
        match &fact.rows {
            None if fact.op == Operation::Execute => Scope::All,
            None => Scope::Unknown,
            // Only rows that are joined to a row that may be read are reached through a relation.
            Some(Rows::All) if matches!(fact.way, Way::Through(_)) => Scope::Some,
            Some(Rows::All) => Scope::All,
            Some(Rows::Nobody) => Scope::Nothing,
            Some(Rows::Owner(_)) => Scope::Own,
            Some(Rows::Tenant(_)) => Scope::Tenant,
            Some(Rows::Constant(_) | Rows::Predicate { .. }) => Scope::Some,
        }
    }

    /// A mark that tells it apart without colour.
    pub fn mark(self) -> char {
        match self {
            Scope::Nothing => '-',
            Scope::Own => 'o',
            Scope::Tenant => 't',
            Scope::Some => '~',
            Scope::Unknown => '?',
            Scope::All => '*',
        }
    }

    /// What the mark means.
    pub fn meaning(self) -> &'static str {
        match self {
            Scope::Nothing => "no way in",
            Scope::Own => "own rows",
            Scope::Tenant => "the tenant's rows",
            Scope::Some => "rows by a condition",
            Scope::Unknown => "rows unknown",
            Scope::All => "all rows",
        }
    }
}

/// One cell of the matrix: what one role can do with one dataset.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The operations, each with its widest scope.
    pub ops: BTreeMap<Operation, Scope>,
    /// The highest class that can be read; nothing where no class is known.
    pub class: Option<Rank>,
    /// The operations that cover every field.
    pub every_field: BTreeSet<Operation>,
    /// Whether every fact behind it comes from another role.
    pub inherited: bool,
    /// Places of the facts in [`Access::facts`].
    pub facts: Vec<usize>,
}

/// Roles × datasets.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    /// The columns.
    pub roles: Vec<Slug>,
    /// The rows: datasets, then endpoints that can be called without naming one.
    pub datasets: Vec<Slug>,
    cells: BTreeMap<(Slug, Slug), Cell>,
}

impl Matrix {
    /// The matrix of these facts. Roles that inherit stand behind those from which they inherit; datasets are sorted.
    pub fn new(model: &Model, access: &Access) -> Matrix {
        let mut cells: BTreeMap<(Slug, Slug), Cell> = BTreeMap::new();
        for (index, fact) in access.facts.iter().enumerate() {
            // A call names no dataset: it is a row of its own, by its endpoint.
            let dataset = fact.dataset.as_ref().unwrap_or(&fact.endpoint);
            let new = Cell { inherited: true, ..Cell::default() };
            let cell = cells.entry((fact.role.clone(), dataset.clone())).or_insert(new);
            let scope = cell.ops.entry(fact.op).or_insert(Scope::Nothing);
            *scope = (*scope).max(Scope::of(fact));
            if fact.op == Operation::Read && fact.way != Way::Blocked {
                cell.class = cell.class.take().max(class_of_fact(model, fact));
            }
            let every_field =
                fact.fields == Some(Fields::All) || matches!(fact.op, Operation::Delete | Operation::Execute);
            if every_field {
                cell.every_field.insert(fact.op);
            }
            cell.inherited &= fact.via.len() > 1;
            cell.facts.push(index);
        }
        let mut roles: BTreeSet<Slug> = model.roles.keys().cloned().collect();
        roles.extend(access.facts.iter().map(|fact| fact.role.clone()));
        let mut datasets: BTreeSet<Slug> = model.datasets.keys().cloned().collect();
        datasets.extend(access.facts.iter().filter_map(|fact| fact.dataset.clone()));
        let calls: BTreeSet<Slug> =
            access.facts.iter().filter(|fact| fact.dataset.is_none()).map(|fact| fact.endpoint.clone()).collect();
        let datasets = datasets.into_iter().chain(calls).collect();
        Matrix { roles: by_depth(model, roles), datasets, cells }
    }

    /// What a role can do with a dataset.
    pub fn cell(&self, role: &Slug, dataset: &Slug) -> Option<&Cell> {
        self.cells.get(&(role.clone(), dataset.clone()))
    }
}

/// Roles with fewer roles below them first, so that a line of inheritance reads from left to right.
fn by_depth(model: &Model, roles: BTreeSet<Slug>) -> Vec<Slug> {
    let depths = depths(inheritance(model));
    let depth = |role: &Slug| depths.get(role.as_str()).copied().unwrap_or(0);
    let mut roles: Vec<(usize, Slug)> = roles.into_iter().map(|role| (depth(&role), role)).collect();
    roles.sort();
    roles.into_iter().map(|(_, role)| role).collect()
}

/// Counts over a list of facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Facts on datasets.
    pub facts: usize,
    /// Facts by operation.
    pub by_op: BTreeMap<Operation, OperationTotals>,
    /// Datasets that each role can read.
    pub readable_by_role: BTreeMap<Slug, usize>,
}

/// Counts of one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationTotals {
    /// Facts.
    pub facts: usize,
    /// Facts on every field, those added later included.
    pub all_fields: usize,
    /// Facts by rows: all, session_bound, constant, other, none, unknown.
    pub rows: BTreeMap<&'static str, usize>,
    /// Facts without a ceiling on rows.
    pub unlimited: usize,
    /// Facts that let aggregates be asked for.
    pub aggregates: usize,
}

/// The kind of rows as totals count them: what depends on who asks is one kind.
pub fn rows_kind(rows: Option<&Rows>) -> &'static str {
    match rows {
        None => "unknown",
        Some(Rows::All) => "all",
        Some(Rows::Nobody) => "none",
        Some(rows) if rows.is_session_bound() => "session_bound",
        Some(Rows::Constant(_)) => "constant",
        Some(_) => "other",
    }
}

/// Counts over facts on datasets.
pub fn totals<'a>(facts: impl Iterator<Item = &'a Fact>) -> Totals {
    let mut totals = Totals::default();
    let mut readable: BTreeMap<Slug, BTreeSet<Slug>> = BTreeMap::new();
    for fact in facts {
        let Some(dataset) = &fact.dataset else { continue };
        totals.facts += 1;
        let op = totals.by_op.entry(fact.op).or_default();
        op.facts += 1;
        op.all_fields += usize::from(fact.fields == Some(Fields::All));
        *op.rows.entry(rows_kind(fact.rows.as_ref())).or_default() += 1;
        op.unlimited += usize::from(fact.limit == Some(crate::model::facts::Limit::Unlimited));
        op.aggregates += usize::from(fact.aggregates == Some(true));
        if fact.op == Operation::Read && fact.way != Way::Blocked {
            readable.entry(fact.role.clone()).or_default().insert(dataset.clone());
        }
    }
    totals.readable_by_role = readable.into_iter().map(|(role, datasets)| (role, datasets.len())).collect();
    totals
}
