//! DID documents: whatever stands around them, the keys are sound, sorted and named once, and a document is never that of another DID.

use palinode::envelope::DidDocument;
use palinode::notice::{Did, Timestamp};

pub fn check(data: &[u8]) {
    let time = |text: &str| Timestamp::parse(text).expect("a time").time();
    let now = time("2026-11-23T12:00:00Z");
    let did = |name: &str| Did::parse(&format!("did:web:{name}")).expect("a DID");
    let Ok(document) = DidDocument::parse(data, &did("example.org"), now) else { return };
    assert!(DidDocument::parse(data, &did("example.com"), now).is_err(), "a document of two DIDs");
    let keys = document.keys();
    assert!(keys.is_sorted() && keys.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(document.names_all(keys), !keys.is_empty());
    for key in keys {
        assert!(
            String::from_utf8_lossy(data).contains(&key.to_multibase()) || data.contains(&b'\\'),
            "a key that is not written there"
        );
    }
    // Keys only end as time goes on.
    let later = DidDocument::parse(data, &did("example.org"), time("9999-12-31T23:59:59Z")).expect("the same bytes");
    assert!(later.keys().iter().all(|key| keys.contains(key)));
}
