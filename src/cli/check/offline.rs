//! Questions answered from the local index: nobody is asked.

use std::collections::BTreeMap;
use std::fmt;

use clap::Args;
use serde::Serialize;
use tokio::runtime::Builder;

use super::report::{About, Report};
use super::{CheckArguments, exit_code, freshness};
use crate::cli::connection::Connection;
use crate::cli::index::{IndexArguments, TrustArguments};
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::client::answers::{CheckAnswer, NoticeAnswer};
use crate::client::index::LocalIndex;
use crate::clock::{Clock, SystemClock};
use crate::notice::{DocumentHash, NoticeId};

/// Where answers come from when nobody is asked, and whom to trust.
#[derive(Debug, Args)]
pub struct OfflineArguments {
    /// Answer from the local index (`palinode index update`), and ask nobody
    #[arg(long, conflicts_with = "proof")]
    pub offline: bool,
    /// Answer from the local index, and fetch entries that an answer needs, 256 at a time: the server learns no identifier
    #[arg(long, conflicts_with_all = ["proof", "offline"])]
    pub local: bool,
    /// With --offline or --local: whom to trust
    #[command(flatten)]
    pub trust: TrustArguments,
    /// Where the local index lies
    #[command(flatten)]
    pub index: IndexArguments,
}

#[derive(Debug, thiserror::Error)]
enum OfflineError {
    #[error("nothing is in the local index {0}, so nothing was looked up")]
    Empty(String),
}

impl Complaint for OfflineError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Empty(_) => ExitCode::Unreachable,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Empty(_) => Some("fetch a list first: palinode index update --server https://ledger.example.org/".to_owned()),
        }
    }
}

/// Answers from every copy in the index: all are shown, and the most severe answer decides how this ends.
pub(super) fn run(ids: &[String], arguments: &CheckArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let folder = arguments.offline.index.folder()?;
    let own = arguments.offline.trust.read()?;
    let mut copies = LocalIndex::open_all(&folder)?;
    if arguments.offline.local {
        copies = copies.into_iter().map(fetching).collect::<Result<_, _>>()?;
    }
    if copies.is_empty() {
        return Err(OfflineError::Empty(folder.path().display().to_string()).into());
    }
    let now = SystemClock.now();
    let (mut parts, mut servers) = (Vec::new(), Vec::new());
    for copy in &copies {
        let trust = own.with(copy);
        let answer = copy.check(ids, &trust, now)?;
        let freshness = freshness(std::slice::from_ref(&answer), now, arguments.max_age);
        servers.push(Report::of_copy(copy, answer.clone(), about(copy, &answer), freshness));
        parts.push(answer);
    }
    let code = exit_code(&parts, arguments, freshness(&parts, now, arguments.max_age), None);
    output.show(&Offline { asked_nobody: arguments.offline.offline, index: folder.path().display().to_string(), servers })?;
    Ok(code)
}

/// A copy that asks its server for the entries that it needs.
pub(in crate::cli) fn fetching(copy: LocalIndex) -> Result<LocalIndex, Failure> {
    let client = Connection::open(&copy.pinned().url)?.client;
    let asked = client.clone();
    let entries = move |index, width| {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        runtime.block_on(asked.bundle(index, width))
    };
    let lists = move |list: &DocumentHash, first, last| {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        runtime.block_on(client.document_range(list, first, last)).map_err(|error| error.to_string())
    };
    Ok(copy.fetching(Box::new(entries), Box::new(lists)))
}

/// Titles of the notices that matched.
fn about(copy: &LocalIndex, answer: &CheckAnswer) -> BTreeMap<NoticeId, About> {
    let mut known = BTreeMap::new();
    for found in answer.answers.iter().flat_map(|answer| &answer.matches) {
        if known.len() >= super::report::MOST_LOOKED_UP {
            break;
        }
        if !known.contains_key(&found.notice)
            && let Some(NoticeAnswer { payload, first_seen, issuer_name, .. }) = copy.notice(&found.notice)
        {
            known.insert(found.notice, About::of(&payload, issuer_name, first_seen));
        }
    }
    known
}

/// What every copy answers.
#[derive(Serialize)]
struct Offline {
    #[serde(rename = "offline")]
    asked_nobody: bool,
    index: String,
    servers: Vec<Report>,
}

impl fmt::Display for Offline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for server in &self.servers {
            writeln!(f, "{server}")?;
        }
        let asked =
            if self.asked_nobody { "nobody was asked" } else { "servers were asked for entries, and for no identifier" };
        write!(f, "answered from {}; {asked}", self.index)
    }
}
