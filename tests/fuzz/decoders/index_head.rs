//! The payload of the head of a compact list: written again from its fields it says the same.

use palinode::envelope::IndexHead;

use super::json::meaning;

pub fn check(data: &[u8]) {
    let Ok(head) = IndexHead::parse(data) else { return };
    let written = head.write().expect("it can be written again");
    assert_eq!(meaning(&written), meaning(data), "somebody else reads something else");
    assert_eq!(IndexHead::parse(&written), Ok(head));
}
