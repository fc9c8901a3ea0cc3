//! No question that a stranger can ask reads a whole table (promise B8): every statement of the folder above is found in its sources,
//! and SQLite is asked how it would go about it.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::super::SqliteStore;

/// Statements that read a table from end to end, by a part of their text, and why they may.
const WHOLE: &[(&str, &str)] = &[
    ("(SELECT count(*) FROM facts)", "once after a start, in the background"),
    ("SELECT key FROM facts", "the same"),
    ("SELECT leaf FROM leaves", "the same"),
    ("SELECT payload_id FROM payloads", "the same"),
    ("SELECT target FROM priors", "the same"),
    ("SELECT DISTINCT issuer FROM records", "the same"),
    ("SELECT DISTINCT algorithm FROM digest_lists", "the same"),
    ("FROM sqlite_schema", "when a file is opened or emptied"),
    ("FROM refinery_schema_history", "when the file is opened, a row a migration"),
    ("(SELECT entries FROM progress)", "one row"),
    ("FROM peers ORDER BY origin", "as many rows as there are peers"),
    ("FROM evidence ORDER BY", "a command of the operator"),
    ("FROM tombstones ORDER BY", "a command of the operator, and every start"),
    ("FROM removals ORDER BY", "what the operator ordered and is not done"),
    ("FROM blocked_issuers ORDER BY did", "a row for each issuer that the operator blocked"),
    ("FROM peer_successors", "no more rows than there are peers"),
    ("FROM peer_claims", "no more rows than there are peers"),
    ("FROM succeeded", "a row for each restore of this server"),
    ("FROM heads ORDER BY size DESC LIMIT 1", "ends at the first row"),
    ("FROM heads WHERE checkpoint IS NOT NULL ORDER BY size DESC LIMIT 1", "ends at the first that is published"),
    ("FROM domains WHERE due", "10,000 rows at most, in the order in which they are due"),
    ("count(*) FROM domains", "the same"),
    ("FROM waiting_records ORDER BY received", "1,000 rows at most"),
    ("count(*) FROM waiting_records", "the same"),
    ("FROM waiting_records WHERE passed", "the same"),
    ("FROM awaited a", "asked by the federation, so many at a time"),
];

/// Every literal of the sources that is a question, with the file it stands in. What only the operator's commands ask (of backups,
/// of the quarantine, and whether the index contradicts itself) may take its time.
fn statements(folder: &Path, found: &mut Vec<(String, String)>) {
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            statements(&path, found);
        } else if !["tests_", "backup", "checking", "quarantine"].iter().any(|apart| name.contains(apart)) {
            let text = fs::read_to_string(&path).unwrap();
            let source = text.split("#[cfg(test)]").next().unwrap_or_default();
            for rest in source.split("\"SELECT ").skip(1) {
                let sql = rest.split('"').next().unwrap_or_default().replace("\\\n", "");
                // Lists of columns have names.
                let sql = ["{ENTRY}", "{STATE}", "{WAITING}"].iter().fold(sql, |sql, columns| sql.replace(columns, "*"));
                found.push((name.clone(), format!("SELECT {sql}")));
            }
        }
    }
}

/// How SQLite would answer, a step a line; `None` when the file has no such tables.
fn plan(connection: &Connection, sql: &str) -> Option<Vec<String>> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).ok()?;
    let steps = explain.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>();
    Some(steps.unwrap())
}

#[test]
fn no_question_of_a_stranger_reads_a_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("palinode.db")).unwrap();
    let mut questions = Vec::new();
    statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/storage/sqlite"), &mut questions);
    assert!(questions.len() > 40, "the statements are found: {}", questions.len());
    let mut faults = Vec::new();
    for (file, sql) in &questions {
        if sql.contains("{table}") {
            // Counts of `fsck`, over every table.
            continue;
        }
        let in_index = store.index().file.read_at_leisure(|c| Ok(plan(c, sql))).unwrap();
        let steps = in_index.or_else(|| plan(&store.log().writer(), sql));
        let steps = steps.unwrap_or_else(|| panic!("{file}: no table for {sql}"));
        let whole = steps.iter().find(|step| step.starts_with("SCAN ") && !step.contains("VIRTUAL TABLE INDEX"));
        let may = WHOLE.iter().any(|(part, _)| sql.contains(part));
        faults.extend(whole.filter(|_| !may).map(|step| format!("{file}: {sql}\n  {step}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (part, _) in WHOLE {
        assert!(questions.iter().any(|(_, sql)| sql.contains(part)), "no statement has {part:?} any more");
    }
}
