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
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::super::checkpoint::Checkpoint;
    use super::super::hash::Hash;
    use super::*;
    use crate::envelope::SecretKey;

    fn name(text: &str) -> KeyName {
        KeyName::parse(text).unwrap()
    }

    /// Number `n` of the witnesses: its name, its secret and its key.
    fn witness(n: u8) -> (KeyName, SecretKey, VerifierKey) {
        let (name, key) = (name(&format!("w{n}.example/witness")), SecretKey::from_seed([100 + n; 32]));
        let verifier = VerifierKey::witness_key(name.clone(), key.public());
        (name, key, verifier)
    }

    fn log() -> (SecretKey, VerifierKey) {
        let key = SecretKey::from_seed([1; 32]);
        let verifier = VerifierKey::log_key(name("ledger.example/log"), key.public());
        (key, verifier)
    }

    /// A checkpoint that these witnesses cosigned.
    fn cosigned_by(witnesses: impl IntoIterator<Item = u8>) -> SignedCheckpoint {
        let checkpoint = Checkpoint::new(log().1.name(), 1, Hash::leaf(b"an entry"));
        let mut signed = SignedCheckpoint::sign(&log().0, &checkpoint).unwrap();
        for n in witnesses {
            let (name, key, _) = witness(n);
            signed.cosign(&name, &key, 5).unwrap();
        }
        signed
    }

    /// The example of the specification, with keys: two of three X, and any of three Y.
    fn example() -> String {
        let line = |n, called| format!("witness  {called}\t{}  https://{called}.example/ ", witness(n).2);
        [
            format!("# an example\n\tlog {} https://ledger.example/\n", log().1),
            line(0, "X1"),
            line(1, "X2"),
            line(2, "X3"),
            line(3, "Y1"),
            line(4, "Y2"),
            line(5, "Y3"),
            "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3".to_owned(),
            "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n".to_owned(),
        ]
        .join("\n")
    }

    #[test]
    fn the_example_of_the_specification_asks_for_two_of_one_group_and_one_of_the_other() {
        let policy = Policy::parse(example().as_bytes()).unwrap();
        assert_eq!((policy.logs(), policy.witnesses().len()), (&[log().1][..], 6));
        for (who, enough) in [
            (vec![0, 1, 3], true),
            (vec![0, 2, 4, 5], true),
            (vec![0, 3, 4, 5], false),
            (vec![0, 1, 2], false),
            (vec![], false),
            (vec![0, 1, 9], false),
        ] {
            let checked = policy.check(&cosigned_by(who.clone()));
            assert_eq!(checked.as_ref().map(Vec::len).ok(), enough.then_some(who.len()), "{who:?}");
        }
    }

    #[test]
    fn who_is_missing_is_told_by_name() {
        let policy = Policy::parse(example().as_bytes()).unwrap();
        let unmet = policy.check(&cosigned_by([0, 1])).unwrap_err();
        assert_eq!((unmet.quorum.as_str(), unmet.cosigned.len(), unmet.missing.len()), ("X-and-Y", 2, 4));
        let told = unmet.to_string();
        assert!(
            told.starts_with("the quorum X-and-Y is not met: cosigned by w0.example/witness, w1.example/witness;"),
            "{told}"
        );
    }

    #[test]
    fn a_cosignature_that_does_not_verify_counts_for_nothing() {
        let policy = Policy::at_least(1, vec![witness(0).2]).unwrap();
        let text = String::from_utf8(cosigned_by([0]).bytes().to_vec()).unwrap();
        let line = text.lines().last().unwrap();
        let changed = if line.contains('x') { line.replace('x', "y") } else { line.replacen('A', "B", 3) };
        let forged = SignedCheckpoint::parse_and_verify(text.replace(line, &changed).as_bytes(), &log().1);
        // Either no note any more, or one without that cosignature.
        assert!(forged.is_ok_and(|forged| policy.check(&forged).is_err()));
        // The right name with another key.
        let (name, ..) = witness(0);
        let impostor = VerifierKey::witness_key(name, SecretKey::from_seed([9; 32]).public());
        assert!(Policy::at_least(1, vec![impostor]).unwrap().check(&cosigned_by([0])).is_err());
    }

    #[test]
    fn none_asks_for_nobody_and_one_witness_for_itself() {
        assert_eq!(Policy::parse(b"quorum none").unwrap().check(&cosigned_by([])), Ok(vec![]));
        let one = format!("witness anna {}\nquorum anna\n", witness(0).2);
        let one = Policy::parse(one.as_bytes()).unwrap();
        assert!(one.check(&cosigned_by([0])).is_ok() && one.check(&cosigned_by([1])).is_err());
        assert!(one.accepts(&log().1), "it leaves the logs to its user");
        let other = format!("log {}\nquorum none\n", VerifierKey::log_key(name("other.example"), witness(7).1.public()));
        assert!(!Policy::parse(other.as_bytes()).unwrap().accepts(&log().1));
    }

    #[test]
    fn a_threshold_that_nobody_can_meet_or_that_one_could_meet_twice_is_refused() {
        let key = |n| witness(n).2;
        assert_eq!(Policy::at_least(0, vec![key(0)]), Err(PolicyError::Threshold { least: 0, witnesses: 1 }));
        assert_eq!(Policy::at_least(2, vec![key(0)]), Err(PolicyError::Threshold { least: 2, witnesses: 1 }));
        let renamed = VerifierKey::witness_key(name("another.name"), witness(0).1.public());
        assert_eq!(Policy::at_least(2, vec![key(0), renamed.clone()]), Err(PolicyError::SameKey(renamed.name().clone())));
        assert_eq!(Policy::at_least(1, vec![log().1]), Err(PolicyError::NotAWitness(log().1.name().clone())));
    }

    #[test]
    fn a_line_that_is_wrong_is_named_with_what_is_wrong() {
        let (anna, bert) = (format!("witness anna {}", witness(0).2), format!("witness bert {}", witness(1).2));
        let bert_again = format!("witness cleo {}", VerifierKey::witness_key(name("x"), witness(1).1.public()));
        for (lines, line, fault) in [
            (vec!["quorum none\r"], 1, PolicyFault::Character),
            (vec!["", "quorums none"], 2, PolicyFault::Keyword),
            (vec!["log"], 1, PolicyFault::Items("log <vkey> [<url>]")),
            (vec!["quorum none none"], 1, PolicyFault::Items("quorum <name>")),
            (vec!["witness anna nonsense"], 1, PolicyFault::Key(KeyError::Syntax)),
            (vec![&anna, &anna], 2, PolicyFault::SameKey),
            (vec![&bert, &bert_again], 2, PolicyFault::SameKey),
            (vec![&anna, &bert.replace("bert", "anna")], 2, PolicyFault::NameTaken("anna".to_owned())),
            (vec![&anna.replace("anna", "none")], 1, PolicyFault::NameTaken("none".to_owned())),
            (vec!["quorum anna", &anna], 1, PolicyFault::Undefined("anna".to_owned())),
            (vec![&anna, "group all all anna none"], 2, PolicyFault::Undefined("none".to_owned())),
            (vec![&anna, "group g any anna anna"], 2, PolicyFault::MemberTwice("anna".to_owned())),
            (vec![&anna, "group g any anna", "group h any anna"], 3, PolicyFault::MemberTwice("anna".to_owned())),
            (vec![&anna, "group g any g"], 2, PolicyFault::Undefined("g".to_owned())),
            (vec![&anna, "group g 2 anna"], 2, PolicyFault::Threshold),
            (vec![&anna, "group g 0 anna"], 2, PolicyFault::Threshold),
            (vec![&anna, "group g 01 anna"], 2, PolicyFault::Threshold),
            (vec![&anna, "group g any"], 2, PolicyFault::Items("group <name> all|any|<k> <name>...")),
            (vec!["quorum none", "quorum none"], 2, PolicyFault::SecondQuorum),
        ] {
            assert_eq!(Policy::parse(lines.join("\n").as_bytes()), Err(PolicyError::Line { line, fault }), "{lines:?}");
        }
        let swapped = format!("log {}\nquorum none\n", witness(0).2);
        let fault = PolicyFault::Kind(witness(0).0, "log");
        assert_eq!(Policy::parse(swapped.as_bytes()), Err(PolicyError::Line { line: 1, fault }));
        assert_eq!(Policy::parse(anna.as_bytes()), Err(PolicyError::NoQuorum));
        let long = vec![b'\n'; MAX_POLICY + 1];
        assert_eq!(Policy::parse(&long), Err(PolicyError::TooLong(long.len())));
    }

    proptest! {
        /// Held against counting: k of n is met exactly when k of them cosigned, however it is written.
        #[test]
        fn k_of_n_is_met_exactly_by_k_of_them(n in 1_u8..8, k: prop::sample::Index, there in btree_set(0_u8..10, 0..8)) {
            let k = k.index(usize::from(n)) + 1;
            let signed = cosigned_by(there.iter().copied());
            let enough = there.iter().filter(|w| **w < n).count() >= k;
            let flags = Policy::at_least(k, (0..n).map(|w| witness(w).2).collect()).unwrap();
            prop_assert_eq!(flags.check(&signed).is_ok(), enough);
            let witnesses: Vec<String> = (0..n).map(|w| format!("witness w{w} {}", witness(w).2)).collect();
            let names: Vec<String> = (0..n).map(|w| format!("w{w}")).collect();
            let file = format!("{}\ngroup g {k} {}\nquorum g\n", witnesses.join("\n"), names.join(" "));
            prop_assert_eq!(Policy::parse(file.as_bytes()).unwrap().check(&signed).is_ok(), enough);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..200), text in "((group|witness|log|quorum|none|any|[a-c]|[0-3])[ \t]?|\n|#){0,30}") {
            let _ = Policy::parse(&bytes);
            let _ = Policy::parse(text.as_bytes());
        }
    }
}
