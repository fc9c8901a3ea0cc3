use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cli::ExitCode;
use crate::cli::connection::{Connection, ConnectionError, key_flag};
use crate::cli::witnesses::{WitnessesError, accepted};
use crate::client::ClientError;
use crate::client::answers::{CheckAnswer, LineageAnswer};
use crate::client::recheck::{Evidence, EvidenceFault, asked_identifiers};
use crate::envelope::LineageId;
use crate::tlog::{Policy, VerifierKey};
use crate::verdict::{Standing, Trust};

/// The key under which checkpoints are verified.
pub(super) struct LogKey {
    key: VerifierKey,
    published: bool,
}

impl LogKey {
    pub(super) fn given(text: &str) -> Result<Self, ConnectionError> {
        Ok(Self { key: key_flag("--log-key", text)?, published: false })
    }

    /// Refuses a log that the policy does not accept.
    pub(super) fn accepted(&self, policy: Option<&Policy>) -> Result<(), WitnessesError> {
        accepted(policy, &self.key)
    }

    pub(super) fn published(connection: &Connection) -> Result<Self, ConnectionError> {
        Ok(Self { key: connection.published_log_key()?, published: true })
    }
}

/// What came of verifying answers and deciding them again.
#[derive(Debug, Serialize)]
pub(super) struct Verification {
    /// The key that was used.
    log_key: String,
    /// Whether the server itself said so.
    log_key_published_by_the_server: bool,
    /// How many entries were verified.
    entries: usize,
    /// How many answers follow from them.
    decided_again: usize,
    /// Whether the trust settings behind the verdicts could be rebuilt in full from what the server shows.
    trust_rebuilt: bool,
    /// What does not hold.
    faults: Vec<String>,
    /// What could not be looked at.
    unverified: Vec<String>,
}

impl Verification {
    pub(super) fn begin(key: &LogKey) -> Self {
        Self {
            log_key: key.key.to_string(),
            log_key_published_by_the_server: key.published,
            entries: 0,
            decided_again: 0,
            trust_rebuilt: true,
            faults: Vec::new(),
            unverified: Vec::new(),
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        match (self.faults.is_empty(), self.unverified.is_empty()) {
            (false, _) => ExitCode::Integrity,
            (true, false) => ExitCode::Unreachable,
            (true, true) => ExitCode::Done,
        }
    }

    /// Verifies the evidence of one part of the answers, and decides them again at `now`.
    pub(super) fn check(
        &mut self,
        connection: &Connection,
        answer: &CheckAnswer,
        key: &LogKey,
        policy: Option<&Policy>,
        now: DateTime<Utc>,
    ) {
        if answer.origin != key.key.name().as_str() {
            self.faults.push(format!("the answers are of {}, the log key is of {}", answer.origin, key.key.name()));
            return;
        }
        let mut evidence = match Evidence::verify(answer, &key.key) {
            Ok(evidence) => evidence,
            Err(EvidenceFault::Missing) => {
                self.unverified.push(EvidenceFault::Missing.to_string());
                return;
            }
            Err(fault) => {
                self.faults.push(fault.to_string());
                return;
            }
        };
        let unmet = policy.and_then(|policy| evidence.checkpoints().find_map(|signed| policy.check(signed).err()));
        if let Some(unmet) = unmet {
            self.unverified.push(unmet.to_string());
            return;
        }
        self.entries += evidence.entries();
        if let Err(error) = look_into_lists(connection, &mut evidence, answer) {
            self.unverified.push(format!("a list of digests: {error}"));
        }
        let trust = match trust(connection, &evidence) {
            Ok(trust) => trust,
            Err(error) => {
                self.unverified.push(format!("the trust settings of the server: {error}"));
                return;
            }
        };
        self.trust_rebuilt &= trust.hash() == answer.trust;
        let disagreements = evidence.disagreements(&answer.answers, &trust, now);
        self.decided_again += answer.answers.len() - disagreements.len();
        // With a list that could not be fetched, another verdict proves nothing.
        let told = disagreements.iter().map(ToString::to_string);
        if self.unverified.is_empty() { self.faults.extend(told) } else { self.unverified.extend(told) }
    }

    /// A few sentences for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let entries = match self.entries {
            1 => "1 entry with its proof".to_owned(),
            n => format!("{n} entries with their proofs"),
        };
        let answers = if self.decided_again == 1 { "answer" } else { "answers" };
        let mut lines =
            vec![format!("{entries} verified; {} {answers} decided again here, with the same verdict", self.decided_again)];
        if self.log_key_published_by_the_server {
            lines.push(format!("under the key that the server itself publishes: pin it with --log-key {}", self.log_key));
        }
        if !self.trust_rebuilt {
            lines.push("by the trust settings that the server shows for these issuers; it may have more of them".to_owned());
        }
        lines
    }

    pub(super) fn faults(&self) -> &[String] {
        &self.faults
    }

    pub(super) fn unverified(&self) -> &[String] {
        &self.unverified
    }
}

/// Fetches the lists of digests that a question may stand in. What the server does not have, it could not look into either.
fn look_into_lists(connection: &Connection, evidence: &mut Evidence, answer: &CheckAnswer) -> Result<(), ClientError> {
    let asked = asked_identifiers(&answer.answers);
    for (name, algorithm) in evidence.lists(&asked) {
        if let Some(bytes) = connection.try_ask(connection.client.document(&name))? {
            evidence.note_list(name, algorithm, &bytes, &asked);
        }
    }
    Ok(())
}

/// The trust settings that the server shows for the issuers of these entries.
fn trust(connection: &Connection, evidence: &Evidence) -> Result<Trust, ClientError> {
    let mut lineages = BTreeMap::new();
    for issuer in evidence.issuers() {
        let Some(publisher) = connection.try_ask(connection.client.publisher(issuer))? else { continue };
        for shown in publisher.lineages.into_iter().filter(|lineage| lineage.pinned || lineage.domain_verified) {
            if let Some(id) = LineageId::parse(&shown.lineage) {
                let LineageAnswer { pinned, prefixes, domain_verified, .. } = shown;
                lineages.insert(id, Standing { pinned, prefixes, domain_verified });
            }
        }
    }
    Ok(Trust { lineages, ..Trust::default() })
}
