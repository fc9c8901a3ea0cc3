use std::ffi::OsStr;
use std::fmt::{self, Write as _};
use std::path::{Component, Path};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Where something was seen: a file or folder below one of the paths that were given, and perhaps a spot in it.
///
/// Cheap to clone: all that is seen in one file shares its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Which of the given paths it lies below: an index into [`Inventory::roots`](super::Inventory::roots).
    pub root: usize,
    /// The way from that path, with `/` between the parts; empty for the path itself. Bytes that are no text are written `\xff`.
    #[serde(serialize_with = "as_text")]
    pub path: Arc<str>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column of its first character, from 1, counted in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The cell of a notebook, from 1; line and column are then those in the cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<u32>,
    /// The member of a structured file: a JSON pointer (RFC 6901), or what names it in that format.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_optional_text")]
    pub member: Option<Arc<str>>,
}

impl Place {
    /// A file or folder, `path` being the way from the root.
    pub fn of(root: usize, path: &Path) -> Self {
        Self::named(root, &shown(path))
    }

    /// The same from a way that was written already.
    pub fn named(root: usize, path: &str) -> Self {
        Self { root, path: path.into(), line: None, column: None, cell: None, member: None }
    }

    /// A line of it.
    #[must_use]
    pub fn at_line(&self, line: u32) -> Self {
        Self { line: Some(line), ..self.clone() }
    }

    /// A character of it.
    #[must_use]
    pub fn at(&self, line: u32, column: u32) -> Self {
        Self { line: Some(line), column: Some(column), ..self.clone() }
    }

    /// A member of it.
    #[must_use]
    pub fn member(&self, member: &str) -> Self {
        Self { member: Some(member.into()), ..self.clone() }
    }

    /// A cell of it.
    #[must_use]
    pub fn cell(&self, cell: u32) -> Self {
        Self { cell: Some(cell), ..self.clone() }
    }

    /// The file or folder, without the spot.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self::named(self.root, &self.path)
    }
}

/// `path:line:column`, as editors and CI logs understand it; members in brackets. An empty way is `.`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.path.is_empty() { "." } else { &self.path })?;
        if let Some(cell) = self.cell {
            write!(f, " cell {cell}")?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        self.member.as_ref().map_or(Ok(()), |member| write!(f, " [{member}]"))
    }
}

fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

#[expect(clippy::ref_option, reason = "serde hands the field over as it is")]
fn as_optional_text<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}

/// A way with `/` between its parts, bytes that are no text written out.
fn shown(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(text(name)),
        Component::ParentDir => Some("..".to_owned()),
        Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A name as text: what is no UTF-8 is written `\xff`, byte by byte, so that two names never look alike.
pub(super) fn text(name: &OsStr) -> String {
    let bytes = name.as_encoded_bytes();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn a_way_has_slashes_and_writes_out_what_is_no_text() {
        assert_eq!(&*Place::of(0, Path::new("./a//b/c.txt")).path, "a/b/c.txt");
        assert_eq!(&*Place::of(0, Path::new(OsStr::from_bytes(b"d/\xffx"))).path, "d/\\xffx");
        assert_eq!(&*Place::of(0, Path::new("")).path, "");
    }

    #[test]
    fn a_place_is_written_as_editors_understand_it() {
        let file = Place::of(0, Path::new("src/load.py"));
        assert_eq!(file.at(12, 7).to_string(), "src/load.py:12:7");
        assert_eq!(file.cell(3).at(1, 5).to_string(), "src/load.py cell 3:1:5");
        assert_eq!(file.member("/distribution/0/sha256").to_string(), "src/load.py [/distribution/0/sha256]");
        assert_eq!(file.at(1, 1).whole(), file);
        assert_eq!(Place::of(0, Path::new("")).to_string(), ".");
    }
}
