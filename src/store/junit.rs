//! JUnit reports: which tests passed, failed or were skipped.
//!
//! A report is hostile like any other file: it has no document type and no entities of its own, and its size, depth and
//! number of tests are bounded. What it says of a test is looked up by name, see [`Report::result`].

use crate::model::facts::Day;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashMap;
use std::rc::Rc;

/// The largest report, in bytes.
pub const MAX_REPORT: u64 = 32 << 20;
/// The deepest nesting of elements.
const MAX_DEPTH: usize = 64;
/// The most tests of one report.
const MAX_TESTS: usize = 200_000;
/// The longest name of a suite, a class or a test, in bytes.
const MAX_NAME: usize = 1_000;

/// How a test ended; of several tests with one name the worst counts, and it comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// It failed, or ended with an error.
    Failed,
    /// It was not run.
    Skipped,
    /// It passed.
    Passed,
}

/// The tests of a report, by the name of the case alone: every longer name begins with a suite or a class, and storing
/// these for each case would make a small report large.
#[derive(Debug, Default)]
pub struct Report {
    by_case: HashMap<String, Vec<Test>>,
}

/// A test, without its own name.
#[derive(Debug)]
struct Test {
    suite: Option<Rc<str>>,
    class: Option<String>,
    ended: Ended,
    on: Option<Day>,
}

impl Report {
    /// Reads a report. The message says what is wrong with it.
    pub fn read(text: &str) -> Result<Report, String> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut report = Report::default();
        // The name of each suite around, and the day on which it ran: its own, or that of what is around it.
        let mut suites: Vec<(Rc<str>, Option<Day>)> = Vec::new();
        let mut ran = None;
        let mut path: Vec<String> = Vec::new();
        let mut case: Option<(String, Test)> = None;
        let (mut tests, mut seen_root) = (0, false);
        let line = |offset: u64| {
            let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
            text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
        };
        loop {
            let event =
                reader.read_event().map_err(|error| format!("line {}: {error}", line(reader.error_position())))?;
            let (start, is_empty) = match event {
                Event::Eof if !path.is_empty() => return Err("it ends in the middle".to_owned()),
                Event::Eof if !seen_root => return Err("it is no JUnit report".to_owned()),
                Event::Eof => return Ok(report),
                Event::DocType(_) => return Err("it has a document type, which no JUnit report needs".to_owned()),
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(_) => {
                    match path.pop().as_deref() {
                        Some("testsuite") => drop(suites.pop()),
                        Some("testcase") => report.close(case.take()),
                        _ => {}
                    }
                    continue;
                }
                _ => continue,
            };
            if path.len() >= MAX_DEPTH {
                return Err(format!("its elements nest deeper than {MAX_DEPTH}"));
            }
            let name = start.local_name().as_ref().to_owned();
            if path.is_empty() && !matches!(name.as_str(), "testsuites" | "testsuite") {
                return Err("it is no JUnit report: the first element is neither testsuites nor testsuite".to_owned());
            }
            seen_root = true;
            let inside_case = path.last().is_some_and(|parent| parent == "testcase");
            match (name.as_str(), &mut case) {
                ("testsuites", _) => ran = day_of(&start)?,
                ("testsuite", _) if !is_empty => {
                    let around = suites.last().map_or(ran, |(_, on)| *on);
                    let name = attribute(&start, "name")?.unwrap_or_default();
                    suites.push((name.into(), day_of(&start)?.or(around)));
                }
                ("testcase", None) => {
                    tests += 1;
                    if tests > MAX_TESTS {
                        return Err(format!("it has more than {MAX_TESTS} tests"));
                    }
                    let (suite, on) = suites.last().cloned().unzip();
                    let class = attribute(&start, "classname")?;
                    let test = Test { suite, class, ended: Ended::Passed, on: on.flatten() };
                    case = attribute(&start, "name")?.map(|name| (name, test));
                    if is_empty {
                        report.close(case.take());
                    }
                }
                ("failure" | "error", Some((_, test))) if inside_case => test.ended = Ended::Failed,
                ("skipped", Some((_, test))) if inside_case => test.ended = test.ended.min(Ended::Skipped),
                _ => {}
            }
            if !is_empty {
                path.push(name);
            }
        }
    }

    /// How a test ended, and the day on which the report says that it ran, where it does. The name is as the report writes
    /// it, or `suite::case`, `class::case`, `class.case` or `suite::class::case`; of several with this name the worst
    /// counts, and of several that ended alike the oldest.
    pub fn result(&self, name: &str) -> Option<(Ended, Option<Day>)> {
        let behind = |mark: &'static str| name.match_indices(mark).map(move |(at, _)| (at, mark));
        let ways = std::iter::once((0, "")).chain(behind("::")).chain(behind("."));
        let tests = ways.flat_map(|(at, mark)| {
            let tests = self.by_case.get(&name[at + mark.len()..]).into_iter().flatten();
            tests.filter(move |test| test.is_in(&name[..at], mark))
        });
        tests.map(|test| (test.ended, test.on)).min()
    }

    fn close(&mut self, case: Option<(String, Test)>) {
        if let Some((name, test)) = case {
            self.by_case.entry(name).or_default().push(test);
        }
    }
}

impl Test {
    /// Whether what stands before the name of the case, and the mark between, mean this test.
    fn is_in(&self, prefix: &str, mark: &str) -> bool {
        let (suite, class) = (self.suite.as_deref(), self.class.as_deref());
        let both = || {
            let rest = suite.and_then(|suite| prefix.strip_prefix(suite)?.strip_prefix("::"));
            rest.is_some() && rest == class
        };
        match mark {
            "" => true,
            "." => class == Some(prefix),
            _ => suite == Some(prefix) || class == Some(prefix) || both(),
        }
    }
}

/// The day of a time stamp in the manner of ISO 8601; what is none is left out.
fn day_of(start: &BytesStart<'_>) -> Result<Option<Day>, String> {
    let stamp = attribute(start, "timestamp")?;
    Ok(stamp.and_then(|stamp| stamp.get(..10)?.parse().ok()))
}

/// An attribute; entities other than those of XML itself are refused.
fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = start.try_get_attribute(name).map_err(|error| error.to_string())?;
    let Some(found) = found else { return Ok(None) };
    if found.value.len() > MAX_NAME {
        return Err(format!("a name is longer than {MAX_NAME} bytes"));
    }
    Ok(Some(quick_xml::escape::unescape(&found.value).map_err(|error| error.to_string())?.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="access" timestamp="2026-11-02T10:00:00Z">
    <testcase name="own rows &amp; no others" classname="portal.Access" time="0.1"/>
    <testcase name="limit" classname="portal.Access"><failure message="x">trace</failure></testcase>
    <testcase name="later"><skipped/></testcase>
    <testcase name="broken"><error/><system-out>x</system-out></testcase>
    <testsuite name="inner" timestamp="2026-10-01T10:00:00"><testcase name="limit" classname="other"></testcase></testsuite>
    <testcase name="after" />
    <testcase name="says"><properties><failure/></properties></testcase>
  </testsuite>
</testsuites>"#;

    #[test]
    fn results_are_found_by_every_name() {
        let report = Report::read(GOOD).unwrap();
        for (name, ended) in [
            ("own rows & no others", Some(Ended::Passed)),
            ("access::own rows & no others", Some(Ended::Passed)),
            ("portal.Access.own rows & no others", Some(Ended::Passed)),
            ("access::portal.Access::limit", Some(Ended::Failed)),
            ("portal.Access::limit", Some(Ended::Failed)),
            ("inner::limit", Some(Ended::Passed)),
            // Two tests have this name, and one of them fails.
            ("limit", Some(Ended::Failed)),
            ("later", Some(Ended::Skipped)),
            ("access::broken", Some(Ended::Failed)),
            ("access::after", Some(Ended::Passed)),
            ("says", Some(Ended::Passed)),
            ("absent", None),
            ("", None),
        ] {
            assert_eq!(report.result(name).map(|(ended, _)| ended), ended, "{name}");
        }
        for (name, on) in [("after", "2026-11-02"), ("inner::limit", "2026-10-01")] {
            assert_eq!(report.result(name).and_then(|(_, on)| on), on.parse().ok(), "{name}");
        }
        for (stamp, on) in
            [("2026-11-02", "2026-11-02"), ("yesterday", ""), ("2026-13-02T10:00:00", ""), ("é2026-11-0", "")]
        {
            let text = format!(
                "<testsuites timestamp='{stamp}'><testsuite name='s'><testcase name='a'/></testsuite></testsuites>"
            );
            assert_eq!(Report::read(&text).unwrap().result("a"), Some((Ended::Passed, on.parse().ok())), "{stamp}");
        }
    }

    #[test]
    fn hostile_reports_are_refused() {
        let deep = format!("<testsuites>{}", "<a>".repeat(100_000));
        let many = format!("<testsuite name='x'>{}</testsuite>", "<testcase name='a'/>".repeat(MAX_TESTS + 1));
        let long = format!("<testsuite name='{}'></testsuite>", "x".repeat(MAX_NAME + 1));
        for (text, says) in [
            ("", "no JUnit report"),
            ("{\"tests\": []}", "no JUnit report"),
            ("<html></html>", "no JUnit report"),
            ("<testsuite name='x'><testcase", "line 1"),
            ("<testsuite name='x'>", "ends in the middle"),
            ("<testsuite name='x'></testcase>", "line 1"),
            ("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><testsuite name='&a;'/>", "document type"),
            ("<testsuite name='&a;'></testsuite>", "a"),
            (&deep, "deeper than 64"),
            (&many, "more than 200000"),
            (&long, "longer than 1000"),
        ] {
            let said = Report::read(text).err().unwrap_or_default();
            assert!(!said.is_empty() && said.contains(says), "{}: {said}", text.chars().take(60).collect::<String>());
        }
    }
}
