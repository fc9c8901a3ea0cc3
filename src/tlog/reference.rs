//! The RFC's own recursion, written from its text: slow, obvious, and what the tests compare with (RFC 6962, section 2.1).

use std::collections::HashMap;
use std::ops::Range;

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
    Naive::new(d).mth(0..d.len())
}

/// PATH(m, D[n]): the audit path of section 2.1.1.
pub(super) fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
    Naive::new(d).path(m, 0..d.len())
}

/// PROOF(m, D[n]) for 0 < m <= n: the consistency proof of section 2.1.2.
pub(super) fn consistency(m: usize, d: &[Hash]) -> Vec<Hash> {
    Naive::new(d).subproof(m, 0..d.len(), true)
}

/// The recursions over one list of leaves, which remember the hashes of the ranges they met.
pub(super) struct Naive<'d> {
    d: &'d [Hash],
    met: HashMap<Range<usize>, Hash>,
}

impl<'d> Naive<'d> {
    pub(super) fn new(d: &'d [Hash]) -> Self {
        Self { d, met: HashMap::new() }
    }

    /// MTH(D[range]).
    pub(super) fn mth(&mut self, range: Range<usize>) -> Hash {
        match range.len() {
            0 => return Hash::EMPTY,
            1 => return self.d[range.start],
            _ => (),
        }
        if let Some(hash) = self.met.get(&range) {
            return *hash;
        }
        let (left, right) = halves(&range);
        let hash = Hash::node(&self.mth(left), &self.mth(right));
        self.met.insert(range, hash);
        hash
    }

    /// PATH(m, D[range]).
    pub(super) fn path(&mut self, m: usize, range: Range<usize>) -> Vec<Hash> {
        if range.len() == 1 {
            return Vec::new();
        }
        let (left, right) = halves(&range);
        let k = left.len();
        let (mut proof, last) =
            if m < k { (self.path(m, left), self.mth(right)) } else { (self.path(m - k, right), self.mth(left)) };
        proof.push(last);
        proof
    }

    /// SUBPROOF(m, D[range], b).
    pub(super) fn subproof(&mut self, m: usize, range: Range<usize>, b: bool) -> Vec<Hash> {
        if m == range.len() {
            return if b { Vec::new() } else { vec![self.mth(range)] };
        }
        let (left, right) = halves(&range);
        let k = left.len();
        let (mut proof, last) = if m <= k {
            (self.subproof(m, left, b), self.mth(right))
        } else {
            (self.subproof(m - k, right, false), self.mth(left))
        };
        proof.push(last);
        proof
    }
}

fn halves(range: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let middle = range.start + split(range.len());
    (range.start..middle, middle..range.end)
}
