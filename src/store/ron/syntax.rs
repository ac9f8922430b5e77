//! A lossless tree of a RON text: where every value, key and comment stands.
//!
//! The tree holds offsets only; values are typed elsewhere, from their slices. Items tile their container: the first
//! begins right after the opening bracket, each ends where the next begins, and what is left belongs to the closing
//! bracket. Copying the tiles therefore copies the text.

use std::ops::Range;

/// How deep values may nest. A model needs 7 levels; what nests deeper is an accident or an attack.
pub const MAX_DEPTH: usize = 48;

/// How many values a text may hold. A model of 10,000 elements has some 200,000; each takes memory.
pub const MAX_VALUES: usize = 1_000_000;

/// A text that is not RON, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Byte offset.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

/// A whole file.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The value; before and after it stand only attributes, comments and white space.
    pub root: Value,
}

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Value {
    /// From the first character to the last.
    pub span: Range<usize>,
    /// What it consists of.
    pub shape: Shape,
}

/// What a value consists of.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A string, number, character, or a name without brackets.
    Scalar,
    /// `Name(key: value)`, the name may be missing.
    Record(Body),
    /// `Name(value)`, the name may be missing.
    Tuple(Body),
    /// `[value]`.
    List(Body),
    /// `{key: value}`.
    Map(Body),
}

/// What stands between brackets.
#[derive(Debug, Clone)]
pub struct Body {
    /// Right after the opening bracket.
    pub open: usize,
    /// The items.
    pub items: Vec<Item>,
    /// The closing bracket.
    pub close: usize,
}

/// An item of a container with its comments.
#[derive(Debug, Clone)]
pub struct Item {
    /// Where the previous item's line ends; comments from here on lead this item.
    pub lead: usize,
    /// The key, in records and maps.
    pub key: Option<Key>,
    /// The value.
    pub value: Value,
    /// After the comma, or after the value where there is none.
    pub end: usize,
    /// Whether a comma follows.
    pub comma: bool,
    /// After the comments that trail on the same line.
    pub tail: usize,
}

/// A key and its place.
#[derive(Debug, Clone)]
pub struct Key {
    /// From the first character to the last.
    pub span: Range<usize>,
    /// The name; for a string, what it says.
    pub text: String,
}

impl Item {
    /// Where the key, or the value where there is none, begins.
    pub fn start(&self) -> usize {
        self.key.as_ref().map_or(self.value.span.start, |key| key.span.start)
    }

    /// The key's text, empty where there is none.
    pub fn name(&self) -> &str {
        self.key.as_ref().map_or("", |key| key.text.as_str())
    }
}

impl Value {
    /// What stands between its brackets, if it has any.
    pub fn body(&self) -> Option<&Body> {
        match &self.shape {
            Shape::Scalar => None,
            Shape::Record(body) | Shape::Tuple(body) | Shape::List(body) | Shape::Map(body) => Some(body),
        }
    }

    /// The items between its brackets.
    pub fn items(&self) -> &[Item] {
        self.body().map_or(&[], |body| &body.items)
    }

    /// The first item with this key.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items().iter().find(|item| item.key.as_ref().is_some_and(|own| own.text == key))
    }
}

/// Reads a text.
pub fn parse(text: &str) -> Result<Tree, SyntaxError> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, values: 0 };
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    parser.trivia()?;
    while parser.peek() == Some(b'#') {
        parser.attribute()?;
        parser.trivia()?;
    }
    let root = parser.value(0)?;
    parser.trivia()?;
    if parser.at < parser.bytes.len() {
        return Err(parser.error("nothing may stand behind the closing bracket"));
    }
    Ok(Tree { root })
}

/// A comment in a stretch of text that otherwise holds white space and punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From its first slash to its last character, without the line break.
    pub span: Range<usize>,
    /// Whether an empty line stands before it.
    pub blank_before: bool,
}

/// The comments in `range`, whatever values stand there.
pub fn comments(text: &str, range: Range<usize>) -> Vec<Comment> {
    let mut parser =
        Parser { text: &text[..range.end], bytes: &text.as_bytes()[..range.end], at: range.start, values: 0 };
    let mut found = Vec::new();
    let mut newlines = 0;
    while let Some(byte) = parser.peek() {
        match byte {
            b'\n' => {
                newlines += 1;
                parser.at += 1;
            }
            b'/' => {
                let start = parser.at;
                // The text was parsed before: what begins with a slash between values is a comment.
                if parser.comment().is_err() {
                    break;
                }
                found.push(Comment { span: start..parser.at, blank_before: newlines > 1 });
                newlines = 0;
            }
            b'"' | b'\'' => {
                let _ = parser.quoted(byte);
            }
            b'r' if parser.is_raw_string() => {
                let _ = parser.raw_string();
            }
            _ => {
                if !byte.is_ascii_whitespace() {
                    newlines = 0;
                }
                parser.at += 1;
            }
        }
    }
    found
}

/// Whether an empty line stands at the end of a stretch of white space and comments, or before it.
pub fn ends_blank(text: &str, range: Range<usize>) -> bool {
    let slice = &text[range];
    let last_line_end = slice.rfind(|ch: char| !ch.is_whitespace()).map_or(0, |at| at + 1);
    slice[last_line_end.min(slice.len())..].matches('\n').count() > 1
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    values: usize,
}

impl Parser<'_> {
    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset: self.at.min(self.bytes.len()), message: message.into() }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn trivia(&mut self) -> Result<(), SyntaxError> {
        while let Some(byte) = self.peek() {
            if byte.is_ascii_whitespace() {
                self.at += 1;
            } else if byte == b'/' {
                self.comment()?;
            } else {
                break;
            }
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), SyntaxError> {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                let carriage_return = usize::from(length > 0 && rest[length - 1] == b'\r');
                self.at += length - carriage_return;
                Ok(())
            }
            Some(b'*') => {
                let start = self.at;
                let mut depth = 0usize;
                while self.at < self.bytes.len() {
                    match &self.bytes[self.at..(self.at + 2).min(self.bytes.len())] {
                        b"/*" => {
                            depth += 1;
                            self.at += 2;
                        }
                        b"*/" => {
                            depth -= 1;
                            self.at += 2;
                            if depth == 0 {
                                return Ok(());
                            }
                        }
                        _ => self.at += 1,
                    }
                }
                self.at = start;
                Err(self.error("this comment is not closed: add `*/`"))
            }
            _ => Err(self.error("a `/` begins a comment: write `//` or `/* ... */`")),
        }
    }

    fn attribute(&mut self) -> Result<(), SyntaxError> {
        let rest = &self.text[self.at..];
        let allowed = ["#![enable(", "#! [enable("];
        if !allowed.iter().any(|start| rest.starts_with(start)) {
            return Err(self.error("only `#![enable(...)]` may stand here"));
        }
        match rest.find(']') {
            Some(length) if length < 200 => {
                self.at += length + 1;
                Ok(())
            }
            _ => Err(self.error("this attribute is not closed: add `)]`")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(self.error(format!("values nest deeper than {MAX_DEPTH} levels")));
        }
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(self.error(format!("a model has at most {MAX_VALUES} values: split it")));
        }
        let start = self.at;
        let shape = match self.peek() {
            None => return Err(self.error("a value is missing at the end of the file")),
            Some(b'(') => self.parenthesis(depth)?,
            Some(b'[') => Shape::List(self.body(depth, b']', Keys::None)?),
            Some(b'{') => Shape::Map(self.body(depth, b'}', Keys::Values)?),
            Some(byte @ (b'"' | b'\'')) => {
                self.quoted(byte)?;
                Shape::Scalar
            }
            Some(b'r') if self.is_raw_string() => {
                self.raw_string()?;
                Shape::Scalar
            }
            Some(byte) if is_word(byte) => {
                while self.peek().is_some_and(is_word) {
                    self.at += 1;
                }
                let end = self.at;
                self.trivia()?;
                if self.peek() == Some(b'(') && !self.bytes[start].is_ascii_digit() {
                    self.parenthesis(depth)?
                } else {
                    self.at = end;
                    Shape::Scalar
                }
            }
            Some(_) => return Err(self.error(format!("a value is missing before {}", self.here()))),
        };
        Ok(Value { span: start..self.at, shape })
    }

    /// What stands here, for a message.
    fn here(&self) -> String {
        match self.text[self.at..].chars().next() {
            Some(ch) if crate::model::text::is_unsafe(ch) => format!("the control character U+{:04X}", u32::from(ch)),
            Some(ch) => format!("`{ch}`"),
            None => "the end of the file".into(),
        }
    }

    /// A record where the first item has a key, a tuple otherwise; `()` is a record of nothing.
    fn parenthesis(&mut self, depth: usize) -> Result<Shape, SyntaxError> {
        let start = self.at;
        self.at += 1;
        self.trivia()?;
        let first = self.at;
        let mut end = first;
        while self.bytes.get(end).copied().is_some_and(is_word) {
            end += 1;
        }
        let named = end > first && !self.bytes[first].is_ascii_digit();
        self.at = end;
        self.trivia()?;
        let empty = end == first && self.peek() == Some(b')');
        let is_record = empty || (named && self.peek() == Some(b':'));
        self.at = start;
        Ok(if is_record {
            Shape::Record(self.body(depth, b')', Keys::Names)?)
        } else {
            Shape::Tuple(self.body(depth, b')', Keys::None)?)
        })
    }

    fn body(&mut self, depth: usize, closing: u8, keys: Keys) -> Result<Body, SyntaxError> {
        let opening = self.at;
        self.at += 1;
        let open = self.at;
        let mut items: Vec<Item> = Vec::new();
        let mut lead = open;
        loop {
            self.trivia()?;
            match self.peek() {
                Some(byte) if byte == closing => {
                    let close = self.at;
                    self.at += 1;
                    return Ok(Body { open, items, close });
                }
                None => {
                    self.at = opening;
                    return Err(self.error(format!("this `{}` is not closed", char::from(self.bytes[opening]))));
                }
                Some(_) => {}
            }
            if items.last().is_some_and(|item| !item.comma) {
                return Err(self.error(format!(
                    "a `,` or `{}` is missing before {}",
                    char::from(closing),
                    self.here()
                )));
            }
            let item = self.item(depth, lead, &keys)?;
            lead = item.tail;
            items.push(item);
        }
    }

    fn item(&mut self, depth: usize, lead: usize, keys: &Keys) -> Result<Item, SyntaxError> {
        let start = self.at;
        let key = match keys {
            Keys::None => None,
            Keys::Names => {
                while self.peek().is_some_and(is_word) {
                    self.at += 1;
                }
                if self.at == start {
                    return Err(self.error(format!("the name of a field is missing before {}", self.here())));
                }
                Some(Key { span: start..self.at, text: self.text[start..self.at].to_owned() })
            }
            Keys::Values => {
                let value = self.value(depth + 1)?;
                let slice = &self.text[value.span.clone()];
                let plain = slice.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                // Almost every key is a text without escapes, which is what it says.
                let text = match plain.filter(|text| !text.contains(['"', '\\'])) {
                    Some(text) => text.to_owned(),
                    None => ron::from_str::<String>(slice).unwrap_or_else(|_| slice.to_owned()),
                };
                Some(Key { span: value.span, text })
            }
        };
        if let Some(key) = &key {
            self.trivia()?;
            if self.peek() != Some(b':') {
                let name = crate::model::text::one_line(&key.text, 40);
                return Err(self.error(format!("a `:` is missing behind `{name}`")));
            }
            self.at += 1;
            self.trivia()?;
        }
        let value = self.value(depth + 1)?;
        let mut end = self.at;
        self.trivia()?;
        let comma = self.peek() == Some(b',');
        if comma {
            self.at += 1;
            end = self.at;
        }
        self.at = end;
        let tail = self.trailing()?;
        self.at = tail;
        Ok(Item { lead, key, value, end, comma, tail })
    }

    /// The end of the comments that trail on this line, where nothing else follows on it.
    fn trailing(&mut self) -> Result<usize, SyntaxError> {
        let start = self.at;
        let mut tail = start;
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'/') => {
                    let comment = self.at;
                    self.comment()?;
                    if self.text[comment..self.at].contains('\n') {
                        return Ok(start);
                    }
                    tail = self.at;
                }
                Some(b'\n') | None => return Ok(tail),
                // A comment between two items on one line leads the second.
                Some(_) => return Ok(start),
            }
        }
    }

    fn quoted(&mut self, quote: u8) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'\\' {
                self.at += 1;
            } else if byte == quote {
                self.at = self.at.min(self.bytes.len());
                return Ok(());
            }
        }
        self.at = start;
        Err(self.error("this text is not closed: a quotation mark is missing"))
    }

    fn is_raw_string(&self) -> bool {
        let rest = self.bytes[self.at + 1..].iter();
        let mut rest = rest.skip_while(|byte| **byte == b'#');
        rest.next() == Some(&b'"')
    }

    fn raw_string(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let hashes = self.bytes[self.at + 1..].iter().take_while(|byte| **byte == b'#').count();
        let closing = format!("\"{}", "#".repeat(hashes));
        let inside = self.at + 2 + hashes;
        match self.text[inside..].find(&closing) {
            Some(length) => {
                self.at = inside + length + closing.len();
                Ok(())
            }
            None => {
                self.at = start;
                Err(self.error(format!("this text is not closed: `{closing}` is missing")))
            }
        }
    }
}

enum Keys {
    None,
    Names,
    Values,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b'.')
}
