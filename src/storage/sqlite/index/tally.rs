//! Counting notices by what the index knows of them.

use rusqlite::{Connection, params};

use crate::ledger::StoreError;
use crate::ledger::statistics::Tally;
use crate::notice::{NoticeType, Reason};
use crate::storage::sqlite::{corrupt, from_sql, to_sql, unavailable};

/// What sorts of notices have their first entry from `from` on and below `to`. Both questions go along a range of keys, so that what
/// they cost depends on how many entries are asked about, and not on how long the log is.
pub(super) fn between(connection: &Connection, from: u64, to: u64) -> Result<Tally, StoreError> {
    let failed = unavailable("counting notices");
    let (from, to) = (to_sql(from), to_sql(to));
    let mut tally = Tally::default();
    let sql = "SELECT strftime('%Y-%m', first_seen / 1000, 'unixepoch'), kind, count(*) FROM notices
               WHERE idx >= ?1 AND idx < ?2 GROUP BY 1, 2";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query(params![from, to]).map_err(&failed)?;
    while let Some(row) = rows.next().map_err(&failed)? {
        let (month, kind): (String, String) = (row.get(0).map_err(&failed)?, row.get(1).map_err(&failed)?);
        let kind = NoticeType::parse(&kind).ok_or_else(|| corrupt(format!("stored kind of notice: {kind}")))?;
        tally.months.entry(month).or_default().insert(kind, from_sql(row.get(2).map_err(&failed)?)?);
    }
    let sql = "SELECT count(*) FROM reasons WHERE reason = ?1 AND idx >= ?2 AND idx < ?3";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    for reason in Reason::ALL {
        let notices: i64 = select.query_row(params![reason.as_str(), from, to], |row| row.get(0)).map_err(&failed)?;
        if notices > 0 {
            tally.reasons.insert(*reason, from_sql(notices)?);
        }
    }
    Ok(tally)
}
