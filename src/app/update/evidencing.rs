//! Evidence, asked for step by step: what it is, where, how much it shows, by whom, until when; and then one edit.

use crate::app::controls::id_of;
use crate::app::forms;
use crate::app::layer::{Ask, Choose, EvidenceDraft, Item, Layer, Picker};
use crate::app::state::{App, Effect};
use crate::app::toast::Tone;
use crate::model::edit;
use crate::model::facts::Day;
use crate::model::text::one_line;
use crate::model::threats::{Evidence, EvidenceKind, Strength};
use crate::model::{Section, Slug, Text};

/// Days for which evidence counts unless somebody says otherwise: half a year.
const USUAL_DAYS: i64 = 180;

/// Begins with a control.
pub fn begin(app: &mut App, control: Slug) {
    next(app, EvidenceDraft::new(control));
}

/// Asks for what is still missing.
pub fn next(app: &mut App, draft: EvidenceDraft) {
    let what = one_line(app.model.title_of(&id_of(&draft.control)), 40);
    let layer = match (draft.kind, &draft.at, draft.strength, &draft.by) {
        (None, ..) => {
            let item = |choice: &crate::model::reflect::Choice| Item {
                label: choice.name.into(),
                detail: choice.doc.trim().into(),
                value: choice.name.into(),
                why_not: None,
            };
            let items = EvidenceKind::CHOICES.iter().map(item).collect();
            let title = format!("What is the evidence for {what}?");
            Layer::Picker(Picker::new(title, items, Choose::Evidence(draft)))
        }
        (Some(kind), None, ..) => {
            let (title, hint) = match kind {
                EvidenceKind::File => ("Which file?", "a path from the root of the repository, with / between"),
                EvidenceKind::Test => ("Which test, and in which report?", "suite::case in path/to/junit.xml"),
                EvidenceKind::Commit => ("Which commit?", "its digits, or a tag"),
                EvidenceKind::Link => ("Which address?", "it is never fetched"),
                EvidenceKind::Review => ("Which review?", "what people looked at"),
                EvidenceKind::Drill => ("Which drill?", "its name and its day"),
            };
            forms::prompt(title, hint, "", Ask::Evidence(draft))
        }
        (.., None, _) => {
            let mut items = Vec::new();
            for (refutes, words) in [(false, ""), (true, "against it: ")] {
                for choice in Strength::CHOICES.iter().rev() {
                    items.push(Item {
                        label: format!("{words}{}", choice.name.to_lowercase()),
                        detail: choice.doc.trim().into(),
                        value: format!("{}{}", if refutes { "!" } else { "" }, choice.name),
                        why_not: None,
                    });
                }
            }
            Layer::Picker(Picker::new(format!("How much does it show? {what}"), items, Choose::Evidence(draft)))
        }
        (.., None) => {
            let mut items = forms::elements(app, &[Section::People]);
            items.push(Item { label: "nobody named".into(), detail: "say later who looked".into(), ..Item::default() });
            Layer::Picker(Picker::new(format!("Who looked? {what}"), items, Choose::Evidence(draft)))
        }
        _ => {
            let until = app.today.and_then(|today| today.plus(USUAL_DAYS)).map(|day| day.to_string());
            let hint = "the day after which it counts no more, YYYY-MM-DD; empty where it has no end";
            forms::prompt("Until when?", hint, &until.unwrap_or_default(), Ask::EvidenceUntil(draft))
        }
    };
    app.layers.push(layer);
}

/// Takes what was chosen as the next part.
pub fn chosen(app: &mut App, mut draft: EvidenceDraft, value: &str) {
    if draft.kind.is_none() {
        draft.kind = EvidenceKind::ALL.iter().copied().find(|kind| kind.name() == value);
    } else if draft.strength.is_none() {
        let (refutes, name) = value.strip_prefix('!').map_or((false, value), |name| (true, name));
        draft.refutes = refutes;
        draft.strength = Strength::ALL.iter().copied().find(|strength| strength.name() == name);
    } else {
        draft.by = Some(forms::id_from_value(value).map(|id| id.slug));
    }
    next(app, draft);
}

/// Takes where it is. A file is looked at first: without its checksum nobody would notice a change of it.
pub fn typed(app: &mut App, mut draft: EvidenceDraft, text: &str) {
    let (at, report) = match (draft.kind, text.rsplit_once(" in ")) {
        (Some(EvidenceKind::Test), Some((test, report))) => (test.trim(), Some(report.trim().to_owned())),
        _ => (text, None),
    };
    draft.at = Some(at.to_owned());
    draft.report = report;
    if draft.kind == Some(EvidenceKind::File) {
        app.effects.push(Effect::Hash(Box::new(draft)));
    } else {
        next(app, draft);
    }
}

/// Takes the checksum of a file, or asks for another file.
pub fn hashed(app: &mut App, mut draft: EvidenceDraft, sum: Result<String, String>) {
    match sum {
        Ok(sum) => {
            draft.sha256 = Some(sum);
            next(app, draft);
        }
        Err(why) => {
            let typed = draft.at.take().unwrap_or_default();
            next(app, draft);
            if let Some(Layer::Prompt(prompt)) = app.layers.last_mut() {
                prompt.line = crate::app::line::Line::new(&typed);
                prompt.error = Some(why);
            }
        }
    }
}

/// Makes the edit.
pub fn make(app: &mut App, draft: EvidenceDraft, until: Option<Day>) {
    let evidence = Evidence {
        kind: draft.kind,
        at: Text::new(draft.at.as_deref().unwrap_or_default()),
        sha256: draft.sha256.as_deref().map(Text::new),
        report: draft.report.as_deref().map(Text::new),
        strength: draft.strength,
        refutes: draft.refutes,
        checked_on: app.today,
        valid_until: until,
        by: draft.by.flatten().map(Into::into),
        note: Text::default(),
    };
    match edit::set_evidence(&app.model, &draft.control, evidence) {
        Ok((edit, _)) => {
            super::make(app, edit);
            // What was just written down was looked at once; from now on it is looked at like the rest.
            app.effects.push(Effect::Look(false));
        }
        Err(error) => app.toasts.say(Tone::Error, error.to_string()),
    }
}
