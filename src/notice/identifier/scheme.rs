//! The schemes of version 1.

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
    Ark,
    Hdl,
    Openml,
    Btmh,
    Archive,
    Baidu,
    Dirhash1,
    Dvcdir,
    Purl,
    Blind,
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
    Ark => "ark",
    Hdl => "hdl",
    Openml => "openml",
    Btmh => "btmh",
    Archive => "archive",
    Baidu => "baidu",
    Dirhash1 => "dirhash1",
    Dvcdir => "dvcdir",
    Purl => "purl",
    Blind => "blind",
});
