//! Which rule reads a text: by its prefix, by its URL scheme, or by a form that leaves no doubt.

use super::known_hosts::begins_with_known_host;
use super::{
    Identifier, IdentifierError, Scheme, ark, arxiv, blind, digest, doi, folder, git, handle, hf, is_forbidden, kaggle, name,
    openml, purl, question, share, strip_prefix_any_case, swh, torrent, url,
};

/// Longest text that is read, in bytes: room for a magnet link with its trackers.
const MAX_INPUT: usize = 8_192;

/// Reads any accepted spelling.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let text = admissible(text)?;
    match prefix(text) {
        Some((word, rest)) => prefixed(&word, rest, text),
        None => bare(text),
    }
}

/// The text without surrounding white space, within the limits that hold for every scheme.
pub(super) fn admissible(text: &str) -> Result<&str, IdentifierError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(IdentifierError::Empty);
    }
    if text.len() > MAX_INPUT {
        return Err(IdentifierError::TooLong { bytes: text.len(), limit: MAX_INPUT });
    }
    if text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        return Ok(text);
    }
    match text.chars().find(|c| is_forbidden(*c)) {
        Some(character) => Err(IdentifierError::ForbiddenCharacter { character }),
        None => Ok(text),
    }
}

/// Splits at the first colon when a word that could be a scheme stands before it; the word comes in lower case.
fn prefix(text: &str) -> Option<(String, &str)> {
    let (word, rest) = text.split_once(':')?;
    let is_word = (1..=32).contains(&word.len())
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'_'));
    is_word.then(|| (word.to_ascii_lowercase(), rest))
}

fn prefixed(word: &str, rest: &str, text: &str) -> Result<Identifier, IdentifierError> {
    let is_address = rest.starts_with("//");
    match word {
        "hf" if is_address => hf::file_system(rest.trim_start_matches('/')),
        _ if git::is_git_protocol(word) && (is_address || word != "git") => git::identifier(text),
        _ if url::is_url_scheme(word) => url::identifier(text),
        "info" if strip_prefix_any_case(rest, "doi/").is_some() => doi::identifier(text),
        "urn" if strip_prefix_any_case(rest, "btih:").is_some() => torrent::identifier(text),
        "urn" if strip_prefix_any_case(rest, "btmh:").is_some() => torrent::version_2(text),
        "magnet" => torrent::magnet(rest),
        "gitblob" => swh::git_blob(rest),
        "pkg" => purl::identifier(text),
        "h1" => folder::dirhash(rest),
        // The specification of SWHIDs knows lower case only, prefix included.
        "swh" => swh::identifier(text),
        _ => match Scheme::parse(word) {
            Some(scheme) => valued(scheme, rest.trim()),
            None => Err(IdentifierError::UnknownScheme { scheme: word.to_owned() }),
        },
    }
}

/// Reads the value behind the prefix of a scheme, which may also be an address on the host of that scheme.
fn valued(scheme: Scheme, value: &str) -> Result<Identifier, IdentifierError> {
    let hosted = matches!(
        scheme,
        Scheme::Hf
            | Scheme::Kaggle
            | Scheme::Btih
            | Scheme::Gdrive
            | Scheme::Arxiv
            | Scheme::Hdl
            | Scheme::Openml
            | Scheme::Archive
            | Scheme::Baidu
    );
    if hosted && let Some(address) = address(value) {
        let found = url::identifier(&address)?;
        let said = found.scheme() == scheme || (scheme, found.scheme()) == (Scheme::Hdl, Scheme::Doi);
        return if said { Ok(found) } else { Err(IdentifierError::OtherScheme { said: scheme, found }) };
    }
    match scheme {
        Scheme::Doi => doi::identifier(value),
        Scheme::Url => url::identifier(value),
        Scheme::Hf => hf::identifier(value),
        Scheme::Kaggle => kaggle::identifier(value),
        Scheme::Git => git::identifier(value),
        Scheme::Swh => swh::identifier(value),
        Scheme::Btih => match strip_prefix_any_case(value, "magnet:") {
            Some(link) => torrent::magnet(link),
            None => torrent::identifier(value),
        },
        Scheme::Gdrive => share::drive(value),
        Scheme::Arxiv => arxiv::identifier(value),
        Scheme::Md5 | Scheme::Sha1 | Scheme::Sha256 | Scheme::Sha512 | Scheme::Blake3 => digest::identifier(scheme, value),
        Scheme::Name => name::identifier(value),
        Scheme::Ark => ark::identifier(value),
        Scheme::Hdl => handle::identifier(value),
        Scheme::Openml => openml::identifier(value),
        Scheme::Btmh => match strip_prefix_any_case(value, "magnet:") {
            Some(link) => torrent::magnet_of_version_2(link),
            None => torrent::version_2(value),
        },
        Scheme::Archive => share::archive(value),
        Scheme::Baidu => share::baidu(value),
        Scheme::Dirhash1 => folder::dirhash(value),
        Scheme::Dvcdir => folder::dvc(value),
        Scheme::Purl => purl::identifier(value),
        Scheme::Blind => blind::identifier(value),
    }
}

/// Reads a text without prefix.
fn bare(text: &str) -> Result<Identifier, IdentifierError> {
    if doi::begins_like_a_doi(text) && text.contains('/') {
        return doi::identifier(text);
    }
    if let Some(integrity) = digest::subresource_integrity(text) {
        return integrity;
    }
    if let Some(address) = address(text) {
        return url::identifier(&address);
    }
    // user@host:path, the short form of ssh
    if !text.contains(char::is_whitespace)
        && text.split_once(':').is_some_and(|(login, _)| login.contains('@') && !login.contains('/'))
    {
        return git::identifier(text);
    }
    match question::of_unknown_algorithm(text) {
        candidates if candidates.is_empty() => Err(IdentifierError::NoScheme),
        candidates => Err(IdentifierError::Ambiguous { candidates }),
    }
}

/// The web address that `text` is, with or without `https://`.
fn address(text: &str) -> Option<String> {
    if strip_prefix_any_case(text, "https://").is_some() || strip_prefix_any_case(text, "http://").is_some() {
        Some(text.to_owned())
    } else {
        begins_with_known_host(text).then(|| format!("https://{text}"))
    }
}
