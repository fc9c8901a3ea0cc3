//! What a server answers to its peers: the part of the HTTP interface that the federation uses, over the same calls of the ledger
//! and the witness that the HTTP handlers make.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use palinode::federation::{Federation, Handler, HeldEvidence, Request, Response};
use palinode::ledger::documents::Document;
use palinode::ledger::log::{Resource, ResourceError};
use palinode::ledger::peers::OriginHash;
use palinode::notice::DocumentHash;
use palinode::tlog::{EvidenceDocument, KeyName};

pub(crate) fn handler(federation: Arc<Federation>) -> Handler {
    Arc::new(move |request| -> BoxFuture<'static, Response> {
        let answer = answer(&federation, &request);
        Box::pin(std::future::ready(answer))
    })
}

fn answer(federation: &Federation, request: &Request) -> Response {
    let path = request.url.path();
    if path == "/witness/add-checkpoint" {
        return match federation.add_checkpoint(&request.body) {
            Ok(lines) => Response::new(200, lines),
            Err(refusal) => {
                let (body, content_type) = refusal.answer();
                Response::new(refusal.status(), body).of_type(content_type)
            }
        };
    }
    if let Some(name) = path.strip_prefix("/witness/").and_then(|rest| rest.strip_suffix("/checkpoint")) {
        let name = OriginHash::parse(name).expect("a name");
        let note = federation.witnessed_checkpoint(&name).expect("readable");
        return note.map_or_else(|| Response::new(404, "nothing"), |note| Response::new(200, note));
    }
    if let Some(name) = path.strip_prefix("/v1/peers/").and_then(|rest| rest.strip_suffix("/evidence")) {
        let held = federation.evidence_against(&OriginHash::parse(name).expect("a name")).expect("readable");
        return held.map_or_else(|| Response::new(404, "nothing"), |held| Response::new(200, shown(&held)));
    }
    if let Some(hash) = path.strip_prefix("/v1/documents/") {
        let hash = DocumentHash::parse(hash).expect("a name");
        return match federation.ledger().document(&hash).expect("readable") {
            Document::Available(bytes) => Response::new(200, bytes),
            Document::Removed(_) => Response::new(451, "removed"),
            // Nobody names a list in a simulation.
            Document::Awaited | Document::Unknown | Document::List(_) => Response::new(404, "not here"),
        };
    }
    match federation.ledger().resource(path.strip_prefix("/log/").unwrap_or(path)) {
        Ok(Resource::Checkpoint(bytes) | Resource::Entry(bytes)) => Response::new(200, bytes),
        Ok(Resource::Tile(bytes)) => Response::new(200, bytes.to_vec()),
        Err(ResourceError::Path(_) | ResourceError::NotPublished) => Response::new(404, "nothing"),
        Err(error @ ResourceError::Halted) => Response::new(503, error.to_string()),
        Err(ResourceError::Store(error)) => Response::new(503, error.to_string()),
    }
}

/// Evidence as a server shows it.
fn shown(held: &HeldEvidence) -> String {
    let evidence = held.pieces.iter().map(|(_, found)| found.clone()).collect();
    let origin = KeyName::parse(&held.origin).expect("a name");
    EvidenceDocument { origin, log_key: None, evidence }.to_json().to_string()
}
