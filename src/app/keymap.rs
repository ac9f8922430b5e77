//! From keys to commands: sequences, scopes, the user's own keys over the defaults, and what may come next.

use super::command::{COMMANDS, CommandId, Scope, by_name};
use super::key::{Key, parse, show};
use crate::model::text::{nearest, one_line};
use std::collections::BTreeMap;

/// What a sequence of keys means so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// A command.
    Command(CommandId),
    /// The beginning of these: the next key, and what it leads to.
    Prefix(Vec<Continuation>),
    /// Nothing.
    Unknown,
}

/// A key that may come next, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The key.
    pub key: Key,
    /// The command at the end, or nothing where more keys follow.
    pub command: Option<CommandId>,
}

/// Keys of every scope.
#[derive(Debug, Clone)]
pub struct Keymap {
    scopes: BTreeMap<Scope, BTreeMap<Vec<Key>, CommandId>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let mut scopes: BTreeMap<Scope, BTreeMap<Vec<Key>, CommandId>> = BTreeMap::new();
        for command in COMMANDS {
            for keys in command.keys {
                // The table is checked by a test, so that every sequence can be read.
                if let Ok(keys) = parse(keys) {
                    scopes.entry(command.scope).or_default().insert(keys, command.id);
                }
            }
        }
        Keymap { scopes }
    }
}

impl Keymap {
    /// The defaults with the user's keys over them. A command that the user names has only the user's keys. What can
    /// not be used is reported and left out.
    pub fn with_user_keys(user: &BTreeMap<String, Vec<String>>) -> (Keymap, Vec<String>) {
        let mut keymap = Keymap::default();
        let mut complaints = Vec::new();
        let mut given: BTreeMap<CommandId, (Scope, Vec<Vec<Key>>)> = BTreeMap::new();
        for (name, sequences) in user {
            let Some(command) = by_name(name) else {
                let meant = nearest(name, COMMANDS.iter().map(|command| command.name));
                let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                complaints.push(format!("keys: there is no command `{}`{hint}", one_line(name, 40)));
                continue;
            };
            let mut keys = Vec::new();
            for sequence in sequences {
                match parse(sequence) {
                    Ok(sequence) => keys.push(sequence),
                    Err(why) => complaints.push(format!("keys: {name}: {}", one_line(&why, 120))),
                }
            }
            given.insert(command.id, (command.scope, keys));
        }
        for (id, (scope, _)) in &given {
            if let Some(map) = keymap.scopes.get_mut(scope) {
                map.retain(|_, command| command != id);
            }
        }
        for (id, (scope, sequences)) in given {
            // An empty list is a wish: the command shall have no key.
            let wanted = user.get(super::command::spec(id).name).is_some_and(|keys| !keys.is_empty());
            for keys in sequences {
                if let Some(other) = keymap.conflict(scope, &keys) {
                    let name = super::command::spec(id).name;
                    complaints.push(format!(
                        "keys: `{}` of {name} is in the way of {}: left out",
                        show(&keys),
                        super::command::spec(other).name
                    ));
                    continue;
                }
                keymap.scopes.entry(scope).or_default().insert(keys, id);
            }
            if !wanted {
                continue;
            }
            let left = keymap.scopes.get(&scope).is_some_and(|map| map.values().any(|command| *command == id));
            if !left {
                // A command that can not be reached helps nobody: its default keys stand in where they are free.
                for keys in super::command::spec(id).keys.iter().filter_map(|keys| parse(keys).ok()) {
                    if keymap.conflict(scope, &keys).is_none() {
                        keymap.scopes.entry(scope).or_default().insert(keys, id);
                    }
                }
            }
        }
        (keymap, complaints)
    }

    /// A command whose keys begin with these, equal them, or are the beginning of them, in a scope that is live at
    /// the same time.
    fn conflict(&self, scope: Scope, keys: &[Key]) -> Option<CommandId> {
        let live_together =
            |other: Scope| other == scope || scope.behind() == Some(other) || other.behind() == Some(scope);
        self.scopes
            .iter()
            .filter(|(other, _)| live_together(**other))
            .flat_map(|(_, map)| map)
            .find(|(other, _)| other.starts_with(keys) || keys.starts_with(other))
            .map(|(_, command)| *command)
    }

    /// What a sequence means in these scopes; the nearer scope wins.
    pub fn look_up(&self, scopes: &[Scope], keys: &[Key]) -> Lookup {
        let mut next: Vec<Continuation> = Vec::new();
        for scope in scopes {
            let Some(map) = self.scopes.get(scope) else { continue };
            if let Some(command) = map.get(keys) {
                return Lookup::Command(*command);
            }
            for (sequence, command) in map {
                if sequence.len() <= keys.len() || !sequence.starts_with(keys) {
                    continue;
                }
                let key = sequence[keys.len()];
                let last = sequence.len() == keys.len() + 1;
                if !next.iter().any(|continuation| continuation.key == key) {
                    next.push(Continuation { key, command: last.then_some(*command) });
                }
            }
        }
        if next.is_empty() {
            return Lookup::Unknown;
        }
        next.sort_by_key(|continuation| continuation.key);
        Lookup::Prefix(next)
    }

    /// The keys of a command, as help shows them, the shortest first.
    pub fn keys_of(&self, id: CommandId) -> Vec<String> {
        let map = self.scopes.get(&super::command::spec(id).scope);
        let mut keys: Vec<&Vec<Key>> =
            map.into_iter().flatten().filter(|(_, command)| **command == id).map(|(keys, _)| keys).collect();
        // The order of the table says which is the important one.
        let defaults: Vec<Vec<Key>> =
            super::command::spec(id).keys.iter().filter_map(|keys| parse(keys).ok()).collect();
        keys.sort_by_key(|keys| (defaults.iter().position(|default| default == *keys).unwrap_or(0), keys.len()));
        keys.into_iter().map(|keys| show(keys)).collect()
    }

    /// Every pair of sequences of which one hides the other, in scopes that are live together.
    pub fn conflicts(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (scope, map) in &self.scopes {
            for (keys, id) in map {
                let mut others = self.clone();
                if let Some(own) = others.scopes.get_mut(scope) {
                    own.remove(keys);
                }
                if let Some(other) = others.conflict(*scope, keys) {
                    let names = (super::command::spec(*id).name, super::command::spec(other).name);
                    found.push(format!("{}: {} and {}", show(keys), names.0, names.1));
                }
            }
        }
        found
    }
}
