//! What a draft may leave out or write in another way, brought to the form in which a notice is read.

use std::borrow::Cow;

use super::super::texts::{self, Texts};
use super::super::{ActionVerb, DocumentHash, Fault, Identifier, LICENSE, NoticeType, Reason, text_rules};
use crate::strict_json::{Flaws, Pointer, Value};

/// Stand-ins for what only completion knows; never seen outside this module.
const UNKNOWN_ISSUER: &str = "did:web:issuer.invalid";
const UNKNOWN_TIME: &str = "1970-01-01T00:00:00Z";

/// Which of the fields that completion fills in the draft has.
pub(super) struct Given {
    pub(super) issuer: bool,
    pub(super) issued: bool,
}

/// The field `name` of an object.
fn field_mut<'v, 't>(value: &'v mut Value<'t>, name: &str) -> Option<&'v mut Value<'t>> {
    match value {
        Value::Object(fields) => fields.iter_mut().find(|(n, _)| n == name).map(|(_, value)| value),
        _ => None,
    }
}

/// The items of the array `name` of an object.
fn items_mut<'v, 't>(value: &'v mut Value<'t>, name: &str) -> &'v mut [Value<'t>] {
    match field_mut(value, name) {
        Some(Value::Array(items)) => items,
        _ => &mut [],
    }
}

/// Adds the field `name` when it is not there; whether it was there.
fn ensure<'t>(value: &mut Value<'t>, name: &'static str, default: impl FnOnce() -> Value<'t>) -> bool {
    match value {
        Value::Object(fields) if !fields.iter().any(|(n, _)| n == name) => {
            fields.push((name.into(), default()));
            false
        }
        _ => true,
    }
}

pub(super) fn fill_in_issuer(value: &mut Value<'_>) -> Given {
    let text = |text: &'static str| Value::Text(text.into());
    let issued = ensure(value, "issued", || text(UNKNOWN_TIME));
    let issuer = field_mut(value, "issuer").is_none_or(|issuer| ensure(issuer, "id", || text(UNKNOWN_ISSUER)));
    Given { issuer, issued }
}

/// Reads the inline texts, and puts the name of some document in their place.
pub(super) fn detach_texts(value: &mut Value<'_>, flaws: &mut Flaws) -> Option<Texts> {
    let inline = field_mut(value, "texts")?;
    let texts = texts::read_inline(inline, &Pointer::root().field("texts"), flaws);
    let name = DocumentHash::from_bytes([0; 32]).to_string();
    *inline = Value::Object(vec![("sha256".into(), Value::Text(name.into()))]);
    texts
}

/// Brings every identifier that can be normalised to normal form. The others stay as they are, so that reading reports them.
pub(super) fn normalise_identifiers(value: &mut Value<'_>) {
    let sensitive = matches!(field_mut(value, "sensitive"), Some(Value::Bool(true)));
    for array in ["subjects", "replacements", "derivatives"] {
        for item in items_mut(value, array) {
            let Some(Value::Text(id)) = field_mut(item, "id") else { continue };
            let written = normalise(id);
            if sensitive && blind(id) {
                without(item, "display");
            } else if let Some(written) = written {
                ensure(item, "display", || Value::Text(written));
            }
        }
    }
    let Some(scope) = field_mut(value, "scope") else { return };
    for array in ["affected", "unaffected"] {
        for item in items_mut(scope, array) {
            if let Value::Text(id) = item
                && !id.starts_with("part:")
                && !id.starts_with("version:")
            {
                normalise(id);
                if sensitive {
                    blind(id);
                }
            }
        }
    }
}

/// Normalises `id` in place and gives back how it was written, when that differs.
fn normalise<'t>(id: &mut Cow<'t, str>) -> Option<Cow<'t, str>> {
    let is_sound =
        id.len() <= text_rules::MAX_URL && !id.chars().any(|c| text_rules::is_control(c) || text_rules::is_bidi_control(c));
    let normal = is_sound.then(|| Identifier::normalise(id).ok())??;
    (normal.as_str() != id).then(|| std::mem::replace(id, Cow::Owned(normal.as_str().to_owned())))
}

/// Puts the blinded form in the place of a digest in normal form; whether it was one.
fn blind(id: &mut Cow<'_, str>) -> bool {
    let hidden = Identifier::from_normal(id).ok().and_then(|plain| plain.blinded());
    if let Some(hidden) = &hidden {
        *id = Cow::Owned(hidden.as_str().to_owned());
    }
    hidden.is_some()
}

/// Takes the field `name` out of an object.
fn without(value: &mut Value<'_>, name: &str) {
    if let Value::Object(fields) = value {
        fields.retain(|(n, _)| n != name);
    }
}

/// Licence, fault and action by default (domain, section 4), where the type of the notice has them.
pub(super) fn set_defaults(value: &mut Value<'_>) {
    ensure(value, "license", || Value::Text(LICENSE.into()));
    let kind = match field_mut(value, "type") {
        Some(Value::Text(kind)) => NoticeType::parse(kind),
        _ => None,
    };
    if matches!(kind, None | Some(NoticeType::Reinstatement | NoticeType::Revocation | NoticeType::Response)) {
        return;
    }
    let reasons: Vec<Reason> = items_mut(value, "reasons")
        .iter()
        .filter_map(|reason| match reason {
            Value::Text(word) => Reason::parse(word),
            _ => None,
        })
        .collect();
    // Without a readable reason the missing or faulty reason is what has to be mended, not the fault.
    let fault = reasons.first().map_or(Fault::Unknown, |reason| reason.default_fault());
    ensure(value, "fault", || Value::Text(fault.as_str().into()));
    if reasons.contains(&Reason::IllegalContent) {
        ensure(value, "actions", || {
            let delete = Value::Text(ActionVerb::Delete.as_str().into());
            Value::Array(vec![Value::Object(vec![("do".into(), delete)])])
        });
    }
}
