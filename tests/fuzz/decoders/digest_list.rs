//! Digest lists: the raw digests, ascending, unique. The first byte says how they were made, and counts one too many or not.

use palinode::digests::{ListCheck, ListForm};
use palinode::notice::DigestAlgorithm;

pub fn check(data: &[u8]) {
    let Some((selector, list)) = data.split_first() else { return };
    let algorithms = DigestAlgorithm::ALL;
    let algorithm = algorithms[usize::from(selector % 8) % algorithms.len()];
    let width = algorithm.width();
    let count = list.len() as u64 / width + u64::from(selector / 128);
    let ascending = list.chunks(usize::try_from(width).expect("small")).is_sorted_by(|one, next| one < next);
    let whole = list.len() as u64 == width * count;
    // In two pieces, which must not matter.
    let (first, second) = list.split_at(list.len() / 3);
    let mut check = ListCheck::new(ListForm::new(algorithm, count));
    let checked = check.take(first).and_then(|()| check.take(second)).and_then(|()| check.finish());
    assert_eq!(checked.is_ok(), whole && ascending);
}
