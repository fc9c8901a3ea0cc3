//! The schemes of version 1, and the words of those that come later.

use crate::notice::codes;

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

/// Schemes that the specification names but this version does not take yet.
const LATER: [&str; 10] = ["ark", "hdl", "openml", "btmh", "archive", "baidu", "dirhash1", "dvcdir", "purl", "blind"];

/// The later scheme that `word` (lower case) stands for, directly or through another prefix of it.
pub(super) fn later(word: &str) -> Option<&'static str> {
    match word {
        "pkg" => Some("purl"),
        "h1" => Some("dirhash1"),
        _ => LATER.into_iter().find(|scheme| *scheme == word),
    }
}
