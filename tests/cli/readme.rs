//! The README must not lie: what it tells to write and to run is written and run here.

use crate::palinode::Desk;
use crate::serving::{Server, sign};

const README: &str = include_str!("../../README.md");

/// The contents of the fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    blocks_in(README, language)
}

/// The same of any text.
pub(crate) fn blocks_in(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().expect("a closed block").to_owned()).collect()
}

/// The commands that follow a prompt, continued lines joined, as words.
fn commands() -> Vec<Vec<String>> {
    commands_in(&blocks("console").join("\n"))
}

fn commands_in(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let lines = text.lines().filter_map(|line| line.strip_prefix("$ palinode "));
    lines.map(|line| line.replace('"', "").split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn the_draft_of_the_readme_is_signed_with_the_commands_of_the_readme() {
    let desk = Desk::new();
    desk.run(&["key", "new", "lab.pem"]).well();
    let made = ["publisher", "init", "--id", "did:web:lab.example.org", "--name", "Our Lab", "--key", "lab.pem"];
    let files = ["--out", "lab.json", "--pin", "lab.pin.json", "--prefix", "doi:10.5555/", "--prefix", "hf:datasets/our-lab/"];
    desk.run(&[made.as_slice(), &files].concat()).well();
    let [draft] = blocks("json").try_into().expect("one draft");
    desk.write("draft.json", &draft);
    let sign = commands().into_iter().find(|words| words.starts_with(&["notice".to_owned(), "sign".to_owned()]));
    let sign = sign.expect("the README signs");
    let preview = desk.run(&sign.iter().map(String::as_str).collect::<Vec<_>>()).well();
    assert!(preview.contains("RETRACTION of Street Portraits 20k"), "{preview}");
}

#[test]
fn the_backup_of_the_readme_is_restored_with_the_commands_of_the_readme() {
    let desk = Desk::new();
    let server = Server::start(&desk, "one");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let section = README.split("## Backup and restore").nth(1).and_then(|rest| rest.split("\n## ").next());
    let commands = commands_in(section.expect("the section"));
    assert!(commands.len() >= 5, "{commands:?}");
    for words in commands {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["serve", "--data", data] => {
                let restored = Server::start(&desk, data);
                let check = ["check", "doi:10.5281/zenodo.1234567", "--server", &restored.url, "--fail-on", "reported"];
                assert_eq!(desk.run(&check).code, 1, "what the old server knew is known");
            }
            words => {
                desk.run(words).well();
            }
        }
    }
}

/// The commands of a section, with another server in the place of the one that is named.
fn commands_of(section: &str, server: &str) -> Vec<Vec<String>> {
    let section = README.split(section).nth(1).and_then(|rest| rest.split("\n#").next()).expect("the section");
    commands_in(&section.replace("http://127.0.0.1:8080/", server))
}

#[test]
fn the_keys_of_the_readme_grow_old_and_are_stolen_with_the_commands_of_the_readme() {
    let desk = Desk::new();
    desk.run(&["key", "new", "lab.pem"]).well();
    std::fs::create_dir(desk.path("pins")).unwrap();
    let init =
        ["publisher", "init", "--id", "did:web:lab.example.org", "--name", "Our Lab", "--key", "lab.pem", "--out", "lab.json"];
    desk.run(&[&init[..], &["--pin", "pins/lab.json", "--prefix", "doi:10.5555/"]].concat()).well();
    desk.write("one.toml", "[admission]\npolicy = \"pinned\"\n[trust]\npublishers = \"pins\"\n");
    let server = Server::start_with(&desk, "one", &["--config", "one.toml"]);
    let commands = commands_of("### When a key grows old", &server.url);
    assert!(commands.len() >= 6, "{commands:?}");
    let mut shown = String::new();
    for words in commands {
        shown = desk.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).well();
    }
    assert!(shown.contains("compromised since record 2") && shown.contains("active since record 1"), "{shown}");
}

#[test]
fn the_configuration_of_the_readme_is_read() {
    let desk = Desk::new();
    let [configuration] = blocks("toml").try_into().expect("one configuration");
    desk.write("one.toml", &configuration);
    desk.run(&["config", "check", "one.toml"]).well();
}

#[test]
fn every_command_of_the_readme_is_one_that_the_program_has() {
    let desk = Desk::new();
    let commands = commands();
    assert!(commands.len() >= 9, "{commands:?}");
    for words in commands {
        let names: Vec<&str> = words.iter().map(String::as_str).take_while(|w| w.chars().all(char::is_alphabetic)).collect();
        let named = names.get(..2).filter(|two| desk.run(&[two, ["--help"].as_slice()].concat()).code == 0);
        let asked = named.unwrap_or_else(|| names.get(..1).expect("a command"));
        desk.run(&[asked, ["--help"].as_slice()].concat()).well();
    }
}
