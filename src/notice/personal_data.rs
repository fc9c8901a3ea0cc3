//! Finding contact data of people in texts: e-mail addresses and telephone numbers.
//!
//! Advice for drafting and client POST only, so it may change with every release; nothing here is a rule of form. It aims at
//! what should never be published by accident and stays quiet on what notices are full of: dates, counts, DOIs, versions,
//! checksums and `git@` remotes.

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PersonalData {
    /// Something like `name@example.org`.
    EmailAddress(String),
    /// Something like `+49 30 901820` or `555-123-4567`.
    PhoneNumber(String),
}

/// The first e-mail address and the first telephone number of `text`.
pub(super) fn find(text: &str) -> Vec<PersonalData> {
    let email = email_address(text).map(|found| PersonalData::EmailAddress(found.to_owned()));
    let phone = phone_number(text).map(PersonalData::PhoneNumber);
    email.into_iter().chain(phone).collect()
}

/// The first e-mail address; the `git@host` of a repository is none.
pub(super) fn email_address(text: &str) -> Option<&str> {
    let is_local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    text.match_indices('@').find_map(|(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        let local = before.trim_end_matches(is_local);
        let start = local.len();
        let end = at + 1 + after.find(|c| !is_domain(c)).unwrap_or(after.len());
        let found = text.get(start..end)?.trim_end_matches(['.', '-']);
        let (local, domain) = found.split_once('@')?;
        let (_, top) = domain.rsplit_once('.')?;
        let sound = !local.is_empty() && local != "git" && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
        sound.then_some(found)
    })
}

/// The first telephone number: international (`+` and 8 to 15 digits), North American (3-3-4), or any 6 digits and more behind
/// a word such as "phone".
fn phone_number(text: &str) -> Option<String> {
    // Most texts have no digit at all.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let starts = (0..chars.len()).filter(|at| {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let joined = before.is_some_and(|b| b.is_alphanumeric() || "+(.-/_=%:#@".contains(b));
        !joined && chars.get(*at).is_some_and(|c| *c == '+' || *c == '(' || c.is_ascii_digit())
    });
    for at in starts {
        let number = Number::read(&chars, at);
        if number.is_international() || number.is_north_american() || number.follows_a_phone_word(&chars, at) {
            return Some(number.text.trim_end().to_owned());
        }
    }
    None
}

/// A run of digits with single separators between groups.
struct Number {
    text: String,
    groups: Vec<usize>,
}

/// How many characters of a run are looked at.
const LONGEST: usize = 40;

impl Number {
    fn read(chars: &[char], start: usize) -> Self {
        let mut number = Self { text: String::new(), groups: Vec::new() };
        let mut separators = 0;
        for (offset, c) in chars.iter().skip(start).take(LONGEST).enumerate() {
            match c {
                '+' if offset == 0 => number.text.push('+'),
                digit if digit.is_ascii_digit() => {
                    match number.groups.last_mut() {
                        Some(group) if separators == 0 => *group += 1,
                        _ => number.groups.push(1),
                    }
                    separators = 0;
                    number.text.push(*digit);
                }
                ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' if separators < 2 => {
                    separators += 1;
                    number.text.push(*c);
                }
                _ => break,
            }
        }
        number
    }

    fn digits(&self) -> usize {
        self.groups.iter().sum()
    }

    fn is_international(&self) -> bool {
        self.text.starts_with('+') && (8..=15).contains(&self.digits())
    }

    fn is_north_american(&self) -> bool {
        matches!(self.groups.as_slice(), [3, 3, 4] | [1, 3, 3, 4])
    }

    fn follows_a_phone_word(&self, chars: &[char], start: usize) -> bool {
        const WORDS: [&str; 12] = [
            "tel",
            "phone",
            "telephone",
            "telefon",
            "telefone",
            "telefono",
            "teléfono",
            "téléphone",
            "mobile",
            "mobil",
            "fax",
            "whatsapp",
        ];
        let before: String = chars.get(start.saturating_sub(24)..start).unwrap_or_default().iter().collect();
        let word = before.trim_end_matches([' ', ':', '.', '\u{a0}', '-']);
        let last = word.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        (6..=15).contains(&self.digits()) && WORDS.contains(&last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_found_in_running_text() {
        for text in [
            "write to jane.doe+x@cs.example.edu.",
            "mail <info@example.org>",
            "ask @jane@social.example for more",
            "müller@bücher.example",
            "https://example.org/?mail=a.b@example.org",
        ] {
            assert!(matches!(find(text).as_slice(), [PersonalData::EmailAddress(_)]), "{text}");
        }
        for text in [
            "call +49 30 901820-0 today",
            "+4915112345678",
            "(555) 123-4567",
            "555.123.4567",
            "1-800-555-0199",
            "Tel.: 030 901820",
            "telephone 0207 9460000",
        ] {
            assert!(matches!(find(text).as_slice(), [PersonalData::PhoneNumber(_)]), "{text}: {:?}", find(text));
        }
    }

    #[test]
    fn what_notices_are_full_of_is_not_taken_for_personal_data() {
        for text in [
            "Removed on 2019-06-05 and 2019-06-06, after 10,000,000 downloads.",
            "doi 10.5281/zenodo.1234567, arXiv 1607.08221v1",
            "680 of 700,000 images; ISBN 978-3-16-148410-0",
            "git clone git@github.com:owner/name.git",
            "hf datasets/owner/name@0123456789012345678901234567890123456789",
            "md5 00112233445566778899001122334455 and v1.2.3.4",
            "the years 2004 2005 2006 2007 2008",
            "ORCID 0000-0002-1825-0097",
            "an increase of +1 000 images, @ 50 px, numpy@1.26",
            "https://example.org/555-123-4567",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_search_panic_or_loop(text in "[+()0-9@. a-zé/-]{0,60}|.{0,40}") {
            let _ = find(&text);
        }
    }
}
