//! Which digests of files are computed: those by which notices may name them, and no others.

use crate::client::index::LocalIndex;
use crate::notice::Scheme;
use crate::scan::hashing::{Algorithm, Algorithms};

use super::ScanArguments;
use super::asking::Ledgers;

impl Ledgers {
    /// The digests by which whoever is asked may know a file; `None` where that is not known.
    pub(super) fn needed(&self) -> Option<Algorithms> {
        match self {
            Self::Server(_) => None,
            Self::Index(copies, ..) => Some(named_by(copies)),
        }
    }
}

/// The digests by which notices in these copies name files and folders.
pub(in crate::cli) fn named_by(copies: &[LocalIndex]) -> Algorithms {
    copies.iter().map(of_copy).fold(Algorithms::NONE, Algorithms::with)
}

/// A copy that does not say may name any.
fn of_copy(copy: &LocalIndex) -> Algorithms {
    let named = copy.named_digests().map(|named| named.schemes().map(of_scheme).fold(Algorithms::NONE, Algorithms::with));
    named.unwrap_or_else(Algorithms::all)
}

fn of_scheme(scheme: Scheme) -> Algorithms {
    match scheme {
        Scheme::Sha256 => one(Algorithm::Sha256),
        Scheme::Md5 => one(Algorithm::Md5),
        Scheme::Sha1 => one(Algorithm::Sha1),
        Scheme::Sha512 => one(Algorithm::Sha512),
        Scheme::Blake3 => one(Algorithm::Blake3),
        Scheme::Swh => one(Algorithm::GitBlob),
        Scheme::Dirhash1 => one(Algorithm::Dirhash1),
        Scheme::Dvcdir => one(Algorithm::Dvcdir),
        // What was blinded does not tell of what kind it was.
        Scheme::Blind => Algorithms::all(),
        _ => Algorithms::NONE,
    }
}

fn one(algorithm: Algorithm) -> Algorithms {
    std::iter::once(algorithm).collect()
}

/// What a scan computes.
pub(super) fn computed(arguments: &ScanArguments, needed: Option<Algorithms>) -> Algorithms {
    if arguments.no_hash { Algorithms::NONE } else { asked_or(&arguments.digest, needed.unwrap_or(Algorithms::NONE)) }
}

/// What is computed: what was asked for, or else these. Where there are none, one is computed all the same: a file without any name could
/// not be looked up.
pub(in crate::cli) fn asked_or(asked: &[Algorithm], otherwise: Algorithms) -> Algorithms {
    let asked: Algorithms = asked.iter().copied().collect();
    let wanted = if asked.is_empty() { otherwise } else { asked };
    if wanted.is_empty() { one(Algorithm::Sha256) } else { wanted }
}
