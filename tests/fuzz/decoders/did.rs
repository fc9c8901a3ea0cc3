//! DIDs and lineage ids: one spelling each.

use palinode::envelope::{LineageId, PublicKey};
use palinode::notice::{Did, DidMethod};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    if let Some(lineage) = LineageId::parse(text) {
        assert_eq!(lineage.to_string(), text);
    }
    let Ok(did) = Did::parse(text) else { return };
    assert_eq!(did.as_str(), text);
    match did.method() {
        DidMethod::Key(multibase) => {
            assert_eq!(format!("did:key:{multibase}"), text);
            let key = PublicKey::from_did_key(&did);
            assert_eq!(key, PublicKey::from_multibase(multibase));
            assert!(key.is_err() || key.is_ok_and(|key| key.to_did() == did), "a key has one DID");
            assert!(LineageId::parse(text).is_some());
        }
        DidMethod::Web(domain) => {
            assert_eq!(format!("did:web:{domain}"), text);
            // A name that only looks like an A-label is no host of the web, and nobody can verify it: which ones are real depends
            // on the version of Unicode, and the form of a DID must not.
            if let Ok(url) = url::Url::parse(&format!("https://{domain}/.well-known/did.json")) {
                assert_eq!(url.domain(), Some(domain), "the web knows the domain under another name");
            }
            assert!(LineageId::parse(text).is_none());
        }
    }
}
