//! Identifiers of datasets and copies, in the normal forms that every server agrees on (domain, section 5).

use super::codes::codes;
use std::fmt;

/// A kind of identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each scheme is its own name")]
pub enum Scheme {
    Doi,
    Url,
    Hf,
    Kaggle,
    Git,
    Swh,
    Btih,
    Gdrive,
    Arxiv,
    Md5,
    Sha1,
    Sha256,
    Sha512,
    Blake3,
    Name,
}

codes!(Scheme {
    Doi => "doi",
    Url => "url",
    Hf => "hf",
    Kaggle => "kaggle",
    Git => "git",
    Swh => "swh",
    Btih => "btih",
    Gdrive => "gdrive",
    Arxiv => "arxiv",
    Md5 => "md5",
    Sha1 => "sha1",
    Sha256 => "sha256",
    Sha512 => "sha512",
    Blake3 => "blake3",
    Name => "name",
});

/// An identifier in normal form, `scheme:value`. A value of this type is normal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    scheme: Scheme,
    text: String,
}

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// No rule of any scheme takes it.
    #[error("not an identifier of a known scheme")]
    Unrecognised,
}

impl Identifier {
    /// Brings any accepted spelling to normal form.
    ///
    /// # Errors
    /// [`IdentifierError`] says what is wrong.
    pub fn normalise(text: &str) -> Result<Self, IdentifierError> {
        let (scheme, _) = text.split_once(':').ok_or(IdentifierError::Unrecognised)?;
        let scheme = Scheme::parse(scheme).ok_or(IdentifierError::Unrecognised)?;
        Ok(Self { scheme, text: text.to_owned() })
    }

    /// Its scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// `scheme:value`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The keys under which it is indexed and asked.
    pub fn lookup_keys(&self) -> Vec<LookupKey> {
        let mut keys = vec![LookupKey(self.key())];
        keys.extend(self.unversioned().map(|u| LookupKey(u.key())));
        keys
    }

    fn key(&self) -> String {
        match self.scheme {
            Scheme::Url => {
                let rest = self.value().split_once("://").map_or(self.value(), |(_, rest)| rest);
                format!("url:{}", rest.strip_prefix("www.").unwrap_or(rest))
            }
            _ => self.text.clone(),
        }
    }

    /// What follows the scheme.
    pub fn value(&self) -> &str {
        self.text.split_once(':').map_or("", |(_, value)| value)
    }

    /// The version that it names.
    pub fn version(&self) -> Option<&str> {
        match self.scheme {
            Scheme::Hf | Scheme::Git => self.value().split_once('@').map(|(_, v)| v),
            Scheme::Kaggle => self.value().split_once("/versions/").map(|(_, v)| v),
            _ => None,
        }
    }

    /// Itself without the version; `None` when it has none.
    pub fn unversioned(&self) -> Option<Self> {
        self.version()?;
        let cut = if self.scheme == Scheme::Kaggle { "/versions/" } else { "@" };
        let (text, _) = self.text.split_once(cut)?;
        Some(Self { scheme: self.scheme, text: text.to_owned() })
    }

    /// Whether a question for `self` meets a notice's `subject`.
    pub fn meets(&self, subject: &Self) -> Option<Meeting> {
        if self.key() == subject.key() {
            Some(Meeting::Same)
        } else if self.unversioned().is_some_and(|u| u == *subject) {
            Some(Meeting::UnversionedSubject)
        } else if subject.unversioned().is_some_and(|u| u == *self) {
            Some(Meeting::VersionedSubject)
        } else {
            None
        }
    }

    /// The digest that it is.
    pub fn digest(&self) -> Option<(super::DigestAlgorithm, Vec<u8>)> {
        let algorithm = super::DigestAlgorithm::parse(self.scheme.as_str())?;
        Some((algorithm, data_encoding::HEXLOWER.decode(self.value().as_bytes()).ok()?))
    }

    /// Whether it is the digest of something everybody has.
    pub fn is_trivial(&self) -> bool {
        self.text == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    }

    /// The `name:` of a title.
    pub fn of_name(name: &str) -> Result<Self, IdentifierError> {
        let name: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        if name.chars().count() < 4 { Err(IdentifierError::Unrecognised) } else { Self::normalise(&format!("name:{name}")) }
    }
}

/// How a question meets a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meeting {
    /// Both name the same.
    Same,
    /// The question has a version, the subject has none.
    UnversionedSubject,
    /// The subject has a version, the question has none.
    VersionedSubject,
}

/// A key of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookupKey(String);

impl LookupKey {
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
