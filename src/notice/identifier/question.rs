//! What somebody may mean who asks without naming a scheme.

use data_encoding::HEXLOWER;

use super::spelling::{self, admissible};
use super::{
    Identifier, IdentifierError, Scheme, ark, arxiv, digest, folder, kaggle, name, strip_prefix_any_case, swh, torrent, url,
};
use crate::strict_json::decode_base64;

/// Most digits that are still taken for a word: above this, hex digits of no known length are a digest that was cut.
const MAX_WORD_OF_DIGITS: usize = 31;

/// Everything that `text` may name; see [`Identifier::candidates`].
pub(super) fn candidates(text: &str) -> Result<Vec<Identifier>, IdentifierError> {
    match spelling::identifier(text) {
        Ok(one) => Ok(with_its_other_names(one, text.trim())),
        Err(IdentifierError::Ambiguous { candidates }) => Ok(candidates),
        Err(IdentifierError::NoScheme) => guesses(admissible(text)?),
        // `RedPajama: the book part` is words, `foo:bar` a scheme that nobody knows.
        Err(IdentifierError::UnknownScheme { .. }) if text.trim().contains(char::is_whitespace) => {
            Ok(vec![name::identifier(text)?])
        }
        Err(error) => Err(error),
    }
}

/// What a text says beside the identifier that its normal form is: a magnet link, the other hash of a hybrid torrent; an address of
/// whatever resolver, the ARK in it.
fn with_its_other_names(one: Identifier, text: &str) -> Vec<Identifier> {
    let other = match one.scheme() {
        Scheme::Btih => strip_prefix_any_case(text, "magnet:").and_then(|link| torrent::magnet_of_version_2(link).ok()),
        Scheme::Url => ark::in_address(one.value()).and_then(|name| ark::identifier(name).ok()),
        _ => None,
    };
    std::iter::once(one).chain(other).collect()
}

/// Schemes whose values are 64 hex digits and no digests of a file; asked after those.
const OF_64_DIGITS: [Scheme; 3] = [Scheme::Btmh, Scheme::Dirhash1, Scheme::Blind];

/// Every digest, infohash and git object id that these bare digits may be; empty when their length fits none.
pub(super) fn of_unknown_algorithm(text: &str) -> Vec<Identifier> {
    let mut found = Vec::new();
    let mut digits = None;
    if text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        digits = Some(text.to_ascii_lowercase());
    } else if text.ends_with('=')
        && let Some(bytes) = decode_base64(text)
    {
        digits = Some(HEXLOWER.encode(&bytes));
    }
    if let Some(digits) = digits {
        found.extend(digest::ALGORITHMS.iter().filter_map(|(scheme, _, bytes)| {
            (digits.len() == bytes * 2).then(|| Identifier::assemble(*scheme, &digits).ok()).flatten()
        }));
        if digits.len() == 64 {
            found.extend(OF_64_DIGITS.iter().filter_map(|scheme| Identifier::assemble(*scheme, &digits).ok()));
        }
    }
    if folder::dvc_digits(text).is_some() {
        found.extend(folder::dvc(text));
    }
    // A multihash of SHA-256, as torrents of version 2 are named by.
    if text.len() == 68 {
        found.extend(torrent::version_2(text));
    }
    found.extend(torrent::infohash(text).and_then(|hash| Identifier::assemble(Scheme::Btih, &hash).ok()));
    if text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        let digits = text.to_ascii_lowercase();
        found.extend(
            swh::OBJECTS.iter().filter_map(|object| Identifier::assemble(Scheme::Swh, &format!("1:{object}:{digits}")).ok()),
        );
    }
    found
}

/// What is not an identifier in any spelling: an address without `https://`, an arXiv id, `owner/name`, or words.
fn guesses(text: &str) -> Result<Vec<Identifier>, IdentifierError> {
    if text.len() > MAX_WORD_OF_DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(IdentifierError::NoScheme);
    }
    if let Ok(article) = arxiv::identifier(text) {
        return Ok(vec![article]);
    }
    let mut found = Vec::new();
    if begins_with_host(text) {
        let address = url::identifier(&format!("https://{text}"))?;
        if text.contains('/') {
            return Ok(vec![address]);
        }
        found.push(address);
    } else if !text.contains(char::is_whitespace) && text.matches('/').count() == 1 {
        found.extend(spelling::identifier(&format!("hf:datasets/{text}")));
        found.extend(kaggle::identifier(text));
    }
    match (name::identifier(text), found.is_empty()) {
        (Ok(name), _) => found.push(name),
        (Err(error), true) => return Err(error),
        (Err(_), false) => {}
    }
    Ok(found)
}

/// Whether `text` begins like an address: labels and a top-level domain of letters, then nothing, a port or a path.
fn begins_with_host(text: &str) -> bool {
    let host = text.split(['/', ':']).next().unwrap_or(text);
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    host.rsplit_once('.').is_some_and(|(labels, top)| {
        top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()) && labels.split('.').all(is_label)
    }) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        candidates(text).unwrap().iter().map(|id| id.as_str().to_owned()).collect()
    }

    #[test]
    fn bare_digits_are_asked_under_every_scheme_whose_length_fits() {
        assert_eq!(
            asked("88813C6B15de58afc8fa75ea83361d7f"),
            ["md5:88813c6b15de58afc8fa75ea83361d7f", "dvcdir:88813c6b15de58afc8fa75ea83361d7f"]
        );
        assert_eq!(asked("D751713988987e9331980363e24189ce.dir"), ["dvcdir:d751713988987e9331980363e24189ce"]);
        let forty = asked("9e67eb7cc23c9417f39778a8e06cca5e26196a97");
        assert_eq!(forty.len(), 7);
        assert!(forty.contains(&"btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97".to_owned()));
        assert!(forty.contains(&"swh:1:cnt:9e67eb7cc23c9417f39778a8e06cca5e26196a97".to_owned()));
        let zeros = "0".repeat(64);
        assert_eq!(asked(&zeros), ["sha256", "blake3", "btmh", "dirhash1", "blind"].map(|scheme| format!("{scheme}:{zeros}")));
        assert_eq!(asked(&format!("1220{zeros}")), [format!("btmh:{zeros}")]);
        assert_eq!(asked(&"0".repeat(128)).len(), 1);
        assert_eq!(asked("TZT6W7GCHSKBP44XPCUOA3GKLYTBS2UX"), ["btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97"]);
        assert_eq!(asked("bc1++XNoIWW685QyDLewsg=="), ["md5:6dcd7ef973682165baf394320cb7b0b2"]);
    }

    #[test]
    fn a_digest_that_was_cut_is_not_taken_for_a_name() {
        assert_eq!(candidates(&"9e".repeat(19)).unwrap_err(), IdentifierError::NoScheme);
    }

    #[test]
    fn words_are_a_name_even_with_a_colon_in_them() {
        assert_eq!(asked("MS-Celeb-1M"), ["name:msceleb1m"]);
        assert_eq!(asked("RedPajama: the book part"), ["name:redpajamathebookpart"]);
        assert_eq!(candidates("foo:bar").unwrap_err(), IdentifierError::UnknownScheme { scheme: "foo".into() });
    }

    #[test]
    fn an_address_without_scheme_is_asked_as_an_address() {
        assert_eq!(asked("msceleb.org"), ["url:https://msceleb.org/", "name:msceleborg"]);
        assert_eq!(asked("example.org/Data/x"), ["url:https://example.org/Data/x"]);
    }

    #[test]
    fn an_owner_and_a_name_are_asked_where_people_write_them_so() {
        assert_eq!(asked("EleutherAI/pile"), ["hf:datasets/eleutherai/pile", "kaggle:eleutherai/pile", "name:eleutheraipile"]);
    }

    #[test]
    fn a_hybrid_torrent_is_asked_under_both_of_its_hashes() {
        let (one, two) = ("9e67eb7cc23c9417f39778a8e06cca5e26196a97", "ab".repeat(32));
        let link = format!("magnet:?xt=urn:btih:{one}&xt=urn:btmh:1220{two}&dn=x");
        assert_eq!(asked(&link), [format!("btih:{one}"), format!("btmh:{two}")]);
    }

    #[test]
    fn an_ark_is_asked_behind_whatever_resolver_it_stands() {
        assert_eq!(
            asked("https://data.example/ark:/99999/fk4-x?info"),
            ["url:https://data.example/ark:/99999/fk4-x?info", "ark:99999/fk4x"]
        );
    }
}
