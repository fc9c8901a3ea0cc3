//! One request for one DID document.

use std::time::Duration;

use url::Url;

use crate::envelope::{DidDocument, MAX_DID_DOCUMENT};
use crate::federation::Federation;
use crate::federation::transport::{Request, TransportError};
use crate::ledger::domains::DomainFault;
use crate::notice::{Did, DidMethod};

/// How long a document may take.
const DEADLINE: Duration = Duration::from_secs(10);

impl Federation {
    /// The document of a domain, as it is there now.
    pub(super) async fn fetch_did_document(&self, did: &Did) -> Result<DidDocument, DomainFault> {
        let url = document_url(did).ok_or_else(|| fault("no-domain", format!("{did} names no domain")))?;
        let request = Request::get(url, DEADLINE, MAX_DID_DOCUMENT);
        let answer = self.transport.send(request).await.map_err(|error| fault(error.code(), told(&error)))?;
        match answer.status {
            200 => {}
            // Whoever answers elsewhere is not the domain itself (protocol, section 2).
            redirect @ 300..=399 => {
                return Err(fault("redirect", format!("it answered with a redirect ({redirect}), and nobody is followed")));
            }
            status => return Err(fault("status", format!("it answered with status {status}"))),
        }
        DidDocument::parse(&answer.body, did, self.now()).map_err(|error| fault("document", error.to_string()))
    }
}

/// Where the document of a domain is.
fn document_url(did: &Did) -> Option<Url> {
    match did.method() {
        DidMethod::Web(domain) => Url::parse(&format!("https://{domain}/.well-known/did.json")).ok(),
        DidMethod::Key(_) => None,
    }
}

fn fault(code: &str, text: String) -> DomainFault {
    DomainFault { code: code.to_owned(), text }
}

/// What went wrong, for whoever asks this server about the domain: not which address it has.
fn told(error: &TransportError) -> String {
    match error {
        TransportError::RefusedAddress(_) => "its name leads to an address that is never asked".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_of_a_domain_is_at_its_well_known_place_and_nowhere_else() {
        let url = |did: &str| document_url(&Did::parse(did).expect("a DID")).map(String::from);
        assert_eq!(url("did:web:example.org").as_deref(), Some("https://example.org/.well-known/did.json"));
        assert_eq!(url("did:web:xn--bcher-kva.example").as_deref(), Some("https://xn--bcher-kva.example/.well-known/did.json"));
        assert_eq!(url("did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"), None);
    }
}
