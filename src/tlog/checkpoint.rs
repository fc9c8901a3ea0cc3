//! The text of a checkpoint: which log, how large, which root (C2SP tlog-checkpoint v1.0.0).
//!
//! **Extension lines.** The specification allows lines after the third and advises against them. Checkpoints of other logs
//! that have some are read, since refusing them would be refusing a conforming log; they are kept, being part of what is
//! signed, and mean nothing here ([`Checkpoint::extension`]). Our own log never writes any: [`Checkpoint::new`] cannot make
//! them and signing refuses them. A witness may well refuse them from others, as Sunlight's does with status 400.

use super::decimal;
use super::hash::Hash;
use super::key::KeyName;

/// The head of a log. That it was signed is what [`SignedCheckpoint`](super::SignedCheckpoint) says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extension: String,
}

/// A text that is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// An extension line is empty, or lacks its line feed.
    #[error("the extension lines of the checkpoint are malformed")]
    Extension,
    /// Fewer than three lines, each ending in a line feed.
    #[error("a checkpoint has at least three lines")]
    Lines,
    /// The first line is empty.
    #[error("the origin of the checkpoint is empty")]
    Origin,
    /// The third line is not the base64 of 32 bytes.
    #[error("the root of the checkpoint is not the base64 of 32 bytes")]
    Root,
    /// The second line is not a decimal of at most 2^63 - 1 without leading zeroes.
    #[error("the tree size of the checkpoint is not a decimal without leading zeroes")]
    Size,
}

impl Checkpoint {
    /// The head of the log `origin`, without extension lines.
    pub fn new(origin: &KeyName, size: u64, root: Hash) -> Self {
        Self { origin: origin.as_str().to_owned(), size, root, extension: String::new() }
    }

    /// Reads the text of a checkpoint, final line feed included.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let (origin, rest) = text.split_once('\n').ok_or(CheckpointError::Lines)?;
        let (size, rest) = rest.split_once('\n').ok_or(CheckpointError::Lines)?;
        let (root, extension) = rest.split_once('\n').ok_or(CheckpointError::Lines)?;
        if origin.is_empty() {
            return Err(CheckpointError::Origin);
        }
        let size = decimal::parse(size).ok_or(CheckpointError::Size)?;
        let root = Hash::from_base64(root).ok_or(CheckpointError::Root)?;
        let whole_lines = extension.is_empty() || extension.ends_with('\n');
        if !whole_lines || extension.lines().any(str::is_empty) {
            return Err(CheckpointError::Extension);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extension: extension.to_owned() })
    }

    /// The text that is signed, final line feed included.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.origin, self.size, self.root.to_base64(), self.extension)
    }

    /// Identity of the log. Any text without line feed that is not empty; for our logs a [`KeyName`].
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree. For size 0 it should be [`Hash::EMPTY`], which a witness checks and this type does not.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The lines after the third, each with its line feed; empty for most logs and for ours.
    pub fn extension(&self) -> &str {
        &self.extension
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text of the example of C2SP tlog-checkpoint v1.0.0 (CC BY 4.0).
    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_example_of_the_specification_is_read() {
        let checkpoint = Checkpoint::parse(EXAMPLE).unwrap();
        assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/behind-the-sofa", 20_852_163));
        assert_eq!(checkpoint.root().to_base64(), "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
        assert_eq!(checkpoint.extension(), "");
        assert_eq!(checkpoint.to_text(), EXAMPLE);
    }

    #[test]
    fn extension_lines_are_kept() {
        let text = format!("{EXAMPLE}first \u{2014}\nsecond\n");
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!(checkpoint.extension(), "first \u{2014}\nsecond\n");
        assert_eq!(checkpoint.to_text(), text);
    }

    #[test]
    fn malformed_texts_are_refused() {
        let root = Hash::EMPTY.to_base64();
        for (text, error) in [
            (String::new(), CheckpointError::Lines),
            ("a\n1\n".to_owned(), CheckpointError::Lines),
            (format!("a\n1\n{root}"), CheckpointError::Lines),
            (format!("\n1\n{root}\n"), CheckpointError::Origin),
            (format!("a\n01\n{root}\n"), CheckpointError::Size),
            (format!("a\n\n{root}\n"), CheckpointError::Size),
            (format!("a\n+1\n{root}\n"), CheckpointError::Size),
            (format!("a\n-1\n{root}\n"), CheckpointError::Size),
            (format!("a\n9223372036854775808\n{root}\n"), CheckpointError::Size),
            ("a\n1\nAAAA\n".to_owned(), CheckpointError::Root),
            (format!("a\n1\n{root} \n"), CheckpointError::Root),
            (format!("a\n1\n{root}\n\n"), CheckpointError::Extension),
            (format!("a\n1\n{root}\nx\n\ny\n"), CheckpointError::Extension),
            (format!("a\n1\n{root}\nx"), CheckpointError::Extension),
        ] {
            assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_parses_round_trips(text in "(.{0,5}\n|[0-9]{1,3}\n|[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n|\r){0,6}") {
            if let Ok(checkpoint) = Checkpoint::parse(&text) {
                prop_assert_eq!(checkpoint.to_text(), text);
            }
        }

        #[test]
        fn checkpoints_round_trip(origin in "[!-*,-~]{1,30}", size in 0..=i64::MAX as u64, root: [u8; 32]) {
            let checkpoint = Checkpoint::new(&KeyName::parse(&origin).unwrap(), size, Hash::from_bytes(root));
            prop_assert_eq!(Checkpoint::parse(&checkpoint.to_text()), Ok(checkpoint));
        }
    }
}
