//! Finding out what went wrong: the client's error says little, the errors that it was made of say the rest.

use std::error::Error;

use super::resolver::OnlyRefused;
use crate::federation::transport::TransportError;

/// What kept an answer from coming whole.
pub(super) fn fault(error: &reqwest::Error) -> TransportError {
    let mut innermost: &(dyn Error + 'static) = error;
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = next {
        if let Some(OnlyRefused(address)) = current.downcast_ref() {
            return TransportError::RefusedAddress(*address);
        }
        if current.is::<rustls::Error>() {
            return TransportError::Tls(current.to_string());
        }
        innermost = current;
        // An input/output error that wraps another one does not name it as its source.
        let wrapped = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = wrapped.map(|inner| inner as &(dyn Error + 'static)).or_else(|| current.source());
    }
    if error.is_timeout() {
        TransportError::Timeout
    } else if error.is_connect() {
        TransportError::Connect(innermost.to_string())
    } else {
        TransportError::Protocol(innermost.to_string())
    }
}
