//! The scenarios and playbooks that are shipped.

use super::playbook::{self, Playbook};
use super::scenario::{self, Scenario};
use crate::library::located::Problem;

/// The files of scenarios: the path inside of the project, and the text.
pub const SCENARIOS: &[(&str, &str)] = &[
    ("scenarios/s1-open-list.ron", include_str!("../../scenarios/s1-open-list.ron")),
    ("scenarios/s2-master-key.ron", include_str!("../../scenarios/s2-master-key.ron")),
    ("scenarios/s3-row-level-nothing.ron", include_str!("../../scenarios/s3-row-level-nothing.ron")),
    ("scenarios/s4-builder-account.ron", include_str!("../../scenarios/s4-builder-account.ron")),
    ("scenarios/s5-borrowed-tokens.ron", include_str!("../../scenarios/s5-borrowed-tokens.ron")),
    ("scenarios/s6-community-node.ron", include_str!("../../scenarios/s6-community-node.ron")),
    ("scenarios/s7-ask-for-everything.ron", include_str!("../../scenarios/s7-ask-for-everything.ron")),
    ("scenarios/s8-next-number.ron", include_str!("../../scenarios/s8-next-number.ron")),
    ("scenarios/s9-again-please.ron", include_str!("../../scenarios/s9-again-please.ron")),
    ("scenarios/s10-goodbye-export.ron", include_str!("../../scenarios/s10-goodbye-export.ron")),
    ("scenarios/s11-double.ron", include_str!("../../scenarios/s11-double.ron")),
    ("scenarios/s12-wrong-region.ron", include_str!("../../scenarios/s12-wrong-region.ron")),
];

/// The files of playbooks.
pub const PLAYBOOKS: &[(&str, &str)] = &[
    ("scenarios/playbooks/data-exposure.ron", include_str!("../../scenarios/playbooks/data-exposure.ron")),
    (
        "scenarios/playbooks/credential-compromise.ron",
        include_str!("../../scenarios/playbooks/credential-compromise.ron"),
    ),
    ("scenarios/playbooks/supply-chain.ron", include_str!("../../scenarios/playbooks/supply-chain.ron")),
];

/// The name of a scenario or a playbook, as its file says it.
pub fn stem(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.strip_suffix(".ron")).unwrap_or(path)
}

/// The shipped scenario with a name.
pub fn scenario(id: &str) -> Option<Result<Scenario, Problem>> {
    let (file, text) = SCENARIOS.iter().find(|(file, _)| stem(file) == id)?;
    Some(scenario::read(file, text))
}

/// The shipped playbook with a name.
pub fn playbook(id: &str) -> Option<Result<Playbook, Problem>> {
    let (file, text) = PLAYBOOKS.iter().find(|(file, _)| stem(file) == id)?;
    Some(playbook::read(file, text))
}
