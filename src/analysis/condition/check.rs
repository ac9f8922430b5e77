//! Names and types: a tree becomes a condition that can run, or an error with its place and what was meant.

use super::ConditionError;
use super::alike::Traits;
use super::footprint::Footprint;
use super::schema::{Access, FUNCTIONS, Function, Type, type_of_subject};
use super::shared::Shared;
use super::syntax::{self, Comparison, Id, TermKind, Tree, parse};
use crate::library::rule::Subject;
use crate::model::Section;
use crate::model::reflect::FieldSpec;
use crate::model::text::{nearest, one_line};
use regex_lite::Regex;
use std::sync::Arc;

/// A condition that was checked, on one subject.
#[derive(Debug)]
pub struct Condition {
    text: String,
    subject: Subject,
    steps: Vec<Step>,
    reads: Vec<&'static FieldSpec>,
    footprint: Footprint,
    /// What those of its terms read that say the same of elements which are alike.
    traits: Option<Arc<Traits>>,
}

impl Condition {
    /// The text of which it was made.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it is about.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The declared fields that it reads by name, without those that the functions of the graph read.
    pub fn reads(&self) -> &[&'static FieldSpec] {
        &self.reads
    }

    /// Everything that it may read.
    pub(crate) fn footprint(&self) -> &Footprint {
        &self.footprint
    }

    /// The terms of an outermost `&&`, or the whole condition.
    pub(super) fn conjuncts(&self) -> Vec<Id> {
        match self.steps.last().map(|step| &step.op) {
            Some(Op::And(parts)) => parts.written.clone(),
            _ => vec![self.root()],
        }
    }

    pub(super) fn root(&self) -> Id {
        self.steps.len().saturating_sub(1)
    }

    pub(super) fn step(&self, id: Id) -> &Step {
        &self.steps[id]
    }

    /// Marks a term as one that stands in other conditions, too.
    pub(super) fn share(&mut self, id: Id, shared: Shared) {
        self.steps[id].shared = Some(shared);
    }

    /// What decides whether elements are alike for its terms.
    pub(super) fn traits(&self) -> Option<&Traits> {
        self.traits.as_deref()
    }

    /// Says what does.
    pub(super) fn told_apart_by(&mut self, traits: Arc<Traits>) {
        self.traits = Some(traits);
    }

    /// The text of a term.
    pub(super) fn text_of(&self, id: Id) -> &str {
        let Step { offset, end, .. } = &self.steps[id];
        self.text.get(*offset..*end).unwrap_or_default()
    }
}

/// A checked term.
#[derive(Debug)]
pub(super) struct Step {
    pub offset: usize,
    pub end: usize,
    pub op: Op,
    /// Whether it is a field that leads to another element, other than a class.
    pub leads_on: bool,
    /// Where what it says is kept, if it stands in other conditions, too.
    pub shared: Option<Shared>,
}

/// What a checked term does.
#[derive(Debug)]
pub(super) enum Op {
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<Id>),
    /// The subject, or the variable of a quantifier around, counted from the outermost.
    Variable(usize),
    Field {
        of: Id,
        access: Access,
        name: &'static str,
    },
    Not(Id),
    Negate(Id),
    And(Parts),
    Or(Parts),
    Compare(Comparison, Id, Id),
    In(Id, Id),
    /// Whether a text is one of these.
    OneOf(Id, Vec<String>),
    Add(Id, Id),
    Subtract(Id, Id),
    Size(Id),
    /// Whether a fact is there: unknown where nobody gave it.
    Has(Id),
    /// Whether a fact is known: never unknown itself.
    Known(Id),
    TextTest(TextTest, Id, Id),
    Matches(Id, Regex),
    Quantifier {
        kind: Quantifier,
        list: Id,
        body: Id,
    },
    Call(Function, Vec<Id>),
    /// The rank of a class whose name is written out.
    RankOf(String),
    Today,
}

/// The parts of `&&` or `||`.
#[derive(Debug)]
pub(super) struct Parts {
    /// In the order of the text.
    pub written: Vec<Id>,
    /// The same parts, those that cost little first: where one of them decides, the others are not asked.
    pub cheapest_first: Vec<Id>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Exists,
    All,
    ExistsOne,
    Filter,
    Map,
}

impl Quantifier {
    /// Whether it gives a list rather than yes or no.
    pub fn makes_a_list(self) -> bool {
        matches!(self, Quantifier::Filter | Quantifier::Map)
    }
}

const QUANTIFIERS: [(&str, Quantifier); 5] = [
    ("exists", Quantifier::Exists),
    ("all", Quantifier::All),
    ("exists_one", Quantifier::ExistsOne),
    ("filter", Quantifier::Filter),
    ("map", Quantifier::Map),
];

const TEXT_TESTS: [(&str, TextTest); 3] =
    [("startsWith", TextTest::StartsWith), ("endsWith", TextTest::EndsWith), ("contains", TextTest::Contains)];

/// Reads and checks a condition on a subject.
pub fn compile(text: &str, subject: Subject) -> Result<Condition, ConditionError> {
    let tree = parse(text)?;
    let root = tree.terms.len() - 1;
    let mut checker = Checker {
        tree: &tree,
        names: vec![(subject.name().to_owned(), type_of_subject(subject))],
        steps: Vec::with_capacity(tree.terms.len()),
        reads: Vec::new(),
        footprint: Footprint { exposures: subject.section().is_none(), ..Footprint::default() },
    };
    let (_, kind) = checker.term(root)?;
    let Checker { steps, reads, footprint, .. } = checker;
    match kind {
        Type::Flag => Ok(Condition { text: text.to_owned(), subject, steps, reads, footprint, traits: None }),
        other => Err(ConditionError::new(
            tree.terms[root].offset,
            format!("a condition is yes or no, and this is a {}: compare it with something", other.shown()),
        )),
    }
}

struct Checker<'t> {
    tree: &'t Tree,
    names: Vec<(String, Type)>,
    steps: Vec<Step>,
    reads: Vec<&'static FieldSpec>,
    footprint: Footprint,
}

type Checked = Result<(Id, Type), ConditionError>;

impl Checker<'_> {
    fn add(&mut self, term: Id, op: Op, kind: Type) -> Checked {
        let syntax::Term { offset, end, .. } = self.tree.terms[term];
        let leads_on = matches!(op, Op::Field { .. }) && kind.leads_to_element();
        self.steps.push(Step { offset, end, op, leads_on, shared: None });
        Ok((self.steps.len() - 1, kind))
    }

    fn offset(&self, id: Id) -> usize {
        self.tree.terms[id].offset
    }

    fn error<T>(&self, id: Id, message: impl Into<String>) -> Result<T, ConditionError> {
        Err(ConditionError::new(self.offset(id), message))
    }

    fn term(&mut self, id: Id) -> Checked {
        let tree = self.tree;
        match &tree.terms[id].kind {
            TermKind::Flag(flag) => self.add(id, Op::Flag(*flag), Type::Flag),
            TermKind::Number(number) => self.add(id, Op::Number(*number), Type::Number),
            TermKind::Text(text) => self.add(id, Op::Text(text.clone()), Type::Text(None)),
            TermKind::List(items) => self.list(id, items),
            TermKind::Name(name) => self.name(id, name),
            TermKind::Field(of, name) => {
                let (inner, kind) = self.term(*of)?;
                let Some((access, field)) = kind.field(name) else { return self.no_field(id, &kind, name) };
                self.reads.extend(kind.asked_for(name));
                self.footprint.field(&kind, name, &field);
                let name = kind.field_names().into_iter().find(|known| known == name).unwrap_or("value");
                self.add(id, Op::Field { of: inner, access, name }, field)
            }
            TermKind::Call(receiver, name, arguments) => match receiver {
                Some(receiver) => self.method(id, *receiver, name, arguments),
                None => self.function(id, name, arguments),
            },
            TermKind::Not(inner) => {
                let inner = self.flag(*inner)?;
                self.add(id, Op::Not(inner), Type::Flag)
            }
            TermKind::Negate(inner) => {
                let inner = self.of_type(*inner, &Type::Number)?;
                self.add(id, Op::Negate(inner), Type::Number)
            }
            TermKind::And(parts) => {
                let parts = self.parts(parts)?;
                self.add(id, Op::And(parts), Type::Flag)
            }
            TermKind::Or(parts) => {
                let parts = self.parts(parts)?;
                self.add(id, Op::Or(parts), Type::Flag)
            }
            TermKind::Compare(comparison, left, right) => self.compare(id, *comparison, *left, *right),
            TermKind::In(left, right) => {
                let (value, kind) = self.term(*left)?;
                let (list, of) = self.term(*right)?;
                let Type::List(inner) = of else {
                    return self.error(*right, format!("`in` looks into a list, and this is a {}", of.shown()));
                };
                self.comparable(id, &kind, &inner)?;
                self.literals_are_names(&kind, *right)?;
                let op = match self.texts(list) {
                    Some(texts) => Op::OneOf(value, texts),
                    None => Op::In(value, list),
                };
                self.add(id, op, Type::Flag)
            }
            TermKind::Add(left, right) => self.sum(id, *left, *right, Op::Add),
            TermKind::Subtract(left, right) => self.sum(id, *left, *right, Op::Subtract),
        }
    }

    fn parts(&mut self, parts: &[Id]) -> Result<Parts, ConditionError> {
        let mut priced = Vec::with_capacity(parts.len());
        for part in parts {
            let first = self.steps.len();
            let part = self.flag(*part)?;
            // The terms of a part stand together. Those that look through a list or into the graph cost the most by far.
            let is_dear = |step: &&Step| matches!(step.op, Op::Quantifier { .. } | Op::Call(..));
            priced.push((self.steps[first..].iter().filter(is_dear).count(), part));
        }
        let written = priced.iter().map(|(_, part)| *part).collect();
        priced.sort_by_key(|(price, _)| *price);
        Ok(Parts { written, cheapest_first: priced.into_iter().map(|(_, part)| part).collect() })
    }

    /// The texts of a list that is written out.
    fn texts(&self, list: Id) -> Option<Vec<String>> {
        let Op::List(items) = &self.steps[list].op else { return None };
        let text = |item: &Id| match &self.steps[*item].op {
            Op::Text(text) => Some(text.clone()),
            _ => None,
        };
        items.iter().map(text).collect()
    }

    /// Numbers are added; to a day days are added.
    fn sum(&mut self, id: Id, left: Id, right: Id, op: fn(Id, Id) -> Op) -> Checked {
        let (one, kind) = self.term(left)?;
        if !matches!(kind, Type::Number | Type::Day) {
            return self.error(left, format!("only numbers and days are added, and this is a {}", kind.shown()));
        }
        let (two, other) = self.term(right)?;
        let kind = match (&kind, &other) {
            (Type::Number, Type::Number) => Type::Number,
            (Type::Day, Type::Number) => Type::Day,
            _ => return self.error(right, format!("a number is needed here, and this is a {}", other.shown())),
        };
        self.add(id, op(one, two), kind)
    }

    fn list(&mut self, id: Id, items: &[Id]) -> Checked {
        let mut inner: Option<Type> = None;
        let mut ids = Vec::new();
        for item in items {
            let (value, kind) = self.term(*item)?;
            match &inner {
                Some(first) if !first.fits(&kind) => {
                    return self.error(
                        *item,
                        format!("the first of the list is a {}, and this is a {}", first.shown(), kind.shown()),
                    );
                }
                Some(_) => {}
                None => inner = Some(kind),
            }
            ids.push(value);
        }
        self.add(id, Op::List(ids), Type::List(Box::new(inner.unwrap_or(Type::Text(None)))))
    }

    fn name(&mut self, id: Id, name: &str) -> Checked {
        if name == "today" {
            return self.add(id, Op::Today, Type::Day);
        }
        match self.names.iter().rposition(|(known, _)| known == name) {
            Some(place) => {
                let kind = self.names[place].1.clone();
                self.add(id, Op::Variable(place), kind)
            }
            None => {
                let known: Vec<&str> = self.names.iter().map(|(name, _)| name.as_str()).chain(["today"]).collect();
                let message = unknown("name", name, &known);
                self.error(id, message)
            }
        }
    }

    fn no_field<T>(&self, id: Id, kind: &Type, name: &str) -> Result<T, ConditionError> {
        let names = kind.field_names();
        if names.is_empty() {
            return self.error(id, format!("a {} has no fields", kind.shown()));
        }
        self.error(id, format!("a {}: {}", kind.shown(), unknown("field", name, &names)))
    }

    fn flag(&mut self, id: Id) -> Result<Id, ConditionError> {
        let (value, kind) = self.term(id)?;
        match kind {
            Type::Flag => Ok(value),
            other => self.error(id, format!("yes or no is needed here, and this is a {}", other.shown())),
        }
    }

    fn of_type(&mut self, id: Id, wanted: &Type) -> Result<Id, ConditionError> {
        let (value, kind) = self.term(id)?;
        if wanted.fits(&kind) {
            return Ok(value);
        }
        self.error(id, format!("a {} is needed here, and this is a {}", wanted.shown(), kind.shown()))
    }

    fn comparable(&self, id: Id, one: &Type, two: &Type) -> Result<(), ConditionError> {
        if one.fits(two) {
            return Ok(());
        }
        let hint = match (one, two) {
            (Type::Element(_) | Type::Node | Type::Any, Type::Text(_)) => "; an element's slug is its `.id`",
            (Type::List(_), _) => "; ask the list with exists(...)",
            _ => "",
        };
        self.error(id, format!("a {} and a {} can not be compared{hint}", one.shown(), two.shown()))
    }

    fn compare(&mut self, id: Id, comparison: Comparison, left: Id, right: Id) -> Checked {
        let (one, kind) = self.term(left)?;
        let (two, other) = self.term(right)?;
        self.comparable(id, &kind, &other)?;
        let is_ordered = matches!(kind, Type::Number | Type::Day);
        let orders = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if orders && !is_ordered {
            return self
                .error(id, format!("a {} has no order: use == or !=; of a class compare the rank(...)", kind.shown()));
        }
        self.literals_are_names(&kind, right)?;
        self.literals_are_names(&other, left)?;
        self.add(id, Op::Compare(comparison, one, two), Type::Flag)
    }

    /// Where the names of a choice are known, a text that is none of them is a mistake.
    fn literals_are_names(&self, kind: &Type, id: Id) -> Result<(), ConditionError> {
        let Type::Text(Some(choices)) = kind else { return Ok(()) };
        match &self.tree.terms[id].kind {
            TermKind::Text(text) if !choices.iter().any(|choice| choice.name == text) => {
                let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                self.error(id, unknown("value", text, &names))
            }
            TermKind::List(items) => items.iter().try_for_each(|item| self.literals_are_names(kind, *item)),
            _ => Ok(()),
        }
    }

    fn method(&mut self, id: Id, receiver: Id, name: &str, arguments: &[Id]) -> Checked {
        if let Some((_, kind)) = QUANTIFIERS.iter().find(|(known, _)| *known == name) {
            return self.quantifier(id, *kind, receiver, arguments);
        }
        if name == "size" {
            self.count(id, name, arguments, 0)?;
            return self.size(id, receiver);
        }
        if let Some((_, test)) = TEXT_TESTS.iter().find(|(known, _)| *known == name) {
            self.count(id, name, arguments, 1)?;
            let text = self.of_type(receiver, &Type::Text(None))?;
            let other = self.of_type(arguments[0], &Type::Text(None))?;
            return self.add(id, Op::TextTest(*test, text, other), Type::Flag);
        }
        if name == "matches" {
            self.count(id, name, arguments, 1)?;
            let text = self.of_type(receiver, &Type::Text(None))?;
            let TermKind::Text(pattern) = &self.tree.terms[arguments[0]].kind else {
                return self.error(arguments[0], "the pattern of matches is written out as a text");
            };
            let pattern = Regex::new(pattern).or_else(|error| {
                self.error(arguments[0], format!("this is no pattern: {}", one_line(&error.to_string(), 200)))
            })?;
            return self.add(id, Op::Matches(text, pattern), Type::Flag);
        }
        let known: Vec<&str> = QUANTIFIERS
            .iter()
            .map(|(name, _)| *name)
            .chain(TEXT_TESTS.iter().map(|(name, _)| *name))
            .chain(["size", "matches"])
            .collect();
        self.error(id, unknown("method", name, &known))
    }

    fn quantifier(&mut self, id: Id, kind: Quantifier, receiver: Id, arguments: &[Id]) -> Checked {
        let (list, of) = self.term(receiver)?;
        let Type::List(inner) = of else {
            return self.error(receiver, format!("a list is needed here, and this is a {}", of.shown()));
        };
        let [variable, body] = arguments else {
            return self.error(id, "write a name and a condition: list.exists(x, x.class == ...)");
        };
        let TermKind::Name(variable_name) = &self.tree.terms[*variable].kind else {
            return self.error(*variable, "a name is needed here, for the items of the list");
        };
        if self.names.iter().any(|(known, _)| known == variable_name) || variable_name == "today" {
            return self.error(*variable, format!("`{variable_name}` has a meaning already: choose another name"));
        }
        self.names.push((variable_name.clone(), *inner.clone()));
        let result = self.term(*body);
        self.names.pop();
        let (body_id, body_type) = result?;
        if kind != Quantifier::Map && !matches!(body_type, Type::Flag) {
            return self.error(*body, format!("yes or no is needed here, and this is a {}", body_type.shown()));
        }
        let result = match kind {
            Quantifier::Exists | Quantifier::All | Quantifier::ExistsOne => Type::Flag,
            Quantifier::Filter => Type::List(inner),
            Quantifier::Map => Type::List(Box::new(body_type)),
        };
        self.add(id, Op::Quantifier { kind, list, body: body_id }, result)
    }

    fn count(&self, id: Id, name: &str, arguments: &[Id], wanted: usize) -> Result<(), ConditionError> {
        if arguments.len() == wanted {
            return Ok(());
        }
        let wanted = crate::model::text::counted(wanted, "argument");
        self.error(id, format!("{name} takes {wanted}, and has {}", arguments.len()))
    }

    fn size(&mut self, id: Id, of: Id) -> Checked {
        let (value, kind) = self.term(of)?;
        if !matches!(kind, Type::List(_) | Type::Text(_)) {
            return self.error(of, format!("size is that of a list or a text, and this is a {}", kind.shown()));
        }
        self.add(id, Op::Size(value), Type::Number)
    }

    fn function(&mut self, id: Id, name: &str, arguments: &[Id]) -> Checked {
        match name {
            "size" => {
                self.count(id, name, arguments, 1)?;
                return self.size(id, arguments[0]);
            }
            "has" | "known" => {
                self.count(id, name, arguments, 1)?;
                if !matches!(self.tree.terms[arguments[0]].kind, TermKind::Field(..)) {
                    return self.error(arguments[0], format!("{name} asks for a field: {name}(endpoint.owner)"));
                }
                let (value, _) = self.term(arguments[0])?;
                let op = if name == "has" { Op::Has(value) } else { Op::Known(value) };
                return self.add(id, op, Type::Flag);
            }
            _ => {}
        }
        let Some(spec) = FUNCTIONS.iter().find(|spec| spec.name == name) else {
            let known: Vec<&str> = FUNCTIONS.iter().map(|spec| spec.name).chain(["size", "has", "known"]).collect();
            return self.error(id, unknown("function", name, &known));
        };
        let mut checked = Vec::new();
        for argument in arguments {
            checked.push(self.term(*argument)?);
        }
        let result = signature(spec.function, &checked.iter().map(|(_, kind)| kind).collect::<Vec<_>>());
        let Some(result) = result else {
            let given: Vec<String> = checked.iter().map(|(_, kind)| kind.shown()).collect();
            return self.error(id, format!("it is {}, and this gives it ({})", spec.signature, given.join(", ")));
        };
        self.footprint.call(spec.function, &result);
        if let (Function::Rank, [(class, _)]) = (spec.function, checked.as_slice())
            && let Op::Text(class) = &self.steps[*class].op
        {
            let class = class.clone();
            return self.add(id, Op::RankOf(class), result);
        }
        self.add(id, Op::Call(spec.function, checked.into_iter().map(|(id, _)| id).collect()), result)
    }
}

/// The type of what a function gives for arguments of these types, if it takes them.
fn signature(function: Function, arguments: &[&Type]) -> Option<Type> {
    let list = |section| Some(Type::List(Box::new(Type::Element(section))));
    match (function, arguments) {
        (Function::Rank, [Type::Text(_) | Type::Element(Section::Classes)]) => Some(Type::Number),
        (Function::MaxClass, [Type::Element(Section::Datasets)]) => Some(Type::Number),
        (
            Function::Exposures,
            [
                Type::Element(
                    Section::Datasets
                    | Section::Endpoints
                    | Section::Roles
                    | Section::Services
                    | Section::Platforms
                    | Section::Controls,
                ),
            ],
        )
        | (Function::Linked, [Type::Exposure]) => Some(Type::List(Box::new(Type::Exposure))),
        (Function::Guards, [Type::Exposure]) => list(Section::Controls),
        (
            Function::Platforms,
            [Type::Element(Section::Services | Section::Endpoints | Section::Datasets | Section::Roles)],
        ) => list(Section::Platforms),
        (Function::Endpoints, [Type::Element(Section::Services | Section::Platforms)]) => list(Section::Endpoints),
        (Function::Services, [Type::Element(Section::Platforms)]) => list(Section::Services),
        (Function::Enters, [Type::Element(Section::Flows)]) => list(Section::Boundaries),
        (Function::Passes | Function::Avoids, [Type::Element(Section::Endpoints), Type::Text(_)]) => Some(Type::Flag),
        (Function::SinglePoints, [Type::Element(Section::Datasets | Section::Endpoints)]) => {
            Some(Type::List(Box::new(Type::Node)))
        }
        (Function::Walls, [Type::Element(Section::Flows)]) => list(Section::Boundaries),
        (Function::Around, [kind]) if kind.is_element() => list(Section::Boundaries),
        (Function::FlowsFrom | Function::FlowsTo, [kind]) if kind.is_element() => list(Section::Flows),
        (Function::Reaches, [Type::Element(Section::Roles), Type::Text(_)]) => Some(Type::Flag),
        (Function::Controls, [kind]) if kind.is_element() => list(Section::Controls),
        _ => None,
    }
}

/// "There is no such thing", with what was probably meant, or with all that there is where that is little.
fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let shown = one_line(name, 40);
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("there is no {what} `{shown}`; did you mean `{meant}`?"),
        None if known.len() <= 12 => format!("there is no {what} `{shown}`: there is {}", known.join(", ")),
        None => format!("there is no {what} `{shown}`; docs/RULES.md lists them"),
    }
}
