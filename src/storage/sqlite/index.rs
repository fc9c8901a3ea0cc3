//! Reading the index over the log.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::documents::kind_from_columns;
use super::{SqliteStore, array, corrupt, from_sql, millis, to_sql, unavailable};
use crate::ledger::StoreError;
use crate::ledger::ports::IndexRead;
use crate::ledger::stored::{FactQuery, IssuerCount, NoticeRows, SearchQuery, StoredList};
use crate::notice::index::{FactRole, IndexFact};
use crate::notice::{
    Did, DigestAlgorithm, DigestListRole, DocumentHash, IssuerRole, LookupKey, NoticeId, NoticeType, Reason, Timestamp,
};

impl IndexRead for SqliteStore {
    fn notices_with(&self, query: FactQuery, keys: &[LookupKey], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        let failed = unavailable("looking up identifiers");
        // The two roles of a derivative and everything else are told apart by the one word of the derivative role.
        let sql = match query {
            FactQuery::Naming => {
                "SELECT DISTINCT n.notice_id FROM facts f JOIN notices n ON n.idx = f.idx
                 WHERE f.key = ?1 AND f.role <> ?2 AND f.idx < ?3"
            }
            FactQuery::Deriving => {
                "SELECT DISTINCT n.notice_id FROM facts f JOIN notices n ON n.idx = f.idx
                 WHERE f.key = ?1 AND f.role = ?2 AND f.idx < ?3"
            }
        };
        self.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let mut found = Vec::new();
            for key in keys {
                let parameters = params![key.as_str(), FactRole::Derivative.as_str(), to_sql(size)];
                let rows = select.query_map(parameters, |row| row.get::<_, Vec<u8>>(0)).map_err(&failed)?;
                for id in rows {
                    found.push(notice_id(&id.map_err(&failed)?)?);
                }
            }
            Ok(distinct(found))
        })
    }

    fn notices_pointing_at(&self, targets: &[NoticeId], size: u64) -> Result<Vec<NoticeId>, StoreError> {
        let failed = unavailable("looking up edges between notices");
        let sql = "SELECT n.notice_id FROM priors p JOIN notices n ON n.idx = p.idx WHERE p.target = ?1 AND p.idx < ?2";
        self.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let mut found = Vec::new();
            for target in targets {
                let parameters = params![target.as_bytes(), to_sql(size)];
                let rows = select.query_map(parameters, |row| row.get::<_, Vec<u8>>(0)).map_err(&failed)?;
                for id in rows {
                    found.push(notice_id(&id.map_err(&failed)?)?);
                }
            }
            Ok(distinct(found))
        })
    }

    fn digest_lists(&self, algorithm: DigestAlgorithm, size: u64) -> Result<Vec<StoredList>, StoreError> {
        let failed = unavailable("looking up digest lists");
        let sql = "SELECT DISTINCT n.notice_id, d.list FROM digest_lists d JOIN notices n ON n.idx = d.idx
                   WHERE d.algorithm = ?1 AND d.idx < ?2";
        let rows = self.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let rows = select
                .query_map(params![algorithm.as_str(), to_sql(size)], |row| {
                    Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
                })
                .map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        let list = |(notice, list): (Vec<u8>, Vec<u8>)| {
            let list = DocumentHash::from_bytes(array(&list, "a list hash")?);
            Ok(StoredList { notice: notice_id(&notice)?, list })
        };
        rows.into_iter().map(list).collect()
    }

    fn search(&self, query: &SearchQuery, size: u64) -> Result<Vec<u64>, StoreError> {
        let failed = unavailable("searching");
        let (sql, parameters) = search_statement(query, size);
        let rows = self.read(|c| {
            let mut select = c.prepare_cached(&sql).map_err(&failed)?;
            let rows = select.query_map(params_from_iter(parameters), |row| row.get::<_, i64>(0)).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        rows.into_iter().map(from_sql).collect()
    }

    fn rows(&self, index: u64) -> Result<Option<NoticeRows>, StoreError> {
        self.read(|c| stored_rows(c, index))
    }

    fn orphans(&self) -> Result<u64, StoreError> {
        let failed = unavailable("looking for orphaned index rows");
        let sql = "SELECT (SELECT count(*) FROM facts WHERE idx NOT IN (SELECT idx FROM notices))
                        + (SELECT count(*) FROM priors WHERE idx NOT IN (SELECT idx FROM notices))
                        + (SELECT count(*) FROM reasons WHERE idx NOT IN (SELECT idx FROM notices))
                        + (SELECT count(*) FROM digest_lists WHERE idx NOT IN (SELECT idx FROM notices))
                        + (SELECT count(*) FROM document_names WHERE idx NOT IN (SELECT idx FROM notices))
                        + (SELECT count(*) FROM words WHERE rowid NOT IN (SELECT idx FROM notices))";
        let count = self.read(|c| c.query_row(sql, [], |row| row.get(0)).map_err(&failed))?;
        from_sql(count)
    }

    fn count_notices(&self, size: u64) -> Result<u64, StoreError> {
        let failed = unavailable("counting notices");
        let count = self.read(|c| {
            let mut select = c.prepare_cached("SELECT count(*) FROM notices WHERE idx < ?1").map_err(&failed)?;
            select.query_row([to_sql(size)], |row| row.get(0)).map_err(&failed)
        })?;
        from_sql(count)
    }

    fn count_of_issuer(&self, issuer: &Did, since: DateTime<Utc>) -> Result<IssuerCount, StoreError> {
        let failed = unavailable("counting an issuer's entries");
        let sql = "SELECT count(*), coalesce(sum(first_seen >= ?2), 0) FROM entries WHERE issuer = ?1";
        let (total, recent) = self.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row(params![issuer.as_str(), millis(since)], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&failed)
        })?;
        Ok(IssuerCount { recent: from_sql(recent)?, total: from_sql(total)? })
    }

    fn issuers(&self, after: Option<&Did>, limit: usize, size: u64) -> Result<Vec<Did>, StoreError> {
        let failed = unavailable("listing issuers");
        let sql = "SELECT DISTINCT issuer FROM entries WHERE issuer > ?1 AND idx < ?2 ORDER BY issuer LIMIT ?3";
        let texts = self.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let after = after.map_or("", Did::as_str);
            let parameters = params![after, to_sql(size), to_sql(limit as u64)];
            let rows = select.query_map(parameters, |row| row.get::<_, String>(0)).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        texts.iter().map(|text| Did::parse(text).map_err(|e| corrupt(format!("stored issuer: {e}")))).collect()
    }
}

/// The statement of a search with its parameters: only filters that are asked for appear.
fn search_statement(query: &SearchQuery, size: u64) -> (String, Vec<Value>) {
    let mut sql = String::from("SELECT n.idx FROM notices n WHERE n.idx < ?");
    let mut parameters = vec![Value::from(to_sql(query.before.map_or(size, |before| before.min(size))))];
    let mut add = |condition: &str, value: Value| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        parameters.push(value);
    };
    let filter = &query.filter;
    if let Some(issuer) = &filter.issuer {
        add("n.issuer = ?", Value::from(issuer.as_str().to_owned()));
    }
    if let Some(kind) = filter.kind {
        add("n.kind = ?", Value::from(kind.as_str().to_owned()));
    }
    if let Some(role) = filter.role {
        add("n.role = ?", Value::from(role.as_str().to_owned()));
    }
    if let Some(reason) = filter.reason {
        let condition = "EXISTS (SELECT 1 FROM reasons r WHERE r.reason = ? AND r.idx = n.idx)";
        add(condition, Value::from(reason.as_str().to_owned()));
    }
    if let Some(since) = filter.since {
        add("n.first_seen >= ?", Value::from(millis(since)));
    }
    if let Some(until) = filter.until {
        add("n.first_seen < ?", Value::from(millis(until)));
    }
    if !query.words.is_empty() {
        let phrase = query.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        add("n.idx IN (SELECT rowid FROM words WHERE words MATCH ?)", Value::from(phrase));
    }
    sql.push_str(" ORDER BY n.idx DESC LIMIT ?");
    parameters.push(Value::from(to_sql(query.limit as u64)));
    (sql, parameters)
}

/// A word as a quoted FTS5 prefix: nothing in it is an operator. FTS5 reads a query up to the first NUL and would call the
/// rest of the quote missing.
fn quoted(word: &str) -> String {
    format!("\"{}\"*", word.replace('"', "\"\"").replace('\0', " "))
}

fn notice_id(bytes: &[u8]) -> Result<NoticeId, StoreError> {
    Ok(NoticeId::from_bytes(array(bytes, "a notice id")?))
}

fn distinct(mut ids: Vec<NoticeId>) -> Vec<NoticeId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The rows of the notice at `index`, put together from its tables.
fn stored_rows(connection: &Connection, index: u64) -> Result<Option<NoticeRows>, StoreError> {
    let failed = unavailable("reading index rows");
    let idx = to_sql(index);
    // What the row repeats of the entry must be equal; otherwise it is no row of this entry.
    let sql = "SELECT n.kind, n.role, n.issued, w.names FROM notices n
               JOIN words w ON w.rowid = n.idx JOIN entries e ON e.idx = n.idx
               WHERE n.idx = ?1 AND n.notice_id = e.payload_id AND n.issuer = e.issuer AND n.first_seen = e.first_seen";
    let head: Option<(String, String, i64, String)> = connection
        .prepare_cached(sql)
        .and_then(|mut select| {
            select.query_row([idx], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).optional()
        })
        .map_err(&failed)?;
    let Some((kind, role, issued, names)) = head else { return Ok(None) };
    let unknown = |what: &str| corrupt(format!("notice {index} has an unknown {what}"));
    let facts = column_pairs::<String>(connection, "SELECT key, role FROM facts WHERE idx = ?1", idx)?;
    let reasons = column_pairs::<String>(connection, "SELECT reason, '' FROM reasons WHERE idx = ?1", idx)?;
    let priors = column_pairs::<Vec<u8>>(connection, "SELECT target, '' FROM priors WHERE idx = ?1", idx)?;
    let lists =
        column_pairs::<Vec<u8>>(connection, "SELECT list, algorithm || ' ' || role FROM digest_lists WHERE idx = ?1", idx)?;
    let documents =
        column_pairs::<Vec<u8>>(connection, "SELECT hash, kind || ' ' || count FROM document_names WHERE idx = ?1", idx)?;
    let fact = |(key, role): (String, String)| {
        let role = FactRole::parse(&role).ok_or_else(|| unknown("fact role"))?;
        Ok(IndexFact { key: LookupKey::from_stored(key), role })
    };
    let list = |(hash, words): (Vec<u8>, String)| {
        let (algorithm, role) = words.split_once(' ').ok_or_else(|| unknown("list"))?;
        let algorithm = DigestAlgorithm::parse(algorithm).ok_or_else(|| unknown("list algorithm"))?;
        let role = DigestListRole::parse(role).ok_or_else(|| unknown("list role"))?;
        Ok((DocumentHash::from_bytes(array(&hash, "a list hash")?), algorithm, role))
    };
    let document = |(hash, words): (Vec<u8>, String)| {
        let (kind, count) = words.split_once(' ').ok_or_else(|| unknown("document"))?;
        let count = count.parse().map_err(|e| corrupt(format!("a digest count: {e}")))?;
        Ok((DocumentHash::from_bytes(array(&hash, "a document hash")?), kind_from_columns(kind, count)?))
    };
    let issued = DateTime::from_timestamp(issued, 0).and_then(Timestamp::from_time);
    Ok(Some(NoticeRows {
        kind: NoticeType::parse(&kind).ok_or_else(|| unknown("type"))?,
        role: IssuerRole::parse(&role).ok_or_else(|| unknown("role"))?,
        issued: issued.ok_or_else(|| unknown("time"))?,
        reasons: reasons.iter().map(|(r, _)| Reason::parse(r).ok_or_else(|| unknown("reason"))).collect::<Result<_, _>>()?,
        facts: facts.into_iter().map(fact).collect::<Result<_, StoreError>>()?,
        priors: priors.iter().map(|(target, _)| notice_id(target)).collect::<Result<_, _>>()?,
        lists: lists.into_iter().map(list).collect::<Result<_, StoreError>>()?,
        documents: documents.into_iter().map(document).collect::<Result<_, StoreError>>()?,
        names,
    }))
}

/// Two columns of every row that `sql` finds for `idx`.
fn column_pairs<T: rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
    idx: i64,
) -> Result<Vec<(T, String)>, StoreError> {
    let failed = unavailable("reading index rows");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let rows = select.query_map([idx], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&failed)?;
    rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
}
