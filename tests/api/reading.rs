//! Notices, publishers, peers, the server itself, and what operators and programs read.

use palinode::envelope::Envelope;
use serde_json::{Value, json};

use super::support::server::{Options, TestServer};
use super::support::speakers::Speaker;

fn with_notices(count: u32) -> (TestServer, Speaker) {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    for n in 1..=count {
        let mut notice = speaker.report(&format!("doi:10.5281/zenodo.{n}"));
        notice["dataset"]["title"] = json!(format!("Collection number {n}"));
        assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    }
    (server, speaker)
}

#[test]
fn a_notice_its_entry_and_its_proof_are_read_by_id() {
    let (server, speaker) = with_notices(1);
    let list = server.get("/v1/notices").json();
    let id = list["notices"][0]["id"].as_str().unwrap().to_owned();
    let notice = server.get(&format!("/v1/notices/{id}"));
    let shown = notice.json();
    assert_eq!(shown["notice"]["dataset"]["title"], "Collection number 1");
    assert_eq!((&shown["status"]["in_force"], &shown["issuer_pinned"]), (&json!(true), &json!(false)));
    assert_eq!((&shown["texts"]["state"], &shown["provenance"]), (&json!("none"), &json!("client")));
    assert_eq!(shown["signers"], json!([speaker.key.public().to_multibase()]));
    assert_eq!(server.get_with(&format!("/v1/notices/{id}"), &[("If-None-Match", notice.header("etag").unwrap())]).status, 304);
    let entry = server.get(&format!("/v1/notices/{id}/envelope")).body;
    assert_eq!(Envelope::parse_canonical(&entry).unwrap().payload_id().to_string(), id);
    assert!(server.get(&format!("/v1/notices/{id}/proof")).text().starts_with("c2sp.org/tlog-proof@v1\n"));
    for path in ["", "/envelope", "/proof"] {
        assert_eq!(server.get(&format!("/v1/notices/{}{path}", "11".repeat(32))).rule(), "not-found");
        assert_eq!(server.get(&format!("/v1/notices/{}{path}", id.to_uppercase())).rule(), "not-found");
    }
}

#[test]
fn pages_follow_each_other_and_do_not_move() {
    let (server, speaker) = with_notices(5);
    let first = server.get("/v1/notices?limit=2").json();
    let titles = |page: &Value| -> Vec<_> {
        page["notices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n["notice"]["dataset"]["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles(&first), ["Collection number 5", "Collection number 4"]);
    server.post("/v1/notices", speaker.notice(&speaker.report("doi:10.5281/zenodo.99")));
    let second = server.get(&format!("/v1/notices?limit=2&cursor={}", first["next"].as_str().unwrap())).json();
    assert_eq!(titles(&second), ["Collection number 3", "Collection number 2"]);
    let third = server.get(&format!("/v1/notices?limit=2&cursor={}", second["next"].as_str().unwrap())).json();
    assert_eq!(titles(&third), ["Collection number 1"]);
    assert!(third.get("next").is_none());
}

#[test]
fn filters_find_and_wrong_ones_are_named() {
    let (server, speaker) = with_notices(3);
    let count = |query: &str| server.get(&format!("/v1/notices?{query}")).json()["notices"].as_array().unwrap().len();
    assert_eq!(count("q=number+2"), 1);
    assert_eq!(count("q=nothing"), 0);
    assert_eq!(count(&format!("issuer={}&type=retraction&reason=consent&role=observer", speaker.did)), 3);
    assert_eq!(count("type=removal"), 0);
    assert_eq!(count("since=2026-11-23T12:00:00Z&until=2026-11-23T12:00:01Z"), 3);
    assert_eq!(count("until=2026-11-23T12:00:00Z"), 0);
    assert_eq!(count("q=&type="), 3, "empty fields of a form ask for nothing");
    for query in
        ["type=nonsense", "reason=x", "role=king", "issuer=me", "since=yesterday", "cursor=!", "limit=-1", "colour=red"]
    {
        assert_eq!(server.get(&format!("/v1/notices?{query}")).rule(), "bad-query", "{query}");
    }
}

#[test]
fn publishers_are_shown_with_their_records_and_keys() {
    let publisher = Speaker::domain(3, "example.org");
    let server = TestServer::with(Options { pins: vec![publisher.pin(&["doi:10.5281/"])], ..Options::default() });
    let list = server.get("/v1/publishers").json();
    assert_eq!(list["publishers"][0]["did"], "did:web:example.org");
    for spelling in ["did:web:example.org", "did%3Aweb%3Aexample.org"] {
        let shown = server.get(&format!("/v1/publishers/{spelling}")).json();
        let lineage = &shown["lineages"][0];
        assert_eq!((&lineage["name"], &lineage["pinned"]), (&json!("Example Vision Lab"), &json!(true)));
        let record = &lineage["records"][0];
        let since = json!({"record": record["id"], "sequence": 0});
        let key = publisher.key.public().to_multibase();
        assert_eq!(lineage["keys"][0], json!({"key": key, "status": "active", "may_lift": true, "since": since}));
        assert_eq!((&record["in_chain"], &record["entries"][0]["signed_by"]), (&json!(true), &json!(key)));
        let entry = server.get(&format!("/log/entry/{}", record["entries"][0]["entry"].as_str().unwrap()));
        assert_eq!(entry.body, publisher.pin(&["doi:10.5281/"]).record().signed().entry(), "the signed record itself");
        assert_eq!((&shown["key_changed"], &lineage["forked"], &lineage["forks"]), (&json!(false), &json!(false), &json!([])));
    }
    assert_eq!(server.get("/v1/publishers/did:web:other.example").rule(), "not-found");
    assert_eq!(server.get("/v1/publishers?cursor=x").rule(), "bad-query");
}

/// Follows `Link: rel="next"` and the `next` of the answers, which name the same page, to the end.
fn all_pages(server: &TestServer, first: &str, list: &str) -> Vec<Value> {
    let (mut found, mut at) = (Vec::new(), first.to_owned());
    loop {
        let answer = server.get(&at);
        let page = answer.json();
        assert_eq!(answer.status, 200, "{at}: {page}");
        found.extend(page[list].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            assert_eq!(answer.header("link"), None, "{at} is the last");
            return found;
        };
        let link = answer.header("link").unwrap_or_else(|| panic!("{at} has no link"));
        let to = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).unwrap();
        assert!(to.ends_with(&format!("cursor={next}")), "{to} {next}");
        to.clone_into(&mut at);
    }
}

#[test]
fn every_list_goes_on_in_the_same_way() {
    let server = TestServer::start();
    for seed in 1..=5 {
        let speaker = Speaker::key(seed);
        assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report("doi:10.5281/zenodo.1"))).status, 201);
    }
    let issuers = all_pages(&server, "/v1/publishers?limit=2", "publishers");
    let mut dids: Vec<&str> = issuers.iter().map(|one| one["did"].as_str().unwrap()).collect();
    let told = dids.len();
    dids.dedup();
    assert_eq!((told, dids.len(), dids.is_sorted()), (5, 5, true));
    let notices = all_pages(&server, "/v1/notices?reason=consent&limit=2", "notices");
    assert_eq!(notices.iter().map(|one| one["index"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 3, 2, 1, 0]);
    assert_eq!(server.get("/v1/publishers?after=did:web:example.org").rule(), "bad-query", "one name for one thing");
}

#[test]
fn a_server_says_who_it_is() {
    let (server, _) = with_notices(2);
    let shown = server.get("/v1/server").json();
    let identity = server.ledger.identity();
    assert_eq!((&shown["name"], &shown["origin"]), (&json!("palinode"), &json!("ledger.example.org/log")));
    assert_eq!(
        (&shown["log_key"], &shown["witness_key"]),
        (&json!(identity.log.to_string()), &json!(identity.witness.to_string()))
    );
    assert_eq!(shown["operator_key"], identity.operator.to_multibase());
    assert_eq!((&shown["policy"], &shown["tree_size"], &shown["notices"]), (&json!("open"), &json!(2), &json!(2)));
    assert_eq!(server.get("/v1/peers").json(), json!({"peers": []}));
}

#[test]
fn schemas_and_operators_pages_are_there() {
    let server = TestServer::start();
    for path in ["/v1/schema/notice.json", "/v1/schema/publisher.json"] {
        assert!(server.get(path).json()["$schema"].is_string());
    }
    assert_eq!(server.get("/livez").text(), "alive\n");
    assert_eq!(server.get("/readyz").text(), "ready\n");
    assert_eq!(server.get("/metrics").text(), "# nothing\n");
}

#[test]
fn the_openapi_document_has_every_path_and_every_reference_resolves() {
    let server = TestServer::start();
    let document = server.get("/openapi.json").json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in [
        "/v1/notices",
        "/v1/notices/{id}",
        "/v1/notices/{id}/envelope",
        "/v1/notices/{id}/proof",
        "/v1/publishers",
        "/v1/publishers/{did}",
        "/v1/check",
        "/v1/schema/notice.json",
        "/v1/schema/publisher.json",
        "/v1/documents/{sha256}",
        "/v1/peers",
        "/v1/peers/{origin_hash}/evidence",
        "/v1/server",
        "/v1/changes",
        "/log/checkpoint",
        "/log/tile/{path}",
        "/log/entry/{hash}",
        "/witness/add-checkpoint",
        "/witness/{origin_hash}/checkpoint",
        "/livez",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/",
        "/peers",
        "/search",
        "/p/{did}",
        "/log",
    ] {
        assert!(document["paths"].get(path).is_some(), "{path}");
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is named and not described");
    }
}

#[test]
fn everything_that_is_said_of_a_publisher_stands_in_the_openapi_document() {
    let publisher = Speaker::domain(3, "example.org");
    let impostor = Speaker::domain(4, "examp1e.org");
    let pins = vec![publisher.pin(&["doi:10.5281/"]), impostor.pin(&[])];
    let server = TestServer::with(Options { pins, ..Options::default() });
    let document = server.get("/openapi.json").json();
    let shown = server.get("/v1/publishers/did:web:examp1e.org").json();
    let marks = &shown["lineages"][0]["marks"];
    let texts: Vec<_> = marks.as_array().unwrap().iter().map(|mark| mark["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "the name looks like the name of another publisher, Example Vision Lab (did:web:example.org)",
            "the domain looks like the domain example.org of another publisher (did:web:example.org)"
        ]
    );
    for (schema, value) in [
        ("PublisherAnswer", &shown),
        ("LineageAnswer", &shown["lineages"][0]),
        ("RecordAnswer", &shown["lineages"][0]["records"][0]),
        ("RecordKeyAnswer", &shown["lineages"][0]["records"][0]["keys"][0]),
        ("RecordEntryAnswer", &shown["lineages"][0]["records"][0]["entries"][0]),
        ("KeyAnswer", &shown["lineages"][0]["keys"][0]),
        ("SinceAnswer", &shown["lineages"][0]["keys"][0]["since"]),
        ("MarkAnswer", &marks[0]),
    ] {
        let told = document["components"]["schemas"][schema]["properties"].as_object().unwrap_or_else(|| panic!("{schema}"));
        for field in value.as_object().unwrap().keys() {
            assert!(told.contains_key(field), "{schema} says nothing of {field}");
        }
    }
}
