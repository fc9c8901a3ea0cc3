use std::fmt;

use serde::Serialize;

use super::{Place, Source};
use crate::notice::{Identifier, IdentifierError};

/// How much of a value is repeated in a remark, in characters.
const LONGEST_SHOWN: usize = 200;

/// Something that was not taken as it stands there, or could not be read: said, so that silence means that all was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Where.
    pub place: Place,
    /// What.
    #[serde(flatten)]
    pub why: Why,
}

/// What a remark is about. As JSON, `remark` names the kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "remark", rename_all = "kebab-case")]
pub enum Why {
    /// A value that should have been an identifier is none, and was ignored.
    Ignored {
        /// The field that held it.
        field: String,
        /// As it stands there, cut where it is long.
        value: String,
        /// The stable name of the rule that refuses it.
        rule: &'static str,
        /// The same in words.
        reason: String,
    },
    /// A digest in the field of another algorithm: taken for what it is.
    ReadAs {
        /// The field that held it.
        field: String,
        /// As what it was taken.
        identifier: Identifier,
    },
    /// A digest that says less than it seems to.
    Weak {
        /// Which.
        identifier: Identifier,
        /// Why.
        reason: &'static str,
    },
    /// A file is not what its name says, and was not read further.
    Invalid {
        /// Which reader.
        reader: Source,
        /// What is wrong with it.
        reason: String,
    },
    /// More than this version reads; the rest was not looked at.
    TooLarge {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A file or folder could not be read.
    Unreadable {
        /// What the operating system said.
        reason: String,
    },
    /// A link leads out of what was to be scanned, and was not followed.
    LinkLeavesRoot {
        /// Where it leads.
        target: String,
    },
    /// A link leads nowhere.
    DanglingLink {
        /// Where it would lead.
        target: String,
    },
    /// Neither a file nor a folder nor a link: never opened.
    Special {
        /// `fifo`, `socket`, `block device`, `character device`.
        kind: &'static str,
    },
    /// The file changed while it was read: its digest is that of no version, and was not used.
    ChangedMeanwhile,
    /// A manifest states another digest than the bytes of the file have, which count.
    StatedOtherwise {
        /// The file, on the way from the root.
        file: String,
        /// What the manifest states.
        stated: Identifier,
        /// What the bytes are.
        bytes: Identifier,
    },
    /// A manifest names a file outside of its folder.
    OutOfScope {
        /// The name.
        name: String,
    },
}

impl Remark {
    /// An identifier was refused.
    pub fn ignored(place: Place, field: &str, value: &str, error: &IdentifierError) -> Self {
        let why = Why::Ignored { field: field.to_owned(), value: cut(value), rule: error.rule(), reason: error.to_string() };
        Self { place, why }
    }
}

impl Why {
    /// Whether something was not read that may hold data: with `--strict`, such a scan could not check everything.
    pub fn is_unread(&self) -> bool {
        match self {
            Self::Invalid { .. } | Self::TooLarge { .. } | Self::Unreadable { .. } | Self::ChangedMeanwhile => true,
            Self::Ignored { .. }
            | Self::ReadAs { .. }
            | Self::Weak { .. }
            | Self::LinkLeavesRoot { .. }
            | Self::DanglingLink { .. }
            | Self::Special { .. }
            | Self::StatedOtherwise { .. }
            | Self::OutOfScope { .. } => false,
        }
    }
}

/// The beginning of a value: what somebody put into a field of digests may be a whole file.
pub(super) fn cut(value: &str) -> String {
    match value.char_indices().nth(LONGEST_SHOWN) {
        None => value.to_owned(),
        Some((at, _)) => format!("{}...", &value[..at]),
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored { field, value, reason, .. } => write!(f, "{field} {value:?} is ignored: {reason}"),
            Self::ReadAs { field, identifier } => write!(f, "{field} does not hold what it says; read as {identifier}"),
            Self::Weak { identifier, reason } => write!(f, "{identifier} says less than it seems to: {reason}"),
            Self::Invalid { reader, reason } => write!(f, "is no valid {reader} file: {reason}"),
            Self::TooLarge { what, limit } => write!(f, "has more than {limit} {what}; the rest was not looked at"),
            Self::Unreadable { reason } => write!(f, "cannot be read: {reason}"),
            Self::LinkLeavesRoot { target } => write!(f, "is a link out of what is scanned, to {target}: not followed"),
            Self::DanglingLink { target } => write!(f, "is a link to {target}, which is not there"),
            Self::Special { kind } => write!(f, "is a {kind}, and was not opened"),
            Self::ChangedMeanwhile => f.write_str("changed while it was read: its digest is not used; scan again"),
            Self::StatedOtherwise { file, stated, bytes } => {
                write!(
                    f,
                    "states another digest for {file:?} than its bytes have: {stated}, and the bytes, which count, are {bytes}"
                )
            }
            Self::OutOfScope { name } => write!(f, "names {name:?}, which lies outside of its folder"),
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_value_is_named_with_its_field_and_the_rule() {
        let error = Identifier::normalise("sha256:sha256").unwrap_err();
        let remark = Remark::ignored(Place::named(0, "croissant.json").member("/distribution/0"), "sha256", "sha256", &error);
        assert_eq!(
            remark.to_string(),
            "croissant.json [/distribution/0]: sha256 \"sha256\" is ignored: a sha256 digest is written in hex or base64"
        );
        let json = serde_json::to_value(&remark).unwrap();
        assert_eq!((json["remark"].as_str(), json["rule"].as_str()), (Some("ignored"), Some("digest-form")));
        assert_eq!(json["place"]["member"], "/distribution/0");
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(cut(&"ä".repeat(300)), format!("{}...", "ä".repeat(200)));
        assert_eq!(cut("short"), "short");
    }
}
