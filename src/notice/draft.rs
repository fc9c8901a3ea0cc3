//! The publisher's way to a notice: a draft that forgives spelling, completed into the bytes that are signed.
//!
//! A draft is the notice as JSON, except that
//!
//! - `issuer.id` and `issued` may be absent; they are filled in when the draft is completed;
//! - `texts` holds the texts document inline, without its salt;
//! - identifiers may be in any accepted spelling; they are normalised, and the spelling is kept as `display`;
//! - with `sensitive`, digests may stand there in plain; they are blinded, and nothing is kept of how they were written;
//! - `license` may be absent, and so may `fault` (the default of the first reason) and, for illegal content, `actions`
//!   (delete), see domain section 4.
//!
//! All faults are reported together, with pointers into the draft as it was written. What stands between `<` and `>` is a
//! placeholder of a template and must have been replaced.

use std::borrow::Cow;
use std::collections::HashSet;

use super::codes::codes;
use super::parse::{NoticeError, read};
use super::texts::{self, Texts};
use super::{Did, DocumentHash, Fault, FormRule, Identifier, LICENSE, Notice, NoticeType, Reason, Timestamp, text_rules};
use crate::strict_json::{self, Flaws, Pointer, SyntaxFault, Value};

/// Largest draft, in bytes: a full notice and full texts with room for white space.
pub const MAX_DRAFT: usize = 1024 * 1024;

/// Stand-ins for what only completion knows; never seen outside this module.
const UNKNOWN_ISSUER: &str = "did:web:issuer.invalid";
const UNKNOWN_TIME: &str = "1970-01-01T00:00:00Z";

/// A notice that is ready but for its issuer, its time and the salt of its texts.
#[derive(Debug, Clone)]
pub struct Draft {
    notice: Notice,
    texts: Option<Texts>,
    issuer: Option<Did>,
    issued: Option<Timestamp>,
}

/// What a completed draft gives: the bytes to sign and the document to send along.
#[derive(Debug, Clone)]
pub struct Completed {
    /// The payload: compact JSON in the field order of protocol section 4.
    pub payload: Vec<u8>,
    /// The same, read back.
    pub notice: Notice,
    /// The texts document that the payload names, when there are texts.
    pub texts: Option<Vec<u8>>,
}

/// A rule that only drafts can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DraftRule {
    /// A placeholder of a template that nobody replaced.
    PlaceholderLeft,
}

codes!(DraftRule { PlaceholderLeft => "placeholder-left" });

impl From<DraftRule> for &'static str {
    fn from(rule: DraftRule) -> Self {
        rule.as_str()
    }
}

/// Why a draft does not become a notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The draft is above [`MAX_DRAFT`].
    #[error("the draft has {size} bytes, at most {MAX_DRAFT} are allowed")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The draft is not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Every fault of form, with pointers into the draft.
    #[error("{0}")]
    Form(Flaws),
    /// The draft names another issuer than the one who is about to sign.
    #[error("the draft names {draft} as its issuer, but {signer} is about to sign it")]
    IssuerDiffers {
        /// The issuer in the draft.
        draft: Did,
        /// Who completes it.
        signer: Did,
    },
    /// The completed payload is no notice: with everything filled in it is too large.
    #[error("the completed notice is refused: {0}")]
    Completed(NoticeError),
}

impl Draft {
    /// Reads a draft and checks all that can be checked before it is completed.
    ///
    /// # Errors
    /// [`DraftError`]: too large, the first syntax fault, or every fault of form.
    pub fn parse(json: &[u8]) -> Result<Self, DraftError> {
        if json.len() > MAX_DRAFT {
            return Err(DraftError::TooLarge { size: json.len() });
        }
        let mut value = strict_json::parse(json)?;
        let mut flaws = Flaws::none();
        find_placeholders(&value, &Pointer::root(), &mut flaws);
        let given = fill_in_issuer(&mut value);
        let texts = detach_texts(&mut value, &mut flaws);
        normalise_identifiers(&mut value);
        set_defaults(&mut value);
        let notice = read(&value, &mut flaws);
        match notice {
            Some(notice) if flaws.is_empty() => {
                let issuer = given.issuer.then(|| notice.issuer.id.clone());
                let issued = given.issued.then_some(notice.issued);
                Ok(Self { notice, texts, issuer, issued })
            }
            _ => Err(DraftError::Form(without_echoes(flaws))),
        }
    }

    /// What is said of the dataset.
    pub fn kind(&self) -> NoticeType {
        self.notice.kind
    }

    /// The issuer that the draft names, if it names one.
    pub fn issuer(&self) -> Option<&Did> {
        self.issuer.as_ref()
    }

    /// Completes the draft for `issuer`, who is about to sign it. `issued` is taken unless the draft has a time; `salt` must be
    /// 32 fresh random bytes.
    ///
    /// # Errors
    /// [`DraftError::IssuerDiffers`] and [`DraftError::Completed`].
    pub fn complete(self, issuer: &Did, issued: Timestamp, salt: [u8; 32]) -> Result<Completed, DraftError> {
        if let Some(draft) = self.issuer.filter(|draft| draft != issuer) {
            return Err(DraftError::IssuerDiffers { draft, signer: issuer.clone() });
        }
        let texts = self.texts.map(|texts| Texts { salt, ..texts }.to_document());
        let mut notice = self.notice;
        notice.issuer.id = issuer.clone();
        notice.issued = self.issued.unwrap_or(issued);
        notice.texts = texts.as_deref().map(DocumentHash::of);
        // Codes, strings and integers only: writing them to memory cannot fail, and an empty payload would be refused below.
        let payload = serde_json::to_vec(&notice).unwrap_or_default();
        let notice = Notice::parse(&payload).map_err(DraftError::Completed)?;
        Ok(Completed { payload, notice, texts })
    }
}

/// Which of the fields that completion fills in the draft has.
struct Given {
    issuer: bool,
    issued: bool,
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

fn fill_in_issuer(value: &mut Value<'_>) -> Given {
    let text = |text: &'static str| Value::Text(text.into());
    let issued = ensure(value, "issued", || text(UNKNOWN_TIME));
    let issuer = field_mut(value, "issuer").is_none_or(|issuer| ensure(issuer, "id", || text(UNKNOWN_ISSUER)));
    Given { issuer, issued }
}

/// Reads the inline texts, and puts the name of some document in their place.
fn detach_texts(value: &mut Value<'_>, flaws: &mut Flaws) -> Option<Texts> {
    let inline = field_mut(value, "texts")?;
    let texts = texts::read_inline(inline, &Pointer::root().field("texts"), flaws);
    let name = DocumentHash::from_bytes([0; 32]).to_string();
    *inline = Value::Object(vec![("sha256".into(), Value::Text(name.into()))]);
    texts
}

/// Brings every identifier that can be normalised to normal form. The others stay as they are, so that reading reports them.
fn normalise_identifiers(value: &mut Value<'_>) {
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
fn set_defaults(value: &mut Value<'_>) {
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
            let delete = Value::Text(super::ActionVerb::Delete.as_str().into());
            Value::Array(vec![Value::Object(vec![("do".into(), delete)])])
        });
    }
}

fn find_placeholders(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) {
    match value {
        Value::Text(text) if text.starts_with('<') && text.ends_with('>') => {
            flaws.add(at, DraftRule::PlaceholderLeft, "is still the placeholder of the template: fill it in or delete it");
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_placeholders(item, &at.item(index), flaws);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                find_placeholders(value, &at.field(name), flaws);
            }
        }
        _ => {}
    }
}

/// Where a placeholder was left, every other fault of that place is only its echo.
fn without_echoes(flaws: Flaws) -> Flaws {
    let flaws = flaws.into_vec();
    let is_placeholder = |rule: &str| rule == DraftRule::PlaceholderLeft.as_str();
    let left: HashSet<Pointer> = flaws.iter().filter(|f| is_placeholder(f.rule)).map(|f| f.pointer.clone()).collect();
    let mut kept = Flaws::none();
    for flaw in flaws {
        let echo = flaw.rule != FormRule::UnknownField.as_str() && left.contains(&flaw.pointer);
        if is_placeholder(flaw.rule) || !echo {
            kept.add(&flaw.pointer, flaw.rule, flaw.message);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft() -> serde_json::Value {
        json!({
            "type": "retraction",
            "issuer": {"role": "publisher"},
            "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
            "subjects": [
                {"id": "https://doi.org/10.5281/ZENODO.1234567", "role": "whole"},
                {"id": "doi:10.5281/zenodo.7654321", "role": "mirror"}
            ],
            "scope": {"kind": "whole"},
            "reasons": ["consent", "privacy"],
            "actions": [{"do": "delete"}],
            "texts": {"texts": [{"language": "en", "statement": "The faces were taken without consent."}]},
            "appeal": "https://example.org/appeal"
        })
    }

    fn parse(draft: &serde_json::Value) -> Result<Draft, DraftError> {
        Draft::parse(draft.to_string().as_bytes())
    }

    fn flaws_of(draft: &serde_json::Value) -> Vec<(String, &'static str)> {
        match parse(draft) {
            Err(DraftError::Form(flaws)) => flaws.into_vec().into_iter().map(|f| (f.pointer.to_string(), f.rule)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sensitive_draft_keeps_nothing_of_a_plain_digest() {
        let (file, part) = ("6C".repeat(32), "88813c6b15de58afc8fa75ea83361d7f");
        let mut draft = draft();
        draft["type"] = json!("partial-retraction");
        draft["sensitive"] = json!(true);
        draft["subjects"] = json!([
            {"id": "name:Hidden Images", "role": "whole"},
            {"id": format!("sha256: {file}"), "role": "file", "display": format!("SHA256:{file}")}
        ]);
        draft["scope"] = json!({"kind": "files", "affected": [format!("md5:{part}")]});
        let completed = parse(&draft).expect("a draft").complete(&issuer(), time(), [7; 32]).expect("a notice");
        let payload = String::from_utf8(completed.payload).expect("text").to_lowercase();
        assert!(!payload.contains(&file.to_lowercase()) && !payload.contains(part), "{payload}");
        let hidden = |plain: String| Identifier::normalise(&plain).expect("a digest").blinded().expect("blinded");
        assert_eq!(completed.notice.subjects[1].id, hidden(format!("sha256:{file}")));
        assert!(payload.contains(hidden(format!("md5:{part}")).as_str()));
    }

    fn issuer() -> Did {
        Did::parse("did:web:example.org").expect("a DID")
    }

    fn time() -> Timestamp {
        Timestamp::parse("2026-11-23T10:00:00Z").expect("a time")
    }

    #[test]
    fn a_draft_becomes_the_payload_in_the_order_of_the_protocol() {
        let completed = parse(&draft()).expect("a draft").complete(&issuer(), time(), [7; 32]).expect("a notice");
        let document = completed.texts.expect("texts");
        let expected = format!(
            concat!(
                r#"{{"type":"retraction","issuer":{{"id":"did:web:example.org","role":"publisher"}},"issued":"2026-11-23T10:00:00Z","#,
                r#""dataset":{{"title":"Example Faces 1M","publisher_name":"Example Vision Lab"}},"subjects":["#,
                r#"{{"id":"doi:10.5281/zenodo.1234567","role":"whole","display":"https://doi.org/10.5281/ZENODO.1234567"}},"#,
                r#"{{"id":"doi:10.5281/zenodo.7654321","role":"mirror"}}],"scope":{{"kind":"whole"}},"#,
                r#""reasons":["consent","privacy"],"fault":"people-harm","actions":[{{"do":"delete"}}],"#,
                r#""texts":{{"sha256":"{}"}},"appeal":"https://example.org/appeal","license":"CC0-1.0"}}"#
            ),
            DocumentHash::of(&document)
        );
        assert_eq!(String::from_utf8(completed.payload.clone()).expect("UTF-8"), expected);
        assert_eq!(Notice::parse(&completed.payload), Ok(completed.notice));
        assert_eq!(Texts::parse(&document).expect("valid").salt, [7; 32]);
    }

    #[test]
    fn what_the_draft_names_itself_is_kept_and_another_signer_is_refused() {
        let mut named = draft();
        named["issuer"]["id"] = json!("did:web:other.example");
        named["issued"] = json!("2020-01-01T00:00:00Z");
        named["fault"] = json!("rights");
        let draft = parse(&named).expect("a draft");
        assert_eq!(draft.issuer().map(Did::as_str), Some("did:web:other.example"));
        let other = Did::parse("did:web:other.example").expect("a DID");
        let completed = draft.clone().complete(&other, time(), [0; 32]).expect("a notice");
        assert_eq!(
            (completed.notice.issued.to_string().as_str(), completed.notice.fault),
            ("2020-01-01T00:00:00Z", Some(Fault::Rights))
        );
        assert!(matches!(draft.complete(&issuer(), time(), [0; 32]), Err(DraftError::IssuerDiffers { .. })));
    }

    #[test]
    fn all_faults_of_a_draft_come_together_with_pointers_into_it() {
        let mut faulty = draft();
        faulty["reasons"] = json!(["nonsense"]);
        faulty["subjects"][1]["id"] = json!("not an identifier");
        faulty["texts"]["texts"][0]["statement"] = json!("short");
        faulty["texts"]["salt"] = json!("x");
        faulty["appeal"] = json!("<where to object>");
        let expected = [
            ("/appeal", "placeholder-left"),
            ("/texts/texts/0/statement", "statement-too-short"),
            ("/texts/salt", "unknown-field"),
            ("/subjects/1/id", "invalid-identifier"),
            ("/reasons/0", "unknown-code"),
        ];
        assert_eq!(flaws_of(&faulty), expected.map(|(at, rule)| (at.to_owned(), rule)));
    }

    #[test]
    fn illegal_content_asks_for_deletion_by_default_and_other_reasons_do_not() {
        let mut illegal = draft();
        illegal.as_object_mut().expect("an object").remove("actions");
        illegal["reasons"] = json!(["copyright", "illegal-content"]);
        let completed = parse(&illegal).expect("a draft").complete(&issuer(), time(), [0; 32]).expect("a notice");
        assert_eq!(completed.notice.actions[0].verb, super::super::ActionVerb::Delete);
        assert_eq!(completed.notice.fault, Some(Fault::Rights), "the first reason decides");
        illegal["reasons"] = json!(["copyright"]);
        assert_eq!(flaws_of(&illegal), [("/actions".to_owned(), "missing-field")]);
    }

    #[test]
    fn a_draft_without_texts_is_for_those_who_need_none() {
        let mut silent = draft();
        silent.as_object_mut().expect("an object").remove("texts");
        assert_eq!(flaws_of(&silent), [("/texts".to_owned(), "texts-required")]);
        silent["issuer"]["role"] = json!("observer");
        let completed = parse(&silent).expect("a draft").complete(&issuer(), time(), [0; 32]).expect("a notice");
        assert_eq!((completed.texts, completed.notice.texts), (None, None));
    }

    #[test]
    fn a_draft_that_completes_to_too_many_bytes_is_refused() {
        let mut large = draft();
        let ids: Vec<_> = (0..300)
            .map(|n| json!({"id": format!("url:https://example.org/{n:03}/{}", "x".repeat(180)), "role": "file"}))
            .collect();
        large["subjects"] = json!(ids);
        let error = parse(&large).expect("a draft").complete(&issuer(), time(), [0; 32]).expect_err("too large");
        assert!(matches!(error, DraftError::Completed(NoticeError::TooLarge { .. })), "{error}");
        let size = MAX_DRAFT + 1;
        assert_eq!(Draft::parse(&vec![b' '; size]).expect_err("too large"), DraftError::TooLarge { size });
    }

    proptest::proptest! {
        #[test]
        fn no_json_makes_the_reader_panic(field in "[a-z]{1,8}", text in "[ -~<>é]{0,20}") {
            let mut odd = draft();
            odd[&field] = json!(text);
            let _ = parse(&odd);
            let _ = parse(&json!({"subjects": {&field: text}, "scope": [text], "issuer": text}));
        }
    }
}
