//! A sensitive notice from draft to answer: whoever holds a file finds it, and nothing that a server keeps, says or logs leads to the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::request;
use crate::palinode::Desk;
use crate::serving::{Server, parsed};

const FILE: &str = "canary-0001.jpg";
/// The digest of another file, which is known without the file.
const KNOWN: &str = "88813c6b15de58afc8fa75ea83361d7f";
const ADDRESS: &str = "https://canary.example/hidden/archive.zip";

/// What must stand nowhere, in every spelling that a program might choose.
fn canaries(file: &str) -> Vec<Vec<u8>> {
    let digests = [file, KNOWN].map(|digits| data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap());
    let mut canaries = Vec::new();
    for digest in digests {
        canaries.push(data_encoding::HEXLOWER.encode(&digest).into_bytes());
        canaries.push(data_encoding::HEXUPPER.encode(&digest).into_bytes());
        canaries.push(data_encoding::BASE64.encode(&digest).into_bytes());
        canaries.push(digest);
    }
    canaries.extend([FILE, "canary.example", "hidden/archive"].map(|word| word.as_bytes().to_vec()));
    canaries
}

#[track_caller]
fn holds_no_canary(what: &str, bytes: &[u8], canaries: &[Vec<u8>]) {
    for canary in canaries {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_slice());
        assert!(!found, "{what} holds {}", String::from_utf8_lossy(canary));
    }
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() { files_below(&entry.path(), files) } else { files.push(entry.path()) }
    }
}

/// Drafts, completes and signs a report about the file on the desk and the digest that is known; gives the id of the notice.
fn signed(desk: &Desk, canaries: &[Vec<u8>]) -> String {
    desk.run(&["key", "new", "me.pem"]).well();
    desk.run(&["notice", "draft", "removal", "--blind", FILE, "--out", "draft.json"]).well();
    holds_no_canary("the draft", desk.read("draft.json").as_bytes(), canaries);
    let mut draft = parsed(&desk.read("draft.json"));
    assert_eq!(draft["sensitive"], true);
    draft["issuer"] = json!({"role": "observer"});
    draft["dataset"] = json!({"title": "Hidden Images", "publisher_name": "Not named here"});
    draft["subjects"][0]["id"] = json!("name:Hidden Images");
    draft["subjects"].as_array_mut().unwrap().push(json!({"id": format!("MD5: {KNOWN}"), "role": "file"}));
    draft["reasons"] = json!(["illegal-content"]);
    draft["fault"] = json!("people-harm");
    draft["actions"] = json!([{"do": "delete"}]);
    draft["texts"] = json!({"texts": [{"language": "en", "statement": "Some of these images show the abuse of children."}]});
    for field in ["effective", "appeal", "publication_check"] {
        draft.as_object_mut().unwrap().remove(field);
    }
    desk.write("draft.json", &draft.to_string());
    let shown =
        desk.run(&["notice", "sign", "draft.json", "--key", "me.pem", "--out", "notice.json", "--format", "json"]).well();
    holds_no_canary("the preview", shown.as_bytes(), canaries);
    holds_no_canary("the signed notice", desk.read("notice.json").as_bytes(), canaries);
    parsed(&shown)["id"].as_str().unwrap().to_owned()
}

/// Every address of the server that answers to GET, with what stands behind it.
fn addresses(openapi: &Value, notice: &str, entry: &str, shown: &Value) -> Vec<String> {
    let text = |pointer: &str| shown.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let subjects = shown["notice"]["subjects"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned());
    let mut found: Vec<String> = subjects.flat_map(|id| [format!("/d/{id}"), format!("/v1/check?id={id}")]).collect();
    found.extend(
        ["/", "/peers", "/metrics", "/log/checkpoint", "/log/tile/0/000.p/1", "/log/tile/entries/000.p/1"].map(str::to_owned),
    );
    found.extend(["/v1/changes?after=0", "/v1/notices?q=hidden", "/v1/notices?q=canary"].map(str::to_owned));
    for (path, methods) in openapi["paths"].as_object().unwrap() {
        // What `/v1/events` sends without an end are the lines of `/v1/changes`.
        if methods.get("get").is_some() && path != "/v1/events" {
            let place = if path.starts_with("/log/entry") { entry } else { notice };
            let path = path.replace("{hash}", place).replace("{id}", notice).replace("{sha256}", &text("/notice/texts/sha256"));
            found.push(
                path.replace("{did}", &text("/notice/issuer/id"))
                    .replace("{origin_hash}", notice)
                    .replace("{path}", "0/000.p/1"),
            );
        }
    }
    found
}

#[test]
fn who_holds_a_file_finds_the_notice_and_nothing_on_the_server_leads_to_the_file() {
    let desk = Desk::new();
    desk.write(FILE, "the bytes of an image that nobody should look for");
    let file = data_encoding::HEXLOWER.encode(&Sha256::digest(desk.read(FILE)));
    let canaries = canaries(&file);
    let log = fs::File::create(desk.path("server.log")).unwrap();
    let environment = [("PALINODE_LOG__LEVEL", "debug,palinode=trace")];
    let server = Server::start_writing(&desk, "data", &[], Stdio::from(log), &environment);
    let address = server.url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let get = |path: &str| request(address, "GET", path, &[], b"");

    let id = signed(&desk, &canaries);
    let posted = desk.run(&["notice", "post", "notice.json", "--server", &server.url, "--format", "json"]).well();
    let entry = parsed(&posted)["posts"][0]["entry_hash"].as_str().unwrap_or(&id).to_owned();
    // A sensitive notice that shows what it should hide is refused, and leaves nothing behind.
    let payload = json!({"sensitive": true, "subjects": [{"id": format!("url:{ADDRESS}"), "role": "whole"}, {"id": format!("sha256:{file}"), "role": "file"}]});
    let payload = data_encoding::BASE64.encode(payload.to_string().as_bytes());
    let kind = "application/vnd.palinode.notice.v1+json";
    let sig = data_encoding::BASE64.encode(&[0; 64]);
    let envelope = json!({"payload": payload, "payloadType": kind, "signatures": [{"keyid": "", "sig": sig}]}).to_string();
    let refused = request(address, "POST", "/v1/notices", &[("content-type", "application/json")], envelope.as_bytes());
    assert!(refused.flaws().iter().any(|flaw| flaw == "/subjects/0/id not-blinded"), "{}", refused.text());

    for (asked, strength) in
        [(format!("sha256:{file}"), "exact-bytes"), (format!("md5:{KNOWN}"), "weak-bytes"), (file.clone(), "exact-bytes")]
    {
        let answer = get(&format!("/v1/check?id={asked}")).json()["answers"][0].clone();
        assert_eq!((&answer["verdict"], &answer["matches"][0]["strength"]), (&json!("reported"), &json!(strength)), "{answer}");
        assert!(answer["matches"][0]["subject"].as_str().unwrap().starts_with("blind:"), "{answer}");
        assert_eq!(get(&format!("/d/{asked}")).status, 200);
        // The proof convinces the asker's own machine, which blinds for itself.
        let proved = desk.run(&["check", &asked, "--server", &server.url, "--proof", "--fail-on", "reported"]);
        assert_eq!(proved.code, 1, "{proved:?}");
    }
    for (algorithm, digits) in [("sha256", file.as_str()), ("md5", KNOWN)] {
        let range = get(&format!("/v1/digests/{algorithm}/{}", &digits[..4])).json();
        assert_eq!(range["digests"], json!([]), "whoever asks for all that begin alike does not find what is hidden");
    }
    assert_eq!(get(&format!("/v1/check?id=sha1:{}", "1f".repeat(20))).json()["answers"][0]["verdict"], "no-notice");

    let shown = get(&format!("/v1/notices/{id}")).json();
    let openapi = get("/openapi.json").json();
    let addresses = addresses(&openapi, &id, &entry, &shown);
    assert!(addresses.len() > 25, "{addresses:?}");
    let mut answered = 0;
    for path in &addresses {
        let answer = get(path);
        answered += usize::from(answer.status == 200);
        holds_no_canary(path, &answer.body, &canaries);
    }
    assert!(answered > 20, "{answered} of {addresses:?}");
    drop(server);
    holds_no_canary("the log", desk.read("server.log").as_bytes(), &canaries);
    let mut files = Vec::new();
    files_below(&desk.path("data"), &mut files);
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        holds_no_canary(&path.display().to_string(), &fs::read(&path).unwrap(), &canaries);
    }
}

#[test]
fn only_digests_can_be_hidden_and_a_refusal_repeats_nothing() {
    let desk = Desk::new();
    desk.write("empty.bin", "");
    for (given, word) in
        [(ADDRESS, "digests only"), ("empty.bin", "everybody holds"), ("missing-canary.jpg", "neither a digest nor a file")]
    {
        let message = desk.run(&["notice", "draft", "removal", "--blind", given]).with_code(2);
        assert!(message.contains(word) && !message.contains("canary"), "{message}");
    }
}

/// A folder of two images, and a sensitive draft that names them by the list that was built of the folder.
fn listed(desk: &Desk, algorithm: &[&str]) -> Value {
    desk.run(&["key", "new", "me.pem"]).well();
    fs::create_dir(desk.path("found")).unwrap();
    for name in ["one.jpg", "two.jpg"] {
        desk.write(&format!("found/{name}"), &format!("the bytes of {name}, an image that nobody should ever look for"));
    }
    let build = ["digests", "build", "found", "--out", "hidden.digests"];
    let member = parsed(&desk.run(&[&build[..], algorithm].concat()).well());
    json!({
        "type": "removal", "issuer": {"role": "observer"}, "sensitive": true, "fault": "people-harm",
        "dataset": {"title": "Hidden Images", "publisher_name": "Not named here"},
        "subjects": [{"id": "name:Hidden Images", "role": "whole"}], "scope": {"kind": "whole"},
        "digest_lists": [member], "reasons": ["illegal-content"], "actions": [{"do": "delete"}],
        "texts": {"texts": [{"language": "en", "statement": "Some of these images show the abuse of children."}]}
    })
}

#[test]
fn a_blinded_list_is_awaited_comes_is_found_by_who_holds_a_file_and_when_it_is_removed_answers_say_so() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    let draft = listed(&desk, &["--blind"]);
    desk.write("draft.json", &draft.to_string());
    desk.run(&["notice", "sign", "draft.json", "--key", "me.pem", "--out", "notice.json"]).well();
    // The list lies elsewhere, so the notice comes first.
    fs::rename(desk.path("hidden.digests"), desk.path("found.list")).unwrap();
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]);
    let held = format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(desk.read("found/two.jpg"))));
    let address = server.url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let answer = || request(address, "GET", &format!("/v1/check?id={held}"), &[], b"").json()["answers"][0].clone();
    let said = || desk.run(&["check", &held, "--server", &server.url, "--fail-on", "reported"]);
    let page = || request(address, "GET", &format!("/d/{held}"), &[("accept-language", "en")], b"").text();
    let list = &draft["digest_lists"][0]["sha256"];
    assert_eq!(answer()["missing_lists"], json!([{"list": list, "state": "awaited"}]), "{}", answer());
    assert!(said().stdout.contains("is not there") && !said().stdout.contains("removed"), "{:?}", said());

    desk.run(&["notice", "post", "notice.json", "--server", &server.url, "--document", "found.list"]).well();
    assert_eq!((&answer()["verdict"], answer().get("missing_lists")), (&json!("reported"), None));
    assert_eq!(said().code, 1);
    let other = format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest("another file")));
    assert_eq!(desk.run(&["check", &other, "--server", &server.url]).code, 0);

    let list = list.as_str().unwrap();
    desk.run(&["remove", "document", list, "--basis", "legal-order", "--yes", "--data", "data"]).well();
    let answered = answer();
    assert_eq!((&answered["verdict"], &answered["incomplete"]), (&json!("unchecked"), &json!(true)), "{answered}");
    assert_eq!(answered["missing_lists"], json!([{"list": list, "state": "removed"}]));
    let told = said();
    assert!(told.code == 3 && told.stdout.contains("was removed there") && !told.stdout.contains("is not there"), "{told:?}");
    assert!(page().contains("was removed here and does not come back"), "{}", page());
}

#[test]
fn a_sensitive_notice_with_a_list_of_plain_digests_is_not_signed() {
    let desk = Desk::new();
    let draft = listed(&desk, &[]);
    desk.write("draft.json", &draft.to_string());
    let told = desk.run(&["notice", "sign", "draft.json", "--key", "me.pem", "--out", "notice.json"]).with_code(1);
    assert!(told.contains("/digest_lists/0/algorithm") && told.contains("blinded"), "{told}");
    assert!(!desk.path("notice.json").exists());
}
