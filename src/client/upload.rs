//! Bringing digest lists in pieces: `HEAD` and `PATCH /v1/documents/{sha256}`.

use std::time::Duration;

use super::{Client, ClientError, MAX_SMALL, Problem};
use crate::federation::{Request, Response};
use crate::notice::DocumentHash;

/// The most bytes of one piece. A client with little bandwidth has half a minute for each.
pub const MAX_PIECE: usize = 4 << 20;
/// How long one piece may take, what the server makes of the last one included.
const PIECE_DEADLINE: Duration = Duration::from_mins(2);

/// How far an upload is, as the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploaded {
    /// Bytes that are there.
    pub offset: u64,
    /// Whether the list was taken.
    pub is_complete: bool,
}

impl Client {
    /// How far the upload of a list with this token is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn uploaded(&self, list: &DocumentHash, token: &str, length: u64) -> Result<Uploaded, ClientError> {
        let mut request = Request::head(self.url(&format!("v1/documents/{list}"))?, PIECE_DEADLINE, MAX_SMALL);
        request.bearer = Some(token.to_owned());
        request.upload_length = Some(length);
        read(&self.transport.send(request).await?)
    }

    /// Adds the next piece of a list of `length` bytes at `at`, and says how far the upload is then: elsewhere, when it was elsewhere.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn upload_piece(
        &self,
        list: &DocumentHash,
        token: &str,
        length: u64,
        at: u64,
        piece: Vec<u8>,
    ) -> Result<Uploaded, ClientError> {
        let mut request = Request::patch(self.url(&format!("v1/documents/{list}"))?, at, piece, PIECE_DEADLINE, MAX_SMALL);
        request.bearer = Some(token.to_owned());
        request.upload_length = Some(length);
        read(&self.transport.send(request).await?)
    }
}

fn read(answer: &Response) -> Result<Uploaded, ClientError> {
    match (answer.status, answer.upload_offset) {
        (200..300 | 409, Some(offset)) => Ok(Uploaded { offset, is_complete: answer.upload_complete }),
        _ => Err(ClientError::Refused(Box::new(Problem::read(answer)))),
    }
}
