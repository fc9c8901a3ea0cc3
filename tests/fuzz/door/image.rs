//! Everything that a server keeps and says, so that it can be compared with what it keeps and says later.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::knock::{App, Knock};
use crate::support::server::TestServer;

/// The rows of every table of every database in the data folder, and the other files in it.
#[derive(PartialEq, Eq)]
pub(crate) struct Kept {
    tables: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Kept {
    /// Reads it.
    pub(crate) fn by(server: &TestServer) -> Self {
        let mut kept = Self { tables: BTreeMap::new(), files: BTreeMap::new() };
        for entry in fs::read_dir(server.folder()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("db") => {
                    kept.tables.extend(tables(&path).into_iter().map(|(table, rows)| (format!("{name}: {table}"), rows)));
                }
                // How far the log of changes has been written back is SQLite's own affair.
                Some("db-wal" | "db-shm") => {}
                _ if path.is_file() => drop(kept.files.insert(name, fs::read(&path).unwrap())),
                _ => {}
            }
        }
        assert!(kept.tables.values().map(Vec::len).sum::<usize>() > 0, "there is nothing to compare");
        kept
    }

    /// Reads it once the index, which is written behind the log, has come up to it.
    pub(crate) fn settled(server: &TestServer) -> Self {
        let begun = Instant::now();
        while !index_is_complete(server) {
            assert!(begun.elapsed() < Duration::from_mins(2), "the index does not come up to the log");
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Self::by(server)
    }

    /// Fails with the tables and files that differ.
    #[track_caller]
    pub(crate) fn assert_is(&self, other: &Self) {
        let tables =
            self.tables.keys().chain(other.tables.keys()).filter(|name| self.tables.get(*name) != other.tables.get(*name));
        let files = self.files.keys().chain(other.files.keys()).filter(|name| self.files.get(*name) != other.files.get(*name));
        let differing: Vec<_> = tables.chain(files).collect();
        assert!(differing.is_empty(), "these changed: {differing:?}");
    }
}

#[expect(clippy::disallowed_methods, reason = "the test looks at the files from outside, as nobody else may")]
fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(Duration::from_secs(30)).unwrap();
    connection
}

/// Whether every entry and every document is carried over: the index notes how far it goes with what it writes.
fn index_is_complete(server: &TestServer) -> bool {
    let number =
        |file: &str, sql: &str| -> i64 { open(&server.folder().join(file)).query_row(sql, [], |row| row.get(0)).unwrap() };
    let size = i64::try_from(server.size()).unwrap();
    let documents = number("palinode.db", "SELECT coalesce(max(seq), 0) FROM documents");
    number("index.db", "SELECT entries FROM progress") >= size
        && number("index.db", "SELECT documents FROM progress") >= documents
}

fn tables(path: &Path) -> Vec<(String, Vec<String>)> {
    let connection = open(path);
    let mut names = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |name: String| {
        let mut select = connection.prepare(&format!("SELECT * FROM \"{name}\"")).ok()?;
        let columns = select.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let values: Vec<Value> = (0..columns).map(|column| row.get(column).unwrap()).collect();
            Ok(format!("{values:?}"))
        };
        let mut rows: Vec<_> = select.query_map([], row).unwrap().map(Result::unwrap).collect();
        rows.sort();
        Some((name, rows))
    };
    // A virtual table whose module is not here has its rows in tables of its own.
    names.into_iter().filter_map(rows).collect()
}

/// What the server says to these questions, byte for byte.
pub(crate) async fn said(app: &App<'_>, questions: &[String]) -> Vec<(String, u16, Vec<u8>)> {
    let mut said = Vec::new();
    for path in questions {
        let heard = app.ask(&Knock::get(path)).await;
        said.push((path.clone(), heard.status, heard.body));
    }
    said
}
