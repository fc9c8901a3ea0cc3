//! Descriptions that a draft begins with: the first line is the name of the file, the rest what stands in it. Whatever they say, the draft
//! is refused for what is still to be filled in, and for nothing else.

use palinode::notice::{Draft, DraftError, NoticeType};
use palinode::scan::description::{Bag, Description, Kind, Paper, propose};

pub fn check(data: &[u8]) {
    let (name, bytes) = data.split_at(data.iter().position(|b| *b == b'\n').unwrap_or(data.len()));
    let Ok(name) = std::str::from_utf8(name) else { return };
    let bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
    let _ = Kind::of_document(bytes, name);
    for kind in Kind::ALL {
        is_a_draft(&Description::of_document(*kind, bytes, name));
    }
    let paper = Paper { name: name.to_owned(), bytes: bytes.to_vec(), is_cut: false };
    is_a_draft(&Bag::of_papers(&[paper]).description);
}

fn is_a_draft(described: &Description) {
    let mut proposal = propose(described);
    if let Some(sums) = &proposal.sums {
        proposal.beginning.set_list(&format!("palinode digests build SUMS --algorithm {}", sums.algorithm));
    }
    let draft = Draft::begun(NoticeType::Retraction, None, &proposal.beginning);
    match Draft::parse(draft.as_bytes()) {
        Err(DraftError::Form(flaws)) => {
            for flaw in flaws.as_slice() {
                assert_eq!(flaw.rule, "placeholder-left", "{flaw}");
            }
        }
        other => panic!("{other:?}"),
    }
    assert!(proposal.left_out.iter().all(|omission| !omission.to_string().is_empty()));
}
