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

mod beginning;
mod completing;
mod error;
mod placeholders;
mod template;
#[cfg(test)]
mod tests;

use super::parse::read;
use super::texts::Texts;
use super::{Did, DocumentHash, Notice, NoticeType, Timestamp};
use crate::strict_json::{self, Flaws, Pointer};
use completing::{detach_texts, fill_in_issuer, normalise_identifiers, set_defaults};

pub use beginning::{Beginning, MOST_SUBJECTS, Unfit};
pub use error::{DraftError, DraftRule};

/// Largest draft, in bytes: a full notice and full texts with room for white space.
pub const MAX_DRAFT: usize = 1024 * 1024;

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
        placeholders::find(&value, &Pointer::root(), &mut flaws);
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
            _ => Err(DraftError::Form(placeholders::without_echoes(flaws))),
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
