//! Conditions: what they say of facts that are known, that they stay unknown where facts are missing, that mistakes are
//! found before anything runs, and that no text and no model makes them run away.

use proptest::prelude::*;
use sandtable::analysis::access::effective;
use sandtable::analysis::condition::{Answer, EvalError, Evaluator, World, compile};
use sandtable::library::rule::Subject;
use sandtable::model::graph::walls_between;
use sandtable::model::{ElementId, Model, Section};
use sandtable::store::ron::load;

const MODEL: &str = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Conditions",
  boundaries: {
    "inner": (title: "Inner", kind: Network, parent: "outer"),
    "outer": (title: "Outer", kind: Organisation),
  },
  datasets: {
    "bare": (title: "Bare"),
    "notes": (title: "Notes", class: "internal", boundary: "inner", fields: {"text": ()}, fields_complete: true),
    "people": (
      title: "People",
      boundary: "inner",
      fields: {"email": (class: "confidential", kind: "Email"), "id": (class: "internal"), "mood": ()},
      subjects: ["customers"],
      subject_count: 1200,
      encrypted_at_rest: false,
      key_rotated: "2026-01-31",
    ),
  },
  roles: {
    "anybody": (title: "Anybody", kind: Anonymous),
    "clerk": (title: "Clerk", kind: Named, mfa: true, inherits: ["anybody"]),
  },
  endpoints: {
    "api": (title: "API", kind: Rest, path: "/v1/people", authentication: NoAuth, rate_limit: AtMost(60), page_limit: Unlimited,
      opt_in: (rationale: "asked for"), reviews: [(kind: "security", on: "2026-02-01"), (kind: "privacy")], reviews_complete: true),
  },
  actors: {"visitor": (title: "Visitor")},
  grants: {
    "anybody-notes": (role: "anybody", endpoint: "api", op: Read, dataset: "notes", fields: All, rows: All),
    "clerk-people": (role: "clerk", endpoint: "api", op: Read, dataset: "people", fields: Only(["id", "email"]),
      rows: Owner("id"), limit: Unlimited),
  },
  flows: {
    "in": (from: "visitor", to: "api", encrypted: true, data: ["people"]),
    "store": (from: "api", to: "people"),
  },
  controls: {"limit": (title: "Limit", guards: ["api"], answers: ["X-1"], status: Implemented)},
)
"#;

fn model() -> Model {
    let loaded = load(MODEL).unwrap();
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    loaded.model
}

fn ask(model: &Model, subject: Subject, slug: &str, text: &str) -> Result<String, String> {
    let access = effective(model);
    let world = World::new(model, &access.facts, "2026-11-26".parse().ok());
    let condition = compile(text, subject).map_err(|error| format!("{}: {}", error.offset, error.message))?;
    let mut evaluator = Evaluator::new(&world);
    let answer = match subject {
        Subject::Exposure => {
            let at = access.facts.iter().position(|fact| fact.grant.as_str() == slug && fact.via.len() == 1).unwrap();
            evaluator.ask_exposure(&condition, at)
        }
        _ => evaluator.ask_element(&condition, slug),
    };
    Ok(match answer.map_err(|error| error.to_string())? {
        Answer::Yes => "yes".to_owned(),
        Answer::No => "no".to_owned(),
        Answer::Unknown(missing) => {
            let shown: Vec<String> = missing.iter().map(|fact| format!("{} {}", fact.element, fact.field)).collect();
            format!("unknown: {}", shown.join(", "))
        }
    })
}

#[test]
fn conditions_are_answered() {
    use Subject as S;
    let model = model();
    for (subject, slug, text, answer) in [
        // Truth.
        (S::Role, "clerk", "true && !false || false", "yes"),
        (S::Role, "clerk", "true || role.privileged", "yes"),
        (S::Role, "clerk", "role.privileged || true", "yes"),
        (S::Role, "clerk", "role.privileged && false", "no"),
        (S::Role, "clerk", "role.privileged && true", "unknown: roles/clerk privileged"),
        (
            S::Role,
            "clerk",
            "!role.privileged || role.holders > 3",
            "unknown: roles/clerk holders, roles/clerk privileged",
        ),
        (S::Role, "clerk", "role.privileged == role.privileged", "unknown: roles/clerk privileged"),
        // What decided is not asked for.
        (S::Role, "clerk", "(role.privileged || role.mfa) && role.holders > 3", "unknown: roles/clerk holders"),
        (S::Role, "clerk", "known(role.mfa) && !known(role.privileged)", "yes"),
        (S::Role, "clerk", "has(role.mfa) && has(role.title) && !has(role.notes)", "yes"),
        (S::Role, "clerk", "has(role.privileged)", "unknown: roles/clerk privileged"),
        // Values.
        (S::Role, "clerk", "role.kind == 'Named' && role.kind in ['Named', 'Admin'] && role.id == \"clerk\"", "yes"),
        (S::Role, "clerk", "role.inherits.exists(other, other.kind == 'Anonymous')", "yes"),
        (S::Dataset, "people", "dataset.subject_count >= 1000 && dataset.subject_count + 1 - 2 < 1200", "yes"),
        (S::Dataset, "people", "-dataset.subject_count < 0", "yes"),
        (S::Dataset, "people", "dataset.key_rotated < today - 90 && dataset.key_rotated + 365 > today", "yes"),
        (
            S::Dataset,
            "people",
            "dataset.title.startsWith('Peo') && dataset.title.endsWith('ple') && dataset.title.contains('eop')",
            "yes",
        ),
        (S::Endpoint, "api", "endpoint.path.matches('^/v[0-9]+/') && size(endpoint.path) == 10", "yes"),
        (S::Endpoint, "api", "endpoint.rate_limit <= 60 && endpoint.page_limit > 1000000", "yes"),
        (S::Endpoint, "api", "endpoint.opt_in.rationale != ''", "yes"),
        (S::Endpoint, "api", "endpoint.opt_in.by.title == 'x'", "unknown: endpoints/api opt_in.by"),
        // Beyond the calendar is after, or before, every day.
        (S::Dataset, "people", "dataset.key_rotated + 4000000000 > today && today - 4000000000 < today", "yes"),
        (S::Endpoint, "api", "endpoint.reviews.exists(r, r.kind == 'security' && r.on > today - 365)", "yes"),
        (S::Endpoint, "api", "endpoint.reviews.all(r, r.on > today - 365)", "unknown: endpoints/api reviews.2.on"),
        (S::Endpoint, "api", "endpoint.reviews.exists_one(r, r.kind == 'privacy')", "yes"),
        (S::Endpoint, "api", "size(endpoint.reviews.filter(r, known(r.on))) == 1", "yes"),
        (S::Endpoint, "api", "'privacy' in endpoint.reviews.map(r, r.kind)", "yes"),
        // A list of which nobody said that it is whole is never known to lack something.
        (S::Dataset, "people", "dataset.fields.exists(f, f.name == 'email' && f.kind == 'Email')", "yes"),
        (
            S::Dataset,
            "people",
            "dataset.fields.exists(f, f.name == 'iban')",
            "unknown: datasets/people fields_complete",
        ),
        (S::Dataset, "people", "size(dataset.fields) >= 3", "yes"),
        (S::Dataset, "people", "size(dataset.fields) == 3", "unknown: datasets/people fields_complete"),
        (S::Dataset, "notes", "dataset.fields.exists(f, f.name == 'iban')", "no"),
        (
            S::Dataset,
            "notes",
            "dataset.fields.all(f, f.class.title == 'x')",
            "unknown: datasets/notes fields.text.class",
        ),
        // Classes: of an unknown field the class may be any.
        (S::Dataset, "people", "max_class(dataset) >= rank('confidential')", "yes"),
        (S::Dataset, "people", "max_class(dataset) >= rank('restricted')", "unknown: datasets/people class"),
        (S::Dataset, "people", "max_class(dataset) < rank('internal')", "no"),
        (S::Dataset, "notes", "max_class(dataset) == rank('internal')", "yes"),
        (S::Dataset, "bare", "max_class(dataset) >= rank('internal')", "unknown: datasets/bare class"),
        (S::Dataset, "bare", "max_class(dataset) >= rank('secret')", "unknown: datasets/bare class"),
        // Exposure.
        (
            S::Exposure,
            "clerk-people",
            "exposure.op == 'Read' && exposure.role.kind == 'Named' && !exposure.inherited",
            "yes",
        ),
        (S::Exposure, "clerk-people", "exposure.rows.scope == 'Owner' && exposure.rows.session_bound", "yes"),
        (S::Exposure, "clerk-people", "exposure.max_class == rank('confidential') && exposure.limit > 500", "yes"),
        (S::Exposure, "clerk-people", "exposure.fields.exists(f, f.kind == 'Email')", "yes"),
        (S::Exposure, "clerk-people", "exposure.aggregates", "unknown: grants/clerk-people aggregates"),
        (S::Exposure, "clerk-people", "exposure.dataset.steward.id == 'x'", "unknown: datasets/people steward"),
        (S::Exposure, "anybody-notes", "exposure.all_fields && exposure.endpoint.authentication == 'NoAuth'", "yes"),
        (S::Role, "clerk", "exposures(role).exists(e, e.inherited && e.dataset.id == 'notes')", "yes"),
        (S::Role, "clerk", "reaches(role, 'confidential') && !reaches(role, 'restricted')", "yes"),
        (S::Role, "anybody", "reaches(role, 'confidential')", "no"),
        (S::Dataset, "people", "size(exposures(dataset)) == 1", "yes"),
        // The graph.
        (S::Flow, "store", "size(walls(flow)) == 2 && walls(flow).exists(w, w.kind == 'Network')", "yes"),
        (S::Flow, "in", "size(walls(flow)) == 0 && flow.from.section == 'actors'", "yes"),
        (S::Flow, "in", "flow.data.exists(d, d.encrypted_at_rest == false)", "yes"),
        (S::Flow, "in", "flow.to == flow.from", "no"),
        (S::Flow, "store", "flow.encrypted", "unknown: flows/store encrypted"),
        (S::Dataset, "people", "around(dataset).map(b, b.id) == around(dataset).map(b, b.id)", "unknown: "),
        (
            S::Dataset,
            "people",
            "size(around(dataset)) == 2 && size(flows_to(dataset)) == 1 && size(flows_from(dataset)) == 0",
            "yes",
        ),
        (S::Endpoint, "api", "controls(endpoint).exists(c, c.status == 'Implemented' && 'X-1' in c.answers)", "yes"),
        (S::Flow, "in", "flow.from.boundary.kind == 'Network'", "unknown: actors/visitor boundary"),
        (S::Flow, "store", "flow.to.boundary.parent.id == 'outer' // a comment", "yes"),
    ] {
        assert_eq!(ask(&model, subject, slug, text).as_deref(), Ok(answer), "{text}");
    }
}

const WAYS: &str = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Ways",
  platforms: {"engine": (title: "Engine")},
  datasets: {
    "people": (title: "People", class: "internal", relations: {"wages": (to: "wages", on: ["id = person"])}),
    "wages": (title: "Wages", class: "confidential"),
  },
  roles: {"clerk": (title: "Clerk")},
  actors: {"visitor": (title: "Visitor")},
  services: {
    "gate": (title: "Gate", kind: Gateway),
    "mystery": (title: "Mystery"),
    "server": (title: "Server", kind: Platform, platform: "engine"),
    "worker": (title: "Worker", kind: Job),
  },
  endpoints: {
    "api": (title: "API", service: "server"),
    "behind": (title: "Behind"),
    "direct": (title: "Direct"),
    "nowhere": (title: "Nowhere"),
    "unsure": (title: "Unsure", platform: "engine"),
  },
  grants: {
    "a": (role: "clerk", endpoint: "api", op: Read, dataset: "people", fields: Only(["id", "name"])),
    "b": (role: "clerk", endpoint: "behind", op: Read, dataset: "wages", fields: All),
  },
  flows: {
    "1": (from: "visitor", to: "gate"),
    "2": (from: "gate", to: "api"),
    "3": (from: "gate", to: "behind"),
    "4": (from: "visitor", to: "worker"),
    "5": (from: "worker", to: "api"),
    "6": (from: "visitor", to: "direct"),
    "7": (from: "visitor", to: "mystery"),
    "8": (from: "mystery", to: "unsure"),
  },
  controls: {
    "limit": (title: "Limit", guards: ["platforms:engine"], status: Implemented),
    "mask": (title: "Mask", guards: ["people"], status: Planned),
    "watch": (title: "Watch", guards: ["roles:clerk"], status: Verified),
  },
)
"#;

#[test]
fn ways_and_what_is_around_are_found() {
    use Subject as S;
    let model = load(WAYS).unwrap().model;
    let mystery = "unknown: services/mystery kind";
    for (subject, slug, text, answer) in [
        (S::Endpoint, "api", "passes(endpoint, 'Gateway')", "yes"),
        (S::Endpoint, "api", "avoids(endpoint, 'Gateway')", "yes"),
        (S::Endpoint, "behind", "passes(endpoint, 'Gateway')", "yes"),
        (S::Endpoint, "behind", "avoids(endpoint, 'Gateway')", "no"),
        (S::Endpoint, "direct", "passes(endpoint, 'Gateway')", "no"),
        (S::Endpoint, "direct", "avoids(endpoint, 'Gateway')", "yes"),
        (S::Endpoint, "nowhere", "passes(endpoint, 'Gateway') || avoids(endpoint, 'Gateway')", "no"),
        (S::Endpoint, "unsure", "passes(endpoint, 'Gateway')", mystery),
        (S::Endpoint, "unsure", "avoids(endpoint, 'Gateway')", mystery),
        (S::Endpoint, "api", "platforms(endpoint).exists(p, p.id == 'engine')", "yes"),
        (S::Endpoint, "unsure", "size(platforms(endpoint)) == 1", "yes"),
        (S::Endpoint, "direct", "size(platforms(endpoint)) == 0", "yes"),
        (S::Dataset, "people", "size(platforms(dataset)) == 1 && size(single_points(dataset)) == 1", "yes"),
        (S::Dataset, "wages", "single_points(dataset).exists(n, n.id == 'gate')", "yes"),
        (S::Platform, "engine", "size(endpoints(platform)) == 2 && size(services(platform)) == 1", "yes"),
        (S::Platform, "engine", "exposures(platform).all(e, e.dataset.id == 'people')", "yes"),
        (S::Service, "server", "size(endpoints(service)) == 1 && size(exposures(service)) == 1", "yes"),
        (S::Control, "limit", "size(exposures(control)) == 1", "yes"),
        (S::Control, "watch", "size(exposures(control)) == 2", "yes"),
        (S::Exposure, "a", "size(guards(exposure)) == 2 && !guards(exposure).exists(c, c.id == 'mask')", "yes"),
        (S::Exposure, "b", "guards(exposure).map(c, c.id).exists(id, id == 'limit')", "no"),
        (S::Exposure, "a", "linked(exposure).exists(e, e.dataset.id == 'wages')", "yes"),
        (S::Exposure, "b", "linked(exposure).exists(e, e.dataset.id == 'people')", "yes"),
        // Of a record that nobody gave the field is asked for, which can be answered.
        (S::Platform, "engine", "platform.ceilings.depth > 3", "unknown: platforms/engine ceilings.depth"),
        (S::Endpoint, "api", "!endpoint.reviews.exists(r, r.kind == 'x')", "unknown: endpoints/api reviews_complete"),
    ] {
        assert_eq!(ask(&model, subject, slug, text).as_deref(), Ok(answer), "{text}");
    }
    let mut unsaid = model.clone();
    unsaid.grants.get_mut("a").unwrap().fields = None;
    assert_eq!(
        ask(&unsaid, S::Exposure, "b", "linked(exposure).exists(e, e.dataset.id == 'people')").as_deref(),
        Ok("unknown: grants/a fields")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What passes and avoids a kind of service is what is found by walking every way by itself, for every answer that might
    /// be given about the services of which the kind is unknown.
    #[test]
    fn ways_are_those_that_can_be_walked(
        kinds in prop::collection::vec(0..4_usize, 1..6),
        flows in prop::collection::vec((0..7_usize, 0..7_usize), 0..16),
    ) {
        // An actor, services, and an endpoint behind them.
        let (node, count) = (kinds.len() + 1, kinds.len() + 2);
        let name = |at: usize| match at {
            0 => "visitor".to_owned(),
            at if at == node => "api".to_owned(),
            at => format!("s{at}"),
        };
        let flows: Vec<(usize, usize)> = flows.into_iter().map(|(from, to)| (from % count, to % count)).collect();
        let mut text = String::from("#![enable(implicit_some)]\nModel(format: 1, title: \"Ways\", actors: {\"visitor\": ()}, services: {");
        for (at, kind) in kinds.iter().enumerate() {
            let kind = ["", "kind: Gateway", "kind: Job", "kind: Gateway"][*kind];
            text.push_str(&format!("\"{}\": ({kind}),", name(at + 1)));
        }
        text.push_str("}, endpoints: {\"api\": ()}, flows: {");
        for (at, (from, to)) in flows.iter().enumerate() {
            text.push_str(&format!("\"f{at}\": (from: \"{}\", to: \"{}\"),", name(*from), name(*to)));
        }
        text.push_str("})");
        let model = load(&text).unwrap().model;
        let kind_of = |at: usize| kinds.get(at.wrapping_sub(1)).copied();
        let unknown: Vec<usize> = (1..count).filter(|at| kind_of(*at) == Some(0)).collect();
        // Whether a way leads to the node, where these of the unknown ones are gateways.
        let walk = |guess: usize| {
            let is_gateway = |at: usize| match unknown.iter().position(|own| *own == at) {
                Some(bit) => guess >> bit & 1 == 1,
                None => kind_of(at).is_some_and(|kind| kind % 2 == 1),
            };
            // A place, and whether a gateway was left behind on the way to it.
            let mut seen = vec![[false; 2]; count];
            let mut open = vec![(0, false)];
            while let Some((at, passed)) = open.pop() {
                if !std::mem::replace(&mut seen[at][usize::from(passed)], true) {
                    let onward = flows.iter().filter(|(from, _)| *from == at);
                    open.extend(onward.map(|(_, to)| (*to, passed || is_gateway(at))));
                }
            }
            (seen[node][1], seen[node][0])
        };
        let said: Vec<(bool, bool)> = (0..1 << unknown.len()).map(walk).collect();
        let expected = |told: Vec<bool>| match (told.iter().all(|is| *is), told.iter().any(|is| *is)) {
            (true, _) => "yes",
            (_, false) => "no",
            _ => "unknown",
        };
        for (function, told) in [
            ("passes", said.iter().map(|(passes, _)| *passes).collect::<Vec<bool>>()),
            ("avoids", said.iter().map(|(_, avoids)| *avoids).collect()),
        ] {
            let answer = ask(&model, Subject::Endpoint, "api", &format!("{function}(endpoint, 'Gateway')")).unwrap();
            prop_assert!(answer.starts_with(expected(told)), "{function}: {answer} in {text}");
        }
    }
}

/// What is around one node and not around another is worked out once for every two boundaries: it is what the model says of
/// each flow by itself, also where boundaries go round in circles.
#[test]
fn walls_of_each_flow_are_those_of_the_model() {
    let boundaries = [
        ("a", "parent: \"b\""),
        ("b", "parent: \"c\""),
        ("c", ""),
        ("d", "parent: \"c\""),
        ("e", "parent: \"f\""),
        ("f", "parent: \"e\""),
        ("g", "parent: \"e\""),
        ("lone", "parent: \"gone\""),
    ];
    let mut text = String::from("#![enable(implicit_some)]\nModel(format: 1, title: \"Walls\", boundaries: {");
    boundaries.iter().for_each(|(slug, parent)| text.push_str(&format!("\"{slug}\": ({parent}),")));
    text.push_str("}, services: {");
    // Two in each boundary, and two in none.
    let within = || boundaries.iter().map(|(slug, _)| Some(*slug)).chain([None]).flat_map(|slug| [slug, slug]);
    for (at, boundary) in within().enumerate() {
        let boundary = boundary.map_or(String::new(), |slug| format!("boundary: \"{slug}\""));
        text.push_str(&format!("\"s{at}\": ({boundary}),"));
    }
    text.push_str("}, flows: {");
    let count = within().count();
    for (from, to) in (0..count).flat_map(|from| (0..count).map(move |to| (from, to))) {
        text.push_str(&format!("\"f{from}-{to}\": (from: \"s{from}\", to: \"s{to}\"),"));
    }
    text.push_str("})");
    let model = load(&text).unwrap().model;
    let world = World::new(&model, &[], None);
    let mut evaluator = Evaluator::new(&world);
    let conditions: Vec<_> = boundaries
        .iter()
        .map(|(slug, _)| {
            let crossed = compile(&format!("walls(flow).exists(w, w.id == '{slug}')"), Subject::Flow).unwrap();
            let entered = compile(&format!("enters(flow).exists(w, w.id == '{slug}')"), Subject::Flow).unwrap();
            (*slug, crossed, entered)
        })
        .collect();
    for (slug, flow) in &model.flows {
        let [from, to] = [&flow.from, &flow.to].map(|end| ElementId::new(Section::Services, end.slug().clone()));
        let walls = walls_between(&model, &from, &to);
        for (boundary, crossed, entered) in &conditions {
            let of_model =
                |wanted: bool| walls.iter().any(|(wall, enters)| wall.as_str() == *boundary && (*enters || !wanted));
            for (condition, wanted) in [(crossed, of_model(false)), (entered, of_model(true))] {
                let answer = evaluator.ask_element(condition, slug.as_str()).unwrap();
                assert_eq!(answer, if wanted { Answer::Yes } else { Answer::No }, "{slug}: {}", condition.text());
            }
        }
    }
}

/// Of the parts of a conjunction those that cost little are asked first: that changes no answer, and nothing of what is
/// missing.
#[test]
fn the_order_of_parts_does_not_matter() {
    let model = model();
    let parts = [
        "endpoint.authentication == 'NoAuth'",
        "endpoint.kind == 'File'",
        "!endpoint.audit_log",
        "!endpoint.credential.bound",
        "exposures(endpoint).exists(e, e.max_class >= rank('secret'))",
        "exposures(endpoint).exists(e, e.op == 'Read' && e.role.kind == 'Anonymous')",
        "exposures(endpoint).exists(e, e.role.mfa)",
        "size(flows_to(endpoint)) > 0",
    ];
    let asked = |text: String| ask(&model, Subject::Endpoint, "api", &text).unwrap();
    for one in parts {
        for two in parts {
            for three in parts {
                for join in [" && ", " || "] {
                    let written = asked([one, two, three].join(join));
                    assert_eq!(written, asked([three, one, two].join(join)), "{one}{join}{two}{join}{three}");
                }
            }
        }
    }
}

#[test]
fn mistakes_are_found_before_anything_runs() {
    use Subject as S;
    let model = model();
    let mut wrong = Vec::new();
    for (subject, text, says) in [
        (S::Role, "role.privilged", "0: a role: there is no field `privilged`; did you mean `privileged`?"),
        (S::Role, "rol.mfa", "0: there is no name `rol`; did you mean `role`?"),
        (S::Role, "role.kind == 'Anonymus'", "13: there is no value `Anonymus`; did you mean `Anonymous`?"),
        (
            S::Role,
            "role.kind in ['Admin', 'Nobody']",
            "23: there is no value `Nobody`: there is Anonymous, Authenticated, Named, Admin, Service, Agent",
        ),
        (S::Role, "role.mfa == 'yes'", "0: a yes or no and a text can not be compared"),
        (S::Role, "role.title", "0: a condition is yes or no, and this is a text: compare it with something"),
        (S::Role, "role.title < 'b'", "0: a text has no order: use == or !=; of a class compare the rank(...)"),
        (S::Role, "role.mfa = true", "9: `=` means nothing in a condition: did you mean `==`?"),
        (S::Role, "role.mfa & role.mfa", "9: `&` means nothing in a condition: did you mean `&&`?"),
        (S::Role, "1 < 2 < 3", "6: compare two values at a time, and join with &&"),
        (S::Role, "role.mfa role.mfa", "9: `role` is not expected here: join conditions with && or ||"),
        (S::Role, "(role.mfa", "9: a `)` is missing before the end"),
        (S::Role, "", "0: a value is missing before the end"),
        (S::Role, "role.", "5: a name is missing before the end"),
        (S::Role, "role.title == 'open", "14: this text is not closed: a ' is missing"),
        (S::Role, "role.title == '\\q'", "15: only"),
        (S::Role, "role.inherits.exists(role, true)", "21: `role` has a meaning already: choose another name"),
        (S::Role, "role.inherits.exists(r)", "14: write a name and a condition"),
        (S::Role, "role.mfa.exists(r, true)", "0: a list is needed here, and this is a yes or no"),
        (S::Role, "role.inherits.exist(r, true)", "14: there is no method `exist`; did you mean `exists`?"),
        (S::Role, "role.title.matches('(')", "19: this is no pattern"),
        (S::Role, "role.title.matches(role.notes)", "19: the pattern of matches is written out as a text"),
        (S::Role, "walls(role)", "0: it is walls(flow) → list of boundary, and this gives it (role)"),
        (S::Role, "rnk('a') > 1", "0: there is no function `rnk`; did you mean `rank`?"),
        (S::Role, "has(role)", "4: has asks for a field: has(endpoint.owner)"),
        (S::Role, "role == 'clerk'", "0: a role and a text can not be compared; an element's slug is its `.id`"),
        (S::Role, "99999999999999999999 > 1", "0: `99999999999999999999` is not a whole number"),
        (S::Role, "1x > 1", "0: `1x` is not a whole number"),
        (S::Role, "size(role.mfa) > 1", "5: size is that of a list or a text, and this is a yes or no"),
        (S::Role, "role.title + 'a' == 'b'", "0: only numbers and days are added, and this is a text"),
        (S::Dataset, "dataset.key_rotated > today + today", "30: a number is needed here, and this is a day"),
        (S::Role, "role.holders == [1, 'a']", "20: the first of the list is a number, and this is a text"),
        (S::Role, "role.mfa ? true : false", "9: `?` is not expected here"),
    ] {
        let said = ask(&model, subject, "clerk", text);
        if !said.as_ref().is_err_and(|said| said.starts_with(says)) {
            wrong.push(format!("{text}\nexpected {says}\nfound    {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Long, deep and slow conditions end in an error that says so.
#[test]
fn hostile_conditions_end() {
    let model = model();
    let nested = |count: usize| format!("{}true{}", "(".repeat(count), ")".repeat(count));
    let quantifiers = "exposures(endpoint).exists(a, ".repeat(30);
    let mut wrong = Vec::new();
    for (text, says) in [
        (vec!["1"; 20_000].join(" + ") + " > 0", "a condition has at most 16 KiB"),
        (vec!["1"; 3_000].join(" + ") + " > 0", "nests at most 64 deep"),
        (format!("size([{}]) > 0", vec!["1"; 3_000].join(",")), "a condition has at most 2000 terms"),
        (nested(5_000), "nests at most 64 deep"),
        ("!".repeat(9_000) + "true", "nests at most 64 deep"),
        ("-".repeat(9_000) + "1 > 0", "nests at most 64 deep"),
        (format!("role{}", ".a".repeat(5_000)), "nests at most 64 deep"),
        ("[".repeat(5_000), "nests at most 64 deep"),
        (quantifiers, "is missing before the end"),
        ("\u{202e}role".to_owned(), "means nothing"),
        ("9223372036854775807 + 1 > 0".to_owned(), "leaves the range"),
    ] {
        let said = ask(&model, Subject::Role, "clerk", &text);
        if !said.as_ref().is_err_and(|said| said.contains(says)) {
            let start: String = text.chars().take(40).collect();
            wrong.push(format!("{start}…\nexpected {says}\nfound    {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(ask(&model, Subject::Role, "clerk", &nested(60)).as_deref(), Ok("yes"));
    assert_eq!(ask(&model, Subject::Role, "clerk", &vec!["true"; 900].join(" && ")).as_deref(), Ok("yes"));

    // Asking every one of a thousand of every other takes too long, and says so.
    let many: Vec<String> = (0..1_000).map(|at| format!("\"r{at}\": (title: \"R\")")).collect();
    let reviews = vec!["(kind: \"x\")"; 1_000].join(", ");
    let text = format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Many\", roles: {{{}}}, endpoints: {{\"api\": (title: \"A\", reviews: [{reviews}], reviews_complete: true)}})",
        many.join(", ")
    );
    let model = load(&text).unwrap().model;
    let pairs = "endpoint.reviews.all(a, endpoint.reviews.all(b, a.kind == b.kind))";
    let triples = "endpoint.reviews.all(a, endpoint.reviews.all(b, endpoint.reviews.all(c, a.kind == c.kind)))";
    assert!(ask(&model, Subject::Endpoint, "api", triples).unwrap_err().contains("takes more than"));
    assert!(ask(&model, Subject::Endpoint, "api", pairs).is_err_and(|said| said == EvalError::TooLong.to_string()));
    let half = "endpoint.reviews.all(a, endpoint.reviews.exists(b, a.kind == b.kind))";
    assert_eq!(ask(&model, Subject::Endpoint, "api", half).as_deref(), Ok("yes"));
}

mod against_cel {
    //! On facts that are all known a condition says what CEL says: compared with another implementation of it, on random
    //! conditions over one role, one endpoint's reviews, numbers, texts and lists.

    use super::*;

    const TOTAL: &str = r#"#![enable(implicit_some)]
Model(
  format: 1,
  title: "Total",
  roles: {
    "clerk": (title: "Clerk", kind: Named, mfa: true, privileged: false, holders: 3, tags: ["a", "b", "ab"], inherits: ["base"]),
    "base": (title: "Base", kind: Anonymous, mfa: false, privileged: true, holders: 40, tags: []),
  },
)
"#;

    #[derive(Clone, serde::Serialize)]
    struct Role {
        title: &'static str,
        kind: &'static str,
        mfa: bool,
        privileged: bool,
        holders: i64,
        tags: Vec<&'static str>,
        inherits: Vec<Role>,
    }

    fn context() -> cel::Context<'static, 'static> {
        let (tags, inherits) = (Vec::new(), Vec::new());
        let base = Role { title: "Base", kind: "Anonymous", mfa: false, privileged: true, holders: 40, tags, inherits };
        let (tags, inherits) = (vec!["a", "b", "ab"], vec![base]);
        let clerk = Role { title: "Clerk", kind: "Named", mfa: true, privileged: false, holders: 3, tags, inherits };
        let mut context = cel::Context::default();
        context.add_variable("role", clerk).unwrap();
        context
    }

    /// A random number, text, list of texts, or condition over what is in scope.
    #[derive(Debug, Clone)]
    enum Sort {
        Flag,
        Number,
        Text,
        Texts,
    }

    fn term(sort: Sort, depth: u32, item: Option<&'static str>) -> BoxedStrategy<String> {
        let leaf = match (&sort, item) {
            (Sort::Flag, _) => prop_oneof![
                Just("true".to_owned()),
                Just("false".to_owned()),
                Just("role.mfa".to_owned()),
                Just("role.privileged".to_owned()),
            ]
            .boxed(),
            (Sort::Number, _) => {
                prop_oneof![(0i64..50).prop_map(|n| n.to_string()), Just("role.holders".to_owned())].boxed()
            }
            (Sort::Text, Some(item)) => {
                prop_oneof![Just(item.to_owned()), Just("'a'".to_owned()), Just("role.title".to_owned())].boxed()
            }
            (Sort::Text, None) => prop_oneof![
                Just("'a'".to_owned()),
                Just("\"Cl\"".to_owned()),
                Just("''".to_owned()),
                Just("role.title".to_owned()),
            ]
            .boxed(),
            (Sort::Texts, _) => prop_oneof![
                Just("role.tags".to_owned()),
                Just("['a', 'Clerk']".to_owned()),
                Just("role.inherits.map(p, p.title)".to_owned()),
            ]
            .boxed(),
        };
        if depth == 0 {
            return leaf;
        }
        let sub = move |sort| term(sort, depth - 1, item);
        match sort {
            Sort::Flag => {
                let relation = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
                let numbers = (sub(Sort::Number), relation, sub(Sort::Number))
                    .prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
                let equal = prop::sample::select(vec!["==", "!="]);
                let texts =
                    (sub(Sort::Text), equal, sub(Sort::Text)).prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
                let test = prop::sample::select(vec!["startsWith", "endsWith", "contains"]);
                let tests =
                    (sub(Sort::Text), test, sub(Sort::Text)).prop_map(|(a, test, b)| format!("{a}.{test}({b})"));
                let joins = (sub(Sort::Flag), prop::sample::select(vec!["&&", "||"]), sub(Sort::Flag))
                    .prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
                let nots = sub(Sort::Flag).prop_map(|a| format!("!{a}"));
                let ins = (sub(Sort::Text), sub(Sort::Texts)).prop_map(|(a, list)| format!("({a} in {list})"));
                if item.is_some() {
                    return prop_oneof![leaf, numbers, texts, tests, joins, nots, ins].boxed();
                }
                let quantifier = prop::sample::select(vec!["exists", "all", "exists_one"]);
                let quantified = (sub(Sort::Texts), quantifier, term(Sort::Flag, depth - 1, Some("x")))
                    .prop_map(|(list, name, body)| format!("{list}.{name}(x, {body})"));
                prop_oneof![leaf, numbers, texts, tests, joins, nots, ins, quantified].boxed()
            }
            Sort::Number => {
                let sums = (sub(Sort::Number), prop::sample::select(vec!["+", "-"]), sub(Sort::Number))
                    .prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
                let negated = sub(Sort::Number).prop_map(|a| format!("(-{a})"));
                let sizes = prop_oneof![sub(Sort::Texts), sub(Sort::Text)].prop_map(|of| format!("size({of})"));
                prop_oneof![leaf, sums, negated, sizes].boxed()
            }
            Sort::Text => leaf,
            Sort::Texts if item.is_none() => {
                let filtered = (sub(Sort::Texts), term(Sort::Flag, depth - 1, Some("y")))
                    .prop_map(|(list, body)| format!("{list}.filter(y, {body})"));
                prop_oneof![leaf, filtered].boxed()
            }
            Sort::Texts => leaf,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

        #[test]
        fn known_facts_give_the_same_answer(text in term(Sort::Flag, 4, None)) {
            let model = load(TOTAL).unwrap().model;
            let ours = ask(&model, Subject::Role, "clerk", &text);
            let program = cel::Program::compile(&text);
            let theirs = program.map_err(|error| error.to_string())
                .and_then(|program| program.execute(&context()).map_err(|error| error.to_string()));
            let theirs = theirs.map(|value| match value {
                cel::Value::Bool(true) => "yes".to_owned(),
                cel::Value::Bool(false) => "no".to_owned(),
                other => format!("{other:?}"),
            });
            prop_assert_eq!(ours, theirs, "{}", text);
        }

        /// What is known without a fact stays what it is whatever the fact turns out to be.
        #[test]
        fn no_missing_fact_changes_a_known_answer(
            text in term(Sort::Flag, 4, None),
            (mfa, privileged, holders) in (any::<bool>(), any::<bool>(), 0u32..60),
            removed in 1u8..8,
        ) {
            let with = |removed: u8| {
                let mut model = load(TOTAL).unwrap().model;
                let clerk = model.roles.get_mut("clerk").unwrap();
                clerk.mfa = (removed & 1 == 0).then_some(mfa);
                clerk.privileged = (removed & 2 == 0).then_some(privileged);
                clerk.holders = (removed & 4 == 0).then_some(holders);
                ask(&model, Subject::Role, "clerk", &text).unwrap()
            };
            let (partly, fully) = (with(removed), with(0));
            prop_assert!(!fully.starts_with("unknown"), "{}", text);
            match partly.strip_prefix("unknown: ") {
                Some(missing) => prop_assert!(!missing.is_empty(), "{text} is unknown for no reason"),
                None => prop_assert_eq!(partly, fully, "{}", text),
            }
        }
    }
}
