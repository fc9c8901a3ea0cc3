//! Digest lists at size: brought in pieces, kept in files, looked up, removed, rebuilt, and what is left after a crash.

use std::path::PathBuf;

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::sample::*;
use crate::digests::{BlockHashes, Filter, ListFault, ListForm};
use crate::envelope::RemovalBasis;
use crate::ledger::documents::{Document, DocumentRefusal};
use crate::ledger::lists::{Bringer, ListSide, PartName};
use crate::ledger::ports::{DocumentStore, ListStore};
use crate::ledger::removal::{Ground, Removal, RemovalStore};
use crate::ledger::stored::DocumentState;
use crate::ledger::{Admission, Quota};
use crate::notice::{DigestAlgorithm, DocumentHash};
use crate::verdict::Verdict;

/// A list as hash functions make it.
fn list_of(count: u32) -> Vec<u8> {
    let mut digests: Vec<_> = (0..count).map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect();
    digests.sort();
    digests.concat()
}

fn form(count: u64) -> ListForm {
    ListForm::new(DigestAlgorithm::Sha256, count)
}

/// What a notice says of it.
fn said(list: &[u8], count: usize, blocks: &str) -> Value {
    let mut draft = report("Faces", "doi:10.5555/faces");
    draft["digest_lists"] = json!([{
        "algorithm": "sha256", "sha256": DocumentHash::of(list).to_string(), "count": count, "blocks": blocks, "role": "affected"
    }]);
    draft
}

/// A server whose log has a notice that names the list, with the token of its receipt.
fn named(place: &Place, admission: Admission, draft: &Value) -> (Server, String) {
    let mut server = place.open_with(admission);
    let placed = server.put(Person::new(1).says(draft).1).expect("accepted");
    let token = server.receipt(placed).upload.expect("leave to upload").token;
    (server, token)
}

/// The server that waits for this list of digests.
fn awaiting(place: &Place, list: &[u8]) -> (Server, String) {
    named(place, open_policy(), &said(list, list.len() / 32, &block_root(list)))
}

fn upload(server: &Server, token: &str, list: &[u8], piece: usize) -> Result<(), DocumentRefusal> {
    let name = DocumentHash::of(list);
    let mut at = 0;
    for bytes in list.chunks(piece) {
        at = server.ledger.upload_piece(&name, token, Some(list.len() as u64), at, bytes)?.offset;
    }
    Ok(())
}

fn verdict_of(server: &Server, digest: &[u8]) -> (Verdict, bool) {
    let asked = format!("sha256:{}", data_encoding::HEXLOWER.encode(digest));
    let answer = server.ledger.check(&[asked]).expect("answers").answers.remove(0).answer.expect("an id");
    (answer.verdict, answer.incomplete)
}

fn files(place: &Place) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(place.path().join("lists")) else { return Vec::new() };
    entries.map(|entry| entry.expect("a file").path()).collect()
}

#[test]
fn a_list_that_comes_in_pieces_is_found_by_each_of_its_digests_and_by_no_other() {
    let place = Place::new();
    let list = list_of(5_000);
    let (server, token) = awaiting(&place, &list);
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Unchecked, true));
    upload(&server, &token, &list, 10_001).expect("taken in");
    for digest in list.chunks(32).step_by(97) {
        assert_eq!(verdict_of(&server, digest), (Verdict::Reported, false));
    }
    assert_eq!(verdict_of(&server, &[7; 32]), (Verdict::NoNotice, false));
    let name = DocumentHash::of(&list);
    assert_eq!(server.ledger.document(&name).expect("readable"), Document::List(form(5_000)));
    let range = server.ledger.list_range(&name, 65_536, 100).expect("readable").expect("here");
    assert_eq!(range, list[65_536..65_636]);
    assert!(server.ledger.missing_documents(9).expect("readable").is_empty());
    drop(server);
    let server = place.open();
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Reported, false), "after a start too");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn its_filter_and_block_hashes_are_those_that_anybody_would_make_of_it() {
    let place = Place::new();
    let list = list_of(3_000);
    let name = DocumentHash::of(&list);
    let (server, token) = awaiting(&place, &list);
    assert_eq!(server.ledger.list_side(&name, ListSide::Filter).expect("readable"), None, "not here yet");
    upload(&server, &token, &list, 1 << 20).expect("taken in");
    let filter = server.ledger.list_side(&name, ListSide::Filter).expect("readable").expect("here");
    let filter = Filter::parse_of(filter, name, form(3_000)).expect("of this list");
    assert!(list.chunks(32).all(|digest| filter.may_contain(digest)));
    let blocks = server.ledger.list_side(&name, ListSide::Blocks).expect("readable").expect("here");
    let root = DocumentHash::parse(&block_root(&list)).expect("a hash");
    let blocks = BlockHashes::parse(&blocks, list.len() as u64, &root).expect("under the root of the notice");
    let digest = &list[70_000 / 32 * 32..][..32];
    let block = *filter.blocks_for(digest).expect("in some block").start();
    let (from, to) = blocks.range(block, block).expect("there");
    let bytes = server.ledger.list_range(&name, from, usize::try_from(to - from + 1).expect("small")).expect("readable");
    let bytes = bytes.expect("here");
    assert_eq!(blocks.check(block, &bytes), Ok(()));
    assert_eq!(crate::digests::seek(form(3_000), block, &bytes, digest), crate::digests::Sought::Found);
    assert_eq!(server.ledger.list_side(&DocumentHash::of(b"x"), ListSide::Filter).expect("readable"), None);
}

#[test]
fn a_list_that_came_along_with_its_notice_has_a_filter_and_block_hashes_too() {
    let list = list_of(40);
    let mut server = Place::new().open();
    let person = Person::new(1);
    let completed = person.complete(&said(&list, 40, &block_root(&list)));
    server.put(submission(&person.sign(&completed.payload), Some(&list))).expect("accepted");
    let name = DocumentHash::of(&list);
    let filter = server.ledger.list_side(&name, ListSide::Filter).expect("readable").expect("here");
    assert!(Filter::parse(filter).is_ok_and(|filter| filter.may_contain(&list[64..96])));
    let blocks = server.ledger.list_side(&name, ListSide::Blocks).expect("readable").expect("here");
    assert_eq!(blocks.len(), 32);
}

#[test]
fn an_upload_that_broke_off_goes_on_where_it_was_after_a_start_as_well() {
    let place = Place::new();
    let list = list_of(4_000);
    let (name, length) = (DocumentHash::of(&list), Some(128_000));
    let (server, token) = awaiting(&place, &list);
    let progress = |server: &Server| server.ledger.list_progress(&name, &token, length).expect("granted");
    assert_eq!((progress(&server).offset, progress(&server).size), (0, 128_000));
    server.ledger.upload_piece(&name, &token, length, 0, &list[..50_000]).expect("taken in");
    let elsewhere = server.ledger.upload_piece(&name, &token, length, 60_000, &list[60_000..70_000]);
    assert!(matches!(elsewhere, Err(DocumentRefusal::Offset { offset: 50_000, .. })), "{elsewhere:?}");
    drop(server);
    let server = place.open();
    server.store.tidy_lists(start()).expect("tidied");
    assert_eq!(progress(&server).offset, 50_000);
    // A crash can leave anything behind of what was never synced: it is thrown away, and the upload begins again.
    let part = files(&place).remove(0);
    std::fs::write(&part, vec![0; 50_000]).expect("written");
    drop(server);
    let server = place.open();
    assert_eq!(progress(&server).offset, 0);
    upload(&server, &token, &list, 60_000).expect("taken in");
    assert!(progress(&server).is_complete);
    assert_eq!(verdict_of(&server, &list[32..64]), (Verdict::Reported, false));
    assert_eq!(files(&place).len(), 4, "the list and what is derived from it");
}

#[test]
fn what_one_token_brings_does_not_spoil_what_another_does() {
    let place = Place::new();
    let list = list_of(1_000);
    let name = DocumentHash::of(&list);
    let (mut server, honest) = awaiting(&place, &list);
    // Whoever posts the same notice again gets a token too.
    let again = server.put(Person::new(1).says(&said(&list, 1_000, &block_root(&list))).1).expect("known");
    let stranger = server.ledger.receipt_of(again, [8; 32]).expect("a receipt").upload.expect("leave to upload").token;
    assert_ne!(honest, stranger);
    server.ledger.upload_piece(&name, &honest, None, 0, &list[..16_000]).expect("taken in");
    server.ledger.upload_piece(&name, &stranger, None, 0, &[0; 32]).expect("it may begin so");
    let lie = server.ledger.upload_piece(&name, &stranger, None, 32, &[0; 32]);
    assert!(matches!(lie, Err(DocumentRefusal::List(ListFault::Order(1)))), "{lie:?}");
    assert_eq!(files(&place).len(), 1, "the honest part");
    assert_eq!(server.ledger.list_progress(&name, &honest, None).expect("granted").offset, 16_000);
    server.ledger.upload_piece(&name, &honest, None, 16_000, &list[16_000..]).expect("taken in");
    let wrong = server.ledger.upload_piece(&name, "wrong", None, 0, &list);
    assert!(wrong.is_ok_and(|progress| progress.is_complete), "nothing is left to bring");
}

#[test]
fn lists_that_are_reordered_too_long_or_lies_are_refused_and_leave_nothing_behind() {
    let list = list_of(600);
    let name = DocumentHash::of(&list);
    let mut reordered = list.clone();
    reordered.rotate_left(32);
    let mut other = list.clone();
    other[5] ^= 1;
    let other_root = DocumentHash::of(b"no root").to_string();
    for (what, brought, root, rule) in [
        ("reordered", &reordered, block_root(&list), "Order"),
        ("other bytes", &other, block_root(&list), "Hash"),
        ("too long", &[list.clone(), vec![255; 32]].concat(), block_root(&list), "Size"),
        ("a notice that lies about the blocks", &list, other_root, "Blocks"),
    ] {
        let place = Place::new();
        let (server, token) = named(&place, open_policy(), &said(&list, 600, &root));
        let mut at = 0;
        let mut outcome = Ok(());
        for piece in brought.chunks(5_000) {
            match server.ledger.upload_piece(&name, &token, None, at, piece) {
                Ok(progress) => at = progress.offset,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        let Err(DocumentRefusal::List(fault)) = outcome else { panic!("{what}: {outcome:?}") };
        assert!(format!("{fault:?}").starts_with(rule), "{what}: {fault:?}");
        assert_eq!(files(&place), Vec::<PathBuf>::new(), "{what}");
        assert_eq!(server.store.list_bytes_of(&Person::new(1).did).expect("readable"), 0, "{what}: nothing is charged");
        assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Unchecked, true), "{what}");
    }
}

#[test]
fn a_notice_that_lies_about_a_list_keeps_nobody_from_bringing_it() {
    let place = Place::new();
    let list = list_of(800);
    let mut server = place.open();
    // Somebody else named it first, with another count, and again with another block root.
    for (count, root) in [(799, block_root(&list)), (800, DocumentHash::of(b"no root").to_string())] {
        server.put(Person::new(2).says(&said(&list, count, &root)).1).expect("accepted");
    }
    let placed = server.put(Person::new(1).says(&said(&list, 800, &block_root(&list))).1).expect("accepted");
    let token = server.receipt(placed).upload.expect("leave to upload").token;
    upload(&server, &token, &list, 7_000).expect("taken in");
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Reported, false));
}

#[test]
fn the_size_is_charged_before_the_first_byte_and_given_back_when_nothing_comes() {
    let list = list_of(1_000);
    let name = DocumentHash::of(&list);
    let place = Place::new();
    let admission = Admission { quota: Quota { list_bytes: 31_999, ..Quota::default() }, ..open_policy() };
    let (server, token) = named(&place, admission, &said(&list, 1_000, &block_root(&list)));
    let refused = server.ledger.upload_piece(&name, &token, None, 0, &list[..32]);
    assert!(
        matches!(&refused, Err(error @ DocumentRefusal::OverQuota { .. }) if error.rule() == "lists-over-quota"),
        "{refused:?}"
    );
    assert_eq!(files(&place), Vec::<PathBuf>::new());
    drop(server);

    let server = place.open();
    let charged = |server: &Server| server.store.list_bytes_of(&Person::new(1).did).expect("readable");
    server.ledger.upload_piece(&name, &token, None, 0, &list[..32]).expect("taken in");
    assert_eq!(charged(&server), 32_000);
    server.store.forget_stale_parts(start() + TimeDelta::hours(1)).expect("swept");
    assert_eq!((charged(&server), files(&place).len()), (0, 0), "nothing came for an hour");
    upload(&server, &token, &list, 32_000).expect("taken in");
    server.store.forget_stale_parts(start() + TimeDelta::days(9)).expect("swept");
    assert_eq!((charged(&server), files(&place).len()), (32_000, 4), "what is here stays");
}

#[test]
fn a_removed_list_is_erased_with_everything_derived_from_it_and_never_comes_back() {
    let place = Place::new();
    let list: Vec<u8> =
        (0..2_000_u16).flat_map(|n| [&n.to_be_bytes()[..], b"a canary among so many digests"].concat()).collect();
    let name = DocumentHash::of(&list);
    let (server, token) = awaiting(&place, &list);
    server.ledger.upload_piece(&name, &token, None, 0, &list[..40_000]).expect("taken in");
    server.ledger.keep_document(&name, list.clone()).expect("brought whole by somebody else");
    assert!(files(&place).len() >= 4);
    let ground = Ground { basis: RemovalBasis::LegalOrder, jurisdiction: None, reference: None };
    let removal = Removal::new(ORIGIN, at(start()), name, ground).expect("a removal");
    server.store.bury(&[removal.tombstone()]).expect("buried");
    assert_eq!(files(&place), Vec::<PathBuf>::new());
    assert_eq!(server.store.state(&name).expect("readable"), DocumentState::Removed);
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Unchecked, true));
    assert!(matches!(server.ledger.upload_piece(&name, &token, None, 0, &list), Err(DocumentRefusal::Removed(_))));
    assert!(matches!(server.ledger.keep_document(&name, list.clone()), Err(DocumentRefusal::Removed(_))));
    let part = PartName { list: name, form: form(2_000), who: Bringer::Peers };
    assert!(matches!(server.ledger.part_from_peers(&name, 0), Err(DocumentRefusal::Removed(_))));
    assert_eq!(server.ledger.part_length(&part).expect("readable"), 0);
    // A file that somebody puts back is told by fsck, and gone at the next start.
    std::fs::write(place.path().join("lists").join(name.to_string()), &list).expect("written");
    assert_eq!(server.store.removal_faults().expect("readable").len(), 1);
    server.store.tidy_lists(start()).expect("tidied");
    assert_eq!(server.store.removal_faults().expect("readable"), [""; 0]);
}

#[test]
fn a_list_that_got_its_name_and_not_its_row_is_here_after_the_next_start() {
    let place = Place::new();
    let list = list_of(2_500);
    let name = DocumentHash::of(&list);
    let (server, token) = awaiting(&place, &list);
    server.ledger.upload_piece(&name, &token, None, 0, &list[..60_000]).expect("taken in");
    let part = files(&place).remove(0);
    // What the machine did before it stopped.
    std::fs::write(&part, &list).expect("written");
    std::fs::rename(&part, place.path().join("lists").join(name.to_string())).expect("named");
    std::fs::write(place.path().join("lists").join("stray.fanout"), b"nobody's").expect("written");
    drop(server);
    let server = place.open();
    server.store.tidy_lists(start()).expect("tidied");
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Reported, false));
    assert_eq!((files(&place).len(), place.faults()), (4, Vec::new()));
    // Half a list under its name is none.
    let other = list_of(2_501);
    let (server, token) = awaiting(&place, &other);
    let second = DocumentHash::of(&other);
    server.ledger.upload_piece(&second, &token, None, 0, &other[..60_000]).expect("taken in");
    let part = files(&place).into_iter().find(|path| path.extension().is_some_and(|end| end == "part")).expect("a part");
    std::fs::rename(&part, place.path().join("lists").join(second.to_string())).expect("named");
    drop(server);
    let server = place.open();
    server.store.tidy_lists(start()).expect("tidied");
    assert_eq!(server.store.held_list(&second).expect("readable"), None);
    assert_eq!(files(&place).len(), 4);
}

#[test]
fn fsck_tells_damaged_files_and_a_rebuild_mends_what_is_derived_and_lets_the_rest_be_fetched_again() {
    let place = Place::new();
    let list = list_of(4_000);
    let name = DocumentHash::of(&list);
    let (server, token) = awaiting(&place, &list);
    upload(&server, &token, &list, 1 << 20).expect("taken in");
    drop(server);
    let path = |end: &str| place.path().join("lists").join(format!("{name}{end}"));
    for end in [".fanout", ".filter", ".blocks"] {
        let mut bytes = std::fs::read(path(end)).expect("there");
        bytes[40] ^= 1;
        std::fs::write(path(end), bytes).expect("written");
    }
    assert_eq!(place.faults().len(), 3, "{:?}", place.faults());
    assert_eq!(place.folder().rebuild_lists().expect("rebuilt"), 3);
    assert_eq!(place.faults(), [""; 0]);
    let mut bytes = list.clone();
    bytes[70_000] ^= 1;
    std::fs::write(path(""), bytes).expect("written");
    assert_eq!(place.faults().len(), 1, "{:?}", place.faults());
    place.folder().rebuild_lists().expect("rebuilt");
    place.folder().rebuild_index(&mut |_, _| {}).expect("rebuilt");
    assert_eq!(place.faults(), [""; 0]);
    let server = place.open();
    assert_eq!(server.ledger.missing_documents(9).expect("readable").len(), 1);
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Unchecked, true));
    upload(&server, &token, &list, 1 << 20).expect("taken in again");
    assert_eq!(verdict_of(&server, &list[..32]), (Verdict::Reported, false));
}

#[test]
fn an_answer_in_memory_is_that_of_storage() {
    let place = Place::new();
    let list = list_of(3_000);
    let (server, token) = awaiting(&place, &list);
    upload(&server, &token, &list, 1 << 20).expect("taken in");
    let name = DocumentHash::of(&list);
    assert_eq!(server.store.list_holds_at_hand(&name, &list[..32]), None, "nobody has asked yet");
    for n in 0..6_000_u32 {
        let digest = Sha256::digest(n.to_be_bytes());
        let holds = server.store.list_holds(&name, &digest).expect("readable");
        assert_eq!(holds, Some(n < 3_000));
        // What was read a moment ago is mostly in memory; where it is not, there is no answer.
        let at_hand = server.store.list_holds_at_hand(&name, &digest);
        assert!(at_hand.is_none_or(|at_hand| at_hand == holds), "{n}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn however_it_is_cut_and_wherever_it_breaks_off_the_same_list_comes_out(
        count in 1_u32..3_000, cuts in prop::collection::vec(1_usize..40_000, 1..12), restarts in prop::collection::vec(any::<bool>(), 12)
    ) {
        let place = Place::in_memory();
        let list = list_of(count);
        let name = DocumentHash::of(&list);
        let (mut server, token) = awaiting(&place, &list);
        let mut restart = restarts.iter().cycle();
        for cut in cuts.iter().cycle() {
            let progress = server.ledger.list_progress(&name, &token, None).expect("granted");
            if progress.is_complete { break; }
            let at = usize::try_from(progress.offset).expect("small");
            let piece = &list[at..list.len().min(at + cut)];
            server.ledger.upload_piece(&name, &token, None, progress.offset, piece).expect("taken in");
            if *restart.next().expect("a cycle") {
                drop(server);
                server = place.open();
            }
        }
        prop_assert_eq!(verdict_of(&server, &list[list.len() - 32..]), (Verdict::Reported, false));
        prop_assert_eq!(server.ledger.list_range(&name, 0, list.len()).expect("readable"), Some(list));
    }
}
