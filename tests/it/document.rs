//! The model file: comments and untouched bytes outlive edits, formatting is idempotent, every mistake has its place.

use proptest::prelude::*;
use sandtable::model::edit::{self, Edit, History};
use sandtable::model::reference::DrawnLink;
use sandtable::model::reflect::to_ron;
use sandtable::model::{Element, ElementId, Model, Section, Slug, Text};
use sandtable::store::ron::syntax::{comments, parse};
use sandtable::store::ron::{canonical, format, load, weave};

const COMMENTED: &str = include_str!("fixtures/commented.ron");

fn model_of(text: &str) -> Model {
    load(text).unwrap_or_else(|error| panic!("{error}\n{text}")).model
}

fn comment_texts(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        comments(text, 0..text.len()).into_iter().map(|comment| text[comment.span].trim_end().to_owned()).collect();
    found.sort();
    found
}

/// The bytes of an element with its own comments, by its name.
fn element_text(text: &str, id: &ElementId) -> Option<String> {
    let tree = parse(text).unwrap();
    let item = tree.root.item(id.section.name())?.value.item(id.slug.as_str())?.clone();
    Some(text[item.start()..item.value.span.end].to_owned())
}

/// The comments in, above and behind an element.
fn element_comments(text: &str, id: &ElementId) -> Vec<String> {
    let tree = parse(text).unwrap();
    let Some(item) = tree.root.item(id.section.name()).and_then(|item| item.value.item(id.slug.as_str()).cloned())
    else {
        return Vec::new();
    };
    let mut found: Vec<String> =
        comments(text, item.lead..item.tail).into_iter().map(|c| text[c.span].trim_end().to_owned()).collect();
    found.sort();
    found
}

/// A random edit that a person could make, chosen by numbers.
fn edit_by(model: &Model, kind: u8, pick: usize, word: &str) -> Option<Edit> {
    let ids: Vec<ElementId> = model.ids().collect();
    let id = ids.get(pick % ids.len().max(1))?.clone();
    let specs = id.section.specs();
    let spec = &specs[pick / 7 % specs.len()];
    Some(match kind % 6 {
        0 => edit::set_field(model, &id, "title", Some(&to_ron(&Text::new(word)))).ok()?,
        1 => edit::set_field(model, &id, spec.name, None).ok()?,
        2 => edit::add(model, Section::ALL[pick % Section::ALL.len()], word).0,
        3 => edit::remove(model, &[id]).edit,
        4 => edit::copy(model, &[id]).0,
        _ => edit::set_field(model, &id, "tags", Some(&to_ron(&vec![word, "b"]))).ok()?,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Untouched elements keep their bytes; every comment of an element that is still there is still at it; what is
    /// read back is what was edited.
    #[test]
    fn edits_keep_comments_and_untouched_bytes(steps in prop::collection::vec((0u8..6, 0usize..500, "[a-zA-Z \"\\\\é]{0,12}"), 1..6)) {
        let before = model_of(COMMENTED);
        let mut after = before.clone();
        for (kind, pick, word) in &steps {
            if let Some(edit) = edit_by(&after, *kind, *pick, word) {
                edit.apply(&mut after);
            }
        }
        let text = weave(COMMENTED, &before, &after).unwrap();
        let read = load(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        prop_assert_eq!(&read.model, &after, "{}", text);
        for id in before.ids() {
            if before.element(&id) == after.element(&id) {
                prop_assert_eq!(element_text(COMMENTED, &id), element_text(&text, &id), "{}\n{}", id, text);
            }
            if after.element(&id).is_some() {
                let now = element_comments(&text, &id);
                for comment in element_comments(COMMENTED, &id) {
                    prop_assert!(now.contains(&comment), "{id} lost {comment}\n{text}");
                }
            }
        }
        // Comments that belong to no element.
        for comment in ["// The header of the file.", "/* A block comment before the model. */", "// the version",
            "// Above the title.", "// Dangling in classes.", "// The end of the file.", "// an unknown section is kept",
            "// Classes are a ladder."] {
            prop_assert!(text.contains(comment), "{comment}\n{text}");
        }
    }

    /// A file in its canonical form is in it after any edit that keeps what is there.
    #[test]
    fn edits_of_a_canonical_file_keep_it_canonical(steps in prop::collection::vec((0usize..500, "[a-z]{1,8}"), 1..5)) {
        for text in [format(COMMENTED).unwrap(), "#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"x\",\n)\n".to_owned()] {
            let before = model_of(&text);
            let mut after = before.clone();
            for (pick, word) in &steps {
                let kind = [0, 2, 4, 5][pick % 4];
                if let Some(edit) = edit_by(&after, kind, *pick, word).or_else(|| edit_by(&after, 2, *pick, word)) {
                    edit.apply(&mut after);
                } else {
                    edit::add(&after, Section::ALL[pick % Section::ALL.len()], word).0.apply(&mut after);
                }
            }
            let woven = weave(&text, &before, &after).unwrap();
            prop_assert_eq!(&woven, &format(&woven).unwrap());
        }
    }

    /// Every edit undone is nothing, and redone is the same.
    #[test]
    fn undo_is_the_inverse(steps in prop::collection::vec((0u8..6, 0usize..500, "[a-z]{1,8}"), 1..8)) {
        let start = model_of(COMMENTED);
        let mut model = start.clone();
        let mut history = History::default();
        for (kind, pick, word) in &steps {
            if let Some(edit) = edit_by(&model, *kind, *pick, word) {
                history.make(&mut model, edit);
            }
        }
        let end = model.clone();
        while history.undo(&mut model).is_some() {}
        prop_assert_eq!(&model, &start);
        while history.redo(&mut model).is_some() {}
        prop_assert_eq!(&model, &end);
    }

    /// The canonical form is a fixed point, says the same, and loses no comment, wherever comments stand.
    #[test]
    fn format_is_idempotent(places in prop::collection::vec((0usize..2000, any::<bool>()), 0..8)) {
        let mut text = COMMENTED.to_owned();
        for (place, block) in places {
            // A comment may stand wherever white space stands outside of strings and comments.
            let spots: Vec<usize> = parse(&text).map(|tree| spots(&text, &tree.root)).unwrap();
            let at = spots[place % spots.len()];
            text.insert_str(at, if block { " /* inserted */ " } else { " // inserted\n" });
        }
        let once = format(&text).unwrap();
        prop_assert_eq!(&once, &format(&once).unwrap());
        prop_assert_eq!(comment_texts(&text), comment_texts(&once), "{}", once);
        prop_assert_eq!(model_of(&text), model_of(&once));
    }
}

/// Where a comment may be inserted: before and behind each value.
fn spots(text: &str, value: &sandtable::store::ron::syntax::Value) -> Vec<usize> {
    let mut found = Vec::new();
    for item in value.items() {
        found.extend([item.lead, item.start(), item.value.span.start, item.value.span.end, item.end]);
        found.extend(spots(text, &item.value));
    }
    found.retain(|at| text.is_char_boundary(*at));
    found
}

#[test]
fn load_then_save_is_nothing() {
    let model = model_of(COMMENTED);
    assert_eq!(weave(COMMENTED, &model, &model).unwrap(), COMMENTED);
    let fresh = canonical(&model);
    assert_eq!(model_of(&fresh), model);
    assert_eq!(format(&fresh).unwrap(), fresh);
}

#[test]
fn canonical_form() {
    insta::assert_snapshot!(format(COMMENTED).unwrap());
}

/// Each text gives exactly these diagnostics, in one run.
#[test]
fn every_mistake_has_its_place() {
    let wrap = |body: &str| format!("Model(format: 1, title: \"x\",\n{body}\n)");
    for (body, expected) in [
        ("", vec![]),
        (
            "datasets: {\"a\": (boundary: \"nowhere\")},",
            vec!["2:28: error: there is no boundary `nowhere`; add it or take the reference out"],
        ),
        (
            "boundaries: {\"tenant\": ()}, datasets: {\"a\": (boundary: \"tenannt\")},",
            vec!["2:56: error: there is no boundary `tenannt`; did you mean `tenant`?"],
        ),
        (
            "roles: {\"r\": (mfa: maybe, kind: Nmed, titel: \"t\")},",
            vec![
                "2:20: error: mfa: `maybe` is not true or false",
                "2:33: error: kind: `Nmed` is not one of Anonymous, Authenticated, Named, Admin, Service, Agent (did you mean Named?)",
                "2:39: warning: unknown field `titel`; did you mean `title`?",
            ],
        ),
        (
            "roles: {\"r\": (), \"r\": (), \"../x\": (), \"\": ()},",
            vec![
                "2:18: error: role `r` stands here a second time, first on line 2",
                "2:27: error: `../x` is not a slug: use letters, digits, `-`, `_` and single `.` inside, starting and ending with a letter or a digit",
                "2:39: error: a slug is empty",
            ],
        ),
        (
            "actors: {\"x\": ()}, datasets: {\"x\": ()}, rolls: {},",
            vec![
                "2:31: error: `x` already names an actor; actors, services, endpoints and datasets share their slugs: choose another",
                "2:41: warning: unknown section `rolls`; did you mean `roles`?",
            ],
        ),
        (
            "boundaries: {\"a\": (parent: \"b\"), \"b\": (parent: \"a\")},",
            vec!["2:28: error: a boundary can not be inside itself: a, b form a circle"],
        ),
        (
            "datasets: {\"d\": (subject_count: 99999999999999999999999, oldest_record: \"2026-02-30\", retention_days: NaN)},",
            vec![
                "2:33: error: subject_count: `99999999999999999999999` is not a whole number that fits here",
                "2:73: error: oldest_record: `2026-02-30` has no such day",
                "2:103: error: retention_days: `NaN` is not a whole number that fits here",
            ],
        ),
        (
            "datasets: {\"d\": (fields: {\"email\": (protection: Plane)}, legal_basis: 5)},",
            vec![
                "2:49: error: protection: `Plane` is not one of Plain, Masked, Hashed, Encrypted, Tokenised (did you mean Plain?)",
                "2:71: error: legal_basis: `5` is not one of Consent, Contract, LegalObligation, VitalInterests, PublicTask, LegitimateInterests",
            ],
        ),
        (
            "controls: {\"c\": (effectiveness: 101, guards: [\"nobody\", \"flows:x\"])},",
            vec![
                "2:33: error: effectiveness: `101` is not a whole number that fits here",
                "2:47: error: there is no element `nobody`; add it or take the reference out",
                "2:57: error: there is no element `flows:x`; add it or take the reference out",
            ],
        ),
        (
            "roles: {\"r\": ()}, endpoints: {\"e\": ()}, datasets: {\"d\": (fields: {\"id\": ()}, fields_complete: true)}, grants: {\"g\": (role: \"r\", endpoint: \"e\", op: Read, dataset: \"d\", fields: Only([\"ids\"])), \"h\": (op: Read)},",
            vec![
                "2:176: error: the dataset has no field `ids`; did you mean `id`?",
                "2:192: error: `role` is missing: name a role",
                "2:192: error: `endpoint` is missing: name an endpoint",
                "2:192: error: `dataset` is missing: a grant to read says of what",
            ],
        ),
        (
            "people: {\"p\": (title: \"a\u{202e}b\")},",
            vec!["2:25: error: the invisible character U+202E may not stand in a model: take it out"],
        ),
        (
            "people: {\"p\": (title: \"a\\u{1b}b\")},",
            vec!["2:23: error: this text hides the control character U+001B: take it out"],
        ),
    ] {
        let loaded = load(&wrap(body)).unwrap_or_else(|error| panic!("{body}: {error}"));
        let found: Vec<String> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.to_string()).collect();
        assert_eq!(found, expected, "{body}");
    }
}

/// Hostile files end in one clear error, quickly.
#[test]
fn hostile_files_are_refused() {
    let deep = |open: &str, close: &str| {
        format!("Model(format: 1, title: \"x\", datasets: {}{}", open.repeat(100_000), close.repeat(100_000))
    };
    for (text, expected) in [
        (deep("[", "]"), "values nest deeper than 48 levels"),
        (deep("(", ")"), "values nest deeper than 48 levels"),
        (deep("{\"a\":", "}"), "values nest deeper than 48 levels"),
        (deep("Some(", ")"), "values nest deeper than 48 levels"),
        (
            format!("Model(format: 1, title: \"x\", datasets: [{}])", "1,".repeat(1_100_000)),
            "a model has at most 1000000 values: split it",
        ),
        (deep("/*", ""), "this comment is not closed: add `*/`"),
        (
            "Model(format: 2, title: \"x\")".into(),
            "format 2 is newer than this program, which reads up to format 1: use a newer sandtable",
        ),
        ("Model(title: \"x\")".into(), "`format` is missing: this program writes `format: 1`"),
        ("Model(format: 1, title: \"x)".into(), "this text is not closed: a quotation mark is missing"),
        ("Model(format: 1 title: \"x\")".into(), "a `,` or `)` is missing before `t`"),
        ("Model(format: 1".into(), "this `(` is not closed"),
        ("".into(), "a value is missing at the end of the file"),
        ("\u{1b}]52;c;AAAA\u{7}".into(), "a value is missing before the control character U+001B"),
        ("#![feature(x)] Model()".into(), "only `#![enable(...)]` may stand here"),
        ("[1, 2]".into(), "a model file holds `Model(format: 1, title: \"...\", ...)`"),
    ] {
        let error = load(&text).map(|loaded| loaded.diagnostics).unwrap_err();
        assert_eq!(error.message, expected, "{}", &text[..text.len().min(80)]);
    }
    let long = format!("Model(format: 1, title: \"{}\")", "x".repeat(1_000_000));
    let loaded = load(&long).unwrap();
    assert!(loaded.has_errors());
    assert_eq!(loaded.diagnostics[0].message, "this text has 1000000 characters; at most 4000 are kept");
    assert!(loaded.model.title.as_str().chars().count() <= 4_001);
}

#[test]
fn deletion_shows_what_hangs_on_it() {
    let model = model_of(COMMENTED);
    let id = |section, slug: &str| ElementId::new(section, Slug::new(slug).unwrap());
    let removal = edit::remove(&model, &[id(Section::Datasets, "patients")]);
    assert_eq!(removal.taken_along, vec![id(Section::Grants, "clerk-patients"), id(Section::Flows, "store")]);
    let removal = edit::remove(&model, &[id(Section::Boundaries, "net")]);
    assert_eq!(removal.taken_along, vec![]);
    assert_eq!(removal.cleared, vec![id(Section::Boundaries, "tenant")]);
    let mut after = model.clone();
    edit::remove(&model, &[id(Section::Roles, "clerk")]).edit.apply(&mut after);
    assert!(sandtable::model::validate::validate(&after).is_empty());
}

/// What is taken out leaves its comments, what is put into an empty container stands behind them, and no comment
/// swallows what follows it.
#[test]
fn comments_swallow_nothing() {
    let role = |body: &str| format!("Model(format: 1, title: \"x\", roles: {{{body}}})");
    let id = ElementId::new(Section::Roles, Slug::new("r").unwrap());
    for (before, field, after) in [
        ("\"r\": (title: \"R\",\n // why\n kind: Named, mfa: true)", "kind", " // why\n mfa: true)"),
        ("\"r\": (title: \"R\",\n // why\n kind: Named)", "kind", " // why\n )"),
        ("\"r\": (title: \"R\",\n // why\n kind: Named,\n mfa: true)", "kind", " // why\n mfa: true)"),
        ("\"r\": (\n // why\n kind: Named)", "kind", "(\n // why\n )"),
    ] {
        let text = role(before);
        let old = model_of(&text);
        let mut new = old.clone();
        edit::set_field(&old, &id, field, None).unwrap().apply(&mut new);
        let woven = weave(&text, &old, &new).unwrap();
        assert_eq!(model_of(&woven), new, "{before}: {woven}");
        let flat = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        assert!(flat(&woven).contains(&flat(after)), "{before}: {woven}");
    }
    for empty in ["// nobody yet\n  ", "/* nobody yet */", "\n    // nobody yet\n  "] {
        let text = role(empty);
        let old = model_of(&text);
        let mut new = old.clone();
        edit::add(&old, Section::Roles, "R").0.apply(&mut new);
        let woven = weave(&text, &old, &new).unwrap();
        assert_eq!(model_of(&woven), new, "{woven}");
        assert!(woven.find("nobody yet") < woven.find("\"r\":"), "{woven}");
    }
}

/// Line breaks of Windows become those of the canonical form, but for those inside of a string, which it says.
#[test]
fn line_breaks_inside_of_strings_are_kept() {
    let text = "Model(\r\n  format: 1, // one\r\n  /* a\r\n b */ title: \"x\", about: r\"a\r\nb\"\r\n)\r\n";
    let once = format(text).unwrap();
    assert_eq!(once.matches('\r').count(), 1, "{once}");
    assert!(once.contains("about: r\"a\r\nb\""), "{once}");
    assert_eq!(model_of(text), model_of(&once));
    assert_eq!(format(&once).unwrap(), once);
}

/// What joins the copies is copied with them; what is pasted needs no original, and no import takes it out.
#[test]
fn copies_are_joined_as_their_originals_are() {
    let model = model_of(COMMENTED);
    let id = |section, slug: &str| ElementId::new(section, Slug::new(slug).unwrap());
    let portal = id(Section::Endpoints, "portal");
    let patients = id(Section::Datasets, "patients");
    let clerk = id(Section::Roles, "clerk");
    let visitor = id(Section::Actors, "visitor");
    for (ids, extra) in [
        (vec![&portal], vec![]),
        (vec![&visitor, &portal], vec!["flows/visit-2: visitor-copy portal-copy"]),
        (
            vec![&portal, &patients],
            vec![
                "flows/store-2: portal-copy patients-copy",
                "grants/clerk-patients-2: clerk portal-copy patients-copy",
            ],
        ),
        (
            vec![&clerk, &portal, &patients],
            vec![
                "flows/store-2: portal-copy patients-copy",
                "grants/clerk-patients-2: clerk-copy portal-copy patients-copy",
            ],
        ),
    ] {
        let ids: Vec<ElementId> = ids.into_iter().cloned().collect();
        let (edit, made) = edit::copy(&model, &ids);
        assert_eq!(made.len(), ids.len());
        let mut after = model.clone();
        edit.apply(&mut after);
        let found: Vec<String> = edit
            .puts
            .iter()
            .filter_map(|put| match put.element.as_ref()? {
                Element::Flow(flow) => Some(format!("{}: {} {}", put.id, flow.from, flow.to)),
                Element::Grant(grant) => {
                    Some(format!("{}: {} {} {}", put.id, grant.role, grant.endpoint, grant.dataset.as_ref()?))
                }
                _ => None,
            })
            .collect();
        assert_eq!(found, extra);
        assert_eq!(sandtable::model::validate::validate(&after), []);
    }
    let mut stored = model.element(&clerk).unwrap();
    stored.reflect_mut().set("source", Some("(file: \"f\")")).unwrap();
    let mut after = Model::default();
    let (edit, made) = edit::paste(&after, &[(clerk.clone(), stored)]);
    edit.apply(&mut after);
    assert_eq!(made, [id(Section::Roles, "clerk-copy")]);
    assert!(after.roles["clerk-copy"].source.is_none());
}

/// A role and a node may have one slug; a pin names one of them, and goes with it alone.
#[test]
fn a_pin_names_one_element() {
    let text = "Model(format: 1, title: \"x\", actors: {\"p\": ()}, roles: {\"p\": ()}, boundaries: {\"p\": ()},
        views: {\"v\": (pins: {\"p\": (1, 1), \"roles:p\": (2, 2), \"boundaries:p\": (3, 3)})})";
    let loaded = load(text).unwrap();
    assert_eq!(loaded.diagnostics, []);
    for section in [Section::Actors, Section::Roles, Section::Boundaries] {
        let id = ElementId::new(section, Slug::new("p").unwrap());
        let pins = &loaded.model.views["v"].pins;
        assert_eq!(pins.keys().filter(|link| link.names(&id)).collect::<Vec<_>>(), [&DrawnLink::of(&id)]);
        let mut after = loaded.model.clone();
        edit::remove(&loaded.model, std::slice::from_ref(&id)).edit.apply(&mut after);
        assert_eq!(after.views["v"].pins.len(), 2);
        assert!(!after.views["v"].pins.contains_key(&DrawnLink::of(&id)));
    }
    for wrong in ["people:p", "roles:q", "q"] {
        let loaded = load(&text.replace("\"roles:p\"", &format!("\"{wrong}\""))).unwrap();
        let expected = format!("there is no element of the map `{wrong}`");
        assert!(loaded.diagnostics[0].message.starts_with(&expected), "{:?}", loaded.diagnostics);
    }
}

/// Many problems are counted, not listed, and no error is lost among warnings.
#[test]
fn many_problems_are_counted() {
    let fields: String = (0..3_000).map(|at| format!("\"p{at}\": (x: 1),")).collect();
    for (more, severity) in [("", "warning"), ("actors: {\"a\": (boundary: \"b\")},", "error")] {
        let loaded = load(&format!("Model(format: 1, title: \"x\", people: {{{fields}}}, {more})")).unwrap();
        let last = loaded.diagnostics.last().unwrap();
        assert_eq!(loaded.diagnostics.len(), 1_001);
        assert_eq!(last.severity.word(), severity);
        let hidden = 2_000 + usize::from(!more.is_empty());
        assert_eq!(last.message, format!("and {hidden} more problems"));
    }
}

/// A large file of one line is read and changed in time that grows with it, not with its square.
#[test]
fn a_long_line_takes_no_longer() {
    let roles: String = (0..20_000).map(|at| format!("\"r{at:05}\": (title: \"R\", boundary: 1),")).collect();
    let text = format!("Model(format: 1, title: \"x\", roles: {{{roles}}})");
    let start = std::time::Instant::now();
    let old = model_of(&text);
    let mut new = old.clone();
    for slug in old.roles.keys() {
        let id = ElementId::new(Section::Roles, slug.clone());
        edit::set_field(&old, &id, "mfa", Some("true")).unwrap().apply(&mut new);
    }
    assert_eq!(model_of(&weave(&text, &old, &new).unwrap()), new);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
