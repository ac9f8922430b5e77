//! `sandtable threats`, `sandtable explain` and `sandtable questions`: what the rules say of a model, why, and what to
//! find out next.

use super::Format;
use super::output::{Outcome, print, read_model, table};
use super::rules::{Own, known};
use crate::analysis::access::{Access, effective};
use crate::analysis::condition::{Answer, Missing};
use crate::analysis::evidence::{Circumstances, Looks, Object};
use crate::analysis::questions::{Question, SetAside, asked_of, questions};
use crate::analysis::team::{self, Raised, raised};
use crate::analysis::threats::{self, Place, RuleSet, Verdict};
use crate::app::threats::{decision_words, detail, missing_words, place_words, team_detail};
use crate::model::facts::Day;
use crate::model::question::{Reply, replies, sentence, way_to};
use crate::model::reference::Target;
use crate::model::text::{counted, nearest};
use crate::model::{ElementId, Model, Section};
use crate::store::evidence::look_around;
use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use std::path::PathBuf;

/// List what the rules find in a model
///
/// A rule fires, is answered by a control or by what the model says, does not apply, or can not be judged since a fact
/// is missing; what is out of scope is listed with its reason. A control whose evidence has run out, is gone, changed or
/// fails answers nothing: what it answered is open again. Only what fires is listed, and how much there is of the
/// rest; --all lists everything but what does not apply.
///
/// JSON: {"threats": [{"id", "rule", "title", "place", "elements": [...], "outcome": "fires" | "answered" | "unknown" |
/// "decided" | "out_of_scope", "controls": [...], "missing": [{"element", "field"}], "reason", "reopened": {"decision",
/// "why"}, "fallen": [{"control", "why"}], "likelihood", "impact"}], "raised": [{"id", "title", "element", "category",
/// "outcome", "reopened", "likelihood", "impact"}],
/// "totals": {"fires", "answered", "decided", "unknown", "out_of_scope"}}
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable threats models/clinic.ron\n  sandtable threats models/clinic.ron --element patients --all"
)]
pub struct ThreatArgs {
    /// The model file
    model: PathBuf,
    /// Only this rule; `team` for what the team raised
    #[arg(long)]
    rule: Option<String>,
    /// Only what touches this element: its slug, or section:slug
    #[arg(long)]
    element: Option<String>,
    /// What is answered, unknown or out of scope as well
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    own: Own,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Show why a rule says what it says of an element
///
/// Every part of the rule's conditions with its answer, and the facts that are missing where it is unknown.
///
/// JSON: {"verdicts": [{as in the list of threats, and "applies": [{"part", "answer", "missing": [{"element", "field"}]}],
/// "unless": [...]}]}
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sandtable explain models/clinic.ron LC-102 patients")]
pub struct ExplainArgs {
    /// The model file
    model: PathBuf,
    /// The rule
    rule: String,
    /// The element: its slug, or section:slug
    element: String,
    #[command(flatten)]
    own: Own,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// List what to find out next, what decides most first
///
/// Every fact that a rule needs and nobody gave. The weight is the sum, over the verdicts that wait for it, of
/// likelihood × impact divided by the number of facts that the verdict waits for; an unknown impact counts as the
/// highest.
///
/// JSON: {"questions": [{"element", "field", "question", "answers": [{"ron", "label", "doc"}], "weight", "decides": [rule, ...],
/// "asked_of": person or null, "aside": "parked", "assigned" or null}]}; where there is no answer to choose it is typed
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sandtable questions models/clinic.ron --limit 20\n  sandtable questions models/clinic.ron --person data-steward"
)]
pub struct QuestionArgs {
    /// The model file
    model: PathBuf,
    /// Only of this element: its slug, or section:slug
    #[arg(long)]
    element: Option<String>,
    /// Only those that this person was given, or answers for: a slug of `people`
    #[arg(long)]
    person: Option<String>,
    /// Only those that were put aside: in the parking lot, or given to somebody
    #[arg(long)]
    aside: bool,
    /// At most so many
    #[arg(long, default_value = "40")]
    limit: usize,
    #[command(flatten)]
    own: Own,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The element that a person named.
fn element(model: &Model, name: &str) -> Result<ElementId> {
    model.resolve(Target::Any, name).ok_or_else(|| {
        let links: Vec<String> = model.ids().map(|id| id.any_link()).collect();
        let meant = nearest(name, links.iter().map(String::as_str));
        let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        anyhow!("there is no element `{name}`{hint} (a node by its slug, anything else as section:slug)")
    })
}

struct Judged {
    model: Model,
    access: Access,
    rules: RuleSet,
    verdicts: Vec<Verdict>,
    team: Vec<Raised>,
    today: Option<Day>,
    looks: Option<Looks>,
}

/// Asks the rules. Evidence is looked at where the model lies in a workspace; elsewhere its dates alone count.
fn judge(path: &std::path::Path, own: &Own, all: bool) -> Result<Judged> {
    let rules = own.files.rules(Some(path))?;
    let model = read_model(path)?.model;
    let access = effective(&model);
    let looks = look_around(path, &Object::all(&model));
    let circumstances = Circumstances { today: own.today.day(), looks: looks.as_ref() };
    let verdicts = rules.judge(&model, &access, circumstances, all)?;
    let team = raised(&model, circumstances);
    let today = own.today.day();
    Ok(Judged { model, access, rules, verdicts, team, today, looks })
}

pub fn threats(args: ThreatArgs) -> Result<Outcome> {
    let Judged { model, rules, mut verdicts, mut team, .. } = judge(&args.model, &args.own, false)?;
    if let Some(rule) = &args.rule {
        if rule != team::RULE {
            known(&rules, rule)?;
        }
        verdicts.retain(|verdict| rules.rule(verdict.rule).id == *rule);
    }
    if let Some(name) = &args.element {
        let id = element(&model, name)?;
        verdicts.retain(|verdict| verdict.place.elements().contains(&id));
    }
    if let Some(name) = &args.element {
        let id = element(&model, name)?;
        team.retain(|raised| raised.about.as_ref() == Some(&id));
    }
    team.retain(|_| args.rule.as_deref().is_none_or(|rule| rule == team::RULE));
    let outcomes = || verdicts.iter().map(|verdict| &verdict.outcome).chain(team.iter().map(|raised| &raised.outcome));
    let count = |word: &str| outcomes().filter(|outcome| outcome.word() == word).count();
    let words = ["fires", "answered", "decided", "unknown", "out_of_scope"];
    let totals: Vec<(&str, usize)> = words.iter().map(|word| (*word, count(word))).collect();
    team.retain(|raised| args.all || raised.outcome == threats::Outcome::Fires);
    verdicts.retain(|verdict| args.all || verdict.outcome == threats::Outcome::Fires);
    // The worst first; what is equally bad stays in the order of the rules.
    let risk =
        |verdict: &Verdict| u32::from(rules.rule(verdict.rule).likelihood) * u32::from(verdict.impact.unwrap_or(0));
    verdicts.sort_by_key(|verdict| std::cmp::Reverse(risk(verdict)));
    match args.format {
        Format::Json => {
            let list: Vec<Value> = verdicts.iter().map(|verdict| to_json(&model, &rules, verdict)).collect();
            let totals: serde_json::Map<String, Value> =
                totals.into_iter().map(|(word, count)| (word.to_owned(), json!(count))).collect();
            print(&format!(
                "{}\n",
                serde_json::to_string_pretty(&json!({
                    "threats": list,
                    "raised": team.iter().map(|raised| team_json(&model, raised)).collect::<Vec<_>>(),
                    "totals": totals,
                }))?
            ))
        }
        Format::Text => {
            let row = |raised: &Raised| {
                let id = ElementId::new(Section::Threats, raised.slug.clone());
                vec![
                    raised.outcome.word().replace('_', " "),
                    team::RULE.to_owned(),
                    raised.about.as_ref().map_or_else(String::new, ElementId::any_link),
                    format!("{} {}", model.title_of(&id), team_detail(&model, raised)).trim_end().to_owned(),
                ]
            };
            let rows: Vec<Vec<String>> = team
                .iter()
                .map(row)
                .chain(verdicts.iter().map(|verdict| {
                    let rule = rules.rule(verdict.rule);
                    vec![
                        verdict.outcome.word().replace('_', " "),
                        rule.id.clone(),
                        place_words(&model, &verdict.place),
                        format!("{}{}", rule.title, detail(&model, verdict)),
                    ]
                }))
                .collect();
            let mut text = if rows.is_empty() { String::new() } else { table(&["", "rule", "where", "what"], &rows) };
            let totals: Vec<String> =
                totals.iter().map(|(word, count)| format!("{count} {}", word.replace('_', " "))).collect();
            text.push_str(&format!("{}{}\n", if rows.is_empty() { "" } else { "\n" }, totals.join(", ")));
            print(&text)
        }
    }
}

fn team_json(model: &Model, raised: &Raised) -> Value {
    let threat = &model.threats[&raised.slug];
    json!({
        "id": format!("{}@threats:{}", team::RULE, raised.slug),
        "title": threat.title.as_str(),
        "element": raised.about.as_ref().map(ElementId::any_link),
        "category": threat.category.map(|category| category.name()),
        "outcome": raised.outcome.word(),
        "reopened": raised.reopened.as_ref().map(|(slug, why)| json!({"decision": slug.as_str(), "why": why})),
        "likelihood": threat.likelihood.map(|level| level.value()),
        "impact": threat.impact.map(|level| level.value()),
    })
}

fn to_json(model: &Model, rules: &RuleSet, verdict: &Verdict) -> Value {
    let rule = rules.rule(verdict.rule);
    let place = verdict.place.name(model);
    let (controls, missing, reason) = match &verdict.outcome {
        threats::Outcome::Answered(controls) => (controls.as_slice(), &[][..], None),
        threats::Outcome::Unknown(missing) => (&[][..], missing.as_slice(), None),
        threats::Outcome::OutOfScope(why) => (&[][..], &[][..], Some(why.clone())),
        threats::Outcome::Decided(slug) => (&[][..], &[][..], Some(decision_words(model, slug))),
        threats::Outcome::Fires | threats::Outcome::NotApplicable => (&[][..], &[][..], None),
    };
    json!({
        "id": format!("{}@{place}", rule.id),
        "rule": rule.id,
        "title": rule.title,
        "place": place,
        "elements": verdict.place.elements().iter().map(ElementId::any_link).collect::<Vec<_>>(),
        "outcome": verdict.outcome.word(),
        "controls": controls.iter().map(|slug| slug.as_str()).collect::<Vec<_>>(),
        "missing": missing_to_json(missing),
        "reason": reason,
        "reopened": verdict.reopened().map(|(slug, why)| json!({"decision": slug.as_str(), "why": why})),
        "fallen": verdict.fallen().iter().map(|(slug, why)| json!({"control": slug.as_str(), "why": why})).collect::<Vec<_>>(),
        "likelihood": rule.likelihood,
        "impact": verdict.impact,
    })
}

fn missing_to_json(missing: &[Missing]) -> Value {
    missing.iter().map(|fact| json!({"element": fact.element.any_link(), "field": fact.field})).collect()
}

fn part_to_json((part, answer): &(String, Answer)) -> Value {
    let (word, missing) = match answer {
        Answer::Yes => ("yes", &[][..]),
        Answer::No => ("no", &[][..]),
        Answer::Unknown(missing) => ("unknown", missing.as_slice()),
    };
    json!({"part": part, "answer": word, "missing": missing_to_json(missing)})
}

pub fn explain(args: ExplainArgs) -> Result<Outcome> {
    let Judged { model, access, rules, verdicts, today, looks, .. } = judge(&args.model, &args.own, true)?;
    let circumstances = Circumstances { today, looks: looks.as_ref() };
    let rule = known(&rules, &args.rule)?.clone();
    let id = element(&model, &args.element)?;
    let about: Vec<&Verdict> = verdicts
        .iter()
        .filter(|verdict| rules.rule(verdict.rule).id == rule.id && verdict.place.elements().contains(&id))
        .collect();
    if about.is_empty() {
        return Err(anyhow!("{} asks of every {}, and {} is none and in none", rule.id, rule.about.name(), id));
    }
    let mut text = format!("{} {}\n{}\n", rule.id, rule.title, rule.because);
    // What fires is what people come for; what does not apply comes last.
    let mut about = about;
    about.sort_by_key(|verdict| match verdict.outcome {
        threats::Outcome::Fires => 0,
        threats::Outcome::Unknown(_) => 1,
        threats::Outcome::Answered(_) => 2,
        threats::Outcome::Decided(_) => 3,
        threats::Outcome::OutOfScope(_) => 4,
        threats::Outcome::NotApplicable => 5,
    });
    if args.format == Format::Json {
        let mut list = Vec::new();
        for verdict in about {
            let proof = rules.explain(&model, &access, circumstances, verdict)?;
            let mut value = to_json(&model, &rules, verdict);
            value["applies"] = proof.applies.iter().map(part_to_json).collect();
            value["unless"] = proof.unless.iter().map(part_to_json).collect();
            list.push(value);
        }
        return print(&format!("{}\n", serde_json::to_string_pretty(&json!({"verdicts": list}))?));
    }
    for verdict in about {
        let proof = rules.explain(&model, &access, circumstances, verdict)?;
        let word = verdict.outcome.word().replace('_', " ");
        text.push_str(&format!("\n{}: {word}{}\n", place_words(&model, &verdict.place), detail(&model, verdict)));
        if let Place::Exposure { grant, .. } = &*verdict.place {
            let source = model.grants.get(grant).and_then(|grant| grant.source.as_ref());
            let source = source.map_or(String::new(), |source| format!(", {source}"));
            text.push_str(&format!("  by the grant {grant}{source}\n"));
        }
        for (name, parts) in [("applies", &proof.applies), ("unless", &proof.unless)] {
            for (part, answer) in parts {
                let answer = match answer {
                    Answer::Yes => "yes".to_owned(),
                    Answer::No => "no".to_owned(),
                    Answer::Unknown(missing) => {
                        let missing: Vec<String> = missing.iter().map(|fact| missing_words(&model, fact)).collect();
                        format!("unknown: {}", missing.join("; "))
                    }
                };
                text.push_str(&format!("  {name}  {part}\n           {answer}\n"));
            }
        }
        if verdict.outcome == threats::Outcome::Fires {
            text.push_str(&format!("  {}\n", rule.answer));
        }
    }
    print(&text)
}

pub fn ask(args: QuestionArgs) -> Result<Outcome> {
    let Judged { model, rules, verdicts, .. } = judge(&args.model, &args.own, false)?;
    let mut found = questions(&model, &rules, &verdicts);
    if let Some(name) = &args.element {
        let id = element(&model, name)?;
        found.retain(|question| question.missing.element == id);
    }
    if let Some(name) = &args.person {
        let id = element(&model, &format!("people:{name}"))?;
        found.retain(|question| asked_of(&model, question).as_ref() == Some(&id.slug));
    }
    let parked = |question: &Question| matches!(question.set_aside, Some(SetAside::Parked(_)));
    match args.aside {
        true => found.retain(|question| question.set_aside.is_some()),
        false => found.retain(|question| !parked(question)),
    }
    let all = found.len();
    found.truncate(args.limit);
    let decided = |question: &Question| {
        let mut ids: Vec<&str> = question.decides.iter().map(|at| rules.rule(verdicts[*at].rule).id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let asked = |question: &Question| sentence(&model, &question.missing.element, &question.missing.field);
    let offered = |question: &Question| {
        let way = way_to(&model, &question.missing.element, &question.missing.field);
        let all = way.map_or(Vec::new(), |(_, _, kind)| replies(&model, &kind));
        let json = |reply: &Reply| json!({"ron": reply.ron, "label": reply.label, "doc": reply.doc});
        all.iter().map(json).collect::<Vec<_>>()
    };
    match args.format {
        Format::Json => {
            let list: Vec<Value> = found
                .iter()
                .map(|question| {
                    json!({
                        "element": question.missing.element.any_link(),
                        "field": question.missing.field,
                        "question": asked(question),
                        "answers": offered(question),
                        "weight": f64::from(question.weight) / 10.0,
                        "decides": decided(question),
                        "asked_of": asked_of(&model, question).map(|slug| slug.to_string()),
                        "aside": question.set_aside.as_ref().map(|aside| match aside {
                            SetAside::Parked(_) => "parked",
                            SetAside::Assigned(..) => "assigned",
                        }),
                    })
                })
                .collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&json!({"questions": list}))?))
        }
        Format::Text => {
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|question| {
                    vec![
                        format!("{:.1}", f64::from(question.weight) / 10.0),
                        asked(question),
                        counted(question.decides.len(), "verdict"),
                        decided(question).join(" "),
                    ]
                })
                .collect();
            let mut text = table(&["weight", "question", "decides", "rules"], &rows);
            if all > found.len() {
                text.push_str(&format!("\n{} more (--limit)\n", all - found.len()));
            }
            print(&text)
        }
    }
}
