//! `palinode config`.

use crate::palinode::Desk;

#[test]
fn the_example_is_printed_as_it_is_shipped_and_can_be_checked() {
    let desk = Desk::new();
    let example = desk.run(&["config", "example"]).well();
    assert_eq!(example, include_str!("../../deploy/palinode.example.toml"));
    desk.write("palinode.toml", &example);
    let understood = desk.run(&["config", "check", "palinode.toml"]).well();
    assert!(understood.contains("ledger.example.org/log") && understood.contains("verified"), "{understood}");
}

#[test]
fn what_was_understood_can_be_read_by_programs() {
    let desk = Desk::new();
    desk.write("palinode.toml", "[federation]\npoll_seconds = 5\n");
    let text = desk.run(&["config", "check", "palinode.toml", "--format", "json"]).well();
    let understood: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(understood["settings"]["federation"]["poll_seconds"], 5);
    assert_eq!(understood["settings"]["admission"]["policy"], "open");
    assert_eq!(understood["remarks"].as_array().unwrap().len(), 1, "{text}");
}

#[test]
fn a_misspelt_key_ends_with_2_and_is_named_with_its_place() {
    let desk = Desk::new();
    desk.write("palinode.toml", "[server]\nlisen = \"127.0.0.1:1\"\n");
    let message = desk.run(&["config", "check", "palinode.toml"]).with_code(2);
    assert!(message.starts_with("error: palinode.toml:2:1: `server.lisen`: unknown field"), "{message}");
    assert!(message.contains("help: "), "{message}");
}

#[test]
fn the_environment_counts_as_it_would_for_a_server() {
    let desk = Desk::new();
    desk.write("palinode.toml", "");
    let environment = [("PALINODE_SERVER__LISTEN", "0.0.0.0:80")];
    let message = desk.run_with(&["config", "check", "palinode.toml"], &environment, "").with_code(2);
    assert!(message.contains("`server.origin` must be set, because 0.0.0.0:80 is not a loopback address"), "{message}");
    let environment = [("PALINODE_SERVER__LISTENING", "0.0.0.0:80")];
    let message = desk.run_with(&["config", "check", "palinode.toml"], &environment, "").with_code(2);
    assert!(message.contains("environment variable PALINODE_SERVER__LISTENING"), "{message}");
}
