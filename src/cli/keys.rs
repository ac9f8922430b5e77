//! `sandtable keys`: every key and what the mouse does, from their tables; the cheat sheet of the documentation is its output.

use super::output::{Outcome, print, table};
use crate::app::command::{COMMANDS, Scope};
use crate::app::gestures::GESTURES;
use crate::app::keymap::Keymap;
use crate::app::outline::capitalised;
use anyhow::Result;

/// List every key of the workbench
///
/// Keys can be changed in `config.ron` in the configuration folder: `(keys: {"save": ["<Space>w"]})`.
///
/// Example: sandtable keys --markdown > docs/KEYS.md
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the cheat sheet of the documentation
    #[arg(long)]
    markdown: bool,
}

pub fn run(args: Args) -> Result<Outcome> {
    if args.markdown {
        return print(&markdown());
    }
    let keymap = Keymap::default();
    let commands = COMMANDS.iter().map(|command| {
        let keys = keymap.keys_of(command.id).join("  ");
        vec![command.scope.name().to_owned(), keys, command.name.to_owned(), command.doc.to_owned()]
    });
    let mouse = GESTURES
        .iter()
        .map(|gesture| vec!["mouse".to_owned(), gesture.gesture.to_owned(), "-".to_owned(), gesture.doc.to_owned()]);
    let rows: Vec<Vec<String>> = commands.chain(mouse).collect();
    print(&table(&["WHERE", "KEYS", "COMMAND", "WHAT IT DOES"], &rows))
}

/// The cheat sheet.
pub fn markdown() -> String {
    let keymap = Keymap::default();
    let mut out = String::from(
        "# Keys\n\nMade by `sandtable keys --markdown` from the table of commands. Keys can be changed in `config.ron`; the\nthird column is the name to use there.\n",
    );
    for scope in Scope::ALL {
        out.push_str(&format!(
            "\n## {}\n\n| keys | what it does | command |\n|---|---|---|\n",
            capitalised(scope.name())
        ));
        for command in COMMANDS.iter().filter(|command| command.scope == scope) {
            let keys: Vec<String> =
                keymap.keys_of(command.id).iter().map(|keys| format!("`{}`", keys.replace('|', "\\|"))).collect();
            out.push_str(&format!("| {} | {} | {} |\n", keys.join(" "), command.doc, command.name));
        }
    }
    out.push_str("\n## Mouse on the map\n\n| gesture | what it does |\n|---|---|\n");
    for gesture in GESTURES {
        out.push_str(&format!("| {} | {} |\n", gesture.gesture, gesture.doc));
    }
    out
}

/// The keys as a section of the manual page.
pub fn roff() -> String {
    let keymap = Keymap::default();
    let escape = |text: &str| text.replace('\\', "\\\\").replace('-', "\\-");
    let mut out = String::new();
    for scope in Scope::ALL {
        out.push_str(&format!(".SH KEYS: {}\n", scope.name().to_uppercase()));
        for command in COMMANDS.iter().filter(|command| command.scope == scope) {
            let keys = keymap.keys_of(command.id).join(", ");
            out.push_str(&format!(".TP\n.B {}\n{}\n", escape(&keys), escape(command.doc)));
        }
    }
    out.push_str(".SH MOUSE ON THE MAP\n");
    for gesture in GESTURES {
        out.push_str(&format!(".TP\n.B {}\n{}\n", escape(gesture.gesture), escape(gesture.doc)));
    }
    out
}
