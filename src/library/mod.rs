//! What is shipped with the program: templates, bundled models, rules and the catalogues to which they refer, controls,
//! attacker profiles.

pub mod attackers;
pub mod catalogue;
pub mod clocks;
pub mod control;
pub mod lapse;
pub mod located;
pub mod prompts;
pub mod rule;

/// A template for `sandtable new`.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// As the command line names it.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Whether it is to be filled in, so that it takes the title of what it becomes.
    pub is_blank: bool,
    /// The model file.
    pub text: &'static str,
}

/// Every template, the default first.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "empty",
        about: "a title, the classification ladder, and a comment on what goes where",
        is_blank: true,
        text: include_str!("templates/empty.ron"),
    },
    Template {
        name: "portal",
        about: "a visitor, an endpoint and a dataset to build on",
        is_blank: true,
        text: include_str!("templates/portal.ron"),
    },
    Template {
        name: "clinic",
        about: "the teaching example: a clinic's appointment portal",
        is_blank: false,
        text: CLINIC,
    },
    Template {
        name: "freight",
        about: "a forwarder's back office behind GraphQL: 70 datasets, 7 roles",
        is_blank: false,
        text: include_str!("../../models/freight.ron"),
    },
];

/// The teaching example, on which the tutor runs.
pub const CLINIC: &str = include_str!("../../models/clinic.ron");

/// The template with a name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}
