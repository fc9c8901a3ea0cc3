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
        vec![LookupKey(self.text.clone())]
    }
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
