//! Odd questions: bodies of `POST /v1/check`, and paths, queries and headers of everything that is read.

use actix_web::http::Uri;
use palinode::tlog::TilePath;
use serde_json::{Value, json};

use super::good;
use super::image::Kept;
use super::knock::{Knock, with_app};
use crate::decoders::Loose;
use crate::mutation::{Dice, Told, from_environment, mutate};

const MUTATIONS: u64 = 1_500;

/// Bodies that are questions.
const QUESTIONS: &[&str] = &[
    r#"{"ids":["doi:10.5281/zenodo.1"]}"#,
    r#"{"ids":["https://example.org/faces/","Example Faces 1M","sha256:e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47"]}"#,
    r#"{"ids":["hf:datasets/example/faces","10.5281/zenodo.1","0123456789abcdef0123456789abcdef01234567","a/b",""]}"#,
    r#"{"id":["doi:10.5281/zenodo.1"]}"#,
    r#"[["doi:10.5281/zenodo.1"]]"#,
];

#[test]
fn a_mutated_question_is_answered_for_what_it_asks_or_refused() {
    let server = good::server();
    let mutations = from_environment("PALINODE_MUTATIONS", MUTATIONS);
    let first = from_environment("PALINODE_SEED", 0);
    with_app(&server, async |app| {
        good::post_all(app, good::submissions()).await;
        let kept = Kept::settled(&server);
        let mut answered = 0;
        for seed in first..first + mutations {
            let _told = Told { what: "questions", seed };
            let mut dice = Dice::seeded(seed);
            let mut body = dice.pick(QUESTIONS).as_bytes().to_vec();
            mutate(&mut body, dice.pick(QUESTIONS).as_bytes(), &mut dice);
            let heard = app.ask(&Knock::post("/v1/check", body.clone())).await;
            match asked(&body) {
                Some(ids) if !ids.is_empty() => {
                    let answers = heard.json();
                    let asked: Vec<_> =
                        answers["answers"].as_array().unwrap().iter().map(|answer| answer["asked"].clone()).collect();
                    assert_eq!((heard.status, asked), (200, ids), "{}", String::from_utf8_lossy(&body));
                    answered += 1;
                }
                _ => assert_eq!(heard.status, 400, "{}: {}", String::from_utf8_lossy(&body), heard.text()),
            }
        }
        assert!(mutations < 500 || answered > 20, "the mutations are too wild");
        Kept::settled(&server).assert_is(&kept);
    });
}

/// The identifiers that a body asks about, if it is strict JSON and nothing but a question.
fn asked(body: &[u8]) -> Option<Vec<Value>> {
    if serde_json::from_slice::<Loose>(body).ok()?.is_faulty(0) {
        return None;
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    let ids = value.get("ids")?.as_array()?.clone();
    (value == json!({ "ids": ids }) && ids.iter().all(Value::is_string)).then_some(ids)
}

/// Paths that are read.
const PATHS: &[&str] = &[
    "/log/checkpoint",
    "/log/tile/0/000.p/3",
    "/log/tile/entries/000.p/17",
    "/log/tile/1/x001/234.p/255",
    "/log/entry/e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47",
    "/v1/check?id=doi:10.5281/zenodo.1&proof=true",
    "/v1/notices?q=faces&issuer=did:web:example.org&type=retraction&reason=consent&role=observer&since=2026-01-01T00:00:00Z&limit=5",
    "/v1/notices?q=%22faces%22+OR+NEAR(a+b)*&cursor=AAAAAAAAAAk&limit=0",
    "/v1/notices/e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47/proof",
    "/v1/documents/e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47",
    "/v1/publishers/did%3Aweb%3Aexample.org",
    "/v1/publishers?cursor=ZGlkOndlYjpleGFtcGxlLm9yZw&limit=3",
    "/v1/changes?after=3",
    "/v1/peers",
    "/v1/peers/e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47/evidence",
    "/peers",
    "/v1/server",
    "/witness/e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47/checkpoint",
    "/d/doi%3A10.5281%2Fzenodo.1",
    "/n/e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47",
    "/?id=faces&lang=de",
    "/search?q=faces&type=retraction&reason=consent&role=observer&issuer=did:web:example.org&cursor=AAAAAAAAAAk&lang=qps-ploc",
    "/p/did:web:example.org",
    "/log?lang=xx",
    "/openapi.json",
];

/// Values of the headers that are looked at.
const RANGES: &[&str] = &[
    "bytes=0-9",
    "bytes=5-",
    "bytes=-5",
    "bytes=9-0",
    "bytes=0-0,2-3",
    "bytes=18446744073709551615-",
    "lines=1-2",
    "bytes=-0",
    "W/\"a\"",
    "*",
];

#[test]
fn a_mutated_path_is_answered_or_refused_and_a_tile_has_one_address() {
    let server = good::server();
    let mutations = from_environment("PALINODE_MUTATIONS", MUTATIONS);
    let first = from_environment("PALINODE_SEED", 0);
    with_app(&server, async |app| {
        let good = good::post_all(app, good::submissions()).await;
        let document = good.iter().flat_map(|good| &good.documents).next().unwrap();
        let document = format!("/v1/documents/{}", palinode::notice::DocumentHash::of(document));
        let kept = Kept::settled(&server);
        for seed in first..first + mutations {
            let _told = Told { what: "paths", seed };
            let mut dice = Dice::seeded(seed);
            let mut knock = if dice.one_in(5) { Knock::get(&document) } else { Knock::get(&path(&mut dice)) };
            for name in ["range", "if-range", "if-none-match", "accept"] {
                if dice.one_in(4) {
                    let mut value = dice.pick(RANGES).as_bytes().to_vec();
                    if dice.one_in(2) {
                        mutate(&mut value, b"bytes=0-9", &mut dice);
                    }
                    value.retain(|byte| byte.is_ascii_graphic() || *byte == b' ');
                    knock.headers.push((name, String::from_utf8(value).unwrap().trim().to_owned()));
                }
            }
            knock.method = ["GET", "GET", "GET", "HEAD", "DELETE"][dice.below(5)];
            let heard = app.ask(&knock).await;
            if let (200, Some(tile)) = (heard.status, knock.path.strip_prefix("/log/").filter(|path| path.starts_with("tile/")))
            {
                let tile = tile.split('?').next().unwrap();
                assert_eq!(TilePath::parse(tile).expect("what is served is a tile").to_string(), tile);
            }
        }
        Kept::settled(&server).assert_is(&kept);
    });
}

/// A path that can be sent at all.
fn path(dice: &mut Dice) -> String {
    loop {
        let mut path = dice.pick(PATHS).as_bytes().to_vec();
        mutate(&mut path, dice.pick(PATHS).as_bytes(), dice);
        path.retain(u8::is_ascii_graphic);
        let path = String::from_utf8(path).unwrap();
        if path.starts_with('/') && Uri::try_from(path.as_str()).is_ok() {
            return path;
        }
    }
}
