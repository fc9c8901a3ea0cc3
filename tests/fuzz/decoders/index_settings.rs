//! Trust settings in writing: read again after writing they have the same hash.

use palinode::compact::settings;

pub fn check(data: &[u8]) {
    let Ok(trust) = settings::parse(data) else { return };
    let again = settings::parse(&settings::write(&trust)).expect("it can be read again");
    assert_eq!(again.hash(), trust.hash());
}
