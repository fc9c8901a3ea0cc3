//! The one reading of JSON: whatever it accepts, `serde_json` reads with the same meaning; what `serde_json` reads and it refuses
//! has a duplicate key, another number than a whole one up to 2^53-1, or too many levels.

use palinode::strict_json::{Value, parse};

use super::json::Loose;

pub fn check(data: &[u8]) {
    let loose = serde_json::from_slice::<Loose>(data);
    match parse(data) {
        Ok(value) => {
            let loose = loose.expect("strict JSON is JSON");
            assert!(!loose.is_faulty(0), "it has what strict JSON refuses");
            assert_eq!(plain(&value), serde_json::from_slice::<serde_json::Value>(data).expect("read just now"));
            assert_eq!(parse(write(&value).as_bytes()), Ok(value), "written and read again it says something else");
        }
        Err(fault) => {
            assert!(!fault.reason.is_empty());
            assert!(loose.is_err() || loose.is_ok_and(|loose| loose.is_faulty(0)), "refused without a reason: {fault}");
        }
    }
}

fn plain(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Integer(number) => (*number).into(),
        Value::Text(text) => text.as_ref().into(),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone().into_owned(), plain(value))).collect(),
    }
}

/// Writes the value with its fields in their order.
fn write(value: &Value<'_>) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(write).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let field = |name: &str, value| format!("{}:{}", serde_json::Value::from(name), write(value));
            let fields: Vec<_> = fields.iter().map(|(name, value)| field(name, value)).collect();
            format!("{{{}}}", fields.join(","))
        }
        other => plain(other).to_string(),
    }
}
