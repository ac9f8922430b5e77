//! Rules as their files write them: what they are about, when they apply, what answers them, and two tiny models.

use crate::model::Section;
use serde::{Deserialize, Serialize};

/// What a rule is about: the elements on which its conditions are asked, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// Who can do what with which data: the effective exposure facts.
    Exposure,
    /// Datasets.
    Dataset,
    /// Endpoints.
    Endpoint,
    /// Services.
    Service,
    /// Roles.
    Role,
    /// Flows.
    Flow,
    /// Vendors and partners.
    Party,
    /// Controls.
    Control,
}

impl Subject {
    /// Every subject.
    pub const ALL: [Subject; 8] = [
        Subject::Exposure,
        Subject::Dataset,
        Subject::Endpoint,
        Subject::Service,
        Subject::Role,
        Subject::Flow,
        Subject::Party,
        Subject::Control,
    ];

    /// The name under which a condition reads it.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Exposure => "exposure",
            Subject::Dataset => "dataset",
            Subject::Endpoint => "endpoint",
            Subject::Service => "service",
            Subject::Role => "role",
            Subject::Flow => "flow",
            Subject::Party => "party",
            Subject::Control => "control",
        }
    }

    /// The section of its elements; exposure facts are computed.
    pub fn section(self) -> Option<Section> {
        Some(match self {
            Subject::Exposure => return None,
            Subject::Dataset => Section::Datasets,
            Subject::Endpoint => Section::Endpoints,
            Subject::Service => Section::Services,
            Subject::Role => Section::Roles,
            Subject::Flow => Section::Flows,
            Subject::Party => Section::Parties,
            Subject::Control => Section::Controls,
        })
    }
}
