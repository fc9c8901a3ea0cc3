//! `ark:`, archival resource keys (ARK specification, draft-kunze-ark): `NAAN/Name` without resolver.
//!
//! The number of the assigning authority is lower case, the name keeps its case. Hyphens mean nothing anywhere in a name and are
//! removed. Names are kept as they are otherwise: inflections (`?info`), empty components and a slash or dot at an end are refused.

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme, strip_prefix_any_case, url};

/// Why a text is no ARK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArkFault {
    /// No number of an assigning authority in front, or no name behind it.
    #[error("an ARK is written ark:NAAN/name, where NAAN is five or more digits or letters without vowels and l")]
    Form,
    /// A character that no name holds, an empty component, or a slash or dot at an end.
    #[error(
        "the name of an ARK has letters, digits and = ~ * + @ _ $ . % , parts by single slashes, and no inflection such as ?info"
    )]
    Name,
}

impl ArkFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Form => "ark-form",
            Self::Name => "ark-name",
        }
    }
}

/// The digits of an authority's number: those that cannot be mistaken for one another or make up words.
const BETANUMERIC: &[u8] = b"0123456789bcdfghjkmnpqrstvwxz";

/// Reads what stands behind `ark:`, the address of any resolver included.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let mut bare = text.trim();
    if bare.contains("://") {
        bare = in_address(bare).ok_or(ArkFault::Form)?;
    }
    while let Some(shorter) = strip_prefix_any_case(bare, "ark:") {
        bare = shorter.trim_start();
    }
    let (authority, name) = bare.strip_prefix('/').unwrap_or(bare).split_once('/').ok_or(ArkFault::Form)?;
    let authority = authority.to_ascii_lowercase();
    if authority.len() < 5 || !authority.bytes().all(|b| BETANUMERIC.contains(&b)) {
        return Err(ArkFault::Form.into());
    }
    let name = url::canonical_escapes(name).map_err(|_broken_escape| ArkFault::Name)?.replace('-', "");
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"=~*+@_$./%".contains(&b));
    let is_tidy = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.'));
    // What no URL may hold came out as an escape; of those, nobody writes a space or a sharp into a name.
    if !is_name || !is_tidy || name.contains("%20") || name.contains("%23") {
        return Err(ArkFault::Name.into());
    }
    Identifier::assemble(Scheme::Ark, &format!("{authority}/{name}"))
}

/// A page of the two resolvers that know every ARK, `n2t.net` and `arks.org`. Elsewhere an address with an ARK in it may mean the
/// copy that is there, and stays a `url:`.
pub(super) fn resolver_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    strip_prefix_any_case(page.path, "ark:").map(identifier)
}

/// The ARK within an address, without query and fragment; `None` for an address without one.
pub(super) fn in_address(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next()?;
    let at = path.to_ascii_lowercase().find("/ark:")?;
    path.get(at + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ark(text: &str) -> Result<String, &'static str> {
        identifier(text).map(|id| id.as_str().to_owned()).map_err(|error| error.rule())
    }

    #[test]
    fn both_spellings_and_every_resolver_lead_to_one_form() {
        for text in [
            "/99999/fk41CrU4eszeLUDe",
            "99999/fk4-1CrU4-eszeLUDe",
            "ark:/99999/fk41CrU4eszeLUDe",
            "https://data.example.org/get/ark:/99999/fk41CrU4eszeLUDe?info#top",
        ] {
            assert_eq!(ark(text).as_deref(), Ok("ark:99999/fk41CrU4eszeLUDe"), "{text}");
        }
        assert_eq!(ark("B5072/FK2x").as_deref(), Ok("ark:b5072/FK2x"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["99999/", "99999/a//b", "99999/a/", "99999/-/b", "99999/a?info", "99999/a b", "99999/a%2", "99999/.a"] {
            assert_eq!(ark(text), Err("ark-name"), "{text}");
        }
        for text in ["9999/abc", "99999", "aeiou1/x", "https://example.org/99999/x"] {
            assert_eq!(ark(text), Err("ark-form"), "{text}");
        }
    }
}
