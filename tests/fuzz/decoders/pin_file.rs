//! Pin files: the record in them is rightly signed, and writing one again is a fixed point.

use palinode::envelope::{Envelope, PinFile};

pub fn check(data: &[u8]) {
    let Ok(pin) = PinFile::parse(data) else { return };
    assert_eq!(pin.record().value().sequence, 0);
    let entry = pin.record().signed().entry();
    Envelope::parse_canonical(entry).expect("the pinned record is an entry");
    let written = pin.to_json();
    let again = PinFile::parse(written.as_bytes()).expect("what is written is read");
    assert_eq!(again.to_json(), written);
    assert_eq!(again.record().value(), pin.record().value());
    assert_eq!(again.record().signed().entry(), entry);
    assert_eq!((again.prefixes(), again.note(), again.lineage()), (pin.prefixes(), pin.note(), pin.lineage()));
}
