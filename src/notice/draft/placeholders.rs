//! Placeholders of templates, which somebody must have replaced before a draft becomes a notice.

use std::collections::HashSet;

use super::super::FormRule;
use super::DraftRule;
use crate::strict_json::{Flaws, Pointer, Value};

/// Whether a text is a placeholder.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.starts_with('<') && text.ends_with('>')
}

/// Reports every placeholder that was left.
pub(super) fn find(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) {
    match value {
        Value::Text(text) if is_placeholder(text) => {
            flaws.add(at, DraftRule::PlaceholderLeft, "is still the placeholder of the template: fill it in or delete it");
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find(item, &at.item(index), flaws);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                find(value, &at.field(name), flaws);
            }
        }
        _ => {}
    }
}

/// Where a placeholder was left, every other fault of that place is only its echo.
pub(super) fn without_echoes(flaws: Flaws) -> Flaws {
    let flaws = flaws.into_vec();
    let is_left = |rule: &str| rule == DraftRule::PlaceholderLeft.as_str();
    let left: HashSet<Pointer> = flaws.iter().filter(|f| is_left(f.rule)).map(|f| f.pointer.clone()).collect();
    let mut kept = Flaws::none();
    for flaw in flaws {
        let echo = flaw.rule != FormRule::UnknownField.as_str() && left.contains(&flaw.pointer);
        if is_left(flaw.rule) || !echo {
            kept.add(&flaw.pointer, flaw.rule, flaw.message);
        }
    }
    kept
}
