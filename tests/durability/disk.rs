//! A disk that keeps what was synced, and of everything else what it likes.
//!
//! The rules are those of POSIX, which promise less than any one file system keeps. A file's bytes and length are durable
//! when the file was synced; a name (new, moved or removed) when its folder was. Everything later may be there or not, in
//! any order: of each sector any content that it had since the last sync, of the length any that the file had, of the names
//! any part of the changes. What was written through a shared mapping has any content at all. A sector is written whole or
//! not at all, as every disk promises.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;

use crate::change::{Change, NameChange, Node, any_sectors};
use crate::image::Image;
use crate::journal::{Journal, Operation};

/// How the disk answers syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Honesty {
    /// What was synced is durable.
    Honest,
    /// From this operation on syncs do nothing: a drive that says done and keeps everything in its cache.
    LiesFrom(usize),
    /// Syncing a folder does nothing.
    ForgetsNames,
}

/// What becomes of everything that was not synced.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    /// It is lost.
    Lost,
    /// It is there, as after the death of the process alone.
    Kept,
    /// It is there up to the operation with this number, whose bytes are torn.
    Until { operation: usize, sector: usize },
    /// Of each sector, length and name any state.
    Any { sector: usize },
}

struct FileState {
    mode: u32,
    mapped: bool,
    durable: Vec<u8>,
    pending: Vec<(usize, Change)>,
}

#[derive(Default)]
struct FolderState {
    durable: BTreeMap<String, Node>,
    now: BTreeMap<String, Node>,
    pending: Vec<(usize, NameChange)>,
}

/// The disk while the journal is played.
pub(crate) struct Disk<'j> {
    journal: &'j Journal,
    root: PathBuf,
    honesty: Honesty,
    played: usize,
    files: Vec<FileState>,
    folders: Vec<FolderState>,
    inodes: HashMap<u64, usize>,
}

impl<'j> Disk<'j> {
    /// A disk on which `image` is durable under `root`, before anything of the journal was done. `inodes` names the files of
    /// the image as the journal does.
    pub(crate) fn new(
        journal: &'j Journal,
        root: &Path,
        image: &Image,
        inodes: &HashMap<PathBuf, u64>,
        honesty: Honesty,
    ) -> Self {
        let mut disk = Self {
            journal,
            root: root.to_owned(),
            honesty,
            played: 0,
            files: Vec::new(),
            folders: vec![FolderState::default()],
            inodes: HashMap::new(),
        };
        for path in &image.folders {
            let node = Node::Folder(disk.new_folder());
            disk.put_durably(path, node);
        }
        for (path, (mode, bytes)) in &image.files {
            let file = disk.new_file(*mode);
            disk.files[file].durable.clone_from(bytes);
            disk.inodes.insert(inodes[path], file);
            disk.put_durably(path, Node::File(file));
        }
        disk
    }

    /// Plays the journal up to this operation, which is not done any more.
    pub(crate) fn play_until(&mut self, end: usize) {
        let journal = self.journal;
        for (number, operation) in journal.operations.iter().enumerate().take(end).skip(self.played) {
            self.play(number, operation);
        }
        self.played = self.played.max(end);
    }

    /// What the disk holds after the power was cut now.
    pub(crate) fn cut(&self, fate: Fate, chance: &mut TestRng) -> Image {
        let mut image = Image::default();
        let contents: Vec<Vec<u8>> = self.files.iter().map(|file| self.contents(file, fate, chance)).collect();
        self.collect(0, Path::new(""), fate, chance, &contents, &mut image);
        image
    }

    /// Paths of files whose content nobody can know, because they were mapped.
    pub(crate) fn mapped(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        self.collect_mapped(0, Path::new(""), &mut found);
        found
    }

    fn play(&mut self, number: usize, operation: &Operation) {
        match operation {
            Operation::Create { path, inode, mode } => {
                let file = self.new_file(*mode);
                // A number of a file that is gone is given to the next one.
                self.inodes.insert(*inode, file);
                self.put(number, path, Node::File(file));
            }
            Operation::MakeFolder { path } => {
                let folder = self.new_folder();
                self.put(number, path, Node::Folder(folder));
            }
            Operation::Link { path, inode } => self.put(number, path, Node::File(self.inodes[inode])),
            Operation::Rename { from, to } => {
                let (folder, old) = self.place(from);
                let (other, new) = self.place(to);
                assert_eq!(folder, other, "a move between folders is not modelled");
                let folder = &mut self.folders[folder];
                let node = folder.now.remove(&old).unwrap();
                folder.now.insert(new.clone(), node);
                folder.pending.push((number, NameChange::Move(old, new)));
            }
            Operation::Remove { path } => {
                let (folder, name) = self.place(path);
                let folder = &mut self.folders[folder];
                folder.now.remove(&name).unwrap();
                folder.pending.push((number, NameChange::Remove(name)));
            }
            // What has no name, such as the file that is written to see whether the disk takes writes, no power cut leaves behind.
            Operation::Write { inode, .. }
            | Operation::SetLength { inode, .. }
            | Operation::Map { inode }
            | Operation::SyncFile { inode }
                if !self.inodes.contains_key(inode) => {}
            Operation::Write { inode, at, bytes } => {
                let change = Change::Write { at: usize::try_from(*at).unwrap(), bytes: bytes.clone() };
                self.files[self.inodes[inode]].pending.push((number, change));
            }
            Operation::SetLength { inode, length } => {
                let change = Change::SetLength(usize::try_from(*length).unwrap());
                self.files[self.inodes[inode]].pending.push((number, change));
            }
            Operation::Map { inode } => self.files[self.inodes[inode]].mapped = true,
            Operation::SyncFile { .. } | Operation::SyncFolder { .. } if self.lies(number) => {}
            Operation::SyncFolder { .. } if self.honesty == Honesty::ForgetsNames => {}
            Operation::SyncFile { inode } => self.sync_file(self.inodes[inode]),
            Operation::SyncFolder { path } => self.sync_folder(path),
            Operation::Promise { .. } => {}
        }
    }

    fn lies(&self, number: usize) -> bool {
        matches!(self.honesty, Honesty::LiesFrom(begin) if number >= begin)
    }

    fn sync_file(&mut self, file: usize) {
        let file = &mut self.files[file];
        for (_, change) in file.pending.drain(..) {
            change.apply(&mut file.durable, &self.journal.bytes);
        }
    }

    fn sync_folder(&mut self, path: &Path) {
        let folder = self.folder_at(path);
        let folder = &mut self.folders[folder];
        folder.durable.clone_from(&folder.now);
        folder.pending.clear();
    }

    fn contents(&self, file: &FileState, fate: Fate, chance: &mut TestRng) -> Vec<u8> {
        if file.mapped {
            let length = [0, 3, 32_768, 65_536][chance.random_range(0..4)];
            return (0..length).map(|_| chance.random()).collect();
        }
        let mut bytes = file.durable.clone();
        let journal = &self.journal.bytes;
        match fate {
            Fate::Lost => {}
            Fate::Kept => file.pending.iter().for_each(|(_, change)| change.apply(&mut bytes, journal)),
            Fate::Until { operation, sector } => {
                for (_, change) in file.pending.iter().take_while(|(number, _)| *number < operation) {
                    change.apply(&mut bytes, journal);
                }
                let torn = file.pending.iter().find(|(number, _)| *number == operation);
                if let Some((_, change)) = torn {
                    change.tear(sector, chance).apply(&mut bytes, journal);
                }
            }
            Fate::Any { sector } => bytes = any_sectors(&file.durable, &file.pending, journal, sector, chance),
        }
        bytes
    }

    fn names(folder: &FolderState, fate: Fate, chance: &mut TestRng) -> BTreeMap<String, Node> {
        let mut names = folder.durable.clone();
        for (number, change) in &folder.pending {
            let happened = match fate {
                Fate::Lost => false,
                Fate::Kept => true,
                Fate::Until { operation, .. } => *number <= operation,
                Fate::Any { .. } => chance.random(),
            };
            if happened {
                change.apply(&mut names);
            }
        }
        names
    }

    fn collect(&self, folder: usize, at: &Path, fate: Fate, chance: &mut TestRng, contents: &[Vec<u8>], image: &mut Image) {
        for (name, node) in Self::names(&self.folders[folder], fate, chance) {
            let path = at.join(name);
            match node {
                Node::Folder(inner) => {
                    image.folders.push(path.clone());
                    self.collect(inner, &path, fate, chance, contents, image);
                }
                Node::File(file) => {
                    image.files.insert(path, (self.files[file].mode, contents[file].clone()));
                }
            }
        }
    }

    fn collect_mapped(&self, folder: usize, at: &Path, found: &mut Vec<PathBuf>) {
        for (name, node) in &self.folders[folder].now {
            match node {
                Node::Folder(inner) => self.collect_mapped(*inner, &at.join(name), found),
                Node::File(file) if self.files[*file].mapped => found.push(at.join(name)),
                Node::File(_) => {}
            }
        }
    }

    fn new_file(&mut self, mode: u32) -> usize {
        self.files.push(FileState { mode, mapped: false, durable: Vec::new(), pending: Vec::new() });
        self.files.len() - 1
    }

    fn new_folder(&mut self) -> usize {
        self.folders.push(FolderState::default());
        self.folders.len() - 1
    }

    fn put(&mut self, number: usize, path: &Path, node: Node) {
        let (folder, name) = self.place(path);
        let folder = &mut self.folders[folder];
        folder.now.insert(name.clone(), node);
        folder.pending.push((number, NameChange::Put(name, node)));
    }

    fn put_durably(&mut self, path: &Path, node: Node) {
        let (folder, name) = self.place(&self.root.join(path));
        let folder = &mut self.folders[folder];
        folder.now.insert(name.clone(), node);
        folder.durable.insert(name, node);
    }

    /// The folder that an absolute path is in, and its name there.
    fn place(&self, path: &Path) -> (usize, String) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (self.folder_at(path.parent().unwrap()), name)
    }

    fn folder_at(&self, path: &Path) -> usize {
        path.strip_prefix(&self.root).unwrap().iter().fold(0, |folder, name| {
            match self.folders[folder].now.get(name.to_str().unwrap()) {
                Some(Node::Folder(inner)) => *inner,
                other => panic!("{} is no folder: {other:?}", path.display()),
            }
        })
    }
}
