//! `palinode publisher`.

use palinode::envelope::PinFile;

use crate::palinode::Desk;

fn desk_with_key() -> Desk {
    let desk = Desk::new();
    desk.run(&["key", "new", "lab.pem"]).well();
    desk
}

#[test]
fn the_first_record_is_signed_and_pinned_with_its_prefixes() {
    let desk = desk_with_key();
    let arguments = ["publisher", "init", "--id", "did:web:example.org", "--name", "Example Vision Lab", "--key", "lab.pem"];
    let more = ["--out", "lab.json", "--pin", "lab.pin.json", "--prefix", "hf:datasets/example/", "--prefix", "doi:10.5281/"];
    let shown = desk.run(&[&arguments[..], &more[..]].concat()).well();
    assert!(shown.contains("did:web:example.org#"), "{shown}");
    let pin = PinFile::parse(desk.read("lab.pin.json").as_bytes()).unwrap();
    assert_eq!(pin.record().value().name, "Example Vision Lab");
    assert_eq!(pin.prefixes().len(), 2);
    assert_eq!(pin.record().signed().entry(), desk.read("lab.json").as_bytes());
}

#[test]
fn a_record_that_servers_would_refuse_is_not_written() {
    let desk = desk_with_key();
    let base = ["publisher", "init", "--key", "lab.pem", "--out", "lab.json"];
    for (more, code) in [
        (["--id", "did:web:Example.org", "--name", "X"], 2),
        (["--id", "did:example:1", "--name", "X"], 2),
        (["--id", "did:web:example.org", "--name", ""], 1),
    ] {
        desk.run(&[&base[..], &more[..]].concat()).with_code(code);
        assert!(!desk.path("lab.json").exists(), "{more:?}");
    }
}

#[test]
fn a_pin_that_cannot_be_written_leaves_no_record_behind() {
    let desk = desk_with_key();
    let base = ["publisher", "init", "--id", "did:web:example.org", "--name", "X", "--key", "lab.pem", "--out", "lab.json"];
    let told = desk.run(&[&base[..], &["--pin", "pins/lab.json", "--prefix", "doi:10.5281/"]].concat()).with_code(1);
    assert!(told.contains("mkdir"), "{told}");
    assert!(!desk.path("lab.json").exists(), "the same command can be given again");
}
