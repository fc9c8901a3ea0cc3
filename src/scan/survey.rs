use std::fs;
use std::io::{BufReader, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ignore::WalkBuilder;

use super::code::{self, Language};
use super::comparing::{Members, compare};
use super::hashing::{self, Algorithm, Algorithms, Cache, Job, Progress};
use super::place::text;
use super::readers::{self, Checkout, Format, SNIFFED};
use super::walk::{Entry, Found, walk};
use super::{Evidence, Inventory, Notes, Place, Source, Why};

/// Most bytes of a small file of git.
const MOST_OF_GIT: u64 = 64 << 20;

/// How a scan is done.
#[derive(Debug)]
pub struct Settings {
    /// Which digests of files are computed; none with an empty set.
    pub algorithms: Algorithms,
    /// Whether code is read too.
    pub code: bool,
    /// How many files are hashed at once.
    pub workers: NonZeroUsize,
    /// Where digests are kept for the next scan.
    pub cache: Option<PathBuf>,
    /// A file that is passed over, as if it were not there: one that was written about the rest.
    pub leaving_out: Option<PathBuf>,
    /// The present time.
    pub now: SystemTime,
}

/// Why nothing was scanned.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be scanned: {source}", .path.display())]
pub struct SurveyError {
    /// Which path.
    pub path: PathBuf,
    /// What the operating system said.
    #[source]
    pub source: std::io::Error,
}

/// What lies at these paths: metadata first, then code if it is asked for, then the bytes of files.
///
/// # Errors
/// A path that is not there or cannot be looked at. What lies below it and cannot be read is remarked, and the scan goes on.
pub fn survey(roots: &[PathBuf], settings: &Settings, progress: &dyn Progress) -> Result<Inventory, SurveyError> {
    let names = roots.iter().map(|root| text(root.as_os_str())).collect();
    let mut survey = Survey {
        settings,
        inventory: Inventory::of(names),
        jobs: Vec::new(),
        members: Members::default(),
        unseen: Vec::new(),
        root: PathBuf::new(),
    };
    for (number, root) in roots.iter().enumerate() {
        let full = fs::canonicalize(root).map_err(|source| SurveyError { path: root.clone(), source })?;
        survey.root.clone_from(&full);
        survey.above(number, &full);
        walk(number, &full, &mut |found| survey.met(found));
        if settings.code {
            survey.read_code(number, &full);
        }
    }
    let Survey { mut inventory, jobs, members, mut unseen, .. } = survey;
    let cache = settings.cache.as_deref().and_then(|folder| Cache::open(folder, settings.now).ok());
    let outcome = hashing::run(jobs, settings.workers, cache.as_ref(), progress);
    inventory.sightings.extend(outcome.sightings);
    unseen.extend(outcome.remarks.iter().filter(|remark| remark.why.is_unread()).map(|remark| remark.place.whole()));
    inventory.sightings.extend(hashing::of_folders(outcome.files, unseen, settings.algorithms));
    for remark in outcome.remarks {
        inventory.note(remark);
    }
    inventory.digests = settings.algorithms.iter().collect();
    inventory.counts.hashed_files = outcome.counts.hashed_files;
    inventory.counts.hashed_bytes = outcome.counts.hashed_bytes;
    inventory.counts.cached_files = outcome.counts.cached_files;
    inventory.counts.trivial_files = outcome.counts.trivial_files;
    // What everybody has matches nothing, whoever states it.
    inventory.sightings.retain(|sighting| !sighting.identifier.is_trivial());
    inventory.sort();
    compare(&mut inventory, &members);
    inventory.sort();
    Ok(inventory)
}

struct Survey<'s> {
    settings: &'s Settings,
    inventory: Inventory,
    jobs: Vec<Job>,
    /// What members of metadata files are about.
    members: Members,
    /// What lies below a folder and is not looked at: such a folder has no digest of its own.
    unseen: Vec<Place>,
    /// The present root, without links.
    root: PathBuf,
}

/// The parts of a full path as text.
fn parts(path: &Path) -> Vec<String> {
    path.iter().map(text).collect()
}

impl Survey<'_> {
    fn take(&mut self, mut notes: Notes) {
        for (pointer, name) in std::mem::take(&mut notes.members) {
            self.members.describe(&notes.file, pointer, name);
        }
        self.inventory.counts.more_remarks += notes.more_remarks;
        let (sightings, remarks) = notes.into_parts();
        self.inventory.sightings.extend(sightings);
        for remark in remarks {
            self.inventory.note(remark);
        }
    }

    /// What the names of folders above a root say: somebody may scan one folder of a snapshot.
    fn above(&mut self, root: usize, full: &Path) {
        let parts = parts(full);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        for length in 1..parts.len() {
            let above = parts.get(..length).unwrap_or_default();
            if let Some(notes) = readers::cache_folder(above, |source| Notes::of(Place::named(root, ""), source)) {
                self.take(notes);
            }
        }
    }

    fn met(&mut self, found: Found) {
        match found {
            Found::Folder(entry) => self.folder(&entry),
            Found::File(entry, _) if self.is_left_out(&entry.full) => {}
            Found::File(entry, length) => self.file(entry, length),
            Found::Link(entry, target, why) => self.link(&entry, &target, why),
            Found::Remark(place, why) => {
                self.unseen.push(place.clone());
                self.inventory.remark(place, why);
            }
        }
    }

    fn is_left_out(&self, full: &Path) -> bool {
        self.settings.leaving_out.as_deref() == Some(full)
    }

    fn folder(&mut self, entry: &Entry) {
        self.inventory.counts.folders += 1;
        let full = parts(&entry.full);
        let full: Vec<&str> = full.iter().map(String::as_str).collect();
        if let Some(notes) = readers::cache_folder(&full, |source| Notes::of(entry.place.clone(), source)) {
            self.take(notes);
        }
        if entry.name == ".git" {
            self.unseen.push(entry.place.clone());
            self.git(&entry.full, &format!("{}/config", entry.place.path), entry.place.root);
        }
    }

    /// A submodule or a linked worktree: its `.git` is a file that says where the folder of git is. Only one within the root is read.
    fn git_file(&mut self, entry: &Entry) {
        let Ok(bytes) = small_file(&entry.full, readers::MOST_OF_A_POINTER) else { return };
        let Some(target) = readers::git_folder(&bytes) else { return };
        let beside = entry.full.parent().unwrap_or(&self.root);
        match fs::canonicalize(beside.join(target)) {
            Ok(folder) if folder.starts_with(&self.root) => self.git(&folder, &entry.place.path, entry.place.root),
            Ok(_) => self.inventory.remark(entry.place.clone(), Why::LinkLeavesRoot { target: target.to_owned() }),
            Err(_) => self.inventory.remark(entry.place.clone(), Why::DanglingLink { target: target.to_owned() }),
        }
    }

    /// A folder of git: some small files in it, each read only if it is one. A linked worktree has its own `HEAD`, and shares the rest.
    fn git(&mut self, folder: &Path, told: &str, root: usize) {
        let small = |folder: &Path, name: &str| small_file(&folder.join(name), MOST_OF_GIT).unwrap_or_default();
        let shared = small(folder, "commondir");
        let shared = std::str::from_utf8(&shared).ok().map(str::trim).filter(|way| !way.is_empty());
        let shared = shared.and_then(|way| fs::canonicalize(folder.join(way)).ok()).filter(|way| way.starts_with(&self.root));
        let common = shared.as_deref().unwrap_or(folder);
        let head = small(folder, "HEAD");
        let branch = Checkout::head_ref(&head).map(|name| small(common, name)).unwrap_or_default();
        let checkout = Checkout { config: small(common, "config"), branch, packed_refs: small(common, "packed-refs"), head };
        let mut notes = Notes::of(Place::named(root, told), Source::Git);
        checkout.read(&mut notes);
        self.inventory.counts.metadata_files += 1;
        self.take(notes);
    }

    fn file(&mut self, entry: Entry, length: u64) {
        self.inventory.counts.files += 1;
        if entry.name == ".git" {
            self.unseen.push(entry.place.clone());
            self.git_file(&entry);
        }
        let full = parts(&entry.full);
        let full: Vec<&str> = full.iter().map(String::as_str).collect();
        let mut stated = Algorithms::NONE;
        if let Some(notes) = readers::stored_file(&full, |source| Notes::of(entry.place.clone(), source)) {
            let words = notes.sightings.iter().filter(|sighting| sighting.evidence == Evidence::DigestStated);
            stated = words.filter_map(|sighting| hashing_algorithm(sighting.identifier.as_str())).collect();
            self.take(notes);
        }
        let folder = full.iter().rev().skip(1).take(5).find(|name| name.contains("___")).copied();
        let own = Format::of_name(&entry.name).or_else(|| sniffed(&entry, length));
        if let Some(format) = own.filter(|format| !is_bag_paper(*format) || beside_a_bag(&entry.full)) {
            self.metadata(format, &entry, length, folder);
        }
        let wanted = self.settings.algorithms;
        // A store names a file by its digest: when no other is wanted, its bytes need not be read.
        let for_folders = !wanted.of_folders().is_empty();
        let needed = wanted.of_files();
        let algorithms = if needed.is_within(stated) && !for_folders { Algorithms::NONE } else { needed };
        self.jobs.push(Job { path: entry.full, place: entry.place, length, algorithms, for_folders });
    }

    fn metadata(&mut self, format: Format, entry: &Entry, length: u64, folder: Option<&str>) {
        let mut notes = Notes::of(entry.place.clone(), format.source());
        if length > format.limit() {
            notes.remark(Why::TooLarge { what: "bytes", limit: format.limit() });
        } else {
            match hashing::open(&entry.full) {
                Ok((file, _)) => readers::read(format, BufReader::new(file), &entry.name, folder, &mut notes),
                Err(error) => notes.remark(Why::Unreadable { reason: error.to_string() }),
            }
        }
        self.inventory.counts.metadata_files += 1;
        self.take(notes);
    }

    fn link(&mut self, entry: &Entry, target: &str, why: Option<Why>) {
        self.inventory.counts.links += 1;
        self.unseen.push(entry.place.clone());
        let said = readers::link(target, |source| Notes::of(entry.place.clone(), source));
        let is_said = said.is_some();
        if let Some(notes) = said.filter(|_| why.is_some()) {
            // What the link leads to within the root is seen there.
            self.take(notes);
        }
        if let Some(why) = why.filter(|_| !is_said) {
            self.inventory.remark(entry.place.clone(), why);
        }
    }

    /// Reads code below a root, but for what `.gitignore` names: environments and build folders are not the repository's own.
    fn read_code(&mut self, root: usize, full: &Path) {
        let mut walk = WalkBuilder::new(full);
        walk.hidden(false).git_global(false).ignore(false).require_git(false).follow_links(false);
        walk.filter_entry(|entry| entry.file_name() != ".git");
        walk.sort_by_file_name(std::cmp::Ord::cmp);
        // What cannot be listed was remarked by the first walk.
        for entry in walk.build().flatten() {
            let Some(language) = entry.file_name().to_str().and_then(Language::of_name) else { continue };
            if !entry.file_type().is_some_and(|kind| kind.is_file()) || self.is_left_out(entry.path()) {
                continue;
            }
            let relative = entry.path().strip_prefix(full).unwrap_or(entry.path());
            let mut notes = Notes::of(Place::of(root, relative), Source::Code);
            match small_file(entry.path(), language.limit()) {
                Ok(bytes) => code::read(&bytes, language, &mut notes),
                Err(why) => notes.remark(why),
            }
            self.inventory.counts.code_files += 1;
            self.take(notes);
        }
    }
}

/// The format of a file whose name says nothing.
fn sniffed(entry: &Entry, length: u64) -> Option<Format> {
    if length == 0 || length > readers::MOST_OF_JSON || !Format::may_be_sniffed(&entry.name) {
        return None;
    }
    let (file, _) = hashing::open(&entry.full).ok()?;
    let mut beginning = Vec::new();
    file.take(SNIFFED).read_to_end(&mut beginning).ok()?;
    Format::of_content(&beginning)
}

/// Which algorithm of hashing made an identifier.
fn hashing_algorithm(identifier: &str) -> Option<Algorithm> {
    let (scheme, value) = identifier.split_once(':')?;
    if value.starts_with("1:cnt:") { Some(Algorithm::GitBlob) } else { Algorithm::parse(scheme) }
}

fn is_bag_paper(format: Format) -> bool {
    matches!(format, Format::BagFetch | Format::BagInfo)
}

/// Whether `bagit.txt` lies beside a file: `fetch.txt` may be anything elsewhere.
fn beside_a_bag(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.join("bagit.txt").is_file())
}

/// The bytes of a file that should be small.
fn small_file(path: &Path, most: u64) -> Result<Vec<u8>, Why> {
    let unreadable = |error: std::io::Error| Why::Unreadable { reason: error.to_string() };
    let (file, metadata) = hashing::open(path).map_err(unreadable)?;
    if metadata.len() > most {
        return Err(Why::TooLarge { what: "bytes", limit: most });
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
