use std::fmt::{self, Write as _};

use serde::Serialize;

/// Where in a document something stands: a JSON pointer (RFC 6901), `""` for the whole document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// The field `name` of the object at this pointer.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        // Every field that is read has a pointer, and hardly any is ever shown: one allocation, and no formatting.
        let mut text = String::with_capacity(self.0.len() + 1 + name.len());
        text.push_str(&self.0);
        text.push('/');
        if name.contains(['~', '/']) {
            text.push_str(&name.replace('~', "~0").replace('/', "~1"));
        } else {
            text.push_str(name);
        }
        Self(text)
    }

    /// Item `index` of the array at this pointer.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut text = String::with_capacity(self.0.len() + 8);
        // Writing to memory cannot fail.
        let _ = write!(text, "{}/{index}", self.0);
        Self(text)
    }

    /// The pointer as RFC 6901 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One fault of form in a signed document: where, which rule, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Where it stands.
    pub pointer: Pointer,
    /// The stable kebab-case name of the broken rule, for programs.
    pub rule: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.as_str().is_empty() { "the document" } else { self.pointer.as_str() };
        write!(f, "{place}: {} ({})", self.message, self.rule)
    }
}

/// Every fault found so far in one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flaws(Vec<Flaw>);

impl Flaws {
    /// Nothing found yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a fault. `rule` is the stable name of the broken rule.
    pub fn add(&mut self, pointer: &Pointer, rule: impl Into<&'static str>, message: impl Into<String>) {
        self.0.push(Flaw { pointer: pointer.clone(), rule: rule.into(), message: message.into() });
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults in the order in which they were found.
    pub fn as_slice(&self) -> &[Flaw] {
        &self.0
    }

    /// The faults, given away.
    pub fn into_vec(self) -> Vec<Flaw> {
        self.0
    }
}

impl fmt::Display for Flaws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, flaw) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            flaw.fmt(f)?;
        }
        Ok(())
    }
}
