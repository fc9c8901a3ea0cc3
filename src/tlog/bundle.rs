//! Entry bundles: up to 256 entries, each after its length as a big-endian uint16 (tlog-tiles, "Log entries").
//!
//! A slot of length zero says that its entry is *withheld*: the leaf hash stands in the tree as before, the bytes are not
//! given (protocol, section 6). No envelope is empty, so the two cannot be confused here; version 1 reads such slots and
//! never writes one of its own accord.

use super::hash::Hash;
use super::tile::TILE_WIDTH;

/// The longest entry that the length prefix can say, in bytes.
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// The longest bundle, in bytes: what a reader need not go beyond.
pub const MAX_BUNDLE: usize = TILE_WIDTH * (2 + MAX_ENTRY);

/// One place of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The entry's bytes, 1 to 65,535 of them.
    Entry(Vec<u8>),
    /// Nothing: whoever served the bundle does not give this entry.
    Withheld,
}

/// A bundle that cannot be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry to be written is longer than [`MAX_ENTRY`].
    #[error("entry {slot} of the bundle has {length} bytes, more than 65,535")]
    EntryTooLong {
        /// Place in the bundle, from 0.
        slot: usize,
        /// Bytes.
        length: usize,
    },
    /// Bytes are left over after the last entry.
    #[error("the bundle goes on for {0} bytes after its last entry")]
    TrailingBytes(usize),
    /// The bundle ends before or inside this entry.
    #[error("the bundle ends inside entry {slot}")]
    Truncated {
        /// Place in the bundle, from 0.
        slot: usize,
    },
    /// A bundle has 1 to 256 entries.
    #[error("a bundle of {0} entries does not exist")]
    Width(usize),
}

impl Slot {
    /// The leaf hash of the entry; `None` when it is withheld.
    pub fn leaf_hash(&self) -> Option<Hash> {
        match self {
            Self::Entry(entry) => Some(Hash::leaf(entry)),
            Self::Withheld => None,
        }
    }
}

/// The bytes of the entry; none when it is withheld.
impl AsRef<[u8]> for Slot {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Entry(entry) => entry,
            Self::Withheld => &[],
        }
    }
}

/// A bundle that is being written, an entry after the other.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bundle: Vec<u8>,
    width: usize,
}

impl Writer {
    /// Begins a bundle for which there is room of so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bundle: Vec::with_capacity(bytes), width: 0 }
    }

    /// Adds an entry; an empty one becomes a withheld slot.
    ///
    /// # Errors
    /// [`BundleError::EntryTooLong`].
    pub fn push(&mut self, entry: &[u8]) -> Result<(), BundleError> {
        let too_long = BundleError::EntryTooLong { slot: self.width, length: entry.len() };
        let Ok(length) = u16::try_from(entry.len()) else { return Err(too_long) };
        self.bundle.extend_from_slice(&length.to_be_bytes());
        self.bundle.extend_from_slice(entry);
        self.width += 1;
        Ok(())
    }

    /// The bundle.
    ///
    /// # Errors
    /// [`BundleError::Width`] for none, and for more than 256 entries.
    pub fn finish(self) -> Result<Vec<u8>, BundleError> {
        if (1..=TILE_WIDTH).contains(&self.width) { Ok(self.bundle) } else { Err(BundleError::Width(self.width)) }
    }
}

/// Writes a bundle of 1 to 256 entries (or [`Slot`]s); an empty one becomes a withheld slot.
pub fn encode<E: AsRef<[u8]>>(entries: impl IntoIterator<Item = E>) -> Result<Vec<u8>, BundleError> {
    let mut writer = Writer::default();
    for entry in entries {
        writer.push(entry.as_ref())?;
    }
    writer.finish()
}

/// Reads a bundle of exactly `width` entries, 1 to 256.
pub fn parse(bundle: &[u8], width: u16) -> Result<Vec<Slot>, BundleError> {
    let mut slots = Vec::with_capacity(usize::from(width).min(TILE_WIDTH));
    for_each(bundle, usize::from(width), |entry| {
        slots.push(if entry.is_empty() { Slot::Withheld } else { Slot::Entry(entry.to_vec()) });
    })?;
    Ok(slots)
}

/// Whether these are the bytes of the bundle whose entries have these leaf hashes, each of them given.
pub fn is_of(bundle: &[u8], leaves: &[Hash]) -> bool {
    let (mut left, mut all_right) = (leaves.iter(), true);
    let read = for_each(bundle, leaves.len(), |entry| {
        all_right = all_right && !entry.is_empty() && left.next() == Some(&Hash::leaf(entry));
    });
    read.is_ok() && all_right
}

/// Gives the bytes of each of exactly `width` entries to `take`, in order; none for a withheld one.
fn for_each(bundle: &[u8], width: usize, mut take: impl FnMut(&[u8])) -> Result<(), BundleError> {
    if !(1..=TILE_WIDTH).contains(&width) {
        return Err(BundleError::Width(width));
    }
    let mut rest = bundle;
    for slot in 0..width {
        let truncated = BundleError::Truncated { slot };
        let (length, after) = rest.split_first_chunk().ok_or(truncated)?;
        let (entry, after) = after.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(truncated)?;
        take(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(()) } else { Err(BundleError::TrailingBytes(rest.len())) }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bundle_is_lengths_and_entries() {
        let bundle = encode(["ab", "", "c"]).unwrap();
        assert_eq!(bundle, b"\x00\x02ab\x00\x00\x00\x01c");
        let slots = parse(&bundle, 3).unwrap();
        assert_eq!(slots, [Slot::Entry(b"ab".to_vec()), Slot::Withheld, Slot::Entry(b"c".to_vec())]);
        assert_eq!(slots[0].leaf_hash(), Some(Hash::leaf(b"ab")));
        assert_eq!(slots[1].leaf_hash(), None);
    }

    #[test]
    fn the_longest_entry_fits_and_a_longer_one_is_refused() {
        let longest = encode([vec![7; MAX_ENTRY]]).unwrap();
        assert_eq!(parse(&longest, 1).unwrap(), [Slot::Entry(vec![7; MAX_ENTRY])]);
        let error = BundleError::EntryTooLong { slot: 1, length: MAX_ENTRY + 1 };
        assert_eq!(encode([vec![7], vec![7; MAX_ENTRY + 1]]), Err(error));
    }

    #[test]
    fn a_bundle_holds_1_to_256_entries() {
        assert_eq!(encode::<&[u8]>([]), Err(BundleError::Width(0)));
        assert_eq!(encode(vec!["x"; 257]), Err(BundleError::Width(257)));
        let full = encode(vec!["x"; 256]).unwrap();
        assert_eq!(parse(&full, 256).unwrap().len(), 256);
        assert_eq!(parse(&full, 0), Err(BundleError::Width(0)));
        assert_eq!(parse(&full, 257), Err(BundleError::Width(257)));
    }

    #[test]
    fn a_bundle_is_of_its_own_leaves_and_of_no_others() {
        let leaves = [Hash::leaf(b"ab"), Hash::leaf(b"c")];
        let bundle = encode(["ab", "c"]).unwrap();
        assert!(is_of(&bundle, &leaves));
        for at in 0..bundle.len() {
            let mut flipped = bundle.clone();
            flipped[at] ^= 1;
            assert!(!is_of(&flipped, &leaves), "byte {at}");
            assert!(!is_of(&bundle[..at], &leaves), "cut at byte {at}");
        }
        assert!(!is_of(&[bundle.as_slice(), b"x"].concat(), &leaves) && !is_of(&bundle, &leaves[..1]));
        assert!(!is_of(&encode(["c", "ab"]).unwrap(), &leaves), "another order");
        assert!(!is_of(&encode(["ab", ""]).unwrap(), &[leaves[0], Hash::leaf(b"")]), "a withheld entry proves nothing");
        assert!(!is_of(&[], &[]));
    }

    #[test]
    fn a_bundle_of_another_width_is_refused() {
        let bundle = encode(["ab", "c"]).unwrap();
        assert_eq!(parse(&bundle, 3), Err(BundleError::Truncated { slot: 2 }));
        assert_eq!(parse(&bundle, 1), Err(BundleError::TrailingBytes(3)));
        assert_eq!(parse(&bundle[..5], 2), Err(BundleError::Truncated { slot: 1 }));
    }

    proptest! {
        #[test]
        fn bundles_round_trip(entries in vec(vec(any::<u8>(), 0..40), 1..=256)) {
            let bundle = encode(&entries).unwrap();
            let slots = parse(&bundle, u16::try_from(entries.len()).unwrap()).unwrap();
            prop_assert!(slots.iter().zip(&entries).all(|(slot, entry)| slot.as_ref() == entry));
            prop_assert_eq!(encode(&slots).unwrap(), bundle);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..600), width: u16) {
            if let Ok(slots) = parse(&bytes, width) {
                prop_assert_eq!(encode(&slots).unwrap(), bytes);
            }
        }
    }
}
