//! `palinode publisher`.

use palinode::envelope::PinFile;
use serde_json::{Value, json};

use crate::palinode::Desk;
use crate::serving::{Server, parsed, sign};

fn desk_with_key() -> Desk {
    let desk = Desk::new();
    desk.run(&["key", "new", "lab.pem"]).well();
    desk
}

#[test]
fn the_first_record_is_signed_and_pinned_with_its_prefixes() {
    let desk = desk_with_key();
    let arguments = ["publisher", "init", "--id", "did:web:example.org", "--name", "Example Vision Lab", "--key", "lab.pem"];
    let more = ["--out", "lab.json", "--pin", "lab.pin.json", "--prefix", "hf:datasets/example/", "--prefix", "doi:10.5281/"];
    let shown = desk.run(&[&arguments[..], &more[..]].concat()).well();
    assert!(shown.contains("did:web:example.org#"), "{shown}");
    let pin = PinFile::parse(desk.read("lab.pin.json").as_bytes()).unwrap();
    assert_eq!(pin.record().value().name, "Example Vision Lab");
    assert_eq!(pin.prefixes().len(), 2);
    assert_eq!(pin.record().signed().entry(), desk.read("lab.json").as_bytes());
}

#[test]
fn a_domain_is_given_the_document_that_names_the_key_and_a_key_needs_none() {
    let desk = desk_with_key();
    let base = ["publisher", "init", "--name", "X", "--key", "lab.pem", "--out", "lab.json", "--did-document", "did.json"];
    let key = multibase(&desk, "lab.pem");
    let told = desk.run(&[&base[..], &["--id", &format!("did:key:{key}")]].concat()).with_code(2);
    assert!(told.contains("--did-document"), "{told}");
    let shown = desk.run(&[&base[..], &["--id", "did:web:example.org"]].concat()).well();
    assert!(shown.contains("https://example.org/.well-known/did.json"), "{shown}");
    let document: Value = serde_json::from_str(&desk.read("did.json")).unwrap();
    assert_eq!(document["id"], "did:web:example.org");
    assert_eq!(document["verificationMethod"][0]["publicKeyMultibase"], key);
}

#[test]
fn a_record_that_servers_would_refuse_is_not_written() {
    let desk = desk_with_key();
    let base = ["publisher", "init", "--key", "lab.pem", "--out", "lab.json"];
    for (more, code) in [
        (["--id", "did:web:Example.org", "--name", "X"], 2),
        (["--id", "did:example:1", "--name", "X"], 2),
        (["--id", "did:web:example.org", "--name", ""], 1),
    ] {
        desk.run(&[&base[..], &more[..]].concat()).with_code(code);
        assert!(!desk.path("lab.json").exists(), "{more:?}");
    }
}

#[test]
fn a_pin_that_cannot_be_written_leaves_no_record_behind() {
    let desk = desk_with_key();
    let base = ["publisher", "init", "--id", "did:web:example.org", "--name", "X", "--key", "lab.pem", "--out", "lab.json"];
    let told = desk.run(&[&base[..], &["--pin", "pins/lab.json", "--prefix", "doi:10.5281/"]].concat()).with_code(1);
    assert!(told.contains("mkdir"), "{told}");
    assert!(!desk.path("lab.json").exists(), "the same command can be given again");
}

/// A desk with keys `one.pem`, `two.pem`, `three.pem`, and record 0 of a lab in `lab.json`, with its pin in `pins/`.
fn lab() -> Desk {
    let desk = Desk::new();
    for key in ["one.pem", "two.pem", "three.pem"] {
        desk.run(&["key", "new", key]).well();
    }
    std::fs::create_dir(desk.path("pins")).unwrap();
    let init = ["publisher", "init", "--id", LAB, "--name", "Our Lab", "--key", "one.pem", "--out", "lab.json"];
    desk.run(&[&init[..], &["--pin", "pins/lab.json", "--prefix", "doi:10.5555/"]].concat()).well();
    desk
}

const LAB: &str = "did:web:lab.example.org";
const ROTATE: [&str; 10] =
    ["publisher", "rotate", "lab.json", "--key", "one.pem", "--add", "two.pem", "--retire", "one.pem", "--out"];

/// A server that only the pins of the desk may post to.
fn pinning_server(desk: &Desk, data: &str) -> Server {
    desk.write("server.toml", "[admission]\npolicy = \"pinned\"\n[trust]\npublishers = \"pins\"\n");
    Server::start_with(desk, data, &["--config", "server.toml"])
}

/// Signs a notice of the lab about one of its datasets with `key`, as `out`, and gives its id.
fn sign_for_lab(desk: &Desk, key: &str, out: &str, kind: &str, prior: Option<(&str, &str)>) -> String {
    let mut draft = json!({
        "type": kind,
        "issuer": {"role": "publisher"},
        "dataset": {"title": format!("Street Portraits, {out}"), "publisher_name": "Our Lab"},
        "subjects": [{"id": "doi:10.5555/portraits", "role": "whole"}],
        "texts": {"texts": [{"language": "en", "statement": "The people in the pictures were never asked for consent."}]}
    });
    if let Some((relation, notice)) = prior {
        draft["prior"] = json!([{"relation": relation, "notice": notice}]);
    } else {
        draft["scope"] = json!({"kind": "whole"});
        draft["reasons"] = json!(["consent"]);
        draft["actions"] = json!([{"do": "delete"}]);
        draft["appeal"] = json!("https://lab.example.org/appeal");
    }
    desk.write("draft.json", &draft.to_string());
    let sign = ["notice", "sign", "draft.json", "--key", key, "--issuer", LAB, "--out", out, "--format", "json"];
    parsed(&desk.run(&sign).well())["id"].as_str().unwrap().to_owned()
}

/// What `check` says of the lab's dataset: verdict, and the authority of the first match.
fn verdict(desk: &Desk, server: &Server) -> (String, Value) {
    let check = ["check", "doi:10.5555/portraits", "--proof", "--server", &server.url, "--format", "json"];
    let ended = desk.run(&check);
    assert!(matches!(ended.code, 0 | 1), "{ended:?}");
    let answer = parsed(&ended.stdout)["answers"][0].clone();
    (answer["verdict"].as_str().unwrap().to_owned(), answer["matches"][0]["authority"].clone())
}

fn multibase(desk: &Desk, key: &str) -> String {
    parsed(&desk.run(&["key", "show", key, "--format", "json"]).well())["public_key"].as_str().unwrap().to_owned()
}

#[test]
fn a_rotated_key_speaks_with_the_authority_of_the_pin_and_the_old_one_no_more() {
    let desk = lab();
    let server = pinning_server(&desk, "data");
    sign_for_lab(&desk, "one.pem", "by-one.json", "retraction", None);
    desk.run(&["notice", "post", "by-one.json", "--server", &server.url]).well();
    let made = desk.run(&[&ROTATE[..], &["lab-1.json", "--server", &server.url]].concat()).well();
    assert!(
        made.contains("record 1 of did:web:lab.example.org") && made.contains("palinode publisher post lab-1.json"),
        "{made}"
    );

    sign_for_lab(&desk, "two.pem", "by-two.json", "retraction", None);
    let early = desk.run(&["notice", "post", "by-two.json", "--server", &server.url]);
    assert!(early.code == 1 && early.stdout.contains("(bad-signature)"), "{early:?}");
    desk.run(&["publisher", "post", "lab-1.json", "--server", &server.url]).well();
    desk.run(&["notice", "post", "by-two.json", "--server", &server.url]).well();
    assert_eq!(verdict(&desk, &server), ("retracted".to_owned(), json!("owner")));
    sign_for_lab(&desk, "one.pem", "late.json", "retraction", None);
    let late = desk.run(&["notice", "post", "late.json", "--server", &server.url]);
    assert!(late.code == 1 && late.stdout.contains("(bad-signature)"), "{late:?}");

    let show = ["publisher", "show", LAB, "--server", &server.url];
    let text = desk.run(&show).well();
    assert!(text.contains("pinned   doi:10.5555/") && text.contains("retired since record 1"), "{text}");
    let shown = parsed(&desk.run(&[&show[..], &["--format", "json"]].concat()).well());
    let of_files = parsed(&desk.run(&["publisher", "show", "lab-1.json", "pins/lab.json", "--format", "json"]).well());
    assert_eq!(shown["lineages"], of_files["lineages"], "the server and the files tell one history");
    assert_eq!((&shown["key_changed"], &shown["lineages"][0]["pinned"]), (&json!(false), &json!(true)));
    let (one, two) = (multibase(&desk, "one.pem"), multibase(&desk, "two.pem"));
    let keys: Vec<_> = shown["lineages"][0]["keys"].as_array().unwrap().iter().map(|k| (&k["key"], &k["status"])).collect();
    assert_eq!(keys, [(&json!(one), &json!("retired")), (&json!(two), &json!("active"))]);
}

#[test]
fn what_would_lock_the_publisher_out_is_refused_unless_it_is_meant() {
    let desk = lab();
    let retire = ["publisher", "rotate", "lab.json", "--key", "one.pem", "--retire", "one.pem", "--out", "end.json"];
    let told = desk.run(&retire).with_code(1);
    assert!(told.contains("--add") && told.contains("--leave-no-active-key"), "{told}");
    assert!(!desk.path("end.json").exists());
    desk.run(&[&retire[..], &["--leave-no-active-key"]].concat()).well();

    let did = parsed(&desk.run(&["key", "show", "one.pem", "--format", "json"]).well())["did"].as_str().unwrap().to_owned();
    desk.run(&["publisher", "init", "--id", &did, "--name", "Me", "--key", "one.pem", "--out", "me.json"]).well();
    let told = desk.run(&["publisher", "rotate", "me.json", "--key", "one.pem", "--add", "two.pem", "--out", "me-1.json"]);
    assert!(told.with_code(1).contains("a did:key is its key"));
    let revoke = ["publisher", "revoke", "me.json", "--key", "one.pem", "--compromised", "one.pem", "--out", "me-1.json"];
    assert!(desk.run(&revoke).with_code(1).contains("--leave-no-active-key"));
    let ended = desk.run(&[&revoke[..], &["--leave-no-active-key"]].concat()).well();
    assert!(ended.contains("compromised"), "{ended}");
}

#[test]
fn a_next_record_that_makes_no_sense_is_refused_with_what_to_do() {
    let desk = lab();
    let rotate = ["publisher", "rotate", "lab.json", "--out", "lab-1.json"];
    for (more, code, says) in [
        (&["--key", "two.pem", "--add", "three.pem"][..], 1, "record 0 calls active"),
        (&["--key", "one.pem"], 2, "--add"),
        (&["--key", "one.pem", "--add", "nonsense"], 2, "z6Mk"),
        (&["--key", "one.pem", "--add", "one.pem"], 1, "active already"),
        (&["--key", "one.pem", "--retire", "two.pem"], 1, "publisher show"),
        (&["--key", "one.pem", "--add", "two.pem", "--name", ""], 1, "/name"),
    ] {
        let told = desk.run(&[&rotate[..], more].concat()).with_code(code);
        assert!(told.contains(says), "{more:?}: {told}");
        assert!(!desk.path("lab-1.json").exists(), "{more:?}");
    }
    let by_name = ["publisher", "rotate", LAB, "--key", "one.pem", "--add", "two.pem", "--out", "lab-1.json"];
    assert!(desk.run(&by_name).with_code(2).contains("--server"));
    desk.run(&[&ROTATE[..], &["lab-1.json"]].concat()).well();
    desk.run(&["publisher", "rotate", "lab-1.json", "--key", "two.pem", "--add", "three.pem", "--out", "lab-2.json"]).well();
    let shown = desk.run(&["publisher", "show", "lab-2.json"]).well();
    assert!(shown.contains("is not here"), "{shown}");
    let whole = desk.run(&["publisher", "show", "lab-2.json", "lab.json", "lab-1.json"]).well();
    assert!(whole.contains("active since record 2"), "{whole}");
}

#[test]
fn a_second_record_at_one_place_is_refused_and_when_it_is_meant_it_is_shown_as_a_fork() {
    let desk = lab();
    let server = pinning_server(&desk, "data");
    desk.run(&[&ROTATE[..], &["lab-1.json"]].concat()).well();
    desk.run(&["publisher", "post", "lab-1.json", "--server", &server.url]).well();
    let rival = ["publisher", "rotate", "lab.json", "--key", "one.pem", "--add", "three.pem", "--out", "rival.json"];
    let asking = [&rival[..], &["--server", &server.url]].concat();
    let told = desk.run(&asking).with_code(1);
    assert!(told.contains("record 1 that follows this one") && told.contains("--fork"), "{told}");
    desk.run(&[&asking[..], &["--fork"]].concat()).well();
    desk.run(&["publisher", "post", "rival.json", "--server", &server.url]).well();
    let shown = desk.run(&["publisher", "show", LAB, "--server", &server.url]).well();
    assert!(shown.contains("forked    2 records claim place 1"), "{shown}");
    let by_name = ["publisher", "rotate", LAB, "--key", "one.pem", "--add", "three.pem", "--out", "x.json"];
    let told = desk.run(&[&by_name[..], &["--server", &server.url]].concat()).with_code(1);
    assert!(told.contains("two records claim place 1"), "{told}");
}

#[test]
fn a_stolen_key_lifts_nothing_and_what_was_the_owners_is_signed_again() {
    let desk = lab();
    let server = pinning_server(&desk, "data");
    let post = |file: &str| desk.run(&["notice", "post", file, "--server", &server.url]).well();
    let both = ["publisher", "rotate", "lab.json", "--key", "one.pem", "--add", "two.pem", "--out", "lab-1.json"];
    desk.run(&both).well();
    post("lab-1.json");
    let retraction = sign_for_lab(&desk, "two.pem", "retraction.json", "retraction", None);
    post("retraction.json");
    // The owner takes it back with the key that will be stolen.
    let own = sign_for_lab(&desk, "one.pem", "own.json", "revocation", Some(("revokes", &retraction)));
    post("own.json");
    assert_eq!(verdict(&desk, &server).0, "no-notice");

    let revoke = ["publisher", "revoke", "lab-1.json", "--key", "two.pem", "--server", &server.url, "--format", "json"];
    let stolen = ["--compromised", "one.pem", "--out", "lab-2.json"];
    let made = parsed(&desk.run(&[&revoke[..], &stolen[..]].concat()).well());
    assert_eq!((&made["powerless"][0]["id"], &made["powerless"][0]["signed_again"]), (&json!(own), &json!(false)));
    post("lab-2.json");
    assert_eq!(verdict(&desk, &server), ("retracted".to_owned(), json!("owner")), "force follows from the set of records");
    let late = sign_for_lab(&desk, "one.pem", "thief.json", "revocation", Some(("revokes", &retraction)));
    assert!(!late.is_empty());
    assert_eq!(desk.run(&["notice", "post", "thief.json", "--server", &server.url]).code, 1);

    // By its id, the server has it with its texts.
    let again = ["publisher", "revoke", LAB, "--key", "two.pem", "--server", &server.url, "--resign", &own];
    let told = desk.run(&again).well();
    assert!(told.contains("signed again"), "{told}");
    post(&format!("{}.resigned.json", &own[..12]));
    assert_eq!(verdict(&desk, &server).0, "no-notice", "the same notice, under a good key");
}

#[test]
fn the_thief_who_has_the_only_key_can_be_stopped_with_that_key() {
    let desk = lab();
    let revoke = ["publisher", "revoke", "lab.json", "--key", "one.pem", "--compromised", "one.pem", "--out", "lab-1.json"];
    assert!(desk.run(&revoke).with_code(1).contains("--add"));
    let own = sign_for_lab(&desk, "one.pem", "own.json", "retraction", None);
    let told = desk.run(&[&revoke[..], &["--add", &multibase(&desk, "two.pem"), "--resign", "own.json"]].concat()).with_code(1);
    assert!(told.contains("private key file"), "{told}");
    assert!(!desk.path("lab-1.json").exists(), "the same command can be given again");
    desk.run(&[&revoke[..], &["--add", "two.pem", "--resign", "own.json"]].concat()).well();
    let signed = desk.run(&["notice", "verify", &format!("{}.resigned.json", &own[..12]), "--key", "two.pem"]).well();
    assert!(signed.contains(&own), "{signed}");
}

#[test]
fn a_domain_whose_keys_began_anew_is_shown_with_both_lineages() {
    let desk = lab();
    let init = ["publisher", "init", "--id", LAB, "--name", "The Buyer", "--key", "three.pem", "--out", "buyer.json"];
    desk.run(&[&init[..], &["--pin", "pins/buyer.json", "--prefix", "doi:10.9999/"]].concat()).well();
    let server = pinning_server(&desk, "data");
    let text = desk.run(&["publisher", "show", LAB, "--server", &server.url]).well();
    assert!(text.contains("key-changed:") && text.contains("doi:10.5555/") && text.contains("doi:10.9999/"), "{text}");
    let retraction = sign_for_lab(&desk, "one.pem", "retraction.json", "retraction", None);
    sign_for_lab(&desk, "three.pem", "buyers.json", "revocation", Some(("revokes", &retraction)));
    desk.run(&["notice", "post", "retraction.json", "buyers.json", "--server", &server.url]).well();
    assert_eq!(verdict(&desk, &server), ("retracted".to_owned(), json!("owner")), "no lineage can touch another's notices");
    let check = desk.run(&["check", "doi:10.5555/portraits", "--server", &server.url]);
    assert!(check.stdout.contains("key-changed:"), "{check:?}");
    let next = ["publisher", "rotate", LAB, "--key", "three.pem", "--add", "two.pem", "--out", "buyer-1.json"];
    let made = desk.run(&[&next[..], &["--server", &server.url]].concat()).well();
    assert!(made.contains("The Buyer"), "of the lineage that the key speaks for: {made}");
}

#[test]
fn a_name_that_looks_like_a_pinned_publishers_is_marked_wherever_it_is_shown() {
    let desk = lab();
    // Anybody may post here, and this one calls himself by a name that reads like the lab's.
    desk.write("open.toml", "[admission]\npolicy = \"open\"\n[trust]\npublishers = \"pins\"\n");
    let server = Server::start_with(&desk, "data", &["--config", "open.toml"]);
    let did = parsed(&desk.run(&["key", "show", "two.pem", "--format", "json"]).well())["did"].as_str().unwrap().to_owned();
    let name = "0ur L\u{430}b";
    desk.run(&["publisher", "init", "--id", &did, "--name", name, "--key", "two.pem", "--out", "spoof.json"]).well();
    std::fs::copy(desk.path("two.pem"), desk.path("me.pem")).unwrap();
    sign(&desk, "notice.json", "doi:10.5555/portraits");
    desk.run(&["publisher", "post", "spoof.json", "notice.json", "--server", &server.url]).well();
    let mark = "the name looks like the name of another publisher, Our Lab (did:web:lab.example.org)";
    let shown = desk.run(&["publisher", "show", &did, "--server", &server.url]).well();
    assert!(shown.contains(mark) && shown.contains("the name mixes scripts in L\u{430}b: Latin and Cyrillic"), "{shown}");
    assert!(shown.contains(name), "the name stays as it is signed: {shown}");
    let checked = desk.run(&["check", "doi:10.5555/portraits", "--server", &server.url]).stdout;
    assert!(checked.contains(&format!("look twice: {mark}")), "{checked}");
    let from_file = desk.run(&["publisher", "show", "spoof.json"]).well();
    assert!(from_file.contains("mixes scripts") && !from_file.contains("looks like"), "a file knows nobody else: {from_file}");
    let honest = desk.run(&["publisher", "show", LAB, "--server", &server.url]).well();
    assert!(!honest.contains("look twice"), "{honest}");
}
