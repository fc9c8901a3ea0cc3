//! How fast a large log is restored and checked, as a share of what all cores could verify if they did nothing else.
//!
//! `PALINODE_LARGE=100000 cargo test --release --test federation -- large --nocapture` measures, and then a restore must reach a
//! quarter of the bare verification rate; without the variable a small log only shows that everything arrives. With
//! `PALINODE_KEEP=FOLDER` the backup and the operator's key are left there for further trials.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use palinode::envelope::{Envelope, PublicKey, verify};
use palinode::notice::Notice;

use crate::made_backup::{leaves_in, make_backup, open, write_operator_key};
use crate::server_process::palinode;

#[expect(clippy::disallowed_methods, reason = "how much is measured is said by the environment of the test run")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[test]
fn a_large_log_is_restored_and_checked_at_a_fair_share_of_the_verification_rate() {
    let asked: Option<usize> = variable("PALINODE_LARGE").and_then(|notices| notices.parse().ok());
    let notices = asked.unwrap_or(1_000);
    let folder = tempfile::tempdir().unwrap();
    let place = variable("PALINODE_KEEP").map_or_else(|| folder.path().to_owned(), Into::into);
    let path = |name: &str| place.join(name).to_str().unwrap().to_owned();
    let made = make_backup(&place.join("large.backup"), notices, false);
    write_operator_key(&place.join("operator.pem"));
    let bare = per_second(notices, bare_verification(&place.join("large.backup")));

    let data = folder.path().join("new");
    let data_text = data.to_str().unwrap();
    let begun = Instant::now();
    let restore = ["restore", "--from", &path("large.backup"), "--data", data_text, "--origin", "new.example.org/log"];
    palinode(&[&restore[..], &["--removed-lost", "--operator-key", &path("operator.pem")]].concat()).well();
    let restored = per_second(notices, begun.elapsed());
    let new = leaves_in(&data.join("palinode.db"));
    assert!(new.len() == notices + 1 && new.starts_with(&made.leaves), "everything in its old order");

    let begun = Instant::now();
    palinode(&["fsck", "--data", data_text]).well();
    let checked = per_second(notices, begun.elapsed());
    let begun = Instant::now();
    palinode(&["fsck", "--rebuild", "--data", data_text]).well();
    let rebuilt = per_second(notices, begun.elapsed());
    eprintln!(
        "{notices} notices, each a second: {bare:.0} verified bare, {restored:.0} restored and checked, {checked:.0} checked, \
         {rebuilt:.0} rebuilt and checked"
    );
    if asked.is_some() && !cfg!(debug_assertions) {
        assert!(restored >= bare / 4.0, "{restored:.0} of {bare:.0} a second");
    }
    if let Some(keep) = variable("PALINODE_KEEP") {
        eprintln!("the backup stays in {keep}");
    } else {
        fs::remove_file(place.join("large.backup")).unwrap();
    }
}

fn per_second(things: usize, time: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let things = things as f64;
    things / time.as_secs_f64()
}

/// How long all cores take to verify the signatures and do nothing else.
fn bare_verification(backup: &Path) -> Duration {
    let file = open(backup);
    let mut select = file.prepare("SELECT bytes FROM entries").unwrap();
    let rows = select.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let entries: Vec<(Envelope, PublicKey)> = rows
        .map(|bytes| {
            let envelope = Envelope::parse_canonical(&bytes.unwrap()).unwrap();
            let issuer = Notice::parse(envelope.payload()).unwrap().issuer.id;
            (envelope, PublicKey::from_did_key(&issuer).unwrap())
        })
        .collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    thread::scope(|scope| {
        for part in entries.chunks(entries.len().div_ceil(cores)) {
            scope.spawn(|| part.iter().for_each(|(envelope, key)| assert!(verify(envelope, &[*key]).is_ok())));
        }
    });
    begun.elapsed()
}
