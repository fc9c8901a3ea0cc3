//! Witness policies: what is read is met by whoever meets it, and never by nobody unless it asks for nobody.

use palinode::envelope::SecretKey;
use palinode::tlog::{Checkpoint, Hash, KeyName, Policy, SignedCheckpoint};

pub fn check(data: &[u8]) {
    let Ok(policy) = Policy::parse(data) else { return };
    // Comments and blanks around it change nothing.
    let padded = [b"# a comment\n\n \t\n", data, b"\n#"].concat();
    if padded.len() <= palinode::tlog::MAX_POLICY {
        assert_eq!(Policy::parse(&padded).as_ref(), Ok(&policy));
    }
    let origin = KeyName::parse(super::ORIGIN).expect("a name");
    let checkpoint = Checkpoint::new(&origin, 1, Hash::leaf(b"leaf"));
    let mut signed = SignedCheckpoint::sign(&SecretKey::from_seed([super::LOG_SEED; 32]), &checkpoint).expect("signed");
    let bare = policy.check(&signed);
    let key = super::witness_key();
    signed.cosign(key.name(), &SecretKey::from_seed([super::WITNESS_SEED; 32]), 1).expect("cosigned");
    let cosigned = policy.check(&signed);
    // More cosignatures never make it worse, and one of a stranger makes it no better.
    assert!(bare.is_err() || cosigned.is_ok());
    if !policy.witnesses().contains(&key) {
        assert_eq!(bare.is_ok(), cosigned.is_ok());
    }
    if let Err(unmet) = bare {
        assert_eq!((unmet.cosigned.len(), unmet.missing.len()), (0, policy.witnesses().len()));
    }
    let log = super::log_key();
    assert_eq!(policy.accepts(&log), policy.logs().is_empty() || policy.logs().contains(&log));
}
