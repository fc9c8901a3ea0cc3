//! What is posted: the server and the client of the command line read the same bodies with the same meaning.

use palinode::client::SubmissionBody;
use palinode::ledger::{MAX_ENVELOPE, MAX_SUBMISSION, Submission};

pub fn check(data: &[u8]) {
    let (server, client) = (Submission::parse(data), SubmissionBody::parse(data));
    let too_large_for_a_server = data.len() > MAX_SUBMISSION || data.len() > MAX_ENVELOPE;
    match (&server, &client) {
        (Ok(server), Ok(client)) => {
            assert_eq!(server.envelope(), &client.envelope);
            assert_eq!(server.documents(), client.documents);
            let rewritten = client.to_json();
            let again = SubmissionBody::parse(rewritten.as_bytes()).expect("what is written is read");
            assert_eq!(again.documents, client.documents);
            assert_eq!(again.to_json(), rewritten);
            for document in &client.documents {
                let spelled = data_encoding::BASE64.encode(document);
                let named = |value: &serde_json::Value| value.as_str() == Some(spelled.as_str());
                let value: serde_json::Value = serde_json::from_slice(data).expect("JSON");
                let listed = value["documents"].as_array().is_some_and(|documents| documents.iter().any(named));
                assert!(listed, "a document has one spelling in base64");
            }
        }
        (Err(_), Err(_)) => {}
        (Err(refusal), Ok(_)) => assert!(too_large_for_a_server, "the server alone refuses it: {refusal}"),
        (Ok(_), Err(fault)) => panic!("the client alone refuses it: {fault}"),
    }
}
