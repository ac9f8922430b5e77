//! The usual controls: what each does, what it typically guards and answers, and what would show that it works.
//!
//! A control of the library is a beginning: added to a model it is an element like any other, proposed until somebody
//! says that it is there.

use crate::model::reflect::ron_options;
use crate::model::text::one_line;
use crate::model::threats::{Control, ControlKind, ControlStatus, FailMode};
use crate::model::{Section, Text};
use serde::{Deserialize, Serialize};

/// A control of the library.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename = "Control", deny_unknown_fields)]
pub struct Pattern {
    /// Its name, from which the slug in a model is made.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// When it works.
    pub kind: ControlKind,
    /// The sections whose elements it typically guards.
    pub guards: Vec<String>,
    /// The rules that it answers.
    pub answers: Vec<String>,
    /// What it does, in a sentence.
    pub does: String,
    /// What would show that it works.
    pub evidence: String,
    /// How much of what comes it stops, in percent: an assumption.
    pub effectiveness: u8,
    /// What typically happens when it fails.
    pub fail_mode: FailMode,
    /// Identifiers of NIST CSF 2.0.
    pub csf: Vec<String>,
    /// Identifiers of NIST SP 800-53, revision 5.
    pub nist: Vec<String>,
    /// Identifiers of ISO/IEC 27001:2022, Annex A.
    pub iso: Vec<String>,
    /// Identifiers of OWASP ASVS 5.0.
    pub asvs: Vec<String>,
    /// Identifiers of MITRE D3FEND.
    pub d3fend: Vec<String>,
}

impl Pattern {
    /// The sections whose elements it typically guards.
    pub fn sections(&self) -> impl Iterator<Item = Section> + '_ {
        self.guards.iter().filter_map(|name| Section::from_name(name))
    }

    /// Its references, each behind the name of its catalogue.
    pub fn references(&self) -> Vec<(&'static str, &[String])> {
        vec![
            ("NIST CSF", &self.csf),
            ("NIST 800-53", &self.nist),
            ("ISO 27001", &self.iso),
            ("ASVS", &self.asvs),
            ("D3FEND", &self.d3fend),
        ]
    }

    /// As an element: proposed, with its effectiveness as an assumption, and guarding nothing yet.
    pub fn element(&self) -> Control {
        // A share above 100 does not load.
        let effectiveness = ron_options().from_str(&self.effectiveness.to_string()).ok();
        Control {
            title: Text::new(&self.title),
            kind: Some(self.kind),
            status: Some(ControlStatus::Proposed),
            answers: self.answers.iter().map(|id| Text::new(id)).collect(),
            effectiveness,
            fail_mode: Some(self.fail_mode),
            notes: Text::new(&self.does),
            assumed: vec![Text::new("effectiveness"), Text::new("fail_mode")],
            ..Control::default()
        }
    }
}

/// Reads a file of controls: a list of `Control(...)`. The message names the line and the column.
pub fn read(file: &str, text: &str) -> Result<Vec<Pattern>, String> {
    let patterns: Vec<Pattern> = ron_options().from_str(text).map_err(|error| {
        let (line, column) = (error.span.start.line, error.span.start.col);
        format!("{}:{line}:{column}: error: {}", one_line(file, 200), one_line(&error.code.to_string(), 400))
    })?;
    let wrong = patterns.iter().find_map(|pattern| {
        let unknown = pattern.guards.iter().find(|name| Section::from_name(name).is_none());
        match unknown {
            Some(name) => Some(format!("{}: there is no section `{}`", pattern.id, one_line(name, 40))),
            None if pattern.effectiveness > 100 => Some(format!("{}: effectiveness goes from 0 to 100", pattern.id)),
            None => None,
        }
    });
    match wrong {
        Some(wrong) => Err(format!("{}: error: {}", one_line(file, 200), one_line(&wrong, 400))),
        None => Ok(patterns),
    }
}

/// The controls that are shipped. That they can be read is tested.
pub fn shipped() -> Vec<Pattern> {
    read("controls.ron", include_str!("controls.ron")).unwrap_or_default()
}
