//! What is said: the notice, its identifiers, its codes and its texts.

mod advice;
mod codes;
mod date;
mod did;
mod digest_prefix;
mod draft;
mod hash;
pub mod identifier;
pub mod index;
mod language;
mod model;
#[cfg(test)]
mod museum;
mod parse;
mod parts;
mod personal_data;
mod reason;
mod resemblance;
mod revealing;
mod rule;
mod rules;
mod text_rules;
mod texts;
mod web_url;
mod wire;

pub(crate) use codes::codes;
pub(crate) use hash::hex32;
pub(crate) use text_rules::{MAX_NAME, https_url, line};

pub use advice::{Advice, AdviceRule, Severity, advise};
pub use date::{PartialDate, Timestamp};
pub use did::{Did, DidError, DidMethod};
pub use digest_prefix::{DigestPrefix, DigestPrefixFault};
pub use draft::{Beginning, Completed, Draft, DraftError, DraftRule, MAX_DRAFT, MOST_SUBJECTS, Unfit};
pub use hash::{DocumentHash, NoticeId, PayloadId};
pub use identifier::{Identifier, IdentifierError, LookupKey, Meeting, Scheme, blinded_digest};
pub use language::is_well_formed as is_language_tag;
pub use model::*;
pub use parse::{MAX_PAYLOAD, NoticeError};
pub use reason::Reason;
pub use resemblance::{KnownNames, Mark, Part as MarkedPart};
pub use rule::FormRule;
pub use texts::{
    LocalisedText, MAX_STATEMENT, MAX_TEXTS, MIN_STATEMENT, Reference, ReferenceKind, Texts, TextsError, TextsRule,
};
pub use wire::LICENSE;

/// The JSON Schema (draft 2020-12) of the payload of a notice. It says all that a schema can see; [`Notice::parse`] decides.
pub const NOTICE_SCHEMA: &str = include_str!("notice.schema.json");
