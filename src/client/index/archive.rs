//! A copy of a server's paths in a tar archive, compressed or not, read as if it were a server.
//!
//! Nothing is unpacked by its name: the archive is read once for where its files begin and end, and answers are read from there. So no
//! name in it leads anywhere, and links, devices and sparse files are nothing. One that is compressed is unpacked into one nameless
//! temporary file first, to an archive of a bounded size.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tar::{Archive, EntryType};
use url::Url;

use super::plain_folder::answer_from;
use crate::digests::ReadAt;
use crate::federation::{Method, RefusedUrl, Request, Response, Transport, TransportError};

/// The most bytes of an archive that is unpacked.
const MOST_UNPACKED: u64 = 64 << 30;
/// How many times its size an archive may have when it is unpacked: hashes and signatures can hardly be compressed, and notices are text.
const MOST_TIMES: u64 = 100;
/// Any archive may have so many bytes when it is unpacked, however small it is.
const SMALL: u64 = 64 << 20;
/// The most files of an archive: a log of a billion entries has as many tiles and bundles.
const MOST_FILES: usize = 10_000_000;
/// The file by which the folder is found that holds the paths of a server.
const HEAD: &str = "v1/index/head";
/// How much is unpacked at once.
const PIECE: usize = 1 << 18;

/// Why a file is no archive with a copy of a server's paths.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read, or is no archive.
    #[error("{} cannot be read as a tar archive: {source}", path.display())]
    Io {
        /// The archive.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It would fill the disk.
    #[error("{} unpacks to more than {limit} bytes, which no copy of a log of its size does", path.display())]
    TooLarge {
        /// The archive.
        path: PathBuf,
        /// The most.
        limit: u64,
    },
    /// It has too many files.
    #[error("{} has more than {MOST_FILES} files", .0.display())]
    TooMany(PathBuf),
    /// Nothing in it is a head.
    #[error("{} holds no v1/index/head: it is no copy of the paths of a server", .0.display())]
    NoCopy(PathBuf),
}

/// Answers requests from the files of an archive.
#[derive(Debug, Clone)]
pub struct ArchiveTransport {
    file: Arc<File>,
    /// Where each file begins, and how many bytes it has, by its path below the folder of the copy.
    files: Arc<BTreeMap<String, (u64, u64)>>,
    base: PathBuf,
}

impl ArchiveTransport {
    /// A transport over the archive at `path`, with the URL under which its files are asked for. `progress` is told how many bytes of how
    /// many were unpacked.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn open(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(Self, Url), ArchiveError> {
        let failed = |source| ArchiveError::Io { path: path.to_owned(), source };
        let full = path.canonicalize().map_err(failed)?;
        let mut file = File::open(&full).map_err(failed)?;
        let mut magic = [0; 2];
        let is_compressed = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
        file.rewind().map_err(failed)?;
        if is_compressed {
            file = unpacked(path, file, progress)?;
        }
        let files = below_the_copy(found(path, &file)?).ok_or_else(|| ArchiveError::NoCopy(path.to_owned()))?;
        let base = Url::from_directory_path(&full).map_err(|()| failed(io::ErrorKind::InvalidInput.into()))?;
        Ok((Self { file: Arc::new(file), files: Arc::new(files), base: full }, base))
    }

    fn answer(&self, request: &Request) -> Result<Response, TransportError> {
        let path = request.url.to_file_path().ok().filter(|_| request.method == Method::Get);
        let path = path.as_deref().and_then(|path| path.strip_prefix(&self.base).ok()?.to_str());
        let path = path.ok_or(TransportError::RefusedUrl(RefusedUrl::Scheme))?;
        match self.files.get(path) {
            None => Ok(Response::new(404, [])),
            Some((from, length)) => answer_from(Member { file: &self.file, at: *from, left: *length }, request),
        }
    }
}

impl Transport for ArchiveTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        async move { self.answer(&request) }.boxed()
    }
}

/// One file of an archive.
struct Member<'f> {
    file: &'f File,
    at: u64,
    left: u64,
}

impl Read for Member<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..length).unwrap_or_default();
        self.file.read_exact_at(buffer, self.at)?;
        (self.at, self.left) = (self.at + length as u64, self.left - length as u64);
        Ok(length)
    }
}

/// Unpacks an archive into a temporary file, as far as an archive of this size may be.
fn unpacked(path: &Path, file: File, progress: &mut dyn FnMut(u64, u64)) -> Result<File, ArchiveError> {
    let failed = |source| ArchiveError::Io { path: path.to_owned(), source };
    let size = file.metadata().map_err(failed)?.len();
    let limit = size.saturating_mul(MOST_TIMES).clamp(SMALL, MOST_UNPACKED);
    let mut to = tempfile::tempfile().map_err(failed)?;
    let mut from = MultiGzDecoder::new(BufReader::with_capacity(PIECE, file));
    let (mut piece, mut done) = (vec![0; PIECE], 0_u64);
    loop {
        let length = from.read(&mut piece).map_err(failed)?;
        if length == 0 {
            break;
        }
        done += length as u64;
        if done > limit {
            return Err(ArchiveError::TooLarge { path: path.to_owned(), limit });
        }
        to.write_all(piece.get(..length).unwrap_or_default()).map_err(failed)?;
        progress(from.get_mut().stream_position().map_err(failed)?, size);
    }
    to.rewind().map_err(failed)?;
    Ok(to)
}

/// Where the plain files of an archive are. Of two with one name the last counts, as it does when an archive is unpacked.
fn found(path: &Path, mut file: &File) -> Result<BTreeMap<String, (u64, u64)>, ArchiveError> {
    let failed = |source| ArchiveError::Io { path: path.to_owned(), source };
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut archive = Archive::new(file);
    let mut files = BTreeMap::new();
    for entry in archive.entries_with_seek().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !matches!(entry.header().entry_type(), EntryType::Regular | EntryType::Continuous) {
            continue;
        }
        let Some(name) = entry.path().ok().and_then(|name| plain(&name)) else { continue };
        files.insert(name, (entry.raw_file_position(), entry.size()));
        if files.len() > MOST_FILES {
            return Err(ArchiveError::TooMany(path.to_owned()));
        }
    }
    Ok(files)
}

/// A name below the root of the archive; `None` for any other.
fn plain(name: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in name.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(parts.join("/"))
}

/// The files below the folder that is the copy: the archive itself, or the one nearest to its root that has a head.
fn below_the_copy(files: BTreeMap<String, (u64, u64)>) -> Option<BTreeMap<String, (u64, u64)>> {
    let above =
        files.keys().filter_map(|name| name.strip_suffix(HEAD)).filter(|above| above.is_empty() || above.ends_with('/'));
    let above = above.min_by_key(|above| above.len())?.to_owned();
    Some(files.into_iter().filter_map(|(name, place)| Some((name.strip_prefix(&above)?.to_owned(), place))).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tar::{Builder, Header};

    use super::*;

    /// Adds a file under exactly this name, which `tar` itself might refuse to write.
    fn add(archive: &mut Builder<Vec<u8>>, kind: EntryType, name: &str, bytes: &[u8]) {
        let mut header = Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, bytes).unwrap();
    }

    fn archive(names: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Builder::new(Vec::new());
        for (name, bytes) in names {
            add(&mut archive, EntryType::Regular, name, bytes);
        }
        archive.into_inner().unwrap()
    }

    fn opened(bytes: &[u8]) -> Result<(ArchiveTransport, Url), ArchiveError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.tar");
        std::fs::write(&path, bytes).unwrap();
        ArchiveTransport::open(&path, &mut |_, _| {})
    }

    fn ask((transport, base): &(ArchiveTransport, Url), path: &str, most: usize) -> Result<(u16, Vec<u8>), TransportError> {
        let answer = transport.answer(&Request::get(base.join(path).unwrap(), Duration::from_secs(1), most))?;
        Ok((answer.status, answer.body))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut to = GzEncoder::new(Vec::new(), Compression::best());
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    #[test]
    fn files_are_answered_from_where_they_stand_whatever_folder_the_copy_lies_in_and_compressed_or_not() {
        for above in ["", "./", "ledger/", "./a/b/"] {
            let names = ["v1/index/head", "log/tile/0/000", "v1/server"].map(|name| format!("{above}{name}"));
            let files: [&[u8]; 3] = [b"the head", &[7; 9_000], b""];
            let bytes = archive(&[(&names[0], files[0]), (&names[1], files[1]), (&names[2], files[2]), ("else", b"x")]);
            for bytes in [bytes.clone(), gzip(&bytes)] {
                let copy = opened(&bytes).unwrap();
                assert_eq!(ask(&copy, "v1/index/head", 99).unwrap(), (200, files[0].to_vec()), "{above}");
                assert_eq!(ask(&copy, "log/tile/0/000", 9_000).unwrap(), (200, files[1].to_vec()));
                assert_eq!(ask(&copy, "v1/server", 0).unwrap(), (200, Vec::new()));
                assert_eq!(ask(&copy, "v1/index", 99).unwrap().0, 404, "a folder is no file");
                assert!(matches!(ask(&copy, "log/tile/0/000", 8_999), Err(TransportError::TooLarge { .. })));
            }
        }
    }

    #[test]
    fn names_that_lead_out_links_and_devices_are_nothing() {
        let mut bad = Builder::new(Vec::new());
        add(&mut bad, EntryType::Regular, "v1/index/head", b"the head");
        for name in ["../v1/server", "/v1/server", "x/../../v1/server", "v1/../v1/server"] {
            add(&mut bad, EntryType::Regular, name, b"out");
        }
        for kind in [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Fifo] {
            add(&mut bad, kind, "v1/server", b"");
        }
        let copy = opened(&bad.into_inner().unwrap()).unwrap();
        assert_eq!(copy.0.files.keys().collect::<Vec<_>>(), ["v1/index/head"]);
        for path in ["v1/server", "../v1/server", "v1/../../server", "%2e%2e/v1/server"] {
            let found = ask(&copy, path, 99);
            assert!(!matches!(found, Ok((200, _))), "{path}: {found:?}");
        }
    }

    #[test]
    fn an_archive_that_unpacks_to_far_more_than_its_size_is_refused() {
        let zeros = vec![0; usize::try_from(SMALL).unwrap() + (1 << 20)];
        let bomb = gzip(&archive(&[("v1/index/head", &zeros)]));
        assert!(bomb.len() < 1 << 20);
        assert!(matches!(opened(&bomb), Err(ArchiveError::TooLarge { limit: SMALL, .. })));
    }

    #[test]
    fn what_is_no_archive_cut_short_or_no_copy_is_refused() {
        assert!(matches!(opened(b"neither"), Err(ArchiveError::Io { .. } | ArchiveError::NoCopy(_))));
        assert!(matches!(opened(&archive(&[("v1/server", b"x")])), Err(ArchiveError::NoCopy(_))));
        let whole = archive(&[("v1/index/head", &[1; 2_000])]);
        let packed = gzip(&whole);
        assert!(opened(&packed[..packed.len() / 2]).is_err());
        // A file that ends beyond the archive is found to do so when it is asked for, if not before.
        let cut = opened(&whole[..1_000]);
        assert!(cut.is_err() || ask(&cut.unwrap(), "v1/index/head", 9_999).is_err());
    }
}
