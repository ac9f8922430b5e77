//! What can happen in a drill. Events are all that is kept: the state is made from them.

use super::containment::Containment;
use super::duty::Concerned;
use super::moment::{Moment, Zone};
use super::what_if::{Attack, Picture};
use crate::model::Slug;
use crate::model::facts::Day;
use crate::model::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words that people wrote. In the log they stand apart from the event, behind a digest, so that they can be taken out
/// without breaking the chain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The words; nothing where they were taken out.
    pub text: Option<Text>,
}

impl Words {
    /// These words.
    pub fn new(text: &str) -> Words {
        Words { text: Some(Text::new(text)) }
    }

    /// As people read them.
    pub fn shown(&self) -> &str {
        self.text.as_ref().map_or("[redacted]", Text::as_str)
    }

    /// Whether nothing was said.
    pub fn is_blank(&self) -> bool {
        self.text.as_ref().is_some_and(|text| text.as_str().trim().is_empty())
    }
}

/// An event, with a name that is its alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name: the hash of its line in a log.
    pub id: String,
    /// What happened.
    pub event: Event,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When, in seconds of the wall clock. A log counts from 1970; any count will do.
    pub at: u64,
    /// Who wrote it down.
    pub by: Slug,
    /// What.
    pub body: Body,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// The drill begins.
    Begin(Box<Begin>),
    /// The drill is over; notes, ratings and follow-ups may still come.
    End,
    /// Somebody takes a role.
    Seat {
        /// The role.
        role: Slug,
        /// Who.
        person: Words,
        /// Whether they hold it in real life too, or stand in for whoever does.
        holder: bool,
    },
    /// The clock of play stops.
    Pause {
        /// Why.
        reason: Words,
    },
    /// The clock of play goes on.
    Resume,
    /// The story passes faster or slower from here on.
    Scale {
        /// How many seconds of the story pass in a second of play.
        scale: u32,
    },
    /// The story jumps ahead. It is nobody's waiting time.
    Jump {
        /// So many seconds of the story.
        seconds: u32,
        /// Why.
        reason: Words,
    },
    /// An inject is sent.
    Send {
        /// The inject.
        inject: Slug,
        /// Whether it is sent although its guard does not hold.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        forced: bool,
    },
    /// An inject that was not sent yet is to read otherwise.
    Reword {
        /// The inject.
        inject: Slug,
        /// Its text from now on.
        text: Words,
    },
    /// An inject goes out once more, as it was or with other words.
    Resend {
        /// The inject.
        inject: Slug,
        /// Its text this time; that of before where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Words>,
    },
    /// An inject is left out.
    Skip {
        /// The inject.
        inject: Slug,
        /// Why.
        reason: Words,
    },
    /// An inject is held back for now; a second time sets it free.
    Hold {
        /// The inject.
        inject: Slug,
    },
    /// A role says that it has an inject.
    Ack {
        /// The inject.
        inject: Slug,
        /// The role.
        role: Slug,
    },
    /// A piece of work is opened.
    Open {
        /// Its name.
        item: Slug,
        /// Of what sort it is.
        sort: Sort,
        /// What is to be done.
        what: Words,
        /// Who is to do it.
        #[serde(skip_serializing_if = "Option::is_none")]
        owner: Option<Slug>,
        /// Who asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assigned_by: Option<Slug>,
        /// What has to be done before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        needs: Vec<Slug>,
        /// The expected action that it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meets: Option<Slug>,
        /// The rule of the clock pack that it fulfils.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<Slug>,
    },
    /// A piece of work gets another owner.
    Assign {
        /// The item.
        item: Slug,
        /// The new owner.
        owner: Slug,
    },
    /// The owner begins with a piece of work.
    Take {
        /// The item.
        item: Slug,
    },
    /// A piece of work is done.
    Done {
        /// The item.
        item: Slug,
    },
    /// A piece of work was not done after all.
    Reopen {
        /// The item.
        item: Slug,
        /// Why.
        reason: Words,
    },
    /// A decision is made.
    Decide {
        /// The decision, or the item that is one.
        decision: Slug,
        /// What was decided.
        option: Slug,
        /// Which role decided.
        role: Slug,
        /// Why.
        rationale: Words,
    },
    /// An expected action was seen.
    Met {
        /// The expected action.
        expected: Slug,
        /// Which role did it.
        role: Slug,
        /// What was seen.
        note: Words,
    },
    /// An event of the story: a milestone, or the anchor of a clock.
    Emit {
        /// Its name.
        event: Slug,
    },
    /// A notification was submitted.
    Submit {
        /// The rule of the clock pack.
        rule: Slug,
        /// Which role did it.
        role: Slug,
    },
    /// The team names the places that have the same defect.
    Named {
        /// The query of the scenario that finds them.
        binding: Slug,
        /// What the team named.
        places: Vec<Text>,
    },
    /// Containment that the facilitator says was done, beside that of decisions and expected actions.
    Contain {
        /// What.
        what: Containment,
        /// Whether it is taken back in the story: what was switched off is on again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lifted: bool,
        /// What was seen of it, or why.
        note: Words,
    },
    /// What the attacker reaches in the model now, as the program found it.
    Attacker(Box<Picture>),
    /// The facilitator rules, and the game takes it as given.
    Ruling {
        /// What.
        text: Words,
    },
    /// Something worth keeping.
    Note {
        /// Of what sort.
        sort: NoteSort,
        /// Which role it is from or about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Slug>,
        /// What of the scenario it is about: injects, expected actions, decisions, critical tasks, targets, objectives.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        about: Vec<Slug>,
        /// What.
        text: Words,
    },
    /// A critical task is rated.
    Rate {
        /// The task.
        task: Slug,
        /// How it went.
        rating: Rating,
        /// What was seen; a rating without is none.
        observation: Words,
    },
    /// A follow-up in real life.
    Act {
        /// What is to be done.
        what: Words,
        /// Who sees to it.
        owner: Slug,
        /// By when.
        due: Day,
    },
    /// Takes back an event, which stays where it is. Taking back an undo brings the event back.
    Undo {
        /// The name of the event.
        entry: String,
    },
    /// Words were taken out of the log.
    Redact {
        /// Their digest.
        commit: String,
        /// Why.
        reason: Words,
    },
    /// A second writer's events come in.
    Merge,
    /// What follows is another way in which it could have gone: a fork of the log of a drill.
    Fork {
        /// The head of that log when the fork was made.
        parent: String,
    },
}

/// With what a drill begins: all that is needed to read its log later, without the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// The scenario's name.
    pub scenario: Slug,
    /// Whether it is the short form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starter: bool,
    /// The checksums of the files on which it rests, by `model`, `scenario`, `playbook`, `clocks`.
    pub files: BTreeMap<String, String>,
    /// When the story begins.
    pub story_zero: Moment,
    /// The zone of the story.
    pub zone: Zone,
    /// How many seconds of the story pass in a second of play.
    pub scale: u32,
    /// Days on which nobody works.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Day>,
    /// What the names in braces of the scenario's texts read as.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, Words>,
    /// The elements of the model that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Text>,
    /// The places of the model that fit each query of the scenario: where the same defect is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, Vec<Text>>,
    /// The datasets that are concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<Concerned>,
    /// The attacker, and what containment comes to in the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attack: Option<Box<Attack>>,
    /// Whether the times are made up, as for a rehearsal of the drill itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

/// Of what sort a piece of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Something to do.
    Task,
    /// Something to decide.
    Decision,
    /// Somebody to notify.
    Notification,
}

impl Sort {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Task => "task",
            Sort::Decision => "decision",
            Sort::Notification => "notification",
        }
    }
}

/// Of what sort a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteSort {
    /// Something that was done.
    Action,
    /// Something that nobody could answer.
    Question,
    /// Something that the team took for granted.
    Assumption,
    /// Something that is missing.
    Gap,
    /// Something for later.
    Parking,
    /// Something that somebody said.
    Quote,
    /// Something that went well.
    Strength,
    /// Something that could go better.
    Improvement,
    /// Something that was seen, neither good nor bad.
    Observation,
}

impl NoteSort {
    /// Every sort.
    pub const ALL: [NoteSort; 9] = [
        NoteSort::Action,
        NoteSort::Question,
        NoteSort::Assumption,
        NoteSort::Gap,
        NoteSort::Parking,
        NoteSort::Quote,
        NoteSort::Strength,
        NoteSort::Improvement,
        NoteSort::Observation,
    ];

    /// As people write and read it.
    pub fn word(self) -> &'static str {
        match self {
            NoteSort::Action => "action",
            NoteSort::Question => "question",
            NoteSort::Assumption => "assumption",
            NoteSort::Gap => "gap",
            NoteSort::Parking => "parking",
            NoteSort::Quote => "quote",
            NoteSort::Strength => "strength",
            NoteSort::Improvement => "improvement",
            NoteSort::Observation => "observation",
        }
    }
}

/// How a critical task went, in the four steps of exercise evaluation. P, S and M achieved the objective; only U did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rating {
    /// Done, and nothing else suffered.
    P,
    /// Done, and it could have gone better.
    S,
    /// Done, but other work suffered, or the plan was not followed.
    M,
    /// Not done in a way that achieved the objective.
    U,
}

impl Rating {
    /// The rating of a letter.
    pub fn of(letter: &str) -> Option<Rating> {
        match letter {
            "P" | "p" => Some(Rating::P),
            "S" | "s" => Some(Rating::S),
            "M" | "m" => Some(Rating::M),
            "U" | "u" => Some(Rating::U),
            _ => None,
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Rating::P => "P: done, and nothing else suffered",
            Rating::S => "S: done, and it could have gone better",
            Rating::M => "M: done, but other work suffered, or the plan was not followed",
            Rating::U => "U: not done in a way that achieved the objective",
        }
    }
}
