//! Filters of digest lists. The bytes as they are, and the same with the right hash at their end, so that what stands before it is read; and
//! as the list that a filter is made of.

use palinode::digests::{BLOCK, Filter, FilterBuilder, ListForm};
use palinode::notice::{DigestAlgorithm, DocumentHash};
use sha2::{Digest, Sha256};

pub fn check(data: &[u8]) {
    asks(Filter::parse(data.to_vec()).ok());
    let body = data.split_last_chunk::<32>().map_or(data, |(body, _)| body);
    asks(Filter::parse([body, &Sha256::digest(body)].concat()).ok());
    made_of(data);
}

/// Whatever is asked, there is an answer, and it leads into the list.
fn asks(filter: Option<Filter>) {
    let Some(filter) = filter else { return };
    let again = Filter::parse(filter.bytes().to_vec()).expect("it was read before");
    for width in [16, 20, 32, 64] {
        let blocks = (filter.count() * width as u64).div_ceil(BLOCK as u64);
        for digest in [vec![0; width], vec![255; width], filter.bytes().iter().copied().cycle().skip(8).take(width).collect()] {
            assert_eq!(filter.may_contain(&digest), again.may_contain(&digest));
            assert!(filter.blocks_for(&digest).is_none_or(|found| found.start() <= found.end() && *found.end() < blocks));
        }
    }
}

/// The filter of a list denies no digest of it, and knows in which block each stands.
fn made_of(data: &[u8]) {
    let mut digests: Vec<&[u8]> = data.chunks_exact(16).collect();
    digests.sort_unstable();
    digests.dedup();
    let list = digests.concat();
    let (name, form) = (DocumentHash::of(&list), ListForm::new(DigestAlgorithm::Md5, digests.len() as u64));
    let mut filter = FilterBuilder::new(name, form);
    for digest in &digests {
        filter.take(digest);
    }
    let filter = Filter::parse_of(filter.into_bytes(), name, form).expect("what was made can be read");
    for (place, digest) in digests.iter().enumerate() {
        assert!(filter.may_contain(digest));
        let block = (place * 16 / BLOCK) as u64;
        assert!(filter.blocks_for(digest).is_some_and(|blocks| blocks.contains(&block)));
    }
}
