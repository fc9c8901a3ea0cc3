//! `doi:`, digital object identifiers, and what reduces to them: Zenodo records and handles whose prefix begins with `10.`.
//!
//! DOIs ignore the case of ASCII letters only. An identifier is ASCII, so other characters of a DOI stand as percent escapes of their
//! UTF-8 in lower-case hex.

use percent_encoding::percent_decode_str;

use super::arxiv;
use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no DOI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DoiFault {
    /// A percent escape of a resolver URL does not decode to UTF-8.
    #[error("the percent escapes of this DOI URL are not UTF-8")]
    BrokenEscape,
    /// Not `10.`, four or more digits, and a suffix.
    #[error("a DOI is written 10.NNNN/suffix: four or more digits, a slash and a suffix without spaces")]
    Form,
    /// Zenodo numbers its records in decimal, without leading zeros.
    #[error("a Zenodo record has a decimal number without leading zeros")]
    ZenodoRecord,
}

impl DoiFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::BrokenEscape => "doi-escape",
            Self::Form => "doi-form",
            Self::ZenodoRecord => "doi-zenodo-record",
        }
    }
}

/// The prefixes that say DOI and mean nothing else; those of a resolver make the rest URL input, which is percent-decoded.
const PREFIXES: [(&str, bool); 11] = [
    ("doi:", false),
    ("info:doi/", false),
    ("doi.org/", true),
    ("dx.doi.org/", true),
    ("www.doi.org/", true),
    ("https://doi.org/", true),
    ("https://dx.doi.org/", true),
    ("https://www.doi.org/", true),
    ("http://doi.org/", true),
    ("http://dx.doi.org/", true),
    ("http://www.doi.org/", true),
];

/// Reads what stands behind `doi:`, a resolver URL included.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let (bare, from_url) = without_prefixes(text);
    let decoded;
    let bare = if from_url {
        // A query or fragment of the resolver is not part of the DOI: there, `?` and `#` of a suffix must be escaped.
        let path = bare.split(['?', '#']).next().unwrap_or(bare);
        decoded = percent_decode_str(path).decode_utf8().ok().ok_or(DoiFault::BrokenEscape)?.into_owned();
        without_prefixes(&decoded).0
    } else {
        bare
    };
    if let Some(character) = bare.chars().find(|c| super::is_forbidden(*c)) {
        return Err(IdentifierError::ForbiddenCharacter { character });
    }
    let bare = without_trailing_punctuation(bare);
    if !is_doi(bare) {
        return Err(DoiFault::Form.into());
    }
    let doi = super::escape_beyond_ascii(&bare.to_ascii_lowercase());
    // arXiv registers a DOI for each of its articles: one article, one identifier.
    if let Some(article) = doi.strip_prefix("10.48550/arxiv.")
        && let Ok(article) = arxiv::identifier(article)
    {
        return Ok(article);
    }
    Identifier::assemble(Scheme::Doi, &doi)
}

/// A page of the DOI resolver: a DOI where its path begins with `10.` and four digits, else a page like any other.
pub(super) fn resolver_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    let (path, _) = without_prefixes(page.path);
    begins_like_a_doi(path).then(|| identifier(&format!("https://doi.org/{path}")))
}

/// `zenodo.org/record/N` and `/records/N` (also below `/api/`), whatever file of the record follows: the version DOI of record N.
pub(super) fn zenodo_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    let (["record" | "records", number, ..] | ["api", "records", number, ..]) = page.segments.as_slice() else { return None };
    let decimal = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0') && !number.is_empty();
    Some(if decimal { identifier(&format!("10.5281/zenodo.{number}")) } else { Err(DoiFault::ZenodoRecord.into()) })
}

/// Whether `text` begins with `10.` and four digits, as every DOI does and hardly anything else.
pub(super) fn begins_like_a_doi(text: &str) -> bool {
    text.strip_prefix("10.").is_some_and(|rest| rest.len() >= 4 && rest.bytes().take(4).all(|b| b.is_ascii_digit()))
}

fn without_prefixes(text: &str) -> (&str, bool) {
    let mut rest = text.trim();
    let mut from_url = false;
    while let Some((bare, of_url)) =
        PREFIXES.iter().find_map(|(prefix, url)| Some((super::strip_prefix_any_case(rest, prefix)?, *url)))
    {
        rest = bare.trim();
        from_url |= of_url;
    }
    (rest, from_url)
}

/// Drops what belongs to the sentence around a DOI: `.`, `,`, `;`, and a closing bracket that nothing in the DOI opens.
fn without_trailing_punctuation(mut text: &str) -> &str {
    loop {
        let shorter = match text.strip_suffix(['.', ',', ';']) {
            Some(shorter) => shorter,
            None if text.ends_with(')') && text.matches(')').count() > text.matches('(').count() => {
                text.strip_suffix(')').unwrap_or(text)
            }
            None => return text,
        };
        text = shorter.trim_end();
    }
}

/// `10.\d{4,}(\.\d+)*/\S+`
fn is_doi(text: &str) -> bool {
    let Some((prefix, suffix)) = text.split_once('/') else { return false };
    let Some(registrant) = prefix.strip_prefix("10.") else { return false };
    let mut numbers = registrant.split('.');
    numbers.next().is_some_and(|first| first.len() >= 4)
        && registrant.split('.').all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        && !suffix.is_empty()
        && !suffix.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doi(text: &str) -> String {
        identifier(text).unwrap().as_str().to_owned()
    }

    #[test]
    fn prefixes_are_stripped_until_nothing_changes() {
        assert_eq!(doi(" https://doi.org/doi: DOI:10.1234/AbC"), "doi:10.1234/abc");
    }

    #[test]
    fn only_urls_are_percent_decoded_and_only_once() {
        assert_eq!(doi("https://doi.org/10.1234/a%2Fb%252F"), "doi:10.1234/a/b%2f");
        assert_eq!(doi("10.1234/a%2Fb"), "doi:10.1234/a%2fb");
    }

    #[test]
    fn brackets_that_are_part_of_the_doi_stay() {
        assert_eq!(doi("10.1016/S0140-6736(20)31324-6"), "doi:10.1016/s0140-6736(20)31324-6");
        assert_eq!(doi("10.1016/x(20)).,"), "doi:10.1016/x(20)");
    }

    #[test]
    fn an_escaped_control_character_does_not_get_in() {
        assert_eq!(identifier("https://doi.org/10.1234/a%00b").unwrap_err().rule(), "forbidden-character");
        assert_eq!(identifier("https://doi.org/10.1234/a%20b").unwrap_err().rule(), "doi-form");
    }
}
