//! Answering questions from tail and file, the tail first.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::super::documents::kind_from_columns;
use super::super::{SqliteStore, array, corrupt, from_sql, millis, to_sql, unavailable};
use super::Counted;
use super::recent::Learned;
use super::rows;
use super::schema::{self, leaf_hash};
use super::search;
use super::tally;
use super::writing::HOUR;
use crate::envelope::PayloadType;
use crate::ledger::StoreError;
use crate::ledger::ports::IndexRead;
use crate::ledger::statistics::Tally;
use crate::ledger::stored::{
    DocumentKind, FactQuery, IndexRows, IssuerCount, Place, RowCounts, SearchQuery, StoredEntry, StoredList,
};
use crate::notice::{Did, DigestAlgorithm, DigestPrefix, DocumentHash, LookupKey, NoticeId, PayloadId};
use crate::tlog::Hash;

impl SqliteStore {
    /// Where the entries of a payload stand below `size`, in the order of the log.
    pub(in super::super) fn places(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<Place>, StoreError> {
        let mut found = self.covering(size)?.places(kind, id, size);
        if self.index().filter.may_hold_payload(id) {
            for rows in self.standing(id)? {
                found.extend(rows.iter().filter(|(of, place)| *of == kind && place.index < size).map(|(_, place)| *place));
            }
        }
        Ok(in_order(found, |place| place.index))
    }

    /// Indexes below `size` of the entries that may have this leaf hash: the first 8 bytes agree.
    pub(in super::super) fn leaf_places(&self, leaf: &Hash, size: u64) -> Result<Vec<u64>, StoreError> {
        let failed = unavailable("looking up a leaf");
        let mut found: Vec<u64> = self.covering(size)?.of_leaf(leaf, size).map(|learned| learned.index).collect();
        if self.index().filter.may_hold_leaf(leaf) {
            self.index().file.read(|c| {
                let sql = "SELECT idx FROM leaves WHERE leaf = ?1 AND idx < ?2";
                let mut select = c.prepare_cached(sql).map_err(&failed)?;
                for index in select.query_map(params![leaf_hash(leaf), to_sql(size)], |row| row.get(0)).map_err(&failed)? {
                    found.push(from_sql(index.map_err(&failed)?)?);
                }
                Ok(())
            })?;
        }
        Ok(in_order(found, |index| *index))
    }

    /// Indexes below `size` of the publisher records of one issuer, in the order of the log.
    pub(in super::super) fn places_of_records(&self, did: &Did, size: u64) -> Result<Vec<u64>, StoreError> {
        let mut found = self.covering(size)?.records(did, size);
        if self.index().filter.may_hold_records(did) {
            for rows in self.recorded(did)? {
                found.extend(rows.iter().filter(|index| **index < size));
            }
        }
        Ok(in_order(found, |index| *index))
    }

    /// Which kind of document the entries below `size` name by this hash: as the first of them does.
    pub(in super::super) fn kind_of_document(
        &self,
        hash: &DocumentHash,
        size: u64,
    ) -> Result<Option<DocumentKind>, StoreError> {
        let failed = unavailable("looking up who names a document");
        let recent: Option<(u64, DocumentKind)> = {
            let recent = self.covering(size)?;
            recent.naming_document(hash, size).find_map(|learned| {
                let documents = &learned.notice()?.documents;
                documents.iter().find(|(named, _)| named == hash).map(|(_, kind)| (learned.index, *kind))
            })
        };
        let row: Option<(String, i64)> = self.index().file.read(|c| {
            let sql = "SELECT kind, count FROM document_names WHERE hash = ?1 AND idx < ?2 ORDER BY idx LIMIT 1";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let parameters = params![hash.as_bytes(), to_sql(size)];
            select.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(&failed)
        })?;
        match row {
            Some((kind, count)) => kind_from_columns(&kind, count).map(Some),
            None => Ok(recent.map(|(_, kind)| kind)),
        }
    }

    /// Documents that entries below `size` name and that are neither here nor removed.
    pub(in super::super) fn awaited(&self, size: u64, limit: usize) -> Result<Vec<(DocumentHash, DocumentKind)>, StoreError> {
        self.carry_over_for(size)?;
        let failed = unavailable("listing missing documents");
        let sql = "SELECT a.hash, n.kind, n.count FROM awaited a
                   JOIN document_names n ON n.hash = a.hash
                   AND n.idx = (SELECT min(idx) FROM document_names WHERE hash = a.hash)
                   WHERE n.idx < ?1 LIMIT ?2";
        let rows: Vec<(Vec<u8>, String, i64)> = self.index().file.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let parameters = params![to_sql(size), to_sql(limit as u64)];
            let rows = select.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        let missing = |(hash, kind, count): (Vec<u8>, String, i64)| {
            Ok((DocumentHash::from_bytes(array(&hash, "a document hash")?), kind_from_columns(&kind, count)?))
        };
        rows.into_iter().map(missing).collect()
    }
}

impl IndexRead for SqliteStore {
    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        let mut found = self.covering(size)?.notices_with(query, keys, size);
        let held: Vec<&LookupKey> = keys.iter().filter(|key| self.index().filter.may_hold_key(key)).collect();
        for rows in self.carrying(&held)? {
            found.extend(rows.iter().filter_map(|row| row.answers(query, size)));
        }
        Ok(distinct(found))
    }

    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        let mut found = self.covering(size)?.notices_pointing_at(targets, size);
        let held: Vec<&NoticeId> = targets.iter().filter(|target| self.index().filter.may_hold_target(target)).collect();
        for rows in self.pointing(&held)? {
            found.extend(rows.iter().filter(|(index, _)| *index < size).map(|(_, notice)| *notice));
        }
        Ok(distinct(found))
    }

    fn notices_naming(&self, document: &DocumentHash, size: u64, limit: usize) -> Result<Vec<NoticeId>, StoreError> {
        let mut found: Vec<(u64, NoticeId)> = {
            let recent = self.covering(size)?;
            recent.naming_document(document, size).map(|learned| (learned.index, learned.payload_id)).collect()
        };
        let failed = unavailable("looking up who names a document");
        let sql = "SELECT d.idx, n.notice_id FROM document_names d JOIN notices n ON n.idx = d.idx
                   WHERE d.hash = ?1 AND d.idx < ?2 ORDER BY d.idx LIMIT ?3";
        self.index().file.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let mut rows = select.query(params![document.as_bytes(), to_sql(size), to_sql(limit as u64)]).map_err(&failed)?;
            while let Some(row) = rows.next().map_err(&failed)? {
                let (index, notice): (i64, Vec<u8>) = (row.get(0).map_err(&failed)?, row.get(1).map_err(&failed)?);
                found.push((from_sql(index)?, notice_id(&notice)?));
            }
            Ok(())
        })?;
        let mut found: Vec<NoticeId> = in_order(found, |(index, _)| *index).into_iter().map(|(_, notice)| notice).collect();
        found.truncate(limit);
        Ok(found)
    }

    fn digest_lists(&self, algorithm: DigestAlgorithm, size: u64) -> Result<Vec<StoredList>, StoreError> {
        let mut found: Vec<StoredList> = self.covering(size)?.lists(algorithm, size).collect();
        if self.index().filter.may_hold_lists(algorithm) {
            for rows in self.listed(algorithm)? {
                found.extend(rows.iter().filter(|(index, _)| *index < size).map(|(_, stored)| *stored));
            }
        }
        Ok(in_order(found, |stored| (stored.notice, stored.list)))
    }

    fn digests_in(&self, range: &DigestPrefix, size: u64, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        // They are found in the file only, so it must have everything.
        self.carry_over_for(size)?;
        let failed = unavailable("looking up a range of digests");
        let sql = "SELECT DISTINCT digest FROM digests
                   WHERE algorithm = ?1 AND digest BETWEEN ?2 AND ?3 AND idx < ?4 ORDER BY digest LIMIT ?5";
        self.index().file.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let parameters =
                params![range.algorithm().as_str(), range.first(), range.last(), to_sql(size), to_sql(limit as u64)];
            let rows = select.query_map(parameters, |row| row.get(0)).map_err(&failed)?;
            rows.collect::<Result<_, _>>().map_err(&failed)
        })
    }

    fn search(&self, query: &SearchQuery, size: u64) -> Result<Vec<u64>, StoreError> {
        // Words are found in the file only, so it must have everything.
        self.carry_over_for(size)?;
        self.index().file.read(|c| search::run(c, query, size))
    }

    fn holds(&self, entry: &StoredEntry, rows: &IndexRows) -> Result<bool, StoreError> {
        let failed = unavailable("reading index rows");
        let learned = Learned::new(entry, rows.clone());
        let look = || {
            self.index().file.read(|c| {
                let indexed = schema::progress(c).map_err(&failed)?.entries;
                Ok((rows::stand(c, &learned).map_err(&failed)?, indexed > entry.index))
            })
        };
        let (stands, carried_over) = look()?;
        if stands || carried_over {
            return Ok(stands);
        }
        self.carry_over(&mut |_, _| {})?;
        Ok(look()?.0)
    }

    fn row_counts(&self, size: u64) -> Result<RowCounts, StoreError> {
        self.carry_over(&mut |_, _| {})?;
        self.index().file.read_at_leisure(|c| rows::counts(c, size))
    }

    fn text_words(&self, index: u64) -> Result<Option<String>, StoreError> {
        let failed = unavailable("reading the words of a notice");
        self.index().file.read(|c| {
            let mut select = c.prepare_cached("SELECT texts FROM words WHERE rowid = ?1").map_err(&failed)?;
            select.query_row([to_sql(index)], |row| row.get(0)).optional().map_err(&failed)
        })
    }

    fn contradictions(&self) -> Result<Vec<String>, StoreError> {
        self.carry_over(&mut |_, _| {})?;
        self.check_index()
    }

    fn count_notices(&self, size: u64) -> Result<u64, StoreError> {
        self.carry_over_for(size)?;
        let failed = unavailable("counting notices");
        // What stands in the log is counted once: counting a million rows for each page view would take longer than the page.
        let counted = self.index().counted();
        let counted = if counted.size <= size { counted } else { Counted::default() };
        let more: i64 = self.index().file.read(|c| {
            let sql = "SELECT count(*) FROM notices WHERE idx >= ?1 AND idx < ?2";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row([to_sql(counted.size), to_sql(size)], |row| row.get(0)).map_err(&failed)
        })?;
        let notices = counted.notices + from_sql(more)?;
        self.index().set_counted(Counted { size, notices });
        Ok(notices)
    }

    fn tally(&self, from: u64, to: u64) -> Result<Tally, StoreError> {
        self.carry_over_for(to)?;
        self.index().file.read(|c| tally::between(c, from, to))
    }

    fn count_of_issuer(&self, issuer: &Did, since: DateTime<Utc>) -> Result<IssuerCount, StoreError> {
        let failed = unavailable("counting an issuer's entries");
        let hour = millis(since).div_euclid(HOUR);
        // File and tail must not count an entry twice: the tail is asked for what the file said that it does not have.
        let (indexed, total, recent) = self.index().file.read(|c| {
            let sql = "SELECT (SELECT entries FROM progress),
                              coalesce((SELECT entries FROM issuers WHERE issuer = ?1), 0),
                              coalesce((SELECT sum(entries) FROM issuer_hours WHERE issuer = ?1 AND hour >= ?2), 0)";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let parameters = params![issuer.as_str(), hour];
            let row: (i64, i64, i64) =
                select.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&failed)?;
            Ok(row)
        })?;
        let indexed = from_sql(indexed)?;
        let mut count = IssuerCount { recent: from_sql(recent)?, total: from_sql(total)? };
        let tail = self.index().recent();
        for learned in tail.of_issuer(issuer, u64::MAX).filter(|learned| learned.index >= indexed) {
            count.total += 1;
            count.recent += u64::from(millis(learned.first_seen).div_euclid(HOUR) >= hour);
        }
        Ok(count)
    }

    fn issuers(&self, after: Option<&Did>, limit: usize, size: u64) -> Result<Vec<Did>, StoreError> {
        self.carry_over_for(size)?;
        let failed = unavailable("listing issuers");
        let sql = "SELECT issuer FROM issuers WHERE issuer > ?1 AND first < ?2 ORDER BY issuer LIMIT ?3";
        let texts = self.index().file.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let after = after.map_or("", Did::as_str);
            let parameters = params![after, to_sql(size), to_sql(limit as u64)];
            let rows = select.query_map(parameters, |row| row.get::<_, String>(0)).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        texts.iter().map(|text| Did::parse(text).map_err(|e| corrupt(format!("stored issuer: {e}")))).collect()
    }
}

/// In the order of these keys, which is mostly that of the log. Tail and file may both have an entry that is being carried over.
pub(super) fn in_order<T: PartialEq, K: Ord>(mut found: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    found.sort_unstable_by_key(key);
    found.dedup();
    found
}

fn notice_id(bytes: &[u8]) -> Result<NoticeId, StoreError> {
    Ok(NoticeId::from_bytes(array(bytes, "a notice id")?))
}

pub(super) fn distinct(mut ids: Vec<NoticeId>) -> Vec<NoticeId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
