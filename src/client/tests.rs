use super::*;
use crate::envelope::{Envelope, RecordDraft, SecretKey};
use crate::federation::{Handler, MemoryNetwork, Method, Weather};
use crate::notice::Timestamp;

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

/// A server that shows record 0 of a domain, with whatever it says about it.
fn showing(entry: Vec<u8>, leaf: &str, say: impl Fn(&mut serde_json::Value)) -> (Client, Did) {
    let did = Did::parse("did:web:example.org").expect("a DID");
    let key = SecretKey::from_seed([0x61; 32]).public().to_multibase();
    let lineage = format!("{did}#{}", Envelope::parse(&record_0().to_json().into_bytes()).expect("an envelope").payload_id());
    let mut shown = serde_json::json!({"did": did, "key_changed": false, "lineages": [{
        "lineage": lineage, "pinned": true, "records": [{"entries": [{"entry": leaf}]}],
        "keys": [{"key": key, "status": "active", "may_lift": true}],
    }]});
    say(&mut shown);
    let network = MemoryNetwork::new();
    let base = Url::parse("https://a.example/").expect("a URL");
    let handler: Handler = Arc::new(move |request: Request| {
        let of_publisher = request.url.path().starts_with("/v1/publishers/");
        let body = if of_publisher { shown.to_string().into_bytes() } else { entry.clone() };
        Box::pin(async move { Response::new(200, body) })
    });
    network.serve(&base, handler);
    (Client::over(Arc::new(network), base), did)
}

fn record_0() -> Envelope {
    let (key, issued) = (SecretKey::from_seed([0x61; 32]), Timestamp::parse("2026-11-23T10:00:00Z").expect("a time"));
    let did = Did::parse("did:web:example.org").expect("a DID");
    let draft = RecordDraft::first(did, "Example Vision Lab", key.public(), issued);
    key.sign_envelope(PayloadType::Publisher, &draft.complete().expect("a record").payload).expect("small")
}

#[tokio::test]
async fn the_history_of_a_publisher_is_what_its_signed_records_say_whatever_the_server_says() {
    let entry = record_0().to_json().into_bytes();
    let leaf = Hash::leaf(&entry).to_string();
    let fault = async |entry: &[u8], leaf: &str, say: fn(&mut serde_json::Value)| {
        let (client, did) = showing(entry.to_vec(), leaf, say);
        match client.history(&did).await {
            Ok(_) => None,
            Err(HistoryError::Fault(fault)) => Some(fault),
            Err(error @ HistoryError::Client(_)) => panic!("{error}"),
        }
    };
    assert_eq!(fault(&entry, &leaf, |_| {}).await, None);
    assert!(matches!(fault(b"{}", &leaf, |_| {}).await, Some(HistoryFault::OtherEntry(_))));
    assert!(matches!(fault(&entry, "nonsense", |_| {}).await, Some(HistoryFault::NotALeaf(_))));
    let lies: [fn(&mut serde_json::Value); 6] = [
        |shown| shown["did"] = "did:web:other.example".into(),
        |shown| shown["key_changed"] = true.into(),
        |shown| shown["lineages"][0]["forked"] = true.into(),
        |shown| shown["lineages"][0]["keys"][0]["status"] = "compromised".into(),
        |shown| shown["lineages"][0]["keys"] = serde_json::json!([]),
        |shown| shown["lineages"][0]["lineage"] = format!("did:web:example.org#{}", "ab".repeat(32)).into(),
    ];
    for (number, lie) in lies.into_iter().enumerate() {
        assert!(fault(&entry, &leaf, lie).await.is_some(), "lie {number}");
    }
    // A record that some other key signed proves nothing, though its leaf hash is right.
    let stranger = SecretKey::from_seed([0x62; 32]).sign_envelope(PayloadType::Publisher, record_0().payload()).expect("small");
    let stranger = stranger.to_json().into_bytes();
    let leaf = Hash::leaf(&stranger).to_string();
    assert!(matches!(fault(&stranger, &leaf, |_| {}).await, Some(HistoryFault::Stranger(..))));
}
