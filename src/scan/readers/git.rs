//! What a git repository says of itself: its remotes (`.git/config`), the commit that is checked out (`HEAD`, refs, packed refs), and its
//! submodules (`.gitmodules`). Nothing of git is run, and no object is read.
//!
//! An address may hold a password; it is taken away before anything is kept or said.

use std::str;

use url::Url;

use super::super::{Evidence, Relation};
use super::Notes;
use crate::notice::{Identifier, Scheme};

/// The small files of one `.git` folder.
#[derive(Debug, Default)]
pub struct Checkout {
    /// `config`.
    pub config: Vec<u8>,
    /// `HEAD`.
    pub head: Vec<u8>,
    /// The file of the branch that `HEAD` names, when there is one.
    pub branch: Vec<u8>,
    /// `packed-refs`.
    pub packed_refs: Vec<u8>,
}

impl Checkout {
    /// The ref that `HEAD` names, such as `refs/heads/main`; `None` when it names a commit, or a path that leads elsewhere.
    pub fn head_ref(head: &[u8]) -> Option<&str> {
        let name = str::from_utf8(head).ok()?.strip_prefix("ref:")?.trim();
        (name.starts_with("refs/") && !name.split('/').any(|part| part == "..")).then_some(name)
    }

    /// The commit that is checked out.
    fn commit(&self) -> Option<String> {
        let commit = |bytes: &[u8]| {
            let text = str::from_utf8(bytes).ok()?.trim();
            is_commit(text).then(|| text.to_owned())
        };
        let Some(name) = Self::head_ref(&self.head) else { return commit(&self.head) };
        commit(&self.branch).or_else(|| {
            let packed = str::from_utf8(&self.packed_refs).ok()?;
            let line = packed.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix(' '));
            line.filter(|commit| is_commit(commit)).map(str::to_owned)
        })
    }

    /// Tells each remote with the commit.
    pub fn read(&self, notes: &mut Notes) {
        let commit = self.commit();
        if let Some(commit) = commit.as_deref().filter(|commit| commit.len() == 40) {
            notes.states("swh", "HEAD", &format!("1:rev:{commit}"), Relation::Itself);
        }
        for (section, url, line) in urls(&self.config) {
            if section.starts_with("remote ") {
                notes.at_line(line);
                repository(&url, commit.as_deref(), Relation::Itself, notes);
            }
        }
    }
}

/// Where the `.git` file of a submodule or of a linked worktree says that its folder of git is (gitrepository-layout(5)).
pub fn folder(bytes: &[u8]) -> Option<&str> {
    let way = str::from_utf8(bytes).ok()?.strip_prefix("gitdir:")?.trim();
    (!way.is_empty() && !way.contains(['\n', '\0'])).then_some(way)
}

/// Tells the submodules that `.gitmodules` names. Their commits stand in the index of the repository, which is not read.
pub fn modules(bytes: &[u8], notes: &mut Notes) {
    for (section, url, line) in urls(bytes) {
        if section.starts_with("submodule ") {
            notes.at_line(line);
            repository(&url, None, Relation::Origin, notes);
        }
    }
}

/// A repository by its address, at a commit. Paths of this machine are no names of anything.
pub(super) fn repository(url: &str, commit: Option<&str>, relation: Relation, notes: &mut Notes) {
    let url = without_password(url.trim());
    let is_path = !url.contains("://") && !url.split('/').next().is_some_and(|host| host.contains(':'));
    if url.is_empty() || is_path || url.starts_with("file:") {
        return;
    }
    let direct = Identifier::normalise(&url).ok().filter(|id| matches!(id.scheme(), Scheme::Hf | Scheme::Git));
    let text = direct.map_or_else(|| format!("git:{url}"), |identifier| identifier.to_string());
    let at_commit = commit.filter(|commit| is_commit(commit)).map(|commit| {
        let plain = Identifier::normalise(&text).map_or_else(|_| text.clone(), |id| id.unversioned().unwrap_or(id).to_string());
        format!("{plain}@{commit}")
    });
    match at_commit.and_then(|text| Identifier::normalise(&text).ok()) {
        Some(identifier) => notes.saw(identifier, Evidence::NamedInMetadata, relation),
        None => notes.names("url", &text, relation),
    }
}

fn without_password(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if parsed.has_host() && (!parsed.username().is_empty() || parsed.password().is_some()) => {
            let stripped = parsed.set_username("").and_then(|()| parsed.set_password(None));
            if stripped.is_ok() { parsed.into() } else { String::new() }
        }
        Ok(_) => url.to_owned(),
        // What cannot be taken apart may still hold a password.
        Err(_) => match (url.split_once("://"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
            _ => url.to_owned(),
        },
    }
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Every `url` of a file in git's configuration syntax, with its section and line.
fn urls(bytes: &[u8]) -> Vec<(String, String, u32)> {
    let Ok(text) = str::from_utf8(bytes) else { return Vec::new() };
    let mut section = String::new();
    let mut found = Vec::new();
    for (n, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[') {
            name.split(']').next().unwrap_or(name).trim().clone_into(&mut section);
        } else if let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case("url")
        {
            found.push((section.clone(), value.trim().trim_matches('"').to_owned(), n));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    const COMMIT: &str = "f59388cd04276e75d70b2136597aaa27e7937cc3";

    fn said(checkout: &Checkout) -> Vec<String> {
        let mut notes = Notes::of(Place::named(0, ".git/config"), Source::Git);
        checkout.read(&mut notes);
        assert!(notes.remarks.is_empty(), "{:?}", notes.remarks);
        notes.sightings.iter().map(|s| s.identifier.to_string()).collect()
    }

    #[test]
    fn a_remote_is_named_with_the_commit_that_is_checked_out() {
        let config =
            b"[core]\n\tbare = false\n[remote \"origin\"]\n\turl = git@github.com:Yu-Wu/DukeMTMC-VideoReID.git\n".to_vec();
        let expected = [format!("swh:1:rev:{COMMIT}"), format!("git:github.com/yu-wu/dukemtmc-videoreid@{COMMIT}")];
        let detached = Checkout { config: config.clone(), head: format!("{COMMIT}\n").into(), ..Checkout::default() };
        assert_eq!(said(&detached), expected);
        let packed = Checkout {
            config: config.clone(),
            head: b"ref: refs/heads/main\n".to_vec(),
            packed_refs: format!("# pack-refs\n{COMMIT} refs/heads/main\n").into(),
            ..Checkout::default()
        };
        assert_eq!(said(&packed), expected);
        let unborn = Checkout { config, head: b"ref: refs/heads/main\n".to_vec(), ..Checkout::default() };
        assert_eq!(said(&unborn), ["git:github.com/yu-wu/dukemtmc-videoreid"]);
    }

    #[test]
    fn a_clone_of_the_hub_is_a_dataset_of_the_hub() {
        let config = b"[remote \"origin\"]\n url = https://user:hf_secret@huggingface.co/datasets/Example/Faces\n".to_vec();
        let checkout = Checkout { config, head: COMMIT.into(), ..Checkout::default() };
        assert_eq!(said(&checkout)[1], format!("hf:datasets/example/faces@{COMMIT}"));
    }

    #[test]
    fn a_password_is_never_told_and_a_path_is_no_name() {
        for url in ["https://user:secret@[bad", "https://user:secret@/x", "/srv/git/x.git", "../x", "file:///srv/x"] {
            let mut notes = Notes::of(Place::named(0, "c"), Source::Git);
            repository(url, None, Relation::Itself, &mut notes);
            let all = format!("{:?}{:?}", notes.sightings, notes.remarks);
            assert!(!all.contains("secret"), "{all}");
        }
        assert_eq!(Checkout::head_ref(b"ref: refs/../../x"), None);
    }

    #[test]
    fn submodules_are_origins() {
        let mut notes = Notes::of(Place::named(0, ".gitmodules"), Source::GitModules);
        modules(b"[submodule \"d\"]\n\tpath = d\n\turl = https://github.com/a/b.git\n", &mut notes);
        assert_eq!(notes.sightings[0].identifier.as_str(), "git:github.com/a/b");
        assert_eq!(notes.sightings[0].relation, Relation::Origin);
    }
}
