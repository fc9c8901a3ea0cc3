//! Entries as events, a page at a time, and each page made once for all who follow.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use actix_web::web::{Bytes, Data};
use tokio::sync::Mutex;

use crate::envelope::{Envelope, PayloadType};
use crate::http::blocking::on_ledger;
use crate::http::entry_line;
use crate::http::problem::Problem;
use crate::ledger::stored::NoticeFilter;
use crate::ledger::{Ledger, StoredEntry};
use crate::notice::Notice;

/// How many entries one page has at most: what a reader that stopped reading holds on to, 1 MiB at the very most.
const AT_A_TIME: u64 = 16;

/// The page that was made last. Whoever follows the end of the log wants the same one at the same time.
#[derive(Default)]
pub(super) struct Pages(Mutex<Option<Arc<Page>>>);

/// Some entries that follow each other, as events.
pub(super) struct Page {
    /// Index of the first.
    from: u64,
    /// Index behind the last.
    next: u64,
    text: Bytes,
    events: Vec<Event>,
}

/// Where an event stands in the text of its page, and what filters look at.
struct Event {
    at: Range<usize>,
    notice: Option<Notice>,
}

impl Pages {
    /// The page that begins at `from`, which is below `size`, the size of a published tree.
    pub(super) async fn beginning_at(&self, ledger: &Data<Ledger>, from: u64, size: u64) -> Result<Arc<Page>, Problem> {
        // While one reads, the others wait for what it reads.
        let mut last = self.0.lock().await;
        let next = size.min(from.saturating_add(AT_A_TIME));
        if let Some(page) = last.as_ref().filter(|page| page.from == from && page.next >= next) {
            return Ok(Arc::clone(page));
        }
        let entries = on_ledger(ledger, move |ledger| ledger.changes(from, AT_A_TIME)).await?;
        let page = Arc::new(Page::of(from, &entries));
        *last = Some(Arc::clone(&page));
        Ok(page)
    }
}

impl Page {
    fn of(from: u64, entries: &[StoredEntry]) -> Self {
        let mut text = String::new();
        let mut events = Vec::with_capacity(entries.len());
        for entry in entries {
            let begins = text.len();
            let _ = write!(text, "id: {}\nevent: {}\ndata: ", entry.index, name_of(entry.kind));
            // Canonical envelopes have no line breaks.
            entry_line::write(&mut text, entry);
            text.push_str("\n\n");
            events.push(Event { at: begins..text.len(), notice: notice_of(entry) });
        }
        Self { from, next: from.saturating_add(entries.len() as u64), text: Bytes::from(text), events }
    }

    /// Index behind the last entry.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// All events, or those about notices that the filter wants.
    pub(super) fn wanted_by(&self, filter: Option<&NoticeFilter>) -> Bytes {
        let Some(filter) = filter else { return self.text.clone() };
        let wanted = self.events.iter().filter(|event| event.notice.as_ref().is_some_and(|notice| wants(filter, notice)));
        let texts: Vec<&[u8]> = wanted.filter_map(|event| self.text.get(event.at.clone())).collect();
        Bytes::from(texts.concat())
    }
}

/// What kind of event an entry is.
fn name_of(kind: PayloadType) -> &'static str {
    match kind {
        PayloadType::Notice => "notice",
        PayloadType::Publisher => "publisher",
        PayloadType::Operator => "operator",
        PayloadType::Index => "index",
    }
}

fn notice_of(entry: &StoredEntry) -> Option<Notice> {
    if entry.kind != PayloadType::Notice {
        return None;
    }
    // What stands in the log was read by the same rules when it came.
    let envelope = Envelope::parse_canonical(&entry.bytes).ok()?;
    Notice::parse(envelope.payload()).ok()
}

fn wants(filter: &NoticeFilter, notice: &Notice) -> bool {
    filter.issuer.as_ref().is_none_or(|did| *did == notice.issuer.id)
        && filter.kind.is_none_or(|kind| kind == notice.kind)
        && filter.reason.is_none_or(|reason| notice.reasons.contains(&reason))
        && filter.role.is_none_or(|role| role == notice.issuer.role)
}
