//! What the server itself says in its log: statements of its operator (protocol, section 6).
//!
//! They come through a door of their own: nobody can submit one, and none of another log is ever appended here.

use super::refusal::{MalformedBody, Refusal};
use super::stored::{IndexRows, Provenance};
use super::submission::{Admitted, Examined};
use super::{Ledger, Submitted};
use crate::envelope::{self, Envelope, EnvelopeError, FormError, OperatorStatement, PayloadType, Statement};
use crate::notice::Timestamp;
use crate::tlog::Hash;

/// Why the operator's statement is not in the log.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StateError {
    /// The clock is outside the years that statements can name.
    #[error("the clock of this machine stands outside the years 1970 to 9999")]
    Clock,
    /// It would break a rule of form.
    #[error("the statement cannot be made: {0}")]
    Form(#[from] FormError),
    /// It cannot be signed.
    #[error("the statement cannot be signed: {0}")]
    Signing(#[from] EnvelopeError),
    /// The log does not take it now.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl Ledger {
    /// States something in this log, under the operator's key and as of now. The ticket tells when it is durable.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn state(&self, statement: &Statement) -> Result<Submitted, StateError> {
        let issued = Timestamp::from_time(self.clock.now()).ok_or(StateError::Clock)?;
        let payload = OperatorStatement::write(self.identity.origin.as_str(), issued, statement)?;
        let envelope = self.keys.operator().sign_envelope(PayloadType::Operator, &payload)?;
        Ok(self.submit_own(&envelope)?)
    }

    /// Queues a statement that this server's operator signed for this log, beside whatever else is queued.
    ///
    /// # Errors
    /// As for [`Ledger::examine_own`], and [`Refusal::Busy`] or [`Refusal::Halted`].
    pub fn submit_own(&self, statement: &Envelope) -> Result<Submitted, Refusal> {
        Ok(match self.examine_own(statement)? {
            Examined::Known(stored) => Submitted::Known(stored),
            Examined::New(admitted) | Examined::Unverified(admitted) => Submitted::Queued(self.inbox.enqueue(*admitted)?),
        })
    }

    /// Examines a statement that this server's operator signed for this log. Reads, and writes nothing.
    ///
    /// # Errors
    /// [`Refusal`]: it is not signed by the operator key, no valid statement, or names another log.
    pub fn examine_own(&self, statement: &Envelope) -> Result<Examined, Refusal> {
        let not_ours = || Refusal::NotSubmittable { payload_type: PayloadType::Operator.as_str() };
        let operator = self.identity.operator;
        let signed = envelope::verify(statement, &[operator]).ok().ok_or_else(not_ours)?;
        if signed.payload_type() != PayloadType::Operator {
            return Err(not_ours());
        }
        let said = OperatorStatement::parse(signed.payload()).map_err(|e| MalformedBody::Wrapper(e.to_string()))?;
        if said.origin != self.identity.origin.as_str() {
            return Err(not_ours());
        }
        let size = self.published().head.size;
        let there = self.stores.log.entries_of_payload(PayloadType::Operator, &signed.payload_id(), size)?;
        if let Some(stored) = there.into_iter().next() {
            return Ok(Examined::Known(Box::new(stored)));
        }
        Ok(Examined::New(Box::new(Admitted {
            kind: PayloadType::Operator,
            issuer: operator.to_did(),
            leaf: Hash::leaf(signed.entry()),
            signed,
            rows: IndexRows::Operator,
            documents: Vec::new(),
            provenance: Provenance::Own,
            first_seen: self.clock.now(),
        })))
    }
}
