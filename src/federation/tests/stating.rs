//! What operators of peers state in their logs: read under the key that is configured for the peer, kept beside our log.

use crate::envelope::{OperatorStatement, PayloadType, RemovalBasis, Statement, StatementKind};
use crate::federation::testing::{HandmadeLog, Server, World, drive, notice, origin_of, peer_of, secret};
use crate::federation::{Pulled, Tally};
use crate::ledger::peers::{PeerStore, StatementStore};
use crate::notice::{DocumentHash, Timestamp};

fn removed(text: &[u8]) -> Statement {
    let document = DocumentHash::of(text);
    Statement::DocumentRemoved { document, basis: RemovalBasis::LegalOrder, jurisdiction: None, reference: None }
}

/// A statement for the log of `whose`, signed by the operator of `signer`, as an entry.
fn statement(whose: &str, signer: &str, statement: &Statement) -> Vec<u8> {
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
    let payload = OperatorStatement::write(&origin_of(whose), issued, statement).expect("valid form");
    let key = secret(&format!("{signer} operator"));
    key.sign_envelope(PayloadType::Operator, &payload).expect("an envelope").to_json().into_bytes()
}

async fn pull(server: &Server, origin: &str) -> Tally {
    match drive(&[server], server.federation.pull_once(origin)).await.expect("pulled") {
        Pulled::Read { tally, .. } => tally,
        other => panic!("{other:?}"),
    }
}

fn kept(server: &Server) -> Vec<(String, String)> {
    let statements = server.store.peer_statements(StatementKind::DocumentRemoved).expect("readable");
    statements.iter().map(|said| (said.origin().to_owned(), said.said().statement.subject())).collect()
}

#[tokio::test]
async fn a_statement_is_kept_beside_our_log_when_the_operator_of_that_very_log_signed_it() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    log.append([
        notice("ann", 1),
        statement("hand", "hand", &removed(b"one")),
        statement("hand", "thief", &removed(b"two")),
        statement("other", "hand", &removed(b"three")),
    ]);
    assert_eq!(pull(&b, "hand.example/log").await, Tally { logged: 1, stated: 1, refused: 2, ..Tally::default() });
    let one = DocumentHash::of(b"one").to_string();
    assert_eq!(kept(&b), [("hand.example/log".to_owned(), one.clone())]);
    let about = |subject: &str| b.store.peer_statements_about(StatementKind::DocumentRemoved, subject).expect("readable").len();
    assert_eq!((about(&one), about(&DocumentHash::of(b"two").to_string())), (1, 0));
    assert_eq!(b.size(), 1, "nobody's statements are appended here but our own");
    world.network.take_seen();
    assert_eq!(pull(&b, "hand.example/log").await, Tally::default());
    assert_eq!(world.network.take_seen().len(), 1, "nothing is asked for again");
    // Added again, it is read from the beginning.
    assert!(b.store.remove_peer("hand.example/log").expect("removed"));
    assert!(kept(&b).is_empty());
    b.add_peer(&peer_of("hand"));
    assert_eq!(pull(&b, "hand.example/log").await, Tally { stated: 1, refused: 2, ..Tally::default() });
    assert_eq!(kept(&b).len(), 1);
}

#[tokio::test]
async fn whoever_copies_a_statement_into_another_log_does_not_keep_it_from_being_read_in_its_own() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let said = statement("hand", "hand", &removed(b"one"));
    let mut thief = HandmadeLog::start(&world, "thief");
    thief.append([said.clone()]);
    b.add_peer(&peer_of("thief"));
    assert_eq!(pull(&b, "thief.example/log").await, Tally { refused: 1, ..Tally::default() });
    let mut log = HandmadeLog::start(&world, "hand");
    log.append([said]);
    b.add_peer(&peer_of("hand"));
    assert_eq!(pull(&b, "hand.example/log").await, Tally { stated: 1, ..Tally::default() });
}
