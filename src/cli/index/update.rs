//! `palinode index update`: fetches what is new of compact lists, and verifies it.

use std::fmt;
use std::io::{BufRead, Write};

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::place::IndexArguments;
use super::source::Source;
use crate::cli::printable::for_terminal;
use crate::cli::progress::steps_bar;
use crate::cli::witnesses::{WitnessArguments, accepted};
use crate::cli::{Complaint, ExitCode, Failure, Format, Output};
use crate::client::ClientError;
use crate::client::audit::Patience;
use crate::client::index::{IndexError, IndexFolder, LocalIndex, Pinned, ServerFolder, Stage, Updated, Updater, Wanted};
use crate::clock::{Clock, SystemClock};
use crate::tlog::Policy;

const EXAMPLES: &str = "\
Fetches the compact list of each server: what every notice is found by, signed by the operator. `palinode check --offline` then
answers without asking anybody. When a server is seen for the first time, its keys are shown, and pinned when you say yes; from then
on nothing counts that is signed by other keys. What is here is never replaced by something older, and an update that breaks off
leaves it as it was. With nothing new, one small request is made.

Small logs are fetched with all of their entries, which verdicts follow from. Of large ones only the list is fetched, and an answer
then asks for the entries that it needs, 256 at a time; --entries fetches all of them, for questions without any network.

--from reads the same from a mirror, or from a folder with a copy of the paths v1/server, v1/index/head, v1/index/tile/,
v1/index/trust/, log/tile/ of a server, or from a .tar or .tar.gz of such a folder. It need not be trusted: everything is verified.

Exit codes: 0 what is here is up to date; 1 what is there is older, or was not confirmed; 2 usage; 3 could not be fetched; 4 what
came is not what was signed, or contradicts what is here.

Examples:
  palinode index update --server https://ledger.example.org/
  palinode index update
  palinode index update --from /media/usb/ledger-copy --entries
  palinode index update --from ledger-copy.tar.gz";

/// Arguments of `palinode index update`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct IndexUpdateArguments {
    /// Server whose list to fetch; repeat for more. Without it, all servers that were pinned
    #[arg(long, value_name = "URL")]
    pub server: Vec<String>,
    /// Read from this mirror, folder or tar archive instead of from the server itself
    #[arg(long, value_name = "URL|DIR|FILE")]
    pub from: Option<String>,
    /// Pin the keys of a server that is seen for the first time, without asking
    #[arg(long)]
    pub trust_on_first_use: bool,
    /// Fetch all entries, so that every question can be answered without a network; `--entries=needed` leaves them to the answers that
    /// need them
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "all", value_name = "WHICH")]
    pub entries: Option<Entries>,
    /// Fetch digest lists of any size as a whole; otherwise only those of at most 1 MiB, and of others a filter that says what is not in
    /// them
    #[arg(long)]
    pub lists: bool,
    /// Whose cosignatures the checkpoint must have
    #[command(flatten)]
    pub witnesses: WitnessArguments,
    /// Where the local index lies
    #[command(flatten)]
    pub index: IndexArguments,
}

/// Which entries are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Entries {
    /// All of them.
    All,
    /// Those that answers need, when they need them.
    Needed,
}

#[derive(Debug, thiserror::Error)]
enum UpdateError {
    #[error("the local index {0} has no server yet")]
    NoServer(String),
    #[error("the keys of {0} were not pinned, since nobody said yes")]
    NotConfirmed(String),
    #[error("the keys of {url} cannot be asked for: {source}")]
    Keys { url: String, source: ClientError },
    #[error("--from reads the list of one server: give one --server, or none")]
    ManyServers,
}

impl Complaint for UpdateError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoServer(_) | Self::ManyServers => ExitCode::Usage,
            Self::NotConfirmed(_) => ExitCode::Refused,
            Self::Keys { .. } => ExitCode::Unreachable,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoServer(_) => "name one: palinode index update --server https://ledger.example.org/".to_owned(),
            Self::NotConfirmed(_) => {
                "compare the keys with what its operator tells you, then answer y or give --trust-on-first-use".to_owned()
            }
            Self::Keys { .. } => "is it a palinode server, or a copy with its v1/server?".to_owned(),
            Self::ManyServers => return None,
        })
    }
}

pub(super) fn run(arguments: &IndexUpdateArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let folder = arguments.index.folder()?;
    let policy = arguments.witnesses.read()?;
    let mut report = Report { index: folder.path().display().to_string(), servers: Vec::new() };
    let mut code = ExitCode::Done;
    for (keys_from, list_from) in places(arguments, &folder)? {
        match one(arguments, &folder, policy.as_ref(), &keys_from, &list_from) {
            Ok(server) => report.servers.push(server),
            // Alone, it is told as every error is.
            Err(failure) if arguments.server.len() <= 1 && report.servers.is_empty() => return Err(failure),
            Err(failure) => {
                failure.report(output.format());
                code = code.or_graver(failure.exit_code());
            }
        }
    }
    output.show(&report)?;
    Ok(code)
}

/// Fetches what is new of every list that is here; what could not be fetched is told, and the gravest of it given.
pub(in crate::cli) fn update_all(folder: &IndexFolder, format: Format) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::Done;
    for server in folder.servers()? {
        let Some(keys) = Pinned::read(&server)? else { continue };
        let updated = Source::open(&keys.url).and_then(|source| {
            let updater = Updater::new(&source.client, &server, &keys, Wanted::default(), Patience::default());
            source.wait(updater.update(&mut |_, _, _| {})).map_err(Failure::from)
        });
        if let Err(failure) = updated {
            failure.report(format);
            code = code.or_graver(failure.exit_code());
        }
    }
    Ok(code)
}

/// Where the keys of each server are asked for, and where its list is read.
fn places(arguments: &IndexUpdateArguments, folder: &IndexFolder) -> Result<Vec<(String, String)>, Failure> {
    match (arguments.server.as_slice(), &arguments.from) {
        ([], Some(from)) => Ok(vec![(from.clone(), from.clone())]),
        ([server], Some(from)) => Ok(vec![(server.clone(), from.clone())]),
        (_, Some(_)) => Err(UpdateError::ManyServers.into()),
        ([], None) => {
            let mut places = Vec::new();
            for server in folder.servers()? {
                places.extend(Pinned::read(&server)?.map(|pinned| (pinned.url.clone(), pinned.url)));
            }
            if places.is_empty() {
                return Err(UpdateError::NoServer(folder.path().display().to_string()).into());
            }
            Ok(places)
        }
        (servers, None) => Ok(servers.iter().map(|server| (server.clone(), server.clone())).collect()),
    }
}

fn one(
    arguments: &IndexUpdateArguments,
    folder: &IndexFolder,
    policy: Option<&Policy>,
    keys_from: &str,
    list_from: &str,
) -> Result<Server, Failure> {
    let source = Source::open(list_from)?;
    let (server, keys) = match known(folder, &source)? {
        Some(known) => known,
        None => pinned(arguments, folder, keys_from)?,
    };
    if let Some(policy) = policy {
        accepted(Some(policy), &keys.log)?;
    }
    let entries = arguments.entries.map(|entries| entries == Entries::All);
    let wanted = Wanted { entries, lists: arguments.lists };
    let updater = Updater::new(&source.client, &server, &keys, wanted, Patience::default()).with_policy(policy.cloned());
    let bar = steps_bar();
    let updated = source.wait(updater.update(&mut |stage, done, of| {
        bar.set_message(match stage {
            Stage::Hashes => "leaf hashes",
            Stage::Tiles => "index tiles",
            Stage::Lists => "digest lists",
        });
        bar.set_length(of);
        bar.set_position(done);
    }));
    bar.finish_and_clear();
    Ok(Server::new(&server, &keys, source.address(), &updated?)?)
}

/// The server whose list was read here before.
fn known(folder: &IndexFolder, source: &Source) -> Result<Option<(ServerFolder, Pinned)>, Failure> {
    for server in folder.servers()? {
        if let Some(keys) = Pinned::read(&server)?
            && (keys.url == source.address() || server.was_read_from(&keys, source.address())?)
        {
            return Ok(Some((server, keys)));
        }
    }
    Ok(None)
}

/// The server that publishes its keys here: as it was pinned, or pinned now.
fn pinned(arguments: &IndexUpdateArguments, folder: &IndexFolder, keys_from: &str) -> Result<(ServerFolder, Pinned), Failure> {
    let source = Source::open(keys_from)?;
    let url = source.address();
    let answer =
        source.wait(source.client.server()).map_err(|error| UpdateError::Keys { url: url.to_owned(), source: error })?;
    let shown = Pinned::of_server(&answer, url, SystemClock.now())?;
    let server = folder.server(shown.origin());
    if let Some(keys) = Pinned::read(&server)? {
        keys.agrees_with(&shown)?;
        return Ok((server, keys));
    }
    if !arguments.trust_on_first_use && !confirmed(&shown) {
        return Err(UpdateError::NotConfirmed(shown.origin().to_owned()).into());
    }
    shown.write(&server)?;
    Ok((server, shown))
}

/// Shows the keys and waits for a yes. Silence and a closed input are a no.
fn confirmed(keys: &Pinned) -> bool {
    let mut stderr = anstream::stderr().lock();
    let question = format!(
        "{} at {} publishes these keys:\n  log       {}\n  witness   {}\n  operator  {}\nCompare them with what its operator tells you. \
         Pin them? [y/N] ",
        keys.origin(),
        keys.url,
        keys.log,
        keys.witness,
        keys.operator.to_multibase()
    );
    let shown = stderr.write_all(for_terminal(&question).as_bytes()).and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    shown.is_ok() && read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[derive(Serialize)]
struct Report {
    index: String,
    servers: Vec<Server>,
}

/// What became of the copy of one server.
#[derive(Serialize)]
struct Server {
    origin: String,
    from: String,
    /// Whether the tree has grown.
    changed: bool,
    size_before: Option<u64>,
    size: u64,
    issued: String,
    /// Whether all entries are here.
    entries: bool,
    #[serde(skip_serializing_if = "is_zero")]
    lists_missing: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Server {
    fn new(folder: &ServerFolder, keys: &Pinned, from: &str, updated: &Updated) -> Result<Self, IndexError> {
        let Updated { before, size, changed, entries, missing_lists } = *updated;
        // Opened once, so that an index that could not be used would be told of now.
        let index = LocalIndex::open(folder)?;
        let issued = index.map(|index| index.head().issued.to_string()).unwrap_or_default();
        let (origin, from) = (keys.origin().to_owned(), from.to_owned());
        Ok(Self { origin, from, changed, size_before: before, size, issued, entries, lists_missing: missing_lists })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for server in &self.servers {
            let Server { origin, from, changed, size_before, size, issued, entries, lists_missing } = server;
            let grown = match (changed, size_before) {
                (false, _) => "nothing new".to_owned(),
                (true, None) => "fetched for the first time".to_owned(),
                (true, Some(before)) => format!("{} new", size - before),
            };
            let entries = if *entries { "all entries here" } else { "entries are fetched when they are needed" };
            writeln!(f, "{} {grown}: tree size {size}, as of {issued}, {entries} ({from})", origin.bold())?;
            if *lists_missing > 0 {
                writeln!(f, "  {} {lists_missing} digest lists are not to be had there", "incomplete:".yellow())?;
            }
        }
        write!(f, "in {}", self.index)
    }
}
