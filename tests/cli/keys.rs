//! `palinode key`.

use palinode::envelope::{PublicKey, SecretKey};
use palinode::tlog::{KeyKind, VerifierKey};

use crate::palinode::Desk;

#[test]
fn a_new_key_is_a_private_file_that_only_its_owner_reads() {
    let desk = Desk::new();
    let shown = desk.run(&["key", "new", "me.pem"]).well();
    let key = SecretKey::from_pem(&desk.read("me.pem")).unwrap();
    assert!(shown.contains(&key.public().to_multibase()), "{shown}");
    assert!(!shown.contains("PRIVATE KEY"), "{shown}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(desk.path("me.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_key_file_is_never_overwritten() {
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    let before = desk.read("me.pem");
    let message = desk.run(&["key", "new", "me.pem"]).with_code(1);
    assert!(message.contains("me.pem exists already and is not overwritten"), "{message}");
    assert_eq!(desk.read("me.pem"), before);
}

#[test]
fn every_form_of_a_key_shows_the_same_key() {
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    let text = desk.run(&["key", "show", "me.pem", "--format", "json"]).well();
    let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
    for form in ["public_key", "hex", "pem"] {
        desk.write(form, shown[form].as_str().unwrap());
        assert_eq!(desk.run(&["key", "show", form, "--format", "json"]).well(), text, "{form}");
    }
    let key = PublicKey::parse(shown["public_key"].as_str().unwrap()).unwrap();
    assert_eq!(shown["did"], key.to_did().to_string());
    assert_eq!(shown["key_id"], key.key_id().to_string());
}

#[test]
fn a_name_gives_the_verifier_keys_of_log_and_witness() {
    let desk = Desk::new();
    desk.run(&["key", "new", "log.pem"]).well();
    let text = desk.run(&["key", "show", "log.pem", "--name", "ledger.example.org/log", "--format", "json"]).well();
    let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (form, kind) in [("log", KeyKind::Log), ("witness", KeyKind::Witness)] {
        let key = VerifierKey::parse(shown["verifier_keys"][form].as_str().unwrap()).unwrap();
        assert_eq!((key.kind(), key.name().as_str()), (kind, "ledger.example.org/log"));
    }
    desk.run(&["key", "show", "log.pem", "--name", "two words"]).with_code(2);
}

#[test]
fn what_is_no_key_is_refused_without_being_repeated() {
    let desk = Desk::new();
    desk.write("secret.txt", "correct horse battery staple");
    let message = desk.run(&["key", "show", "secret.txt"]).with_code(2);
    assert!(message.contains("secret.txt") && !message.contains("horse"), "{message}");
    desk.run(&["key", "show", "missing.pem"]).with_code(2);
}

#[cfg(unix)]
#[test]
fn a_private_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    std::fs::set_permissions(desk.path("me.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let message = desk.run(&["key", "show", "me.pem"]).with_code(1);
    assert!(message.contains("mode 644") && message.contains("chmod 600 me.pem"), "{message}");
}
