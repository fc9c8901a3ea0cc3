use super::{IndexError, IndexFault, Pinned};
use crate::envelope::{Claim, Envelope, IndexHead};
use crate::tlog::SignedCheckpoint;

/// A head that the pinned operator key signed, with a checkpoint that the pinned log key signed.
#[derive(Debug, Clone)]
pub struct VerifiedHead {
    head: IndexHead,
    checkpoint: SignedCheckpoint,
    envelope: String,
}

impl VerifiedHead {
    /// Verifies an envelope under the keys of a server.
    ///
    /// # Errors
    /// [`IndexFault::Head`], and [`IndexFault::OtherKey`] when it is of this log and another key signed it.
    pub fn verify(bytes: &[u8], keys: &Pinned) -> Result<Self, IndexError> {
        let broken = |what: String| IndexError::broken(keys.origin(), IndexFault::Head(what));
        let envelope = Envelope::parse_canonical(bytes).map_err(|error| broken(error.to_string()))?;
        let claim = Claim::<IndexHead>::read(envelope).map_err(|error| broken(error.to_string()))?;
        let verified = claim.verify(&[keys.operator]);
        let verified =
            verified.map_err(|error| broken(format!("{error}: it is not that of the operator key {}", keys.operator)))?;
        let head = verified.value().clone();
        if head.origin != keys.origin() {
            return Err(broken(format!("it is of the log {}", head.origin)));
        }
        let checkpoint = SignedCheckpoint::parse_and_verify(head.checkpoint.as_bytes(), &keys.log);
        let checkpoint = checkpoint.map_err(|error| broken(format!("its checkpoint: {error}")))?;
        let (size, root) = (checkpoint.checkpoint().size(), checkpoint.checkpoint().root());
        if size != head.size || root.as_bytes() != head.root.as_bytes() {
            return Err(broken(format!("it is of tree size {}, and its checkpoint of another tree", head.size)));
        }
        Ok(Self { head, checkpoint, envelope: String::from_utf8_lossy(bytes).into_owned() })
    }

    /// What it says.
    pub fn head(&self) -> &IndexHead {
        &self.head
    }

    /// The signed checkpoint in it.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The envelope, as it was signed.
    pub fn envelope(&self) -> &str {
        &self.envelope
    }
}
