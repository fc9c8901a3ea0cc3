use super::*;
use crate::federation::{Handler, MemoryNetwork, Method, Weather};

fn client(answer: Response) -> (Client, MemoryNetwork) {
    let network = MemoryNetwork::new();
    let base = Url::parse("https://a.example/sub").expect("a URL");
    network.set_weather(&base, Weather::Answered(answer));
    (Client::new(base, Arc::new(network.clone())), network)
}

fn json(status: u16, value: &serde_json::Value) -> Response {
    Response::new(status, value.to_string()).of_type("application/json")
}

fn id() -> NoticeId {
    NoticeId::of(b"a notice")
}

#[tokio::test]
async fn a_receipt_is_read_with_its_token_and_its_token_is_not_printed() {
    let receipt = serde_json::json!({
        "id": id(), "entry": "00".repeat(32), "index": 4, "tree_size": 5, "checkpoint": "a note\n", "proof": "a proof\n",
        "known": false, "upload": {"token": "secret", "expires": "2026-11-24T10:00:00Z", "documents": ["11".repeat(32)]},
        "a_field_of_a_later_version": true,
    });
    let (client, network) = client(json(201, &receipt));
    let SubmitAnswer::Logged(logged) = client.submit(Kind::Notice, b"{}".to_vec()).await.expect("logged") else {
        panic!("not logged");
    };
    assert_eq!((logged.id, logged.index, logged.known), (id(), 4, false));
    assert!(!format!("{logged:?}").contains("secret"));
    assert_eq!(logged.upload.expect("leave").token, "secret");
    let (method, url) = network.take_seen().remove(0);
    assert_eq!((method, url.as_str()), (Method::Post, "https://a.example/sub/v1/notices"));
}

#[tokio::test]
async fn a_record_whose_domain_is_being_verified_is_told_apart() {
    let (client, _) = client(json(202, &serde_json::json!({"id": id()})));
    let answer = client.submit(Kind::Publisher, b"{}".to_vec()).await.expect("taken");
    assert!(matches!(answer, SubmitAnswer::Verifying(waiting) if waiting.id == id()));
}

#[tokio::test]
async fn a_problem_document_says_what_is_wrong_and_anything_else_is_only_a_status() {
    let problem = serde_json::json!({
        "type": "urn:palinode:problem:invalid-notice", "title": "The notice is not valid", "status": 422,
        "detail": "2 faults", "errors": [{"pointer": "/reasons/0", "rule": "unknown-code", "detail": "unknown reason"}],
    });
    let refused = Response::new(422, problem.to_string()).of_type("application/problem+json; charset=utf-8");
    let (asking, _) = client(refused);
    let error = asking.submit(Kind::Notice, vec![]).await.expect_err("refused");
    assert_eq!((error.rule(), error.is_unreachable()), (Some("invalid-notice"), false));
    let ClientError::Problem(problem) = &error else { panic!("{error:?}") };
    assert_eq!(problem.errors[0].pointer, "/reasons/0");
    let (asking, _) = client(Response::new(404, "<html>no such page</html>").of_type("text/html"));
    let error = asking.server_info().await.expect_err("no server");
    assert!(matches!(error, ClientError::Status { status: 404 }), "{error:?}");
    let (asking, _) = client(Response::new(200, "<html>parked</html>"));
    assert!(matches!(asking.server_info().await, Err(ClientError::NotUnderstood(_))));
}

#[tokio::test]
async fn answers_to_a_check_come_in_the_order_and_number_of_the_question() {
    let answers = serde_json::json!({
        "origin": "a.example/log", "tree_size": 9, "checkpoint_time": "2026-11-23T10:00:00Z", "trust": "ab",
        "answers": [
            {"asked": "10.5281/zenodo.1", "id": "doi:10.5281/zenodo.1", "verdict": "retracted", "matches": [
                {"notice": id(), "index": 3, "type": "retraction", "issuer": "did:web:example.org", "authority": "pinned",
                 "strength": "exact", "coverage": "whole"}]},
            {"asked": "", "error": "empty"},
        ],
    });
    let (client, network) = client(json(200, &answers));
    let asked = ["10.5281/zenodo.1".to_owned(), String::new()];
    let answer = client.check(&asked, true).await.expect("answered");
    assert_eq!(answer.answers[0].matches[0].kind, "retraction");
    assert_eq!((answer.answers[1].verdict.as_deref(), answer.answers[1].error.as_deref()), (None, Some("empty")));
    assert_eq!(network.take_seen()[0].1.query(), Some("proof=true"));
    assert!(matches!(client.check(&asked[..1], false).await, Err(ClientError::Incomplete { asked: 1, answered: 2 })));
}

#[tokio::test]
async fn a_document_is_what_its_name_says_and_an_upload_carries_its_token() {
    let network = MemoryNetwork::new();
    let base = Url::parse("https://a.example/").expect("a URL");
    let handler: Handler = Arc::new(|request: Request| {
        Box::pin(async move {
            match (request.method, request.bearer.as_deref()) {
                (Method::Put, Some("secret")) => Response::new(204, ""),
                (Method::Put, _) => Response::new(403, ""),
                _ => Response::new(200, "some bytes"),
            }
        })
    });
    network.serve(&base, handler);
    let client = Client::new(base, Arc::new(network));
    let right = DocumentHash::of(b"some bytes");
    assert_eq!(client.document(&right).await.expect("there"), b"some bytes");
    let wrong = DocumentHash::of(b"other bytes");
    assert!(matches!(client.document(&wrong).await, Err(ClientError::OtherDocument(hash)) if hash == wrong));
    client.upload_document(&right, "secret", b"some bytes".to_vec()).await.expect("uploaded");
    assert!(client.upload_document(&right, "guessed", b"some bytes".to_vec()).await.is_err());
}
