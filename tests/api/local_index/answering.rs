//! Answers from a local index are those of its server.

use serde_json::json;

use super::super::support::server::{Options, TestServer, noon};
use super::super::support::speakers::Speaker;
use super::{ALL, Asker, NEEDED, report, world};

#[test]
fn every_answer_is_the_one_that_the_server_gives() {
    for seed in 0..4 {
        let publisher = Speaker::domain(3, "example.org");
        let pins = vec![publisher.pin(&["doi:10.5281/", "hf:datasets/acme/"])];
        let server = TestServer::with(Options { pins, ..Options::default() });
        let mut ids = world(&server, seed, 40);
        ids.extend(["doi:10.1234/none", "not an identifier \u{1}", "md5:00112233445566778899aabbccddeeff"].map(str::to_owned));
        ids.push("a0".repeat(32));
        let asker = Asker::of(&server);
        asker.update(ALL).unwrap();
        let there = server.post("/v1/check", json!({"ids": ids}).to_string()).json();
        let here = asker.answers(&ids);
        for (here, there) in here.iter().zip(there["answers"].as_array().unwrap()) {
            let mut there = there.clone();
            // Whether a list that is missing is on its way or was removed is known to the server alone.
            there.as_object_mut().unwrap().remove("missing_lists");
            assert_eq!(*here, there, "seed {seed}");
        }
        assert_eq!(here.len(), ids.len());
        assert_eq!(asker.index().trust().hash(), there["trust"].as_str().unwrap());
        let verdicts: std::collections::BTreeSet<_> = here.iter().map(|one| one["verdict"].to_string()).collect();
        assert!(verdicts.len() >= 3, "the world is not a dull one: {verdicts:?}");
    }
}

#[test]
fn without_entries_a_hit_is_unchecked_a_miss_is_known_and_fetching_answers() {
    let server = TestServer::start();
    report(&server, 0..300);
    let asker = Asker::of(&server);
    asker.update(NEEDED).unwrap();
    assert!(asker.asked().iter().all(|(path, _)| !path.contains("entries")), "no entry was fetched");
    let ids = ["doi:10.5281/zenodo.299".to_owned(), "doi:10.1234/none".to_owned()];
    let answers = asker.answers(&ids);
    assert_eq!((&answers[0]["verdict"], &answers[1]["verdict"]), (&json!("unchecked"), &json!("no-notice")));
    assert!(answers[0]["error"]["message"].as_str().unwrap().contains("palinode index update --entries"), "{answers:?}");

    let client = asker.client.clone();
    let fetch = move |index, width| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(client.bundle(index, width))
    };
    let index = asker.index().fetching(Box::new(fetch), Box::new(|_, _, _| Err("no list is asked for".to_owned())));
    let answer = index.check(&ids, index.trust(), noon()).unwrap();
    assert_eq!(answer.answers[0].verdict.as_str(), "reported");
    let asked: Vec<_> = asker.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(asked, ["/log/tile/entries/001.p/44"], "one bundle, and no identifier");
    assert_eq!(asker.answers(&ids)[0]["verdict"], "reported", "what was fetched stays");

    assert!(asker.update(ALL).unwrap().entries);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
}
