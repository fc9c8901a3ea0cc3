//! The texts document: what people wrote about a notice, detached from it (protocol, section 4).
//!
//! A notice names this document by its SHA-256, so that it can be removed by law or on request without touching a signature.
//! The salt goes with it: without the salt nobody can guess the text from the hash. Texts are plain text: line feeds are
//! allowed, other control characters are not. Verdicts never depend on texts.

use std::collections::HashSet;

use data_encoding::BASE64;
use serde::Serialize;

use super::codes::codes;
use super::parts::{self, Placed};
use super::text_rules::{self, MAX_URL};
use super::{FormRule, language, web_url};
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};

/// Largest texts document, in bytes.
pub const MAX_TEXTS: usize = 256 * 1024;
/// Longest statement, mitigation or afterlife, in Unicode scalar values.
pub const MAX_STATEMENT: usize = 4_000;
/// Shortest statement, in Unicode scalar values, spaces and line feeds around it not counted.
pub const MIN_STATEMENT: usize = 20;
/// Most languages of a document.
const MAX_LANGUAGES: usize = 20;
/// Most references of a document.
const MAX_REFERENCES: usize = 100;

/// The texts of a notice. Made by [`Texts::parse`] or by completing a draft, both of which check every limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Texts {
    /// 32 random bytes that keep the hash from being guessed back.
    #[serde(serialize_with = "base64")]
    pub salt: [u8; 32],
    /// The texts, 1 to 20, one per language.
    pub texts: Vec<LocalisedText>,
    /// Where to read more, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
}

/// The texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocalisedText {
    /// A BCP 47 language tag.
    pub language: String,
    /// What happened and why: 20 to 4,000 characters.
    pub statement: String,
    /// How harm can be made smaller: at most 4,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mitigation: Option<String>,
    /// What becomes of the dataset now: at most 4,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub afterlife: Option<String>,
}

/// Where to read more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What is found there.
    #[serde(rename = "type")]
    pub kind: ReferenceKind,
    /// An http or https URL, at most 2,048 bytes.
    pub url: String,
}

/// What is found at a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// Evidence for what the notice says.
    Evidence,
    /// A report or study.
    Report,
    /// A news article.
    Article,
    /// A public discussion.
    Discussion,
    /// A court order or an order of an authority.
    Order,
    /// The page that stands where the dataset stood.
    Tombstone,
    /// The policy that was applied.
    Policy,
}

codes!(ReferenceKind {
    Evidence => "evidence",
    Report => "report",
    Article => "article",
    Discussion => "discussion",
    Order => "order",
    Tombstone => "tombstone",
    Policy => "policy",
});

/// A rule that only texts documents can break; [`FormRule`] has those that they share with notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextsRule {
    /// A salt that is not the base64 of 32 bytes.
    SaltNot32Bytes,
    /// A language that is no well-formed BCP 47 tag.
    NotALanguageTag,
    /// A language that an earlier text has.
    DuplicateLanguage,
    /// A statement of fewer than 20 characters.
    StatementTooShort,
    /// A reference that is no http or https URL.
    NotAWebUrl,
    /// Texts that make a document of more than 256 KiB.
    TextsTooLarge,
}

codes!(TextsRule {
    SaltNot32Bytes => "salt-not-32-bytes",
    NotALanguageTag => "not-a-language-tag",
    DuplicateLanguage => "duplicate-language",
    StatementTooShort => "statement-too-short",
    NotAWebUrl => "not-a-web-url",
    TextsTooLarge => "texts-too-large",
});

impl From<TextsRule> for &'static str {
    fn from(rule: TextsRule) -> Self {
        rule.as_str()
    }
}

/// Why bytes are no texts document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    /// The document is above [`MAX_TEXTS`].
    #[error("the texts document has {size} bytes, at most {MAX_TEXTS} are allowed")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The document is not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Every fault of form.
    #[error("{0}")]
    Form(Flaws),
}

impl Texts {
    /// Reads a texts document.
    ///
    /// # Errors
    /// [`TextsError`]: too large, the first syntax fault, or every fault of form.
    pub fn parse(document: &[u8]) -> Result<Self, TextsError> {
        if document.len() > MAX_TEXTS {
            return Err(TextsError::TooLarge { size: document.len() });
        }
        let value = strict_json::parse(document)?;
        let mut flaws = Flaws::none();
        match read_document(&value, &mut flaws) {
            Some(texts) if flaws.is_empty() => Ok(texts),
            _ => Err(TextsError::Form(flaws)),
        }
    }

    /// Everything that people wrote, a paragraph each: what full-text search finds.
    pub fn words(&self) -> String {
        let paragraphs = self.texts.iter().flat_map(|text| {
            let written = [Some(&text.statement), text.mitigation.as_ref(), text.afterlife.as_ref()];
            written.into_iter().flatten()
        });
        paragraphs.map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// The document as compact JSON in the field order of protocol section 4: what a notice names by its hash.
    pub fn to_document(&self) -> Vec<u8> {
        // Strings and integers only: writing them to memory cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

fn base64<S: serde::Serializer>(salt: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64.encode(salt))
}

fn read_document(value: &Value<'_>, flaws: &mut Flaws) -> Option<Texts> {
    let mut fields = Fields::of(value, &Pointer::root(), flaws)?;
    let salt = fields.required("salt", flaws).and_then(|(at, value)| read_salt(value, &at, flaws));
    let (texts, references) = read_body(&mut fields, flaws);
    fields.finish(flaws);
    Some(Texts { salt: salt?, texts, references })
}

/// Reads what a draft holds inline: the document without its salt.
pub(super) fn read_inline(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Texts> {
    let mut fields = Fields::of(value, at, flaws)?;
    let (texts, references) = read_body(&mut fields, flaws);
    fields.finish(flaws);
    let texts = Texts { salt: [0; 32], texts, references };
    let size = texts.to_document().len();
    if size > MAX_TEXTS {
        flaws.add(at, TextsRule::TextsTooLarge, format!("makes a document of {size} bytes, at most {MAX_TEXTS} are allowed"));
    }
    Some(texts)
}

fn read_salt(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<[u8; 32]> {
    let text = Fields::text(value, at, flaws)?;
    let salt = strict_json::decode_base64(text).and_then(|bytes| bytes.try_into().ok());
    if salt.is_none() {
        flaws.add(at, TextsRule::SaltNot32Bytes, "must be the standard padded base64 of 32 bytes");
    }
    salt
}

fn read_body(fields: &mut Fields<'_>, flaws: &mut Flaws) -> (Vec<LocalisedText>, Vec<Reference>) {
    let texts = parts::list(fields.required("texts", flaws), 1..=MAX_LANGUAGES, flaws, read_text);
    let mut languages = HashSet::new();
    for text in &texts {
        if !languages.insert(text.value.language.to_ascii_lowercase()) {
            let message = "an earlier text has this language";
            flaws.add(&text.at.field("language"), TextsRule::DuplicateLanguage, message);
        }
    }
    let references = parts::list(fields.optional("references"), 0..=MAX_REFERENCES, flaws, read_reference);
    parts::distinct(&references, |r| (r.kind, r.url.clone()), flaws);
    (plain(texts), plain(references))
}

fn plain<T>(items: Vec<Placed<T>>) -> Vec<T> {
    items.into_iter().map(|item| item.value).collect()
}

fn read_text(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<LocalisedText> {
    let mut fields = Fields::of(value, at, flaws)?;
    let language = fields.required("language", flaws).and_then(|(at, value)| read_language(value, &at, flaws));
    let statement =
        fields.required("statement", flaws).and_then(|(at, value)| read_paragraphs(value, &at, MIN_STATEMENT, flaws));
    let mitigation = fields.optional("mitigation").and_then(|(at, value)| read_paragraphs(value, &at, 1, flaws));
    let afterlife = fields.optional("afterlife").and_then(|(at, value)| read_paragraphs(value, &at, 1, flaws));
    fields.finish(flaws);
    Some(LocalisedText { language: language?, statement: statement?, mitigation, afterlife })
}

fn read_language(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    let tag = Fields::text(value, at, flaws)?;
    if !language::is_well_formed(tag) {
        flaws.add(at, TextsRule::NotALanguageTag, "must be a BCP 47 language tag such as en, pt-BR or zh-Hant");
        return None;
    }
    Some(tag.to_owned())
}

/// Reads plain text that may have line feeds. Spaces and line feeds at its ends do not count towards `least`.
fn read_paragraphs(value: &Value<'_>, at: &Pointer, least: usize, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    let mut sound = text_rules::without_controls(text, &['\n'], at, flaws);
    let (length, core) = (text.chars().count(), text.trim_matches([' ', '\n']).chars().count());
    if core == 0 {
        flaws.add(at, FormRule::EmptyText, "must not be empty");
        sound = false;
    } else if core < least {
        flaws.add(at, TextsRule::StatementTooShort, format!("has {core} characters, at least {least} are needed"));
        sound = false;
    }
    if length > MAX_STATEMENT {
        flaws.add(at, FormRule::TextTooLong, format!("has {length} characters, at most {MAX_STATEMENT} are allowed"));
        sound = false;
    }
    sound.then(|| text.to_owned())
}

fn read_reference(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Reference> {
    let mut fields = Fields::of(value, at, flaws)?;
    let kind = fields
        .required("type", flaws)
        .and_then(|(at, value)| text_rules::code(value, &at, ReferenceKind::parse, ReferenceKind::ALL, flaws));
    let url = fields.required("url", flaws).and_then(|(at, value)| read_web_url(value, &at, flaws));
    fields.finish(flaws);
    Some(Reference { kind: kind?, url: url? })
}

fn read_web_url(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    if text.len() > MAX_URL {
        flaws.add(at, FormRule::TextTooLong, format!("has {} bytes, a URL has at most {MAX_URL}", text.len()));
        return None;
    }
    if let Err(fault) = web_url::check(text, &["http", "https"]) {
        flaws.add(at, TextsRule::NotAWebUrl, format!("must be an http or https URL: {fault}"));
        return None;
    }
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SALT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn document(texts: &str, references: &str) -> String {
        format!(r#"{{"salt":"{SALT}","texts":{texts},"references":{references}}}"#)
    }

    fn flaws_of(document: &str) -> Vec<(String, &'static str)> {
        match Texts::parse(document.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(TextsError::Form(flaws)) => flaws.into_vec().into_iter().map(|f| (f.pointer.to_string(), f.rule)).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    fn flaws_of_statement(statement: &str) -> Vec<&'static str> {
        let texts = serde_json::json!([{"language": "en", "statement": statement}]);
        flaws_of(&document(&texts.to_string(), "[]")).into_iter().map(|(_, rule)| rule).collect()
    }

    #[test]
    fn a_full_document_is_read_and_written_back_byte_for_byte() {
        let full = document(
            r#"[{"language":"en","statement":"The faces were taken without consent.\nWe are sorry.","mitigation":"Delete it.","afterlife":"Nothing is kept."},{"language":"pt-BR","statement":"Os rostos foram usados sem consentimento."}]"#,
            r#"[{"type":"article","url":"https://example.org/a"},{"type":"tombstone","url":"http://example.org/"}]"#,
        );
        let texts = Texts::parse(full.as_bytes()).expect("valid");
        assert_eq!(texts.salt[..3], [0, 1, 2]);
        assert_eq!(texts.references[1].kind, ReferenceKind::Tombstone);
        assert_eq!(String::from_utf8(texts.to_document()).expect("UTF-8"), full);
    }

    #[test]
    fn every_fault_is_named_at_its_place() {
        let faulty = r#"{"salt":"AA==","texts":[{"language":"en_US","statement":"short"},{"language":"de","statement":"Diese Aussage ist lang genug.","mitigation":"","more":1}],"references":[{"type":"rumour","url":"ftp://example.org/"}],"extra":0}"#;
        let expected = [
            ("/salt", "salt-not-32-bytes"),
            ("/texts/0/language", "not-a-language-tag"),
            ("/texts/0/statement", "statement-too-short"),
            ("/texts/1/mitigation", "empty-text"),
            ("/texts/1/more", "unknown-field"),
            ("/references/0/type", "unknown-code"),
            ("/references/0/url", "not-a-web-url"),
            ("/extra", "unknown-field"),
        ];
        assert_eq!(flaws_of(faulty), expected.map(|(at, rule)| (at.to_owned(), rule)));
    }

    #[test]
    fn statements_have_20_to_4000_characters_and_no_controls_but_line_feeds() {
        assert_eq!(flaws_of_statement(&"é".repeat(19)), ["statement-too-short"]);
        assert!(flaws_of_statement(&"é".repeat(20)).is_empty());
        assert!(flaws_of_statement(&"é".repeat(4_000)).is_empty());
        assert_eq!(flaws_of_statement(&"é".repeat(4_001)), ["text-too-long"]);
        assert_eq!(flaws_of_statement(&" ".repeat(30)), ["empty-text"]);
        assert_eq!(flaws_of_statement(&format!("x{}y", "\n".repeat(2))), ["statement-too-short"]);
        assert_eq!(flaws_of_statement("this holds a tab\tand is long enough"), ["control-character"]);
        assert_eq!(flaws_of_statement("this holds\r\na carriage return"), ["control-character"]);
        assert_eq!(flaws_of_statement("this reads \u{202e}sdrawkcab and is long"), ["bidi-control"]);
    }

    #[test]
    fn a_language_appears_once_whatever_its_case() {
        let texts = r#"[{"language":"pt-BR","statement":"This statement is long enough."},{"language":"pt-br","statement":"This statement is long enough."}]"#;
        assert_eq!(flaws_of(&document(texts, "[]")), [("/texts/1/language".to_owned(), "duplicate-language")]);
        assert_eq!(flaws_of(&document("[]", "[]")), [("/texts".to_owned(), "empty-array")]);
    }

    #[test]
    fn base64_of_another_length_alphabet_or_padding_is_no_salt() {
        let body = r#""texts":[{"language":"en","statement":"This statement is long enough."}]"#;
        let unpadded = SALT.trim_end_matches('=');
        for salt in
            ["", unpadded, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", "_____wQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
        {
            let flaws = flaws_of(&format!(r#"{{"salt":"{salt}",{body}}}"#));
            assert_eq!(flaws, [("/salt".to_owned(), "salt-not-32-bytes")], "{salt}");
        }
        assert!(flaws_of(&format!(r#"{{"salt":"{SALT}",{body}}}"#)).is_empty(), "references may be absent");
    }

    #[test]
    fn a_document_above_256_kib_is_not_even_read() {
        let size = MAX_TEXTS + 1;
        assert_eq!(Texts::parse(&vec![b' '; size]), Err(TextsError::TooLarge { size }));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(salt in any::<[u8; 32]>(), statement in "[ -~\u{a0}-\u{5ff}\n]{20,80}", language in "[a-z]{2,3}") {
            let texts = Texts {
                salt,
                texts: vec![LocalisedText { language, statement, mitigation: None, afterlife: None }],
                references: Vec::new(),
            };
            match Texts::parse(&texts.to_document()) {
                Ok(read) => prop_assert_eq!(read, texts),
                Err(TextsError::Form(_)) => {}
                Err(other) => prop_assert!(false, "{}", other),
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Texts::parse(&bytes);
        }
    }
}
