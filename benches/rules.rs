//! How long all shipped rules take: to be read and checked, and on models of 1,000 and 10,000 elements from cold and
//! after one edit: the median and the 99th percentile. Of edits with a star much hangs on what is edited (a role that a
//! third of all exposures have; the ladder of classes, after which everything is asked anew): these take the longer the more
//! is asked again. Times are those on the processor where Linux tells them, but for what is done in several parts at once:
//! that is by the clock. It is the time until the answer is there; how long it takes to free it stands beside it.
//!
//! The models are the neutral ones of a generator that is not part of the project (`gen_dfd.py` of the yardsticks, of
//! which other tools get the same): `python3 gen_dfd.py --out DIR 1000 10000`, then `cargo bench --bench rules -- DIR`.
//! Every flow from an endpoint to a datastore is a grant to read and one to change for two roles; every datastore has six
//! fields. Without DIR, the bundled models alone are judged.
#![allow(clippy::unwrap_used, missing_docs)]

use sandtable::analysis::access::{effective, effective_after};
use sandtable::analysis::docket::{Before, Docket, Followed};
use sandtable::analysis::questions::questions;
use sandtable::analysis::threats::{Outcome, RuleSet, Verdict};
use sandtable::library::rule;
use sandtable::model::access::RoleKind;
use sandtable::model::edit::{Edit, remove, set_field};
use sandtable::model::facts::Day;
use sandtable::model::{ElementId, Model, Section, Slug};
use sandtable::store::ron::load;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn flag(value: &Value, key: &str) -> bool {
    value["attrs"][key].as_bool().unwrap_or_default()
}

/// The neutral model as one of ours, in the form of a file.
fn translated(neutral: &Value) -> String {
    let list = |key: &str| neutral[key].as_array().unwrap().iter();
    let mut out = String::from(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Synthetic\", classes: {\"public\": (rank: 1), \"internal\": (rank: 2), \"restricted\": (rank: 3), \"confidential\": (rank: 4), \"secret\": (rank: 5)},\nboundaries: {\n",
    );
    for boundary in list("boundaries") {
        let parent = boundary["parent"].as_str().map_or(String::new(), |parent| format!("parent: \"{parent}\", "));
        let trust = if boundary["trust"].as_u64() < Some(40) { "Untrusted" } else { "Internal" };
        writeln!(out, "\"{}\": ({parent}trust: {trust}),", text(boundary, "id")).unwrap();
    }
    out.push_str("},\nplatforms: {\"engine\": (open_signup: false, data_policy: true)},\n");
    let class = |element: &Value| {
        let of = element["data"].as_array().and_then(|data| data.first()).and_then(Value::as_str);
        let data = list("data").find(|data| Some(text(data, "id")) == of);
        data.map_or("internal".to_owned(), |data| text(data, "classification").to_owned())
    };
    let section = |out: &mut String, name: &str, kind: &str, write: &dyn Fn(&Value) -> String| {
        writeln!(out, "{name}: {{").unwrap();
        for element in list("elements").filter(|element| text(element, "kind") == kind) {
            let (id, title) = (text(element, "id"), text(element, "name"));
            let boundary = element["boundary"].as_str().map_or(String::new(), |slug| format!("boundary: \"{slug}\", "));
            writeln!(out, "\"{id}\": (title: \"{title}\", {boundary}{}),", write(element)).unwrap();
        }
        out.push_str("},\n");
    };
    section(&mut out, "datasets", "datastore", &|element| {
        let (class, at_rest) = (class(element), flag(element, "encrypted_at_rest"));
        let names = ["id", "name", "email", "tenant_id", "status", "note"];
        let fields: Vec<String> = names.iter().map(|name| format!("\"{name}\": (class: \"{class}\")")).collect();
        format!(
            "class: \"{class}\", encrypted_at_rest: {at_rest}, subjects: [\"customers\"], fields: {{{}}}",
            fields.join(", ")
        )
    });
    out.push_str("roles: {\"clerk\": (kind: Named), \"lead\": (kind: Named, inherits: [\"clerk\"], mfa: true), \"visitor\": (kind: Anonymous)},\n");
    section(&mut out, "actors", "actor", &|_| String::new());
    section(&mut out, "services", "process", &|element| {
        let kind = if flag(element, "resilient") { "kind: Application, " } else { "" };
        format!("{kind}audit_log: {}", flag(element, "logs"))
    });
    section(&mut out, "endpoints", "endpoint", &|element| {
        let authentication = if flag(element, "authn") { "Jwt" } else { "NoAuth" };
        let schema = if flag(element, "validates_input") { "Strict" } else { "NoSchema" };
        let limit = if flag(element, "rate_limited") { "rate_limit: AtMost(100), " } else { "" };
        format!(
            "platform: \"engine\", kind: Rest, authentication: {authentication}, input_schema: {schema}, {limit}audit_log: {}",
            flag(element, "logs")
        )
    });
    let kinds: std::collections::HashMap<&str, &str> =
        list("elements").map(|element| (text(element, "id"), text(element, "kind"))).collect();
    let is_access = |flow: &Value| {
        kinds.get(text(flow, "from")) == Some(&"endpoint") && kinds.get(text(flow, "to")) == Some(&"datastore")
    };
    out.push_str("grants: {\n");
    for (at, flow) in list("flows").filter(|flow| is_access(flow)).enumerate() {
        let role = if at % 7 == 0 { "visitor" } else { "clerk" };
        let (endpoint, dataset) = (text(flow, "from"), text(flow, "to"));
        let ends = format!("endpoint: \"{endpoint}\", dataset: \"{dataset}\"");
        writeln!(out, "\"r{at}\": (role: \"{role}\", {ends}, op: Read, fields: All, rows: All),").unwrap();
        writeln!(
            out,
            "\"u{at}\": (role: \"lead\", {ends}, op: Update, fields: Only([\"status\"]), rows: Owner(\"id\")),"
        )
        .unwrap();
    }
    out.push_str("},\nflows: {\n");
    for flow in list("flows") {
        let (from, to, encrypted) = (text(flow, "from"), text(flow, "to"), flag(flow, "encrypted"));
        let data = if is_access(flow) { format!(", data: [\"{to}\"]") } else { String::new() };
        writeln!(out, "\"{}\": (from: \"{from}\", to: \"{to}\", encrypted: {encrypted}{data}),", text(flow, "id"))
            .unwrap();
    }
    out.push_str("})\n");
    out
}

/// Milliseconds on the processor until now, so that what else the machine does counts little; where the system does not
/// say, milliseconds.
fn now() -> f64 {
    // Some kernels write down what a thread took only when it gives way, or every few milliseconds.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    told.map_or_else(|| START.elapsed().as_secs_f64() * 1_000.0, |nanoseconds| nanoseconds / 1e6)
}

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The median of the times of some runs, in milliseconds. What they give is freed outside of it.
fn median<T>(runs: usize, mut run: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = now();
            let given = run();
            let time = now() - start;
            drop(given);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn rules() -> RuleSet {
    RuleSet::new(rule::shipped().unwrap()).unwrap()
}

/// How long it takes until it is known what the rules say after one edit: access, and what of it and of the model is to be
/// asked again. Each edit is made and taken back, so that all are made of the same model.
fn edits(model: &mut Model, rules: &RuleSet, today: Option<Day>) {
    type Make = fn(&Model, usize) -> Option<Edit>;
    fn nth(model: &Model, section: Section, at: usize) -> Option<ElementId> {
        let count = model.count(section);
        let slug = model.slugs(section).nth(at * 7_919 % count.max(1))?;
        Some(ElementId::new(section, slug.clone()))
    }
    // It answers what fires most.
    fn control(guards: &str) -> Option<Edit> {
        let id = ElementId::new(Section::Controls, Slug::new("new").ok()?);
        let control = format!(
            "(kind: Preventive, status: Implemented, guards: [{guards}], answers: [\"LC-020\", \"LC-022\", \"LC-040\", \"LC-001\"])"
        );
        Some(Edit::put("control", id, Section::Controls.element_from_ron(&control).ok()?))
    }
    let kinds: [(&str, Make); 10] = [
        ("rename a dataset", |model, at| {
            let id = nth(model, Section::Datasets, at)?;
            set_field(model, &id, "title", Some(&format!("\"Another name {at}\""))).ok()
        }),
        ("a fact of an endpoint", |model, at| {
            let id = nth(model, Section::Endpoints, at)?;
            let log = model.endpoints[&id.slug].audit_log != Some(true);
            set_field(model, &id, "audit_log", Some(&log.to_string())).ok()
        }),
        ("a new grant", |model, at| {
            let (endpoint, dataset) = (nth(model, Section::Endpoints, at)?, nth(model, Section::Datasets, at)?);
            let (role, id) = (model.roles.keys().nth(at % 2)?, ElementId::new(Section::Grants, Slug::new("new").ok()?));
            let grant = format!(
                "(role: \"{role}\", endpoint: \"{}\", dataset: \"{}\", op: Read, fields: All, rows: All)",
                endpoint.slug, dataset.slug
            );
            Some(Edit::put("grant", id, Section::Grants.element_from_ron(&grant).ok()?))
        }),
        ("a new flow", |model, at| {
            let (from, to) = (nth(model, Section::Services, at)?, nth(model, Section::Datasets, at)?);
            let id = ElementId::new(Section::Flows, Slug::new("new").ok()?);
            let flow = format!("(from: \"{}\", to: \"{}\", encrypted: false)", from.slug, to.slug);
            Some(Edit::put("flow", id, Section::Flows.element_from_ron(&flow).ok()?))
        }),
        ("a decision on a flow", |model, at| {
            let (flow, id) =
                (nth(model, Section::Flows, at)?, ElementId::new(Section::Decisions, Slug::new("new").ok()?));
            let decision = format!("(rule: \"LC-100\", element: \"flows:{}\", verdict: Accept)", flow.slug);
            Some(Edit::put("decide", id, Section::Decisions.element_from_ron(&decision).ok()?))
        }),
        ("a control", |model, at| {
            let (endpoint, dataset) = (nth(model, Section::Endpoints, at)?, nth(model, Section::Datasets, at)?);
            control(&format!("\"{}\", \"{}\"", endpoint.slug, dataset.slug))
        }),
        ("a dataset taken out", |model, at| Some(remove(model, &[nth(model, Section::Datasets, at)?]).edit)),
        // Much hangs on these.
        ("* a control of a role", |model, at| control(&format!("\"roles:{}\"", nth(model, Section::Roles, at)?.slug))),
        ("* the kind of a role", |model, at| {
            let id = nth(model, Section::Roles, at)?;
            let kind = if model.roles[&id.slug].kind == Some(RoleKind::Anonymous) { "Named" } else { "Anonymous" };
            set_field(model, &id, "kind", Some(kind)).ok()
        }),
        ("* the rank of a class", |model, at| {
            let id = nth(model, Section::Classes, at)?;
            let rank = model.classes[&id.slug].rank.unwrap_or_default() + 1;
            set_field(model, &id, "rank", Some(&rank.to_string())).ok()
        }),
    ];
    let mut access = Arc::new(effective(model));
    let start = now();
    let mut docket = Docket::new_in(1, rules, model, access.clone(), today).unwrap();
    println!("  the same, kept             {:8.2} ms", now() - start);
    for (name, make) in kinds {
        let (mut times, mut changed, mut anew) = (Vec::new(), 0, false);
        for at in 0..100 {
            let Some(edit) = make(model, at) else { continue };
            let mut then = |model: &mut Model, edit: &Edit| {
                let before: Before = edit.puts.iter().map(|put| (put.id.clone(), model.element(&put.id))).collect();
                let back = edit.apply(model);
                let start = now();
                access = effective_after(model, &access, &before);
                let followed = docket.follow(rules, model, access.clone(), today, &before).unwrap();
                times.push(now() - start);
                match followed {
                    Followed::Changed(changes) => changed += changes.len(),
                    Followed::Anew => anew = true,
                }
                back
            };
            let back = then(model, &edit);
            then(model, &back);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
        let each = if anew { "all".to_owned() } else { (changed / times.len()).to_string() };
        println!("  {name:<24} p50 {:8.2} ms, p99 {:8.2} ms, {each} verdicts are others", at(50), at(99));
    }
    let kept: Vec<Verdict> = docket.verdicts().map(|verdict| (**verdict).clone()).collect();
    assert!(kept == rules.judge(model, &access, today, false).unwrap(), "what is kept is what is found anew");
}

fn measure(name: &str, text: &str) {
    let loaded = load(text).unwrap();
    assert!(!loaded.has_errors(), "{:?}", &loaded.diagnostics[..3.min(loaded.diagnostics.len())]);
    let mut model: Model = loaded.model;
    let rules = rules();
    let today = "2026-11-26".parse().ok();
    let access = effective(&model);
    let verdicts = rules.judge(&model, &access, today, false).unwrap();
    let count = |is: fn(&Outcome) -> bool| verdicts.iter().filter(|verdict| is(&verdict.outcome)).count();
    println!(
        "{name}: {} elements, {} flows, {} exposure facts; {} threats, {} unknown, {} questions",
        model.len() - model.flows.len() - model.grants.len(),
        model.flows.len(),
        access.facts.len(),
        count(|outcome| *outcome == Outcome::Fires),
        count(|outcome| matches!(outcome, Outcome::Unknown(_))),
        questions(&model, &rules, &verdicts).len(),
    );
    println!("  effective access           {:8.2} ms", median(9, || effective(&model)));
    // What is done in several parts at once is told by the clock, and then in one part by the processor.
    let elapsed = |start: Instant| start.elapsed().as_secs_f64() * 1_000.0;
    let (mut clock, mut freeing): (Vec<f64>, Vec<f64>) = (0..9)
        .map(|_| {
            let start = Instant::now();
            let said = rules.judge(&model, &access, today, false).unwrap();
            let (time, start) = (elapsed(start), Instant::now());
            drop(said);
            (time, elapsed(start))
        })
        .unzip();
    clock.sort_by(f64::total_cmp);
    freeing.sort_by(f64::total_cmp);
    let (middle, best, freeing) = (clock[clock.len() / 2], clock[0], freeing[freeing.len() / 2]);
    println!(
        "  all rules, from cold       {middle:8.2} ms by the clock, {best:.2} at best (and {freeing:.2} to free it)"
    );
    let judge = || rules.judge_in(1, &model, &access, today, false).unwrap();
    println!("  the same, in one part      {:8.2} ms", median(9, judge));
    println!("  rank the questions         {:8.2} ms", median(9, || questions(&model, &rules, &verdicts)));
    if model.len() >= 1_000 {
        edits(&mut model, &rules, today);
    }
    // The rules that take the longest, each alone.
    let mut slowest: Vec<(f64, String)> = rule::shipped()
        .unwrap()
        .into_iter()
        .map(|rule| {
            let id = rule.id.clone();
            let alone = RuleSet::new(vec![rule]).unwrap();
            (median(3, || alone.judge_in(1, &model, &access, today, false).unwrap()), id)
        })
        .collect();
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let shown: Vec<String> = slowest.iter().take(8).map(|(time, id)| format!("{id} {time:.2}")).collect();
    println!("  each alone, the slowest    {}", shown.join(", "));
}

fn main() {
    println!("read and check {} rules     {:8.2} ms", rules().rules().count(), median(9, rules));
    measure("clinic", include_str!("../models/clinic.ron"));
    measure("freight", include_str!("../models/freight.ron"));
    for folder in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        for size in [1_000, 10_000] {
            let path = Path::new(&folder).join(format!("n{size}/model.json"));
            let neutral: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            measure(&format!("n{size}"), &translated(&neutral));
        }
    }
}
