//! What is kept of the rules while a model is edited is, bit for bit, what asking everything anew gives.

use proptest::prelude::*;
use sandtable::analysis::access::{Access, effective, effective_after};
use sandtable::analysis::docket::{Before, Docket, Followed};
use sandtable::analysis::questions::questions;
use sandtable::analysis::threats::{Outcome, Place, RuleSet, Verdict};
use sandtable::library::rule;
use sandtable::model::edit::{Edit, History, Put, free_slug, remove};
use sandtable::model::facts::Day;
use sandtable::model::reference::{AnyLink, Target};
use sandtable::model::reflect::{Kind, to_ron};
use sandtable::model::threats::{Control, ControlStatus, Decision, Evidence, EvidenceKind, FailMode, Verdict as Word};
use sandtable::model::{Element, ElementId, Model, Section, Slug, Text};
use sandtable::store::ron::load;
use std::sync::{Arc, LazyLock};

const CLINIC: &str = include_str!("../../models/clinic.ron");
const FREIGHT: &str = include_str!("../../models/freight.ron");

static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    // Every function of the graph is asked, those that no shipped rule uses as well.
    let own = r#"#![enable(implicit_some)]
    [
        Rule(id: "T-1", title: "t", about: Endpoint, references: ["CWE-1"], because: "b",
            applies: "flows_from(endpoint).exists(f, !f.encrypted) || size(flows_to(endpoint)) > 1",
            likelihood: 1, impact: Fixed(1), answer: "a",
            fires: (actors: {"a": ()}, endpoints: {"e": ()}, flows: {"f": (from: "e", to: "a", encrypted: false)}),
            silent: (endpoints: {"e": ()})),
        Rule(id: "T-2", title: "t", about: Role, references: ["CWE-1"], because: "b",
            applies: "reaches(role, 'confidential') && size(platforms(role)) > 0",
            likelihood: 2, impact: Fixed(2), answer: "a",
            fires: (roles: {"r": ()}, platforms: {"p": ()}, endpoints: {"e": (platform: "p")}, datasets: {"d": (class: "restricted")},
                grants: {"g": (role: "r", endpoint: "e", dataset: "d", op: Read, fields: All, rows: All)}),
            silent: (roles: {"r": ()})),
        Rule(id: "T-3", title: "t", about: Platform, references: ["CWE-1"], because: "b",
            applies: "services(platform).exists(s, size(endpoints(s)) > 0 && size(exposures(s)) > 0)",
            likelihood: 3, impact: Fixed(3), answer: "a",
            fires: (platforms: {"p": ()}, services: {"s": (platform: "p")}, roles: {"r": ()}, endpoints: {"e": (service: "s")},
                datasets: {"d": ()}, grants: {"g": (role: "r", endpoint: "e", dataset: "d", op: Read)}),
            silent: (platforms: {"p": ()})),
        Rule(id: "T-4", title: "t", about: Flow, references: ["CWE-1"], because: "b",
            applies: "size(enters(flow)) > 0 && flow.from.boundary != flow.to.boundary && flow.title != ''",
            likelihood: 3, impact: Fixed(3), answer: "a",
            fires: (boundaries: {"i": (), "o": ()}, actors: {"a": (boundary: "o")}, endpoints: {"e": (boundary: "i")}, flows: {"f": (title: "t", from: "a", to: "e")}),
            silent: (actors: {"a": ()}, endpoints: {"e": ()}, flows: {"f": (title: "t", from: "a", to: "e")})),
        Rule(id: "T-5", title: "t", about: Endpoint, references: ["CWE-1"], because: "b",
            applies: "controls(endpoint).exists(c, c.fail_mode == 'Open' || c.status == 'Planned')",
            likelihood: 3, impact: Fixed(3), answer: "a",
            fires: (endpoints: {"e": ()}, controls: {"c": (guards: ["e"], fail_mode: Open)}),
            silent: (endpoints: {"e": ()})),
        Rule(id: "T-8", title: "t", about: Exposure, references: ["CWE-1"], because: "b",
            applies: "linked(exposure).exists(e, e.reachable)",
            likelihood: 3, impact: Fixed(3), answer: "a",
            fires: (datasets: {"d": ()}), silent: (datasets: {"d": ()})),
        // What one function finds of controls and exposures the other finds, too: these two never fire.
        Rule(id: "T-6", title: "t", about: Control, references: ["CWE-1"], because: "b",
            applies: "control.status == 'Implemented' && size(control.evidence) == 0 && exposures(control).exists(e, !guards(e).exists(c, c == control))",
            likelihood: 3, impact: Fixed(3), answer: "a",
            fires: (controls: {"c": ()}), silent: (controls: {"c": ()})),
        Rule(id: "T-7", title: "t", about: Dataset, references: ["CWE-1"], because: "b",
            applies: "exposures(dataset).exists(e, guards(e).exists(c, !exposures(c).exists(x, x.role == e.role && x.endpoint == e.endpoint && x.dataset == dataset && x.op == e.op)))",
            likelihood: 3, impact: Fixed(3), answer: "a",
            fires: (datasets: {"d": ()}), silent: (datasets: {"d": ()})),
    ]"#;
    let mut rules = rule::shipped().unwrap();
    rules.extend(rule::read("own.ron", own).unwrap());
    RuleSet::new(rules).unwrap()
});

fn today() -> Option<Day> {
    "2026-11-26".parse().ok()
}

/// A value for a field, from numbers that say which.
fn value(model: &Model, kind: &Kind, choice: usize) -> Option<String> {
    Some(match kind {
        Kind::Optional(_) if choice.is_multiple_of(5) => return None,
        Kind::Optional(inner) => return value(model, inner, choice / 5),
        Kind::Flag => choice.is_multiple_of(2).to_string(),
        Kind::Number => [0, 1, 3, 5, 40, 100, 5_000][choice % 7].to_string(),
        Kind::Day => to_ron(&["2020-01-01", "2026-11-20", "2031-05-05"][choice % 3]),
        Kind::Text => to_ron(&["", "admin", "tenant_id", "/admin/x", "unknown"][choice % 5]),
        Kind::Choice(choices) => choices[choice % choices.len()].name.to_owned(),
        Kind::Link(target) => {
            let sections = Section::of_target(*target);
            let section = sections[choice % sections.len()];
            let slugs: Vec<&Slug> = model.slugs(section).collect();
            let slug = slugs.get(choice / 7 % slugs.len().max(1))?;
            let is_any = matches!(target, sandtable::model::Target::Any | sandtable::model::Target::Drawn);
            to_ron(&if is_any { ElementId::new(section, (*slug).clone()).any_link() } else { slug.to_string() })
        }
        Kind::List(inner) => format!("[{}]", value(model, inner, choice)?),
        _ => return None,
    })
}

/// What an edit is made of: which kind, which section, which element, which field, which value.
pub(crate) type Step = (u8, usize, usize, usize, usize);

/// An edit; nothing where these numbers make none.
pub(crate) fn edit(model: &Model, (what, section, at, field, choice): Step) -> Option<Edit> {
    // What is tried most is what is asked the most.
    const SECTIONS: [Section; 17] = [
        Section::Datasets,
        Section::Endpoints,
        Section::Grants,
        Section::Flows,
        Section::Services,
        Section::Boundaries,
        Section::Roles,
        Section::Platforms,
        Section::Endpoints,
        Section::Grants,
        Section::Datasets,
        Section::Flows,
        Section::Actors,
        Section::People,
        Section::Parties,
        Section::Controls,
        Section::Decisions,
    ];
    let section = SECTIONS[section % SECTIONS.len()];
    let slugs: Vec<&Slug> = model.slugs(section).collect();
    let slug = slugs.get(at % slugs.len().max(1))?;
    let id = ElementId::new(section, (*slug).clone());
    let spec = &section.specs()[field % section.specs().len()];
    match what % 8 {
        // Taken out: with all that refers to it, or with references that lead nowhere.
        0 => Some(remove(model, std::slice::from_ref(&id)).edit),
        1 => Some(Edit::new("take out", vec![Put { id, element: None }])),
        // Another like it, which differs in one field.
        2 => {
            let mut element = model.element(&id)?;
            let new = ElementId::new(section, free_slug(model, section, slug.as_str()));
            let _ = element.reflect_mut().set(spec.name, value(model, &spec.kind, choice).as_deref());
            Some(Edit::put("add", new, element))
        }
        // A field: as in another element, or made up.
        3 | 4 => {
            let donor = ElementId::new(section, (*slugs.get(choice % slugs.len())?).clone());
            let ron = model.reflect(&donor)?.get(spec.name);
            let mut element = model.element(&id)?;
            element.reflect_mut().set(spec.name, ron.as_deref()).ok()?;
            Some(Edit::put("take over", id, element))
        }
        _ => {
            let mut element = model.element(&id)?;
            element.reflect_mut().set(spec.name, value(model, &spec.kind, choice).as_deref()).ok()?;
            Some(Edit::put("set", id, element))
        }
    }
}

/// The elements of an edit as they are now.
pub(crate) fn note(before: &mut Before, model: &Model, edit: &Edit) {
    for put in &edit.puts {
        before.entry(put.id.clone()).or_insert_with(|| model.element(&put.id));
    }
}

fn all(docket: &Docket) -> Vec<Verdict> {
    docket.verdicts().map(|verdict| (**verdict).clone()).collect()
}

/// Makes edits one after the other, takes some back and makes them again, and compares after each few.
fn follow(text: &str, script: &[(Step, u8)]) -> Result<(), TestCaseError> {
    let mut model = load(text).unwrap().model;
    let mut history = History::default();
    let mut access = Arc::new(effective(&model));
    // In how many parts the first answers were found is no matter.
    let mut docket = Docket::new_in(1 + script.len() % 3, &RULES, &model, access.clone(), today()).unwrap();
    let mut before = Before::new();
    for (step, then) in script {
        let back = match then % 4 {
            0 => history.last().cloned(),
            1 => history.next().cloned(),
            _ => None,
        };
        match (then % 4, back) {
            (0, Some(edit)) => {
                note(&mut before, &model, &edit);
                history.undo(&mut model);
            }
            (1, Some(edit)) => {
                note(&mut before, &model, &edit);
                history.redo(&mut model);
            }
            _ => {
                let Some(edit) = edit(&model, *step) else { continue };
                note(&mut before, &model, &edit);
                history.make(&mut model, edit);
            }
        }
        if then % 3 == 0 {
            continue;
        }
        access = effective_after(&model, &access, &before);
        prop_assert_eq!(&*access, &effective(&model));
        let then = all(&docket);
        let followed = docket.follow(&RULES, &model, access.clone(), today(), &std::mem::take(&mut before));
        let anew = RULES.judge(&model, &access, today(), false);
        match (followed, anew) {
            (Ok(followed), Ok(anew)) => {
                let now = all(&docket);
                prop_assert_eq!(&now, &anew);
                prop_assert_eq!(questions(&model, &RULES, &now), questions(&model, &RULES, &anew));
                // What is said to have changed leads from what was said to what is.
                if let Followed::Changed(changes) = followed {
                    let mut moved = then;
                    for change in &changes {
                        moved.retain(|verdict| change.before.as_deref() != Some(verdict));
                    }
                    moved.extend(changes.iter().filter_map(|change| change.after.as_deref().cloned()));
                    moved.sort_by(|one, other| (one.rule, &one.place).cmp(&(other.rule, &other.place)));
                    prop_assert_eq!(moved, now);
                }
            }
            (Err(followed), Err(anew)) => {
                prop_assert_eq!(followed, anew);
                return Ok(());
            }
            (followed, anew) => prop_assert!(false, "{followed:?} and {anew:?}"),
        }
    }
    Ok(())
}

fn script(most: usize) -> impl Strategy<Value = Vec<(Step, u8)>> {
    let step = (any::<u8>(), 0..1_000_usize, 0..1_000_usize, 0..1_000_usize, 0..10_000_usize);
    prop::collection::vec((step, any::<u8>()), 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_is_found_anew(script in script(40)) {
        follow(CLINIC, &script)?;
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_of_an_imported_model_is_what_is_found_anew(script in script(6)) {
        follow(FREIGHT, &script)?;
    }
}

/// A decision on what a rule says, of one kind or another; some of them do not hold.
fn decision(model: &Model, access: &Access, verdict: &Verdict, choice: usize) -> Decision {
    let (element, role) = match &*verdict.place {
        Place::Element(id) => (id.any_link(), None),
        Place::Exposure { role, grant, .. } => {
            let own = model.grants[grant].role.slug() == role;
            (format!("grants:{grant}"), (!own).then(|| role.clone().into()))
        }
    };
    let words = [Word::Accept, Word::Transfer, Word::NotApplicable, Word::Mitigate];
    let controls = model.controls.keys().nth(choice % 5).filter(|_| choice.is_multiple_of(2));
    Decision {
        rule: Text::new(&RULES.rule(verdict.rule).id),
        element: AnyLink(Text::new(&element)),
        role,
        verdict: words.get(choice % 6).copied(),
        controls: controls.into_iter().cloned().map(Into::into).collect(),
        until: [None, "2020-01-01".parse().ok(), "2031-05-05".parse().ok()][choice / 6 % 3],
        facts: match choice / 18 % 3 {
            0 => None,
            1 => Some(Text::new("0123456789abcdef")),
            _ => RULES.facts(model, access, today(), verdict).map(|facts| Text::new(&facts)),
        },
        ..Decision::default()
    }
}

/// Decides, decides otherwise and takes back, beside other edits: only what was decided is asked again, and nothing is missed.
fn decide(text: &str, script: &[(Step, bool)]) -> Result<(), TestCaseError> {
    let mut model = load(text).unwrap().model;
    let mut access = Arc::new(effective(&model));
    let mut docket = Docket::new(&RULES, &model, access.clone(), today()).unwrap();
    for (step, alone) in script {
        let (what, section, at, other, choice) = *step;
        let (mut before, mut edits) = (Before::new(), Vec::new());
        let said = all(&docket);
        let slugs: Vec<Slug> = model.decisions.keys().cloned().collect();
        let id = |slug: Slug| ElementId::new(Section::Decisions, slug);
        let old = slugs.get(other % slugs.len().max(1)).cloned().map(id);
        let (id, element) = match (what % 4, old) {
            (0, Some(old)) => (old, None),
            (kind, old) => {
                let decision = decision(&model, &access, &said[at % said.len()], choice);
                let new = || id(free_slug(&model, Section::Decisions, "new"));
                let id = old.filter(|_| kind == 1).unwrap_or_else(new);
                (id, Some(Element::Decision(Box::new(decision))))
            }
        };
        let decided = id.clone();
        edits.push(Edit::new("decide", vec![Put { id, element }]));
        let beside = edit(&model, (what / 4, section, at, other, choice)).filter(|_| !alone);
        edits.extend(beside.filter(|edit| !edit.puts.iter().any(|put| put.id.section == Section::Decisions)));
        for edit in edits {
            note(&mut before, &model, &edit);
            edit.apply(&mut model);
        }
        access = effective_after(&model, &access, &before);
        let Ok(followed) = docket.follow(&RULES, &model, access.clone(), today(), &before) else { return Ok(()) };
        let now = all(&docket);
        prop_assert_eq!(&now, &RULES.judge(&model, &access, today(), false).unwrap());
        if *alone {
            let Followed::Changed(changes) = followed else { return Err(TestCaseError::fail("all was asked anew")) };
            let now = model.element(&decided);
            let of = |element: Option<&Element>| match element {
                Some(Element::Decision(decision)) => Some((decision.rule.to_string(), decision.element.0.to_string())),
                _ => None,
            };
            let named = [of(before[&decided].as_ref()), of(now.as_ref())];
            for verdict in changes.iter().flat_map(|change| [&change.before, &change.after]).flatten() {
                let name = verdict.place.name(&model);
                // Some rules are about decisions.
                if name == decided.any_link() {
                    continue;
                }
                let name = name.split('+').next().unwrap().to_owned();
                prop_assert!(named.contains(&Some((RULES.rule(verdict.rule).id.clone(), name))), "{verdict:?}");
            }
        }
    }
    Ok(())
}

fn decisions(most: usize) -> impl Strategy<Value = Vec<(Step, bool)>> {
    let step = (any::<u8>(), 0..1_000_usize, 0..10_000_usize, 0..1_000_usize, 0..10_000_usize);
    prop::collection::vec((step, any::<bool>()), 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn decisions_are_followed_where_they_are_made(script in decisions(20)) {
        decide(CLINIC, &script)?;
    }
}

/// A control that guards something that a rule speaks of, and answers this and another one, there or at all that it guards.
fn control(model: &Model, verdicts: [&Verdict; 2], choice: usize) -> Control {
    let link = |id: ElementId| AnyLink(Text::new(&id.any_link()));
    let nth = |section: Section| {
        let slug = model.slugs(section).nth(choice % model.count(section).max(1))?;
        Some(ElementId::new(section, slug.clone()))
    };
    let touched = verdicts[0].place.elements().into_iter().nth(choice % 3);
    let around = [Section::Boundaries, Section::Platforms, Section::Services, Section::Roles][choice % 4];
    let guards = touched.into_iter().chain(nth(around).filter(|_| choice.is_multiple_of(5))).map(link);
    let answers = verdicts.iter().enumerate().map(|(at, verdict)| {
        let (rule, place) = (&RULES.rule(verdict.rule).id, verdict.place.name(model));
        Text::new(&if (choice + at).is_multiple_of(3) { format!("{rule}@{place}") } else { rule.clone() })
    });
    let evidence = Evidence {
        kind: Some(EvidenceKind::Review),
        at: Text::new("docs/review.md"),
        checked_on: "2026-11-01".parse().ok(),
        valid_until: ["2026-11-20", "2031-05-05"][choice / 4 % 2].parse().ok(),
        ..Evidence::default()
    };
    let statuses =
        [ControlStatus::Implemented, ControlStatus::Verified, ControlStatus::Implemented, ControlStatus::Planned];
    Control {
        status: statuses.get(choice / 8 % 5).copied(),
        guards: guards.collect(),
        answers: answers.collect(),
        fail_mode: Some(FailMode::Open).filter(|_| choice.is_multiple_of(2)),
        dependency_group: Some(Text::new("gateway")).filter(|_| choice.is_multiple_of(3)),
        evidence: Some(evidence).filter(|_| (choice / 64).is_multiple_of(3)).into_iter().collect(),
        ..Control::default()
    }
}

/// Adds controls, changes them and takes them out, beside other edits: nothing is missed, and nothing is asked everywhere.
fn guard(text: &str, script: &[(Step, bool)]) -> Result<(), TestCaseError> {
    let mut model = load(text).unwrap().model;
    let mut access = Arc::new(effective(&model));
    let mut docket = Docket::new(&RULES, &model, access.clone(), today()).unwrap();
    for (step, alone) in script {
        let (what, section, at, other, choice) = *step;
        let (mut before, mut edits) = (Before::new(), Vec::new());
        let said = all(&docket);
        let said_of = |at: usize| &said[at % said.len()];
        let slugs: Vec<Slug> = model.controls.keys().cloned().collect();
        let id = |slug: Slug| ElementId::new(Section::Controls, slug);
        let old = slugs.get(other % slugs.len().max(1)).cloned().map(id);
        let new = || id(free_slug(&model, Section::Controls, "new"));
        let puts = match (what % 4, old) {
            (0, Some(old)) => vec![Put { id: old, element: None }],
            // What it guards goes and comes, and the control stays.
            (1, Some(old)) => {
                let guarded = model.controls[&old.slug]
                    .guards
                    .iter()
                    .find_map(|link| model.resolve(Target::Any, link.0.as_str()));
                guarded.into_iter().map(|id| Put { id, element: None }).collect()
            }
            (kind, old) => {
                let control = control(&model, [said_of(at), said_of(choice)], choice);
                let element = Some(Element::Control(Box::new(control)));
                vec![Put { id: old.filter(|_| kind == 2).unwrap_or_else(new), element }]
            }
        };
        edits.push(Edit::new("guard", puts));
        // Some decisions count on controls.
        if what.is_multiple_of(3) {
            let decision = decision(&model, &access, said_of(at / 2), choice / 6 * 6 + 3);
            let decision = Decision { controls: slugs.iter().take(1).cloned().map(Into::into).collect(), ..decision };
            let id = ElementId::new(Section::Decisions, free_slug(&model, Section::Decisions, "new"));
            edits.push(Edit::put("decide", id, Element::Decision(Box::new(decision))));
        }
        edits.extend(edit(&model, (what / 4, section, at, other, choice)).filter(|_| !alone));
        let mut back = Vec::new();
        for edit in edits {
            note(&mut before, &model, &edit);
            back.push(edit.apply(&mut model));
        }
        for undone in [false, what % 8 == 1] {
            if undone {
                before.clear();
                for edit in back.drain(..).rev() {
                    note(&mut before, &model, &edit);
                    edit.apply(&mut model);
                }
            }
            access = effective_after(&model, &access, &before);
            let Ok(followed) = docket.follow(&RULES, &model, access.clone(), today(), &before) else { return Ok(()) };
            prop_assert!(matches!(followed, Followed::Changed(_)), "all was asked anew");
            let now = all(&docket);
            prop_assert_eq!(&now, &RULES.judge(&model, &access, today(), false).unwrap());
            let never = |verdict: &&Verdict| matches!(RULES.rule(verdict.rule).id.as_str(), "T-6" | "T-7");
            for verdict in now.iter().filter(never) {
                prop_assert!(verdict.outcome != Outcome::Fires, "{verdict:?}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn controls_are_followed_where_they_guard(script in decisions(20)) {
        guard(CLINIC, &script)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn controls_of_an_imported_model_are_followed_where_they_guard(script in decisions(6)) {
        guard(FREIGHT, &script)?;
    }
}

/// Adds relations and takes them out, and datasets with them, where all grants are ways in of their own or only one is.
fn relate(is_open: bool, script: &[(usize, usize, usize)]) -> Result<(), TestCaseError> {
    let names = ["a", "b", "c"];
    let part = |part: &dyn Fn(&str) -> String| names.map(part).concat();
    let text = format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"t\", roles: {{\"r\": ()}}, endpoints: {{\"e\": ()}}, datasets: {{{}}}, grants: {{{}}})",
        part(&|name| format!("\"{name}\": (fields: {{\"id\": (), \"to\": ()}}),")),
        part(&|name| format!(
            "\"g-{name}\": (role: \"r\", endpoint: \"e\", dataset: \"{name}\", op: Read, fields: All, rows: All, root: {}),",
            is_open || name == "a"
        )),
    );
    let mut model = load(&text).unwrap().model;
    let mut access = Arc::new(effective(&model));
    let mut docket = Docket::new(&RULES, &model, access.clone(), today()).unwrap();
    for (from, to, what) in script {
        let id = |at: usize| ElementId::new(Section::Datasets, Slug::new(names[at % 3]).unwrap());
        let relation = format!("{{\"to\": (to: \"{}\", on: [\"to = id\"])}}", id(*to).slug);
        let edit = match what % 4 {
            0 => Edit::new("take out", vec![Put { id: id(*from), element: None }]),
            1 => Edit::put("empty", id(*from), Section::Datasets.blank()),
            _ => {
                let mut element = model.element(&id(*from)).unwrap_or(Section::Datasets.blank());
                element.reflect_mut().set("relations", Some(&relation)).unwrap();
                Edit::put("relate", id(*from), element)
            }
        };
        let mut before = Before::new();
        note(&mut before, &model, &edit);
        edit.apply(&mut model);
        access = effective_after(&model, &access, &before);
        prop_assert_eq!(&*access, &effective(&model));
        let followed = docket.follow(&RULES, &model, access.clone(), today(), &before).unwrap();
        prop_assert!(matches!(followed, Followed::Changed(_)), "all was asked anew");
        prop_assert_eq!(&all(&docket), &RULES.judge(&model, &access, today(), false).unwrap());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn relations_are_followed(is_open: bool, script in prop::collection::vec((0..3_usize, 0..3_usize, 0..8_usize), 1..12)) {
        relate(is_open, &script)?;
    }
}
