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
    /// Known, but not in normal form.
    #[error("not in normal form, which is {normal}")]
    NotNormal {
        /// The normal form.
        normal: String,
    },
}

impl Identifier {
    /// Brings any accepted spelling to normal form.
    ///
    /// # Errors
    /// [`IdentifierError`] says what is wrong.
    pub fn normalise(text: &str) -> Result<Self, IdentifierError> {
        // Stand-in until the identifier module is merged: just enough rules for the tests of the notice.
        let doi = ["https://doi.org/", "doi:https://doi.org/"].iter().find_map(|p| text.strip_prefix(p));
        let hub = text.strip_prefix("https://huggingface.co/");
        let text = match (doi, hub) {
            (Some(doi), _) => format!("doi:{doi}"),
            (_, Some(hub)) => format!("hf:{hub}"),
            _ if text.starts_with("https://") || text.starts_with("http://") => format!("url:{text}"),
            _ => text.to_owned(),
        };
        let (scheme, value) = text.split_once(':').ok_or(IdentifierError::Unrecognised)?;
        let scheme = Scheme::parse(scheme).ok_or(IdentifierError::Unrecognised)?;
        let value = match scheme {
            Scheme::Name => value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
            Scheme::Url | Scheme::Gdrive => value.to_owned(),
            _ => value.to_ascii_lowercase(),
        };
        let width = match scheme {
            Scheme::Md5 => Some(32),
            Scheme::Sha1 | Scheme::Btih => Some(40),
            Scheme::Sha256 | Scheme::Blake3 => Some(64),
            Scheme::Sha512 => Some(128),
            _ => None,
        };
        let hex = |w| value.len() == w && value.bytes().all(|b: u8| b.is_ascii_hexdigit());
        let sound = match scheme {
            Scheme::Doi => value.starts_with("10.") && value.contains('/'),
            Scheme::Name => value.chars().count() >= 4,
            _ => width.is_none_or(hex),
        };
        if !sound {
            return Err(IdentifierError::Unrecognised);
        }
        Ok(Self { scheme, text: format!("{scheme}:{value}") })
    }

    /// Takes an identifier that is already in normal form.
    ///
    /// # Errors
    /// [`IdentifierError::NotNormal`] with the normal form, or what is wrong.
    pub fn from_normal(text: &str) -> Result<Self, IdentifierError> {
        let normal = Self::normalise(text)?;
        if normal.as_str() == text { Ok(normal) } else { Err(IdentifierError::NotNormal { normal: normal.text }) }
    }

    /// The identifier of a dataset's name.
    ///
    /// # Errors
    /// [`IdentifierError`] when the name is too short.
    pub fn of_name(name: &str) -> Result<Self, IdentifierError> {
        Self::normalise(&format!("name:{name}"))
    }

    /// Whether it is the digest of something everybody has, such as the empty file.
    pub fn is_trivial(&self) -> bool {
        const EMPTY: [&str; 2] =
            ["md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];
        EMPTY.contains(&self.as_str())
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
