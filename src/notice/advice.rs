//! Advice at drafting and at client POST (domain, section 2): what a sound notice can still do badly.
//!
//! Never applied towards peers and never to what is stored already, so that it may change with every release. Pointers are
//! those of a draft: what stands in the texts document is pointed to below `/texts`.

use serde::Serialize;

use super::codes::codes;
use super::personal_data::{self, PersonalData};
use super::revealing::{leads_to_data, reveals};
use super::{Identifier, Notice, NoticeType, Scheme, ScopeItem, ScopeKind, SubjectRole, Texts};
use crate::strict_json::Pointer;

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// Where it stands in the draft.
    pub pointer: Pointer,
    /// Which advice it is.
    pub rule: AdviceRule,
    /// Whether the notice is refused for it.
    pub severity: Severity,
    /// A sentence for people.
    pub message: String,
}

/// How much a piece of advice weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Said, and the notice is taken.
    Warn,
    /// The notice is refused until it is mended.
    Refuse,
}

codes!(Severity { Warn => "warn", Refuse => "refuse" });

/// The advice there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdviceRule {
    /// The digest of something everybody has; refused.
    TrivialDigest,
    /// An e-mail address in names or texts; refused.
    EmailAddress,
    /// A telephone number in texts; refused.
    PhoneNumber,
    /// Landing pages and papers only: no holder of a copy can match the notice.
    OnlyLandingPages,
    /// Names only: hits are never more than possible.
    NoIdentifier,
    /// A scope of listed subjects without any that it covers.
    CoversNothing,
    /// A partial retraction of the whole.
    PartialRetractionOfWhole,
    /// Links beside the texts of a sensitive notice.
    SensitiveLinks,
    /// An identifier or an address in the names or texts of a sensitive notice; refused.
    SensitiveWords,
}

codes!(AdviceRule {
    TrivialDigest => "trivial-digest",
    EmailAddress => "e-mail-address",
    PhoneNumber => "phone-number",
    OnlyLandingPages => "only-landing-pages",
    NoIdentifier => "no-identifier",
    CoversNothing => "covers-nothing",
    PartialRetractionOfWhole => "partial-retraction-of-whole",
    SensitiveLinks => "sensitive-links",
    SensitiveWords => "sensitive-words",
});

impl AdviceRule {
    /// Whether the notice is refused for it.
    pub fn severity(self) -> Severity {
        match self {
            Self::TrivialDigest | Self::EmailAddress | Self::PhoneNumber | Self::SensitiveWords => Severity::Refuse,
            Self::OnlyLandingPages
            | Self::NoIdentifier
            | Self::CoversNothing
            | Self::PartialRetractionOfWhole
            | Self::SensitiveLinks => Severity::Warn,
        }
    }
}

/// All advice for `notice` with its `texts`, in the order of the notice; empty when there is none.
pub fn advise(notice: &Notice, texts: Option<&Texts>) -> Vec<Advice> {
    let mut book = Book(Vec::new());
    trivial_digests(notice, &mut book);
    names(notice, &mut book);
    matching(notice, &mut book);
    if notice.sensitive {
        hidden(notice, &mut book);
    }
    if let Some(texts) = texts {
        written(texts, notice.sensitive, &mut book);
    }
    book.0
}

struct Book(Vec<Advice>);

impl Book {
    fn add(&mut self, pointer: Pointer, rule: AdviceRule, message: impl Into<String>) {
        self.0.push(Advice { pointer, rule, severity: rule.severity(), message: message.into() });
    }

    fn personal_data(&mut self, pointer: &Pointer, found: PersonalData) {
        let (rule, what) = match found {
            PersonalData::EmailAddress(what) => (AdviceRule::EmailAddress, what),
            PersonalData::PhoneNumber(what) => (AdviceRule::PhoneNumber, what),
        };
        let message =
            format!("{what:?} looks like contact data of a person, which is copied for ever; link to a contact page instead");
        self.add(pointer.clone(), rule, message);
    }
}

fn trivial_digests(notice: &Notice, book: &mut Book) {
    let root = Pointer::root;
    for (n, subject) in notice.subjects.iter().enumerate() {
        trivial_digest(&subject.id, || root().field("subjects").item(n).field("id"), book);
    }
    if let Some(scope) = &notice.scope {
        for (field, items) in [("affected", &scope.affected), ("unaffected", &scope.unaffected)] {
            for (n, item) in items.iter().enumerate() {
                if let ScopeItem::Id(id) = item {
                    trivial_digest(id, || root().field("scope").field(field).item(n), book);
                }
            }
        }
    }
    for (n, replacement) in notice.replacements.iter().enumerate() {
        trivial_digest(&replacement.id, || root().field("replacements").item(n).field("id"), book);
    }
    for (n, derivative) in notice.derivatives.iter().enumerate() {
        if let Some(id) = &derivative.id {
            trivial_digest(id, || root().field("derivatives").item(n).field("id"), book);
        }
    }
}

fn trivial_digest(id: &Identifier, at: impl FnOnce() -> Pointer, book: &mut Book) {
    if id.is_trivial() {
        let message = "everybody has these bytes (an empty file or folder, a common licence text), so this is never matched";
        book.add(at(), AdviceRule::TrivialDigest, message);
    }
}

/// Names are signed and can never be taken out again, so an e-mail address there is worse than one in the texts. Numbers are
/// part of many titles and are left alone.
fn names(notice: &Notice, book: &mut Book) {
    let at = || Pointer::root().field("dataset");
    name(&notice.dataset.title, || at().field("title"), book);
    name(&notice.dataset.publisher_name, || at().field("publisher_name"), book);
    for (n, alias) in notice.dataset.aliases.iter().enumerate() {
        name(alias, || at().field("aliases").item(n), book);
    }
    for (n, derivative) in notice.derivatives.iter().enumerate() {
        if let Some(title) = &derivative.title {
            name(title, || Pointer::root().field("derivatives").item(n).field("title"), book);
        }
    }
}

fn name(name: &str, at: impl FnOnce() -> Pointer, book: &mut Book) {
    if let Some(found) = personal_data::email_address(name) {
        book.personal_data(&at(), PersonalData::EmailAddress(found.to_owned()));
    }
}

/// Whether anybody who holds a copy can find the notice.
fn matching(notice: &Notice, book: &mut Book) {
    let subjects = Pointer::root().field("subjects");
    let scope_ids = notice.scope.iter().flat_map(|s| &s.affected).any(|item| matches!(item, ScopeItem::Id(_)));
    let more = scope_ids || !notice.digest_lists.is_empty();
    let is_page = |role| matches!(role, SubjectRole::LandingPage | SubjectRole::DescribedBy);
    if !more && !notice.sensitive && notice.subjects.iter().all(|s| s.id.scheme() == Scheme::Name) {
        let message = "there is no identifier, only names: a hit by name is never more than possible";
        book.add(subjects, AdviceRule::NoIdentifier, message);
    } else if !more && notice.subjects.iter().all(|s| is_page(s.role)) {
        let message =
            "only landing pages and papers are given: no holder of a copy can match this; add digests, torrents or mirrors";
        book.add(subjects, AdviceRule::OnlyLandingPages, message);
    }
    let Some(scope) = &notice.scope else { return };
    let is_listed = |role| matches!(role, SubjectRole::Version | SubjectRole::File | SubjectRole::Mirror);
    let covers = more || !scope.affected.is_empty() || notice.subjects.iter().any(|s| is_listed(s.role));
    let at = Pointer::root().field("scope").field("kind");
    if scope.kind == ScopeKind::SubjectsListed && !covers {
        let message = "no version, file or mirror subject and no list is given, so the scope covers nothing";
        book.add(at, AdviceRule::CoversNothing, message);
    } else if scope.kind == ScopeKind::Whole && notice.kind == NoticeType::PartialRetraction {
        let message = "the scope is the whole dataset: say which part, or make this a retraction";
        book.add(at, AdviceRule::PartialRetractionOfWhole, message);
    }
}

const REVEALING: &str = "a sensitive notice leads nobody anywhere: leave identifiers and addresses out of its names and texts";

/// Every word that stands in the notice itself for ever.
fn hidden(notice: &Notice, book: &mut Book) {
    let at = || Pointer::root().field("dataset");
    let mut look = |text: &str, pointer: Pointer| {
        if reveals(text) {
            book.add(pointer, AdviceRule::SensitiveWords, REVEALING);
        }
    };
    look(&notice.dataset.title, at().field("title"));
    look(&notice.dataset.publisher_name, at().field("publisher_name"));
    for (n, alias) in notice.dataset.aliases.iter().enumerate() {
        look(alias, at().field("aliases").item(n));
    }
    for (field, items) in
        notice.scope.iter().flat_map(|scope| [("affected", &scope.affected), ("unaffected", &scope.unaffected)])
    {
        for (n, item) in items.iter().enumerate() {
            if let ScopeItem::Part(label) | ScopeItem::Version(label) = item {
                look(label, Pointer::root().field("scope").field(field).item(n));
            }
        }
    }
}

fn written(texts: &Texts, sensitive: bool, book: &mut Book) {
    let root = Pointer::root().field("texts");
    for (n, text) in texts.texts.iter().enumerate() {
        let at = root.field("texts").item(n);
        let fields = [
            ("statement", Some(&text.statement)),
            ("mitigation", text.mitigation.as_ref()),
            ("afterlife", text.afterlife.as_ref()),
        ];
        for (field, text) in fields {
            let Some(text) = text else { continue };
            let at = at.field(field);
            for found in personal_data::find(text) {
                book.personal_data(&at, found);
            }
            if sensitive && reveals(text) {
                book.add(at, AdviceRule::SensitiveWords, REVEALING);
            }
        }
    }
    for (n, reference) in texts.references.iter().enumerate() {
        let at = root.field("references").item(n).field("url");
        if let Some(found) = personal_data::email_address(&reference.url) {
            book.personal_data(&at, PersonalData::EmailAddress(found.to_owned()));
        }
        if sensitive && leads_to_data(&reference.url) {
            book.add(at, AdviceRule::SensitiveWords, REVEALING);
        } else if sensitive {
            let message = "a sensitive notice should lead nobody anywhere: be sure that this page does not";
            book.add(at, AdviceRule::SensitiveLinks, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn advice_of(changes: &Value, texts: Option<&str>) -> Vec<(String, &'static str, &'static str)> {
        let notice = super::super::museum::notice_with(changes);
        let texts = texts.map(|statement| {
            let salt = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
            let document = json!({
                "salt": salt,
                "texts": [{"language": "en", "statement": statement}],
                "references": [{"type": "report", "url": "https://example.org/report"}]
            });
            Texts::parse(document.to_string().as_bytes()).expect("valid texts")
        });
        let advice = advise(&notice, texts.as_ref());
        advice.into_iter().map(|a| (a.pointer.to_string(), a.rule.as_str(), a.severity.as_str())).collect()
    }

    fn subject(id: &str, role: &str) -> Value {
        json!({"id": id, "role": role})
    }

    #[test]
    fn a_good_notice_gets_no_advice() {
        let statement = "The images were taken without consent of the people in them.";
        assert_eq!(advice_of(&json!({"subjects": [subject("doi:10.5281/zenodo.1", "whole")]}), Some(statement)), []);
    }

    #[test]
    fn digests_that_everybody_has_are_refused_wherever_they_stand() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let found = advice_of(
            &json!({
                "type": "partial-retraction",
                "subjects": [subject("doi:10.5281/zenodo.1", "whole"), subject(empty, "file")],
                "scope": {"kind": "files", "affected": [empty]},
                "derivatives": [{"id": empty, "relation": "subset", "inherits": "no"}]
            }),
            None,
        );
        let places = ["/subjects/1/id", "/scope/affected/0", "/derivatives/0/id"];
        assert_eq!(found, places.map(|at| (at.to_owned(), "trivial-digest", "refuse")));
    }

    #[test]
    fn contact_data_is_refused_in_texts_and_names() {
        let found = advice_of(
            &json!({
                "dataset": {"title": "Faces", "aliases": ["by jane@example.org"], "publisher_name": "Lab, +49 30 901820-0"},
                "subjects": [subject("doi:10.5281/zenodo.1", "whole")]
            }),
            Some("Write to jane@example.org or call +49 30 901820-0."),
        );
        let expected = [
            ("/dataset/aliases/0".to_owned(), "e-mail-address", "refuse"),
            ("/texts/texts/0/statement".to_owned(), "e-mail-address", "refuse"),
            ("/texts/texts/0/statement".to_owned(), "phone-number", "refuse"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn notices_that_no_holder_can_match_are_warned_of() {
        let pages = json!({"subjects": [subject("url:https://example.org/faces", "landing-page"), subject("arxiv:1607.08221", "described-by")]});
        assert_eq!(advice_of(&pages, None), [("/subjects".to_owned(), "only-landing-pages", "warn")]);
        let names = json!({"subjects": [subject("name:examplefaces", "whole")]});
        assert_eq!(advice_of(&names, None), [("/subjects".to_owned(), "no-identifier", "warn")]);
        let hidden = json!({"subjects": [subject("name:examplefaces", "whole")], "sensitive": true});
        assert_eq!(advice_of(&hidden, None), [], "a sensitive notice hides them on purpose");
        let nothing = json!({"subjects": [subject("doi:10.5281/zenodo.1", "whole")], "scope": {"kind": "subjects-listed"}});
        assert_eq!(advice_of(&nothing, None), [("/scope/kind".to_owned(), "covers-nothing", "warn")]);
        let whole = json!({"type": "partial-retraction", "subjects": [subject("doi:10.5281/zenodo.1", "whole")]});
        assert_eq!(advice_of(&whole, None), [("/scope/kind".to_owned(), "partial-retraction-of-whole", "warn")]);
    }

    #[test]
    fn links_beside_a_sensitive_notice_are_warned_of() {
        let hidden = json!({"subjects": [subject("name:examplefaces", "whole")], "sensitive": true});
        let found = advice_of(&hidden, Some("Images of abuse, see https://example.org/report for more."));
        let expected = [
            ("/texts/texts/0/statement".to_owned(), "sensitive-words", "refuse"),
            ("/texts/references/0/url".to_owned(), "sensitive-links", "warn"),
        ];
        assert_eq!(found, expected);
    }
}
