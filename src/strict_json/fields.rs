use super::{Flaws, Pointer, Value};

/// A walk over the fields of one object: each field is taken by name, and [`Fields::finish`] reports what nobody took.
#[derive(Debug)]
pub struct Fields<'v> {
    at: Pointer,
    left: Vec<(&'v str, &'v Value<'v>)>,
}

impl<'v> Fields<'v> {
    /// Begins the walk over `value`, which stands at `at`; `None` with a flaw when it is no object.
    pub fn of(value: &'v Value<'v>, at: &Pointer, flaws: &mut Flaws) -> Option<Self> {
        match value {
            Value::Object(fields) => {
                let left = fields.iter().map(|(name, value)| (name.as_ref(), value)).collect();
                Some(Self { at: at.clone(), left })
            }
            other => {
                flaws.add(at, "wrong-type", format!("must be an object, not {}", other.kind()));
                None
            }
        }
    }

    /// Where the object stands.
    pub fn at(&self) -> &Pointer {
        &self.at
    }

    /// Takes the field `name` when it is there.
    pub fn optional(&mut self, name: &str) -> Option<(Pointer, &'v Value<'v>)> {
        let place = self.left.iter().position(|(n, _)| *n == name)?;
        let (_, value) = self.left.remove(place);
        Some((self.at.field(name), value))
    }

    /// Takes the field `name`, and reports its absence.
    pub fn required(&mut self, name: &str, flaws: &mut Flaws) -> Option<(Pointer, &'v Value<'v>)> {
        let found = self.optional(name);
        if found.is_none() {
            flaws.add(&self.at.field(name), "missing-field", "this field is required");
        }
        found
    }

    /// Ends the walk: every field that nobody took is unknown, and unknown fields are refused.
    pub fn finish(self, flaws: &mut Flaws) {
        for (name, _) in self.left {
            flaws.add(&self.at.field(name), "unknown-field", "this field is not part of the format");
        }
    }
}

/// Readers of single values: each gives `None` and a flaw when the value is of another type.
impl Fields<'_> {
    /// The string at `at`.
    pub fn text<'v>(value: &'v Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<&'v str> {
        match value {
            Value::Text(text) => Some(text),
            other => {
                flaws.add(at, "wrong-type", format!("must be a string, not {}", other.kind()));
                None
            }
        }
    }

    /// The integer at `at`.
    pub fn integer(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<u64> {
        match value {
            Value::Integer(number) => Some(*number),
            other => {
                flaws.add(at, "wrong-type", format!("must be an integer, not {}", other.kind()));
                None
            }
        }
    }

    /// The boolean at `at`.
    pub fn boolean(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<bool> {
        match value {
            Value::Bool(truth) => Some(*truth),
            other => {
                flaws.add(at, "wrong-type", format!("must be true or false, not {}", other.kind()));
                None
            }
        }
    }

    /// The items of the array at `at`, of which there may be at most `most`; more are a flaw and are not read.
    pub fn items<'v>(value: &'v Value<'v>, at: &Pointer, most: usize, flaws: &mut Flaws) -> Option<&'v [Value<'v>]> {
        match value {
            Value::Array(items) if items.len() > most => {
                flaws.add(at, "too-many-items", format!("has {} items, at most {most} are allowed", items.len()));
                None
            }
            Value::Array(items) => Some(items),
            other => {
                flaws.add(at, "wrong-type", format!("must be an array, not {}", other.kind()));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strict_json::parse;

    #[test]
    fn every_missing_and_unknown_field_is_named_by_its_pointer() {
        let value = parse(br#"{"a":1,"b/c":2}"#).expect("valid");
        let mut flaws = Flaws::none();
        let mut fields = Fields::of(&value, &Pointer::root(), &mut flaws).expect("an object");
        assert!(fields.required("a", &mut flaws).is_some());
        assert!(fields.required("z", &mut flaws).is_none());
        fields.finish(&mut flaws);
        let found: Vec<_> = flaws.as_slice().iter().map(|f| (f.pointer.as_str(), f.rule)).collect();
        assert_eq!(found, [("/z", "missing-field"), ("/b~1c", "unknown-field")]);
    }

    #[test]
    fn a_value_of_the_wrong_type_says_what_it_is() {
        let mut flaws = Flaws::none();
        assert!(Fields::text(&Value::Integer(3), &Pointer::root().field("x"), &mut flaws).is_none());
        assert_eq!(flaws.to_string(), "/x: must be a string, not an integer (wrong-type)");
    }
}
