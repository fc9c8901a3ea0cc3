//! Why a text is no identifier: one variant for each rule that can refuse it.

use super::{
    ArxivFault, BtihFault, DigestFault, DoiFault, GdriveFault, GitFault, HfFault, Identifier, KaggleFault, NameFault, Scheme,
    SwhFault, UrlFault,
};

/// Which rule refused a text, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// It names no scheme and fits several, such as bare hex digits.
    #[error("names no scheme; write the one that is meant: {}", listed(.candidates))]
    Ambiguous {
        /// What it could be, in normal form; never empty.
        candidates: Vec<Identifier>,
    },
    /// No arXiv id.
    #[error(transparent)]
    Arxiv(#[from] ArxivFault),
    /// No torrent infohash.
    #[error(transparent)]
    Btih(#[from] BtihFault),
    /// No digest of that algorithm.
    #[error(transparent)]
    Digest(#[from] DigestFault),
    /// No DOI.
    #[error(transparent)]
    Doi(#[from] DoiFault),
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// A control character, a bidirectional control, or a character that the normal form cannot hold.
    #[error("holds the character {character:?}, which no identifier may hold")]
    ForbiddenCharacter {
        /// The first such character.
        character: char,
    },
    /// No Google Drive share id.
    #[error(transparent)]
    Gdrive(#[from] GdriveFault),
    /// No git repository.
    #[error(transparent)]
    Git(#[from] GitFault),
    /// No Hub repository.
    #[error(transparent)]
    Hf(#[from] HfFault),
    /// No Kaggle dataset.
    #[error(transparent)]
    Kaggle(#[from] KaggleFault),
    /// No usable name.
    #[error(transparent)]
    Name(#[from] NameFault),
    /// It names no scheme, and none can be told from its form.
    #[error("names no scheme: write scheme:value, a full URL, or name: before the title of a dataset")]
    NoScheme,
    /// An accepted spelling where only the normal form will do.
    #[error("is not in normal form, which is {normal}")]
    NotNormal {
        /// The normal form of what was given.
        normal: Identifier,
    },
    /// A scheme of the specification that this version does not take yet.
    #[error("{scheme} identifiers are not supported yet")]
    NotYetSupported {
        /// The word of that scheme.
        scheme: &'static str,
    },
    /// The prefix says one scheme, the URL behind it belongs to another.
    #[error("says {said}, but is {found}")]
    OtherScheme {
        /// The scheme of the prefix.
        said: Scheme,
        /// What it is.
        found: Identifier,
    },
    /// No Software Heritage id.
    #[error(transparent)]
    Swh(#[from] SwhFault),
    /// Longer than is allowed.
    #[error("is {bytes} bytes long; at most {limit} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A scheme that nobody here knows.
    #[error("{scheme:?} is not a known scheme")]
    UnknownScheme {
        /// The word before the colon, lower case.
        scheme: String,
    },
    /// No URL that can name a dataset.
    #[error(transparent)]
    Url(#[from] UrlFault),
}

impl IdentifierError {
    /// The stable name of the rule, for problem documents and test vectors. It never changes once it is released.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Ambiguous { .. } => "ambiguous",
            Self::Arxiv(fault) => fault.rule(),
            Self::Btih(fault) => fault.rule(),
            Self::Digest(fault) => fault.rule(),
            Self::Doi(fault) => fault.rule(),
            Self::Empty => "empty",
            Self::ForbiddenCharacter { .. } => "forbidden-character",
            Self::Gdrive(fault) => fault.rule(),
            Self::Git(fault) => fault.rule(),
            Self::Hf(fault) => fault.rule(),
            Self::Kaggle(fault) => fault.rule(),
            Self::Name(fault) => fault.rule(),
            Self::NoScheme => "no-scheme",
            Self::NotNormal { .. } => "not-normal",
            Self::NotYetSupported { .. } => "not-yet-supported",
            Self::OtherScheme { .. } => "other-scheme",
            Self::Swh(fault) => fault.rule(),
            Self::TooLong { .. } => "too-long",
            Self::UnknownScheme { .. } => "unknown-scheme",
            Self::Url(fault) => fault.rule(),
        }
    }
}

fn listed(candidates: &[Identifier]) -> String {
    candidates.iter().map(Identifier::as_str).collect::<Vec<_>>().join(", ")
}
