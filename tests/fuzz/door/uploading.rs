//! Odd uploads: tokens, names and bytes that are not the right ones.

use palinode::notice::DocumentHash;
use serde_json::json;

use super::image::Kept;
use super::knock::{Knock, with_app};
use crate::mutation::{Dice, Told, from_environment, mutate};
use crate::support::server::TestServer;
use crate::support::speakers::{Speaker, texts};

const MUTATIONS: u64 = 500;

#[test]
fn only_the_right_bytes_with_the_right_token_are_taken_in() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let document = texts("Nobody who is shown in it was ever asked.");
    let name = DocumentHash::of(&document).to_string();
    let mut notice = speaker.report("doi:10.5281/zenodo.1");
    notice["texts"] = json!({ "sha256": name });
    let mutations = from_environment("PALINODE_MUTATIONS", MUTATIONS);
    let first = from_environment("PALINODE_SEED", 0);
    with_app(&server, async |app| {
        let receipt = app.ask(&Knock::post("/v1/notices", speaker.notice(&notice))).await.json();
        let token = receipt["upload"]["token"].as_str().unwrap().to_owned();
        let right = Knock {
            method: "PUT",
            path: format!("/v1/documents/{name}"),
            headers: vec![("authorization", format!("Bearer {token}"))],
            body: document.clone(),
        };
        let kept = Kept::settled(&server);
        for seed in first..first + mutations {
            let _told = Told { what: "uploads", seed };
            let knock = spoil(&right, &mut Dice::seeded(seed));
            let heard = app.ask(&knock).await;
            assert!((400..500).contains(&heard.status), "{knock:?} was answered {}: {}", heard.status, heard.text());
        }
        Kept::settled(&server).assert_is(&kept);
        assert_eq!(app.ask(&right).await.status, 204);
        assert_eq!(app.ask(&Knock::get(&right.path)).await.body, document);
    });
}

/// Anything but what was right.
fn spoil(right: &Knock, dice: &mut Dice) -> Knock {
    let mut knock = right.clone();
    loop {
        match dice.below(4) {
            0 => mutate(&mut knock.body, b"", dice),
            1 => {
                let mut digits = knock.path.rsplit('/').next().unwrap().as_bytes().to_vec();
                mutate(&mut digits, b"", dice);
                digits.retain(u8::is_ascii_alphanumeric);
                knock.path = format!("/v1/documents/{}", String::from_utf8(digits).unwrap());
            }
            2 => {
                let mut value = knock.headers[0].1.clone().into_bytes();
                mutate(&mut value, b"Basic ", dice);
                value.retain(|byte| byte.is_ascii_graphic() || *byte == b' ');
                knock.headers[0].1 = String::from_utf8(value).unwrap();
            }
            _ => knock.headers[0].0 = "x-authorization",
        }
        // The scheme may be written in any case and the token have space around it (RFC 9110, section 11.1).
        let token = |knock: &Knock| {
            knock.headers[0].1.split_once(' ').map(|(scheme, token)| (scheme.to_lowercase(), token.trim().to_owned()))
        };
        let same = (knock.headers[0].0, &knock.path, &knock.body) == (right.headers[0].0, &right.path, &right.body);
        if !(same && token(&knock) == token(right)) {
            return knock;
        }
    }
}
