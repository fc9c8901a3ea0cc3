//! The question of `POST /v1/check`: strict JSON with one reading.

use palinode::http::CheckQuestion;

use super::json::Loose;

pub fn check(data: &[u8]) {
    let Ok(question) = CheckQuestion::parse(data) else { return };
    let value: serde_json::Value = serde_json::from_slice(data).expect("a question is JSON");
    assert_eq!(value, serde_json::json!({ "ids": question.ids }), "somebody else reads something else");
    assert!(serde_json::from_slice::<Loose>(data).is_ok_and(|loose| !loose.is_faulty(0)));
    for id in &question.ids {
        super::identifier::check(id.as_bytes());
    }
}
