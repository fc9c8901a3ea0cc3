//! Identifiers of every scheme: normal forms are fixed points, and what may be meant by a question is brought to them.

use palinode::notice::identifier::MAX_LENGTH;
use palinode::notice::{Identifier, LookupKey, Meeting, Scheme};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    let candidates = Identifier::candidates(text);
    match Identifier::normalise(text) {
        Ok(id) => {
            sound(&id);
            let (first, others) =
                candidates.as_ref().ok().and_then(|found| found.split_first()).expect("what is one is a candidate");
            assert_eq!(first, &id, "a spelling means one thing");
            // A magnet link of a hybrid torrent has both of its names, and an address with an ARK in it may be that of a resolver.
            let pairs = [(Scheme::Btih, Scheme::Btmh), (Scheme::Url, Scheme::Ark)];
            let is_paired = |other: &Identifier| pairs.contains(&(id.scheme(), other.scheme()));
            assert!(others.iter().all(is_paired) && others.len() <= 1, "{text:?} means {others:?} besides");
            assert_eq!(Identifier::from_normal(text).is_ok(), id.as_str() == text);
        }
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            assert!(Identifier::from_normal(text).is_err());
        }
    }
    for candidate in candidates.iter().flatten() {
        sound(candidate);
    }
    assert!(candidates.as_ref().is_ok_and(|found| !found.is_empty()) || candidates.is_err());
    if text.contains("==") {
        let inner = text.trim().trim_end_matches('=').contains("==");
        let digest = candidates.as_ref().is_ok_and(|found| found.iter().any(|id| id.digest().is_some()));
        assert!(!inner || !digest, "a digest has one spelling in base64");
    }
    if let Ok(name) = Identifier::of_name(text) {
        sound(&name);
    }
}

fn sound(id: &Identifier) {
    let text = id.as_str();
    assert!(text.len() <= MAX_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    assert_eq!(Identifier::normalise(text).as_ref(), Ok(id), "{text:?} is no fixed point");
    assert_eq!(Identifier::from_normal(text).as_ref(), Ok(id));
    assert_eq!(text, format!("{}:{}", id.scheme(), id.value()));
    assert_eq!(id.meets(id), Some(Meeting::Same));
    let keys = id.lookup_keys();
    assert!(keys.iter().all(|key| LookupKey::from_stored(key.as_str().to_owned()) == *key));
    assert_eq!(id.version().is_some(), id.unversioned().is_some());
    if let Some(thing) = id.unversioned() {
        assert_eq!(Identifier::normalise(thing.as_str()).as_ref(), Ok(&thing), "{thing:?} is no fixed point");
        assert!(thing.version().is_none() && keys.ends_with(&thing.lookup_keys()), "{thing:?}");
        assert_eq!(id.meets(&thing), Some(Meeting::UnversionedSubject));
        assert_eq!(thing.meets(id), Some(Meeting::VersionedSubject));
    }
    if let Some((algorithm, digest)) = id.digest() {
        assert_eq!(digest.len() as u64, algorithm.width());
    }
    let _ = id.is_trivial();
}
