//! The texts document: written again it says the same, to us and to every other reader of JSON.

use palinode::notice::Texts;

use super::json::meaning;

pub fn check(data: &[u8]) {
    let Ok(texts) = Texts::parse(data) else { return };
    let written = texts.to_document();
    assert_eq!(meaning(&written), meaning(data), "somebody else reads something else");
    assert_eq!(Texts::parse(&written), Ok(texts.clone()), "written and read again it says something else");
    assert!(!texts.words().is_empty());
}
