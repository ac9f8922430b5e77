//! A report as one page of HTML: from the Markdown that our reports are written in, which is a small part of Markdown.
//!
//! Headings, paragraphs, lists of one level and one below, numbered lines, tables, and inside of a line `**strong**`,
//! `~~deleted~~`, `` `code` `` and a backslash before a sign that is meant as itself. Anything else is text, and all text is
//! escaped: there is no way from a report to a tag. The page needs nothing else: no script, no picture, no address.

use super::escape;
use std::fmt::Write;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2126;--paper:#fff;--line:#c9d1d9;--soft:#57606a;--mark:#9a3412;--band:#fff4e5}\
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#3d444d;--soft:#9198a1;--mark:#ffb77c;--band:#2b2111}}\
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;margin:0 auto;padding:0 1.5rem 4rem}\
.exercise{position:sticky;top:0;background:var(--band);color:var(--mark);text-align:center;font-weight:700;letter-spacing:.08em;padding:.4rem;margin:0 -1.5rem;border-bottom:1px solid var(--line)}\
h1{font-size:1.7rem;margin:1.5rem 0 .5rem}h2{font-size:1.25rem;margin:2.2rem 0 .5rem;border-bottom:1px solid var(--line)}h3{font-size:1.05rem;margin:1.4rem 0 .3rem}\
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.93rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}th{color:var(--soft);font-weight:600}\
strong{color:var(--mark)}code{font:.9em ui-monospace,monospace}del{color:var(--soft)}\
@media print{body{max-width:none;padding:0;font-size:10.5pt;color:#000;background:#fff}.exercise{position:static;margin:0}h2,h3{break-after:avoid}tr,li{break-inside:avoid}thead{display:table-header-group}}";

/// The inside of a line.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut toggle = |tag: &'static str, out: &mut String| {
            if open.last() == Some(&tag) {
                open.pop();
                let _ = write!(out, "</{tag}>");
            } else if !open.contains(&tag) {
                open.push(tag);
                let _ = write!(out, "<{tag}>");
            }
        };
        let (taken, tag) = match first {
            '\\' => {
                let next = rest[1..].chars().next();
                out.push_str(&escape(&next.map_or("\\".to_owned(), String::from)));
                (1 + next.map_or(0, char::len_utf8), None)
            }
            '*' if rest.starts_with("**") => (2, Some("strong")),
            '~' if rest.starts_with("~~") => (2, Some("del")),
            '`' => (1, Some("code")),
            ch => {
                out.push_str(&escape(&ch.to_string()));
                (ch.len_utf8(), None)
            }
        };
        if let Some(tag) = tag {
            toggle(tag, &mut out);
        }
        rest = &rest[taken..];
    }
    // What nobody closed ends with the line.
    while let Some(tag) = open.pop() {
        let _ = write!(out, "</{tag}>");
    }
    out
}

/// The cells of a row of a table: a bar behind a backslash is no border.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for ch in line.trim().trim_start_matches('|').chars() {
        match (ch, cells.last_mut()) {
            ('|', _) if !is_escaped => cells.push(String::new()),
            (ch, Some(cell)) => cell.push(ch),
            (_, None) => {}
        }
        is_escaped = ch == '\\' && !is_escaped;
    }
    cells.pop();
    cells.iter().map(|cell| inline(cell.trim())).collect()
}

/// What a line of Markdown is.
enum Line<'l> {
    Blank,
    Heading(usize, &'l str),
    Row(&'l str),
    Ruler,
    Item(usize, &'l str),
    Numbered(u32, &'l str),
    Text(&'l str),
}

fn kind(line: &str) -> Line<'_> {
    let trimmed = line.trim_start();
    let depth = usize::from(line.len() > trimmed.len());
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if trimmed.is_empty() {
        Line::Blank
    } else if (1..=3).contains(&hashes) && line[hashes..].starts_with(' ') {
        Line::Heading(hashes, line[hashes..].trim())
    } else if trimmed.starts_with("|--") {
        Line::Ruler
    } else if trimmed.starts_with('|') {
        Line::Row(trimmed)
    } else if let Some(item) = trimmed.strip_prefix("- ") {
        Line::Item(depth, item)
    } else {
        let numbered = line.split_once(". ").and_then(|(number, text)| Some((number.parse().ok()?, text)));
        numbered.map_or(Line::Text(line), |(number, text)| Line::Numbered(number, text))
    }
}

/// The page of a report; `label` stands over it on every screen.
pub fn page(title: &str, label: &str, markdown: &str) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\">\n<title>");
    out.push_str(&escape(title));
    let _ = write!(out, "</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<p class=\"exercise\">");
    out.push_str(&escape(label));
    out.push_str("</p>\n<main>\n");
    let lines: Vec<Line<'_>> = markdown.lines().map(kind).collect();
    let mut lists = 0;
    let mut in_table = false;
    let mut is_numbered = false;
    for (at, line) in lines.iter().enumerate() {
        let depth = if let Line::Item(depth, _) = line { depth + 1 } else { 0 };
        while lists > depth {
            lists -= 1;
            out.push_str("</li>\n</ul>\n");
        }
        if in_table && !matches!(line, Line::Row(_) | Line::Ruler) {
            out.push_str("</tbody></table>\n");
            in_table = false;
        }
        if is_numbered && !matches!(line, Line::Numbered(..)) {
            out.push_str("</ol>\n");
            is_numbered = false;
        }
        match line {
            Line::Blank | Line::Ruler => {}
            // The label stands over the page already.
            Line::Heading(_, text) | Line::Text(text) if *text == label => {}
            Line::Heading(level, text) => {
                let _ = writeln!(out, "<h{level}>{}</h{level}>", inline(text));
            }
            Line::Row(text) if !in_table => {
                in_table = true;
                let is_header = matches!(lines.get(at + 1), Some(Line::Ruler));
                let tag = if is_header { "th" } else { "td" };
                let row: String = cells(text).iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect();
                let _ = writeln!(out, "<table><thead><tr>{row}</tr></thead><tbody>");
            }
            Line::Row(text) => {
                let row: String = cells(text).iter().map(|cell| format!("<td>{cell}</td>")).collect();
                let _ = writeln!(out, "<tr>{row}</tr>");
            }
            Line::Item(_, text) => {
                // A list below stands inside of the item above it, which therefore ends with what comes next.
                if lists == depth {
                    out.push_str("</li>\n<li>");
                }
                while lists < depth {
                    lists += 1;
                    out.push_str("<ul>\n<li>");
                }
                out.push_str(&inline(text));
            }
            Line::Numbered(number, text) => {
                if !is_numbered {
                    out.push_str("<ol>\n");
                    is_numbered = true;
                }
                let _ = writeln!(out, "<li value=\"{number}\">{}</li>", inline(text));
            }
            Line::Text(text) => {
                let _ = writeln!(out, "<p>{}</p>", inline(text));
            }
        }
    }
    out.push_str(&"</li>\n</ul>\n".repeat(lists));
    if in_table {
        out.push_str("</tbody></table>\n");
    }
    if is_numbered {
        out.push_str("</ol>\n");
    }
    out.push_str("</main>\n<p class=\"exercise\">");
    out.push_str(&escape(label));
    out.push_str("</p>\n</body>\n</html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_of_a_line() {
        for (markdown, html) in [
            ("a **b** c", "a <strong>b</strong> c"),
            ("~~a **b**~~", "<del>a <strong>b</strong></del>"),
            ("`a < b`", "<code>a &lt; b</code>"),
            ("\\*\\*a\\*\\* \\<b\\>", "**a** &lt;b&gt;"),
            ("**a ~~b** c~~", "<strong>a <del>b c</del></strong>"),
            ("**open", "<strong>open</strong>"),
            ("end \\", "end \\"),
            ("\"'&", "&quot;&#39;&amp;"),
        ] {
            assert_eq!(inline(markdown), html, "{markdown}");
        }
        assert_eq!(cells("| a | b \\| c |  |"), ["a", "b | c", ""]);
    }

    #[test]
    fn lists_and_tables_close() {
        let html = page(
            "T",
            "L",
            "# L\n\n# Title\n- a\n  - b\n- c\n\n| x | y |\n|---|---|\n| 1 | 2 |\ntext\n| z |\n|---|\n2. b\n4. d\n",
        );
        assert!(html.contains("<ol>\n<li value=\"2\">b</li>\n<li value=\"4\">d</li>\n</ol>"), "{html}");
        assert!(html.contains("<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"), "{html}");
        assert!(html.contains("<tr><th>x</th><th>y</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>"), "{html}");
        for tag in ["ul", "ol", "table", "tbody", "p", "h1", "li"] {
            let (opened, closed) =
                (html.matches(&format!("<{tag}")).count(), html.matches(&format!("</{tag}>")).count());
            assert_eq!(opened, closed, "{tag}: {html}");
        }
        assert_eq!(html.matches("<h1>").count(), 1, "the label is no heading");
    }

    proptest! {
        /// Whatever stands in a report, only our own tags come out, and each that is opened is closed.
        #[test]
        fn nothing_becomes_a_tag(text in "[-#|*~`\\\\<>&\"' a-z0-9.\n]{0,120}") {
            let html = page("<t>", "L", &text);
            let body = html.split_once("<main>").unwrap().1;
            let mut open: Vec<String> = Vec::new();
            for part in body.split('<').skip(1) {
                let (tag, _) = part.split_once('>').expect("a tag ends");
                let name = tag.trim_start_matches('/').split(' ').next().unwrap().to_owned();
                prop_assert!(["h1", "h2", "h3", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "strong", "del", "code", "main", "body", "html"].contains(&name.as_str()), "{name}");
                if tag.starts_with('/') {
                    if !["main", "body", "html"].contains(&name.as_str()) {
                        prop_assert_eq!(open.pop(), Some(name));
                    }
                } else {
                    open.push(name);
                }
            }
            prop_assert!(open.is_empty(), "{:?}", open);
        }
    }
}
