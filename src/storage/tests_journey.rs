//! The whole way of a notice through one server, and what can be asked afterwards.

use super::sample::*;
use crate::ledger::notices::{NoticeSearch, TextsState};
use crate::verdict::Verdict;

#[test]
fn a_notice_is_logged_proved_found_and_answered() {
    let place = Place::new();
    let mut server = place.open();
    assert_eq!(server.size(), 0);
    let (id, submission) =
        Person::new(1).says(&explained("Example Faces", "doi:10.5555/faces", "Nobody was asked whether this was fine."));
    let placed = server.put(submission).expect("accepted");
    assert_eq!((placed.index, placed.size, placed.is_known()), (0, 1, false));
    let receipt = server.receipt(placed);
    assert_eq!((receipt.id, receipt.tree_size, receipt.upload.is_none()), (id, 1, true));
    assert_proved(&receipt);
    let answers = server.ledger.check(&["https://doi.org/10.5555/FACES".to_owned()]).expect("answers");
    let answer = answers.answers[0].answer.as_ref().expect("an identifier");
    assert_eq!(answer.verdict, Verdict::Reported);
    assert_eq!(answer.matches[0].notice, id);
    for words in ["faces", "nobody asked", "vision"] {
        let search = NoticeSearch { words: words.to_owned(), limit: 10, ..NoticeSearch::default() };
        let page = server.ledger.search(&search).expect("a page");
        assert_eq!(page.notices.len(), 1, "{words}");
    }
    let view = server.ledger.notice(&id).expect("readable").expect("there");
    assert!(matches!(view.texts, TextsState::Available(_)));
    assert_eq!(place.faults(), [""; 0]);
}
