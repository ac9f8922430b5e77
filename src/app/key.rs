//! Keys as configuration and help write them: `a`, `A`, `<Enter>`, `<A-Left>`, and sequences such as `g w`.

use std::fmt;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A printable character, as typed: `A` is Shift and a.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    Function(u8),
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key itself.
    pub code: Code,
    /// Control was held.
    pub control: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held; only for keys that are no characters.
    pub shift: bool,
}

const NAMES: [(&str, Code); 16] = [
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("BackTab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PageUp", Code::PageUp),
    ("PageDown", Code::PageDown),
    ("Space", Code::Char(' ')),
    ("lt", Code::Char('<')),
];

impl Key {
    /// A key without modifiers.
    pub fn plain(code: Code) -> Key {
        Key { code, control: false, alt: false, shift: false }
    }

    /// A character.
    pub fn char(ch: char) -> Key {
        Key::plain(Code::Char(ch))
    }

    /// The character that it types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(ch) if !self.control && !self.alt => Some(ch),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.code {
            Code::Function(number) => format!("F{number}"),
            code => match NAMES.iter().find(|(_, known)| *known == code) {
                Some((name, _)) => (*name).to_owned(),
                None => match code {
                    Code::Char(ch) => ch.to_string(),
                    _ => String::new(),
                },
            },
        };
        let plain = !self.control && !self.alt && !self.shift;
        if plain && name.chars().count() == 1 {
            return f.write_str(&name);
        }
        let mark = |held: bool, mark: &'static str| if held { mark } else { "" };
        write!(f, "<{}{}{}{name}>", mark(self.control, "C-"), mark(self.alt, "A-"), mark(self.shift, "S-"))
    }
}

/// Reads a sequence of keys: keys in angle brackets or single characters, white space between them has no meaning.
pub fn parse(text: &str) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '<' {
            let Some(end) = rest.find('>') else {
                return Err(format!("`{text}`: a `>` is missing; write `<lt>` for the character itself"));
            };
            keys.push(parse_named(&rest[1..end]).ok_or_else(|| format!("`<{}>` is no key", &rest[1..end]))?);
            rest = rest[end + 1..].trim_start();
        } else {
            keys.push(Key::char(first));
            rest = rest[first.len_utf8()..].trim_start();
        }
    }
    if keys.is_empty() { Err("a key is missing between the quotation marks".into()) } else { Ok(keys) }
}

fn parse_named(name: &str) -> Option<Key> {
    let mut key = Key::plain(Code::Esc);
    let mut rest = name;
    loop {
        match rest.as_bytes() {
            [b'C', b'-', _, ..] => key.control = true,
            [b'A', b'-', _, ..] => key.alt = true,
            [b'S', b'-', _, ..] => key.shift = true,
            _ => break,
        }
        rest = &rest[2..];
    }
    let mut chars = rest.chars();
    key.code = match (chars.next(), chars.next()) {
        (Some(ch), None) => Code::Char(ch),
        _ => match NAMES.iter().find(|(known, _)| *known == rest) {
            Some((_, code)) => *code,
            None => match rest.strip_prefix('F').and_then(|number| number.parse().ok()) {
                Some(number @ 1..=12) => Code::Function(number),
                _ => return None,
            },
        },
    };
    Some(key)
}

/// A sequence as help shows it.
pub fn show(keys: &[Key]) -> String {
    let words: Vec<String> = keys
        .iter()
        .map(|key| match key.code {
            Code::Char(' ') if !key.control && !key.alt => "space".to_owned(),
            Code::Char(ch) if !key.control && !key.alt => ch.to_string(),
            Code::Char(ch) if key.alt => format!("alt-{ch}"),
            Code::Char(ch) if key.control => format!("ctrl-{ch}"),
            Code::Up => with_modifiers(key, "↑"),
            Code::Down => with_modifiers(key, "↓"),
            Code::Left => with_modifiers(key, "←"),
            Code::Right => with_modifiers(key, "→"),
            _ => key.to_string().trim_matches(['<', '>']).to_lowercase().replace("backtab", "shift-tab"),
        })
        .collect();
    // Characters of one sequence are written together, as they are typed.
    if words.iter().all(|word| word.chars().count() == 1) { words.concat() } else { words.join(" ") }
}

fn with_modifiers(key: &Key, name: &str) -> String {
    let mark = |held: bool, mark: &'static str| if held { mark } else { "" };
    format!("{}{}{}{name}", mark(key.control, "ctrl-"), mark(key.alt, "alt-"), mark(key.shift, "shift-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_written() {
        for (text, shown) in [
            ("a", "a"),
            ("g w", "gw"),
            ("gw", "gw"),
            ("<Space> s", "space s"),
            ("<A-Left>", "alt-←"),
            ("<S-Up>", "shift-↑"),
            ("<C-x>", "ctrl-x"),
            ("<F5>", "f5"),
            ("<lt>", "<"),
            (">", ">"),
            ("H", "H"),
            ("<BackTab>", "shift-tab"),
        ] {
            let keys = parse(text).unwrap();
            assert_eq!(show(&keys), shown, "{text}");
            let written: String = keys.iter().map(Key::to_string).collect();
            assert_eq!(parse(&written).unwrap(), keys);
        }
        for bad in ["", "<Entr>", "<C->", "<", "<F13>"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
