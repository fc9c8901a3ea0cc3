//! `palinode demo`: the main job before one's eyes.

use palinode::verdict::Verdict;

use crate::server_process::palinode;

#[test]
fn the_demo_shows_every_verdict_and_ends_well() {
    let told = palinode(&["demo", "--once"]).well();
    // These two say that nothing was looked up.
    let about_datasets = |verdict: &&Verdict| !matches!(verdict, Verdict::Unidentified | Verdict::Unchecked);
    for verdict in Verdict::ALL.iter().filter(about_datasets) {
        assert!(told.contains(verdict.as_str()), "the demo does not show {verdict}:\n{told}");
    }
    for line in ["Three servers", "heard by", "cosigned by A, B, C"] {
        assert!(told.contains(line), "the demo does not say {line:?}:\n{told}");
    }
}

#[test]
fn the_demo_sums_itself_up_for_programs() {
    let told = palinode(&["--format", "json", "demo", "--once"]).well();
    let summary: serde_json::Value = serde_json::from_str(&told).expect("one JSON document");
    assert_eq!(summary["servers"].as_array().map(Vec::len), Some(3), "{told}");
    assert!(summary["notices"].as_u64() > Some(70) && summary["questions"].as_u64() >= Some(40), "{told}");
    // What is said of the demo elsewhere stays true.
    let cases = format!("{} real cases", summary["datasets"]);
    let help = palinode(&["demo", "--help"]).well();
    for (where_, text) in [("the README", include_str!("../../README.md")), ("palinode demo --help", help.as_str())] {
        assert!(text.contains(&cases), "{where_} does not speak of {cases}");
    }
}
