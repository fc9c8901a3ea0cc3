use std::path::PathBuf;

use clap::Args;

use crate::cli::{Complaint, ExitCode};
use crate::client::index::IndexFolder;

/// Where local indexes lie.
#[derive(Debug, Args)]
pub struct IndexArguments {
    /// Folder of the local index; without it, palinode/index under $XDG_DATA_HOME or ~/.local/share
    #[arg(long = "index", visible_alias = "dir", value_name = "DIR", env = "PALINODE_INDEX")]
    pub folder: Option<PathBuf>,
    /// Where programs keep the data of this user
    #[arg(long, value_name = "DIR", env = "XDG_DATA_HOME", hide = true)]
    pub xdg_data_home: Option<PathBuf>,
    /// Where this user is at home
    #[arg(long, value_name = "DIR", env = "HOME", hide = true)]
    pub home: Option<PathBuf>,
}

/// Nobody said where the index lies.
#[derive(Debug, thiserror::Error)]
#[error("it is not known where the local index lies: neither --index nor PALINODE_INDEX, XDG_DATA_HOME or HOME is set")]
pub(in crate::cli) struct NoPlace;

impl Complaint for NoPlace {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some("give --index DIR".to_owned())
    }
}

impl IndexArguments {
    /// The folder.
    pub(in crate::cli) fn folder(&self) -> Result<IndexFolder, NoPlace> {
        // Relative ones are to be ignored (XDG Base Directory Specification).
        let absolute = |path: &&PathBuf| path.is_absolute();
        let data = self.xdg_data_home.as_ref().filter(absolute).cloned();
        let data = data.or_else(|| self.home.as_ref().filter(absolute).map(|home| home.join(".local/share")));
        let folder = self.folder.clone().or_else(|| data.map(|data| data.join("palinode/index")));
        folder.map(IndexFolder::at).ok_or(NoPlace)
    }
}
