//! Why a text is no identifier: one variant for each rule that can refuse it.

use super::{
    ArchiveFault, ArkFault, ArxivFault, BaiduFault, BlindFault, BtihFault, BtmhFault, DigestFault, DoiFault, FolderFault,
    GdriveFault, GitFault, HandleFault, HfFault, Identifier, KaggleFault, NameFault, OpenmlFault, PurlFault, Scheme, SwhFault,
    UrlFault,
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
    /// No item of the Internet Archive.
    #[error(transparent)]
    Archive(#[from] ArchiveFault),
    /// No ARK.
    #[error(transparent)]
    Ark(#[from] ArkFault),
    /// No arXiv id.
    #[error(transparent)]
    Arxiv(#[from] ArxivFault),
    /// No Baidu share.
    #[error(transparent)]
    Baidu(#[from] BaiduFault),
    /// No blinded identifier.
    #[error(transparent)]
    Blind(#[from] BlindFault),
    /// No torrent infohash.
    #[error(transparent)]
    Btih(#[from] BtihFault),
    /// No infohash of version 2.
    #[error(transparent)]
    Btmh(#[from] BtmhFault),
    /// No digest of that algorithm.
    #[error(transparent)]
    Digest(#[from] DigestFault),
    /// No DOI.
    #[error(transparent)]
    Doi(#[from] DoiFault),
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// No digest of a folder.
    #[error(transparent)]
    Folder(#[from] FolderFault),
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
    /// No handle.
    #[error(transparent)]
    Hdl(#[from] HandleFault),
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
    /// No OpenML dataset.
    #[error(transparent)]
    Openml(#[from] OpenmlFault),
    /// The prefix says one scheme, the URL behind it belongs to another.
    #[error("says {said}, but is {found}")]
    OtherScheme {
        /// The scheme of the prefix.
        said: Scheme,
        /// What it is.
        found: Identifier,
    },
    /// No package URL.
    #[error(transparent)]
    Purl(#[from] PurlFault),
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
            Self::Archive(fault) => fault.rule(),
            Self::Ark(fault) => fault.rule(),
            Self::Arxiv(fault) => fault.rule(),
            Self::Baidu(fault) => fault.rule(),
            Self::Blind(fault) => fault.rule(),
            Self::Btih(fault) => fault.rule(),
            Self::Btmh(fault) => fault.rule(),
            Self::Digest(fault) => fault.rule(),
            Self::Doi(fault) => fault.rule(),
            Self::Empty => "empty",
            Self::Folder(fault) => fault.rule(),
            Self::ForbiddenCharacter { .. } => "forbidden-character",
            Self::Gdrive(fault) => fault.rule(),
            Self::Git(fault) => fault.rule(),
            Self::Hdl(fault) => fault.rule(),
            Self::Hf(fault) => fault.rule(),
            Self::Kaggle(fault) => fault.rule(),
            Self::Name(fault) => fault.rule(),
            Self::NoScheme => "no-scheme",
            Self::NotNormal { .. } => "not-normal",
            Self::Openml(fault) => fault.rule(),
            Self::OtherScheme { .. } => "other-scheme",
            Self::Purl(fault) => fault.rule(),
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
