//! Checkpoints, unsigned and signed: byte for byte.

use palinode::tlog::{Checkpoint, Note, SignedCheckpoint, UnverifiedCheckpoint};

use super::{log_key, witness_key};

pub fn check(data: &[u8]) {
    if let Some(text) = super::text(data)
        && let Ok(checkpoint) = Checkpoint::parse(text)
    {
        assert_eq!(checkpoint.to_text(), text);
    }
    let note = Note::parse(data);
    let Ok(read) = UnverifiedCheckpoint::parse(data) else {
        assert!(note.is_err() || note.is_ok_and(|note| Checkpoint::parse(note.text()).is_err()));
        return;
    };
    let note = note.expect("a signed checkpoint is a note");
    assert_eq!(read.checkpoint().to_text(), note.text());
    let (log, witness) = (log_key(), witness_key());
    let Ok(signed) = read.verify(&log) else { return };
    assert_eq!(signed.bytes(), data);
    let cosignatures = signed.cosignatures(std::slice::from_ref(&witness));
    let bare = signed.with_cosignatures(&cosignatures, 15).expect("there is room: it has fewer lines than before");
    let again = SignedCheckpoint::parse_and_verify(bare.bytes(), &log).expect("what is written is read");
    assert_eq!(again.checkpoint(), signed.checkpoint());
    assert_eq!(again.cosignatures(std::slice::from_ref(&witness)), cosignatures);
}
