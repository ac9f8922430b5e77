//! From the text of a condition to a tree: names and types are not looked at here.
//!
//! The tree lies in one vector, so that no text, however long or nested, needs more than a bounded stack.

use super::ConditionError;

/// The longest text of a condition, in bytes.
pub const MAX_SOURCE: usize = 16 * 1024;
/// How many terms a condition may have.
pub const MAX_TERMS: usize = 2_000;
/// How deep a condition may nest.
pub const MAX_DEPTH: usize = 64;

/// The place of a term in its tree.
pub type Id = usize;

/// A tree of terms; the root is the last.
#[derive(Debug)]
pub struct Tree {
    /// The terms, those inside of a term before it.
    pub terms: Vec<Term>,
}

/// A term and where it begins.
#[derive(Debug)]
pub struct Term {
    /// Byte offset in the text.
    pub offset: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub kind: TermKind,
}

/// What a term is.
#[derive(Debug, PartialEq)]
pub enum TermKind {
    /// `true`, `false`.
    Flag(bool),
    /// `12`.
    Number(i64),
    /// `'text'` or `"text"`.
    Text(String),
    /// `[a, b]`.
    List(Vec<Id>),
    /// A name that stands by itself.
    Name(String),
    /// `a.name`.
    Field(Id, String),
    /// `name(a, b)`, or `receiver.name(a, b)`.
    Call(Option<Id>, String, Vec<Id>),
    /// `!a`.
    Not(Id),
    /// `-a`.
    Negate(Id),
    /// `a && b && c`.
    And(Vec<Id>),
    /// `a || b || c`.
    Or(Vec<Id>),
    /// `a < b` and the like.
    Compare(Comparison, Id, Id),
    /// `a in b`.
    In(Id, Id),
    /// `a + b`.
    Add(Id, Id),
    /// `a - b`.
    Subtract(Id, Id),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// Reads the text of a condition.
pub fn parse(text: &str) -> Result<Tree, ConditionError> {
    if text.len() > MAX_SOURCE {
        return Err(ConditionError::new(
            MAX_SOURCE,
            format!("a condition has at most {} KiB: split the rule", MAX_SOURCE / 1024),
        ));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0, terms: Vec::new() };
    parser.or()?;
    match parser.peek() {
        Token::End => Ok(Tree { terms: parser.terms }),
        token => Err(parser.error(format!("{} is not expected here: join conditions with && or ||", token.shown()))),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Number(i64),
    Text(String),
    Sign(&'static str),
    End,
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Token::Name(name) => format!("`{}`", crate::model::text::one_line(name, 40)),
            Token::Number(number) => format!("`{number}`"),
            Token::Text(_) => "a text".to_owned(),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        }
    }
}

/// Two characters before one, so that `<=` is not `<`.
const SIGNS: [&str; 19] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "(", ")", "[", "]", ",", ".", "?", ":"];

/// The tokens, each with where it begins and ends.
fn tokens(text: &str) -> Result<Vec<(usize, usize, Token)>, ConditionError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ch) = text[at..].chars().next() {
        let rest = &text[at..];
        let start = at;
        let token = if ch.is_whitespace() {
            at += ch.len_utf8();
            continue;
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if ch.is_ascii_alphabetic() || ch == '_' {
            let end = rest.find(|ch: char| !ch.is_ascii_alphanumeric() && ch != '_').unwrap_or(rest.len());
            at += end;
            Token::Name(rest[..end].to_owned())
        } else if ch.is_ascii_digit() {
            let end = rest.find(|ch: char| !ch.is_ascii_alphanumeric()).unwrap_or(rest.len());
            at += end;
            let number = rest[..end].parse();
            Token::Number(number.map_err(|_| {
                let shown = crate::model::text::one_line(&rest[..end], 24);
                ConditionError::new(start, format!("`{shown}` is not a whole number up to {}", i64::MAX))
            })?)
        } else if ch == '\'' || ch == '"' {
            let (value, length) =
                quoted(rest, ch).map_err(|(offset, message)| ConditionError::new(start + offset, message))?;
            at += length;
            Token::Text(value)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            at += sign.len();
            Token::Sign(sign)
        } else {
            let shown = crate::model::text::one_line(&ch.to_string(), 4);
            let meant = match ch {
                '=' => ": did you mean `==`?",
                '&' => ": did you mean `&&`?",
                '|' => ": did you mean `||`?",
                _ => "",
            };
            return Err(ConditionError::new(start, format!("`{shown}` means nothing in a condition{meant}")));
        };
        found.push((start, at, token));
    }
    found.push((text.len(), text.len(), Token::End));
    Ok(found)
}

/// A text in quotation marks, and how many bytes it takes.
fn quoted(rest: &str, mark: char) -> Result<(String, usize), (usize, String)> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, ch)) = chars.next() {
        match ch {
            ch if ch == mark => return Ok((value, at + 1)),
            '\\' => match chars.next() {
                Some((_, ch @ ('\\' | '\'' | '"'))) => value.push(ch),
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                _ => return Err((at, "only \\\\, \\', \\\", \\n and \\t are escapes".to_owned())),
            },
            '\n' => return Err((at, format!("this text is not closed: a {mark} is missing"))),
            ch => value.push(ch),
        }
    }
    Err((0, format!("this text is not closed: a {mark} is missing")))
}

struct Parser {
    tokens: Vec<(usize, usize, Token)>,
    at: usize,
    depth: usize,
    terms: Vec<Term>,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)].2
    }

    fn offset(&self) -> usize {
        self.tokens[self.at.min(self.tokens.len() - 1)].0
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), ConditionError> {
        if self.takes(sign) {
            return Ok(());
        }
        Err(self.error(format!("a `{sign}` is missing before {}", self.peek().shown())))
    }

    fn error(&self, message: String) -> ConditionError {
        ConditionError::new(self.offset(), message)
    }

    fn add(&mut self, offset: usize, kind: TermKind) -> Result<Id, ConditionError> {
        if self.terms.len() >= MAX_TERMS {
            return Err(ConditionError::new(
                offset,
                format!("a condition has at most {MAX_TERMS} terms: split the rule"),
            ));
        }
        let end = self.tokens[self.at.saturating_sub(1).min(self.tokens.len() - 1)].1;
        self.terms.push(Term { offset, end, kind });
        Ok(self.terms.len() - 1)
    }

    fn or(&mut self) -> Result<Id, ConditionError> {
        self.chain("||", Parser::and, TermKind::Or)
    }

    fn and(&mut self) -> Result<Id, ConditionError> {
        self.chain("&&", Parser::relation, TermKind::And)
    }

    fn chain(
        &mut self,
        sign: &str,
        inner: fn(&mut Parser) -> Result<Id, ConditionError>,
        join: fn(Vec<Id>) -> TermKind,
    ) -> Result<Id, ConditionError> {
        let offset = self.offset();
        let first = inner(self)?;
        let mut parts = vec![first];
        while self.takes(sign) {
            parts.push(inner(self)?);
        }
        if parts.len() == 1 { Ok(first) } else { self.add(offset, join(parts)) }
    }

    fn relation(&mut self) -> Result<Id, ConditionError> {
        let offset = self.offset();
        let left = self.sum()?;
        let Some(compare) = self.relation_sign() else { return Ok(left) };
        let right = self.sum()?;
        if self.relation_sign().is_some() {
            self.at -= 1;
            return Err(self.error("compare two values at a time, and join with &&".to_owned()));
        }
        self.add(
            offset,
            match compare {
                Some(comparison) => TermKind::Compare(comparison, left, right),
                None => TermKind::In(left, right),
            },
        )
    }

    /// A comparison, or `in` as nothing, if one stands here.
    fn relation_sign(&mut self) -> Option<Option<Comparison>> {
        let found = match self.peek() {
            Token::Sign("==") => Some(Comparison::Equal),
            Token::Sign("!=") => Some(Comparison::NotEqual),
            Token::Sign("<") => Some(Comparison::Less),
            Token::Sign("<=") => Some(Comparison::AtMost),
            Token::Sign(">") => Some(Comparison::More),
            Token::Sign(">=") => Some(Comparison::AtLeast),
            Token::Name(name) if name == "in" => None,
            _ => return None,
        };
        self.at += 1;
        Some(found)
    }

    fn sum(&mut self) -> Result<Id, ConditionError> {
        let offset = self.offset();
        let mut left = self.unary()?;
        for _ in 0..MAX_DEPTH {
            let join: fn(Id, Id) -> TermKind = if self.takes("+") {
                TermKind::Add
            } else if self.takes("-") {
                TermKind::Subtract
            } else {
                return Ok(left);
            };
            let right = self.unary()?;
            left = self.add(offset, join(left, right))?;
        }
        Err(self.too_deep())
    }

    fn unary(&mut self) -> Result<Id, ConditionError> {
        let mut marks = Vec::new();
        loop {
            let offset = self.offset();
            if self.takes("!") {
                marks.push((offset, TermKind::Not as fn(Id) -> TermKind));
            } else if self.takes("-") {
                marks.push((offset, TermKind::Negate as fn(Id) -> TermKind));
            } else {
                break;
            }
            if marks.len() > MAX_DEPTH {
                return Err(self.too_deep());
            }
        }
        let mut term = self.member()?;
        for (offset, mark) in marks.into_iter().rev() {
            term = self.add(offset, mark(term))?;
        }
        Ok(term)
    }

    fn member(&mut self) -> Result<Id, ConditionError> {
        let offset = self.offset();
        let mut term = self.primary()?;
        let mut steps = 0;
        while self.takes(".") {
            steps += 1;
            if steps > MAX_DEPTH {
                return Err(self.too_deep());
            }
            let name_at = self.offset();
            let Token::Name(name) = self.take() else {
                self.at -= 1;
                return Err(self.error(format!("a name is missing before {}", self.peek().shown())));
            };
            term = if self.takes("(") {
                let arguments = self.list(")")?;
                self.add(name_at, TermKind::Call(Some(term), name, arguments))?
            } else {
                self.add(offset, TermKind::Field(term, name))?
            };
        }
        Ok(term)
    }

    fn primary(&mut self) -> Result<Id, ConditionError> {
        let offset = self.offset();
        match self.take() {
            Token::Number(number) => self.add(offset, TermKind::Number(number)),
            Token::Text(text) => self.add(offset, TermKind::Text(text)),
            Token::Name(name) if name == "true" || name == "false" => self.add(offset, TermKind::Flag(name == "true")),
            Token::Name(name) => {
                if self.takes("(") {
                    let arguments = self.list(")")?;
                    self.add(offset, TermKind::Call(None, name, arguments))
                } else {
                    self.add(offset, TermKind::Name(name))
                }
            }
            Token::Sign("(") => {
                self.deeper()?;
                let inner = self.or()?;
                self.expect(")")?;
                self.depth -= 1;
                Ok(inner)
            }
            Token::Sign("[") => {
                let items = self.list("]")?;
                self.add(offset, TermKind::List(items))
            }
            token => {
                self.at -= 1;
                Err(self.error(format!("a value is missing before {}", token.shown())))
            }
        }
    }

    /// Terms with commas between them, up to a closing sign.
    fn list(&mut self, closing: &'static str) -> Result<Vec<Id>, ConditionError> {
        self.deeper()?;
        let mut items = Vec::new();
        while !self.takes(closing) {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(self.or()?);
        }
        self.depth -= 1;
        Ok(items)
    }

    fn deeper(&mut self) -> Result<(), ConditionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&self) -> ConditionError {
        self.error(format!("a condition nests at most {MAX_DEPTH} deep: split the rule"))
    }
}
