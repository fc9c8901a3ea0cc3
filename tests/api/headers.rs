//! What every answer carries, errors among them; cross-origin questions; `HEAD`; wrong methods.

use super::support::client::Answer;
use super::support::server::TestServer;

fn is_strict(answer: &Answer) {
    let policy = answer.header("content-security-policy").expect("a content security policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert!(answer.header("permissions-policy").is_some() && answer.header("cross-origin-opener-policy").is_some());
    assert!(answer.header("set-cookie").is_none());
}

#[test]
fn every_answer_has_strict_headers() {
    let server = TestServer::start();
    for path in
        ["/", "/v1/server", "/v1/notices", "/log/checkpoint", "/metrics", "/nowhere", "/v1/notices/x", "/openapi.json", "/drop"]
    {
        for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            is_strict(&server.request(method, path, &[], b""));
        }
    }
    is_strict(&server.request("POST", "/v1/notices", &[("Content-Encoding", "gzip")], b"x"));
}

#[test]
fn scripts_of_our_own_run_on_one_page_only() {
    let server = TestServer::start();
    let policy = |path: &str| server.get(path).header("content-security-policy").unwrap().to_owned();
    assert!(policy("/drop").contains("script-src 'self'; connect-src 'self'") && !policy("/drop").contains("unsafe"));
    for path in ["/", "/drop.js", "/drop/", "/drop/x", "/Drop", "/search", "/log", "/nowhere", "/v1/server"] {
        assert!(!policy(path).contains("script-src") && !policy(path).contains("connect-src"), "{path}");
    }
    let script = server.get("/drop.js");
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
}

#[test]
fn unknown_paths_and_methods_are_problems() {
    let server = TestServer::start();
    for path in ["/nowhere", "/v1", "/v1/", "/v1/notices/", "//", "/v1/notices/a/b/c", "/admin", "/.git/config"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.rule().as_str()), (404, "not-found"), "{path}");
    }
    for (method, path, allow) in [
        ("DELETE", "/v1/notices", "GET, HEAD, OPTIONS, POST"),
        ("PUT", "/v1/publishers", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/log/checkpoint", "GET, HEAD, OPTIONS"),
        ("POST", "/log/tile/0/x001/234", "GET, HEAD, OPTIONS"),
        ("GET", "/witness/add-checkpoint", "OPTIONS, POST"),
        ("PATCH", "/", "GET, HEAD, OPTIONS"),
    ] {
        let answer = server.request(method, path, &[], b"");
        assert_eq!((answer.status, answer.rule().as_str()), (405, "method-not-allowed"), "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn reads_are_open_to_other_origins_and_submissions_are_not() {
    let server = TestServer::start();
    let origin = ("Origin", "https://other.example");
    assert_eq!(server.get_with("/v1/server", &[origin]).header("access-control-allow-origin"), Some("*"));
    assert_eq!(server.get_with("/nowhere", &[origin]).header("access-control-allow-origin"), Some("*"));
    let ask = |path, method| server.request("OPTIONS", path, &[origin, ("Access-Control-Request-Method", method)], b"");
    assert_eq!(ask("/v1/check", "POST").header("access-control-allow-methods"), Some("GET, HEAD, POST"));
    assert_eq!(ask("/v1/notices", "POST").header("access-control-allow-methods"), Some("GET, HEAD"));
    let posted = server.request("POST", "/v1/notices", &[origin, ("Content-Type", "application/json")], b"{}");
    assert!(posted.header("access-control-allow-origin").is_none());
    let asked =
        server.request("POST", "/v1/check", &[origin, ("Content-Type", "application/json")], b"{\"ids\":[\"doi:10.1/x\"]}");
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (200, Some("*")));
    assert!(asked.header("access-control-allow-credentials").is_none());
}

#[test]
fn a_head_is_a_get_without_its_body() {
    let server = TestServer::start();
    for path in ["/", "/v1/server", "/log/checkpoint", "/nowhere"] {
        let (get, head) = (server.get(path), server.request("HEAD", path, &[], b""));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
    }
}
