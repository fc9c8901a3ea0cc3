//! What caches may do with every answer: one table, which names every path that can be read.

use std::collections::BTreeSet;

use super::examples::{Content, server, target};

/// Asked about again each time; most of these answers follow from the newest tree.
const AGAIN: &str = "no-cache";
/// The bytes never change under their name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The bytes never change, and may be gone.
const WHILE_IT_LASTS: &str = "public, max-age=86400, immutable";
/// Part of the program.
const AN_HOUR: &str = "public, max-age=3600";
const FIVE_MINUTES: &str = "public, max-age=300";
const A_DAY: &str = "public, max-age=86400";
/// What is true in this moment only.
const NEVER: &str = "no-store";

/// Operation, `Cache-Control`, and whether the answer has an ETag, by which it is not sent twice.
const TABLE: [(&str, &str, bool); 52] = [
    ("get_badge_id_json", FIVE_MINUTES, true),
    ("get_badge_id_svg", FIVE_MINUTES, true),
    ("get_d_id", AGAIN, true),
    ("get_docs", AGAIN, true),
    ("get_docs_build_a_client_md", AN_HOUR, true),
    ("get_docs_schema_name", AGAIN, true),
    ("get_docs_tag", AGAIN, true),
    ("get_drop", AGAIN, true),
    ("get_drop_js", AN_HOUR, true),
    ("get_embed_d_id", AGAIN, true),
    ("get_feeds_atom_xml", AGAIN, true),
    ("get_feeds_feed_json", AGAIN, true),
    ("get_front", AGAIN, true),
    ("get_livez", NEVER, false),
    ("get_log", AGAIN, true),
    ("get_log_checkpoint", AGAIN, true),
    ("get_log_entry_hash", FOR_EVER, true),
    ("get_log_tile_path", FOR_EVER, true),
    ("get_metrics", NEVER, false),
    ("get_n_id", AGAIN, true),
    ("get_openapi_json", AGAIN, true),
    ("get_p_did", AGAIN, true),
    ("get_peers", AGAIN, true),
    ("get_readyz", NEVER, false),
    ("get_search", AGAIN, true),
    ("get_statistics", AGAIN, true),
    ("get_style_css", AN_HOUR, true),
    ("get_v1_changes", AGAIN, true),
    ("get_v1_check", AGAIN, true),
    ("get_v1_digests_algorithm_prefix", AGAIN, true),
    ("get_v1_documents_sha256", FIVE_MINUTES, true),
    ("get_v1_documents_sha256_blocks", WHILE_IT_LASTS, true),
    ("get_v1_events", NEVER, false),
    ("get_v1_index", AGAIN, true),
    ("get_v1_index_filter_list", WHILE_IT_LASTS, true),
    ("get_v1_index_head", AGAIN, true),
    ("get_v1_index_tile_path", FOR_EVER, true),
    ("get_v1_index_trust_hash", FOR_EVER, true),
    ("get_v1_notices", AGAIN, true),
    ("get_v1_notices_id", AGAIN, true),
    ("get_v1_notices_id_envelope", FOR_EVER, true),
    ("get_v1_notices_id_proof", AGAIN, true),
    ("get_v1_peers", AGAIN, true),
    ("get_v1_peers_origin_hash_evidence", AGAIN, true),
    ("get_v1_publishers", AGAIN, true),
    ("get_v1_publishers_did", AGAIN, true),
    ("get_v1_schema_notice_json", AN_HOUR, true),
    ("get_v1_schema_publisher_json", AN_HOUR, true),
    ("get_v1_server", AGAIN, true),
    ("get_v1_statistics", AGAIN, true),
    ("get_well_known_security_txt", A_DAY, true),
    ("get_witness_origin_hash_checkpoint", AGAIN, true),
];

#[test]
fn every_answer_says_how_long_it_may_be_kept_and_is_not_sent_twice() {
    let (server, content) = (server(), Content::new());
    assert_eq!(server.post("/v1/notices", content.notice().to_string()).status, 201);
    let announced = server.request("POST", "/witness/add-checkpoint", &[], content.announcement().as_bytes());
    assert_eq!(announced.status, 200);
    let document = server.get("/openapi.json").json();
    let mut read = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        // Paths that only lead to another one say nothing that could be kept.
        let Some(operation) = item.get("get").filter(|operation| operation["responses"].get("200").is_some()) else { continue };
        let name = operation["operationId"].as_str().unwrap();
        let line = TABLE.iter().find(|(known, ..)| *known == name);
        let (_, caching, tagged) = line.unwrap_or_else(|| panic!("{name} has no line in the table"));
        let (target, _) = target("get", path, operation);
        // Of what has no end, only the head is asked for, and of what comes from now on: it has no example.
        let (method, target) = if name == "get_v1_events" { ("HEAD", path.clone()) } else { ("GET", target) };
        let answer = server.request(method, &target, &[], b"");
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some(*caching)), "{name}");
        assert_eq!(answer.header("etag").is_some(), *tagged, "{name}");
        if let Some(tag) = answer.header("etag") {
            for known in [tag.to_owned(), format!("\"other\", W/{tag}"), "*".to_owned()] {
                let again = server.get_with(&target, &[("If-None-Match", known.as_str())]);
                assert_eq!((again.status, again.body.len()), (304, 0), "{name} {known}");
                assert_eq!((again.header("etag"), again.header("cache-control")), (Some(tag), Some(*caching)), "{name}");
                assert_eq!(again.header("vary"), answer.header("vary"), "{name}: a cache finds it by the same fields");
            }
            assert_eq!(server.get_with(&target, &[("If-None-Match", "\"other\"")]).status, 200, "{name}");
        }
        read.insert(name.to_owned());
    }
    let lines: BTreeSet<String> = TABLE.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(lines, read, "the table names what is there");
}

#[test]
fn no_refusal_is_kept() {
    let server = server();
    for path in
        ["/nowhere", "/v1/notices/x", "/v1/notices?limit=x", "/d", "/n/x", "/p/x", "/docs/x", "/log/entry/x", "/v1/documents/x"]
    {
        let answer = server.get(path);
        assert!(answer.status >= 400, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}
