//! Published heads: what was signed at which size, and what witnesses said to it.

use std::collections::VecDeque;

use super::super::Stores;
use super::super::parallel::in_parallel;
use super::super::ports::StoreError;
use super::super::published::Cosigned;
use super::super::stored::{Head, PublishedHead};
use super::Known;
use crate::tlog::{Cosignature, SignedCheckpoint};

/// How many heads are read and verified at a time.
const STEP: usize = 1_024;

/// Published heads, read a few at a time as the walk passes their sizes.
pub(super) struct Heads {
    /// Every head below this size was read.
    next: u64,
    waiting: VecDeque<Checked>,
}

/// A published head whose signatures were verified.
pub(super) struct Checked {
    /// Size and root, as its row says.
    pub(super) head: Head,
    /// How many cosignatures were verified.
    pub(super) cosignatures: u64,
    /// What is wrong.
    pub(super) faults: Vec<String>,
}

impl Heads {
    pub(super) fn new() -> Self {
        Self { next: 0, waiting: VecDeque::new() }
    }

    /// The next head of at most `size`, if there is one.
    pub(super) fn next_up_to(&mut self, size: u64, stores: &Stores, known: &Known) -> Result<Option<Checked>, StoreError> {
        if self.waiting.is_empty() && self.next <= size {
            let heads = stores.log.published_from(self.next, STEP)?;
            // A server that runs publishes more while the walk goes on.
            self.next = heads.last().map_or(size, |last| last.head.size) + 1;
            for checked in in_parallel(&heads, |head| check(head, stores, known)) {
                self.waiting.push_back(checked?);
            }
        }
        Ok(self.waiting.pop_front_if(|head| head.head.size <= size))
    }
}

fn check(head: &PublishedHead, stores: &Stores, known: &Known) -> Result<Checked, StoreError> {
    let size = head.head.size;
    let mut checked = Checked { head: head.head, cosignatures: 0, faults: Vec::new() };
    let signed = match SignedCheckpoint::parse_and_verify(&head.checkpoint, &known.log) {
        Ok(signed) => signed,
        Err(fault) => {
            checked.faults.push(format!("the checkpoint of size {size}: {fault}"));
            return Ok(checked);
        }
    };
    let said = signed.checkpoint();
    if said.size() != size || *said.root() != head.head.root {
        checked.faults.push(format!("the checkpoint of size {size} signs another head than its row has"));
    }
    for cosigned in stores.cosignatures.cosignatures(size)? {
        match holds(&cosigned, signed.text(), known) {
            Some(true) => checked.cosignatures += 1,
            Some(false) => {
                checked.faults.push(format!("the cosignature of {} on size {size} does not verify", cosigned.name));
            }
            // Of a peer that was removed: its key is not known any more.
            None => {}
        }
    }
    Ok(checked)
}

/// Whether a stored cosignature is one of this checkpoint; nothing when nobody knows the key.
fn holds(cosigned: &Cosigned, text: &str, known: &Known) -> Option<bool> {
    let witness = known.witnesses.iter().find(|witness| witness.name().as_str() == cosigned.name)?;
    let parsed = Cosignature::parse_line(cosigned.line.as_bytes());
    Some(parsed.is_ok_and(|line| {
        let time = u64::try_from(cosigned.time.timestamp()).ok();
        Some(line.time()) == time && line.verify(witness, text)
    }))
}
