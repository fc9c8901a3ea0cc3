//! Readers of the objects and arrays inside a notice.

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::RangeInclusive;

use super::parse::ScopeReading;
use super::text_rules::{self, MAX_LABEL};
use super::{
    Action, ActionVerb, Dataset, Derivative, DerivativeRelation, Did, DigestAlgorithm, DigestList, DigestListRole,
    DocumentHash, FormRule, Inherits, Issuer, IssuerRole, NoticeId, PartialDate, Prior, PriorRelation, Reason, Replacement,
    ScopeItem, ScopeKind, Subject, SubjectRole, Timestamp,
};
use crate::strict_json::{Fields, Flaws, Pointer, Value};

/// Most digests in a list.
const MAX_COUNT: u64 = 10_000_000;

/// So many first items of an array are compared with each later one.
const FEW: usize = 8;

/// An item of an array together with where it stands.
#[derive(Debug)]
pub(super) struct Placed<T> {
    pub(super) at: Pointer,
    pub(super) value: T,
}

/// Reads an array with a limited number of items; faulty items are left out. A field that is absent has no items.
pub(super) fn list<T>(
    found: Option<(Pointer, &Value)>,
    limits: RangeInclusive<usize>,
    flaws: &mut Flaws,
    read: impl Fn(&Value, &Pointer, &mut Flaws) -> Option<T>,
) -> Vec<Placed<T>> {
    let Some((at, value)) = found else { return Vec::new() };
    let Some(items) = Fields::items(value, &at, *limits.end(), flaws) else { return Vec::new() };
    if items.len() < *limits.start() {
        flaws.add(&at, FormRule::EmptyArray, "must have at least one item");
    }
    let placed = |(index, item)| {
        let at = at.item(index);
        read(item, &at, flaws).map(|value| Placed { at, value })
    };
    items.iter().enumerate().filter_map(placed).collect()
}

/// How many items the array has, sound or not.
pub(super) fn length(found: Option<&(Pointer, &Value)>) -> usize {
    match found {
        Some((_, Value::Array(items))) => items.len(),
        _ => 0,
    }
}

/// Reports every item whose `key` an earlier item has.
pub(super) fn distinct<T, K: Eq + Hash>(items: &[Placed<T>], key: impl Fn(&T) -> K, flaws: &mut Flaws) {
    let keys: Vec<K> = items.iter().map(|item| key(&item.value)).collect();
    let mut seen = HashSet::new();
    for (place, (item, key)) in items.iter().zip(&keys).enumerate() {
        // Few are compared one by one, which is cheaper than hashing; the cost stays linear.
        let before = keys.get(..place.min(FEW)).unwrap_or_default();
        if before.contains(key) || (place >= FEW && !seen.insert(key)) {
            flaws.add(&item.at, FormRule::DuplicateItem, "says again what an earlier item of this array says");
        }
    }
}

/// Reads `{id, role}`; the role comes apart as well, because rules need it even when the id is faulty.
pub(super) fn issuer(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> (Option<IssuerRole>, Option<Issuer>) {
    let Some(mut fields) = Fields::of(value, at, flaws) else { return (None, None) };
    let id = fields.required("id", flaws).and_then(|(at, value)| did(value, &at, flaws));
    let role = fields
        .required("role", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, IssuerRole::parse, IssuerRole::ALL, flaws));
    fields.finish(flaws);
    (role, id.zip(role).map(|(id, role)| Issuer { id, role }))
}

/// Reads a DID in its one spelling.
pub(super) fn did(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Did> {
    match Did::parse(Fields::text(value, at, flaws)?) {
        Ok(did) => Some(did),
        Err(fault) => {
            flaws.add(at, FormRule::NotADid, fault.to_string());
            None
        }
    }
}

/// Reads a full time.
pub(super) fn timestamp(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Timestamp> {
    let found = Timestamp::parse(Fields::text(value, at, flaws)?);
    if found.is_none() {
        flaws.add(at, FormRule::NotATime, "must be a time such as 2026-11-23T10:00:00Z, from 1970 to 9999");
    }
    found
}

/// Reads a date as exact as it is known.
pub(super) fn partial_date(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<PartialDate> {
    let found = PartialDate::parse(Fields::text(value, at, flaws)?);
    if found.is_none() {
        flaws.add(at, FormRule::NotADate, "must be 2019, 2019-06, 2019-06-05 or a full time in UTC, from 1970 to 9999");
    }
    found
}

/// Reads 64 lowercase hex digits.
fn hash(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<DocumentHash> {
    let found = DocumentHash::parse(Fields::text(value, at, flaws)?);
    if found.is_none() {
        flaws.add(at, FormRule::NotASha256, "must be a SHA-256 in 64 lowercase hex digits");
    }
    found
}

/// Reads `{title, aliases, version, publisher_name}`.
pub(super) fn dataset(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Dataset> {
    let mut fields = Fields::of(value, at, flaws)?;
    let title = fields.required("title", flaws).and_then(|(at, value)| text_rules::name(value, &at, flaws));
    let aliases = list(fields.optional("aliases"), 0..=50, flaws, text_rules::name);
    distinct(&aliases, String::clone, flaws);
    let version = fields.optional("version").and_then(|(at, value)| text_rules::name(value, &at, flaws));
    let publisher = fields.required("publisher_name", flaws).and_then(|(at, value)| text_rules::name(value, &at, flaws));
    fields.finish(flaws);
    let aliases = aliases.into_iter().map(|alias| alias.value).collect();
    Some(Dataset { title: title?, aliases, version, publisher_name: publisher? })
}

/// Reads `{id, role, display}`.
pub(super) fn subject(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Subject> {
    let mut fields = Fields::of(value, at, flaws)?;
    let id = fields.required("id", flaws).and_then(|(at, value)| text_rules::identifier(value, &at, flaws));
    let role = fields
        .required("role", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, SubjectRole::parse, SubjectRole::ALL, flaws));
    let display = fields.optional("display").and_then(|(at, value)| text_rules::display(value, &at, id.as_ref(), flaws));
    fields.finish(flaws);
    Some(Subject { id: id?, role: role?, display })
}

/// Reads `{kind, affected, unaffected}`.
pub(super) fn scope(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<ScopeReading> {
    let mut fields = Fields::of(value, at, flaws)?;
    let kind = fields
        .required("kind", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, ScopeKind::parse, ScopeKind::ALL, flaws));
    let affected = fields.optional("affected");
    let names_affected = length(affected.as_ref()) > 0;
    let affected = list(affected, 0..=100, flaws, scope_item);
    let unaffected = list(fields.optional("unaffected"), 0..=100, flaws, scope_item);
    distinct(&affected, ScopeItem::to_string, flaws);
    distinct(&unaffected, ScopeItem::to_string, flaws);
    fields.finish(flaws);
    Some(ScopeReading { kind, names_affected, affected, unaffected })
}

/// Reads an identifier, `part:<label>` or `version:<label>`.
fn scope_item(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<ScopeItem> {
    let text = Fields::text(value, at, flaws)?;
    let (label, item): (&str, fn(String) -> ScopeItem) = match (text.strip_prefix("part:"), text.strip_prefix("version:")) {
        (Some(label), _) => (label, ScopeItem::Part),
        (_, Some(label)) => (label, ScopeItem::Version),
        _ => return text_rules::identifier(value, at, flaws).map(ScopeItem::Id),
    };
    if label.is_empty() || label.len() > MAX_LABEL || !text_rules::is_printable_ascii(label) {
        flaws.add(at, FormRule::BadLabel, format!("a label is 1 to {MAX_LABEL} characters of printable ASCII"));
        return None;
    }
    Some(item(label.to_owned()))
}

/// Reads `{algorithm, sha256, count, blocks, role}`.
pub(super) fn digest_list(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<DigestList> {
    let mut fields = Fields::of(value, at, flaws)?;
    let algorithm = fields
        .required("algorithm", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, DigestAlgorithm::parse, DigestAlgorithm::ALL, flaws));
    let sha256 = fields.required("sha256", flaws).and_then(|(at, value)| hash(value, &at, flaws));
    let count = fields.required("count", flaws).and_then(|(at, value)| count(value, &at, flaws));
    let blocks = fields.required("blocks", flaws).and_then(|(at, value)| hash(value, &at, flaws));
    let role = fields
        .required("role", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, DigestListRole::parse, DigestListRole::ALL, flaws));
    fields.finish(flaws);
    Some(DigestList { algorithm: algorithm?, sha256: sha256?, count: count?, blocks: blocks?, role: role? })
}

fn count(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<u64> {
    let count = Fields::integer(value, at, flaws)?;
    if !(1..=MAX_COUNT).contains(&count) {
        flaws.add(at, FormRule::CountOutOfRange, format!("must be 1 to {MAX_COUNT}"));
        return None;
    }
    Some(count)
}

/// Reads a reason code.
pub(super) fn reason(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Reason> {
    text_rules::code(value, at, Reason::parse, Reason::ALL, flaws)
}

/// Reads `{do, deadline}`.
pub(super) fn action(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Action> {
    let mut fields = Fields::of(value, at, flaws)?;
    let verb = fields
        .required("do", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, ActionVerb::parse, ActionVerb::ALL, flaws));
    let deadline = fields.optional("deadline").and_then(|(at, value)| partial_date(value, &at, flaws));
    fields.finish(flaws);
    Some(Action { verb: verb?, deadline })
}

/// Reads `{id, display}`.
pub(super) fn replacement(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Replacement> {
    let mut fields = Fields::of(value, at, flaws)?;
    let id = fields.required("id", flaws).and_then(|(at, value)| text_rules::identifier(value, &at, flaws));
    let display = fields.optional("display").and_then(|(at, value)| text_rules::display(value, &at, id.as_ref(), flaws));
    fields.finish(flaws);
    Some(Replacement { id: id?, display })
}

/// Reads `{id, title, display, relation, inherits}`.
pub(super) fn derivative(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Derivative> {
    let mut fields = Fields::of(value, at, flaws)?;
    let (id, title, display) = (fields.optional("id"), fields.optional("title"), fields.optional("display"));
    if id.is_none() && title.is_none() {
        flaws.add(at, FormRule::DerivativeWithoutName, "needs an id, a title, or both");
    }
    if let (None, Some((at, _))) = (&id, &display) {
        flaws.add(at, FormRule::DisplayWithoutId, "shows how the id is written, and there is no id");
    }
    let (id_is_there, title_is_there) = (id.is_some(), title.is_some());
    let id = id.and_then(|(at, value)| text_rules::identifier(value, &at, flaws));
    let title = title.and_then(|(at, value)| text_rules::name(value, &at, flaws));
    let display = display.and_then(|(at, value)| text_rules::display(value, &at, id.as_ref(), flaws));
    let relation = fields
        .required("relation", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, DerivativeRelation::parse, DerivativeRelation::ALL, flaws));
    let inherits = fields
        .required("inherits", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, Inherits::parse, Inherits::ALL, flaws));
    fields.finish(flaws);
    // A faulty name must not make two derivatives look alike.
    let names_are_sound = id.is_some() == id_is_there && title.is_some() == title_is_there && (id_is_there || title_is_there);
    names_are_sound.then_some(Derivative { id, title, display, relation: relation?, inherits: inherits? })
}

/// Reads `{relation, notice}`.
pub(super) fn prior(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Prior> {
    let mut fields = Fields::of(value, at, flaws)?;
    let relation = fields
        .required("relation", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, PriorRelation::parse, PriorRelation::ALL, flaws));
    let notice = fields.required("notice", flaws).and_then(|(at, value)| hash(value, &at, flaws));
    fields.finish(flaws);
    Some(Prior { relation: relation?, notice: NoticeId::from_bytes(*notice?.as_bytes()) })
}

/// Reads `{sha256}`, the name of the texts document.
pub(super) fn texts_name(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<DocumentHash> {
    let mut fields = Fields::of(value, at, flaws)?;
    let name = fields.required("sha256", flaws).and_then(|(at, value)| hash(value, &at, flaws));
    fields.finish(flaws);
    name
}
