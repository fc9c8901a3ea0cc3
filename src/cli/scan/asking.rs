//! Has the identifiers of an inventory looked up: in the local index, where nobody is told anything, or by a server.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::cli::connection::{Connection, ConnectionError};
use crate::cli::findings::Asked;
use crate::cli::index::OwnTrust;
use crate::cli::{Complaint, ExitCode, Failure};
use crate::client::answers::{CheckAnswer, NoticeAnswer};
use crate::client::index::{IndexError, LocalIndex};
use crate::clock::{Clock, SystemClock};
use crate::notice::NoticeId;
use crate::scan::Inventory;
use crate::verdict::Trust;

use super::ScanArguments;

/// How many identifiers a server is asked at once (protocol, section 9).
const AT_ONCE: usize = 1_000;
/// How many notices are looked up for their titles, actions and dates.
const MOST_LOOKED_UP: usize = 200;

/// Who answers.
pub(super) enum Ledgers {
    /// A server, which is thereby told the identifiers.
    Server(Box<Connection>),
    /// The copies in the local index, where it lies, and whom the asker pinned.
    Index(Vec<LocalIndex>, String, OwnTrust),
}

/// Why there is nobody to ask.
#[derive(Debug, thiserror::Error)]
enum NobodyToAsk {
    /// Nothing to look anything up in.
    #[error("nothing is in the local index {0}, so nothing was looked up")]
    EmptyIndex(String),
}

impl Complaint for NobodyToAsk {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Unreachable
    }

    fn help(&self) -> Option<String> {
        Some(
            "fetch a list first: palinode index update --server https://ledger.example.org/; or --ask URL, which tells that server \
             the identifiers that are found"
                .to_owned(),
        )
    }
}

impl Ledgers {
    /// Whom the arguments want to be asked. Nobody is asked anything yet.
    pub(super) fn of(arguments: &ScanArguments) -> Result<Self, Failure> {
        if let Some(server) = &arguments.ask {
            return Ok(Self::Server(Box::new(Connection::open(server)?)));
        }
        let folder = arguments.index.folder()?;
        let place = folder.path().display().to_string();
        let own = arguments.trust.read()?;
        let copies = LocalIndex::open_all(&folder)?;
        if copies.is_empty() {
            return Err(NobodyToAsk::EmptyIndex(place).into());
        }
        Ok(Self::Index(copies, place, own))
    }

    /// Looks everything up.
    ///
    /// # Errors
    /// When a server answers nothing at all, or a copy cannot be read or holds what nobody signed.
    pub(super) fn look_up(&self, inventory: &Inventory) -> Result<Asked, Failure> {
        match self {
            Self::Server(connection) => Ok(of_server(connection, inventory)?),
            Self::Index(copies, place, own) => {
                let mut asked = Asked { at: place.clone(), ..Asked::default() };
                for copy in copies {
                    of_copy(copy, &own.with(copy), inventory, &mut asked)?;
                }
                Ok(asked)
            }
        }
    }
}

/// Asks a server, in parts. What was answered before an error is kept: a finding counts for more than what could not be asked.
fn of_server(connection: &Connection, inventory: &Inventory) -> Result<Asked, ConnectionError> {
    let identifiers: Vec<String> = inventory.identifiers().iter().map(ToString::to_string).collect();
    let mut asked = Asked { at: connection.url().to_string(), ..Asked::default() };
    if identifiers.is_empty() {
        return Ok(asked);
    }
    tell(connection, identifiers.len());
    for some in identifiers.chunks(AT_ONCE) {
        match connection.ask(connection.client.check(some, false)) {
            Ok(answer) => asked.parts.push(answer),
            Err(error) if asked.parts.is_empty() => return Err(error),
            Err(error) => {
                asked.interrupted = Some(error.to_string());
                break;
            }
        }
    }
    // For reading only: a notice that cannot be had is left out.
    let notice = |id: &NoticeId| connection.try_ask(connection.client.notice(id)).ok().flatten();
    asked.notices = notices(&asked.parts, notice);
    Ok(asked)
}

/// Asks a copy about what it may know; of everything else it knows nothing, which needs no answer.
fn of_copy(copy: &LocalIndex, trust: &Trust, inventory: &Inventory, asked: &mut Asked) -> Result<(), IndexError> {
    let mut known = Vec::new();
    for identifier in inventory.identifiers() {
        if copy.may_know(identifier)? {
            known.push(identifier.to_string());
        }
    }
    // Asked even with nothing to ask: the answer tells of what time and size it is.
    let part = copy.check(&known, trust, SystemClock.now())?;
    asked.notices.extend(notices(std::slice::from_ref(&part), |id| copy.notice(id)));
    asked.parts.push(part);
    Ok(())
}

/// The notices that matched.
fn notices(
    parts: &[CheckAnswer],
    mut notice: impl FnMut(&NoticeId) -> Option<NoticeAnswer>,
) -> BTreeMap<NoticeId, NoticeAnswer> {
    let matches = parts.iter().flat_map(|part| &part.answers).flat_map(|answer| &answer.matches);
    let wanted: BTreeSet<NoticeId> = matches.map(|found| found.notice).collect();
    wanted.into_iter().take(MOST_LOOKED_UP).filter_map(|id| Some((id, notice(&id)?))).collect()
}

/// Says what a server is told before it is told.
fn tell(connection: &Connection, identifiers: usize) {
    let things = if identifiers == 1 { "1 identifier".to_owned() } else { format!("{identifiers} identifiers") };
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(anstream::stderr(), "asking {}, which is told {things} of what lies here", connection.url());
}
