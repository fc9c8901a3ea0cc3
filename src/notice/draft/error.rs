use super::super::Did;
use super::super::codes::codes;
use super::super::parse::NoticeError;
use super::MAX_DRAFT;
use crate::strict_json::{Flaws, SyntaxFault};

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
