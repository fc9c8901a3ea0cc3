//! `palinode digests show`: checks a list, and says how a notice names it.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::member::{algorithms, as_json, member, roles};
use crate::cli::{Complaint, ExitCode, Failure, FileError, Output};
use crate::digests::{ListCheck, ListFault, ListForm};
use crate::notice::{DigestAlgorithm, DigestList, DigestListRole};

const EXAMPLES: &str = "\
A list is raw digests and does not say of which algorithm: say it. Order and uniqueness are checked, and the member of `digest_lists`
is printed as it must stand in the draft of the notice.

Examples:
  palinode digests show faces.digests
  palinode digests show faces.digests --algorithm md5 --role unaffected
  palinode digests show hidden.digests --algorithm blind";

/// How much is read at once, in bytes.
const PIECE: usize = 1 << 20;

/// Arguments of `palinode digests show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowListArguments {
    /// The list
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Of what its digests are
    #[arg(long, value_name = "ALGORITHM", default_value = "sha256", value_parser = algorithms())]
    pub algorithm: String,
    /// Whether the files are meant or expressly not
    #[arg(long, value_name = "ROLE", default_value = "affected", value_parser = roles())]
    pub role: String,
}

#[derive(Debug, thiserror::Error)]
enum ShowError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} is no list of {} digests: {fault}", path.display(), algorithm.as_str())]
    List { path: PathBuf, algorithm: DigestAlgorithm, fault: ListFault },
}

impl Complaint for ShowError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File(error) => error.exit_code(),
            Self::List { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::File(error) => error.help(),
            Self::List { .. } => {
                Some("`palinode digests build` makes a list; --algorithm says of which digests it is".to_owned())
            }
        }
    }
}

#[derive(Serialize)]
struct Shown {
    file: String,
    bytes: u64,
    list: DigestList,
}

pub(super) fn run(arguments: &ShowListArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let algorithm = DigestAlgorithm::parse(&arguments.algorithm).unwrap_or(DigestAlgorithm::Sha256);
    let role = DigestListRole::parse(&arguments.role).unwrap_or(DigestListRole::Affected);
    let failed = |source| ShowError::File(FileError::Read { path: arguments.file.clone(), source });
    let faulty = |fault| ShowError::List { path: arguments.file.clone(), algorithm, fault };
    let mut file = File::open(&arguments.file).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let count = bytes / algorithm.width();
    let mut check = ListCheck::new(ListForm::new(algorithm, count));
    let mut piece = vec![0; PIECE];
    loop {
        let length = file.read(&mut piece).map_err(failed)?;
        if length == 0 {
            break;
        }
        check.take(piece.get(..length).unwrap_or_default()).map_err(faulty)?;
    }
    let checked = check.finish().map_err(faulty)?;
    let list = member(algorithm, role, count, &checked);
    output.show(&Shown { file: arguments.file.display().to_string(), bytes, list })?;
    Ok(ExitCode::Done)
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", as_json(&self.list))
    }
}
