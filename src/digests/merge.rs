//! Many digests against a list at once: both are sorted, so one pass over each is enough.

use std::cmp::Ordering;
use std::io::{self, Read};

/// How much of the list is read at once, in bytes: a multiple of every width.
const PIECE: usize = 1_310_720;

/// Reads a list of digests of `width` bytes from its beginning, and calls `hit` with the place of each digest of `asked` that it holds.
///
/// `asked` is digests of the same width, ascending, one after the other; repeated ones are hit each.
///
/// # Errors
/// What reading fails with; [`io::ErrorKind::InvalidData`] for another width than a digest has, or when a digest is cut short.
pub fn merge(asked: &[u8], mut list: impl Read, width: usize, hit: impl FnMut(usize)) -> io::Result<()> {
    match width {
        16 => merge_fixed::<16>(asked, &mut list, hit),
        20 => merge_fixed::<20>(asked, &mut list, hit),
        32 => merge_fixed::<32>(asked, &mut list, hit),
        64 => merge_fixed::<64>(asked, &mut list, hit),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// With the width known to the compiler, comparing costs a third.
fn merge_fixed<const W: usize>(asked: &[u8], list: &mut impl Read, mut hit: impl FnMut(usize)) -> io::Result<()> {
    let (asked, rest) = asked.as_chunks::<W>();
    if !rest.is_empty() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut open = asked.iter().enumerate().peekable();
    let mut piece = vec![0; PIECE];
    while open.peek().is_some() {
        let length = fill(list, &mut piece)?;
        let (digests, rest) = piece.get(..length).unwrap_or_default().as_chunks::<W>();
        if !rest.is_empty() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if digests.is_empty() {
            break;
        }
        for digest in digests {
            while let Some((place, asked)) = open.peek() {
                match (*asked).cmp(digest) {
                    Ordering::Less => {}
                    Ordering::Equal => hit(*place),
                    Ordering::Greater => break,
                }
                open.next();
            }
        }
    }
    Ok(())
}

/// Reads until `buffer` is full or nothing is left.
pub(super) fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn hits(asked: &[u8], list: &[u8]) -> Vec<usize> {
        let mut hits = Vec::new();
        merge(asked, list, 16, |place| hits.push(place)).expect("readable");
        hits
    }

    #[test]
    fn a_digest_that_is_cut_short_is_an_error() {
        for (asked, list) in [(&[1; 16][..], &[0; 17][..]), (&[1; 15], &[0; 16])] {
            assert_eq!(merge(asked, list, 16, |_| ()).map_err(|e| e.kind()), Err(io::ErrorKind::InvalidData));
        }
        assert!(merge(&[], &[][..], 5, |_| ()).is_err(), "no digest has five bytes");
    }

    proptest! {
        #[test]
        fn what_is_hit_is_what_both_hold(
            mut asked in prop::collection::vec(0_u8..40, 0..60), list in prop::collection::btree_set(0_u8..40, 0..40)
        ) {
            asked.sort_unstable();
            let digest = |n: &u8| { let mut digest = [0_u8; 16]; digest[3] = *n; digest };
            let expected: Vec<usize> = (0..asked.len()).filter(|place| list.contains(&asked[*place])).collect();
            let bytes = |of: &mut dyn Iterator<Item = &u8>| of.flat_map(digest).collect::<Vec<u8>>();
            prop_assert_eq!(hits(&bytes(&mut asked.iter()), &bytes(&mut list.iter())), expected);
            let _: BTreeSet<u8> = list;
        }
    }
}
