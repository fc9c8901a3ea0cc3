//! Help, completions, man pages, and what happens to a command line that makes no sense.

use crate::palinode::Desk;

#[test]
fn a_command_line_that_makes_no_sense_ends_with_2() {
    let desk = Desk::new();
    for arguments in [
        &["retract-everything"][..],
        &["config", "check"],
        &["completions", "tcsh"],
        &["--format", "xml", "man"],
        &["config"],
        &[],
    ] {
        let ended = desk.run(arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.contains("--help"), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn help_and_version_are_results_and_no_errors() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).well();
    assert!(help.contains("Exit codes:") && help.contains("config"), "{help}");
    assert!(desk.run(&["help", "config", "check"]).well().contains("Examples:"));
    assert_eq!(desk.run(&["--version"]).well(), format!("palinode {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_are_made_for_each_shell() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = desk.run(&["completions", shell]).well();
        assert!(script.contains("palinode") && script.contains("completions"), "{shell}");
    }
}

#[test]
fn the_man_page_is_printed_and_every_command_has_one() {
    let desk = Desk::new();
    assert!(desk.run(&["man"]).well().contains(".TH palinode 1"));
    std::fs::create_dir(desk.path("pages")).unwrap();
    desk.run(&["man", "--out", "pages"]).well();
    for page in ["palinode.1", "palinode-config.1", "palinode-config-check.1", "palinode-completions.1", "palinode-man.1"] {
        assert!(desk.read(&format!("pages/{page}")).contains(".SH SYNOPSIS"), "{page}");
    }
}

#[test]
fn man_pages_are_not_written_into_a_folder_that_is_not_there() {
    let message = Desk::new().run(&["man", "--out", "nowhere"]).with_code(1);
    assert!(message.contains("help: --out must name a folder"), "{message}");
}

#[test]
fn errors_are_json_where_results_are() {
    let desk = Desk::new();
    let message = desk.run(&["--format", "json", "config", "check", "missing.toml"]).with_code(2);
    let report: serde_json::Value = serde_json::from_str(&message).unwrap();
    assert!(report["error"].as_str().unwrap().contains("missing.toml"), "{message}");
    assert_eq!(report["exit_code"], 2);
    assert!(report["help"].is_string());
}

#[test]
fn nothing_is_coloured_when_nobody_looks_on() {
    let desk = Desk::new();
    for environment in [&[][..], &[("NO_COLOR", "1")]] {
        let ended = desk.run_with(&["config", "check", "missing.toml"], environment, "");
        assert!(!ended.stderr.contains('\u{1b}'), "{ended:?}");
    }
    let coloured = desk.run_with(&["config", "check", "missing.toml"], &[("CLICOLOR_FORCE", "1")], "");
    assert!(coloured.stderr.contains('\u{1b}'), "{coloured:?}");
}
