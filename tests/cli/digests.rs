//! `palinode digests`: what is made of checksum files, folders and lines.

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::palinode::Desk;

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn hex(n: u32) -> String {
    HEXLOWER.encode(&Sha256::digest(n.to_be_bytes()))
}

#[test]
fn a_list_is_built_from_every_form_sorted_unique_and_without_what_is_never_matched() {
    let place = Desk::new();
    let lines =
        [format!("{}  a.bin", hex(3)), format!("SHA256 (b.bin) = {}", hex(1)), format!("{EMPTY}  empty"), hex(3), hex(2)];
    place.write("SHA256SUMS", &(lines.join("\n") + "\n"));
    let built = place.run(&["digests", "build", "SHA256SUMS", "--out", "list.digests", "--format", "json"]);
    let told: Value = serde_json::from_str(&built.well()).unwrap();
    assert_eq!((&told["list"]["count"], &told["repeated"], &told["trivial"]), (&3.into(), &1.into(), &1.into()), "{told}");
    let mut expected: Vec<_> = [1, 2, 3].map(|n: u32| Sha256::digest(n.to_be_bytes()).to_vec()).to_vec();
    expected.sort();
    let list = std::fs::read(place.path("list.digests")).unwrap();
    assert_eq!(list, expected.concat());
    assert_eq!(told["list"]["sha256"], HEXLOWER.encode(&Sha256::digest(&list)));
    let shown = place.run(&["digests", "show", "list.digests"]).well();
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown, told["list"], "the same member for the draft");
}

#[test]
fn a_folder_is_hashed_and_links_are_left_out() {
    let place = Desk::new();
    std::fs::create_dir_all(place.path("faces/deep")).unwrap();
    std::fs::write(place.path("faces/a.bin"), [1; 5_000]).unwrap();
    std::fs::write(place.path("faces/deep/b.bin"), [2; 5_000]).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", place.path("faces/link")).unwrap();
    // A repository of git, a submodule, and another version control.
    for folder in ["faces/.git/objects", "faces/sub", "faces/deep/.hg"] {
        std::fs::create_dir_all(place.path(folder)).unwrap();
    }
    for file in ["faces/.git/objects/pack", "faces/sub/.git", "faces/deep/.hg/store"] {
        place.write(file, &format!("{file} is of a repository and no data, and this is more than sixty-four bytes"));
    }
    let built = place.run(&["digests", "build", "faces", "--out", "faces.digests", "--format", "json"]);
    assert!(built.stderr.contains("1 links were left out") && built.stderr.contains("faces/.git was left out"), "{built:?}");
    let told: Value = serde_json::from_str(&built.well()).unwrap();
    let left_out = serde_json::json!({"links": 1, "repositories": ["faces/.git", "faces/deep/.hg", "faces/sub/.git"]});
    assert_eq!(told["left_out"], left_out);
    let mut expected = [Sha256::digest([1; 5_000]), Sha256::digest([2; 5_000])];
    expected.sort();
    assert_eq!(std::fs::read(place.path("faces.digests")).unwrap(), expected.concat());
}

#[test]
fn a_blinded_list_holds_what_a_holder_blinds_and_no_plain_digest() {
    let place = Desk::new();
    std::fs::create_dir(place.path("found")).unwrap();
    place.write("found/one", &"an image that nobody should look for".repeat(3));
    place.write("found/empty", "");
    let built = place.run(&["digests", "build", "found", "--blind", "--out", "hidden.digests", "--format", "json"]).well();
    let told: Value = serde_json::from_str(&built).unwrap();
    assert_eq!((&told["list"]["algorithm"], &told["list"]["count"]), (&"blind".into(), &1.into()), "{told}");
    assert_eq!(told["trivial"], 1, "the empty file is left out behind its blinded digest, too");
    let plain = HEXLOWER.encode(&Sha256::digest(place.read("found/one")));
    let hidden = Sha256::digest(format!("palinode-blind/v1\nsha256:{plain}"));
    assert_eq!(std::fs::read(place.path("hidden.digests")).unwrap(), hidden.to_vec(), "protocol, section 8");
    let shown = place.run(&["digests", "show", "hidden.digests", "--algorithm", "blind"]).well();
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), told["list"]);
}

#[test]
fn a_line_that_is_no_digest_is_refused_with_its_place_and_nothing_is_written() {
    let place = Desk::new();
    place.write("sums", &format!("{}\nnonsense here\n", hex(1)));
    let refused = place.run(&["digests", "build", "sums", "--out", "list.digests"]);
    let said = refused.with_code(1);
    assert!(said.contains("sums, line 2") && said.contains("sha256"), "{said}");
    place.write("sums", &format!("{}\n", &hex(1)[..32]));
    place.run(&["digests", "build", "sums", "--out", "list.digests"]).with_code(1);
    assert!(!place.path("list.digests").exists());
    place.run(&["digests", "build", "sums", "--algorithm", "md5", "--out", "list.digests"]).well();
    let again = place.run(&["digests", "build", "sums", "--algorithm", "md5", "--out", "list.digests"]).with_code(1);
    assert!(again.contains("not overwritten"), "{again}");
    let wrong = place.run(&["digests", "show", "list.digests"]).with_code(1);
    assert!(wrong.contains("no list of sha256 digests"), "{wrong}");
}
