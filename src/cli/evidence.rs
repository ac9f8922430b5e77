//! `sandtable evidence`: what speaks for and against each control, whether it still does, and new evidence.

use super::Format;
use super::output::{Outcome, complain, print, read_file, read_model};
use super::today::Today;
use crate::analysis::evidence::{Circumstances, Controls, Looks, Object, Standing, State, Weighed};
use crate::model::edit::{Edit, set_evidence};
use crate::model::facts::Day;
use crate::model::text::{counted, nearest};
use crate::model::threats::{Control, Evidence, EvidenceKind, Strength};
use crate::model::{Model, Section, Slug, Text};
use crate::store::document::save_woven;
use crate::store::evidence::{Root, named_report};
use crate::store::workspace::root_of_evidence;
use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// List the controls with their evidence, or add evidence
///
/// What is in trouble comes first. Without --verify the dates alone are judged. With it files are hashed, tests are looked
/// up in JUnit reports, and commits in the repository; paths are relative to the root of the git repository around the
/// model, or to the folder that holds models/. Links are never followed.
///
/// Exit code 1 where the evidence of a control that is in place is missing, changed, failed, skipped, has run out or
/// speaks against it; with --verify 2 where some of it could not be checked.
///
/// JSON: {"evidence": [{"control", "title", "status", "owner", "state": "fallen" | "declared_only" | "in_place" |
/// "not_in_place", "why", "effectiveness", "share", "credited", "pieces": [{"kind", "at", "report", "standing": "good" |
/// "expires_soon" | "stale" | "missing" | "changed" | "failed" | "skipped" | "refutes" | "not_checked" |
/// "cannot_be_checked", "says", "carried", "strength", "checked_on", "valid_until", "by", "note"}]}], "totals":
/// {"fallen", "declared_only", "in_place", "not_in_place"}}
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = false,
    after_help = "Examples:\n  sandtable evidence models/clinic.ron\n  sandtable evidence models/clinic.ron --verify --junit target/junit.xml\n  sandtable evidence models/clinic.ron add own-rows-only --file docs/rows-test.md --by developer \\\n      --strength tested --valid-until 2027-05-31"
)]
pub struct Args {
    /// The model file
    model: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
    /// Look at files, reports and commits as well
    #[arg(long)]
    verify: bool,
    /// A JUnit report in which tests are looked up as well; may be given again
    #[arg(long, value_name = "FILE", requires = "verify")]
    junit: Vec<PathBuf>,
    /// Only this control
    #[arg(long)]
    control: Option<String>,
    #[command(flatten)]
    today: Today,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(AddArgs),
}

/// Add a piece of evidence to a control
///
/// Of a file the SHA-256 is computed and written down, so that a change of it is noticed. Evidence of the same kind and
/// place is renewed. Comments in the model stay.
///
/// Example: sandtable evidence models/clinic.ron add own-rows-only --file docs/rows-test.md --strength tested
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// The control
    control: String,
    #[command(flatten)]
    what: What,
    /// The JUnit report in which the test is found; a path in the repository
    #[arg(long, value_name = "PATH", requires = "test")]
    report: Option<String>,
    /// How much it shows
    #[arg(long, value_enum)]
    strength: Option<Shows>,
    /// It speaks against the control
    #[arg(long)]
    refutes: bool,
    /// The day after which it counts no more
    #[arg(long, value_name = "DAY")]
    valid_until: Option<Day>,
    /// Who looked, as the model names people
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// What was seen
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    today: Today,
}

/// What the evidence is: one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// A file in the repository
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A test, as suite::case or as its report writes it
    #[arg(long, value_name = "NAME")]
    test: Option<String>,
    /// A commit, or a tag
    #[arg(long, value_name = "NAME")]
    commit: Option<String>,
    /// An address; it is never fetched
    #[arg(long, value_name = "ADDRESS")]
    link: Option<String>,
    /// A review by people: which
    #[arg(long, value_name = "NAME")]
    review: Option<String>,
    /// A drill: which
    #[arg(long, value_name = "NAME")]
    drill: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Shows {
    /// Talked about
    Discussed,
    /// Shown once
    Demonstrated,
    /// Tested
    Tested,
}

pub fn run(args: Args) -> Result<Outcome> {
    if let Some(Command::Add(add)) = &args.command {
        return run_add(&args.model, add);
    }
    let model = read_model(&args.model)?.model;
    let only = args.control.as_deref().map(|name| known(&model, Section::Controls, name)).transpose()?;
    let looks = if args.verify { look(&args.model, &model, &args.junit)? } else { None };
    let controls = Controls::new(&model, Circumstances { today: args.today.day(), looks: looks.as_ref() });
    let mut listed: Vec<(&Slug, &Control, &Weighed)> = controls
        .iter()
        .filter(|(slug, _)| only.as_ref().is_none_or(|only| only == *slug))
        .filter_map(|(slug, weighed)| Some((slug, model.controls.get(slug)?, weighed)))
        .collect();
    listed.sort_by(|(_, _, one), (_, _, two)| (&one.state, one.worst()).cmp(&(&two.state, two.worst())));
    match args.format {
        Format::Json => {
            let list: Vec<Value> =
                listed.iter().map(|(slug, control, weighed)| to_json(slug, control, weighed)).collect();
            let json = json!({"evidence": list, "totals": {
                "fallen": count(&listed, "fallen"),
                "declared_only": count(&listed, "declared_only"),
                "in_place": count(&listed, "in_place"),
                "not_in_place": count(&listed, "not_in_place"),
            }});
            print(&format!("{}\n", serde_json::to_string_pretty(&json)?))?;
        }
        Format::Text => {
            print(&text(&listed))?;
        }
    }
    let counted_on = || listed.iter().filter(|(_, _, weighed)| weighed.state != State::NotInPlace);
    let open = |weighed: &Weighed| {
        weighed.pieces.iter().any(|piece| {
            let is_open = matches!(piece.standing, Standing::CannotBeChecked(_) | Standing::NotChecked);
            is_open && !piece.is_carried
        })
    };
    Ok(if counted_on().any(|(_, _, weighed)| matches!(weighed.state, State::Fallen(_))) {
        Outcome::Closed
    } else if args.verify && counted_on().any(|(_, _, weighed)| open(weighed)) {
        Outcome::Unjudged
    } else {
        Outcome::Good
    })
}

fn count(listed: &[(&Slug, &Control, &Weighed)], word: &str) -> usize {
    listed.iter().filter(|(_, _, weighed)| weighed.state.word() == word).count()
}

/// The element of a section that a person named.
fn known(model: &Model, section: Section, name: &str) -> Result<Slug> {
    model.slugs(section).find(|slug| slug.as_str() == name).cloned().ok_or_else(|| {
        let meant = nearest(name, model.slugs(section).map(|slug| slug.as_str()));
        let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        anyhow!("there is no {} `{name}`{hint}", section.noun())
    })
}

/// Looks at the evidence. Where the model lies in no workspace nothing is looked at, and that is said.
fn look(path: &Path, model: &Model, junit: &[PathBuf]) -> Result<Option<Looks>> {
    let mut reports = Vec::new();
    for path in junit {
        reports.push((path.clone(), named_report(path).map_err(|why| anyhow!("{why}"))?));
    }
    let objects = Object::all(model);
    match root_of_evidence(path) {
        Some(root) => Ok(Some(Root::new(root).look(&objects, &reports))),
        None if objects.is_empty() => Ok(Some(Looks::new())),
        None => {
            complain(&format!(
                "sandtable: {} lies in no workspace (a git repository, or a folder with models/): nothing was looked at",
                path.display()
            ));
            Ok(None)
        }
    }
}

fn text(listed: &[(&Slug, &Control, &Weighed)]) -> String {
    let mut text = String::new();
    for (slug, control, weighed) in listed {
        let owner = control.owner.as_ref().map_or("nobody".to_owned(), |owner| owner.to_string());
        let status = control.status.map_or("status unknown".to_owned(), |status| status.name().to_lowercase());
        text.push_str(&format!("{}  {slug}  {}\n", weighed.state.word().replace('_', " "), control.title));
        let credited = match (control.effectiveness, weighed.credited) {
            (Some(whole), Some(credited)) => format!("{credited} of {} % credited", whole.value()),
            _ => "effectiveness unknown".to_owned(),
        };
        text.push_str(&format!("    {status}, owner {owner}, {credited}\n"));
        if let State::Fallen(why) = &weighed.state {
            text.push_str(&format!("    answers nothing: {why}\n"));
        }
        for (evidence, piece) in control.evidence.iter().zip(&weighed.pieces) {
            let kind = evidence.kind.map_or("?".to_owned(), |kind| kind.name().to_lowercase());
            let carried = if piece.is_carried { " (other evidence carries it)" } else { "" };
            let line = format!("    - {kind} {}: {}{carried}", evidence.at, piece.standing.words());
            text.push_str(&line.replace('\n', " "));
            text.push('\n');
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!(
        "{}: {} in place, {} declared only, {} fallen, {} not in place\n",
        counted(listed.len(), "control"),
        count(listed, "in_place"),
        count(listed, "declared_only"),
        count(listed, "fallen"),
        count(listed, "not_in_place"),
    ));
    text
}

fn to_json(slug: &Slug, control: &Control, weighed: &Weighed) -> Value {
    let pieces: Vec<Value> = control
        .evidence
        .iter()
        .zip(&weighed.pieces)
        .map(|(evidence, piece)| {
            json!({
                "kind": evidence.kind.map(|kind| kind.name().to_lowercase()),
                "at": evidence.at.as_str(),
                "report": evidence.report.as_ref().map(Text::as_str),
                "standing": piece.standing.word(),
                "says": piece.standing.words(),
                "carried": piece.is_carried,
                "strength": evidence.strength.map(|strength| strength.name().to_lowercase()),
                "checked_on": evidence.checked_on.map(|day| day.to_string()),
                "valid_until": evidence.valid_until.map(|day| day.to_string()),
                "by": evidence.by.as_ref().map(|by| by.slug().as_str()),
                "note": evidence.note.as_str(),
            })
        })
        .collect();
    json!({
        "control": slug.as_str(),
        "title": control.title.as_str(),
        "status": control.status.map(|status| status.name().to_lowercase()),
        "owner": control.owner.as_ref().map(|owner| owner.slug().as_str()),
        "state": weighed.state.word(),
        "why": match &weighed.state { State::Fallen(why) => Some(why), _ => None },
        "effectiveness": control.effectiveness.map(|share| share.value()),
        "share": weighed.share,
        "credited": weighed.credited,
        "pieces": pieces,
    })
}

fn run_add(path: &Path, args: &AddArgs) -> Result<Outcome> {
    let (file, loaded) = read_file(path)?;
    let control = known(&loaded.model, Section::Controls, &args.control)?;
    let by = args.by.as_deref().map(|name| known(&loaded.model, Section::People, name)).transpose()?;
    let what = &args.what;
    let mut sha256 = None;
    let (kind, at) = match what {
        What { file: Some(named), .. } => {
            let (at, sum) = hashed(path, named)?;
            sha256 = Some(Text::new(&sum));
            (EvidenceKind::File, at)
        }
        What { test: Some(name), .. } => (EvidenceKind::Test, name.clone()),
        What { commit: Some(name), .. } => (EvidenceKind::Commit, name.clone()),
        What { link: Some(name), .. } => (EvidenceKind::Link, name.clone()),
        What { review: Some(name), .. } => (EvidenceKind::Review, name.clone()),
        What { drill: Some(name), .. } => (EvidenceKind::Drill, name.clone()),
        _ => return Err(anyhow!("say what the evidence is: --file, --test, --commit, --link, --review or --drill")),
    };
    let evidence = Evidence {
        kind: Some(kind),
        at: Text::new(&at),
        sha256,
        report: args.report.as_deref().map(Text::new),
        strength: args.strength.map(|shows| match shows {
            Shows::Discussed => Strength::Discussed,
            Shows::Demonstrated => Strength::Demonstrated,
            Shows::Tested => Strength::Tested,
        }),
        refutes: args.refutes,
        checked_on: args.today.day(),
        valid_until: args.valid_until,
        by: by.map(Into::into),
        note: Text::new(&args.note),
    };
    if let (Some(until), Some(today)) = (args.valid_until, args.today.day())
        && until < today
    {
        return Err(anyhow!("--valid-until {until} is over on {today}: such evidence would count for nothing"));
    }
    let (edit, renewed): (Edit, bool) = set_evidence(&loaded.model, &control, evidence)?;
    let mut model = loaded.model.clone();
    edit.apply(&mut model);
    save_woven(path, &file, &loaded.model, &model)?;
    let verb = if renewed { "renewed" } else { "added to" };
    print(&format!("{verb} {control}: {} {at}\n", kind.name().to_lowercase()))
}

/// The path of a file as it is written into the model, relative to the root of evidence, and its SHA-256.
fn hashed(model: &Path, file: &Path) -> Result<(String, String)> {
    let (root, at) = placed(model, file)?;
    let sum = Root::new(root).hash(&at)?;
    Ok((at, sum))
}

/// The root of evidence of a model, and the path of a file in it.
pub fn placed(model: &Path, file: &Path) -> Result<(PathBuf, String)> {
    let root = root_of_evidence(model).ok_or_else(|| {
        anyhow!("{} lies in no workspace (a git repository, or a folder with models/)", model.display())
    })?;
    let absolute = std::path::absolute(file).with_context(|| format!("{}", file.display()))?;
    // The folder is resolved, and the file itself is not: where a link leads is checked when it is read.
    let folder = absolute.parent().and_then(|folder| folder.canonicalize().ok());
    let place = folder.zip(absolute.file_name()).map(|(folder, name)| folder.join(name));
    let place = place.ok_or_else(|| anyhow!("{}: there is no such folder", file.display()))?;
    let inside = place.strip_prefix(&root).map_err(|_| {
        anyhow!("{} lies outside of {}, to which paths of evidence are relative", file.display(), root.display())
    })?;
    let at = inside.to_str().ok_or_else(|| anyhow!("{}: the name is not UTF-8", file.display()))?.replace('\\', "/");
    Ok((root, at))
}
