//! Decisions on threats, asked for step by step: which controls, who, why, until when; and then one edit.

use crate::analysis::team;
use crate::analysis::threats::{Outcome, Place};
use crate::app::forms;
use crate::app::layer::{Ask, Choose, DecisionDraft, Item, Layer, Picker};
use crate::app::state::App;
use crate::app::threats::{Entry, current};
use crate::app::toast::Tone;
use crate::model::edit::{self, Edit};
use crate::model::facts::Day;
use crate::model::reference::AnyLink;
use crate::model::text::one_line;
use crate::model::threats::{Decision, Verdict};
use crate::model::{Element, ElementId, Section, Slug, Text};

/// Days for which a threat is accepted unless somebody says otherwise: a quarter.
const USUAL_DAYS: i64 = 90;

/// Begins a decision on the threat under the cursor.
pub fn begin(app: &mut App, verdict: Verdict) {
    let found = match current(app) {
        Some(Entry::Verdict(found)) if found.outcome == Outcome::NotApplicable => {
            return app.toasts.say(Tone::Warning, "it does not apply: there is nothing to decide");
        }
        Some(Entry::Verdict(found)) => found,
        Some(Entry::Team(raised)) => {
            let id = ElementId::new(Section::Threats, raised.slug.clone());
            let draft = DecisionDraft {
                verdict,
                rule: team::RULE.to_owned(),
                title: app.model.title_of(&id).to_owned(),
                element: id.any_link(),
                role: None,
                facts: Some(team::facts_of(&app.model, &raised.slug)),
                controls: None,
                by: None,
                why: None,
            };
            return next(app, draft);
        }
        Some(Entry::Question(_)) => {
            return app.toasts.say(Tone::Warning, "a question is answered, not decided: enter asks it");
        }
        None => return app.toasts.say(Tone::Warning, "there is no threat under the cursor"),
    };
    let (element, role) = match &*found.place {
        Place::Element(id) => (id.any_link(), None),
        Place::Exposure { role, grant, .. } => {
            let own = app.model.grants.get(grant).is_some_and(|grant| grant.role.slug() == role);
            (format!("grants:{grant}"), (!own).then(|| role.clone()))
        }
    };
    let rule = app.rules.rule(found.rule);
    let draft = DecisionDraft {
        verdict,
        rule: rule.id.clone(),
        title: rule.title.clone(),
        element,
        role,
        facts: app.rules.facts(&app.model, &app.derived().effective, app.circumstances(), found),
        controls: None,
        by: None,
        why: None,
    };
    next(app, draft);
}

/// Asks for what is still missing, or makes the edit.
pub fn next(app: &mut App, draft: DecisionDraft) {
    let what = one_line(&draft.title, 60);
    if draft.verdict == Verdict::Mitigate && draft.controls.is_none() {
        let items = forms::elements(app, &[Section::Controls]);
        if items.is_empty() {
            return app.toasts.say(Tone::Warning, "there is no control yet: ax adds one");
        }
        let mut picker = Picker::new(format!("What stands against it? {what}"), items, Choose::Decide(draft));
        picker.marks = Some(Default::default());
        return app.layers.push(Layer::Picker(picker));
    }
    if draft.by.is_none() {
        let mut items = forms::elements(app, &[Section::People]);
        items.push(Item { label: "nobody named".into(), detail: "say later who decided".into(), ..Item::default() });
        return app.layers.push(Layer::Picker(Picker::new(
            format!("Who decides? {what}"),
            items,
            Choose::Decide(draft),
        )));
    }
    if draft.why.is_none() {
        let hint = match draft.verdict {
            Verdict::Mitigate => "why these controls are enough",
            Verdict::Accept => "why it can be borne",
            Verdict::Transfer => "who bears it, and by what contract",
            Verdict::NotApplicable => "why it can not happen here",
        };
        return app.layers.push(forms::prompt(format!("Why? {what}"), hint, "", Ask::Decide(draft)));
    }
    if draft.verdict == Verdict::Accept {
        let until = app.today.and_then(|today| today.plus(USUAL_DAYS)).map(|day| day.to_string()).unwrap_or_default();
        let hint = "the day after which it is open again, YYYY-MM-DD";
        return app.layers.push(forms::prompt(format!("Until when? {what}"), hint, &until, Ask::DecideUntil(draft)));
    }
    make(app, &draft, None);
}

/// Makes the decision.
pub fn make(app: &mut App, draft: &DecisionDraft, until: Option<Day>) {
    let word = match draft.verdict {
        Verdict::Mitigate => "mitigate",
        Verdict::Accept => "accept",
        Verdict::Transfer => "transfer",
        Verdict::NotApplicable => "not applicable",
    };
    let slug =
        edit::free_slug(&app.model, Section::Decisions, &format!("{} {}", draft.rule, draft.element.replace(':', "-")));
    let decision = Decision {
        title: Text::new(&format!("{}: {word}", draft.title)),
        rule: Text::new(&draft.rule),
        element: AnyLink(Text::new(&draft.element)),
        role: draft.role.clone().map(Into::into),
        verdict: Some(draft.verdict),
        controls: draft.controls.iter().flatten().cloned().map(Into::into).collect(),
        by: draft.by.clone().flatten().map(Into::into),
        on: app.today,
        until,
        why: Text::new(draft.why.as_deref().unwrap_or_default()),
        facts: draft.facts.as_deref().map(Text::new),
        ..Decision::default()
    };
    let name = format!("{word}: {} at {}", one_line(&draft.title, 40), draft.element);
    // What was decided before and no longer holds makes room.
    let mut edit = Edit::put(name, ElementId::new(Section::Decisions, slug), Element::Decision(Box::new(decision)));
    let same = |old: &Decision| {
        old.rule.as_str() == draft.rule
            && old.element.0.as_str() == draft.element
            && old.role.as_ref().map(|link| link.slug()) == draft.role.as_ref()
    };
    let former: Vec<Slug> =
        app.model.decisions.iter().filter(|(_, old)| same(old)).map(|(slug, _)| slug.clone()).collect();
    edit.puts.extend(
        former.into_iter().map(|slug| edit::Put { id: ElementId::new(Section::Decisions, slug), element: None }),
    );
    super::make(app, edit);
}
