//! The notification tree of a playbook: whom nobody reaches, and on whom others hang.

use super::playbook::{Playbook, Role};
use std::collections::{BTreeMap, BTreeSet};

/// The roles that are reached from the first role on, where some do not answer.
pub fn reached<'p>(playbook: &'p Playbook, silent: &BTreeSet<&str>) -> BTreeSet<&'p str> {
    let mut next: BTreeMap<&str, Vec<&'p str>> = BTreeMap::new();
    for call in &playbook.calls {
        next.entry(call.from.as_str()).or_default().push(call.to.as_str());
    }
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = playbook.roles.first().map(|root| root.id.as_str()).into_iter().collect();
    while let Some(at) = open.pop() {
        if !silent.contains(at) && seen.insert(at) {
            open.extend(next.get(at).into_iter().flatten());
        }
    }
    seen
}

/// The roles of a playbook that nobody calls.
pub fn unreached(playbook: &Playbook) -> Vec<&Role> {
    let all = reached(playbook, &BTreeSet::new());
    playbook.roles.iter().filter(|role| !all.contains(role.id.as_str())).collect()
}

/// The roles that nobody calls where these do not answer, though they are called otherwise.
pub fn lost<'p>(playbook: &'p Playbook, silent: &BTreeSet<&str>) -> Vec<&'p str> {
    let without = reached(playbook, silent);
    let is_lost = |id: &&str| !silent.contains(*id) && !without.contains(*id);
    reached(playbook, &BTreeSet::new()).into_iter().filter(is_lost).collect()
}

/// The roles on which others hang, each with those: where it does not answer, nobody calls them. The first role, from
/// which all calls come, is not counted.
pub fn single_points(playbook: &Playbook) -> Vec<(&Role, Vec<&str>)> {
    let all = reached(playbook, &BTreeSet::new());
    playbook
        .roles
        .iter()
        .skip(1)
        .filter(|role| all.contains(role.id.as_str()))
        .map(|role| (role, lost(playbook, &BTreeSet::from([role.id.as_str()]))))
        .filter(|(_, lost)| !lost.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::playbook;

    #[test]
    fn who_hangs_on_whom() {
        let text = r#"Playbook(format: 1, id: "p", title: "P", about: "x", steps: [], roles: [
            (id: "a", title: "A"), (id: "b", title: "B"), (id: "c", title: "C"), (id: "d", title: "D"), (id: "e", title: "E")],
            calls: [(from: "a", to: "b", by: "x"), (from: "b", to: "c", by: "x"), (from: "c", to: "d", by: "x"),
                (from: "b", to: "d", by: "x"), (from: "d", to: "b", by: "x")])"#;
        let playbook = playbook::read("p.ron", text).unwrap();
        let ids = |roles: Vec<&Role>| roles.iter().map(|role| role.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(unreached(&playbook)), ["e"]);
        let points: Vec<(String, Vec<&str>)> =
            single_points(&playbook).into_iter().map(|(role, lost)| (role.id.to_string(), lost)).collect();
        assert_eq!(points, [("b".to_owned(), vec!["c", "d"])]);
        assert_eq!(lost(&playbook, &BTreeSet::from(["c"])), Vec::<&str>::new(), "d is called by b as well");
    }
}
