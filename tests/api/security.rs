//! `/.well-known/security.txt` (RFC 9116).

use palinode::http::SecurityContact;

use super::support::server::{Options, TestServer};

#[test]
fn the_file_names_the_operators_contact_and_an_end_less_than_a_year_ahead() {
    let contacts = vec!["mailto:security@example.org".parse().unwrap()];
    let security = Some(SecurityContact { contacts, policy: None, languages: vec!["en".to_owned()] });
    let server = TestServer::with(Options { security, ..Options::default() });
    let file = server.get("/.well-known/security.txt");
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert_eq!(
        file.text(),
        "Contact: mailto:security@example.org\nExpires: 2027-05-22T00:00:00Z\nPreferred-Languages: en\n",
        "180 days from the clock of the server"
    );
    let again = server.get_with("/.well-known/security.txt", &[("If-None-Match", file.header("etag").unwrap())]);
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn a_server_whose_operator_names_nobody_says_so() {
    let server = TestServer::start();
    let none = server.get("/.well-known/security.txt");
    assert_eq!((none.status, none.rule().as_str()), (404, "no-security-contact"));
}
