//! How a server sees the domain of a publisher, in words.

use std::fmt;

use serde::Serialize;

use crate::client::answers::{AttestationAnswer, DomainAnswer, LineageAnswer, WaitingRecordAnswer};

/// Whether and on whose word the domain of a lineage answers for it.
#[derive(Serialize)]
pub(super) struct ShownDomain {
    /// Whether it does, for this server.
    verified: bool,
    /// Who says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by: Vec<AttestationAnswer>,
    /// What the domain itself said last.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<DomainAnswer>,
}

/// Records that wait until the domain is verified.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct ShownWaiting(Vec<WaitingRecordAnswer>);

impl ShownDomain {
    /// `None` for keys that have no domain, and for a pinned lineage of which nobody but the operator said anything.
    pub(super) fn of(answer: &LineageAnswer) -> Option<Self> {
        let LineageAnswer { pinned, domain_verified, verified, domain, .. } = answer;
        let only_pinned = *pinned && verified.is_empty() && domain.is_none();
        let is_domain = answer.lineage.starts_with("did:web:");
        let shown = || Self { verified: *domain_verified, by: verified.clone(), said: domain.clone() };
        (is_domain && !only_pinned).then(shown)
    }
}

impl ShownWaiting {
    pub(super) fn of(waiting: &[WaitingRecordAnswer]) -> Self {
        Self(waiting.to_vec())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for ShownDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for attested in &self.by {
            let how = if attested.method == "pin" { ", by a pin" } else { "" };
            writeln!(f, "domain   verified by {} on {}{how}", attested.by, attested.on)?;
        }
        if !self.verified {
            writeln!(f, "domain   not verified here: what it says of its own URLs counts as anybody's word")?;
        } else if self.by.is_empty() {
            writeln!(f, "domain   the operator's pin speaks for it")?;
        }
        self.said.as_ref().map_or(Ok(()), |said| said.fmt(f))
    }
}

impl fmt::Display for DomainAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.answered, self.names_keys) {
            (Some(answered), Some(true)) => writeln!(f, "         its document of {answered} names every active key")?,
            (Some(answered), _) => writeln!(f, "         its document of {answered} does not name every active key")?,
            (None, _) => {}
        }
        if let (Some(error), Some(asked)) = (&self.error, &self.asked) {
            writeln!(f, "         asked in vain on {asked}: {error}")?;
        }
        if let Some(due) = &self.due {
            writeln!(f, "         asked next on {due}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ShownWaiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for WaitingRecordAnswer { lineage, received, passed_over } in &self.0 {
            writeln!(f, "\nwaiting  {lineage}\n         since {received}, until its domain names its keys")?;
            if *passed_over > 0 {
                writeln!(f, "         so far the domain was asked and did not name them: {passed_over}")?;
            }
        }
        Ok(())
    }
}
