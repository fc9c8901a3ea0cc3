//! A second opinion about JSON: what `serde_json` reads, with everything kept that strict JSON refuses.

use std::fmt;

use palinode::strict_json::{MAX_DEPTH, MAX_INTEGER};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// A JSON value that remembers duplicate keys.
pub enum Loose {
    /// Null, a boolean, a string, or a number that strict JSON takes.
    Plain,
    /// A number that is negative, too large or not whole.
    OtherNumber,
    /// An array.
    Array(Vec<Loose>),
    /// An object, in the order of the document.
    Object(Vec<(String, Loose)>),
}

impl Loose {
    /// Whether strict JSON must refuse it: duplicate keys, other numbers than whole ones up to 2^53-1, or too deep.
    pub fn is_faulty(&self, depth: usize) -> bool {
        match self {
            Self::Plain => false,
            Self::OtherNumber => true,
            Self::Array(items) => depth >= MAX_DEPTH || items.iter().any(|item| item.is_faulty(depth + 1)),
            Self::Object(fields) => {
                let mut names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
                names.sort();
                let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
                twice || depth >= MAX_DEPTH || fields.iter().any(|(_, value)| value.is_faulty(depth + 1))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Plain)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Loose, E> {
        Ok(Loose::Plain)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
        Ok(if number <= MAX_INTEGER { Loose::Plain } else { Loose::OtherNumber })
    }

    fn visit_i64<E>(self, _: i64) -> Result<Loose, E> {
        Ok(Loose::OtherNumber)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Loose, E> {
        Ok(Loose::OtherNumber)
    }

    fn visit_str<E>(self, _: &str) -> Result<Loose, E> {
        Ok(Loose::Plain)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Loose::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Loose::Object(fields))
    }
}

/// What `serde_json` reads, without what a notice or a texts document may say or leave unsaid at will: empty arrays, and
/// `sensitive: false`.
pub fn meaning(document: &[u8]) -> Value {
    let mut value = serde_json::from_slice(document).expect("what was accepted is JSON");
    without_silence(&mut value);
    value
}

fn without_silence(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                let says_nothing = value.as_array().is_some_and(Vec::is_empty) || name == "sensitive" && *value == false;
                !says_nothing
            });
            fields.values_mut().for_each(without_silence);
        }
        Value::Array(items) => items.iter_mut().for_each(without_silence),
        _ => {}
    }
}
