//! Together with OpenSSL: key files in both directions, and the script of the manual chapter "Signing a notice without Palinode".
//!
//! Needs `openssl` 3.0 or newer and `sh`. Where they are missing the tests say so and pass, unless `PALINODE_REQUIRE_TOOLS=1`.

use std::path::Path;
use std::process::{Command, Output};

use super::{Envelope, PayloadType, PublicKey, SecretKey, pre_authentication_encoding, verify};
use crate::notice::Did;

const CHAPTER: &str = include_str!("../manual/sign-without-palinode.md");

fn run(program: &str, arguments: &[&str], folder: &Path) -> Output {
    let output = Command::new(program).args(arguments).current_dir(folder).output().expect("the program starts");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A folder to work in, or `None` when OpenSSL is missing or too old and nobody requires it.
#[expect(clippy::disallowed_methods, reason = "whether missing tools are a failure is said by the environment of the test run")]
fn workplace() -> Option<tempfile::TempDir> {
    let version = Command::new("openssl").arg("version").output().map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let version = version.unwrap_or_else(|error| error.to_string());
    let major = version.strip_prefix("OpenSSL ").and_then(|v| v.split('.').next()?.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 3) && Command::new("sh").args(["-c", ":"]).status().is_ok() {
        return Some(tempfile::tempdir().expect("a folder"));
    }
    let required = std::env::var("PALINODE_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    assert!(!required, "PALINODE_REQUIRE_TOOLS=1, but there is no OpenSSL >= 3.0 with sh: {version}");
    eprintln!("SKIPPED: no OpenSSL >= 3.0 with sh here ({version}); nothing was tested");
    None
}

/// The fenced block of the chapter that is a whole script.
fn script() -> &'static str {
    let (_, rest) = CHAPTER.split_once("```sh\n#!/bin/sh\n").expect("the chapter has a script");
    rest.split_once("\n```\n").expect("the block ends").0
}

#[test]
fn the_script_of_the_manual_signs_a_notice_that_verifies() {
    let Some(folder) = workplace() else { return };
    let folder = folder.path();
    std::fs::write(folder.join("sign.sh"), script()).expect("written");
    let output = run("sh", &["sign.sh"], folder);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let did = Did::parse(said.split(' ').next().expect("a word")).expect("a DID");

    let key = SecretKey::from_pem(&std::fs::read_to_string(folder.join("key.pem")).expect("a key file")).expect("a key");
    assert_eq!(did, key.public().to_did(), "the shell computes the same did:key");

    let envelope = Envelope::parse(&std::fs::read(folder.join("notice.dsse.json")).expect("written")).expect("an envelope");
    let signed = verify(&envelope, &[PublicKey::from_did_key(&did).expect("a key")]).expect("verifies");
    assert_eq!(signed.payload_type(), PayloadType::Notice);
    assert_eq!(signed.payload(), std::fs::read(folder.join("notice.json")).expect("written"));
    assert_eq!(Envelope::parse_canonical(signed.entry()).expect("canonical").payload(), signed.payload());
    let notice: serde_json::Value = serde_json::from_slice(signed.payload()).expect("JSON");
    assert_eq!(notice["issuer"]["id"], did.as_str());

    // A second run keeps key and notice, and Ed25519 signatures are deterministic.
    let before = std::fs::read(folder.join("notice.dsse.json")).expect("written");
    run("sh", &["sign.sh"], folder);
    assert_eq!(std::fs::read(folder.join("notice.dsse.json")).expect("written"), before);
}

#[test]
fn keys_that_openssl_made_are_read() {
    let Some(folder) = workplace() else { return };
    let folder = folder.path();
    run("openssl", &["genpkey", "-algorithm", "ed25519", "-out", "key.pem"], folder);
    let public = run("openssl", &["pkey", "-in", "key.pem", "-pubout"], folder).stdout;
    let text = std::fs::read_to_string(folder.join("key.pem")).expect("written");
    let key = SecretKey::from_pem(&text).expect("PKCS#8");
    assert_eq!(key.public().to_pem().as_bytes(), public);
    assert_eq!(key.to_pem().as_str(), text, "our form is OpenSSL's, byte for byte");
}

#[test]
fn other_keys_that_openssl_made_are_refused() {
    let Some(folder) = workplace() else { return };
    let folder = folder.path();
    run("openssl", &["genpkey", "-algorithm", "x25519", "-out", "x25519.pem"], folder);
    run("openssl", &["genpkey", "-algorithm", "ed448", "-out", "ed448.pem"], folder);
    run("openssl", &["pkey", "-in", "ed448.pem", "-pubout", "-out", "ed448-public.pem"], folder);
    let encrypt = ["genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:secret", "-out", "encrypted.pem"];
    run("openssl", &encrypt, folder);
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("written");
    for name in ["x25519.pem", "ed448.pem", "ed448-public.pem", "encrypted.pem"] {
        assert!(SecretKey::from_pem(&text(name)).is_err(), "{name}");
        assert!(PublicKey::parse(&text(name)).is_err(), "{name}");
    }
}

#[test]
fn openssl_reads_our_keys_and_verifies_our_signatures() {
    let Some(folder) = workplace() else { return };
    let folder = folder.path();
    let key = SecretKey::from_seed([0x5a; 32]);
    let envelope = key.sign_envelope(PayloadType::Notice, b"{}\n").expect("small");
    std::fs::write(folder.join("key.pem"), key.to_pem().as_bytes()).expect("written");
    std::fs::write(folder.join("public.pem"), key.public().to_pem()).expect("written");
    std::fs::write(folder.join("sig"), envelope.signature()).expect("written");
    std::fs::write(folder.join("pae"), pre_authentication_encoding(PayloadType::Notice.as_str(), b"{}\n")).expect("written");
    assert_eq!(run("openssl", &["pkey", "-in", "key.pem", "-pubout"], folder).stdout, key.public().to_pem().as_bytes());
    let check = ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "public.pem", "-in", "pae", "-sigfile", "sig"];
    run("openssl", &check, folder);
}

#[test]
fn openssl_reads_the_test_keys_with_their_warning() {
    let Some(_) = workplace() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/test");
    for name in ["INSECURE-publisher.pem", "INSECURE-observer.pem", "INSECURE-server.pem"] {
        run("openssl", &["pkey", "-in", name, "-noout"], &folder);
    }
}
