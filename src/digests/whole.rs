//! Look-up in a list that is whole in memory, as those are that come along with their notices.

use std::cmp::Ordering;

/// Whether a checked list holds a digest: binary search over its equal records.
pub fn list_contains(list: &[u8], digest: &[u8]) -> bool {
    let (mut low, mut high) = (0, list.len() / digest.len().max(1));
    while low < high {
        let middle = usize::midpoint(low, high);
        let record = list.get(middle * digest.len()..(middle + 1) * digest.len()).unwrap_or_default();
        match record.cmp(digest) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return true,
            Ordering::Greater => high = middle,
        }
    }
    false
}

/// The digests of a checked list from `first` to `last`, which have the width of the list, ascending, at most `limit`.
pub fn digests_between(list: &[u8], first: &[u8], last: &[u8], limit: usize) -> Vec<Vec<u8>> {
    let records = list.chunks_exact(first.len().max(1)).skip_while(|record| *record < first);
    records.take_while(|record| *record <= last).take(limit).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_searched_by_halves() {
        let list = [[1_u8; 4], [3; 4], [5; 4]].concat();
        for (digest, there) in
            [([0; 4], false), ([1; 4], true), ([3; 4], true), ([4; 4], false), ([5; 4], true), ([6; 4], false)]
        {
            assert_eq!(list_contains(&list, &digest), there, "{digest:?}");
        }
        assert!(!list_contains(&[], &[1; 4]));
    }
}
