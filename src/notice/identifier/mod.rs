//! Identifiers of datasets and copies, in the normal forms that every server agrees on (domain, section 5).
//!
//! A dataset is found by whatever its holder has: a DOI, an address, a Hub id, a torrent, a digest of one file. Each of them has many
//! spellings and exactly one normal form, `scheme:value`. Notices hold normal forms, the index holds their look-up keys, and a question
//! is brought to normal form before it is asked. A rule that differed between two servers would make their "no notice" worthless, so
//! the rules are frozen with version 1, and the vectors in `tests/fixtures/identifiers/` pin them.
//!
//! In scope: the schemes of [`Scheme`]; reading every accepted spelling ([`Identifier::normalise`]); guessing at what a question means
//! ([`Identifier::candidates`]); keys and matching; hiding digests ([`Identifier::blinded`]). Out of scope: reading files and folders for
//! identifiers, and hashing.
//!
//! Beyond the rules of each scheme nothing is repaired: what might mean two things is refused.

mod ark;
mod arxiv;
mod blind;
mod characters;
mod digest;
mod doi;
mod error;
mod folder;
mod git;
mod handle;
mod hf;
mod kaggle;
mod known_hosts;
mod name;
mod openml;
mod purl;
mod question;
mod scheme;
mod share;
mod spelling;
mod swh;
mod torrent;
mod trivial;
mod url;

#[cfg(test)]
mod respelling;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use super::DigestAlgorithm;
use characters::{escape_beyond_ascii, is_forbidden, lower_hex, strip_prefix_any_case};

pub use ark::ArkFault;
pub use arxiv::ArxivFault;
pub use blind::{BlindFault, blinded_digest};
pub use digest::DigestFault;
pub use doi::DoiFault;
pub use error::IdentifierError;
pub use folder::FolderFault;
pub use git::GitFault;
pub use handle::HandleFault;
pub use hf::HfFault;
pub use kaggle::KaggleFault;
pub use name::NameFault;
pub use openml::OpenmlFault;
pub use purl::PurlFault;
pub use scheme::Scheme;
pub use share::{ArchiveFault, BaiduFault, GdriveFault};
pub use swh::SwhFault;
pub use torrent::{BtihFault, BtmhFault};
pub use url::UrlFault;

/// Longest normal form, in bytes, scheme included (domain, section 2).
pub const MAX_LENGTH: usize = 1_024;

/// An identifier in normal form, `scheme:value`: printable ASCII without spaces, at most [`MAX_LENGTH`] bytes. A value of this type is
/// normal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    scheme: Scheme,
    text: String,
}

/// How an identifier that was asked meets a subject of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meeting {
    /// Both name the same thing, version included.
    Same,
    /// A version was asked; the subject is the thing in all its versions.
    UnversionedSubject,
    /// The thing was asked without a version; the subject is one version of it.
    VersionedSubject,
}

/// A key of the index: two identifiers can only meet when they share one. Cheap to clone, since a notice that is kept in memory lends
/// its keys to every question that meets it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookupKey(Arc<str>);

impl Identifier {
    /// Brings any accepted spelling to normal form: `scheme:value`, URLs and other addresses, a DOI without prefix, magnet links.
    ///
    /// The result is a fixed point: normalising it again gives the same.
    ///
    /// # Errors
    /// [`IdentifierError`] names the rule that refuses the text. Bare digits are [`IdentifierError::Ambiguous`], words without a
    /// scheme [`IdentifierError::NoScheme`]; [`Identifier::candidates`] takes both.
    pub fn normalise(text: &str) -> Result<Self, IdentifierError> {
        spelling::identifier(text)
    }

    /// Reads an identifier that must already be in normal form, as in a notice.
    ///
    /// # Errors
    /// [`IdentifierError::NotNormal`] with the normal form for another accepted spelling, else as [`Identifier::normalise`].
    pub fn from_normal(text: &str) -> Result<Self, IdentifierError> {
        let normal = Self::normalise(text)?;
        if normal.text == text { Ok(normal) } else { Err(IdentifierError::NotNormal { normal }) }
    }

    /// Reads a question: every identifier that `text` may mean, at least one, the likeliest first.
    ///
    /// An accepted spelling means one. Bare hex (and padded base64) is asked under every scheme whose length fits, an address without
    /// `https://` as the address, `owner/name` as a Hub and a Kaggle dataset, and anything else as a `name:`.
    ///
    /// # Errors
    /// As [`Identifier::normalise`], except that words are a name.
    pub fn candidates(text: &str) -> Result<Vec<Self>, IdentifierError> {
        question::candidates(text)
    }

    /// The `name:` of a title or alias.
    ///
    /// # Errors
    /// [`IdentifierError::Name`] for fewer than four letters and digits; [`IdentifierError::TooLong`] for a title whose letters beyond
    /// ASCII do not fit once they are escaped.
    pub fn of_name(title: &str) -> Result<Self, IdentifierError> {
        name::identifier(spelling::admissible(title)?)
    }

    /// Puts a value together that a scheme has brought to normal form.
    fn assemble(scheme: Scheme, value: &str) -> Result<Self, IdentifierError> {
        let word = scheme.as_str();
        let mut text = String::with_capacity(word.len() + 1 + value.len());
        text.push_str(word);
        text.push(':');
        text.push_str(value);
        if !text.bytes().all(|byte| byte.is_ascii_graphic())
            && let Some(character) = text.chars().find(|c| !c.is_ascii_graphic())
        {
            return Err(IdentifierError::ForbiddenCharacter { character });
        }
        if text.len() > MAX_LENGTH {
            return Err(IdentifierError::TooLong { bytes: text.len(), limit: MAX_LENGTH });
        }
        Ok(Self { scheme, text })
    }

    /// Its scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// `scheme:value`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What follows the scheme and its colon.
    pub fn value(&self) -> &str {
        self.text.split_once(':').map_or("", |(_, value)| value)
    }

    /// The version it names: the commit of a Hub or git repository, the number of a Kaggle version, the number of an arXiv version.
    pub fn version(&self) -> Option<&str> {
        self.split_version().map(|(_, version)| version)
    }

    /// The same without its version; `None` when it has none.
    pub fn unversioned(&self) -> Option<Self> {
        let (value, _) = self.split_version()?;
        Some(Self { scheme: self.scheme, text: format!("{}:{value}", self.scheme) })
    }

    /// Its value without the version, when it has one.
    fn unversioned_value(&self) -> Option<&str> {
        self.split_version().map(|(value, _)| value)
    }

    fn split_version(&self) -> Option<(&str, &str)> {
        match self.scheme {
            Scheme::Hf | Scheme::Git => self.value().split_once('@'),
            Scheme::Kaggle => self.value().split_once(kaggle::VERSIONS),
            Scheme::Arxiv => match arxiv::split_version(self.value()) {
                (article, Some(version)) => Some((article, version)),
                (_, None) => None,
            },
            _ => None,
        }
    }

    /// The blinded identifier of a digest, by which a sensitive notice names it (domain, section 5, `blind`); `None` for what is no
    /// digest or is blinded already. A digest that everybody holds is blinded like any other and still never matched.
    pub fn blinded(&self) -> Option<Self> {
        blind::hides(self.scheme).then(|| {
            let digits = blind::digits(&self.text);
            Self { scheme: Scheme::Blind, text: format!("{}:{digits}", Scheme::Blind) }
        })
    }

    /// The keys under which it is asked: those under which it is indexed, and that of its blinded form. A plain digest is never indexed
    /// under its blinded form, so nobody who asks for a blinded one learns that it is known elsewhere in plain.
    pub fn question_keys(&self) -> Vec<LookupKey> {
        let mut keys = self.lookup_keys();
        keys.extend(self.blinded().map(|hidden| hidden.own_key()));
        keys
    }

    /// The keys under which it is indexed: its own, and that of the thing without version when it names one.
    pub fn lookup_keys(&self) -> Vec<LookupKey> {
        let mut keys = vec![self.own_key()];
        keys.extend(self.unversioned().map(|thing| thing.own_key()));
        keys
    }

    fn own_key(&self) -> LookupKey {
        match self.scheme {
            Scheme::Url => LookupKey(format!("{}:{}", self.scheme, self.key_value()).into()),
            _ => LookupKey(self.text.as_str().into()),
        }
    }

    /// What follows the scheme in its own key.
    fn key_value(&self) -> &str {
        match self.scheme {
            Scheme::Url => url::lookup_value(self.value()),
            _ => self.value(),
        }
    }

    /// How this, being asked, meets `subject`; `None` when the two name different things, which two different versions do. A plain
    /// digest meets its blinded form; the other way round nothing is known.
    pub fn meets(&self, subject: &Self) -> Option<Meeting> {
        if self.scheme != subject.scheme {
            let hidden = if subject.scheme == Scheme::Blind { self.blinded() } else { None };
            return hidden.is_some_and(|hidden| hidden == *subject).then_some(Meeting::Same);
        }
        if self.key_value() == subject.key_value() {
            return Some(Meeting::Same);
        }
        match (self.unversioned_value(), subject.unversioned_value()) {
            (Some(asked), None) if asked == subject.value() => Some(Meeting::UnversionedSubject),
            (None, Some(named)) if named == self.value() => Some(Meeting::VersionedSubject),
            _ => None,
        }
    }

    /// The bytes of a digest with their algorithm, for the look-up in digest lists; `None` for anything but md5, sha1, sha256, sha512,
    /// blake3 and what is blinded.
    pub fn digest(&self) -> Option<(DigestAlgorithm, Vec<u8>)> {
        let algorithm = self.digest_algorithm()?;
        let bytes = data_encoding::HEXLOWER.decode(self.value().as_bytes()).ok()?;
        Some((algorithm, bytes))
    }

    /// The algorithm of a digest, without its bytes.
    pub fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        if self.scheme == Scheme::Blind { Some(DigestAlgorithm::Blind) } else { digest::algorithm(self.scheme) }
    }

    /// The digests under which lists may hold it: itself where lists have its algorithm, and its blinded form.
    pub fn listed_forms(&self) -> impl Iterator<Item = (DigestAlgorithm, Self)> {
        let own = self.digest_algorithm().map(|algorithm| (algorithm, self.clone()));
        own.into_iter().chain(self.blinded().map(|hidden| (DigestAlgorithm::Blind, hidden)))
    }

    /// The algorithms of [`Identifier::listed_forms`].
    pub fn listed_algorithms(&self) -> impl Iterator<Item = DigestAlgorithm> + use<> {
        let own = self.digest_algorithm();
        own.into_iter().chain(blind::hides(self.scheme).then_some(DigestAlgorithm::Blind))
    }

    /// The bytes under which lists of this algorithm may hold it; `None` when they cannot.
    pub fn listed_digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        let (of, bytes) = if self.digest_algorithm() == Some(algorithm) { self.digest() } else { self.blinded()?.digest() }?;
        (of == algorithm).then_some(bytes)
    }

    /// The digests of an algorithm that are never matched, as bytes: what no list should hold.
    pub fn trivial_digests(algorithm: DigestAlgorithm) -> Vec<Vec<u8>> {
        trivial::all().filter_map(|line| Self::from_normal(line).ok()?.listed_digest(algorithm)).collect()
    }

    /// Whether it is a digest of the empty file, the empty directory, next to nothing, or a common licence text. Such an identifier is
    /// never matched, whoever lists it, blinded or not.
    pub fn is_trivial(&self) -> bool {
        trivial::contains(self)
    }
}

impl LookupKey {
    /// Takes back a key that an index was given by [`Identifier::lookup_keys`] and stored.
    pub fn from_stored(key: String) -> Self {
        Self(key.into())
    }

    /// The plain digest of a file that this is the key of; `None` for anything else, and for what is blinded.
    pub fn digest(&self) -> Option<(DigestAlgorithm, Vec<u8>)> {
        let (scheme, digits) = self.0.split_once(':')?;
        let algorithm = DigestAlgorithm::parse(scheme).filter(|algorithm| *algorithm != DigestAlgorithm::Blind)?;
        Some((algorithm, data_encoding::HEXLOWER.decode(digits.as_bytes()).ok()?))
    }

    /// The key as it is indexed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl serde::Serialize for Identifier {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
