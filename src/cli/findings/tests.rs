use serde_json::Value;

use super::baseline;
use super::gathering::gather;
use super::model::{IgnoreState, State};
use super::sample::{
    CONCERN, FACES, FILE, OTHER, RETRACTION, UNKNOWN, arguments, asked, asked_at, findings, findings_with, inventory, now, saw,
};
use super::{Asked, Findings, FindingsArguments, SCHEMA, ignores, lines, markdown, sarif, table};
use crate::scan::{Evidence, Inventory, Place, Relation, Why};
use crate::verdict::Verdict;

const SARIF_SCHEMA: &str = include_str!("../../../tests/fixtures/schemas/sarif-schema-2.1.0.json");

fn json(findings: &Findings) -> Value {
    serde_json::to_value(findings).unwrap()
}

fn sarif_of(findings: &Findings) -> Value {
    serde_json::to_value(sarif::log(findings)).unwrap()
}

#[track_caller]
fn is_valid(document: &Value, schema: &str) {
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(document).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert_eq!(faults, Vec::<String>::new());
}

fn ended(arguments: &FindingsArguments, asked: Asked) -> u8 {
    findings_with(arguments, asked, Vec::new()).exit_code.number()
}

fn ignoring(text: &str) -> Findings {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".palinode.toml"), text).unwrap();
    let ignores = ignores::of_roots(&[folder.path().display().to_string()]).unwrap();
    findings_with(&arguments(), asked(), ignores)
}

#[test]
fn findings_are_grouped_by_dataset_the_worst_first() {
    let found = findings();
    let seen: Vec<_> = found.datasets.iter().map(|d| (d.title.as_str(), d.verdict, d.findings.len())).collect();
    assert_eq!(seen, [("Example Faces 1M", Verdict::Retracted, 3), ("Acme Voices", Verdict::Concern, 1)]);
    assert_eq!((found.verdict, found.exit_code.number(), found.identifiers), (Verdict::Retracted, 1, 4));
}

#[test]
fn code_is_never_stronger_than_a_weak_digest_and_says_that_no_bytes_were_seen() {
    let found = findings();
    let of = |evidence: Evidence| {
        found.datasets[0].findings.iter().find(|f| f.evidence == evidence && f.identifier == FILE).unwrap()
    };
    assert_eq!(
        (of(Evidence::BytesHashed).strength.as_str(), of(Evidence::NamedInCode).strength.as_str()),
        ("exact-bytes", "weak-bytes")
    );
    assert!(table::text(&found).contains("weak-bytes (named in code, bytes not seen)"));
}

#[test]
fn what_was_made_from_it_inherits_and_what_cites_it_may_be_another() {
    let mut inventory = Inventory::of(vec![".".to_owned()]);
    saw(&mut inventory, FACES, Place::named(0, "x.dvc"), Evidence::NamedInMetadata, Relation::Origin);
    saw(&mut inventory, FACES, Place::named(0, "paper.bib"), Evidence::NamedInMetadata, Relation::Description);
    let found = gather(&inventory, asked(), Vec::new(), None, &arguments(), now());
    let verdicts: Vec<_> = found.datasets[0].findings.iter().map(|f| f.verdict).collect();
    assert_eq!(verdicts, [Verdict::DerivedFromRetracted, Verdict::Possible]);
}

#[test]
fn the_table_says_what_matched_who_says_so_since_when_what_to_do_and_what_instead() {
    let text = table::text(&findings());
    for said in [
        "RETRACTED",
        "Example Faces 1M",
        "data/a b.tar",
        "sha256:6c17d1b3aa0a…",
        "exact-bytes (bytes hashed)",
        "Example Vision Lab, did:web:example.org as publisher, authority owner (domain-match)",
        "2019-06",
        "delete your copies until 2026-12-31",
        "doi:10.5281/zenodo.7654321",
        "load.py:12:7",
        "is ignored: a sha256 digest",
        "as of 2026-11-23T11:59:30Z, tree size 812",
    ] {
        assert!(text.contains(said), "{said:?} is missing:\n{text}");
    }
    let mut quiet = asked();
    quiet.parts[0].answers.iter_mut().for_each(|answer| {
        answer.verdict = Verdict::NoNotice;
        answer.matches.clear();
    });
    let text = table::text(&findings_with(&arguments(), quiet, Vec::new()));
    assert!(text.contains("no notice known to ledger.example.org/log as of 2026-11-23T11:59:30Z, tree size 812"), "{text}");
}

#[test]
fn exit_codes_are_those_of_the_protocol_in_their_precedence() {
    let plain = arguments();
    let level = |fail_on| FindingsArguments { fail_on, ..arguments() };
    let strict = FindingsArguments { strict: true, fail_on: Verdict::Retracted, ..arguments() };
    assert_eq!(ended(&plain, asked()), 1);
    assert_eq!(ended(&level(Verdict::Concern), asked()), 1);
    let quiet = || {
        let mut asked = asked();
        asked.parts[0].answers.iter_mut().for_each(|answer| {
            answer.verdict = Verdict::NoNotice;
            answer.matches.clear();
        });
        asked
    };
    assert_eq!(ended(&plain, quiet()), 0);
    assert_eq!(ended(&strict, quiet()), 0, "an ignored value was read; it only was no digest");
    assert_eq!(ended(&plain, Asked { interrupted: Some("gone".to_owned()), ..quiet() }), 3);
    assert_eq!(ended(&plain, Asked { interrupted: Some("gone".to_owned()), ..asked() }), 1, "a finding counts for more");
    assert_eq!(ended(&plain, Asked { broken: vec!["bad root".to_owned()], ..asked() }), 4, "and integrity for most");
    let mut stale = asked_at("2026-11-16T11:59:00Z");
    stale.parts[0].answers.clear();
    assert_eq!(ended(&plain, stale), 3);
    assert_eq!(ended(&plain, Asked::default()), 3, "nobody was asked");
    let mut incomplete = quiet();
    incomplete.parts[0].answers[3].incomplete = true;
    assert_eq!(ended(&plain, quiet()), 0);
    assert_eq!(ended(&strict, incomplete), 3);

    let nothing = |arguments: &FindingsArguments| {
        gather(&Inventory::of(vec![".".to_owned()]), Asked::default(), Vec::new(), None, arguments, now())
    };
    assert_eq!(nothing(&plain).exit_code.number(), 5);
    assert_eq!(nothing(&FindingsArguments { allow_empty: true, ..arguments() }).exit_code.number(), 0);
    assert_eq!(nothing(&FindingsArguments { strict: true, ..arguments() }).exit_code.number(), 3, "nothing was identified");
    let mut unread = inventory();
    unread.remark(Place::named(0, "x"), Why::ChangedMeanwhile);
    assert_eq!(gather(&unread, quiet(), Vec::new(), None, &strict, now()).exit_code.number(), 3);
}

#[test]
fn an_ignored_finding_does_not_fail_and_idle_and_expired_entries_are_told() {
    let entry = |id: &str, more: &str| format!("[[ignore]]\nid = \"{id}\"\nreason = \"replication\"\n{more}\n");
    let both = entry(FACES, "") + &entry(FILE, "expires = \"2026-11-23\"");
    let found = ignoring(&both);
    assert_eq!((found.exit_code.number(), found.verdict), (0, Verdict::Concern));
    assert!(found.datasets[0].findings.iter().all(|finding| finding.state == State::Ignored));
    assert!(table::text(&found).contains("retracted, ignored: replication"));
    assert_eq!(sarif_of(&found)["runs"][0]["results"][0]["suppressions"][0]["justification"], "replication");

    let late = ignoring(&(entry(FACES, "") + &entry(FILE, "expires = \"2026-11-22\"") + &entry(UNKNOWN, "")));
    assert_eq!(late.exit_code.number(), 1);
    let text = table::text(&late);
    assert!(text.contains("expired on 2026-11-22") && text.contains("covers nothing that was found"), "{text}");
    let states: Vec<IgnoreState> = late.ignores.iter().map(|ignore| ignore.state).collect();
    assert_eq!(states, [IgnoreState::Used, IgnoreState::Expired, IgnoreState::Unused]);
}

#[test]
fn an_ignore_hides_no_broken_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let text = [FACES, FILE, OTHER].map(|id| format!("[[ignore]]\nid = \"{id}\"\nreason = \"x\"\n")).concat();
    std::fs::write(folder.path().join(".palinode.toml"), text).unwrap();
    let ignores = ignores::of_roots(&[folder.path().display().to_string()]).unwrap();
    let broken = Asked { broken: vec!["the index does not verify".to_owned()], ..asked() };
    let found = findings_with(&arguments(), broken, ignores);
    assert_eq!(found.exit_code.number(), 4);
    assert!(table::text(&found).contains("the index does not verify"));
}

#[test]
fn what_a_baseline_holds_does_not_fail_again_and_what_is_new_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("before");
    for before in [json(&findings()).to_string(), sarif_of(&findings()).to_string()] {
        std::fs::write(&path, before).unwrap();
        let baseline = baseline::read(&path).unwrap();
        let again = gather(&inventory(), asked(), Vec::new(), Some(&baseline), &arguments(), now());
        assert_eq!(again.exit_code.number(), 0);
        assert_eq!(sarif_of(&again)["runs"][0]["results"][0]["baselineState"], "unchanged");
        let mut moved = inventory();
        moved.sightings.iter_mut().for_each(|sighting| sighting.place.line = sighting.place.line.map(|line| line + 5));
        assert_eq!(gather(&moved, asked(), Vec::new(), Some(&baseline), &arguments(), now()).exit_code.number(), 0);
        saw(&mut moved, FILE, Place::named(0, "copy.tar"), Evidence::BytesHashed, Relation::File);
        assert_eq!(gather(&moved, asked(), Vec::new(), Some(&baseline), &arguments(), now()).exit_code.number(), 1);
    }
    for wrong in ["{}", "no json", "{\"runs\": [{\"tool\": {\"driver\": {\"name\": \"other\"}}, \"results\": []}]}"] {
        std::fs::write(&path, wrong).unwrap();
        assert!(baseline::read(&path).unwrap_err().to_string().contains("is no report of palinode scan"), "{wrong}");
    }
}

#[test]
fn the_json_report_follows_its_published_schema() {
    is_valid(&json(&findings()), SCHEMA);
    is_valid(&json(&ignoring(&format!("[[ignore]]\nid = \"{FILE}\"\nreason = \"x\"\nexpires = \"2026-01-01\"\n"))), SCHEMA);
    let broken = Asked { broken: vec!["x".to_owned()], interrupted: Some("y".to_owned()), ..Asked::default() };
    is_valid(&json(&findings_with(&arguments(), broken, Vec::new())), SCHEMA);
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let mut wrong = json(&findings());
    wrong["datasets"][0]["verdict"] = "fine".into();
    assert!(!validator.is_valid(&wrong));
    for verdict in Verdict::ALL {
        wrong["datasets"][0]["verdict"] = verdict.as_str().into();
        assert!(validator.is_valid(&wrong), "{verdict}");
    }
    for source in crate::scan::Source::ALL {
        wrong["datasets"][0]["findings"][0]["source"] = source.as_str().into();
        assert!(validator.is_valid(&wrong), "{source}");
    }
}

#[test]
fn sarif_follows_the_official_schema_and_has_what_github_asks_for() {
    let log = sarif_of(&findings());
    is_valid(&log, SARIF_SCHEMA);
    let run = &log["runs"][0];
    let (rules, results) = (run["tool"]["driver"]["rules"].as_array().unwrap(), run["results"].as_array().unwrap());
    assert_eq!(results.len(), 4);
    let mut prints = std::collections::BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains(':') && !uri.contains(' '), "{uri}");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(prints.insert(result["partialFingerprints"]["palinodeFinding/v1"].as_str().unwrap().to_owned()));
    }
    let at = |uri: &str, id: &str| {
        let wanted = |r: &&Value| {
            r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri && r["properties"]["identifier"] == id
        };
        results.iter().find(wanted).unwrap_or_else(|| panic!("{uri}")).clone()
    };
    assert_eq!(at("data/a%20b.tar", FILE)["level"], "error");
    let code = at("load.py", OTHER);
    assert_eq!((&code["level"], &code["ruleId"]), (&"warning".into(), &"palinode/concern".into()));
    let region = &code["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&14.into(), &21.into()));
    for said in ["delete your copies until 2026-12-31", "doi:10.5281/zenodo.7654321", "owner (domain-match)", RETRACTION] {
        assert!(at("data/a%20b.tar", FILE)["message"]["text"].as_str().unwrap().contains(said), "{said}");
    }
    is_valid(&sarif_of(&findings_with(&arguments(), Asked::default(), Vec::new())), SARIF_SCHEMA);
}

#[test]
fn every_line_of_json_lines_is_one_object_and_the_summary_comes_first() {
    let text = lines::text(&findings()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["summary"]["exit_code"], 1);
    let found: Vec<_> = lines.iter().filter(|line| line["line"] == "finding").collect();
    assert_eq!(found.len(), 4);
    assert!(found.iter().any(|line| line["notices"][CONCERN]["title"] == "Acme Voices"));
    assert_eq!(lines.last().unwrap()["remark"]["rule"], "digest-form");
}

#[test]
fn titles_of_strangers_forge_no_line_no_link_and_no_mention() {
    let mut asked = asked();
    let hostile = "x\u{1b}[2J\nno notice known to anybody | @everyone <script> [y](https://evil.example)\u{202e}";
    asked.notices.values_mut().for_each(|notice| notice.payload["dataset"]["title"] = hostile.into());
    let found = findings_with(&arguments(), asked, Vec::new());
    let text = table::text(&found);
    assert!(!text.contains("\u{1b}[2J") && !text.contains('\u{202e}'), "{text:?}");
    assert!(!text.lines().any(|line| line.starts_with("no notice")), "{text}");
    let text = markdown::text(&found);
    for forged in ["<script", "@everyone", "](https", "| @", "\u{1b}", "\u{202e}"] {
        assert!(!text.contains(forged), "{forged:?} in {text}");
    }
    is_valid(&sarif_of(&found), SARIF_SCHEMA);
}
