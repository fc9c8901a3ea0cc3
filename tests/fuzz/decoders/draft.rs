//! Drafts: what completes is a notice that a server reads as the drafter does, and completing is a fixed point.

use palinode::envelope::SecretKey;
use palinode::notice::{DocumentHash, Draft, Notice, Texts, Timestamp};

pub fn check(data: &[u8]) {
    let Ok(draft) = Draft::parse(data) else { return };
    let issuer = draft.issuer().cloned().unwrap_or_else(|| SecretKey::from_seed([1; 32]).public().to_did());
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
    let Ok(completed) = draft.complete(&issuer, issued, [7; 32]) else { return };
    assert_eq!(Notice::parse(&completed.payload).as_ref(), Ok(&completed.notice));
    assert_eq!(completed.notice.issuer.id, issuer);
    if let Some(texts) = &completed.texts {
        Texts::parse(texts).expect("the texts of a draft are a texts document");
        assert_eq!(completed.notice.texts, Some(DocumentHash::of(texts)));
    } else {
        let again = Draft::parse(&completed.payload).expect("a notice without texts is a draft of itself");
        let again = again.complete(&issuer, issued, [8; 32]).expect("it completes");
        assert_eq!(again.payload, completed.payload);
    }
}
