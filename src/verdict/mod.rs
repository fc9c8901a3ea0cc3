//! What follows from many notices: the verdict about one identifier, and what has become of one notice.
//!
//! **verdict = f(set of entries, trust settings, now)** (domain, section 3). Nothing here knows in which order entries came,
//! where they stand in a log, or what their issuers claim about when they wrote them; the one date that counts is `effective`,
//! held against `now`. So two servers with the same entries and the same trust give the same answer, and anybody can recompute
//! it.
//!
//! In scope: the fold over `prior` edges ([`Statement`], [`Voice`]), authority, coverage, the matrix, disputes, derivation,
//! the order of severity, and loading what a decision needs ([`gather()`]). Out of scope: verifying signatures and lineages
//! (`envelope`), reading notices (`notice`), storing and asking (`ledger`), wording for people beyond one sentence a verdict.
//!
//! # Where the specification leaves a choice
//! - **Force** is kept by lineage: a notice signed in two lineages of one DID stands until it is lifted in both.
//! - **Chains of edges** are read to the letter: what replaces, revokes or reinstates a notice that had lifted an earlier one
//!   brings the earlier one back, unless it names that one too. Whoever drafts such a notice should name every notice it means
//!   to lift.
//! - **Dates and edges**: an edge takes hold when the notice that carries it becomes effective. A reinstatement announced for
//!   June leaves the retraction standing until June. To postpone an announced retraction, revoke it and announce it anew.
//! - **Loops of edges** cannot be made, and lift nothing by themselves.
//! - **A retraction of one version**, asked without a version, is `part-retracted` (cannot-tell), like a removal.
//! - **Scope `subjects-listed`** means exactly its versions, files, mirrors and lists: a `whole` subject beside them cannot
//!   tell.
//! - **Coverage of one notice** is the most telling one: full, affected, not-affected, cannot-tell, mention. What is listed as
//!   unaffected by anything weaker than sha256, sha512 or blake3 cannot tell. An arXiv id names a paper and is a mention.
//! - **Prefixes of pins** end where a name ends, and cover no names. `www.` is looked through on both sides of a domain match
//!   and makes nobody a neighbour's owner; buckets (`s3`, `gs`) are never a domain's.
//! - **Disputes** need a voice whose edges are followed, and leave `not-affected` and `possible` alone. The disputing list,
//!   too, must be of a voice that may lift, and hold the asked strong digest.
//! - **Scheduled** leaves `not-affected` and `possible` alone as well: a name never counts for more than `possible`.
//! - **Derivation** passes on what speaks against the data (`reported` or worse, and part-retracted) and nothing milder; a
//!   root whose date is ahead passes `scheduled`; a disputed root, `reported`. A question without a version on a derivative
//!   with one is not firm. A parent that has only a name stands for itself in the notice that says so, and the way ends there.
//! - **One notice, one match**: the more severe of naming and inheriting, naming when both are equal.
//! - **An incomplete answer** without any match is `unchecked`; with matches, the verdict stands and the flag is shown.
//! - **Blinded identifiers** are met by the plain digest that they hide, with its strength, in subjects, scopes and lists alike; what
//!   matched is shown as the notice has it, blinded. One that is asked as such may hide a weak digest and counts as weak.

mod answer;
mod authority;
mod coverage;
mod decide;
mod derivation;
mod dispute;
mod edges;
mod force;
mod gather;
mod judge;
mod keyed;
mod matrix;
mod set;
mod statement;
mod status;
mod trust;
mod words;

#[cfg(test)]
pub(crate) mod random;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod scenarios;

pub use answer::{Answer, Dispute, DisputedBy, Match, PathStep, VoidEdge, VoidReason};
pub use authority::{Authority, Basis, Class};
pub use coverage::{Coverage, Strength};
pub use decide::decide;
pub use derivation::{MAX_DEPTH, MAX_NODES};
pub use gather::{Listed, StatementSource, gather, gather_notices};
pub use judge::Judge;
pub use keyed::Keyed;
pub use set::{Statements, deriving_keys, naming_keys};
pub use statement::{Statement, Voice};
pub use status::{EdgeState, Lift, PriorState, Status, status};
pub use trust::{Standing, TABLES, Trust};
pub use words::{Contribution, Part, Severity, Verdict};
