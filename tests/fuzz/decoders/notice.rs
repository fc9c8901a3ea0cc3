//! The payload of a notice: written again it says the same, to us and to every other reader of JSON.

use palinode::notice::{Notice, advise, index};

use super::json::meaning;

pub fn check(data: &[u8]) {
    let Ok(notice) = Notice::parse(data) else { return };
    let written = serde_json::to_vec(&notice).expect("written to memory");
    assert_eq!(meaning(&written), meaning(data), "somebody else reads something else");
    assert_eq!(Notice::parse(&written), Ok(notice.clone()), "written and read again it says something else");
    for fact in index::facts(&notice) {
        assert!(!fact.key.as_str().is_empty());
    }
    let _ = advise(&notice, None);
}
