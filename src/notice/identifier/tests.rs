//! What holds for every scheme: the published vectors, and the properties that make a normal form one.

use proptest::prelude::*;
use serde_json::Value;

use super::respelling::{normal_identifiers, respelled};
use super::*;

const VECTORS: &str = include_str!("../../../tests/fixtures/identifiers/vectors.json");

fn vectors(list: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    document[list].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn keys(id: &Identifier) -> Vec<String> {
    id.lookup_keys().iter().map(|key| key.as_str().to_owned()).collect()
}

#[test]
fn every_spelling_of_the_vectors_comes_to_its_normal_form_or_is_refused_by_its_rule() {
    let mut schemes = std::collections::BTreeMap::<Scheme, usize>::new();
    for vector in vectors("spellings") {
        let given = text(&vector["given"]);
        match (Identifier::normalise(given), vector["normal"].as_str()) {
            (Ok(id), Some(normal)) => {
                assert_eq!(id.as_str(), normal, "{given:?}");
                assert_eq!(serde_json::json!(keys(&id)), vector["keys"], "{given:?}");
                assert_eq!(Identifier::from_normal(normal), Ok(id.clone()), "{given:?}");
                if given != normal {
                    assert_eq!(
                        Identifier::from_normal(given),
                        Err(IdentifierError::NotNormal { normal: id.clone() }),
                        "{given:?}"
                    );
                }
                *schemes.entry(id.scheme()).or_default() += 1;
            }
            (Err(error), None) => assert_eq!(error.rule(), text(&vector["refused"]), "{given:?}: {error}"),
            (result, _) => panic!("{given:?} gave {result:?}, expected {vector}"),
        }
    }
    for scheme in Scheme::ALL {
        assert!(schemes.get(scheme).is_some_and(|count| *count >= 5), "{scheme} has too few vectors");
    }
}

#[test]
fn every_question_of_the_vectors_is_asked_under_its_candidates() {
    for vector in vectors("questions") {
        let asked = text(&vector["asked"]);
        match Identifier::candidates(asked) {
            Ok(found) => assert_eq!(serde_json::json!(found), vector["candidates"], "{asked:?}"),
            Err(error) => assert_eq!(error.rule(), text(&vector["refused"]), "{asked:?}: {error}"),
        }
    }
}

#[test]
fn every_meeting_of_the_vectors_is_as_it_says() {
    for vector in vectors("meetings") {
        let asked = Identifier::from_normal(text(&vector["asked"])).unwrap();
        let subject = Identifier::from_normal(text(&vector["subject"])).unwrap();
        let meeting = asked.meets(&subject).map(|meeting| match meeting {
            Meeting::Same => "same",
            Meeting::UnversionedSubject => "unversioned-subject",
            Meeting::VersionedSubject => "versioned-subject",
        });
        assert_eq!(meeting, vector["meeting"].as_str(), "{vector}");
    }
}

#[test]
fn trivial_identifiers_of_the_vectors_are_known() {
    for vector in vectors("trivial") {
        assert!(Identifier::from_normal(text(&vector)).unwrap().is_trivial(), "{vector}");
    }
    assert!(!Identifier::from_normal("md5:88813c6b15de58afc8fa75ea83361d7f").unwrap().is_trivial());
}

#[test]
fn digests_are_blinded_as_the_vectors_say_and_found_under_both_keys() {
    for vector in vectors("blinded") {
        let plain = Identifier::from_normal(text(&vector["plain"])).unwrap();
        let hidden = plain.blinded().unwrap();
        assert_eq!(hidden.as_str(), text(&vector["blind"]), "{plain}");
        assert_eq!(plain.meets(&hidden), Some(Meeting::Same));
        let asked: Vec<String> = plain.question_keys().iter().map(|key| key.as_str().to_owned()).collect();
        assert_eq!(asked, [keys(&plain), keys(&hidden)].concat());
        assert!(!keys(&plain).contains(&hidden.as_str().to_owned()), "a plain digest is not indexed as blinded");
        assert_eq!(hidden.digest().unwrap().0, DigestAlgorithm::Blind);
    }
}

#[test]
fn digests_give_their_bytes() {
    let id = Identifier::normalise("md5:bc1++XNoIWW685QyDLewsg==").unwrap();
    let (algorithm, bytes) = id.digest().unwrap();
    assert_eq!((algorithm, bytes.len(), bytes.first()), (DigestAlgorithm::Md5, 16, Some(&0x6d)));
    assert_eq!(Identifier::normalise("name:msceleb1m").unwrap().digest(), None);
}

#[test]
fn versions_are_split_off_and_only_where_a_scheme_has_them() {
    let id = Identifier::normalise("kaggle:a/b/versions/12").unwrap();
    assert_eq!(id.version(), Some("12"));
    assert_eq!(id.unversioned().unwrap().as_str(), "kaggle:a/b");
    let plain = Identifier::normalise("doi:10.5281/zenodo.7v2").unwrap();
    assert_eq!((plain.version(), plain.unversioned()), (None, None));
}

/// Texts that come near to identifiers, so that random changes hit the rules.
fn near_identifiers() -> impl Strategy<Value = String> {
    let given: Vec<String> = vectors("spellings").iter().map(|vector| text(&vector["given"]).to_owned()).collect();
    let noise = prop::sample::select(vec![
        "",
        " ",
        "/",
        "//",
        "@",
        ":",
        "%",
        "%2F",
        "%2e",
        ".git",
        ".",
        "v2",
        "www.",
        "?",
        "&id=1",
        "#x",
        "ü",
        "%C3%BC",
        "A",
        "doi:",
        "\u{301}",
        "https://",
        "github.com/",
        "=",
        "x",
        "0",
        "..",
        "\\",
        "İ",
        "ﬁ",
        "'",
        "|",
        "+",
        "@main",
        ")",
        "(",
        "ark:",
        "pkg:",
        "hdl:",
        "-",
        "1220",
        ".dir",
    ]);
    (prop::sample::select(given), any::<prop::sample::Index>(), noise.clone(), any::<prop::sample::Index>(), noise).prop_map(
        |(mut given, first, noise, second, more)| {
            for (at, what) in [(first, noise), (second, more)] {
                let places: Vec<usize> = given.char_indices().map(|(place, _)| place).chain([given.len()]).collect();
                given.insert_str(*at.get(&places), what);
            }
            given
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|[ -~\\x00-\\x1f\\u{80}-\\u{2fff}]{0,40}") {
        let _ = Identifier::candidates(&text);
        let _ = Identifier::of_name(&text);
    }

    #[test]
    fn every_other_spelling_returns_to_the_normal_form(id in normal_identifiers(), choice in any::<usize>()) {
        let spelling = respelled(&id, choice);
        prop_assert_eq!(Identifier::normalise(&spelling), Ok(id), "{}", spelling);
    }

    #[test]
    fn meeting_agrees_with_the_look_up_keys(one in normal_identifiers(), other in normal_identifiers(), pick in 0..4usize) {
        let other = match pick {
            0 => other,
            1 => one.clone(),
            2 => one.unversioned().unwrap_or(other),
            _ => Identifier::normalise(&one.as_str().replace("http://", "https://www.")).unwrap(),
        };
        for (asked, subject) in [(&one, &other), (&other, &one)] {
            let share = keys(asked).iter().any(|key| keys(subject).contains(key));
            let two_versions = asked.version().is_some() && subject.version().is_some() && asked.version() != subject.version();
            prop_assert_eq!(asked.meets(subject).is_some(), share && !two_versions);
        }
        let mirrored = match one.meets(&other) {
            Some(Meeting::UnversionedSubject) => Some(Meeting::VersionedSubject),
            Some(Meeting::VersionedSubject) => Some(Meeting::UnversionedSubject),
            same => same,
        };
        prop_assert_eq!(other.meets(&one), mirrored);
    }

    #[test]
    fn the_name_of_any_title_is_a_fixed_point(title in "\\PC{0,40}") {
        if let Ok(name) = Identifier::of_name(&title) {
            prop_assert_eq!(Identifier::from_normal(name.as_str()), Ok(name));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn normalising_is_idempotent(text in near_identifiers()) {
        for id in Identifier::candidates(&text).unwrap_or_default() {
            prop_assert_eq!(Identifier::from_normal(id.as_str()), Ok(id.clone()), "{}", text);
            prop_assert!(id.as_str().len() <= MAX_LENGTH && id.as_str().bytes().all(|b| b.is_ascii_graphic()));
            if let Some(thing) = id.unversioned() {
                prop_assert_eq!(Identifier::from_normal(thing.as_str()), Ok(thing.clone()));
            }
        }
    }
}
