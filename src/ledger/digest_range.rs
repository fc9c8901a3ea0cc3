//! What is known of all digests that begin alike: the question of those who do not tell which file they hold.
//!
//! Every digest of the range that a notice names, among its identifiers or in a list, is decided as if it had been asked for by itself,
//! so that whoever finds their digest in the answer knows what [`Ledger::check`] would have told them. A digest that is not in the answer
//! meets no notice, but for two things that the answer cannot tell without telling which file is meant: a notice that names the digest
//! blinded, and a list that is not here ([`RangeAnswer::incomplete`]).

use std::collections::BTreeSet;

use super::Ledger;
use super::check::{CheckAnswers, MATCHES};
use super::ports::StoreError;
use super::statements::LedgerStatements;
use crate::notice::{DigestPrefix, Identifier, NoticeId};
use crate::verdict::{self, Answer, Judge, Part, Verdict};

/// How many digests one answer tells of.
pub const MAX_DIGESTS: usize = 1_000;
/// How many digests are looked at to find out which prefix would be long enough.
const MOST_COUNTED: usize = 20_000;

/// The answer about one range, as of one tree size.
#[derive(Debug, Clone)]
pub struct RangeAnswer {
    /// Whose answer it is, and as of when; it holds no answers of its own.
    pub as_of: CheckAnswers,
    /// Something that could change the answer about a digest which is not named here could not be looked at: a list that is missing, or
    /// on its way.
    pub incomplete: bool,
    /// The digests of the range that a notice meets, ascending.
    pub digests: Vec<KnownDigest>,
}

/// What is known of one digest of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDigest {
    /// The digest.
    pub id: Identifier,
    /// As of [`Answer`].
    pub verdict: Verdict,
    /// As of [`Answer`].
    pub part: Option<Part>,
    /// As of [`Answer`].
    pub incomplete: bool,
    /// As of [`Answer`].
    pub truncated: bool,
    /// As of [`Answer`].
    pub conflict: bool,
    /// The notices that meet it, most severe first, at most [`MATCHES`].
    pub notices: Vec<NoticeId>,
    /// How many more there are.
    pub more: usize,
}

/// Why a range is not answered.
#[derive(Debug, thiserror::Error)]
pub enum RangeError {
    /// More digests are known than one answer may tell of.
    #[error("more than {MAX_DIGESTS} digests are known that begin so: {}", advice(*enough))]
    TooMany {
        /// How many digits are enough, as far as that could be found out; `None` when no prefix is that still is one.
        enough: Option<usize>,
    },
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn advice(enough: Option<usize>) -> String {
    match enough {
        Some(digits) => format!("ask with {digits} digits"),
        None => {
            "no longer prefix is answered either, since somebody listed digests that begin alike; ask for the digest itself"
                .to_owned()
        }
    }
}

impl Ledger {
    /// Answers what is known of every digest that begins with `prefix`, as of the newest published tree.
    ///
    /// # Errors
    /// [`RangeError`].
    pub fn check_range(&self, prefix: &DigestPrefix) -> Result<RangeAnswer, RangeError> {
        let moment = self.moment();
        let size = moment.published.head.size;
        let named = self.digests_in(prefix, size)?;
        if named.len() > MAX_DIGESTS {
            return Err(RangeError::TooMany { enough: enough_digits(prefix, &named) });
        }
        let asked: Vec<String> = named.iter().filter_map(|digest| prefix.identifier(digest)).map(|id| id.to_string()).collect();
        let source = LedgerStatements::below(self, size);
        let mut as_of = self.decide(&asked, &moment, &source, &mut |_, _| {})?;
        let answers = std::mem::take(&mut as_of.answers);
        let digests = answers.into_iter().filter_map(|asked| KnownDigest::of(asked.answer.ok()?)).collect();
        // Whether lists are missing is the same for every digest that none names.
        let incomplete = match prefix.a_digest_besides(&named) {
            None => false,
            Some(unnamed) => {
                let set = verdict::gather(std::slice::from_ref(&unnamed), &source, moment.now)?;
                Judge::new(&set, &moment.trusted, moment.now).decide(&unnamed).incomplete
            }
        };
        Ok(RangeAnswer { as_of, incomplete, digests })
    }

    /// Every digest of the range that a notice below `size` names, in lists and otherwise; of more than are counted, some.
    fn digests_in(&self, prefix: &DigestPrefix, size: u64) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        let most = MOST_COUNTED + 1;
        let mut named: BTreeSet<Vec<u8>> = self.stores.index.digests_in(prefix, size, most)?.into_iter().collect();
        let lists: BTreeSet<_> =
            self.stores.index.digest_lists(prefix.algorithm(), size)?.into_iter().map(|stored| stored.list).collect();
        for list in lists {
            if named.len() > MOST_COUNTED {
                break;
            }
            named.extend(self.stores.lists.list_digests_in(&list, prefix, most)?.unwrap_or_default());
        }
        // What everybody holds is matched by nothing.
        named.retain(|digest| prefix.identifier(digest).is_some_and(|id| !id.is_trivial()));
        Ok(named)
    }
}

/// The fewest digits with which no range has more digests than are answered. Of more digests than are counted only some are known
/// here; then a range is asked for that may still be too large, and tells better.
fn enough_digits(prefix: &DigestPrefix, named: &BTreeSet<Vec<u8>>) -> Option<usize> {
    let told = prefix.digits().len();
    if named.len() > MOST_COUNTED {
        return (told + 2 <= DigestPrefix::MOST).then_some(told + 2);
    }
    (told + 1..=DigestPrefix::MOST).find(|digits| {
        let named: Vec<&Vec<u8>> = named.iter().collect();
        // In order, so that digests which begin alike stand side by side.
        named.windows(MAX_DIGESTS + 1).all(|some| match (some.first(), some.last()) {
            (Some(first), Some(last)) => !begin_alike(first, last, *digits),
            _ => true,
        })
    })
}

/// Whether two digests have their first so many hex digits in common.
fn begin_alike(one: &[u8], other: &[u8], digits: usize) -> bool {
    let digit = |digest: &[u8], n: usize| digest.get(n / 2).map(|byte| if n.is_multiple_of(2) { byte >> 4 } else { byte & 15 });
    (0..digits).all(|n| digit(one, n) == digit(other, n))
}

impl KnownDigest {
    /// The summary of an answer; `None` where no notice meets the digest.
    fn of(answer: Answer) -> Option<Self> {
        let Answer { id, verdict, part, incomplete, unseen_lists: _, truncated, conflict, matches } = answer;
        let more = matches.len().saturating_sub(MATCHES);
        let notices: Vec<NoticeId> = matches.iter().take(MATCHES).map(|found| found.notice).collect();
        (!notices.is_empty()).then_some(Self { id, verdict, part, incomplete, truncated, conflict, notices, more })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digests(prefix: &DigestPrefix, rests: &[u64]) -> BTreeSet<Vec<u8>> {
        let mut first = prefix.first();
        let with = |rest: &u64| {
            let end = first.len();
            for (at, byte) in rest.to_be_bytes().iter().enumerate() {
                if let Some(place) = first.get_mut(end.min(2 + at)) {
                    *place = *byte;
                }
            }
            first.clone()
        };
        rests.iter().map(with).collect()
    }

    #[test]
    fn so_many_digits_are_enough_that_the_fullest_range_can_be_told() {
        let prefix = DigestPrefix::parse("sha256", "0a1b").unwrap();
        // Evenly spread over the next digit: sixteen ranges of a hundred.
        let even: Vec<u64> = (0..1_600_u64).map(|n| n.wrapping_mul(u64::MAX / 1_600)).collect();
        assert_eq!(enough_digits(&prefix, &digests(&prefix, &even)), Some(5));
        // All alike in the next six digits.
        let alike: Vec<u64> = (0..1_600_u64).map(|n| n << 20).collect();
        assert_eq!(enough_digits(&prefix, &digests(&prefix, &alike)), Some(13));
        // Alike for as long as a prefix may be.
        let mut hostile = BTreeSet::new();
        for n in 0..1_001_u16 {
            let mut digest = prefix.first();
            digest[30..].copy_from_slice(&n.to_be_bytes());
            hostile.insert(digest);
        }
        assert_eq!(enough_digits(&prefix, &hostile), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn with_enough_digits_every_range_is_answered_and_with_one_less_some_is_not(
            rests in prop::collection::vec(any::<u64>().prop_map(|n| n >> (n % 40)), 1_100..2_500),
        ) {
            let prefix = DigestPrefix::parse("md5", "0000").unwrap();
            let named = digests(&prefix, &rests);
            prop_assume!(named.len() > MAX_DIGESTS);
            let fullest = |digits: usize| {
                let mut ranges = std::collections::BTreeMap::<String, usize>::new();
                for digest in &named {
                    *ranges.entry(data_encoding::HEXLOWER.encode(digest)[..digits].to_owned()).or_default() += 1;
                }
                ranges.into_values().max().unwrap_or(0)
            };
            match enough_digits(&prefix, &named) {
                Some(enough) => {
                    prop_assert!(fullest(enough) <= MAX_DIGESTS);
                    prop_assert!(fullest(enough - 1) > MAX_DIGESTS);
                }
                None => prop_assert!(fullest(DigestPrefix::MOST) > MAX_DIGESTS),
            }
        }
    }
}
