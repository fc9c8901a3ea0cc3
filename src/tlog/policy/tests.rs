//! Policies read, and held against checkpoints.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::*;
use crate::envelope::SecretKey;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::hash::Hash;

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
    assert!(told.starts_with("the quorum X-and-Y is not met: cosigned by w0.example/witness, w1.example/witness;"), "{told}");
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
