//! How long all shipped rules take: to be read and checked, and on models of 1,000 and 10,000 elements from cold and
//! after one edit.
//!
//! The models are the neutral ones of a generator that is not part of the project (`gen_dfd.py` of the yardsticks, of
//! which other tools get the same): `python3 gen_dfd.py --out DIR 1000 10000`, then `cargo bench --bench rules -- DIR`.
//! Every flow from an endpoint to a datastore is a grant to read and one to change for two roles; every datastore has six
//! fields. Without DIR, the bundled models alone are judged.
#![allow(clippy::unwrap_used, missing_docs)]

use sandtable::analysis::access::effective;
use sandtable::analysis::questions::questions;
use sandtable::analysis::threats::{Outcome, RuleSet};
use sandtable::library::rule;
use sandtable::model::Model;
use sandtable::store::ron::load;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
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

/// The median of the times of some runs, in milliseconds.
fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn rules() -> RuleSet {
    RuleSet::new(rule::shipped().unwrap()).unwrap()
}

fn measure(name: &str, text: &str) {
    let loaded = load(text).unwrap();
    assert!(!loaded.has_errors(), "{:?}", &loaded.diagnostics[..3.min(loaded.diagnostics.len())]);
    let model: Model = loaded.model;
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
    println!("  effective access           {:8.2} ms", median(9, || drop(effective(&model))));
    let judge = || drop(rules.judge(&model, &access, today, false).unwrap());
    println!("  all rules, from cold       {:8.2} ms", median(9, judge));
    println!("  rank the questions         {:8.2} ms", median(9, || drop(questions(&model, &rules, &verdicts))));
    // The rules that take the longest, each alone.
    let mut slowest: Vec<(f64, String)> = rule::shipped()
        .unwrap()
        .into_iter()
        .map(|rule| {
            let id = rule.id.clone();
            let alone = RuleSet::new(vec![rule]).unwrap();
            (median(3, || drop(alone.judge(&model, &access, today, false).unwrap())), id)
        })
        .collect();
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let shown: Vec<String> = slowest.iter().take(8).map(|(time, id)| format!("{id} {time:.2}")).collect();
    println!("  each alone, the slowest    {}", shown.join(", "));
}

fn main() {
    println!("read and check {} rules     {:8.2} ms", rules().rules().count(), median(9, || drop(rules())));
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
