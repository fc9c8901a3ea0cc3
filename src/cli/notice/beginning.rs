//! Begins a draft with what a description of the dataset says, and tells what was taken of it and what was not.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use owo_colors::OwoColorize;

use crate::cli::file::{self, Readers};
use crate::cli::printable::one_line;
use crate::cli::scan::Bar;
use crate::cli::{Complaint, ExitCode, Failure, FileError};
use crate::clock::{Clock, SystemClock};
use crate::notice::{Beginning, DigestAlgorithm};
use crate::scan::description::{Bag, Description, Kind, MOST_DIGESTS, Paper, Proposal, Sums, propose};
use crate::scan::hashing::{Algorithm, Algorithms};
use crate::scan::readers::{Format, MOST_OF_JSON};
use crate::scan::{Evidence, Inventory, Settings, Source, SurveyError, survey};

/// How much of a manifest of a bag is read, in bytes: a longer one has more digests than a draft should hold.
const MOST_OF_A_MANIFEST: u64 = 64 << 10;
/// Remarks that are told; `palinode scan` tells them all.
const MOST_REMARKS: usize = 20;

/// Why a draft could not be begun.
#[derive(Debug, thiserror::Error)]
pub(super) enum BeginningError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Folder(#[from] SurveyError),
    #[error("{} is no description of a dataset that is known here", .0.display())]
    Unknown(PathBuf),
    #[error("{} is no {kind}: {why}", path.display())]
    Other { path: PathBuf, kind: Kind, why: &'static str },
    #[error("{} states {count} digests, more than the {MOST_DIGESTS} that a draft should hold", path.display())]
    TooMany { path: PathBuf, count: usize },
    #[error("{} says nothing of a dataset", .0.display())]
    Nothing(PathBuf),
}

impl Complaint for BeginningError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File(error) => error.exit_code(),
            Self::Folder(_) | Self::Other { .. } | Self::TooMany { .. } => ExitCode::Usage,
            Self::Unknown(_) | Self::Nothing(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        Some(match self {
            Self::File(error) => return error.help(),
            Self::Folder(error) => return error.help(),
            Self::Unknown(_) | Self::Other { .. } => {
                format!("say with --kind what it is ({}), or begin with palinode notice draft alone", kinds.join(", "))
            }
            Self::TooMany { .. } => {
                "give --sums FILE: they are written there, and palinode digests build makes a list of that file".to_owned()
            }
            Self::Nothing(_) => "palinode notice draft without --from gives an empty draft to fill in".to_owned(),
        })
    }
}

/// What was read, and where more digests lie than a draft should hold.
struct Reading {
    kind: Kind,
    described: Description,
    /// What `palinode digests build` can read as it is: a folder or a manifest, with the algorithm.
    list: Option<(PathBuf, DigestAlgorithm)>,
    notes: Vec<String>,
}

/// Reads the source, tells what comes of it on standard error, and gives the beginning of the draft.
pub(super) fn begin(source: &Path, kind: Option<Kind>, sums: Option<&Path>) -> Result<Beginning, Failure> {
    let read = read(source, kind)?;
    let mut proposal = propose(&read.described);
    if proposal.taken.is_empty() && proposal.sums.is_none() && read.list.is_none() {
        return Err(BeginningError::Nothing(source.to_owned()).into());
    }
    let list = match (&read.list, proposal.sums.take()) {
        (Some((path, algorithm)), _) => Some((path.clone(), *algorithm)),
        (None, Some(found)) => {
            let path = sums.ok_or_else(|| BeginningError::TooMany { path: source.to_owned(), count: found.digests.len() })?;
            write_sums(&found, path)?;
            Some((path.to_owned(), found.algorithm))
        }
        (None, None) => None,
    };
    if let Some((path, algorithm)) = &list {
        proposal.beginning.set_list(&command(path, *algorithm, source));
    }
    tell(source, &read, &proposal, list.is_some());
    Ok(proposal.beginning)
}

/// Writes digests as `sha256sum` would, so that `palinode digests build` reads them.
fn write_sums(found: &Sums, path: &Path) -> Result<(), FileError> {
    let line = |name: &str| name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let mut lines = String::new();
    for (id, name) in &found.digests {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{}  {}", id.value(), line(name));
    }
    file::write_new(path, lines.as_bytes(), Readers::Everyone)
}

fn command(path: &Path, algorithm: DigestAlgorithm, source: &Path) -> String {
    let quoted = |path: &Path| {
        let text = path.display().to_string();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=".contains(c);
        if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
    };
    let stem = source.file_stem().map_or_else(|| "files".into(), std::ffi::OsStr::to_string_lossy);
    let out = PathBuf::from(format!("{stem}.digests"));
    let of = if algorithm == DigestAlgorithm::Sha256 { String::new() } else { format!(" --algorithm {algorithm}") };
    format!("palinode digests build {}{of} --out {}", quoted(path), quoted(&out))
}

fn read(source: &Path, kind: Option<Kind>) -> Result<Reading, BeginningError> {
    let failed = |error| FileError::Read { path: source.to_owned(), source: error };
    let other = |kind, why| BeginningError::Other { path: source.to_owned(), kind, why };
    let is_folder = fs::metadata(source).map_err(failed)?.is_dir();
    match (is_folder, kind) {
        (true, None) if source.join("bagit.txt").is_file() => bag(source),
        (true, Some(Kind::BagIt)) if !source.join("bagit.txt").is_file() => Err(other(Kind::BagIt, "it has no bagit.txt")),
        (true, Some(Kind::BagIt)) => bag(source),
        (true, None | Some(Kind::Folder)) => folder(source),
        (true, Some(Kind::RoCrate)) => document(&source.join("ro-crate-metadata.json"), kind),
        (true, Some(kind)) => Err(other(kind, "it is a folder; name the file")),
        (false, Some(Kind::Folder)) => Err(other(Kind::Folder, "it is a file")),
        (false, Some(Kind::BagIt)) => Err(other(Kind::BagIt, "it is a file; name the folder with bagit.txt")),
        (false, _) => document(source, kind),
    }
}

fn document(path: &Path, kind: Option<Kind>) -> Result<Reading, BeginningError> {
    let bytes = file::read(path, MOST_OF_JSON)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kind = kind.or_else(|| Kind::of_document(&bytes, &name)).ok_or_else(|| BeginningError::Unknown(path.to_owned()))?;
    let described = Description::of_document(kind, &bytes, &name);
    Ok(Reading { kind, described, list: None, notes: Vec::new() })
}

/// Reads the papers of a bag; the data in it is not looked at.
fn bag(folder: &Path) -> Result<Reading, BeginningError> {
    let mut papers = Vec::new();
    for (path, name) in files_in(folder)? {
        if matches!(Format::of_name(&name), Some(Format::BagManifest | Format::BagInfo | Format::BagFetch)) {
            let failed = |source| FileError::Read { path: path.clone(), source };
            let file = File::open(&path).map_err(failed)?;
            let mut bytes = Vec::new();
            file.take(MOST_OF_A_MANIFEST + 1).read_to_end(&mut bytes).map_err(failed)?;
            let is_cut = bytes.len() as u64 > MOST_OF_A_MANIFEST;
            papers.push(Paper { name, bytes, is_cut });
        }
    }
    let Bag { description, manifest, others } = Bag::of_papers(&papers);
    let mut notes: Vec<String> =
        others.iter().map(|name| format!("{name}: another manifest says the same of the same files, or more surely")).collect();
    if papers.iter().any(|paper| paper.is_cut && !paper.name.to_ascii_lowercase().starts_with("manifest-")) {
        notes.push(format!("what stands in bag-info.txt or fetch.txt beyond the first {MOST_OF_A_MANIFEST} bytes"));
    }
    let stated = description.sightings.iter().filter(|sighting| sighting.evidence == Evidence::DigestStated).count();
    let list = manifest.filter(|(_, _, is_whole)| !is_whole || stated > MOST_DIGESTS);
    Ok(Reading {
        kind: Kind::BagIt,
        described: description,
        list: list.map(|(name, algorithm, _)| (folder.join(name), algorithm)),
        notes,
    })
}

/// Reads the descriptions at the top of a folder, and hashes its files where they are few.
fn folder(folder: &Path) -> Result<Reading, BeginningError> {
    let mut described = Description::default();
    let (mut notes, mut papers) = (Vec::new(), BTreeSet::new());
    let mut kind = Kind::Folder;
    for (path, name) in files_in(folder)? {
        let is_candidate = Format::may_be_sniffed(&name) || Format::of_name(&name).is_some();
        if !is_candidate || fs::metadata(&path).map_or(0, |file| file.len()) > MOST_OF_JSON {
            continue;
        }
        let bytes = file::read(&path, MOST_OF_JSON)?;
        if let Some(found) = Kind::of_document(&bytes, &name) {
            notes.push(format!("{name} ({found}) was read; it is no file of the dataset itself"));
            let mut says = Description::of_document(found, &bytes, &name);
            if found != Kind::Checksums {
                // The digests that descriptions state are of files that may be elsewhere; those of the files here are computed.
                says.sightings.retain(|sighting| sighting.evidence != Evidence::DigestStated);
                kind = found;
            }
            described.and(says);
            papers.insert(name);
        }
    }
    let counted = look(folder, Algorithms::NONE)?;
    let many = counted.counts.files > MOST_DIGESTS as u64;
    let seen = if many { counted } else { look(folder, [Algorithm::Sha256].into_iter().collect())? };
    if seen.counts.trivial_files > 0 && !many {
        notes.push(format!("{} files are empty, very short or licence texts, and match nothing", seen.counts.trivial_files));
    }
    described.remarks.extend(seen.remarks.iter().cloned());
    described.sightings.extend(seen.sightings.into_iter().filter(|sighting| match sighting.source {
        // Files, what stands in the place of one, and stores that name what they hold.
        Source::Bytes | Source::LfsPointer | Source::AnnexKey => !many && !papers.contains(&*sighting.place.path),
        Source::HubCache | Source::KaggleCache | Source::Git => sighting.evidence == Evidence::NamedInMetadata,
        _ => false,
    }));
    let list = many.then(|| (folder.to_owned(), DigestAlgorithm::Sha256));
    Ok(Reading { kind: if described.titles.is_empty() { Kind::Folder } else { kind }, described, list, notes })
}

fn look(folder: &Path, algorithms: Algorithms) -> Result<Inventory, SurveyError> {
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let settings = Settings { algorithms, code: false, workers, cache: None, leaving_out: None, now: SystemClock.now().into() };
    let bar = Bar::new();
    let seen = survey(&[folder.to_owned()], &settings, &bar);
    bar.end();
    seen
}

/// The files at the top of a folder by name, links left out.
fn files_in(folder: &Path) -> Result<Vec<(PathBuf, String)>, FileError> {
    let failed = |source| FileError::Read { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<io::Result<Vec<_>>>().map_err(failed)?;
    let files = entries.into_iter().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let mut files: Vec<_> = files.map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned())).collect();
    files.sort();
    Ok(files)
}

/// Says what was taken, what was left out and why, and what is to be done. The draft itself goes elsewhere.
fn tell(source: &Path, read: &Reading, proposal: &Proposal, has_list: bool) {
    let mut stderr = anstream::stderr().lock();
    let mut say = |mark: &str, text: &str| {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(stderr, "  {mark} {}", one_line(text));
    };
    say("from", &format!("{} ({})", source.display(), read.kind));
    for (field, value) in &proposal.taken {
        say(&"taken".green().to_string(), &format!("{field}: {value}"));
    }
    for note in &read.notes {
        say(&"note".cyan().to_string(), note);
    }
    for omission in &proposal.left_out {
        say(&"left out".yellow().to_string(), &omission.to_string());
    }
    for remark in read.described.remarks.iter().take(MOST_REMARKS) {
        say(&"left out".yellow().to_string(), &remark.to_string());
    }
    if let Some(more @ 1..) = read.described.remarks.len().checked_sub(MOST_REMARKS) {
        say(&"left out".yellow().to_string(), &format!("{more} more values: palinode scan --inventory FILE names them all"));
    }
    if has_list {
        say("next", "make the digest list as `digest_lists` of the draft says, and put there what is printed");
    }
    say("next", "check the roles of the subjects, fill in what stands between < and >, and sign: palinode notice sign");
}
