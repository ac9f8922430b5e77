//! The text of one element as an item of its section: taken out of a file, and woven so that it says something else.

use super::print::layout_of_element;
use super::syntax::{Item, Shape, comments, parse};
use super::weave::{Source, weave_value};
use crate::model::wording::Wording;
use crate::model::{ElementId, Section};

/// The wordings of those elements that people commented, as a text has them.
pub fn commented(text: &str, ids: &[ElementId]) -> Vec<(ElementId, Wording)> {
    let Ok(tree) = parse(text) else { return Vec::new() };
    let of = |id: &ElementId| {
        let item = tree.root.item(id.section.name())?.value.item(id.slug.as_str())?;
        (!comments(text, item.lead..item.tail).is_empty()).then(|| (id.clone(), text[item.lead..item.tail].into()))
    };
    ids.iter().filter_map(of).collect()
}

/// The wording of an element as a text has it.
pub fn wording(text: &str, id: &ElementId) -> Option<Wording> {
    let tree = parse(text).ok()?;
    let item = tree.root.item(id.section.name())?.value.item(id.slug.as_str())?;
    Some(text[item.lead..item.tail].into())
}

/// A wording changed so that it says `after`, the element in compact form, and ends with a comma. Nothing where it is
/// not the text of one element of this slug: a wording may come from a damaged journal.
pub(super) fn reworded(
    wording: &str,
    slug: &str,
    section: Section,
    after: &str,
    indent: usize,
    newline: &'static str,
) -> Option<String> {
    let text = format!("{{{wording}\n}}");
    let tree = parse(&text).ok()?;
    let (Shape::Map(_), [item]) = (&tree.root.shape, tree.root.items()) else { return None };
    let Item { lead, key, value, comma, tail, .. } = item;
    if key.as_ref()?.text != slug || !matches!(value.shape, Shape::Record(_)) {
        return None;
    }
    let before = section.element_from_ron(&text[value.span.clone()]).ok()?.to_ron();
    let woven = if before == after {
        text[value.span.clone()].to_owned()
    } else {
        weave_value(Source { text: &text, newline }, value, &before, after, indent, layout_of_element(section))
    };
    let comma = if *comma { "" } else { "," };
    Some(format!("{}{woven}{comma}{}", &text[*lead..value.span.start], &text[value.span.end..*tail]))
}
