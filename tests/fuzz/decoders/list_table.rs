//! The table beside the file of a digest list, which may have been changed on the disk: with the right hash at its end, so that what stands
//! before it is read. The rest of the list is as long as the table says, and any look-up ends.

use palinode::digests::{ListForm, SortedList};
use palinode::notice::DocumentHash;
use sha2::{Digest, Sha256};

/// More than this is not made up for a table.
const MOST: u64 = 4_096;

pub fn check(data: &[u8]) {
    let Some((width, table)) = data.split_first() else { return };
    let body = table.split_last_chunk::<32>().map_or(table, |(body, _)| body);
    let table = [body, &Sha256::digest(body)].concat();
    let Some((name, count)) = named(&table) else { return };
    let width = [16, 20, 32, 64][usize::from(width % 4)];
    let Some(form) = ListForm::from_stored(width, count).filter(|form| form.count() <= MOST) else { return };
    let list: Vec<u8> = body.iter().copied().cycle().take(form.width() * usize::try_from(count).expect("few")).collect();
    let Ok(sorted) = SortedList::open(list.as_slice(), name, form, table.as_slice(), &table) else { return };
    for digest in [vec![0; form.width()], vec![255; form.width()], list.iter().copied().take(form.width()).collect()] {
        // A table that leads outside the list says so.
        let _ = sorted.contains(&digest);
    }
}

/// The list that a table is of, and how many digests it has.
fn named(table: &[u8]) -> Option<(DocumentHash, u64)> {
    let (name, rest) = table.get(8..)?.split_first_chunk()?;
    Some((DocumentHash::from_bytes(*name), u64::from_be_bytes(*rest.first_chunk()?)))
}
