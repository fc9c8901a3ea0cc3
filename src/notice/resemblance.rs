//! Names that look like another publisher's, and words that mix scripts (promise A13).
//!
//! A name is signed as its publisher wrote it, and is never changed here: it is *marked*, with the reason. The mark is ours, decides
//! nothing, and stands wherever the name is shown. Two texts look alike when their skeletons are equal (Unicode Technical Standard
//! 39, section 4); a word mixes scripts when no single script has all of its letters (section 5.1), Latin beside the writing of
//! Chinese, Japanese or Korean excepted, as UTS 39 does for its level *highly restrictive*.
//!
//! What is compared:
//!
//! | shown | with | so that |
//! |---|---|---|
//! | a name | every known name | "Exarnple Lab" cannot pass for "Example Lab", nor "EXAMPLE-LAB" |
//! | a name | every known domain | nobody calls himself `example.org` who is not |
//! | a domain, its labels decoded | every known domain | `xn--…` cannot pass for `example.org` |
//!
//! A publisher that the operator pinned is not marked because of one that is not: otherwise everybody could have the mark put on others.
//! Tables of Unicode change with the library; marks may change with them, and nothing that is signed or decided does.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;
use serde::ser::SerializeStruct;
use unicode_normalization::UnicodeNormalization;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

use super::{Did, DidMethod};

/// How many publishers that something looks like are told.
const MOST_TOLD: usize = 3;

/// Which part of a publisher is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The name that its record gives.
    Name,
    /// The domain of its DID.
    Domain,
}

super::codes!(Part { Name => "name", Domain => "domain" });

/// Why a name is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// It looks like what belongs to another publisher that is known here.
    LooksLike {
        /// What is marked.
        part: Part,
        /// Whose it looks like.
        other: Did,
        /// What of the other.
        its: Part,
        /// As the other writes it.
        text: String,
    },
    /// A word has letters of several scripts.
    MixesScripts {
        /// What is marked.
        part: Part,
        /// The word.
        word: String,
        /// The scripts, by their English names.
        scripts: Vec<String>,
    },
}

/// The names that others may be taken for: of every publisher with a domain that is known, and of pinned ones.
#[derive(Debug, Clone, Default)]
pub struct KnownNames {
    by_look: HashMap<Look, Vec<Known>>,
}

/// How something looks, and as what it is compared.
type Look = (Part, String);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    did: Did,
    part: Part,
    text: String,
    pinned: bool,
}

impl KnownNames {
    /// Makes a publisher known by its domain, if it has one, and by this name.
    pub fn add(&mut self, did: &Did, name: Option<&str>, pinned: bool) {
        let mut keep = |as_part, part, text: &str| {
            for look in looks(as_part, text) {
                let known = Known { did: did.clone(), part, text: text.to_owned(), pinned };
                let alike = self.by_look.entry((as_part, look)).or_default();
                if !alike.contains(&known) {
                    alike.push(known);
                }
            }
        };
        if let Some(name) = name {
            keep(Part::Name, Part::Name, name);
        }
        if let Some(domain) = shown_domain(did) {
            keep(Part::Domain, Part::Domain, &domain);
        }
    }

    /// The marks of a publisher with this name. None because of its own other names.
    pub fn marks(&self, did: &Did, name: Option<&str>, pinned: bool) -> Vec<Mark> {
        let domain = shown_domain(did);
        let mut marks = Vec::new();
        if let Some(name) = name {
            marks.extend(mixed_words(Part::Name, name));
            marks.extend(self.alike(Part::Name, Part::Name, name, did, pinned));
            marks.extend(self.alike(Part::Name, Part::Domain, name, did, pinned));
        }
        if let Some(domain) = domain {
            marks.extend(mixed_words(Part::Domain, &domain));
            marks.extend(self.alike(Part::Domain, Part::Domain, &domain, did, pinned));
        }
        marks
    }

    /// Others whose name, or domain, `text` looks like.
    fn alike(&self, part: Part, as_part: Part, text: &str, did: &Did, pinned: bool) -> Vec<Mark> {
        let mut found: Vec<&Known> = Vec::new();
        for look in looks(as_part, text) {
            for known in self.by_look.get(&(as_part, look)).into_iter().flatten() {
                if known.did != *did && (known.pinned || !pinned) && !found.contains(&known) {
                    found.push(known);
                }
            }
        }
        // Pinned ones first: they are whom an impostor wants to be taken for.
        found.sort_by(|a, b| (!a.pinned, &a.did, &a.text).cmp(&(!b.pinned, &b.did, &b.text)));
        let mark =
            |known: &Known| Mark::LooksLike { part, other: known.did.clone(), its: known.part, text: known.text.clone() };
        found.into_iter().take(MOST_TOLD).map(mark).collect()
    }
}

/// The domain of a `did:web`, its labels as people see them.
fn shown_domain(did: &Did) -> Option<String> {
    let DidMethod::Web(domain) = did.method() else { return None };
    let shown = url::quirks::domain_to_unicode(domain);
    Some(if shown.is_empty() { domain.to_owned() } else { shown })
}

/// How a text looks: the skeletons of it as written, in small letters, and of its compatibility form. Letters count as equal in either
/// case. Spaces are dropped, and in names punctuation too; in domains a dot is a dot.
fn looks(as_part: Part, text: &str) -> Vec<String> {
    let dropped = |c: &char| c.is_whitespace() || (as_part == Part::Name && c.is_ascii_punctuation());
    let look = |text: &str| -> String {
        let small = skeleton(text).collect::<String>().to_lowercase();
        skeleton(&small).filter(|c| !dropped(c)).collect()
    };
    // The skeleton of a capital may be another letter than that of the small one: I looks like l, and is an i.
    let (compatible, small) = (text.nfkc().collect::<String>(), text.to_lowercase());
    let mut looks = vec![look(text), look(&small), look(&compatible), look(&compatible.to_lowercase())];
    looks.sort_unstable();
    looks.dedup();
    looks.retain(|look| !look.is_empty());
    looks
}

/// The words with letters of several scripts.
fn mixed_words(part: Part, text: &str) -> Vec<Mark> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    words.filter_map(|word| Some(Mark::MixesScripts { part, word: word.to_owned(), scripts: mixed_scripts(word)? })).collect()
}

/// The scripts of a word that mixes them; `None` when one script has all its letters, or when the rest is Chinese, Japanese or Korean
/// beside Latin.
fn mixed_scripts(word: &str) -> Option<Vec<String>> {
    if !AugmentedScriptSet::for_str(word).is_empty() {
        return None;
    }
    let latin = AugmentedScriptSet::for_char('a').base;
    let of = |c: char| AugmentedScriptSet::for_char(c);
    let rest: String = word.chars().filter(|c| of(*c).base != latin).collect();
    let beside_latin = AugmentedScriptSet::for_str(&rest);
    if beside_latin.hanb || beside_latin.jpan || beside_latin.kore {
        return None;
    }
    let mut scripts: Vec<String> = Vec::new();
    for c in word.chars().filter(|c| !of(*c).is_all()) {
        let script = of(c).to_string();
        if !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    Some(scripts)
}

/// A sentence for people.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LooksLike { part, other, its: Part::Name, text } => {
                write!(f, "the {part} looks like the name of another publisher, {text} ({other})")
            }
            Self::LooksLike { part, other, its: Part::Domain, text } => {
                write!(f, "the {part} looks like the domain {text} of another publisher ({other})")
            }
            Self::MixesScripts { part, word, scripts } => {
                write!(f, "the {part} mixes scripts in {word}: {}", scripts.join(" and "))
            }
        }
    }
}

/// `{"why": "looks-like" | "mixes-scripts", "part": "name" | "domain", "other"?: DID, "text": sentence}`.
impl Serialize for Mark {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (why, part, other) = match self {
            Self::LooksLike { part, other, .. } => ("looks-like", part, Some(other)),
            Self::MixesScripts { part, .. } => ("mixes-scripts", part, None),
        };
        let mut fields = serializer.serialize_struct("Mark", 3 + usize::from(other.is_some()))?;
        fields.serialize_field("why", why)?;
        fields.serialize_field("part", part)?;
        if let Some(other) = other {
            fields.serialize_field("other", other)?;
        }
        fields.serialize_field("text", &self.to_string())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn domain(host: &str) -> Did {
        Did::parse(&format!("did:web:{host}")).expect("a DID")
    }

    /// What an operator knows: one pinned lab and one publisher that is only known.
    fn known() -> KnownNames {
        let mut names = KnownNames::default();
        names.add(&domain("example.org"), Some("Example Vision Lab"), true);
        names.add(&domain("institute.example"), Some("Московский институт"), false);
        names
    }

    /// The sentences by which somebody at `host` with this name is marked.
    fn marks(host: &str, name: &str) -> Vec<String> {
        known().marks(&domain(host), Some(name), false).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn honest_names_are_not_marked() {
        for (host, name) in [
            ("example.org", "Example Vision Lab"),
            ("other.example", "Other Vision Lab"),
            ("uni.example", "東京 University, データ lab"),
            ("seoul.example", "서울대 AI"),
            ("xn--bcher-kva.example", "Bücher & Söhne №1"),
            ("greek.example", "β-carotene datasets of the Πανεπιστήμιο Αθηνών"),
            ("hebrew.example", "המעבדה Lab 2"),
            ("examples.org", "Examples and Visions"),
            ("data.example.org", "The data of Example"),
        ] {
            assert_eq!(marks(host, name), [""; 0], "{name}");
        }
    }

    #[test]
    fn a_name_that_reads_like_another_is_marked_with_whose_it_is() {
        let like = "the name looks like the name of another publisher, Example Vision Lab (did:web:example.org)";
        for name in [
            "Example Vision Lab",         // the very same
            "EXAMPLE  VISION-LAB",        // case, spaces, punctuation
            "Exarnple Vision Lab",        // r and n for m
            "Examp1e Vision Lab",         // a digit
            "ExampIe Vision Lab",         // a capital I
            "Example Vi\u{200b}sion Lab", // nothing to be seen
            "Ｅｘａｍｐｌｅ Vision Lab",  // full width
        ] {
            assert_eq!(marks("other.example", name), [like], "{name}");
        }
        let cyrillic = marks("other.example", "Ex\u{430}mple Vision Lab");
        assert_eq!(cyrillic, ["the name mixes scripts in Ex\u{430}mple: Latin and Cyrillic", like]);
    }

    #[test]
    fn a_name_of_one_foreign_script_is_marked_when_it_looks_like_a_known_one() {
        let mut names = KnownNames::default();
        names.add(&domain("cope.example"), Some("cope"), true);
        let mark = names.marks(&domain("other.example"), Some("\u{441}\u{43e}\u{440}\u{435}"), false);
        assert_eq!(mark.len(), 1, "all Cyrillic, so nothing is mixed: {mark:?}");
    }

    #[test]
    fn nobody_calls_himself_by_the_domain_of_another() {
        let like = "the name looks like the domain example.org of another publisher (did:web:example.org)";
        assert_eq!(marks("other.example", "example.org"), [like]);
        assert_eq!(marks("other.example", "EXAMPLE.ORG"), [like]);
        assert_eq!(marks("other.example", "examp1e.org"), [like]);
        assert_eq!(marks("example.org", "example.org"), [""; 0], "who is it, may");
    }

    #[test]
    fn a_domain_whose_labels_look_like_a_known_one_is_marked() {
        // xn--exmple-4nf.org is "exаmple" with a Cyrillic а.
        let label = format!("xn--{}", "exmple-4nf");
        let found = marks(&format!("{label}.org"), "Somebody");
        assert!(found.iter().any(|mark| mark.starts_with("the domain mixes scripts")), "{found:?}");
        let like = "the domain looks like the domain example.org of another publisher (did:web:example.org)";
        assert!(found.contains(&like.to_owned()), "{found:?}");
        assert_eq!(marks("exarnple.org", "Somebody"), [like]);
        assert_eq!(marks("ex.ample.org", "Somebody"), [""; 0], "a dot is a dot");
    }

    #[test]
    fn a_pinned_publisher_is_not_marked_because_of_one_that_is_not() {
        let mut names = known();
        names.add(&domain("impostor.example"), Some("Example Vision Lab"), false);
        assert_eq!(names.marks(&domain("example.org"), Some("Example Vision Lab"), true), []);
        assert_eq!(names.marks(&domain("impostor.example"), Some("Example Vision Lab"), false).len(), 1);
        names.add(&domain("twin.example"), Some("Example Vision Lab"), true);
        assert_eq!(names.marks(&domain("example.org"), Some("Example Vision Lab"), true).len(), 1, "of two pinned ones both");
    }

    #[test]
    fn a_mark_is_json_that_programs_and_people_can_read() {
        let mark = known().marks(&domain("other.example"), Some("Exarnple Vision Lab"), false).remove(0);
        let json = serde_json::to_value(&mark).expect("JSON");
        assert_eq!(
            (&json["why"], &json["part"], &json["other"]),
            (&serde_json::json!("looks-like"), &serde_json::json!("name"), &serde_json::json!("did:web:example.org"))
        );
        assert_eq!(json["text"], mark.to_string());
    }

    /// Promise A13: each character that Unicode lists as confusable, put in the place of what it looks like in a protected name.
    #[test]
    fn every_confusable_character_of_unicode_is_caught_in_a_protected_name() {
        let prototype = |c: char| skeleton(c.encode_utf8(&mut [0; 4])).collect::<String>();
        // Behind plane 2 nothing is confusable.
        let confusable = ('\u{0}'..='\u{2ffff}').map(|c| (c, prototype(c)));
        let confusable: Vec<_> = confusable.filter(|(c, like)| !like.is_empty() && *like != c.to_string()).collect();
        let mut tried = 0;
        for name in ["Example Vision Lab", "Quick Jumping Zebras of 2345678", "Институт данных", "ΕΛΛΑΣ δεδομένα"]
        {
            let mut names = KnownNames::default();
            names.add(&domain("example.org"), Some(name), true);
            for (c, like) in &confusable {
                let Some(at) = name.find(like) else { continue };
                let spoof = format!("{}{c}{}", &name[..at], &name[at + like.len()..]);
                tried += 1;
                let marks = names.marks(&domain("other.example"), Some(&spoof), false);
                let caught = marks.iter().any(|mark| matches!(mark, Mark::LooksLike { .. }));
                assert!(caught, "U+{:04X} for {like:?} in {name}", u32::from(*c));
            }
        }
        assert!(tried > 1_000, "{tried}");
    }

    proptest! {
        #[test]
        fn any_text_is_marked_or_not_and_never_panics(name in "\\PC{0,40}", other in "\\PC{0,40}") {
            let mut names = KnownNames::default();
            names.add(&domain("a.example"), Some(&name), true);
            let marks = names.marks(&domain("b.example"), Some(&other), false);
            prop_assert!(marks.len() <= 2 * MOST_TOLD + other.chars().count());
        }

        #[test]
        fn what_looks_alike_is_marked_whoever_is_asked(name in "[a-zA-Z ]{1,12}", upper in any::<bool>()) {
            let spoof = if upper { name.to_uppercase() } else { name.replace('l', "1").replace('m', "rn") };
            let mark_of = |known: &str, shown: &str| {
                let mut names = KnownNames::default();
                names.add(&domain("a.example"), Some(known), false);
                !names.marks(&domain("b.example"), Some(shown), false).is_empty()
            };
            prop_assert_eq!(mark_of(&name, &spoof), mark_of(&spoof, &name), "likeness goes both ways");
            prop_assert_eq!(mark_of(&name, &spoof), !name.trim().is_empty());
        }

        #[test]
        fn one_script_is_never_called_mixed(word in "[a-z]{1,10}|[а-я]{1,10}|[α-ω]{1,10}|[가-힣]{1,6}|[ぁ-ん]{1,6}[a-z]{0,3}") {
            prop_assert_eq!(mixed_scripts(&word), None);
        }
    }
}
