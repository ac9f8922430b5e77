//! The command line: one file a subcommand. Every screen has a twin here.
//!
//! Exit codes: 0 good, 1 the gate is closed (a check failed), 2 it could not judge (bad file, bad name, incomplete
//! import).

mod controls;
mod drill;
mod evidence;
mod exposures;
mod fmt;
mod import;
mod keys;
mod new;
mod open;
mod output;
mod paths;
mod render;
mod rules;
mod scenarios;
mod threats;
mod today;
mod tutor;
mod validate;
mod walk;

use crate::analysis::threats::RunError;
use crate::library::located::Problem;
use crate::library::rule::RuleError;
use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use output::Outcome;
use std::path::PathBuf;
use std::process::ExitCode;

/// See who can reach which data behind your low-code APIs, and edit the model of it together.
#[derive(Debug, Parser)]
#[command(
    name = "sandtable",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  sandtable                            the workbench on the workspace here\n  sandtable models/clinic.ron          the workbench on one model\n  sandtable import ./hasura -o models/payroll.ron\n  sandtable exposures models/payroll.ron --role viewer --why\n\nKeys: ? in the workbench shows those that work there; `sandtable keys` lists all of them."
)]
struct Cli {
    /// A model file, or a workspace: a folder with `models/`
    path: Option<PathBuf>,
    #[command(flatten)]
    today: today::Today,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Args),
    Import(import::Args),
    Exposures(exposures::Args),
    Threats(threats::ThreatArgs),
    Explain(threats::ExplainArgs),
    Questions(threats::QuestionArgs),
    Walk(walk::Args),
    Evidence(Box<evidence::Args>),
    Controls(controls::Args),
    Paths(paths::Args),
    Scenarios(scenarios::Args),
    Render(render::Args),
    Rules(rules::Args),
    Drill(drill::Args),
    Validate(validate::Args),
    Fmt(fmt::Args),
    Tutor(tutor::Args),
    Keys(keys::Args),
    /// Write completions for a shell
    ///
    /// Example: sandtable completions bash > ~/.local/share/bash-completion/completions/sandtable
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual page
    ///
    /// Example: sandtable man > ~/.local/share/man/man1/sandtable.1
    Man,
}

/// How a command prints what it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Reads the command line, runs it, and gives the exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors.
            let code = if error.use_stderr() { 2 } else { 0 };
            match meant_command() {
                Some((typed, meant)) if code != 0 => {
                    output::complain(&format!(
                        "sandtable: there is no command `{typed}`; did you mean `sandtable {meant}`? (sandtable --help lists all)"
                    ));
                }
                // What was typed is in the message: control characters in it must not reach the terminal.
                _ if code != 0 => output::complain(error.render().to_string().trim_end()),
                _ => {
                    let _ = error.print();
                }
            }
            return ExitCode::from(code);
        }
    };
    match run(cli) {
        Ok(outcome) => outcome.code(),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        // What has a place is said as `path:line:col: error: ...`, which editors can follow.
        Err(error) if error.is::<RuleError>() || error.is::<RunError>() || error.is::<Problem>() => {
            output::complain(&error.to_string());
            ExitCode::from(2)
        }
        Err(error) => {
            output::complain(&format!("sandtable: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// The first word of the command line and the command that it nearly is, where it is neither a command nor a file.
fn meant_command() -> Option<(String, String)> {
    let typed = std::env::args().nth(1)?;
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(|sub| sub.get_name()).collect();
    if typed.starts_with('-') || names.contains(&typed.as_str()) || std::path::Path::new(&typed).exists() {
        return None;
    }
    let meant = crate::model::text::nearest(&typed, names)?.to_owned();
    Some((typed, meant))
}

fn run(cli: Cli) -> Result<Outcome> {
    let Some(command) = cli.command else {
        return open::run(cli.path, &cli.today);
    };
    match command {
        Command::New(args) => new::run(args),
        Command::Import(args) => import::run(args),
        Command::Exposures(args) => exposures::run(args),
        Command::Threats(args) => threats::threats(args),
        Command::Explain(args) => threats::explain(args),
        Command::Questions(args) => threats::ask(args),
        Command::Walk(args) => walk::run(args),
        Command::Evidence(args) => evidence::run(*args),
        Command::Controls(args) => controls::run(args),
        Command::Paths(args) => paths::run(args),
        Command::Scenarios(args) => scenarios::run(args),
        Command::Render(args) => render::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Drill(args) => drill::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Fmt(args) => fmt::run(args),
        Command::Tutor(args) => tutor::run(args),
        Command::Keys(args) => keys::run(args),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "sandtable", &mut text);
            output::print_own(&String::from_utf8_lossy(&text))
        }
        Command::Man => output::print_own(&manual()?),
    }
}

/// The manual page: the command line, then the keys of the workbench.
fn manual() -> Result<String> {
    let mut page = Vec::new();
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands() {
        if sub.get_name() != "help" {
            let name = format!("sandtable {}", sub.get_name());
            let man = clap_mangen::Man::new(sub.clone().bin_name(&name));
            page.extend(format!(".SH {}\n", name.to_uppercase()).into_bytes());
            man.render_synopsis_section(&mut page)?;
            man.render_description_section(&mut page)?;
            man.render_options_section(&mut page)?;
        }
    }
    Ok(String::from_utf8_lossy(&page).into_owned() + &keys::roff())
}
