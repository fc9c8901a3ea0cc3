//! `palinode digests build`: makes a list from whatever names digests.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use owo_colors::OwoColorize;
use serde::Serialize;

use super::folder::{LeftOut, size_below};
use super::input::{self, InputError};
use super::member::{as_json, member, plain_algorithms, roles};
use crate::app::free_space;
use crate::cli::printable::one_line;
use crate::cli::{Complaint, ExitCode, Failure, FileError, Output};
use crate::digests::sorting::{Sorted, Sorter};
use crate::digests::{Checked, ListCheck, ListForm, MAX_COUNT};
use crate::notice::{DigestAlgorithm, DigestList, DigestListRole, Identifier, blinded_digest};

const EXAMPLES: &str = "\
Reads SHA256SUMS and its like (GNU, BSD and CSV form), manifests of BagIt bags, and plain lines of hex digests; a folder is hashed, file by
file. Links are left out, and so is what version control keeps for itself (.git and its like); both are said. Digests are sorted on disk where there are many, so that memory does not grow with them. What is no digest is
refused, with its line. A digest that comes twice is counted once; digests of empty files and of common licence texts are left out, since
no server ever matches them.

What is printed goes into `digest_lists` of the draft of the notice. `palinode notice post` brings the list along after the notice.

A sensitive notice, about material that nobody should be led to, names files by blinded digests only: give --blind. Whoever holds a file
finds the notice, and nobody finds the file by the list. With a list of plain digests such a notice is neither signed nor taken by any server.

Examples:
  palinode digests build SHA256SUMS --out faces.digests
  palinode digests build bag/manifest-sha512.txt --algorithm sha512 --out bag.digests
  palinode digests build ./faces --out faces.digests
  palinode digests build found/ --blind --out hidden.digests
  zcat hashes.txt.gz | palinode digests build - --role unaffected --out good.digests";

/// How many bytes of digests are sorted in memory at once.
const MEMORY: usize = 64 << 20;

/// Arguments of `palinode digests build`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BuildArguments {
    /// Checksum files, folders, or `-` for standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Of what the digests are that are read
    #[arg(long, value_name = "ALGORITHM", default_value = "sha256", value_parser = plain_algorithms())]
    pub algorithm: String,
    /// List their blinded forms, for a sensitive notice
    #[arg(long)]
    pub blind: bool,
    /// Whether the files are meant or expressly not
    #[arg(long, value_name = "ROLE", default_value = "affected", value_parser = roles())]
    pub role: String,
    /// Write the list to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, thiserror::Error)]
enum BuildError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("there are {found} digests, and a list has at most {MAX_COUNT}")]
    TooMany { found: u64 },
    #[error("no digest is left to list")]
    Nothing,
    #[error("{} bytes are needed beside {}, and {free} are free", .needed, folder.display())]
    NoRoom { folder: PathBuf, needed: u64, free: u64 },
    #[error("the list does not check: {0}")]
    Check(#[from] crate::digests::ListFault),
}

impl Complaint for BuildError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(InputError::File(error)) | Self::File(error) => error.exit_code(),
            Self::Input(InputError::Folder(_)) => ExitCode::Usage,
            Self::Input(_) | Self::TooMany { .. } | Self::Nothing | Self::NoRoom { .. } | Self::Check(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Input(InputError::File(error)) | Self::File(error) => return error.help(),
            Self::Input(InputError::Line { .. }) => {
                "mend the line or take it out, or say with --algorithm of what the digests are; nothing was written".to_owned()
            }
            Self::Input(InputError::Folder(_)) => "for other digests give a checksum file".to_owned(),
            Self::TooMany { .. } => "make several lists: a notice names up to 8".to_owned(),
            Self::NoRoom { .. } => "name a place with --out that has more room: runs are sorted beside it".to_owned(),
            Self::Nothing => "give checksum files, folders, or - for standard input".to_owned(),
            Self::Input(_) | Self::Check(_) => return None,
        })
    }
}

/// What was made.
#[derive(Serialize)]
struct Built {
    file: String,
    bytes: u64,
    list: DigestList,
    /// Digests that came more than once, each further time counted.
    repeated: u64,
    /// Digests that are never matched, and were left out.
    trivial: u64,
    /// What was met in folders and not read.
    left_out: LeftOut,
}

pub(super) fn run(arguments: &BuildArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let built = build(arguments)?;
    built.warn();
    output.show(&built)?;
    Ok(ExitCode::Done)
}

fn build(arguments: &BuildArguments) -> Result<Built, BuildError> {
    let algorithm = DigestAlgorithm::parse(&arguments.algorithm).unwrap_or(DigestAlgorithm::Sha256);
    let role = DigestListRole::parse(&arguments.role).unwrap_or(DigestListRole::Affected);
    let out = &arguments.out;
    if out.exists() {
        return Err(FileError::Exists { path: out.clone() }.into());
    }
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let listed = if arguments.blind { DigestAlgorithm::Blind } else { algorithm };
    let bar = measure(arguments, algorithm, folder)?;
    let failed = |source| FileError::Write { path: out.clone(), source };
    let mut sorter = Sorter::new(width(listed), MEMORY, || tempfile::tempfile_in(folder));
    let mut take = |digest: &[u8]| {
        if arguments.blind { sorter.take(&blinded_digest(algorithm, digest)) } else { sorter.take(digest) }
    };
    let mut left_out = LeftOut::default();
    for path in &arguments.paths {
        left_out.and(input::read(path, algorithm, &bar, &mut take)?);
    }
    bar.finish_and_clear();
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let (sorted, trivial) = write(sorter, listed, file.as_file_mut()).map_err(failed)?;
    let count = sorted.unique - trivial;
    if count > MAX_COUNT {
        return Err(BuildError::TooMany { found: count });
    }
    if count == 0 {
        return Err(BuildError::Nothing);
    }
    let checked = check(file.path(), ListForm::new(listed, count)).map_err(failed)??;
    make_readable(file.as_file()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(out).map_err(|error| failed(error.error))?;
    let list = member(listed, role, count, &checked);
    let (bytes, file) = (checked.blocks.size(), out.display().to_string());
    Ok(Built { file, bytes, list, repeated: sorted.repeated, trivial, left_out })
}

fn width(algorithm: DigestAlgorithm) -> usize {
    usize::try_from(algorithm.width()).unwrap_or(64)
}

/// Makes sure that there is room for what is sorted and for the list, as far as the inputs tell how much that is; and the progress bar.
fn measure(arguments: &BuildArguments, algorithm: DigestAlgorithm, folder: &Path) -> Result<ProgressBar, BuildError> {
    let (mut bytes, mut digests) = (0_u64, 0_u64);
    for path in &arguments.paths {
        if path.is_dir() {
            let (size, files) = size_below(path);
            bytes += size;
            digests += files;
        } else if let Ok(file) = std::fs::metadata(path) {
            bytes += file.len();
            digests += file.len() / (2 * algorithm.width());
        }
    }
    let list = digests.min(MAX_COUNT) * algorithm.width();
    let runs = if list > MEMORY as u64 { digests * algorithm.width() } else { 0 };
    let needed = list + runs;
    match free_space(folder) {
        Ok(free) if free < needed => Err(BuildError::NoRoom { folder: folder.to_owned(), needed, free }),
        _ => Ok(bar(bytes)),
    }
}

fn bar(bytes: u64) -> ProgressBar {
    let (bar, template) = match bytes {
        0 => (ProgressBar::new_spinner(), "reading {spinner} {bytes}, {bytes_per_sec}"),
        bytes => (ProgressBar::new(bytes), "reading {bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Writes what was sorted, without the digests that are never matched; says how many of these there were.
fn write<S: crate::digests::sorting::Scratch>(
    sorter: Sorter<S>,
    algorithm: DigestAlgorithm,
    file: &mut std::fs::File,
) -> io::Result<(Sorted, u64)> {
    let mut never = Identifier::trivial_digests(algorithm);
    never.sort();
    let width = width(algorithm);
    let mut trivial = 0;
    let mut kept = Vec::new();
    let mut file = io::BufWriter::with_capacity(1 << 20, file);
    let sorted = sorter.finish(|digests| {
        kept.clear();
        for digest in digests.chunks_exact(width) {
            if never.binary_search_by(|other| other.as_slice().cmp(digest)).is_ok() {
                trivial += 1;
            } else {
                kept.extend_from_slice(digest);
            }
        }
        file.write_all(&kept)
    })?;
    file.flush()?;
    Ok((sorted, trivial))
}

/// Reads the list as everybody else will.
fn check(path: &Path, form: ListForm) -> io::Result<Result<Checked, crate::digests::ListFault>> {
    let mut file = std::fs::File::open(path)?;
    let (mut check, mut piece) = (ListCheck::new(form), vec![0; 1 << 20]);
    loop {
        let length = io::Read::read(&mut file, &mut piece)?;
        if length == 0 {
            return Ok(check.finish());
        }
        if let Err(fault) = check.take(piece.get(..length).unwrap_or_default()) {
            return Ok(Err(fault));
        }
    }
}

/// Temporary files begin as their owner's only; a list is made to be given away.
fn make_readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

impl Built {
    /// Says on standard error what the list itself does not.
    fn warn(&self) {
        let mut stderr = anstream::stderr().lock();
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(stderr, "{} digests, {} bytes, in {}", self.list.count, self.bytes, self.file);
        if self.repeated > 0 {
            let _ = writeln!(stderr, "{} {} digests came again and were counted once", "note:".cyan().bold(), self.repeated);
        }
        let LeftOut { links, repositories } = &self.left_out;
        if *links > 0 {
            let _ = writeln!(
                stderr,
                "{} {links} links were left out: what they lead to is hashed only where its own folder is named",
                "note:".cyan().bold()
            );
        }
        for path in repositories {
            let _ = writeln!(
                stderr,
                "{} {} was left out: what version control keeps for itself is no data",
                "note:".cyan().bold(),
                one_line(path)
            );
        }
        if self.trivial > 0 {
            let _ = writeln!(
                stderr,
                "{} {} digests of empty files or common licence texts were left out: they are never matched, whoever lists them",
                "warning:".yellow().bold(),
                self.trivial
            );
        }
    }
}

impl fmt::Display for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", as_json(&self.list))
    }
}
