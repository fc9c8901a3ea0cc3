use super::*;
use crate::federation::{Handler, MemoryNetwork, Method, Weather};

fn client(answer: Response) -> (Client, MemoryNetwork) {
    let network = MemoryNetwork::new();
    let base = Url::parse("https://a.example/sub/").expect("a URL");
    network.set_weather(&base, Weather::Answered(answer));
    (Client::over(Arc::new(network.clone()), base), network)
}

#[tokio::test]
async fn what_answers_without_being_a_server_is_told_apart() {
    let (asking, _) = client(Response::new(200, "<html>This domain is for sale</html>"));
    assert!(matches!(asking.server().await, Err(ClientError::Answer(_))));
    let (asking, _) = client(Response::new(302, ""));
    assert!(matches!(asking.server().await, Err(ClientError::Redirect(302))));
    let (asking, _) = client(Response::new(404, "<html>no such page</html>"));
    assert!(matches!(asking.server().await, Err(ClientError::Refused(problem)) if problem.status == 404));
}

#[tokio::test]
async fn a_check_is_asked_under_the_base_address_with_its_evidence() {
    let (asking, network) = client(Response::new(503, ""));
    asking.check(&["doi:10.5281/zenodo.1".to_owned()], true).await.expect_err("busy");
    let (method, url) = network.take_seen().remove(0);
    assert_eq!((method, url.as_str()), (Method::Post, "https://a.example/sub/v1/check?proof=true"));
}

#[tokio::test]
async fn answers_to_other_questions_are_no_answers() {
    let answer = |asked: &[&str]| {
        let answers: Vec<_> = asked.iter().map(|id| serde_json::json!({"asked": id, "verdict": "no-notice"})).collect();
        let body = serde_json::json!({"origin": "o", "tree_size": 1, "checkpoint_time": null, "trust": "", "answers": answers});
        client(Response::new(200, body.to_string())).0
    };
    let ids = ["doi:10.5281/zenodo.1".to_owned(), "doi:10.5281/zenodo.2".to_owned()];
    let [one, two] = ids.each_ref().map(String::as_str);
    answer(&[one, two]).check(&ids, false).await.expect("both, in order");
    for other in [&[one][..], &[two, one], &[one, two, two], &[]] {
        let refused = answer(other).check(&ids, false).await;
        assert!(matches!(refused, Err(ClientError::OtherQuestions)), "{other:?}");
    }
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
    let client = Client::over(Arc::new(network.clone()), base.clone());
    let right = DocumentHash::of(b"some bytes");
    assert_eq!(client.document(&right).await.expect("there").as_deref(), Some(b"some bytes".as_slice()));
    let wrong = DocumentHash::of(b"other bytes");
    assert!(matches!(client.document(&wrong).await, Err(ClientError::OtherDocument(hash)) if hash == wrong));
    client.upload(&right, "secret", b"some bytes".to_vec()).await.expect("uploaded");
    assert!(client.upload(&right, "guessed", b"some bytes".to_vec()).await.is_err());
    network.set_weather(&base, Weather::Answered(Response::new(451, "")));
    assert_eq!(client.document(&right).await.expect("an answer"), None);
}
