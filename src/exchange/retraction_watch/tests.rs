use serde_json::{Value, json};

use super::*;
use crate::notice::Draft;

/// Records that nobody ever filed, with the traps of the real table; written by hand, CC0-1.0.
const TABLE: &[u8] = include_bytes!("../../../tests/fixtures/exchange/retraction-watch.csv");

fn read_all(table: &[u8], all: bool) -> (Tally, Vec<RecordDraft>) {
    let mut drafts = Vec::new();
    let tally = read::<TableError>(table, all, |draft| {
        drafts.push(draft);
        Ok(())
    });
    (tally.unwrap(), drafts)
}

fn of<'d>(drafts: &'d [RecordDraft], record: &str) -> &'d Value {
    &drafts.iter().find(|draft| draft.record == record).unwrap_or_else(|| panic!("no draft of {record}")).draft
}

#[test]
fn datasets_become_drafts_and_papers_are_counted() {
    let (tally, drafts) = read_all(TABLE, false);
    let records: Vec<&str> = drafts.iter().map(|draft| draft.record.as_str()).collect();
    assert_eq!(records, ["101", "102", "103", "106", "107"]);
    assert_eq!((tally.records, tally.drafts, tally.not_datasets, tally.reinstatements), (9, 5, 1, 1));
    assert_eq!(tally.unknown_natures, BTreeMap::from([("vanished".to_owned(), 1)]));
    assert_eq!(tally.broken_records, [9]);
}

#[test]
fn dates_are_american_and_what_cannot_be_read_is_named() {
    let (tally, drafts) = read_all(TABLE, false);
    assert_eq!(of(&drafts, "101")["effective"], "2023-08-16");
    assert_eq!(of(&drafts, "102")["effective"], "2021-03-04", "the fourth of March");
    assert_eq!(of(&drafts, "103").get("effective"), None);
    assert_eq!(tally.unknown_dates, BTreeMap::from([("3/4/21".to_owned(), 1)]));
}

#[test]
fn reasons_have_codes_with_and_without_plus_and_unknown_ones_are_named() {
    let (tally, drafts) = read_all(TABLE, false);
    assert_eq!(of(&drafts, "101")["reasons"], json!(["data-error", "unverifiable"]));
    assert_eq!(of(&drafts, "102")["reasons"], json!(["consent"]));
    assert_eq!(of(&drafts, "103")["reasons"], json!(["not-stated"]));
    assert_eq!(
        tally.unknown_reasons,
        BTreeMap::from([("Investigation by Journal/Publisher".to_owned(), 1), ("Rogue Editor".to_owned(), 1)])
    );
}

#[test]
fn unknown_identifiers_are_no_identifiers_and_the_title_stands_in() {
    let (_, drafts) = read_all(TABLE, false);
    assert_eq!(of(&drafts, "101")["subjects"], json!([{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}]));
    assert_eq!(of(&drafts, "103")["subjects"][0]["id"], "name:voicesofnobody");
    assert_eq!(
        of(&drafts, "101")["texts"]["references"][0],
        json!({"type": "report", "url": "https://doi.org/10.1234/notice.1"})
    );
    assert_eq!(of(&drafts, "102")["texts"]["references"], json!([]), "the notice has no DOI");
}

#[test]
fn a_record_that_is_no_utf_8_is_read_as_latin_1() {
    let (_, drafts) = read_all(TABLE, false);
    assert_eq!(of(&drafts, "107")["dataset"]["title"], "Données de Zürich");
}

#[test]
fn a_retracted_paper_describes_its_data_and_retracts_nothing() {
    let (tally, drafts) = read_all(TABLE, true);
    let paper = of(&drafts, "104");
    assert_eq!(
        (&paper["type"], &paper["subjects"][0]["role"], &paper["reasons"][0]),
        (&json!("expression-of-concern"), &json!("described-by"), &json!("article-retracted"))
    );
    assert_eq!(tally.not_datasets, 0);
}

#[test]
fn every_draft_is_one_that_can_be_signed() {
    for draft in read_all(TABLE, true).1 {
        let read = Draft::parse(draft.draft.to_string().as_bytes());
        assert!(read.is_ok(), "{}: {read:?}", draft.record);
    }
}

#[test]
fn another_table_is_refused_by_the_column_that_it_lacks() {
    let error = read::<TableError>(&b"doi,title\n10.1/x,y\n"[..], false, |_| Ok(())).unwrap_err();
    assert!(error.to_string().contains("\"Record ID\""), "{error}");
}
