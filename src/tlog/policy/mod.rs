//! Whose cosignatures make a checkpoint good enough: witness policies in the file format of C2SP [tlog-policy].
//!
//! ```text
//! # two of three witnesses, for one log
//! log <vkey> [<url>]
//! witness anna <vkey> [<url>]
//! witness bert <vkey>
//! witness cleo <vkey>
//! group most 2 anna bert cleo
//! quorum most
//! ```
//!
//! A policy that is not understood in full is refused: what a line asks for cannot be guessed. Witnesses with keys other than
//! Ed25519 are not understood here. URLs are read and mean nothing for checking.
//!
//! | file | is |
//! |---|---|
//! | `mod` | a policy, and checking a checkpoint by it |
//! | `reader` | its file, line by line |
//!
//! Out of scope: how checkpoints are had, and what a caller does when the quorum is not met.
//!
//! [tlog-policy]: https://c2sp.org/tlog-policy

mod reader;

use super::cosignature::Cosignature;
use super::key::{KeyError, KeyKind, KeyName, VerifierKey};
use super::signed_checkpoint::SignedCheckpoint;
use reader::Reader;

/// The longest policy that is read, in bytes: room for hundreds of witnesses.
pub const MAX_POLICY: usize = 256 * 1024;

/// Which logs are accepted, and whose cosignatures are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<VerifierKey>,
    witnesses: Vec<VerifierKey>,
    groups: Vec<Group>,
    quorum: Option<Member>,
    /// What the quorum is called, for messages.
    called: String,
}

/// Who may be asked for: both kinds share one space of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    /// By place among the witnesses.
    Witness(usize),
    /// By place among the groups, always before the group that names it.
    Group(usize),
}

/// At least `least` of these.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    least: usize,
    members: Vec<Member>,
}

/// No policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// One line of it.
    #[error("line {line}: {fault}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        fault: PolicyFault,
    },
    /// No line says the quorum.
    #[error("no line says the quorum; `quorum none` asks for no cosignature")]
    NoQuorum,
    /// Longer than [`MAX_POLICY`].
    #[error("the policy has {0} bytes, more than 262,144")]
    TooLong(usize),
    /// Fewer witnesses than are asked for, or none at all.
    #[error("{least} of {witnesses} witnesses cannot be asked for")]
    Threshold {
        /// How many are asked for.
        least: usize,
        /// How many there are.
        witnesses: usize,
    },
    /// One key twice.
    #[error("{0} is given twice, or has the key of another witness")]
    SameKey(KeyName),
    /// A key that is not that of a witness.
    #[error("{0} is not the key of a witness")]
    NotAWitness(KeyName),
}

/// What is wrong with a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// A control character other than tab.
    #[error("there is a control character")]
    Character,
    /// A key that is known already, whatever its name.
    #[error("this key stands on another line")]
    SameKey,
    /// Too few or too many items.
    #[error("it should read `{0}`")]
    Items(&'static str),
    /// No verifier key, or of a kind that is not known here.
    #[error("the key: {0}")]
    Key(#[from] KeyError),
    /// The key of a witness where a log should stand, or the other way round.
    #[error("{0} is not the key of a {1}")]
    Kind(KeyName, &'static str),
    /// The first word.
    #[error("a line begins with log, witness, group or quorum")]
    Keyword,
    /// A name that stands for something already.
    #[error("the name {0:?} is taken")]
    NameTaken(String),
    /// A name that no line before defines.
    #[error("no line before defines {0:?}")]
    Undefined(String),
    /// A member of more than one group, or twice of one: it would count twice.
    #[error("{0:?} is a member already, and may count only once")]
    MemberTwice(String),
    /// A threshold outside 1 to the number of members.
    #[error("the threshold is all, any, or a number from 1 to the number of members")]
    Threshold,
    /// A second quorum.
    #[error("there is a quorum already")]
    SecondQuorum,
}

/// A checkpoint that too few cosigned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the quorum {quorum} is not met: {}", told(.cosigned, .missing))]
pub struct QuorumNotMet {
    /// What the policy calls it.
    pub quorum: String,
    /// Witnesses of the policy that cosigned.
    pub cosigned: Vec<KeyName>,
    /// Those that did not.
    pub missing: Vec<KeyName>,
}

fn told(cosigned: &[KeyName], missing: &[KeyName]) -> String {
    let list = |names: &[KeyName]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match cosigned {
        [] => format!("none of its witnesses cosigned ({})", list(missing)),
        some => format!("cosigned by {}; no cosignature of {} verifies", list(some), list(missing)),
    }
}

impl Policy {
    /// Reads a policy of at most [`MAX_POLICY`] bytes. A last line without its line feed is read as well.
    ///
    /// # Errors
    /// [`PolicyError`] names the first line that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > MAX_POLICY {
            return Err(PolicyError::TooLong(bytes.len()));
        }
        let mut reader = Reader::default();
        for (n, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            reader.read(line).map_err(|fault| PolicyError::Line { line: n + 1, fault })?;
        }
        reader.finish()
    }

    /// At least `least` of these witnesses, for any log.
    ///
    /// # Errors
    /// [`PolicyError`] when so many cannot be asked for, or one of them would count twice.
    pub fn at_least(least: usize, witnesses: Vec<VerifierKey>) -> Result<Self, PolicyError> {
        if least == 0 || least > witnesses.len() {
            return Err(PolicyError::Threshold { least, witnesses: witnesses.len() });
        }
        for (n, key) in witnesses.iter().enumerate() {
            if key.kind() != KeyKind::Witness {
                return Err(PolicyError::NotAWitness(key.name().clone()));
            }
            if witnesses.iter().take(n).any(|other| other.public_key() == key.public_key()) {
                return Err(PolicyError::SameKey(key.name().clone()));
            }
        }
        let called = format!("{least} of {}", witnesses.len());
        let members = (0..witnesses.len()).map(Member::Witness).collect();
        let groups = vec![Group { least, members }];
        Ok(Self { logs: Vec::new(), witnesses, groups, quorum: Some(Member::Group(0)), called })
    }

    /// The logs that it accepts; empty when it leaves that to its user.
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// Whether it accepts this log.
    pub fn accepts(&self, log: &VerifierKey) -> bool {
        self.logs.is_empty() || self.logs.contains(log)
    }

    /// The witnesses that it knows.
    pub fn witnesses(&self) -> &[VerifierKey] {
        &self.witnesses
    }

    /// Checks that enough of its witnesses cosigned a checkpoint, and gives the newest cosignature of each one that did. Whether the
    /// log is accepted is for [`accepts`](Self::accepts) to say.
    ///
    /// # Errors
    /// [`QuorumNotMet`] tells who is missing.
    pub fn check(&self, signed: &SignedCheckpoint) -> Result<Vec<Cosignature>, QuorumNotMet> {
        let mut found = Vec::new();
        let mut by_witness = Vec::with_capacity(self.witnesses.len());
        for witness in &self.witnesses {
            let cosignature = signed.cosignatures(std::slice::from_ref(witness)).pop();
            by_witness.push(cosignature.is_some());
            found.extend(cosignature);
        }
        if self.is_met(&by_witness) {
            return Ok(found);
        }
        let names = |wanted: bool| {
            let of = self.witnesses.iter().zip(&by_witness).filter(move |(_, there)| **there == wanted);
            of.map(|(witness, _)| witness.name().clone()).collect()
        };
        Err(QuorumNotMet { quorum: self.called.clone(), cosigned: names(true), missing: names(false) })
    }

    fn is_met(&self, by_witness: &[bool]) -> bool {
        let mut by_group = Vec::with_capacity(self.groups.len());
        let holds = |member: &Member, by_group: &[bool]| match member {
            Member::Witness(at) => by_witness.get(*at).copied().unwrap_or(false),
            Member::Group(at) => by_group.get(*at).copied().unwrap_or(false),
        };
        for group in &self.groups {
            let holding = group.members.iter().filter(|member| holds(member, &by_group)).count();
            by_group.push(holding >= group.least);
        }
        self.quorum.is_none_or(|quorum| holds(&quorum, &by_group))
    }
}

#[cfg(test)]
mod tests;
