//! The form of language tags: BCP 47 (RFC 5646, section 2.1), well-formedness only, without the grandfathered tags.

/// Whether `tag` is a well-formed `langtag` of at most 35 characters: `en`, `pt-BR`, `zh-Hant-TW`, `sl-rozaj-biske`.
///
/// Whether the subtags are registered is not asked: the registry grows, and the answer must not change with it.
pub fn is_well_formed(tag: &str) -> bool {
    if tag.len() > 35 || !tag.is_ascii() {
        return false;
    }
    let lower = tag.to_ascii_lowercase();
    let mut rest: Vec<&str> = lower.split('-').rev().collect();
    let sound = rest.iter().all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()));
    sound && language(&mut rest) && variants(&mut rest) && extensions(&mut rest) && private_use(&mut rest) && rest.is_empty()
}

fn is_alpha(subtag: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Takes the next subtag when it fits.
fn take_if<'s>(rest: &mut Vec<&'s str>, fits: impl Fn(&str) -> bool) -> Option<&'s str> {
    rest.pop_if(|s| fits(s))
}

/// The language with up to three extended ones, then script and region.
fn language(rest: &mut Vec<&str>) -> bool {
    let Some(language) = take_if(rest, |s| is_alpha(s, 2..=8)) else { return false };
    if language.len() <= 3 {
        for _ in 0..3 {
            take_if(rest, |s| is_alpha(s, 3..=3));
        }
    }
    take_if(rest, |s| is_alpha(s, 4..=4));
    take_if(rest, |s| is_alpha(s, 2..=2) || (s.len() == 3 && s.bytes().all(|b| b.is_ascii_digit())));
    true
}

/// Variants: 5 to 8 characters, or 4 beginning with a digit; none twice.
fn variants(rest: &mut Vec<&str>) -> bool {
    let is_variant = |s: &str| s.len() >= 5 || (s.len() == 4 && s.starts_with(|c: char| c.is_ascii_digit()));
    let mut seen = Vec::new();
    while let Some(variant) = take_if(rest, is_variant) {
        if seen.contains(&variant) {
            return false;
        }
        seen.push(variant);
    }
    true
}

/// Extensions: a singleton other than `x`, none twice, each followed by subtags of 2 to 8 characters.
fn extensions(rest: &mut Vec<&str>) -> bool {
    let mut seen = Vec::new();
    while let Some(singleton) = take_if(rest, |s| s.len() == 1 && s != "x") {
        let mut length = 0;
        while take_if(rest, |s| s.len() >= 2).is_some() {
            length += 1;
        }
        if length == 0 || seen.contains(&singleton) {
            return false;
        }
        seen.push(singleton);
    }
    true
}

/// `x-` and at least one subtag.
fn private_use(rest: &mut Vec<&str>) -> bool {
    if take_if(rest, |s| s == "x").is_some() {
        let some = !rest.is_empty();
        rest.clear();
        return some;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc_are_well_formed() {
        for tag in [
            "de",
            "fr",
            "ja",
            "zh-Hant",
            "zh-cmn-Hans-CN",
            "cmn-Hans-CN",
            "sr-Latn-RS",
            "sl-rozaj-biske",
            "de-CH-1901",
            "hy-Latn-IT-arevela",
            "en-US",
            "es-419",
            "de-CH-x-phonebk",
            "en-a-myext-b-another",
            "de-a-value",
            "sl-IT-nedis",
            "en-GB-u-ca-gregory",
        ] {
            assert!(is_well_formed(tag), "{tag}");
        }
    }

    #[test]
    fn broken_tags_are_refused() {
        for tag in [
            "",
            "e",
            "english language",
            "en_US",
            "de-419-DE",
            "a-DE",
            "ar-a-aaa-b-bbb-a-ccc",
            "de-1901-1901",
            "en-",
            "-en",
            "en--US",
            "en-a",
            "en-x",
            "123",
            "i-klingon",
            "abcdefghi",
            "ён",
            "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd",
        ] {
            assert!(!is_well_formed(tag), "{tag}");
        }
    }

    proptest::proptest! {
        #[test]
        fn case_never_matters(tag in "[a-zA-Z]{1,4}(-[a-zA-Z0-9]{1,8}){0,4}") {
            proptest::prop_assert_eq!(is_well_formed(&tag), is_well_formed(&tag.to_ascii_uppercase()));
        }
    }
}
