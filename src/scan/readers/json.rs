//! Walking JSON that strangers wrote, with JSON pointers, whatever the prefixes of its keys.

use serde_json::{Map, Value};

/// A value with the pointer that leads to it.
#[derive(Clone)]
pub(in super::super) struct At<'v> {
    pub(in super::super) value: &'v Value,
    pub(in super::super) pointer: String,
}

/// Reads JSON in UTF-8, with or without a byte-order mark.
pub(in super::super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// The name of a property without prefix or namespace: `sc:url`, `https://schema.org/url` and `url` are one.
fn local(key: &str) -> &str {
    key.rsplit([':', '/', '#']).next().unwrap_or(key)
}

impl<'v> At<'v> {
    pub(in super::super) fn root(value: &'v Value) -> Self {
        Self { value, pointer: String::new() }
    }

    fn step(&self, key: &str, value: &'v Value) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { value, pointer: format!("{}/{key}", self.pointer) }
    }

    pub(in super::super) fn object(&self) -> Option<&'v Map<String, Value>> {
        self.value.as_object()
    }

    /// The member of this name, under any prefix.
    pub(in super::super) fn get(&self, name: &str) -> Option<Self> {
        let object = self.object()?;
        let found = object.get_key_value(name).or_else(|| object.iter().find(|(key, _)| local(key) == name && *key != name));
        found.map(|(key, value)| self.step(key, value))
    }

    /// The items of an array, or the value itself when it is none.
    pub(in super::super) fn items(&self) -> Vec<Self> {
        match self.value {
            Value::Array(items) => items.iter().enumerate().map(|(n, item)| self.step(&n.to_string(), item)).collect(),
            Value::Null => Vec::new(),
            _ => vec![self.clone()],
        }
    }

    /// The items of the member of this name; none when it is missing.
    pub(in super::super) fn all(&self, name: &str) -> Vec<Self> {
        self.get(name).map(|member| member.items()).unwrap_or_default()
    }

    /// The members of an object.
    pub(in super::super) fn members(&self) -> Vec<(&'v str, Self)> {
        let object = self.object();
        object.into_iter().flatten().map(|(key, value)| (key.as_str(), self.step(key, value))).collect()
    }

    /// A text: the string itself, a number as it is written, or what `@value`, `value`, `@id` or `url` of an object holds.
    pub(in super::super) fn text(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(object) => {
                ["@value", "value", "@id", "url"].iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned))
            }
            _ => None,
        }
    }

    /// The text of the member of this name.
    pub(in super::super) fn text_of(&self, name: &str) -> Option<String> {
        self.get(name)?.text()
    }

    /// Whether one of its `@type`s has this name, under any prefix.
    pub(in super::super) fn is_a(&self, kind: &str) -> bool {
        self.all("@type").iter().any(|at| at.value.as_str().is_some_and(|text| local(text) == kind))
    }
}
