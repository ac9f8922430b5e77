//! What one role may see of a drill: what was sent to it, what it has to decide or to do, and how the clocks stand.
//!
//! Nothing here can read a [`Hidden`](super::hidden::Hidden): that takes a right that this file does not have.

use super::EXERCISE;
use super::binding::fill;
use super::event::{Begin, Sort};
use super::state::{Fate, Phase, Plan, Stamp, State};
use crate::model::Slug;
use crate::model::text::Text;
use std::collections::BTreeMap;

/// The words that stand for the names in braces.
pub fn words(begin: &Begin) -> BTreeMap<String, Text> {
    begin.words.iter().map(|(name, words)| (name.clone(), Text::new(words.shown()))).collect()
}

/// What a role may see, as lines: the opening, then everything that was sent to it, oldest first, then what waits for it.
/// A role that the drill does not have sees what is meant for everybody.
pub fn stream(plan: &Plan, state: &State, role: &str, now: Stamp) -> String {
    let Some(begin) = &state.begun else { return format!("{EXERCISE}\nThe drill has not begun.\n") };
    let words = words(begin);
    let title = plan.role(role).map_or(role, |role| role.title.as_str());
    let at = |stamp: Stamp| state.moment(stamp.story).shown(begin.zone);
    let mut out = format!(
        "{EXERCISE}\n{}\nYou are: {title}\n\n{}\n",
        plan.scenario.title,
        fill(plan.scenario.opening.as_str(), &words)
    );
    let mut sent: Vec<(Stamp, usize)> = Vec::new();
    for (place, inject) in plan.scenario.injects.iter().enumerate() {
        let is_mine = inject.to.is_empty() || inject.to.iter().any(|to| to.as_str() == role);
        if let (true, Some(Fate::Sent(at, _))) = (is_mine, state.injects.get(inject.id.slug())) {
            sent.push((*at, place));
        }
    }
    sent.sort();
    for (stamp, place) in sent {
        let inject = &plan.scenario.injects[place];
        out.push_str(&format!(
            "\n[{}] {} – {}\n{}\n",
            at(stamp),
            inject.channel.word(),
            fill(inject.from.as_str(), &words),
            fill(inject.text.as_str(), &words)
        ));
        for artefact in &inject.artefacts {
            out.push_str(&format!(
                "  {}\n  {}\n",
                fill(artefact.title.as_str(), &words),
                fill(artefact.text.as_str(), &words)
            ));
        }
    }
    let mine = |owner: &Option<Slug>| owner.as_ref().is_some_and(|owner| owner.as_str() == role);
    for item in state.items.iter().filter(|item| item.done.is_none() && mine(&item.owner)) {
        let what = fill(item.what.shown(), &words);
        out.push_str(&format!("\nWaits for you: {} {}: {what}\n", item.sort.word(), item.id));
        let decision = plan.scenario.decision(item.id.as_str()).filter(|_| item.sort == Sort::Decision);
        for option in decision.iter().flat_map(|decision| &decision.options) {
            out.push_str(&format!("  {}: {}\n", option.id, fill(option.text.as_str(), &words)));
        }
    }
    for made in &state.decisions {
        let decision = plan.scenario.decision(made.decision.as_str());
        let concerns = made.role.as_str() == role
            || decision.is_some_and(|decision| {
                decision.owner.as_str() == role || decision.informs.iter().any(|informed| informed.as_str() == role)
            });
        if concerns {
            out.push_str(&format!(
                "\n[{}] decided by {}: {} – {}\n",
                at(made.at),
                made.role,
                made.decision,
                made.option
            ));
        }
    }
    let rulings =
        state.rulings.iter().map(|(stamp, text)| format!("\n[{}] taken as given: {}\n", at(*stamp), text.shown()));
    out.extend(rulings);
    let paused = match state.phase {
        Phase::Paused => ", paused",
        Phase::Ended => ", over",
        Phase::Before | Phase::Running => "",
    };
    out.push_str(&format!("\nStory {}{paused}. {EXERCISE}\n", at(now)));
    out
}
