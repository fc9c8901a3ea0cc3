//! From payload bytes to a notice: the walk over its fields (domain, section 2).
//!
//! [`Notice::parse`] is a pure function of the bytes, the same on every server for ever (rules of form). It has three steps:
//!
//! 1. the size, at most [`MAX_PAYLOAD`] bytes;
//! 2. strict JSON (protocol, section 3, step 5): the first syntax fault ends the reading;
//! 3. every field with its limits (here and in `parts`), then the rules between fields (`rules`): all faults are collected,
//!    each with its JSON pointer and the name of its [`FormRule`].
//!
//! Where the domain is silent: an optional array may be absent or empty, which says the same; a repeated subject,
//! replacement, derivative (by `id`, or by `title` without one), digest list (by `sha256`), prior notice, action (by `do`),
//! reason, alias or scope item is refused, because a second statement about one thing is redundant at best and a
//! contradiction at worst.

use super::parts::{self, Placed};
use super::{
    Action, Dataset, Derivative, DigestList, DocumentHash, Fault, FormRule, Issuer, IssuerRole, LICENSE, Notice, NoticeType,
    PartialDate, Prior, PublicationCheck, Reason, Replacement, Scope, ScopeItem, Subject, Timestamp, rules, text_rules,
};
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};

/// Largest payload of a notice, in bytes (protocol, section 4).
pub const MAX_PAYLOAD: usize = 48_000;

/// Why bytes are no notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// The payload is above [`MAX_PAYLOAD`].
    #[error("the payload has {size} bytes, at most {MAX_PAYLOAD} are allowed")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The payload is not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Every fault of form.
    #[error("{0}")]
    Form(Flaws),
}

impl NoticeError {
    /// Whether nothing but identifiers of unknown schemes stands against the notice: such a notice from a peer is pending,
    /// because a later version may know the scheme (domain, section 5).
    pub fn waits_for_a_scheme(&self) -> bool {
        match self {
            Self::Form(flaws) => flaws.as_slice().iter().all(|flaw| flaw.rule == FormRule::UnknownScheme.as_str()),
            Self::TooLarge { .. } | Self::Syntax(_) => false,
        }
    }
}

impl Notice {
    /// Reads the payload of a notice.
    ///
    /// # Errors
    /// [`NoticeError`]: too large, the first syntax fault, or every fault of form.
    pub fn parse(payload: &[u8]) -> Result<Self, NoticeError> {
        if payload.len() > MAX_PAYLOAD {
            return Err(NoticeError::TooLarge { size: payload.len() });
        }
        let value = strict_json::parse(payload)?;
        let mut flaws = Flaws::none();
        match read(&value, &mut flaws) {
            Some(notice) if flaws.is_empty() => Ok(notice),
            _ => Err(NoticeError::Form(flaws)),
        }
    }
}

/// What could be read of a notice, so that the rules between fields see as much as there is even when some fields are faulty.
#[derive(Debug, Default)]
pub(super) struct Reading<'v> {
    /// The names of all fields that are there, sound or not.
    pub(super) present: Vec<&'v str>,
    /// The names of arrays with items that could not be read.
    pub(super) unread: Vec<&'static str>,
    pub(super) kind: Option<NoticeType>,
    pub(super) role: Option<IssuerRole>,
    pub(super) issuer: Option<Issuer>,
    pub(super) issued: Option<Timestamp>,
    pub(super) effective: Option<PartialDate>,
    pub(super) dataset: Option<Dataset>,
    pub(super) subjects: Vec<Placed<Subject>>,
    pub(super) scope: Option<ScopeReading>,
    pub(super) digest_lists: Vec<Placed<DigestList>>,
    pub(super) reasons: Vec<Placed<Reason>>,
    pub(super) fault: Option<Fault>,
    pub(super) texts: Option<DocumentHash>,
    pub(super) actions: Vec<Placed<Action>>,
    pub(super) replacements: Vec<Placed<Replacement>>,
    pub(super) derivatives: Vec<Placed<Derivative>>,
    pub(super) appeal: Option<String>,
    pub(super) publication_check: Option<PublicationCheck>,
    pub(super) sensitive: bool,
    pub(super) prior: Vec<Placed<Prior>>,
}

/// What could be read of a scope.
#[derive(Debug, Default)]
pub(super) struct ScopeReading {
    pub(super) kind: Option<super::ScopeKind>,
    /// Whether `affected` has items, sound or not.
    pub(super) names_affected: bool,
    pub(super) affected: Vec<Placed<ScopeItem>>,
    pub(super) unaffected: Vec<Placed<ScopeItem>>,
}

impl Reading<'_> {
    /// Whether the field `name` is there, sound or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.present.contains(&name)
    }

    /// The notice, when everything that every notice needs could be read.
    fn into_notice(self) -> Option<Notice> {
        fn plain<T>(items: Vec<Placed<T>>) -> Vec<T> {
            items.into_iter().map(|item| item.value).collect()
        }
        let scope = match self.scope {
            None => None,
            Some(scope) => {
                Some(Scope { kind: scope.kind?, affected: plain(scope.affected), unaffected: plain(scope.unaffected) })
            }
        };
        Some(Notice {
            kind: self.kind?,
            issuer: self.issuer?,
            issued: self.issued?,
            effective: self.effective,
            dataset: self.dataset?,
            subjects: plain(self.subjects),
            scope,
            digest_lists: plain(self.digest_lists),
            reasons: plain(self.reasons),
            fault: self.fault,
            texts: self.texts,
            actions: plain(self.actions),
            replacements: plain(self.replacements),
            derivatives: plain(self.derivatives),
            appeal: self.appeal,
            publication_check: self.publication_check,
            sensitive: self.sensitive,
            prior: plain(self.prior),
        })
    }
}

/// Reads a notice from its JSON value and collects every flaw; the notice counts only when no flaw was found.
pub(super) fn read(value: &Value<'_>, flaws: &mut Flaws) -> Option<Notice> {
    let mut fields = Fields::of(value, &Pointer::root(), flaws)?;
    let mut reading = Reading { present: names(value), ..Reading::default() };
    read_statement(&mut fields, &mut reading, flaws);
    read_lists(&mut fields, &mut reading, flaws);
    read_wishes(&mut fields, &mut reading, flaws);
    fields.finish(flaws);
    rules::check(&reading, flaws);
    reading.into_notice()
}

fn names<'v>(value: &'v Value<'v>) -> Vec<&'v str> {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, _)| name.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// Who says what about which dataset, and since when.
fn read_statement<'v>(fields: &mut Fields<'v>, reading: &mut Reading<'v>, flaws: &mut Flaws) {
    if let Some((at, value)) = fields.required("type", flaws) {
        reading.kind = text_rules::code(value, &at, NoticeType::parse, NoticeType::ALL, flaws);
    }
    if let Some((at, value)) = fields.required("issuer", flaws) {
        (reading.role, reading.issuer) = parts::issuer(value, &at, flaws);
    }
    if let Some((at, value)) = fields.required("issued", flaws) {
        reading.issued = parts::timestamp(value, &at, flaws);
    }
    if let Some((at, value)) = fields.optional("effective") {
        reading.effective = parts::partial_date(value, &at, flaws);
    }
    if let Some((at, value)) = fields.required("dataset", flaws) {
        reading.dataset = parts::dataset(value, &at, flaws);
    }
    if let Some((at, value)) = fields.optional("scope") {
        reading.scope = parts::scope(value, &at, flaws);
    }
    if let Some((at, value)) = fields.optional("fault") {
        reading.fault = text_rules::code(value, &at, Fault::parse, Fault::ALL, flaws);
    }
    if let Some((at, value)) = fields.optional("texts") {
        reading.texts = parts::texts_name(value, &at, flaws);
    }
    if let Some((at, value)) = fields.required("license", flaws)
        && let Some(text) = Fields::text(value, &at, flaws)
        && text != LICENSE
    {
        flaws.add(&at, FormRule::LicenseNotCc0, format!("must be {LICENSE:?}: peers must be free to copy"));
    }
}

/// The arrays; what makes two items the same is the second closure of each.
fn read_lists<'v>(fields: &mut Fields<'v>, reading: &mut Reading<'v>, flaws: &mut Flaws) {
    let subjects = fields.required("subjects", flaws);
    reading.subjects = parts::list(subjects, 1..=300, flaws, parts::subject);
    parts::distinct(&reading.subjects, |s| s.id.clone(), flaws);

    let lists = fields.optional("digest_lists");
    let written = parts::length(lists.as_ref());
    reading.digest_lists = parts::list(lists, 0..=8, flaws, parts::digest_list);
    if reading.digest_lists.len() < written {
        reading.unread.push("digest_lists");
    }
    parts::distinct(&reading.digest_lists, |l| l.sha256, flaws);

    reading.reasons = parts::list(fields.optional("reasons"), 1..=16, flaws, parts::reason);
    parts::distinct(&reading.reasons, |r| *r, flaws);

    reading.actions = parts::list(fields.optional("actions"), 1..=100, flaws, parts::action);
    parts::distinct(&reading.actions, |a| a.verb, flaws);

    reading.replacements = parts::list(fields.optional("replacements"), 0..=50, flaws, parts::replacement);
    parts::distinct(&reading.replacements, |r| r.id.clone(), flaws);

    reading.derivatives = parts::list(fields.optional("derivatives"), 0..=200, flaws, parts::derivative);
    parts::distinct(&reading.derivatives, |d| (d.id.clone(), d.title.clone().filter(|_| d.id.is_none())), flaws);

    let prior = fields.optional("prior");
    let written = parts::length(prior.as_ref());
    reading.prior = parts::list(prior, 0..=32, flaws, parts::prior);
    if reading.prior.len() < written {
        reading.unread.push("prior");
    }
    parts::distinct(&reading.prior, |p| p.notice, flaws);
}

/// The remaining single fields.
fn read_wishes<'v>(fields: &mut Fields<'v>, reading: &mut Reading<'v>, flaws: &mut Flaws) {
    if let Some((at, value)) = fields.optional("appeal") {
        reading.appeal = text_rules::https_url(value, &at, flaws);
    }
    if let Some((at, value)) = fields.optional("publication_check") {
        reading.publication_check = text_rules::code(value, &at, PublicationCheck::parse, PublicationCheck::ALL, flaws);
    }
    if let Some((at, value)) = fields.optional("sensitive") {
        reading.sensitive = Fields::boolean(value, &at, flaws).unwrap_or(false);
    }
}
