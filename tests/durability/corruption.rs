//! Data that is damaged where it hurts most (promise O6): the header, the inner pages, the end, the write-ahead log. A start ends
//! soon with a message that names `fsck` and `restore`, or `fsck` finds the damage; nothing wrong is ever signed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use palinode::tlog::{Frontier, Hash, SignedCheckpoint, VerifierKey};
use tempfile::tempdir;

use crate::mounts::{copy_folder, fold_logs};
use crate::posting::{Poster, folder_with};
use crate::server_process::{Launch, palinode};

/// Two seconds are promised; a machine that runs all tests at once is slower than a server.
const ENDS_WITHIN: Duration = Duration::from_secs(15);
const PAGE: usize = 4_096;
/// The first byte of a page inside a table.
const INNER_PAGE: u8 = 0x05;

/// A data folder of a server that was stopped in an orderly way, or killed, with what it acknowledged.
struct Damaged {
    _folder: tempfile::TempDir,
    data: PathBuf,
    leaves: Vec<String>,
    key: VerifierKey,
}

impl Damaged {
    fn of(original: &Path, leaves: &[String], key: &VerifierKey) -> Self {
        let folder = tempdir().unwrap();
        let data = folder.path().join("a");
        copy_folder(original, &data);
        Self { _folder: folder, data, leaves: leaves.to_vec(), key: key.clone() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// The damage must keep the server from starting, soon and with what to do.
    fn is_refused(&self, what: &str) {
        let begun = Instant::now();
        let ended = Launch::on(&self.data).refused();
        assert!(begun.elapsed() < ENDS_WITHIN, "{what}: it took {:?}", begun.elapsed());
        assert_eq!(ended.code, Some(4), "{what}: {ended:?}");
        assert!(ended.stderr.contains("`palinode fsck`") && ended.stderr.contains("`palinode restore`"), "{what}: {ended:?}");
        assert!(!ended.stderr.contains("panicked"), "{what}: {ended:?}");
        println!("{what}: refused in {:?}", begun.elapsed());
    }

    /// The damage keeps the server from starting, or it is found by `fsck` while the server signs nothing wrong; gives whether it
    /// was refused.
    async fn is_refused_or_found(&self, what: &str) -> bool {
        let Ok(server) = Launch::on(&self.data).try_start() else {
            self.is_refused(what);
            return true;
        };
        let mut poster = Poster::new("after");
        let next = poster.write();
        let _ = poster.post_this(&server, &next).await;
        if let Ok(text) = server.client.checkpoint().await {
            let signed = SignedCheckpoint::parse_and_verify(text.as_bytes(), &self.key).unwrap();
            let mut right = Frontier::empty();
            for leaf in self.leaves.iter().chain([&next.leaf.to_string()]) {
                if right.size() < signed.checkpoint().size() {
                    right.append(leaf.parse::<Leaf>().unwrap().0);
                }
            }
            assert_eq!(right.root(), *signed.checkpoint().root(), "{what}: a wrong checkpoint was signed");
        }
        drop(server);
        let ended = palinode(&["fsck", "--data", self.data.to_str().unwrap()]);
        assert_eq!(ended.code, Some(4), "{what}: {ended:?}");
        assert!(!ended.stderr.contains("panicked"), "{what}: {ended:?}");
        false
    }
}

/// A leaf hash in hexadecimal digits.
struct Leaf(Hash);

impl std::str::FromStr for Leaf {
    type Err = data_encoding::DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes())?;
        Ok(Self(Hash::from_bytes(bytes.try_into().unwrap())))
    }
}

fn overwrite(path: &Path, at: usize, with: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at..at + with.len()].copy_from_slice(with);
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_database_whose_header_end_or_inner_pages_are_damaged_is_never_signed() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let poster = folder_with(&launch, 60).await;
    let original = folder.path().join("a");
    let mut server = launch.start();
    let key = server.log_key().await;
    server.ends_well();
    fold_logs(&original);
    let whole = fs::read(original.join("palinode.db")).unwrap();

    let header = Damaged::of(&original, &poster.acknowledged, &key);
    overwrite(&header.file("palinode.db"), 0, &[0x55; 100]);
    header.is_refused("a header that is none");
    for length in [0, PAGE, whole.len() / 2 / PAGE * PAGE, whole.len() / 2 + 17, whole.len() - PAGE] {
        let short = Damaged::of(&original, &poster.acknowledged, &key);
        fs::write(short.file("palinode.db"), &whole[..length]).unwrap();
        if length <= PAGE {
            short.is_refused(&format!("a database cut to {length} bytes"));
        } else {
            short.is_refused_or_found(&format!("a database cut to {length} bytes")).await;
        }
    }
    let inner: Vec<_> = (1..whole.len() / PAGE).filter(|page| whole[page * PAGE] == INNER_PAGE).collect();
    assert!(!inner.is_empty(), "no table has an inner page");
    let mut refused = 0;
    for page in &inner {
        let damaged = Damaged::of(&original, &poster.acknowledged, &key);
        overwrite(&damaged.file("palinode.db"), page * PAGE, &[0xa7; PAGE]);
        refused += u32::from(damaged.is_refused_or_found(&format!("the inner page {page}")).await);
    }
    println!("{} inner pages: {refused} refused at the start, the others found by fsck", inner.len());
}

#[tokio::test]
async fn a_write_ahead_log_that_is_damaged_or_gone_is_an_old_copy_and_is_refused() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let mut server = launch.start();
    let key = server.log_key().await;
    let mut poster = Poster::new("wal");
    for _ in 0..10 {
        let posted = poster.post(&server).await;
        poster.must(&posted);
    }
    server.kill();
    let original = folder.path().join("a");
    let log = fs::read(original.join("palinode.db-wal")).unwrap();
    assert!(log.len() > 10 * PAGE, "everything is in the database already");

    // The frames behind a damaged one do not count, so that the database ends before what was signed.
    let frame = PAGE + 24;
    for at in [0, 32, 32 + frame + 100, 32 + (log.len() / frame / 2) * frame + 300] {
        let damaged = Damaged::of(&original, &poster.acknowledged, &key);
        overwrite(&damaged.file("palinode.db-wal"), at, &[0x3c; 8]);
        damaged.is_refused(&format!("eight bytes at {at} of the write-ahead log"));
    }
    let gone = Damaged::of(&original, &poster.acknowledged, &key);
    fs::remove_file(gone.file("palinode.db-wal")).unwrap();
    gone.is_refused("no write-ahead log");
    let cut = Damaged::of(&original, &poster.acknowledged, &key);
    fs::write(cut.file("palinode.db-wal"), &log[..log.len() / 2]).unwrap();
    cut.is_refused("half of the write-ahead log");

    // Undamaged, it is finished as ever.
    let whole = Damaged::of(&original, &poster.acknowledged, &key);
    poster.finds_everything_on(&Launch::on(&whole.data).start()).await;
}
