//! Lines of the console while they are put together by keys: each key begins a line in the language of
//! [`crate::drill::console`], and asks for the words that are missing. So there is one parser, and what a key does can be
//! typed.

use super::drills::Board;
use super::layer::Item;
use crate::drill::board::{Subject, counted_clock};
use crate::drill::event::{Body, Sort};
use crate::drill::facilitator::Turn;
use crate::drill::state::Fate;
use crate::model::Slug;
use crate::model::text::one_line;
use std::collections::BTreeSet;

/// A line that is being put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What is there of it.
    pub line: String,
    /// What is still missing, the next first.
    pub wants: Vec<Want>,
}

/// A word or words that a line needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    /// An inject that was not sent.
    Unsent,
    /// A role that got an inject and did not say that it has it.
    Holder(Slug),
    /// Any role.
    Role,
    /// A decision that is open.
    Decision,
    /// An option of the decision that was chosen, with its owner behind it.
    Choice,
    /// An expected action that was not seen.
    Expected,
    /// Work: to be taken, to be ended, to be given to somebody, or done.
    Work(Stage),
    /// An event of the story.
    Event,
    /// A rule of the clock pack, with the role that sees to it behind it.
    Rule,
    /// An event to take back, by its number.
    Number,
    /// Words.
    Words(Asked),
    /// What is to be done by the role that stands at the end of the line: the line is made anew with a name for it.
    Task,
}

/// How far work is that a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has begun.
    Open,
    /// It is not done.
    Undone,
    /// It is done.
    Done,
}

/// What is asked for in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What.
    pub title: String,
    /// An example or an explanation.
    pub hint: &'static str,
    /// What stands there at first, to be changed.
    pub first: String,
    /// Whether nothing is an answer, too.
    pub may_be_empty: bool,
}

impl Draft {
    /// A line that needs nothing more.
    pub fn whole(line: impl Into<String>) -> Draft {
        Draft { line: line.into(), wants: Vec::new() }
    }

    /// The beginning of a line.
    pub fn new(line: impl Into<String>, wants: Vec<Want>) -> Draft {
        Draft { line: line.into(), wants }
    }

    /// A line that needs words.
    pub fn words(line: impl Into<String>, title: impl Into<String>, hint: &'static str) -> Draft {
        Draft::new(
            line,
            vec![Want::Words(Asked { title: title.into(), hint, first: String::new(), may_be_empty: false })],
        )
    }

    /// The same line, which may also stay without the last words.
    pub fn or_nothing(mut self) -> Draft {
        if let Some(Want::Words(asked)) = self.wants.last_mut() {
            asked.may_be_empty = true;
        }
        self
    }

    /// The same line, whose last words are asked for with something to change.
    pub fn beginning_with(mut self, first: &str) -> Draft {
        if let Some(Want::Words(asked)) = self.wants.last_mut() {
            asked.first = first.to_owned();
        }
        self
    }

    /// The line with the next words, and one want less.
    pub fn with(mut self, words: &str) -> Draft {
        self.line = format!("{} {words}", self.line).trim_end().to_owned();
        self.wants.remove(0);
        self
    }

    /// The last word that is there.
    pub fn last_word(&self) -> &str {
        self.line.split_whitespace().next_back().unwrap_or_default()
    }
}

/// What a want is called, as the title of a list.
pub fn title(want: &Want) -> &'static str {
    match want {
        Want::Unsent => "Which inject?",
        Want::Holder(_) => "Who has it?",
        Want::Role => "Which role?",
        Want::Decision => "Which decision?",
        Want::Choice => "What was decided?",
        Want::Expected => "What was seen?",
        Want::Work(Stage::Open) => "Which work is begun?",
        Want::Work(Stage::Undone) => "Which work?",
        Want::Work(Stage::Done) => "Which work was not done after all?",
        Want::Event => "What happened?",
        Want::Rule => "Which notification went out?",
        Want::Number => "Which event is taken back?",
        Want::Words(_) => "",
        Want::Task => "What is to be done?",
    }
}

/// What can be chosen for a want. The value is what is put behind the line.
pub fn choices(board: &Board, draft: &Draft, want: &Want) -> Vec<Item> {
    let (plan, state) = (&board.plan, board.state());
    let item = |label: &str, detail: String, value: &str| Item {
        label: one_line(label, 60),
        detail: one_line(&detail, 300),
        value: value.to_owned(),
        why_not: None,
    };
    let console = board.console();
    let detail_of = |subject: Subject| {
        let rows = match subject {
            Subject::Inject(_) => console.injects(),
            Subject::Expected(_) => console.expected(),
            Subject::Item(_) => console.work(),
            Subject::Clock(_) => console.clocks(),
            Subject::Role(_) => console.roles(),
            Subject::Task(_) => Vec::new(),
        };
        rows.into_iter().find(|row| row.subject.as_ref() == Some(&subject)).map_or(String::new(), |row| row.text)
    };
    match want {
        Want::Unsent => {
            let unsent = plan.scenario.injects.iter().filter(|inject| console.turn(inject) != Turn::Done);
            unsent
                .map(|inject| {
                    let id = inject.id.slug();
                    item(id.as_str(), detail_of(Subject::Inject(id.clone())), id.as_str())
                })
                .collect()
        }
        Want::Holder(inject) => {
            let Some(found) = plan.scenario.inject(inject.as_str()) else { return Vec::new() };
            let to: Vec<&str> = match found.to.is_empty() {
                true => plan.scenario.cast.iter().map(|role| role.as_str()).collect(),
                false => found.to.iter().map(|role| role.as_str()).collect(),
            };
            let has =
                |role: &str| matches!(state.injects.get(inject), Some(Fate::Sent(_, acks)) if acks.contains_key(role));
            to.into_iter().filter(|role| !has(role)).map(|role| item(role, role_title(board, role), role)).collect()
        }
        Want::Role => {
            // Those who play come first.
            let mut roles: Vec<&str> = plan.scenario.cast.iter().map(|role| role.as_str()).collect();
            let others: Vec<&str> =
                plan.roles().map(|role| role.id.as_str()).filter(|id| !roles.contains(id)).collect();
            roles.extend(others);
            roles.into_iter().map(|role| item(role, role_title(board, role), role)).collect()
        }
        Want::Decision => {
            let open = state.items.iter().filter(|item| item.sort == Sort::Decision && item.done.is_none());
            open.map(|found| item(found.id.as_str(), detail_of(Subject::Item(found.id.clone())), found.id.as_str()))
                .collect()
        }
        Want::Choice => {
            let Some(decision) = plan.scenario.decision(draft.last_word()) else { return Vec::new() };
            let words = state.begun.as_ref().map(crate::drill::player::words).unwrap_or_default();
            decision
                .options
                .iter()
                .map(|option| {
                    let text = crate::drill::binding::fill(option.text.as_str(), &words);
                    item(option.id.as_str(), text, &format!("{} {}", option.id, decision.owner))
                })
                .collect()
        }
        Want::Expected => {
            let open = plan.scenario.all_expected().filter(|(inject, expected)| {
                state.sent(inject.id.as_str()).is_some() && !state.met.contains_key(expected.id.slug())
            });
            open.map(|(_, expected)| {
                let id = expected.id.slug();
                item(id.as_str(), detail_of(Subject::Expected(id.clone())), id.as_str())
            })
            .collect()
        }
        Want::Work(stage) => state
            .items
            .iter()
            .filter(|item| match stage {
                Stage::Open => item.done.is_none() && item.acked.is_none() && item.owner.is_some(),
                Stage::Undone => item.done.is_none() && (item.sort != Sort::Decision || draft.line == "assign"),
                Stage::Done => item.done.is_some(),
            })
            .map(|found| item(found.id.as_str(), detail_of(Subject::Item(found.id.clone())), found.id.as_str()))
            .collect(),
        Want::Event => {
            let events: BTreeSet<&str> = plan.events().filter(|event| !state.emitted.contains_key(*event)).collect();
            let about = |id: &str| {
                let known = plan.clocks.events.iter().find(|event| event.id.as_str() == id);
                known.map_or_else(|| "a milestone of the story".to_owned(), |event| event.about.to_string())
            };
            let mut items: Vec<Item> = events.into_iter().map(|event| item(event, about(event), event)).collect();
            // What this scenario can bring about is looked for most.
            let of_scenario = |id: &str| plan.scenario.emits().any(|event| event.as_str() == id);
            items.sort_by_key(|item| !of_scenario(&item.value));
            items
        }
        Want::Rule => plan
            .scenario
            .duties
            .iter()
            .map(|duty| {
                let id = duty.rule.slug();
                item(id.as_str(), detail_of(Subject::Clock(id.clone())), &format!("{id} {}", duty.role))
            })
            .collect(),
        Want::Number => {
            let mine = board.mine();
            let can = |body: &Body| !matches!(body, Body::Begin(_) | Body::Redact { .. } | Body::Merge);
            let listed = mine
                .history
                .iter()
                .enumerate()
                .rev()
                .filter(|(_, happened)| !happened.undone && can(&happened.entry.event.body));
            listed
                .map(|(at, happened)| {
                    let number = (at + 1).to_string();
                    let what = crate::drill::console::event_words(&happened.entry.event.body);
                    item(&format!("{number} {what}"), counted_clock(happened.at.play), &number)
                })
                .collect()
        }
        Want::Words(_) | Want::Task => Vec::new(),
    }
}

fn role_title(board: &Board, role: &str) -> String {
    board.plan.role(role).map_or(String::new(), |role| role.title.to_string())
}

/// The line that opens a task for a role, with a name made of its words.
pub fn task_line(board: &Board, owner: &str, text: &str) -> String {
    let plain: Vec<&str> = text.split_whitespace().filter(|word| !word.contains('=')).take(5).collect();
    let stem = Slug::from_title(&plain.join(" "), "task");
    let taken = |name: &str| board.state().item(name).is_some() || board.plan.scenario.decision(name).is_some();
    let names = std::iter::once(stem.to_string()).chain((2..).map(|count| format!("{stem}-{count}")));
    let name = names.take(1_000).find(|name| !taken(name)).unwrap_or_default();
    format!("open {name} task {owner} {text}")
}

/// Of the injects that may be sent now, the one that is due longest, or else the next that is planned.
pub fn next_inject(board: &Board) -> Option<Slug> {
    let console = board.console();
    let of = |turn: Turn| {
        board
            .plan
            .scenario
            .injects
            .iter()
            .filter(|inject| console.turn(inject) == turn)
            .min_by_key(|inject| inject.at.0)
    };
    of(Turn::Ready).or_else(|| of(Turn::Upcoming)).map(|inject| inject.id.slug().clone())
}
