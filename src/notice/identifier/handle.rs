//! `hdl:`, handles (RFC 3650 to 3652) such as the tracking ids of climate data; those whose prefix begins with `10.` are DOIs.
//!
//! Handles ignore the case of ASCII letters. As in a DOI, other characters stand as percent escapes of their UTF-8.

use percent_encoding::percent_decode_str;

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme, doi, escape_beyond_ascii, is_forbidden, strip_prefix_any_case};

/// Why a text is no handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandleFault {
    /// A percent escape of a resolver URL does not decode to UTF-8.
    #[error("the percent escapes of this handle URL are not UTF-8")]
    BrokenEscape,
    /// No prefix of letters, digits and dots, or no suffix.
    #[error("a handle is written prefix/suffix, such as 21.14100/81b0, without spaces")]
    Form,
}

impl HandleFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::BrokenEscape => "hdl-escape",
            Self::Form => "hdl-form",
        }
    }
}

/// Reads what stands behind `hdl:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let bare = bare(text);
    if bare.starts_with("10.") { doi::identifier(bare) } else { handle(bare) }
}

/// A page of the handle resolver: what has a prefix and a suffix is a handle, also below `api/handles`; a DOI is a DOI.
pub(super) fn resolver_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    let path = strip_prefix_any_case(page.path, "api/handles/").unwrap_or(page.path);
    path.split_once('/').is_some_and(|(_, suffix)| !suffix.is_empty()).then(|| of_address(path))
}

fn of_address(path: &str) -> Result<Identifier, IdentifierError> {
    let path = bare(path);
    if path.starts_with("10.") {
        return doi::identifier(&format!("https://doi.org/{path}"));
    }
    let decoded = percent_decode_str(path).decode_utf8().ok().ok_or(HandleFault::BrokenEscape)?;
    if let Some(character) = decoded.chars().find(|c| is_forbidden(*c)) {
        return Err(IdentifierError::ForbiddenCharacter { character });
    }
    handle(&decoded)
}

fn bare(text: &str) -> &str {
    let mut bare = text.trim();
    while let Some(shorter) = strip_prefix_any_case(bare, "hdl:") {
        bare = shorter.trim();
    }
    bare
}

fn handle(text: &str) -> Result<Identifier, IdentifierError> {
    let (prefix, suffix) = text.split_once('/').ok_or(HandleFault::Form)?;
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    // An escaped slash or dot may bring a DOI to light only after decoding; what it then names is for its writer to say.
    if !prefix.split('.').all(is_label)
        || prefix.starts_with("10.")
        || suffix.is_empty()
        || suffix.contains(char::is_whitespace)
    {
        return Err(HandleFault::Form.into());
    }
    Identifier::assemble(Scheme::Hdl, &escape_beyond_ascii(&text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_lower_case_and_a_doi_is_a_doi() {
        assert_eq!(identifier("HDL:21.14100/81B0").unwrap().as_str(), "hdl:21.14100/81b0");
        assert_eq!(identifier("21.T11998/A/b.C").unwrap().as_str(), "hdl:21.t11998/a/b.c");
        assert_eq!(identifier("10.1234/X").unwrap().as_str(), "doi:10.1234/x");
        assert_eq!(identifier("10.1/x").unwrap_err().rule(), "doi-form");
    }

    #[test]
    fn addresses_are_decoded_once_and_texts_are_not() {
        assert_eq!(of_address("2027/mdp%2F%C3%BC%252F").unwrap().as_str(), "hdl:2027/mdp/%c3%bc%2f");
        assert_eq!(identifier("2027/mdp%2F").unwrap().as_str(), "hdl:2027/mdp%2f");
        assert_eq!(of_address("2027/a%00").unwrap_err().rule(), "forbidden-character");
        assert_eq!(of_address("2027/%FF").unwrap_err().rule(), "hdl-escape");
        for text in ["2027", "2027/", "20 27/x", "2027/a b", "/x", "20..27/x"] {
            assert_eq!(identifier(text).unwrap_err().rule(), "hdl-form", "{text}");
        }
    }
}
