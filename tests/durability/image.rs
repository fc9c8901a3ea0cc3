//! A state of a disk: folders, files and what is in them.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The files and folders of one state, with paths below the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) files: BTreeMap<PathBuf, (u32, Vec<u8>)>,
}

impl Image {
    /// Writes the state into an empty folder.
    pub(crate) fn write_to(&self, root: &Path) {
        for folder in &self.folders {
            std::fs::create_dir(root.join(folder)).unwrap();
        }
        for (path, (mode, bytes)) in &self.files {
            let path = root.join(path);
            std::fs::write(&path, bytes).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(*mode)).unwrap();
        }
    }

    /// Reads a folder.
    pub(crate) fn read_from(root: &Path) -> Self {
        let mut image = Self::default();
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(root.join(&folder)).unwrap() {
                let entry = entry.unwrap();
                let path = folder.join(entry.file_name());
                if entry.file_type().unwrap().is_dir() {
                    image.folders.push(path.clone());
                    folders.push(path);
                } else {
                    let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
                    image.files.insert(path.clone(), (mode, std::fs::read(root.join(&path)).unwrap()));
                }
            }
        }
        image.folders.sort();
        image
    }
}
