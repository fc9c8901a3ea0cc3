//! Digest lists: the raw digests, ascending, unique. The first byte says how they were made, and counts one too many or not.

use palinode::ledger::documents::check_list;
use palinode::notice::DigestAlgorithm;

pub fn check(data: &[u8]) {
    let Some((selector, list)) = data.split_first() else { return };
    let algorithms = DigestAlgorithm::ALL;
    let width = algorithms[usize::from(selector % 8) % algorithms.len()].width();
    let count = list.len() as u64 / width + u64::from(selector / 128);
    let ascending = list.chunks(usize::try_from(width).expect("small")).is_sorted_by(|one, next| one < next);
    let whole = list.len() as u64 == width * count;
    assert_eq!(check_list(list, width, count).is_ok(), whole && ascending);
}
