//! Every real metadata file that is at hand goes through, and everything that was ignored in it is named.

use crate::desk::{Desk, copy, identifiers, remarks, samples};
use crate::server_process::Launch;

#[test]
fn every_sample_goes_through_and_every_ignored_value_is_named() {
    let Some(folder) = samples() else { return };
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    copy(&folder, &desk.path("data"));
    let (code, report) = desk.report(&server, &["--code"]);
    assert_eq!(code, Some(0), "{report:#}");
    let told = remarks(&report);
    let count = |path: &str, kind: &str| told.iter().filter(|(place, what, _)| *place == path && *what == kind).count();
    // PASS holds eleven MD5s in fields of SHA-256, coco2014 the word in each of its five, the Hub the address of an issue.
    assert_eq!(count("croissant/pass.json", "read-as"), 11, "{told:#?}");
    assert_eq!(count("croissant/coco2014.json", "ignored"), 5, "{told:#?}");
    assert_eq!(count("croissant/hf-squad_v2.json", "ignored"), 1);
    assert_eq!(count("frictionless/amt-taxis.datapackage.json", "invalid"), 1);
    let bag = "bagit/v0.97/invalid/out-of-scope-file-paths-using-dot-notation/manifest-md5.txt";
    assert_eq!(count(bag, "out-of-scope"), 2);
    assert_eq!(count("bids/motion_dualtask/dataset_description.json", "ignored"), 1, "DatasetDOI is n/a");
    for (place, what, remark) in &told {
        if *what == "ignored" {
            assert!(!remark["value"].as_str().unwrap().is_empty(), "{place} names no value");
        }
    }
    let found = identifiers(&report);
    for expected in [
        "sha256:c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737",
        "md5:0b033707ea49365a5ffdd14615825511",
        "hf:datasets/rajpurkar/squad_v2",
        "md5:22a1a2931c8370d3aeedd7183606fd7f",
        "git:github.com/iterative/dataset-registry@f59388cd04276e75d70b2136597aaa27e7937cc3",
        "sha512:e7c22b994c59d9cf2b48e549b1e24666636045930d3da7c1acb299d1c3b7f931f94aae41edda2c2b207a36e10f8bcb8d45223e54878f5b316e7ce3b6bc019629",
        "doi:10.82433/b09z-4k37",
        "doi:10.5438/4k3m-nyvg",
        "doi:10.18112/openneuro.ds000117.v1.0.4",
        "doi:10.1167/13.5.22",
        "sha256:a36bede355cb4a311d0c4a7b5f025509060d8aff7bdd3bf912492ec8e65e3cf0",
    ] {
        assert!(found.contains(&expected), "{expected} is missing");
    }
}
