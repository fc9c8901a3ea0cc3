//! A disk that runs out, or takes no writes: nothing more is taken in before it is full, reads go on, and so does the server as
//! soon as there is room again (promises O4 and O5).

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::faulty::{Call, Failure, Switchboard, wrap};
use super::sample::*;
use crate::ledger::{Hindrance, Ledger, Provenance, Refusal, Reserve, Room, Space, Step, Submission, Submitted, Volume};

const RESERVE: u64 = 1_000;

/// A disk that does what it is told.
#[derive(Default)]
struct Disk {
    free: AtomicU64,
    read_only: AtomicBool,
}

impl Disk {
    fn has(&self, free: u64) {
        self.free.store(free, Ordering::Relaxed);
    }
}

impl Volume for Disk {
    fn space(&self) -> io::Result<Space> {
        Ok(Space { free: self.free.load(Ordering::Relaxed), total: 1_000_000, read_only: false })
    }

    fn try_writing(&self) -> io::Result<()> {
        if self.read_only.load(Ordering::Relaxed) { Err(ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
    }
}

/// A server with two notices on a disk with room.
fn server_on(disk: &Arc<Disk>, board: &Switchboard) -> (Place, Server) {
    disk.has(RESERVE);
    let place = Place::new();
    let store = place.folder().open_store().expect("opens");
    let mut opening = place.opening(&store, open_policy());
    opening.room = Room::new(disk.clone(), Reserve::Bytes(RESERVE));
    let (ledger, sequencer) = Ledger::open(wrap(opening, board)).expect("opens");
    let mut server = place.server(ledger, sequencer, store);
    server.put_all(many(&Person::new(1), 0..2));
    (place, server)
}

fn another(n: u64) -> Submission {
    many(&Person::new(2), n..n + 1).remove(0)
}

fn rules(server: &Server) -> Vec<&'static str> {
    server.ledger.hindrances().iter().map(Hindrance::rule).collect()
}

#[test]
fn below_the_reserve_nothing_is_taken_in_and_everything_is_answered() {
    let disk = Arc::new(Disk::default());
    let (place, mut server) = server_on(&disk, &Switchboard::default());
    for round in 0..3 {
        disk.has(RESERVE - 1);
        let refusal = server.refusal(another(round));
        assert_eq!(refusal.rule(), "storage-low");
        assert!(refusal.to_string().contains("free some space"), "{refusal}");
        assert_eq!(rules(&server), ["storage-low"]);
        let known = server.put(many(&Person::new(1), 0..1).remove(0)).expect("what is there is there");
        assert!(known.is_known());
        assert_proved(&server.receipt(known));
        let answers = server.ledger.check(&["doi:10.5555/set-0".to_owned()]).expect("reads go on");
        assert_eq!(answers.answers.len(), 1);
        server.ledger.refresh_cosignature().expect("what is there is still sworn to");
        disk.has(RESERVE);
        assert_eq!(server.put(another(round)).expect("there is room again").index, 2 + round);
        assert_eq!(rules(&server), [""; 0]);
    }
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn what_was_queued_while_there_was_room_is_refused_when_there_is_none_any_more() {
    let disk = Arc::new(Disk::default());
    let (place, mut server) = server_on(&disk, &Switchboard::default());
    let Ok(Submitted::Queued(mut ticket)) = server.ledger.submit(another(0), Provenance::Client) else { panic!("it waits") };
    disk.has(0);
    assert_eq!(server.sequencer.step(), Step::Worked(1));
    assert!(matches!(ticket.try_recv(), Ok(Err(Refusal::NotNow(Hindrance::LowSpace { free: 0, reserve: RESERVE })))));
    assert_eq!(server.size(), 2);
    disk.has(RESERVE);
    server.put(another(0)).expect("there is room again");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn documents_wait_for_room_and_those_that_are_here_need_none() {
    let disk = Arc::new(Disk::default());
    let (_place, mut server) = server_on(&disk, &Switchboard::default());
    let person = Person::new(3);
    let completed = person.complete(&explained("Faces", "doi:10.5555/faces", "Nobody in these pictures was ever asked."));
    let envelope = person.sign(&completed.payload);
    let texts = completed.texts.as_deref();
    server.put(submission(&envelope, None)).expect("an observer may bring the texts later");
    disk.has(0);
    assert_eq!(server.refusal(submission(&envelope, texts)).rule(), "storage-low");
    disk.has(RESERVE);
    server.put(submission(&envelope, texts)).expect("kept");
    disk.has(0);
    server.put(submission(&envelope, texts)).expect("nothing is to be kept");
}

#[test]
fn a_disk_that_takes_no_writes_any_more_is_called_read_only_until_it_does() {
    let (disk, board) = (Arc::new(Disk::default()), Switchboard::default());
    let (place, mut server) = server_on(&disk, &board);
    disk.read_only.store(true, Ordering::Relaxed);
    board.fail_all(Call::Append, Failure::Before);
    assert_eq!(server.refusal(another(0)).rule(), "storage-unavailable", "nothing told before the first write");
    board.take_calls();
    assert_eq!(server.refusal(another(1)).rule(), "storage-read-only");
    assert!(!board.take_calls().contains(&Call::Append), "storage is not worn out with what cannot succeed");
    assert_eq!(rules(&server), ["storage-read-only"]);
    let answers = server.ledger.check(&["doi:10.5555/set-0".to_owned()]).expect("reads go on");
    assert_eq!(answers.tree_size, 2);
    disk.read_only.store(false, Ordering::Relaxed);
    board.heal();
    assert_eq!(rules(&server), ["storage-unavailable"], "it may work again, and has not yet");
    server.ledger.refresh_cosignature().expect("the next cosignature is the trial");
    assert_eq!(rules(&server), [""; 0]);
    server.put(another(0)).expect("it does");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_halted_log_says_why_and_what_storage_says_of_itself_stays_inside() {
    let disk = Arc::new(Disk::default());
    let (place, mut server) = server_on(&disk, &Switchboard::default());
    place.sql("DELETE FROM heads WHERE size = 2");
    server.put(another(0)).expect_err("the head moved");
    assert_eq!(server.sequencer.step(), Step::Halted);
    let why = server.ledger.hindrances().remove(0).to_string();
    assert!(why.contains("signed at size 2") && why.contains("palinode restore"), "{why}");

    let (place, mut server) = server_on(&disk, &Switchboard::default());
    place.sql("UPDATE heads SET root = x'00' WHERE size = 2");
    server.put(another(0)).expect_err("the head cannot be read");
    assert_eq!(server.sequencer.step(), Step::Halted);
    let why = server.ledger.hindrances().remove(0).to_string();
    assert!(why.contains("`palinode fsck`") && why.contains("`palinode restore`") && !why.contains("bytes"), "{why}");
}
