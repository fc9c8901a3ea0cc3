//! `palinode index` and answers from the local index, with servers of the built program.

use serde_json::Value;

use crate::palinode::Desk;
use crate::serving::{Server, sign};

const DOI: &str = "doi:10.5281/zenodo.1234567";

/// Posts a report about [`DOI`].
fn post_report(desk: &Desk, server: &Server) {
    sign(desk, "notice.json", DOI);
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
}

fn update(desk: &Desk, more: &[&str]) -> Value {
    let out = desk.run(&[&["index", "update", "--index", "index", "--format", "json"], more].concat()).well();
    serde_json::from_str(&out).unwrap()
}

fn check(desk: &Desk, code: i32, more: &[&str]) -> String {
    let ended = desk.run(&[&["check", "--index", "index"], more].concat());
    assert_eq!(ended.code, code, "{ended:?}");
    ended.stdout
}

#[test]
fn a_list_is_fetched_and_answers_when_the_server_is_gone() {
    let desk = Desk::new();
    let server = Server::start(&desk, "server");
    post_report(&desk, &server);
    let first = update(&desk, &["--server", &server.url, "--trust-on-first-use"]);
    assert_eq!((&first["servers"][0]["changed"], &first["servers"][0]["entries"]), (&true.into(), &true.into()));
    assert_eq!(update(&desk, &[])["servers"][0]["changed"], false);
    drop(server);

    let found = check(&desk, 1, &["--offline", "--fail-on", "reported", DOI]);
    assert!(found.contains("REPORTED") && found.contains("Example Faces") && found.contains("nobody was asked"), "{found}");
    check(&desk, 0, &["--offline", DOI]);
    let nothing = check(&desk, 0, &["--offline", "doi:10.1234/none"]);
    assert!(nothing.contains("no notice known to") && nothing.contains("tree size"), "{nothing}");
    let json: Value = serde_json::from_str(&check(&desk, 0, &["--offline", DOI, "--format", "json"])).unwrap();
    assert_eq!((&json["offline"], &json["servers"][0]["answers"][0]["verdict"]), (&true.into(), &"reported".into()));
    check(&desk, 3, &["--offline", "--max-age", "0s", "doi:10.1234/none"]);
    check(&desk, 1, &["--offline", "--max-age", "0s", "--fail-on", "reported", DOI]);
    let shown = desk.run(&["index", "show", "--index", "index"]).well();
    assert!(shown.contains("all entries here") && shown.contains("operator  z6Mk"), "{shown}");
    desk.run(&["index", "update", "--index", "index"]).with_code(3);
}

#[test]
fn keys_are_pinned_when_somebody_says_yes_and_other_keys_are_refused_later() {
    let desk = Desk::new();
    let server = Server::start_with(&desk, "server", &["--origin", "localhost/one"]);
    post_report(&desk, &server);
    let asked = ["index", "update", "--index", "index", "--server", &server.url];
    let message = desk.run(&asked).with_code(1);
    assert!(message.contains("publishes these keys") && message.contains("--trust-on-first-use"), "{message}");
    desk.run_with(&asked, &[], "y\n").well();

    // Another server that calls itself the same.
    let other = Server::start_with(&desk, "other", &["--origin", "localhost/one"]);
    let message =
        desk.run(&["index", "update", "--index", "index", "--server", &other.url, "--trust-on-first-use"]).with_code(4);
    assert!(message.contains("was pinned when it was first seen"), "{message}");
    let out = desk.run(&["check", "--index", "index", "--offline", "--fail-on", "reported", DOI]);
    assert_eq!(out.code, 1, "{out:?}");
    desk.run(&["index", "forget", "localhost/one", "--index", "index"]).well();
    desk.run(&["check", "--index", "index", "--offline", DOI]).with_code(3);
}

#[test]
fn of_several_servers_every_one_answers_and_the_most_severe_decides() {
    let desk = Desk::new();
    let (one, other) = (Server::start(&desk, "one"), Server::start(&desk, "other"));
    post_report(&desk, &one);
    update(&desk, &["--server", &one.url, "--server", &other.url, "--trust-on-first-use"]);
    let json = check(&desk, 1, &["--offline", "--fail-on", "reported", DOI, "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let mut verdicts: Vec<_> =
        (0..2).map(|n| json["servers"][n]["answers"][0]["verdict"].as_str().unwrap().to_owned()).collect();
    verdicts.sort();
    assert_eq!(verdicts, ["no-notice", "reported"]);
}

#[test]
fn without_entries_a_hit_ends_with_3_offline_and_is_answered_with_local() {
    let desk = Desk::new();
    let server = Server::start(&desk, "server");
    post_report(&desk, &server);
    update(&desk, &["--server", &server.url, "--trust-on-first-use", "--entries=needed"]);
    let said = check(&desk, 3, &["--offline", "--fail-on", "reported", DOI]);
    assert!(said.contains("not looked up") && said.contains("palinode index update --entries"), "{said}");
    check(&desk, 0, &["--offline", "doi:10.1234/none"]);
    let said = check(&desk, 1, &["--local", "--fail-on", "reported", DOI]);
    assert!(said.contains("REPORTED") && said.contains("for no identifier"), "{said}");
    check(&desk, 1, &["--offline", "--fail-on", "reported", DOI]);
}

#[test]
fn nothing_in_the_index_is_never_a_good_answer() {
    let desk = Desk::new();
    let message = desk.run(&["check", "--offline", "--index", "index", DOI]).with_code(3);
    assert!(message.contains("nothing was looked up") && message.contains("palinode index update --server"), "{message}");
    let home = desk.path("home");
    let environment = [("HOME", home.to_str().unwrap())];
    let message = desk.run_with(&["check", "--offline", DOI], &environment, "").with_code(3);
    assert!(message.contains(".local/share/palinode/index"), "{message}");
    desk.run(&["check", "--offline", DOI]).with_code(2);
    desk.run(&["index", "update", "--index", "index"]).with_code(2);
}

#[test]
fn a_copy_in_an_archive_is_taken_as_the_server_itself_and_one_that_leads_elsewhere_is_not() {
    let desk = Desk::new();
    let server = Server::start(&desk, "server");
    post_report(&desk, &server);
    let address = server.url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let get = |path: &str| crate::client::request(address, "GET", &format!("/{path}"), &[], b"");
    let trust = get(&format!("v1/check?id={DOI}")).json()["trust"].as_str().unwrap().to_owned();
    let mut paths = ["v1/server", "v1/index/head", "v1/index/tile/0.p/1", "log/tile/0/000.p/1", "log/tile/entries/000.p/1"]
        .map(str::to_owned)
        .to_vec();
    paths.push(format!("v1/index/trust/{trust}"));
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default()));
    for path in &paths {
        let answer = get(path);
        assert_eq!(answer.status, 200, "{path}");
        let mut header = tar::Header::new_gnu();
        header.set_size(answer.body.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("copy of a server/{path}"), answer.body.as_slice()).unwrap();
    }
    std::fs::write(desk.path("copy.tar.gz"), archive.into_inner().unwrap().finish().unwrap()).unwrap();
    drop(server);

    let first = update(&desk, &["--from", "copy.tar.gz", "--trust-on-first-use"]);
    assert_eq!((&first["servers"][0]["changed"], &first["servers"][0]["size"]), (&true.into(), &1.into()), "{first}");
    check(&desk, 1, &["--offline", "--fail-on", "reported", DOI]);
    // Where it was read from is remembered as where a server is.
    assert_eq!(update(&desk, &[])["servers"][0]["changed"], false);

    desk.write("no-archive.tar", "what somebody took for an archive, and is none: text that goes on for a while");
    let told = desk.run(&["index", "update", "--index", "other", "--from", "no-archive.tar"]).with_code(3);
    assert!(told.contains("no-archive.tar") && told.contains(".tar.gz of a folder"), "{told}");
}
