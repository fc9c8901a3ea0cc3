//! `url:`, addresses that no other scheme claims.
//!
//! The normal form: a scheme of http, https, ftp, s3, gs; scheme and host in lower case, the host in A-labels; no user, default port,
//! fragment, empty query or known tracker; dot segments resolved; percent escapes in upper case, those of unreserved characters
//! decoded, those of other characters that a URL cannot hold (RFC 3986) added. The case of the path, a trailing slash, and
//! the difference between http and https are kept. Addresses of known hosts become what they name ([`known_hosts`]).
//!
//! Source: RFC 3986; parsing of hosts and dot segments is that of the WHATWG URL standard.

use url::{ParseError, Url};

use super::known_hosts::{self, Page};
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no URL that can name a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// A percent sign that begins no escape.
    #[error("a percent sign in a URL is followed by two hex digits")]
    BrokenEscape,
    /// A backslash, a space or the like.
    #[error("a URL holds no white space and no backslash")]
    Character,
    /// No host, an empty label, a trailing dot, or a bucket with other characters than letters, digits and `-._`.
    #[error("this URL has no usable host; a trailing dot must go")]
    Host,
    /// What the URL standard refuses.
    #[error("not a URL: {0}")]
    Malformed(ParseError),
    /// Another scheme, or none.
    #[error("write the whole URL, with http://, https://, ftp://, s3:// or gs://")]
    Scheme,
    /// A user or password before the host.
    #[error("a user name or password must not stand in a URL")]
    UserInfo,
}

impl UrlFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::BrokenEscape => "url-escape",
            Self::Character => "url-character",
            Self::Host => "url-host",
            Self::Malformed(_) => "url-malformed",
            Self::Scheme => "url-scheme",
            Self::UserInfo => "url-user-info",
        }
    }
}

/// Longest URL that is read, in bytes (domain, section 2).
pub(super) const MAX_INPUT: usize = 2_048;

/// Schemes whose hosts are domain names, and those whose hosts are buckets.
const HOSTED: [&str; 3] = ["http", "https", "ftp"];
const BUCKETED: [&str; 2] = ["s3", "gs"];

/// Whether `word` (lower case) is a scheme that `url:` takes.
pub(super) fn is_url_scheme(word: &str) -> bool {
    HOSTED.contains(&word) || BUCKETED.contains(&word)
}

/// Reads an absolute URL: the identifier of a known host, or a `url:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let text = text.trim();
    if text.len() > MAX_INPUT {
        return Err(IdentifierError::TooLong { bytes: text.len(), limit: MAX_INPUT });
    }
    let (scheme, rest) = text.split_once("://").ok_or(UrlFault::Scheme)?;
    let scheme = scheme.to_ascii_lowercase();
    if !is_url_scheme(&scheme) {
        return Err(UrlFault::Scheme.into());
    }
    if text.contains(|c: char| c.is_whitespace() || c == '\\') {
        return Err(UrlFault::Character.into());
    }
    let url = parsed(&scheme, rest)?;
    if HOSTED.contains(&scheme.as_str())
        && scheme != "ftp"
        && url.port().is_none()
        && let Some(host) = url.host_str()
        && let Some(found) = known_hosts::rewrite(&Page::new(&url, host))
    {
        return found;
    }
    let authority = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return Err(UrlFault::Host.into()),
    };
    let path = if url.path().is_empty() { "/" } else { url.path() };
    let query = url
        .query()
        .map(without_trackers)
        .filter(|query| !query.is_empty())
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    Identifier::assemble(Scheme::Url, &format!("{scheme}://{authority}{path}{query}"))
}

/// What is left of a normal URL in a look-up key: http and https are one, and so are a site and its `www.`.
pub(super) fn lookup_value(normal: &str) -> &str {
    let Some(bare) = normal.strip_prefix("https://").or_else(|| normal.strip_prefix("http://")) else { return normal };
    match bare.strip_prefix("www.") {
        Some(site) if site.split(['/', ':', '?']).next().is_some_and(|host| host.contains('.')) => site,
        _ => bare,
    }
}

/// Whether a parsed domain is written without empty labels and trailing dot.
pub(super) fn is_plain_domain(domain: &str) -> bool {
    !domain.is_empty() && domain.split('.').all(|label| !label.is_empty())
}

/// Parses the URL after bringing its escapes to one spelling, so that the parser meets nothing it would repair in its own way.
fn parsed(scheme: &str, rest: &str) -> Result<Url, UrlFault> {
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path_and_query) = rest.split_at(end);
    if authority.is_empty() {
        return Err(UrlFault::Host);
    }
    if authority.contains('@') {
        return Err(UrlFault::UserInfo);
    }
    let authority = if BUCKETED.contains(&scheme) { bucket(authority)? } else { authority.to_owned() };
    let (path, query) = path_and_query.split_once('?').map_or((path_and_query, None), |(path, query)| (path, Some(query)));
    let mut text = format!("{scheme}://{authority}{}", canonical_escapes(path)?);
    if let Some(query) = query {
        text.push('?');
        text.push_str(&canonical_escapes(query)?);
    }
    let url = Url::parse(&text).map_err(UrlFault::Malformed)?;
    match url.domain() {
        Some(domain) if !is_plain_domain(domain) => Err(UrlFault::Host),
        _ => Ok(url),
    }
}

fn bucket(authority: &str) -> Result<String, UrlFault> {
    let bucket = authority.to_ascii_lowercase();
    let plain = bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_'));
    if plain && is_plain_domain(&bucket) { Ok(bucket) } else { Err(UrlFault::Host) }
}

/// `text` with one spelling of every escape; see above.
pub(super) fn canonical_escapes(text: &str) -> Result<String, UrlFault> {
    let mut canonical = String::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let (byte, was_escaped) = if byte == b'%' {
            let digits = [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()];
            let decoded = data_encoding::HEXLOWER_PERMISSIVE.decode(&digits).ok().ok_or(UrlFault::BrokenEscape)?;
            (decoded.first().copied().unwrap_or_default(), true)
        } else {
            (byte, false)
        };
        if is_unreserved(byte) || (!was_escaped && is_reserved(byte)) {
            canonical.push(char::from(byte));
        } else {
            canonical.push('%');
            canonical.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    Ok(canonical)
}

/// RFC 3986, section 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// What may stand unescaped in a path or query besides: RFC 3986, sections 3.3 and 3.4.
fn is_reserved(byte: u8) -> bool {
    b"!$&'()*+,;=:@/?".contains(&byte)
}

/// Drops the parameters that only say who linked here: `utm_*`, `fbclid`, `gclid`. Frozen with version 1.
fn without_trackers(query: &str) -> String {
    query.split('&').filter(|pair| !is_tracker(pair.split('=').next().unwrap_or(pair))).collect::<Vec<_>>().join("&")
}

fn is_tracker(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("utm_") || key == "fbclid" || key == "gclid"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<String, &'static str> {
        identifier(text).map(|id| id.value().to_owned()).map_err(|error| error.rule())
    }

    #[test]
    fn escapes_have_one_spelling() {
        assert_eq!(url("http://x.example/%7euser/a%2fb%e4 ").as_deref(), Ok("http://x.example/~user/a%2Fb%E4"));
        assert_eq!(url("http://x.example/ä/{a}|b").as_deref(), Ok("http://x.example/%C3%A4/%7Ba%7D%7Cb"));
        assert_eq!(url("http://x.example/100%"), Err("url-escape"));
        assert_eq!(url("http://x.example/%+f"), Err("url-escape"));
    }

    #[test]
    fn dot_segments_are_resolved_and_case_and_slash_are_kept() {
        assert_eq!(url("http://x.example/a/./b/../C/").as_deref(), Ok("http://x.example/a/C/"));
        assert_eq!(url("s3://Bucket_1/a/%2e%2e/b").as_deref(), Ok("s3://bucket_1/b"));
    }

    #[test]
    fn trackers_and_empty_queries_go() {
        assert_eq!(url("https://x.example/?utm_source=a&id=1&%66bclid=2#top").as_deref(), Ok("https://x.example/?id=1"));
        assert_eq!(url("https://x.example?UTM_x").as_deref(), Ok("https://x.example/"));
    }

    #[test]
    fn hosts_are_a_labels_without_user_or_trailing_dot() {
        assert_eq!(url("https://BÜCHER.example:443").as_deref(), Ok("https://xn--bcher-kva.example/"));
        assert_eq!(url("https://x.example./"), Err("url-host"));
        assert_eq!(url("https://@x.example/"), Err("url-user-info"));
        assert_eq!(url("https:///x"), Err("url-host"));
        assert_eq!(url("gopher://x.example/"), Err("url-scheme"));
        assert_eq!(url("https://x.example\\y"), Err("url-character"));
    }

    #[test]
    fn the_look_up_key_knows_neither_http_nor_www() {
        assert_eq!(lookup_value("https://www.example.org/a"), "example.org/a");
        assert_eq!(lookup_value("http://www.org/"), "www.org/");
        assert_eq!(lookup_value("ftp://www.example.org/"), "ftp://www.example.org/");
    }
}
