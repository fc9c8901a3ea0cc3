//! What a filter rules out, what it never rules out, and what makes no filter.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::{Filter, FilterBuilder, FilterFault, PER_PART};
use crate::digests::{BLOCK, ListForm};
use crate::notice::{DigestAlgorithm, DocumentHash};

fn made(digests: &[Vec<u8>], algorithm: DigestAlgorithm) -> Vec<u8> {
    let name = DocumentHash::of(&digests.concat());
    let mut filter = FilterBuilder::new(name, ListForm::new(algorithm, digests.len() as u64));
    for digest in digests {
        filter.take(digest);
    }
    filter.into_bytes()
}

/// Digests as hash functions make them, ascending.
fn hashed(numbers: std::ops::Range<u32>) -> Vec<Vec<u8>> {
    let mut digests: Vec<_> = numbers.map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect();
    digests.sort();
    digests
}

#[test]
fn no_digest_of_the_list_is_ruled_out_and_fewer_than_one_in_250_others_are_not() {
    let digests = hashed(0..300_000);
    let bytes = made(&digests, DigestAlgorithm::Sha256);
    assert!(bytes.len() * 10 <= digests.len() * 12, "{} bytes for {} digests", bytes.len(), digests.len());
    let filter = Filter::parse(bytes).expect("a filter");
    assert!(digests.iter().all(|digest| filter.may_contain(digest)));
    let taken = (1_000_000..2_000_000_u32).filter(|n| filter.may_contain(&Sha256::digest(n.to_be_bytes()))).count();
    assert!(taken < 4_000, "{taken} of 1,000,000");
    assert!(!filter.may_contain(&digests[0][..20]), "another width");
}

#[test]
fn a_filter_of_several_parts_holds_the_digests_on_both_sides_of_each_seam() {
    // Sixteen bytes, half of them a number: made without hashing a million times.
    let digests: Vec<Vec<u8>> = (0..PER_PART as u64 + 5_000).map(|n| [(n << 20).to_be_bytes(), [9; 8]].concat()).collect();
    let filter = Filter::parse(made(&digests, DigestAlgorithm::Md5)).expect("a filter");
    assert_eq!(filter.parts.len(), 2);
    assert!(digests.iter().all(|digest| filter.may_contain(digest)));
}

#[test]
fn digests_with_equal_beginnings_make_a_filter_too() {
    let digests: Vec<Vec<u8>> = (0..5_000_u64).map(|n| [(n / 1_000).to_be_bytes(), n.to_be_bytes()].concat()).collect();
    let filter = Filter::parse(made(&digests, DigestAlgorithm::Md5)).expect("a filter");
    assert!(digests.iter().all(|digest| filter.may_contain(digest)));
    assert!(digests.iter().zip(0_u64..).all(|(digest, n)| filter.blocks_for(digest).expect("there").contains(&(n / 4_096))));
}

#[test]
fn the_fences_name_the_block_of_every_digest() {
    for (algorithm, width) in [(DigestAlgorithm::Sha256, 32), (DigestAlgorithm::Sha1, 20)] {
        let digests: Vec<Vec<u8>> = hashed(0..20_000).into_iter().map(|digest| digest[..width].to_vec()).collect();
        let filter = Filter::parse(made(&digests, algorithm)).expect("a filter");
        let mut wide = 0;
        for (number, digest) in digests.iter().enumerate() {
            let blocks = filter.blocks_for(digest).expect("there");
            let (first, last) = ((number * width / BLOCK) as u64, ((number * width + width - 1) / BLOCK) as u64);
            assert!(blocks.contains(&first) && blocks.contains(&last), "{number}: {blocks:?}");
            wide += usize::from(blocks.end() - blocks.start() > 0);
        }
        assert!(width == 20 || wide <= filter.fences.len(), "one range of one block is enough");
        assert_eq!(filter.blocks_for(&vec![0; width]), None);
    }
}

#[test]
fn equal_lists_have_equal_filters_and_a_changed_byte_is_seen() {
    let digests = hashed(0..500);
    let bytes = made(&digests, DigestAlgorithm::Sha256);
    assert_eq!(bytes, made(&digests, DigestAlgorithm::Sha256));
    // So that nobody changes the format without meaning to.
    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
    assert_eq!((bytes.len(), &name[..16]), (896, "24a06c223bb9f4f6"));
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(Filter::parse(changed).is_err(), "{place}");
    }
    let form = ListForm::new(DigestAlgorithm::Sha256, 500);
    let name = DocumentHash::of(&digests.concat());
    assert!(Filter::parse_of(bytes.clone(), name, form).is_ok());
    let other = Filter::parse_of(bytes, DocumentHash::of(b"other"), form).map(|_| ());
    assert_eq!(other, Err(FilterFault::OtherList));
}

/// Gives bytes the hash that they should end in, so that what is read behind it is reached.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest);
    bytes
}

proptest! {
    #[test]
    fn no_bytes_make_reading_or_asking_panic(
        place in 8_usize..400, value: u8, cut in 0_usize..600, digest in prop::collection::vec(any::<u8>(), 32)
    ) {
        let mut bytes = made(&hashed(0..100), DigestAlgorithm::Sha256);
        bytes.truncate(bytes.len() - 32);
        if let Some(byte) = bytes.get_mut(place) { *byte = value; }
        bytes.truncate(bytes.len().max(cut));
        if let Ok(filter) = Filter::parse(sealed(bytes)) {
            let _ = filter.may_contain(&digest);
            let _ = filter.blocks_for(&digest);
        }
    }

    #[test]
    fn a_small_list_holds_what_it_holds(digests in prop::collection::btree_set(prop::collection::vec(any::<u8>(), 16), 1..60)) {
        let digests: Vec<_> = digests.into_iter().collect();
        let filter = Filter::parse(made(&digests, DigestAlgorithm::Md5)).expect("a filter");
        prop_assert!(digests.iter().all(|digest| filter.may_contain(digest)));
    }
}
