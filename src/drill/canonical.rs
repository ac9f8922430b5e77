//! One way to write a JSON value, so that a hash means one value.
//!
//! A subset of RFC 8785 (JSON canonicalisation scheme): null, booleans, whole numbers of 53 bits and a sign, texts,
//! arrays, objects. Members are sorted by the UTF-16 code units of their names; there is no white space; texts escape
//! what JSON demands, in the short forms where there are any, and nothing else. Fractions are refused rather than written
//! in the way of ECMAScript: no event holds any.

use serde_json::Value;
use std::fmt::Write;

/// The deepest nesting that is written.
pub const MAX_DEPTH: usize = 32;

/// The largest whole number that every reader of JSON understands.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// A fraction, or a number beyond 53 bits.
    #[error("a number is no whole number of 53 bits")]
    Number,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH}")]
    Depth,
}

/// A value in its canonical form.
pub fn canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut out = String::new();
    write(value, MAX_DEPTH, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut String) -> Result<(), NotCanonical> {
    let depth = depth.checked_sub(1).ok_or(NotCanonical::Depth)?;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) if number <= MAX_NUMBER => out.push_str(&number.to_string()),
            (None, Some(number)) if number.unsigned_abs() <= MAX_NUMBER => out.push_str(&number.to_string()),
            _ => return Err(NotCanonical::Number),
        },
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, depth, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(name, out);
                out.push(':');
                write(value, depth, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            // Writing into a String has no way to fail.
            ch if ch < ' ' => drop(write!(out, "\\u{:04x}", u32::from(ch))),
            ch => out.push(ch),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_value_one_text() {
        for (value, text) in [
            (
                json!({"b": 1, "a": [true, null, -7, "é\n\u{1}\"\\"]}),
                "{\"a\":[true,null,-7,\"é\\n\\u0001\\\"\\\\\"],\"b\":1}",
            ),
            (json!({}), "{}"),
            // RFC 8785, section 3.2.3: by UTF-16, in which a character beyond the first plane begins with a surrogate.
            (
                json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7}),
                "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}",
            ),
        ] {
            assert_eq!(canonical(&value).unwrap(), text);
            assert_eq!(serde_json::from_str::<Value>(text).unwrap(), value);
        }
        assert_eq!(canonical(&json!(1.5)), Err(NotCanonical::Number));
        assert_eq!(canonical(&json!(u64::MAX)), Err(NotCanonical::Number));
        let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(canonical(&deep), Err(NotCanonical::Depth));
    }
}
