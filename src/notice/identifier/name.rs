//! `name:`, what people call a dataset, reduced to its letters and digits: a hint and never more (`possible`).
//!
//! The key is the fixed point of: Unicode NFKC, lower case, and dropping everything but letters and digits of any script. An
//! identifier is ASCII, so other letters stand as percent escapes of their UTF-8 in lower-case hex: `name:%e9%a1%94`. A value that
//! consists of nothing but small letters, digits and such escapes is read as that normal form; anything else is read as words.
//! A title of 300 characters can exceed the 1,024 bytes of an identifier in scripts beyond ASCII; then it has no `name:`.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::{Identifier, IdentifierError, Scheme, escape_beyond_ascii};

/// Why a text is no usable name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Fewer than four letters and digits would hit too much.
    #[error("a name needs at least {MIN_CHARACTERS} letters or digits, this has {characters}")]
    TooShort {
        /// How many it has.
        characters: usize,
    },
    /// Case folding and normalisation do not come to rest on it.
    #[error("this name has no stable lower-case form")]
    Unstable,
}

impl NameFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "name-too-short",
            Self::Unstable => "name-unstable",
        }
    }
}

const MIN_CHARACTERS: usize = 4;

/// Real names come to rest after one or two rounds; the bound only guards against a character that never does.
const MAX_ROUNDS: usize = 8;

/// Reads what stands behind `name:`, or a title.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let key = match escaped_key(text) {
        Some(key) => key,
        None => key_of(text)?,
    };
    let characters = key.chars().count();
    if characters < MIN_CHARACTERS {
        return Err(NameFault::TooShort { characters }.into());
    }
    Identifier::assemble(Scheme::Name, &escape_beyond_ascii(&key))
}

/// The key that `text` spells in normal form, if it does.
fn escaped_key(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    let key = key_of(&decoded).ok()?;
    (escape_beyond_ascii(&key) == text).then_some(key)
}

fn key_of(text: &str) -> Result<String, NameFault> {
    if text.is_ascii() {
        // NFKC changes nothing here, and one round comes to rest.
        return Ok(text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())).collect());
    }
    let mut key = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        let next: String = key.nfkc().flat_map(char::to_lowercase).nfkc().filter(|c| c.is_alphanumeric()).collect();
        if next == key {
            return Ok(key);
        }
        key = next;
    }
    Err(NameFault::Unstable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_one_name_are_one() {
        for text in ["MS-Celeb-1M", "ms celeb 1m", "ＭＳ－Ｃｅｌｅｂ－１Ｍ", "(MS_Celeb 1M)"] {
            assert_eq!(identifier(text).unwrap().as_str(), "name:msceleb1m", "{text}");
        }
    }

    #[test]
    fn names_of_other_scripts_are_escaped_and_read_back() {
        let id = identifier("顔データ").unwrap();
        assert_eq!(id.as_str(), "name:%e9%a1%94%e3%83%87%e3%83%bc%e3%82%bf");
        assert_eq!(identifier(id.value()).unwrap(), id);
    }

    #[test]
    fn ascii_is_reduced_as_any_other_script_is() {
        let all: String = (0..128).map(char::from).collect();
        let slowly: String = all.nfkc().flat_map(char::to_lowercase).nfkc().filter(|c| c.is_alphanumeric()).collect();
        assert_eq!(key_of(&all), Ok(slowly));
    }

    #[test]
    fn a_percent_sign_in_a_title_is_punctuation() {
        assert_eq!(identifier("100%ef sample").unwrap().as_str(), "name:100efsample");
    }

    #[test]
    fn three_letters_are_too_few() {
        assert_eq!(identifier("A.O.L.").unwrap_err(), NameFault::TooShort { characters: 3 }.into());
    }
}
