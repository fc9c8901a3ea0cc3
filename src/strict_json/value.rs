use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// How deep a signed document may nest: an object in an object is depth 2 (protocol, section 3, step 2).
pub const MAX_DEPTH: usize = 16;
/// The largest integer that every JSON reader keeps exactly: 2^53 - 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// No object that is signed or asked has nearly as many keys; one that has is refused before the rest of it is read (promise B4).
const MAX_FIELDS: usize = 1_024;
/// Up to so many fields of an object are compared one by one, which for few is cheaper than hashing; the cost stays linear.
const FEW: usize = 16;

/// A strictly read JSON value. Objects keep the order of their fields and have no duplicate. Strings that were written without an
/// escape are borrowed from the text that was read: an envelope is base64 for the most part, and a notice has a hundred of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number from 0 to [`MAX_INTEGER`].
    Integer(u64),
    /// A string without lone surrogates.
    Text(Cow<'t, str>),
    /// An array.
    Array(Vec<Value<'t>>),
    /// An object, fields in the order of the document.
    Object(Vec<(Cow<'t, str>, Value<'t>)>),
}

impl Value<'_> {
    /// What this is, for messages: "a string", "an object"...
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Why bytes are not strict JSON: the first fault only, because what follows a syntax fault means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not strict JSON: {reason}")]
pub struct SyntaxFault {
    /// The reason, with line and column where they are known.
    pub reason: String,
}

/// Reads `bytes` as one strict JSON value. Linear in the length of the input; never recurses deeper than [`MAX_DEPTH`].
///
/// # Errors
/// The first [`SyntaxFault`]: not UTF-8, a byte-order mark, a duplicate key, a float, a negative or too large number, a lone
/// surrogate, too deep, or anything after the value.
pub fn parse(bytes: &[u8]) -> Result<Value<'_>, SyntaxFault> {
    let fault = |reason: String| SyntaxFault { reason };
    let text = std::str::from_utf8(bytes).map_err(|e| fault(format!("invalid UTF-8 at byte {}", e.valid_up_to())))?;
    if text.starts_with('\u{feff}') {
        return Err(fault("it begins with a byte-order mark".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { depth: 0 }.deserialize(&mut reader).map_err(|e| fault(e.to_string()))?;
    reader.end().map_err(|e| fault(e.to_string()))?;
    Ok(value)
}

/// Reads one value at a known depth.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value without floats")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value<'de>, E> {
        if value > MAX_INTEGER {
            return Err(E::custom(format!("integer {value} is larger than 2^53-1")));
        }
        Ok(Value::Integer(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value<'de>, E> {
        Err(E::custom(format!("negative number {value}")))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value<'de>, E> {
        Err(E::custom(format!("number {value:e} is not a plain integer from 0 to 2^53-1")))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut fields: Vec<(Cow<'de, str>, Value<'de>)> = Vec::new();
        let mut seen = HashSet::new();
        while let Some(name) = map.next_key_seed(Name)? {
            if fields.len() == MAX_FIELDS {
                return Err(A::Error::custom(format!("an object has more than {MAX_FIELDS} keys")));
            }
            if fields.len() == FEW {
                seen.extend(fields.iter().map(|(name, _)| name.clone()));
            }
            let twice =
                if fields.len() < FEW { fields.iter().any(|(before, _)| *before == name) } else { !seen.insert(name.clone()) };
            if twice {
                return Err(A::Error::custom(format!("duplicate key {name:?}")));
            }
            let value = map.next_value_seed(inner)?;
            fields.push((name, value));
        }
        Ok(Value::Object(fields))
    }
}

/// Reads the name of a field.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text.as_bytes()).expect_err(text).reason
    }

    #[test]
    fn an_object_with_more_keys_than_any_of_ours_is_refused_before_it_is_read_to_its_end() {
        let object = |keys: usize| (0..keys).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(",");
        assert!(parse(format!("{{{}}}", object(MAX_FIELDS)).as_bytes()).is_ok());
        // What comes behind the last key that is counted is not even looked at.
        let wide = format!("{{{},\"one more\":!!!", object(MAX_FIELDS));
        let fault = parse(wide.as_bytes()).expect_err("too wide");
        assert!(fault.to_string().contains("more than 1024 keys"), "{fault}");
    }

    #[test]
    fn plain_values_are_read_as_they_stand() {
        let value = parse(br#" {"b":[1,true,null],"a":"x\u00e9"} "#).expect("valid");
        let items = Value::Array(vec![Value::Integer(1), Value::Bool(true), Value::Null]);
        assert_eq!(value, Value::Object(vec![("b".into(), items), ("a".into(), Value::Text("x\u{e9}".into()))]));
    }

    #[test]
    fn a_duplicate_key_is_refused_at_any_depth_even_when_escaped() {
        assert!(refused(r#"{"a":1,"a":1}"#).contains("duplicate key"));
        assert!(refused(r#"{"x":{"a":1,"\u0061":2}}"#).contains("duplicate key"));
    }

    #[test]
    fn a_duplicate_key_is_found_among_few_fields_and_among_many() {
        for (fields, twice) in [(2, 0), (FEW, FEW - 1), (FEW + 1, 0), (FEW + 1, FEW), (100, 3), (100, FEW), (100, 98)] {
            let names: Vec<_> = (0..fields).map(|n| format!("\"k{n}\":0")).collect();
            assert!(parse(format!("{{{}}}", names.join(",")).as_bytes()).is_ok(), "{fields} fields");
            let text = format!("{{{},\"k{twice}\":1}}", names.join(","));
            assert!(refused(&text).contains("duplicate key"), "{fields}, {twice}");
        }
    }

    #[test]
    fn floats_negative_numbers_and_large_integers_are_refused() {
        for text in ["1.0", "1e2", "-1", "-0", "9007199254740992", "18446744073709551616", "1E400"] {
            refused(text);
        }
        assert_eq!(parse(b"9007199254740991"), Ok(Value::Integer(MAX_INTEGER)));
    }

    #[test]
    fn leading_zeros_trailing_bytes_marks_and_surrogates_are_refused() {
        for text in ["01", "1 2", "{} x", "\u{feff}{}", r#""\ud800""#, r#""\udc00x""#, "\"\n\"", "", "nul", "[1,]", "{'a':1}"] {
            refused(text);
        }
        assert!(parse(&[b'"', 0xff, b'"']).is_err(), "invalid UTF-8");
        assert!(parse(&[b'"', 0xed, 0xa0, 0x80, b'"']).is_err(), "a surrogate in UTF-8");
    }

    #[test]
    fn sixteen_levels_are_read_and_seventeen_are_not() {
        let nest = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nest(MAX_DEPTH).as_bytes()).is_ok());
        assert!(refused(&nest(MAX_DEPTH + 1)).contains("deeper"));
        assert!(parse("[".repeat(1_000_000).as_bytes()).is_err(), "no stack is used up");
    }
}
