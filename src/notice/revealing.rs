//! Words of a sensitive notice that would lead somebody to the material: identifiers of any kind that stand in a name or a text.

use super::{Identifier, IdentifierError, Scheme};

/// What surrounds a word in a sentence and belongs to no identifier.
const PUNCTUATION: &[char] = &['(', ')', '[', ']', '<', '>', '"', '\'', ',', ';', '.', '!', '?'];

/// Whether `text` holds an identifier other than a name or a blinded one, an address included.
pub(super) fn reveals(text: &str) -> bool {
    text.contains("://") || text.split_whitespace().any(|word| is_revealing(word.trim_matches(PUNCTUATION)))
}

/// Whether an address that is given as a reference is that of a copy: of a repository, a torrent or a share. Articles are not.
pub(super) fn leads_to_data(url: &str) -> bool {
    Identifier::normalise(url).is_ok_and(|id| !matches!(id.scheme(), Scheme::Url | Scheme::Doi | Scheme::Arxiv))
}

fn is_revealing(word: &str) -> bool {
    match Identifier::normalise(word) {
        Ok(id) => !matches!(id.scheme(), Scheme::Name | Scheme::Blind),
        Err(IdentifierError::Ambiguous { .. }) => true,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_may_be_an_article_and_no_copy() {
        assert!(leads_to_data("https://academictorrents.com/details/9e67eb7cc23c9417f39778a8e06cca5e26196a97"));
        assert!(!leads_to_data("https://doi.org/10.1234/article") && !leads_to_data("https://news.example/story"));
    }

    #[test]
    fn identifiers_are_found_among_words_and_words_are_not() {
        for text in [
            "see https://example.org/x",
            "the torrent 9e67eb7cc23c9417f39778a8e06cca5e26196a97.",
            "a copy of (hf:datasets/acme/faces), say",
            "10.5281/zenodo.1234567",
            "archive.org/details/faces",
            "md5:88813c6b15de58afc8fa75ea83361d7f",
        ] {
            assert!(reveals(text), "{text}");
        }
        for text in
            ["LAION-5B", "About 680 of 700,000 images: abusive.", "Note: version 1.2 of NudeNet", "name:laion5b", "12345678"]
        {
            assert!(!reveals(text), "{text}");
        }
    }
}
