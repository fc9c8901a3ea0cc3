//! `git:`, repositories: `host/path[@commit]`, whatever protocol they are cloned by.
//!
//! Only a full commit (40 or 64 hex digits) is a version; branches, tags and short commits are dropped. Paths are lower case on the
//! forges that ignore case, and kept elsewhere.

use url::Host;

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme, lower_hex};

/// Why a text is no git repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GitFault {
    /// No host, or one that is no host name.
    #[error("a git repository is written host/path, and this host is no host name")]
    Host,
    /// An empty path, empty or dot segments, or characters beyond letters, digits and `-._~+`.
    #[error("a git repository is written host/path, with letters, digits and - . _ ~ + in its path")]
    Path,
    /// A password, which must not stand in a public notice.
    #[error("a password must not stand in an identifier")]
    Password,
    /// A protocol that is not one of git.
    #[error("a git repository is cloned by https, http, ssh or git")]
    Protocol,
    /// On a forge a repository has an owner and a name.
    #[error("a repository on this forge is written host/owner/name")]
    OwnerAndName,
}

impl GitFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Host => "git-host",
            Self::Path => "git-path",
            Self::Password => "git-password",
            Self::Protocol => "git-protocol",
            Self::OwnerAndName => "git-owner-and-name",
        }
    }
}

/// The protocols that git clones by, each with its default port.
const PROTOCOLS: [(&str, &str); 6] =
    [("https", "443"), ("http", "80"), ("ssh", "22"), ("git", "9418"), ("git+https", "443"), ("git+ssh", "22")];

/// Whether `word` is a protocol whose URLs name git repositories and nothing else.
pub(super) fn is_git_protocol(word: &str) -> bool {
    word != "http" && word != "https" && PROTOCOLS.iter().any(|(protocol, _)| *protocol == word)
}

/// Reads what stands behind `git:`, or a clone address: with a protocol, as `user@host:path`, or as `host/path`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let text = text.trim();
    let (default_port, address) = match text.split_once("://") {
        Some((protocol, address)) => {
            let protocol = protocol.to_ascii_lowercase();
            let (_, port) = PROTOCOLS.iter().find(|(word, _)| *word == protocol).ok_or(GitFault::Protocol)?;
            (Some(*port), address.split(['?', '#']).next().unwrap_or(address))
        }
        None => (None, text),
    };
    let (authority, path) = match address.split_once('/') {
        // The short form of ssh, user@host:path: what follows the colon is the path and never a port.
        Some((first, _)) if default_port.is_none() && is_short_ssh(first) => address.split_once(':').ok_or(GitFault::Path)?,
        Some((authority, path)) => (authority, path),
        None if default_port.is_none() && is_short_ssh(address) => address.split_once(':').ok_or(GitFault::Path)?,
        None => return Err(GitFault::Path.into()),
    };
    let (path, reference) = path.split_once('@').map_or((path, None), |(path, reference)| (path, Some(reference)));
    repository(&host(authority, default_port)?, path, reference)
}

/// `owner/name[.git]` and `owner/name/tree/<commit>` of a forge; everything else there stays a page.
pub(super) fn forge_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        [owner, name] => Some(repository(page.host, &format!("{owner}/{name}"), None)),
        [owner, name, "tree", commit] if is_commit(commit) => {
            Some(repository(page.host, &format!("{owner}/{name}"), Some(commit)))
        }
        _ => None,
    }
}

fn is_short_ssh(first: &str) -> bool {
    first.split_once('@').is_some_and(|(_, host)| host.contains(':'))
}

/// The host in lower case, with a port that is not the default one, without user.
fn host(authority: &str, default_port: Option<&str>) -> Result<String, GitFault> {
    let authority = match authority.rsplit_once('@') {
        Some((user, _)) if user.contains(':') => return Err(GitFault::Password),
        Some((_, host)) => host,
        None => authority,
    };
    let (name, port) = authority.split_once(':').map_or((authority, None), |(name, port)| (name, Some(port)));
    let host = match Host::parse(name) {
        Ok(Host::Domain(domain)) if super::url::is_plain_domain(&domain) => domain,
        Ok(Host::Ipv4(address)) => address.to_string(),
        _ => return Err(GitFault::Host),
    };
    // One leading www. is the same site on the forges, as in their pages.
    let host = match host.strip_prefix("www.") {
        Some(forge) if is_forge(forge) => forge.to_owned(),
        _ => host,
    };
    match port {
        None | Some("") => Ok(host),
        Some(port) if Some(port) == default_port => Ok(host),
        Some(port) if !port.starts_with('0') && port.parse::<u16>().is_ok_and(|_| port.bytes().all(|b| b.is_ascii_digit())) => {
            Ok(format!("{host}:{port}"))
        }
        Some(_) => Err(GitFault::Host),
    }
}

fn is_forge(host: &str) -> bool {
    matches!(host, "github.com" | "gitlab.com" | "codeberg.org")
}

fn repository(host: &str, path: &str, reference: Option<&str>) -> Result<Identifier, IdentifierError> {
    let forge = is_forge(host);
    let path = if forge { path.to_ascii_lowercase() } else { path.to_owned() };
    let (path, in_path) = if forge { without_tree(&path) } else { (path.as_str(), None) };
    let path = without_git_suffix(path);
    let segments: Vec<&str> = path.split('/').collect();
    if !segments.iter().all(|segment| is_segment(segment)) {
        return Err(GitFault::Path.into());
    }
    // Groups nest on gitlab.com; on the others a repository has exactly one owner.
    if forge && (segments.len() < 2 || (segments.len() > 2 && host != "gitlab.com")) {
        return Err(GitFault::OwnerAndName.into());
    }
    let commit = reference.or(in_path).filter(|reference| is_commit(reference)).map(str::to_ascii_lowercase);
    match commit {
        Some(commit) => Identifier::assemble(Scheme::Git, &format!("{host}/{path}@{commit}")),
        None => Identifier::assemble(Scheme::Git, &format!("{host}/{path}")),
    }
}

/// Cuts the tree part off a path on a forge: `owner/name/tree/<ref>...`, on GitLab also `group/name/-/tree/<ref>...`.
fn without_tree(path: &str) -> (&str, Option<&str>) {
    for separator in ["/-/tree/", "/tree/"] {
        if let Some((repository, reference)) = path.split_once(separator)
            && repository.trim_matches('/').contains('/')
        {
            return (repository, reference.split('/').next());
        }
    }
    (path, None)
}

fn without_git_suffix(path: &str) -> &str {
    let mut rest = path.trim_matches('/');
    while let Some(shorter) = rest.strip_suffix(".git") {
        rest = shorter.trim_end_matches('/');
    }
    rest
}

fn is_segment(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
        && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+'))
}

fn is_commit(reference: &str) -> bool {
    [40, 64].into_iter().any(|digits| lower_hex(reference, digits).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn git(text: &str) -> Result<String, &'static str> {
        identifier(text).map(|id| id.value().to_owned()).map_err(|error| error.rule())
    }

    #[test]
    fn every_clone_address_of_a_repository_is_one_identifier() {
        for text in [
            "github.com/yu-wu/dukemtmc-videoreid",
            "https://github.com/Yu-Wu/DukeMTMC-VideoReID.git",
            "git@github.com:Yu-Wu/DukeMTMC-VideoReID.git",
            "ssh://git@GitHub.com:22/Yu-Wu/DukeMTMC-VideoReID.git/",
            "git+https://github.com/Yu-Wu/DukeMTMC-VideoReID.git@main#egg=x",
            "www.github.com/Yu-Wu/DukeMTMC-VideoReID/tree/master/data",
        ] {
            assert_eq!(git(text).as_deref(), Ok("github.com/yu-wu/dukemtmc-videoreid"), "{text}");
        }
    }

    #[test]
    fn full_commits_are_kept() {
        assert_eq!(git(&format!("github.com/a/b@{COMMIT}")), Ok(format!("github.com/a/b@{COMMIT}")));
        assert_eq!(git(&format!("gitlab.com/g/s/b/-/tree/{COMMIT}/x")), Ok(format!("gitlab.com/g/s/b@{COMMIT}")));
        assert_eq!(git("github.com/a/b@0123456"), Ok("github.com/a/b".to_owned()));
    }

    #[test]
    fn case_and_ports_are_kept_where_they_matter() {
        assert_eq!(git("https://Git.Example.org:3000/Lab/Faces.git").as_deref(), Ok("git.example.org:3000/Lab/Faces"));
        assert_eq!(git("git@git.example.org:3000/Faces").as_deref(), Ok("git.example.org/3000/Faces"));
    }

    #[test]
    fn what_is_no_repository_is_refused_with_its_reason() {
        assert_eq!(git("https://me:secret@github.com/a/b"), Err("git-password"));
        assert_eq!(git("svn://example.org/a"), Err("git-protocol"));
        assert_eq!(git("github.com/a"), Err("git-owner-and-name"));
        assert_eq!(git("github.com/a/b/wiki"), Err("git-owner-and-name"));
        assert_eq!(git("example.org/a/../b"), Err("git-path"));
        assert_eq!(git("example..org/a"), Err("git-host"));
    }
}
