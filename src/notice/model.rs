use serde::Serialize;

use super::{Did, DocumentHash, Identifier, NoticeId, PartialDate, Reason, Timestamp};

/// One signed statement about one dataset (domain, section 2). A value of this type has passed every limit and rule of form,
/// so it can only be made by [`Notice::parse`] from the bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// What is said of the dataset.
    pub kind: NoticeType,
    /// Who says it, and in which role.
    pub issuer: Issuer,
    /// When the issuer claims to have issued it. A claim: it orders nothing.
    pub issued: Timestamp,
    /// From when it holds; absent means unknown, which holds now.
    pub effective: Option<PartialDate>,
    /// Names of the dataset, for people.
    pub dataset: Dataset,
    /// Identifiers of the dataset and of copies of it; at least one, at most 300.
    pub subjects: Vec<Subject>,
    /// What part of the dataset is meant; absent in revocations and responses.
    pub scope: Option<Scope>,
    /// Detached lists of file digests, at most 8.
    pub digest_lists: Vec<DigestList>,
    /// Why; empty only where the type has no reasons.
    pub reasons: Vec<Reason>,
    /// Where the fault lies; absent in reinstatements, revocations and responses.
    pub fault: Option<Fault>,
    /// SHA-256 of the detached texts document.
    pub texts: Option<DocumentHash>,
    /// What holders are asked to do.
    pub actions: Vec<Action>,
    /// What to use instead, at most 50.
    pub replacements: Vec<Replacement>,
    /// Datasets and models made from this one, at most 200.
    pub derivatives: Vec<Derivative>,
    /// Where to object: an https URL.
    pub appeal: Option<String>,
    /// What venues are asked to do with papers that use the dataset.
    pub publication_check: Option<PublicationCheck>,
    /// Whether identifiers are blinded because a plain list would help abusers.
    pub sensitive: bool,
    /// Other notices this one speaks of, at most 32.
    pub prior: Vec<Prior>,
}

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeType {
    /// The dataset must not be used any more.
    Retraction,
    /// Some parts, versions, files or records must not be used any more.
    PartialRetraction,
    /// It is no longer offered; `fault` tells whether something is wrong with it.
    Removal,
    /// Something may be wrong; look before use.
    ExpressionOfConcern,
    /// It was wrong and has been mended.
    Correction,
    /// A newer one takes its place.
    Supersession,
    /// It should not be chosen any more.
    Deprecation,
    /// Who may have it, or how, has changed.
    AccessChange,
    /// It may be used again.
    Reinstatement,
    /// An earlier notice no longer holds.
    Revocation,
    /// An answer to a notice, which it disputes.
    Response,
}

/// Who issues a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issuer {
    /// The issuer's identity.
    pub id: Did,
    /// In which role it speaks.
    pub role: IssuerRole,
}

/// In which role an issuer speaks; a claim until authority is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssuerRole {
    /// Whose dataset it is.
    Publisher,
    /// Who hosts a copy.
    Host,
    /// A funder or a review board.
    FunderOrBoard,
    /// Who holds rights in the content.
    RightsHolder,
    /// A person the data is about.
    DataSubject,
    /// Anyone else.
    Observer,
}

/// Names of the dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dataset {
    /// The title, 1 to 300 characters.
    pub title: String,
    /// Other names, at most 50.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The version, when one is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Who published it.
    pub publisher_name: String,
}

/// One identifier of the dataset or of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// In normal form.
    pub id: Identifier,
    /// What the identifier names.
    pub role: SubjectRole,
    /// How people write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// What a subject's identifier names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectRole {
    /// The whole dataset.
    Whole,
    /// One version of it.
    Version,
    /// One file of it.
    File,
    /// A copy elsewhere.
    Mirror,
    /// A page about it.
    LandingPage,
    /// A paper about it.
    DescribedBy,
}

/// What part of the dataset is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Which kind of part.
    pub kind: ScopeKind,
    /// What is meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<ScopeItem>,
    /// What is expressly not meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unaffected: Vec<ScopeItem>,
}

/// Which kind of part a scope names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeKind {
    /// Everything.
    Whole,
    /// Some versions.
    Versions,
    /// Some parts, such as configurations or subtrees.
    Parts,
    /// Some files.
    Files,
    /// Some records.
    Records,
    /// Exactly the version, file and mirror subjects, and the lists.
    SubjectsListed,
}

impl ScopeKind {
    /// Whether the scope leaves part of the dataset out: versions, parts, files, records.
    pub fn is_partial(self) -> bool {
        matches!(self, Self::Versions | Self::Parts | Self::Files | Self::Records)
    }
}

/// One item of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeItem {
    /// An identifier, which can be looked up.
    Id(Identifier),
    /// `part:<label>`: the name of a part, never a look-up key.
    Part(String),
    /// `version:<label>`: the name of a version, never a look-up key.
    Version(String),
}

/// A detached list of digests: the raw digests, sorted, unique, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DigestList {
    /// How the digests were made.
    pub algorithm: DigestAlgorithm,
    /// SHA-256 of the list, its name.
    pub sha256: DocumentHash,
    /// How many digests, 1 to 10,000,000.
    pub count: u64,
    /// RFC 6962 root over the list cut into 65,536-byte blocks.
    pub blocks: DocumentHash,
    /// Whether these files are meant or expressly not.
    pub role: DigestListRole,
}

impl DigestList {
    /// Size of the list in bytes.
    pub fn size(&self) -> u64 {
        self.count * self.algorithm.width()
    }
}

/// How a digest was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestAlgorithm {
    /// MD5, 16 bytes: weak.
    Md5,
    /// SHA-1, 20 bytes: weak.
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-512, 64 bytes.
    Sha512,
    /// BLAKE3, 32 bytes.
    Blake3,
    /// A blinded digest (domain, section 5, `blind`), 32 bytes; in sensitive notices only.
    Blind,
}

impl DigestAlgorithm {
    /// Width of one digest in bytes.
    pub fn width(self) -> u64 {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 | Self::Blake3 | Self::Blind => 32,
            Self::Sha512 => 64,
        }
    }
}

/// Whether a digest list names what is meant or what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestListRole {
    /// These files are meant.
    Affected,
    /// These files are expressly not meant.
    Unaffected,
}

/// Where the fault lies: tells "gone" from "bad".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The data is wrong.
    Data,
    /// It infringes rights.
    Rights,
    /// It harms people.
    PeopleHarm,
    /// Nothing is wrong with it.
    None,
    /// Nobody said.
    Unknown,
}

/// What holders are asked to do, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// What to do.
    #[serde(rename = "do")]
    pub verb: ActionVerb,
    /// Until the last instant of this date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<PartialDate>,
}

/// What holders are asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionVerb {
    /// Nothing.
    None,
    /// Tell those who got it from you.
    Inform,
    /// Use it no longer.
    StopUse,
    /// Delete every copy.
    Delete,
    /// Pass it on to nobody.
    DoNotRedistribute,
    /// Move to the replacement.
    UpdateTo,
    /// Fetch the mended files again.
    ReDownload,
    /// Cite it together with this notice.
    CiteWithNotice,
}

/// What to use instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replacement {
    /// In normal form.
    pub id: Identifier,
    /// How people write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A dataset or model made from this one; it has an identifier, a title, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivative {
    /// In normal form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Identifier>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How people write the identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// How it was made.
    pub relation: DerivativeRelation,
    /// Whether the verdict passes on.
    pub inherits: Inherits,
}

/// How a derivative was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DerivativeRelation {
    /// A part of it.
    Subset,
    /// It and more.
    Superset,
    /// Mended or filtered.
    Cleaned,
    /// The same in another encoding.
    ReEncoded,
    /// Part of a larger set.
    MergedInto,
    /// Labels for it.
    AnnotationsOf,
    /// A model trained on it.
    TrainedOn,
    /// Anything else.
    Other,
}

/// Whether a verdict passes on to a derivative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inherits {
    /// It does.
    Yes,
    /// It does not: the path ends.
    No,
    /// Nobody said.
    Unknown,
}

/// What venues are asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicationCheck {
    /// Nothing.
    Allow,
    /// Ask for a statement.
    AllowWithStatement,
    /// Refuse papers with new use.
    RefuseNewUse,
}

/// An edge to another notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prior {
    /// What this notice does to the other.
    pub relation: PriorRelation,
    /// The other notice.
    pub notice: NoticeId,
}

/// What a notice does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriorRelation {
    /// Adds to it and removes nothing.
    Amends,
    /// Takes its place.
    Replaces,
    /// Takes it back.
    Revokes,
    /// Lifts it.
    Reinstates,
    /// Objects to it.
    Disputes,
}
