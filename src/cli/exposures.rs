//! `sandtable exposures`: who can do what with which data, with the path that proves it.

use super::Format;
use super::output::{Outcome, complain, print, read_model, table};
use crate::analysis::access::{Access, Fact, Way, direct, effective};
use crate::analysis::exposure::{classes_of_fact, rank_of, totals};
use crate::model::facts::{Certainty, Fields, Limit, Operation, Rows};
use crate::model::text::{counted, nearest};
use crate::model::{ElementId, Model, Section, Slug};
use crate::store::ron::Loaded;
use anyhow::{Result, anyhow};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// List who can do what with which data, computed or as declared
///
/// The effective view follows inherited roles and relations; every fact names the grant and the place that says so.
///
/// JSON: {"facts": [{"role", "endpoint", "op", "dataset", "fields": "all" | [...] | null, "rows": "all" | "owner" |
/// "tenant" | "constant" | "predicate" | "none" | null, "rows_detail", "session_bound", "post_check", "limit",
/// "aggregates", "certainty", "via": [role, ...], "way", "grant", "source"}], "calls": [...], "conflicts": [...],
/// "totals": {...}, "unjudged": N}. A null is an unknown. "calls" are grants to call something that names no dataset.
///
/// With --min-class, facts on data without a class are not listed, but counted ("unjudged"); exit code 2 where there
/// are any.
///
/// Example: sandtable exposures models/payroll.ron --role viewer --format json
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// Only this role
    #[arg(long)]
    role: Option<String>,
    /// Only this dataset
    #[arg(long)]
    dataset: Option<String>,
    /// Only where this class or a higher one can be read
    #[arg(long, value_name = "CLASS")]
    min_class: Option<String>,
    /// Declared grants alone
    #[arg(long, conflicts_with = "effective")]
    direct: bool,
    /// Computed access (the default)
    #[arg(long)]
    effective: bool,
    /// Show the path that proves each fact
    #[arg(long)]
    why: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub fn run(args: Args) -> Result<Outcome> {
    let loaded = read_model(&args.model)?;
    let model = &loaded.model;
    let role = known(model, Section::Roles, args.role.as_deref())?;
    let dataset = known(model, Section::Datasets, args.dataset.as_deref())?;
    let least = match &args.min_class {
        None => None,
        Some(name) => {
            let rank = Slug::new(name).ok().and_then(|slug| rank_of(model, &slug));
            Some(rank.ok_or_else(|| anyhow!("there is no class `{name}` on the ladder of this model"))?)
        }
    };
    let mut access = if args.direct { direct(model) } else { effective(model) };
    let mut unjudged = 0;
    access.facts.retain(|fact| {
        let wanted = role.as_ref().is_none_or(|role| fact.role == *role)
            && dataset.as_ref().is_none_or(|dataset| fact.dataset.as_ref() == Some(dataset));
        let Some(least) = least.as_ref().filter(|_| wanted) else { return wanted };
        // A call names no data that could have a class.
        let classes = classes_of_fact(model, fact);
        let high = classes.highest.is_some_and(|rank| rank >= *least);
        unjudged += usize::from(!high && classes.has_unknown && fact.dataset.is_some());
        high
    });
    access.conflicts.retain(|conflict| {
        role.as_ref().is_none_or(|role| conflict.role == *role)
            && dataset.as_ref().is_none_or(|dataset| conflict.dataset.as_ref() == Some(dataset))
    });
    match args.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&to_json(&access, &loaded, unjudged))?;
            print(&format!("{text}\n"))?;
        }
        Format::Text => {
            print(&to_text(&access, &loaded, args.why))?;
        }
    }
    if unjudged == 0 {
        return Ok(Outcome::Good);
    }
    let facts = counted(unjudged, "fact");
    let were = if unjudged == 1 { "was" } else { "were" };
    complain(&format!("{facts} on datasets or fields without a class {were} not judged"));
    Ok(Outcome::Unjudged)
}

/// The slug that a person named, if the model has it.
fn known(model: &Model, section: Section, name: Option<&str>) -> Result<Option<Slug>> {
    let Some(name) = name else { return Ok(None) };
    if model.has(section, name) {
        return Ok(Some(Slug::new(name)?));
    }
    let slugs: Vec<&str> = model.slugs(section).map(Slug::as_str).collect();
    let hint = nearest(name, slugs.iter().copied()).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Err(anyhow!("there is no {} `{name}`{hint}", section.noun()))
}

fn to_json(access: &Access, loaded: &Loaded, unjudged: usize) -> Value {
    let (facts, calls): (Vec<&Fact>, Vec<&Fact>) = access.iter().partition(|fact| fact.dataset.is_some());
    let conflicts: Vec<Value> = access
        .conflicts
        .iter()
        .map(|conflict| {
            json!({
                "role": conflict.role.as_str(),
                "op": conflict.op.word(),
                "dataset": conflict.dataset.as_ref().map(Slug::as_str),
                "grants": conflict.grants.iter().map(Slug::as_str).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "facts": facts.iter().map(|fact| fact_json(fact, loaded)).collect::<Vec<_>>(),
        "calls": calls.iter().map(|fact| fact_json(fact, loaded)).collect::<Vec<_>>(),
        "conflicts": conflicts,
        "totals": totals_json(access),
        "unjudged": unjudged,
    })
}

fn fact_json(fact: &Fact, loaded: &Loaded) -> Value {
    let fields = match &fact.fields {
        None => Value::Null,
        Some(Fields::All) => json!("all"),
        Some(Fields::Only(names)) => json!(names.iter().map(|name| name.as_str()).collect::<Vec<_>>()),
    };
    let limit = match fact.limit {
        None => Value::Null,
        Some(Limit::Unlimited) => json!("unlimited"),
        Some(Limit::AtMost(count)) => json!(count),
    };
    let way = match &fact.way {
        Way::Direct => json!("direct"),
        Way::Blocked => json!("blocked"),
        Way::Through(steps) => {
            json!(steps.iter().map(|(dataset, relation)| format!("{dataset}.{relation}")).collect::<Vec<_>>())
        }
    };
    let source = match (&fact.source, loaded.line_of(&ElementId::new(Section::Grants, fact.grant.clone()))) {
        (Some(source), _) => json!({"file": source.file.as_str(), "line": source.line}),
        // A grant that a person declared is said by the model file itself.
        (None, line) => json!({"file": Value::Null, "line": line}),
    };
    json!({
        "role": fact.role.as_str(),
        "endpoint": fact.endpoint.as_str(),
        "op": fact.op.word(),
        "dataset": fact.dataset.as_ref().map(Slug::as_str),
        "fields": fields,
        "rows": fact.rows.as_ref().map(Rows::word),
        "rows_detail": fact.rows.as_ref().and_then(Rows::detail),
        "session_bound": fact.rows.as_ref().map(Rows::is_session_bound),
        "post_check": fact.post_check.as_ref().map(post_check_json),
        "limit": limit,
        "aggregates": fact.aggregates,
        "presets": fact.presets.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        "backend_only": fact.backend_only,
        "certainty": fact.certainty.map(Certainty::word),
        "via": fact.via.iter().map(Slug::as_str).collect::<Vec<_>>(),
        "way": way,
        "grant": fact.grant.as_str(),
        "source": source,
    })
}

fn post_check_json(check: &crate::model::facts::PostCheck) -> Value {
    use crate::model::facts::PostCheck;
    match check {
        PostCheck::Missing => json!("missing"),
        PostCheck::Must(rows) => {
            json!({"rows": rows.word(), "rows_detail": rows.detail(), "session_bound": rows.is_session_bound()})
        }
    }
}

fn totals_json(access: &Access) -> Value {
    let totals = totals(access.iter());
    let mut by_op = Map::new();
    for (op, counts) in &totals.by_op {
        by_op.insert(
            op.word().into(),
            json!({
                "facts": counts.facts,
                "all_fields": counts.all_fields,
                "rows": counts.rows,
                "unlimited": counts.unlimited,
                "aggregates": counts.aggregates,
            }),
        );
    }
    let readable: Map<String, Value> =
        totals.readable_by_role.iter().map(|(role, count)| (role.to_string(), json!(count))).collect();
    json!({"facts": totals.facts, "by_op": by_op, "readable_datasets_by_role": readable})
}

fn to_text(access: &Access, loaded: &Loaded, why: bool) -> String {
    if access.facts.is_empty() && access.conflicts.is_empty() {
        return "no fact matches: nobody can do that, as far as the model says\n".into();
    }
    let row = |fact: &Fact| {
        vec![
            fact.role.to_string(),
            fact.op.word().to_owned(),
            fact.dataset.as_ref().map_or_else(|| format!("({})", fact.endpoint), Slug::to_string),
            fields_text(fact),
            rows_text(fact),
            note(fact),
        ]
    };
    let rows: Vec<Vec<String>> = access.iter().map(row).collect();
    let table = table(&["ROLE", "OP", "DATASET", "FIELDS", "ROWS", "BECAUSE"], &rows);
    let mut lines = table.lines();
    let mut out = format!("{}\n", lines.next().unwrap_or_default());
    for (line, fact) in lines.zip(&access.facts) {
        out.push_str(line);
        out.push('\n');
        for step in proof(fact, loaded).into_iter().filter(|_| why) {
            out.push_str(&format!("    {step}\n"));
        }
    }
    let totals = totals(access.iter());
    let ops: Vec<String> = totals.by_op.iter().map(|(op, counts)| format!("{} {}", op.word(), counts.facts)).collect();
    out.push_str(&format!("\n{}: {}\n", counted(totals.facts, "fact"), ops.join(", ")));
    for conflict in &access.conflicts {
        let dataset = conflict.dataset.as_ref().map(Slug::to_string).unwrap_or_default();
        let op = conflict.op.word();
        out.push_str(&format!("{} inherits no {op} of {dataset}: the roles above disagree\n", conflict.role));
    }
    out
}

fn rows_text(fact: &Fact) -> String {
    match &fact.rows {
        Some(rows) if matches!(fact.way, Way::Through(_)) => format!("{rows}, where joined"),
        Some(rows) => rows.to_string(),
        // A call has no rows.
        None if fact.dataset.is_none() => "-".into(),
        None => "rows unknown".into(),
    }
}

fn fields_text(fact: &Fact) -> String {
    match &fact.fields {
        // What takes whole rows, or calls something, has no fields.
        None if matches!(fact.op, Operation::Delete | Operation::Execute) => "-".into(),
        None => "unknown".into(),
        Some(Fields::All) => "all".into(),
        Some(Fields::Only(names)) if names.len() > 4 => format!("{} fields", names.len()),
        Some(Fields::Only(names)) => names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "),
    }
}

fn note(fact: &Fact) -> String {
    let mut words = vec![fact.via.iter().map(Slug::as_str).collect::<Vec<_>>().join(" < ")];
    match &fact.way {
        Way::Direct => {}
        Way::Through(_) => words.push("through relations".into()),
        Way::Blocked => words.push("no way in".into()),
    }
    words.join(", ")
}

fn proof(fact: &Fact, loaded: &Loaded) -> Vec<String> {
    let mut lines = vec![format!("grant {}", fact.grant)];
    if let Way::Through(steps) = &fact.way {
        let path: Vec<String> = steps.iter().map(|(dataset, relation)| format!("{dataset}.{relation}")).collect();
        lines.push(format!("by {}", path.join(" > ")));
    }
    let line = loaded.line_of(&ElementId::new(Section::Grants, fact.grant.clone()));
    match (&fact.source, line) {
        (Some(source), _) => lines.push(format!("at {source}")),
        (None, Some(line)) => lines.push(format!("at line {line} of the model")),
        (None, None) => {}
    }
    lines
}
