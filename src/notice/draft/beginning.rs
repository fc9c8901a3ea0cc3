//! What is known of a dataset before somebody writes a notice about it: the part of a draft that files can tell.
//!
//! Whatever is put in here fits into a notice, so a draft that begins with it fails for its placeholders and for nothing else.

use std::collections::HashSet;

use super::super::personal_data::email_address;
use super::super::text_rules::{MAX_NAME, is_bidi_control, is_control};
use super::super::{DigestAlgorithm, Identifier, Subject, SubjectRole};
use super::placeholders::is_placeholder;
use super::template::{object, text};
use crate::strict_json::Value;

/// Most identifiers that a draft begins with. A notice may have more; nobody looks through them.
pub const MOST_SUBJECTS: usize = 150;
/// Most bytes of them, so that the notice stays below its limit with everything that is filled in.
const MOST_BYTES: usize = 24_000;
/// Most other names (domain, section 2).
const MOST_ALIASES: usize = 50;

/// What is known of a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beginning {
    title: Option<String>,
    aliases: Vec<String>,
    version: Option<String>,
    publisher_name: Option<String>,
    creators: Vec<String>,
    subjects: Vec<Subject>,
    /// Bytes of the identifiers among them.
    bytes: usize,
    seen: HashSet<Identifier>,
    list: Option<String>,
}

/// Why something that is known is not taken into a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Unfit {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// Above 300 characters.
    #[error("it has more than {MAX_NAME} characters")]
    TooLong,
    /// Control characters, or such that turn the direction of a text.
    #[error("it holds control characters")]
    Controls,
    /// Between `<` and `>`.
    #[error("between < and > it would pass for a placeholder")]
    Placeholder,
    /// Contact data of a person.
    #[error("it holds an e-mail address, which a notice would copy for ever")]
    EmailAddress,
    /// Another field or an earlier item says the same.
    #[error("it was taken already")]
    Repeated,
    /// There is another value already.
    #[error("there is another one already")]
    Second,
    /// The bytes of an empty file, a common licence text and the like.
    #[error("everybody has these bytes, so it is never matched")]
    Trivial,
    /// For sensitive notices only.
    #[error("blinded digests are for sensitive notices: see --blind")]
    Blinded,
    /// Above [`MOST_SUBJECTS`], or other limits.
    #[error("a draft begins with fewer than that")]
    TooMany,
}

impl Beginning {
    /// Takes the title.
    ///
    /// # Errors
    /// What a title cannot be.
    pub fn set_title(&mut self, title: &str) -> Result<(), Unfit> {
        only(&mut self.title, title)
    }

    /// Takes another name.
    ///
    /// # Errors
    /// What a name cannot be; one that is there already.
    pub fn add_alias(&mut self, alias: &str) -> Result<(), Unfit> {
        let alias = name(alias)?;
        if self.aliases.contains(&alias) || self.title.as_ref() == Some(&alias) {
            return Err(Unfit::Repeated);
        }
        if self.aliases.len() >= MOST_ALIASES {
            return Err(Unfit::TooMany);
        }
        self.aliases.push(alias);
        Ok(())
    }

    /// Takes the version.
    ///
    /// # Errors
    /// What a version cannot be.
    pub fn set_version(&mut self, version: &str) -> Result<(), Unfit> {
        only(&mut self.version, version)
    }

    /// Takes who published it.
    ///
    /// # Errors
    /// What a name cannot be.
    pub fn set_publisher(&mut self, publisher: &str) -> Result<(), Unfit> {
        only(&mut self.publisher_name, publisher)
    }

    /// Takes who made it: a hint for whoever fills in the publisher, and nothing that is signed.
    ///
    /// # Errors
    /// What a name cannot be; more names than a hint should have.
    pub fn add_creator(&mut self, creator: &str) -> Result<(), Unfit> {
        let creator = name(creator)?;
        if self.creators.len() >= 5 {
            return Err(Unfit::TooMany);
        }
        self.creators.push(creator);
        Ok(())
    }

    /// Takes an identifier of the dataset, of a file of it or of a copy.
    ///
    /// # Errors
    /// One that is there already, one that is never matched, and one too many.
    pub fn add_subject(&mut self, id: Identifier, role: SubjectRole) -> Result<(), Unfit> {
        if id.is_trivial() {
            return Err(Unfit::Trivial);
        }
        if id.scheme() == super::super::Scheme::Blind {
            return Err(Unfit::Blinded);
        }
        if self.seen.contains(&id) {
            return Err(Unfit::Repeated);
        }
        let bytes = self.bytes + id.as_str().len();
        if self.subjects.len() >= MOST_SUBJECTS || bytes > MOST_BYTES {
            return Err(Unfit::TooMany);
        }
        self.bytes = bytes;
        self.seen.insert(id.clone());
        self.subjects.push(Subject { id, role, display: None });
        Ok(())
    }

    /// There are more digests than a draft should hold: they go into a digest list, which this command makes.
    pub fn set_list(&mut self, command: &str) {
        self.list = Some(command.chars().filter(|c| !is_control(*c) && !is_bidi_control(*c)).collect());
    }

    /// What was taken as identifiers, in order.
    pub fn subjects_taken(&self) -> &[Subject] {
        &self.subjects
    }

    pub(super) fn dataset(&self) -> Value<'static> {
        let or = |known: &Option<String>, hint: String| text(known.clone().unwrap_or(hint));
        let aliases = if self.aliases.is_empty() {
            vec![text("<another name of it; delete when there is none>")]
        } else {
            self.aliases.iter().cloned().map(text).collect()
        };
        let made = match self.creators.as_slice() {
            [] => "<who published it>".to_owned(),
            some => format!("<who published it; made by: {}>", some.join("; ")),
        };
        object([
            ("title", or(&self.title, "<title of the dataset>".to_owned())),
            ("aliases", Value::Array(aliases)),
            ("version", or(&self.version, "<version, when one is meant; delete otherwise>".to_owned())),
            ("publisher_name", or(&self.publisher_name, made)),
        ])
    }

    pub(super) fn subjects(&self, of_other_notice: bool) -> Value<'static> {
        let hint = if of_other_notice {
            "<identifier that the other notice names>"
        } else {
            "<DOI, URL or Hub address of the dataset>"
        };
        let subject = |id: Value<'static>, role: SubjectRole| object([("id", id), ("role", text(role.as_str()))]);
        let has = |role| self.subjects.iter().any(|subject| subject.role == role);
        let mut subjects = Vec::new();
        if !has(SubjectRole::Whole) && !has(SubjectRole::Version) {
            subjects.push(subject(text(hint), SubjectRole::Whole));
        }
        subjects.extend(self.subjects.iter().map(|known| subject(text(known.id.as_str().to_owned()), known.role)));
        if !of_other_notice && !self.names_digests() {
            let hint = "<sha256: and the digest of a file, so that copies are found; as many as you have>";
            subjects.push(subject(text(hint), SubjectRole::File));
        }
        if !of_other_notice && !has(SubjectRole::Mirror) {
            let hint = "<address, torrent or share of a copy elsewhere; delete when none is known>";
            subjects.push(subject(text(hint), SubjectRole::Mirror));
        }
        Value::Array(subjects)
    }

    fn names_digests(&self) -> bool {
        let is_digest = |subject: &Subject| DigestAlgorithm::parse(subject.id.scheme().as_str()).is_some();
        self.list.is_some() || self.subjects.iter().any(is_digest)
    }

    pub(super) fn digest_lists(&self) -> Option<Value<'static>> {
        let command = self.list.as_ref()?;
        Some(Value::Array(vec![text(format!("<put here what this prints: {command}>"))]))
    }
}

/// Takes the first value of a field that has one.
fn only(field: &mut Option<String>, value: &str) -> Result<(), Unfit> {
    let value = name(value)?;
    match field {
        Some(known) if *known == value => Err(Unfit::Repeated),
        Some(_) => Err(Unfit::Second),
        None => {
            *field = Some(value);
            Ok(())
        }
    }
}

/// A text that can stand as a name in a notice, its white space made single spaces: XML breaks lines within titles.
fn name(value: &str) -> Result<String, Unfit> {
    let name = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        Err(Unfit::Empty)
    } else if name.chars().count() > MAX_NAME {
        Err(Unfit::TooLong)
    } else if name.chars().any(|c| is_control(c) || is_bidi_control(c)) {
        Err(Unfit::Controls)
    } else if is_placeholder(&name) {
        Err(Unfit::Placeholder)
    } else if email_address(&name).is_some() {
        Err(Unfit::EmailAddress)
    } else {
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Any, json};

    use super::super::super::NoticeType;
    use super::super::{Draft, DraftError};
    use super::*;

    fn id(text: &str) -> Identifier {
        Identifier::normalise(text).unwrap()
    }

    fn begun(known: &Beginning) -> Any {
        serde_json::from_str(&Draft::begun(NoticeType::Retraction, None, known)).unwrap()
    }

    #[test]
    fn what_is_known_stands_in_the_draft_and_the_rest_stays_to_be_filled_in() {
        let mut known = Beginning::default();
        known.set_title("Example\n   Faces 1M").unwrap();
        known.add_creator("Example, Ada").unwrap();
        known.add_subject(id("doi:10.5281/zenodo.1"), SubjectRole::Whole).unwrap();
        known.set_list("palinode digests build sums.txt --out faces.digests");
        let draft = begun(&known);
        assert_eq!(draft["dataset"]["title"], "Example Faces 1M");
        assert_eq!(draft["dataset"]["publisher_name"], "<who published it; made by: Example, Ada>");
        assert_eq!(draft["subjects"][0], json!({"id": "doi:10.5281/zenodo.1", "role": "whole"}));
        assert_eq!(draft["subjects"].as_array().unwrap().len(), 2, "a mirror may be added; no digest is asked for");
        assert!(draft["digest_lists"][0].as_str().unwrap().contains("palinode digests build sums.txt"), "{draft:#}");
        assert!(draft["reasons"][0].as_str().unwrap().starts_with('<'));
    }

    #[test]
    fn what_no_notice_can_hold_is_refused_with_its_reason() {
        let mut known = Beginning::default();
        for (title, unfit) in [
            (" \n ", Unfit::Empty),
            ("<faces>", Unfit::Placeholder),
            ("a\u{202e}b", Unfit::Controls),
            ("by ada@example.org", Unfit::EmailAddress),
            (&"x".repeat(301), Unfit::TooLong),
        ] {
            assert_eq!(known.set_title(title), Err(unfit), "{title:?}");
        }
        known.set_title("Faces").unwrap();
        assert_eq!(known.set_title("Other"), Err(Unfit::Second));
        assert_eq!(known.add_alias("Faces"), Err(Unfit::Repeated));
        let empty = id("md5:d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(known.add_subject(empty, SubjectRole::File), Err(Unfit::Trivial));
        known.add_subject(id("doi:10.5281/zenodo.1"), SubjectRole::Whole).unwrap();
        assert_eq!(known.add_subject(id("doi:10.5281/zenodo.1"), SubjectRole::Mirror), Err(Unfit::Repeated));
    }

    #[test]
    fn a_draft_never_begins_with_more_than_a_notice_can_hold() {
        let mut known = Beginning::default();
        let long = |n: usize| id(&format!("url:https://example.org/{n}/{}", "x".repeat(900)));
        let taken = (0..100).filter(|n| known.add_subject(long(*n), SubjectRole::File).is_ok()).count();
        assert!((20..30).contains(&taken), "{taken}");
    }

    proptest::proptest! {
        #[test]
        fn a_draft_that_is_begun_fails_for_its_placeholders_only(
            title in "\\PC{0,40}", alias in ".{0,20}", version in "[<0-9.>]{0,6}", command in ".{0,30}", kind in 0_usize..11
        ) {
            let mut known = Beginning::default();
            let _ = (known.set_title(&title), known.add_alias(&alias), known.set_version(&version), known.set_publisher(&alias));
            let _ = known.add_subject(id("hf:datasets/example/faces"), SubjectRole::Whole);
            known.set_list(&command);
            let draft = Draft::begun(NoticeType::ALL[kind], None, &known);
            match Draft::parse(draft.as_bytes()) {
                Err(DraftError::Form(flaws)) => {
                    let others: Vec<_> = flaws.as_slice().iter().filter(|f| f.rule != "placeholder-left").collect();
                    assert!(others.is_empty(), "{others:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
