//! The RFC's own recursion, written from its text: slow, obvious, and what the tests compare with (RFC 6962, section 2.1).

use super::hash::Hash;

/// Entry number `index` of the known answers: `notice <index> ` and as many `x` as `index` mod 97.
pub(super) fn entry(index: u64) -> Vec<u8> {
    let padding = "x".repeat(usize::try_from(index % 97).unwrap());
    format!("notice {index} {padding}").into_bytes()
}

/// The leaf hashes of the first `size` entries.
pub(super) fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| Hash::leaf(&entry(index))).collect()
}

/// "Let k be the largest power of two smaller than n (i.e., k < n <= 2k)."
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// MTH, over leaf hashes instead of entries.
pub(super) fn mth(d: &[Hash]) -> Hash {
    match d {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        _ => {
            let (left, right) = d.split_at(split(d.len()));
            Hash::node(&mth(left), &mth(right))
        }
    }
}

/// PATH(m, D[n]): the audit path of section 2.1.1.
pub(super) fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
    if d.len() == 1 {
        return Vec::new();
    }
    let k = split(d.len());
    let (left, right) = d.split_at(k);
    let (mut proof, last) = if m < k { (path(m, left), mth(right)) } else { (path(m - k, right), mth(left)) };
    proof.push(last);
    proof
}

/// PROOF(m, D[n]) for 0 < m < n: the consistency proof of section 2.1.2.
pub(super) fn consistency(m: usize, d: &[Hash]) -> Vec<Hash> {
    subproof(m, d, true)
}

/// SUBPROOF(m, D[n], b).
fn subproof(m: usize, d: &[Hash], b: bool) -> Vec<Hash> {
    if m == d.len() {
        return if b { Vec::new() } else { vec![mth(d)] };
    }
    let k = split(d.len());
    let (left, right) = d.split_at(k);
    let (mut proof, last) =
        if m <= k { (subproof(m, left, b), mth(right)) } else { (subproof(m - k, right, false), mth(left)) };
    proof.push(last);
    proof
}
