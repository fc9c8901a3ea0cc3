//! Hosts whose addresses are spellings of an identifier: the frozen list of version 1.
//!
//! A page of a known host is one of three: *an identifier* (of the scheme of that host), *broken* (it stands where an identifier
//! stands and is none: refused, so that a typing error is seen before it is signed), or *a page like any other*, which stays a
//! `url:`.

use url::Url;

use super::{Identifier, IdentifierError, ark, arxiv, doi, git, handle, hf, kaggle, openml, share, torrent};

/// An address on http or https, taken apart.
pub(super) struct Page<'u> {
    /// The host in lower case, without a leading `www.`.
    pub(super) host: &'u str,
    /// The path without the slashes it begins with, percent escapes in their one spelling.
    pub(super) path: &'u str,
    /// The segments of the path that are not empty.
    pub(super) segments: Vec<&'u str>,
    url: &'u Url,
}

impl<'u> Page<'u> {
    pub(super) fn new(url: &'u Url, host: &'u str) -> Self {
        let path = url.path().trim_start_matches('/');
        let segments = path.split('/').filter(|segment| !segment.is_empty()).collect();
        Self { host: host.strip_prefix("www.").unwrap_or(host), path, segments, url }
    }

    /// The first value of a parameter of the query, decoded.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

type Rule = fn(&Page) -> Option<Result<Identifier, IdentifierError>>;

const HOSTS: [(&str, Rule); 21] = [
    ("doi.org", doi::resolver_page),
    ("dx.doi.org", doi::resolver_page),
    ("zenodo.org", doi::zenodo_page),
    ("hdl.handle.net", handle::resolver_page),
    ("n2t.net", ark::resolver_page),
    ("arks.org", ark::resolver_page),
    ("huggingface.co", hf::page),
    ("hf.co", hf::page),
    ("hf-mirror.com", hf::page),
    ("kaggle.com", kaggle::page),
    ("arxiv.org", arxiv::page),
    ("academictorrents.com", torrent::academic_torrents_page),
    ("drive.google.com", share::drive_page),
    ("drive.usercontent.google.com", share::download_page),
    ("docs.google.com", share::docs_page),
    ("github.com", git::forge_page),
    ("gitlab.com", git::forge_page),
    ("codeberg.org", git::forge_page),
    ("openml.org", openml::page),
    ("archive.org", share::archive_page),
    ("pan.baidu.com", share::baidu_page),
];

/// What a page of a known host names; `None` for other hosts and for pages that name nothing.
pub(super) fn rewrite(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    HOSTS.iter().find(|(host, _)| *host == page.host).and_then(|(_, rule)| rule(page))
}

/// Whether `text` begins with a known host and a slash, as people write addresses without `https://`.
pub(super) fn begins_with_known_host(text: &str) -> bool {
    text.split_once('/').is_some_and(|(host, _)| {
        let host = host.to_ascii_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        HOSTS.iter().any(|(known, _)| *known == host)
    })
}
