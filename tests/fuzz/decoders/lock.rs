//! Lock files: what is read is written and read again, and verifying any of it comes to an end.

use palinode::client::lock::Lock;

pub fn check(data: &[u8]) {
    let Ok(lock) = Lock::parse(data) else { return };
    let written = lock.to_json().expect("it can be written again");
    let again = Lock::parse(written.as_bytes()).expect("it can be read again");
    assert_eq!(again.to_json().expect("it can be written again"), written);
    assert!(lock.identifiers().is_sorted());
    let shown = lock.verify();
    assert_eq!(shown.is_ok(), again.verify().is_ok());
}
