//! The report: how long it took, who waited for whom, where the same defect is elsewhere, and who decided.

use super::{Report, lapse, maybe, plain};
use crate::drill::event::Sort;
use crate::drill::metrics::{self, Part};
use crate::model::Slug;
use crate::model::text::{Text, counted};

impl Report<'_> {
    pub(super) fn measures(&mut self) {
        let (plan, state) = (self.plan, self.state);
        self.section("How long it took");
        self.line("People are measured in play, the incident in the story; jumps of the story are nobody's waiting time. A dash means that one of the two events was not seen.\n");
        let rows: Vec<Vec<String>> = metrics::measures(state)
            .into_iter()
            .map(|found| {
                let jumps = if found.jumps > 0 { lapse(found.jumps) } else { String::new() };
                vec![found.name.to_owned(), found.of.to_owned(), maybe(found.play), maybe(found.story), jumps]
            })
            .collect();
        self.table(&["", "from → to", "play", "story", "of it jumped"], &rows);
        let rows: Vec<Vec<String>> = metrics::acknowledgements(plan, state)
            .into_iter()
            .map(|(inject, wait)| {
                let drift = metrics::drift(plan, state).into_iter().find(|(other, _)| *other == inject);
                let drift = drift.map_or(String::new(), |(_, seconds)| lapse(seconds));
                vec![inject.to_string(), wait.map_or("nobody said so".to_owned(), lapse), drift]
            })
            .collect();
        self.line("");
        self.table(&["inject", "first acknowledged after (play)", "sent later than planned (story)"], &rows);
    }

    pub(super) fn waiting(&mut self) {
        let state = self.state;
        let work = metrics::work(state);
        if work.is_empty() {
            return;
        }
        self.section("Who waited for whom");
        self.line("Blocked: what it needs was not done. Queue: nobody had begun with it. Service: it was being done. All in play.\n");
        let rows: Vec<Vec<String>> = work
            .iter()
            .map(|work| {
                let open = if work.is_done { "" } else { " (open)" };
                let owner = self.owner(work.owner.as_ref());
                vec![format!("{}{open}", work.item), owner, lapse(work.blocked), lapse(work.queue), lapse(work.service)]
            })
            .collect();
        self.table(&["item", "owner", "blocked", "queue", "service"], &rows);
        let rows: Vec<Vec<String>> = metrics::by_role(&work)
            .into_iter()
            .map(|(role, (blocked, queue, service))| {
                vec![self.role(&role), lapse(blocked), lapse(queue), lapse(service)]
            })
            .collect();
        self.line("");
        self.table(&["role", "blocked", "queue", "service"], &rows);
        if let Some(path) = metrics::critical_path(state, "detected", "contained") {
            let whole: i64 = path.iter().map(|segment| segment.seconds).sum();
            self.line(&format!("\nWhat the {} from detected to contained were made of:\n", lapse(whole)));
            let rows: Vec<Vec<String>> = path
                .iter()
                .map(|segment| {
                    let item = segment.item.as_ref().map_or(String::new(), Slug::to_string);
                    let role = match segment.part {
                        Part::Lead | Part::Tail => String::new(),
                        _ => self.owner(segment.role.as_ref()),
                    };
                    let share = format!("{} %", (segment.seconds * 200 + whole) / (2 * whole.max(1)));
                    vec![item, role, segment.part.word().to_owned(), lapse(segment.seconds), share]
                })
                .collect();
            self.table(&["item", "role", "", "play", "share"], &rows);
            if let Some((service, whole)) = metrics::flow_efficiency(&path) {
                self.line(&format!(
                    "\nOf the work on this path {} % was work, and the rest was waiting.",
                    service * 100 / whole
                ));
            }
        }
        for span in metrics::spans(state) {
            let hundredths = span.owner_seconds * 100 / span.seconds.max(1);
            let above = if span.above_seven > 0 {
                format!(", more than seven for {}", lapse(span.above_seven))
            } else {
                String::new()
            };
            self.line(&format!(
                "\n{} had open work with up to {} at a time, {}.{:02} on average{above}.",
                self.role(span.role.as_str()),
                counted(span.most, "role"),
                hundredths / 100,
                hundredths % 100
            ));
        }
    }

    pub(super) fn siblings(&mut self) {
        let all = metrics::siblings(self.state);
        if all.is_empty() {
            return;
        }
        self.section("The same elsewhere in the model");
        let list = |places: &[Text]| match places {
            [] => "–".to_owned(),
            places => places.iter().map(|place| plain(place.as_str())).collect::<Vec<_>>().join(", "),
        };
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|siblings| {
                let asked = match &siblings.found {
                    Some(found) => format!("{} of {}", found.len(), siblings.places.len()),
                    None => "was not asked".to_owned(),
                };
                vec![plain(&siblings.binding), list(&siblings.places), asked, list(&siblings.beside)]
            })
            .collect();
        self.table(&["query", "finds", "of these the team named", "and beside them"], &rows);
    }

    pub(super) fn decisions(&mut self) {
        let (plan, state) = (self.plan, self.state);
        self.section("Decisions");
        if state.decisions.is_empty() {
            self.line("None was made.");
        }
        for made in &state.decisions {
            let known = plan.scenario.decision(made.decision.as_str());
            let question = match known {
                Some(known) => self.filled(known.question.as_str()),
                None => state.item(made.decision.as_str()).map_or(String::new(), |item| self.words(&item.what)),
            };
            let option = known.and_then(|known| known.options.iter().find(|choice| choice.id.slug() == &made.option));
            let option = option.map_or_else(|| plain(made.option.as_str()), |choice| self.filled(choice.text.as_str()));
            let authority = match made.authorised {
                Some(true) => "with authority",
                Some(false) => "**without authority**",
                None => "authority not stated",
            };
            let text = format!(
                "- {} **{question}** {option} Decided by {}, {authority}. Why: {}",
                self.story(made.at),
                self.role(made.role.as_str()),
                self.words(&made.rationale)
            );
            self.line(&text);
        }
        let open: Vec<String> = state
            .items
            .iter()
            .filter(|item| item.sort == Sort::Decision && item.done.is_none())
            .map(|item| {
                format!("- **Not decided:** {} (owner: {})", self.words(&item.what), self.owner(item.owner.as_ref()))
            })
            .collect();
        open.iter().for_each(|line| self.line(line));
        let found = metrics::frictions(plan, state);
        let names = |ids: &[Slug]| ids.iter().map(|id| plain(id.as_str())).collect::<Vec<_>>().join(", ");
        let roles = |ids: &[Slug]| ids.iter().map(|id| self.role(id.as_str())).collect::<Vec<_>>().join(", ");
        let mut lines = Vec::new();
        if !found.to_decide.is_empty() {
            let each: Vec<String> =
                found.to_decide.iter().map(|(id, seconds)| format!("{id} {}", lapse(*seconds))).collect();
            lines.push(format!("Time to decide, from when it could be decided (play): {}.", each.join(", ")));
        }
        if !found.reversals.is_empty() {
            lines.push(format!("Decided again, another way: {}.", names(&found.reversals)));
        }
        if !found.substitutes.is_empty() {
            lines.push(format!(
                "Played by somebody who does not hold the role, so that nothing is shown about its authority: {}.",
                roles(&found.substitutes)
            ));
        }
        if !found.empty_seats.is_empty() {
            lines.push(format!("In the cast, and nobody was seated: {}.", roles(&found.empty_seats)));
        }
        if !found.silent.is_empty() {
            lines.push(format!("Did nothing that was written down: {}.", roles(&found.silent)));
        }
        if found.bounces + found.reworks > 0 || found.orphaned > 0 {
            lines.push(format!(
                "Work changed hands {}, was opened again {}, and was without an owner for {}.",
                counted(found.bounces, "time"),
                counted(found.reworks, "time"),
                lapse(found.orphaned)
            ));
        }
        for line in lines {
            self.line(&format!("\n{line}"));
        }
    }
}
