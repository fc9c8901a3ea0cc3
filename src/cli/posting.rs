use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::connection::{Connection, ConnectionError, advice_on, exit_code_of};
use super::file::NoFolder;
use super::notice::signed_file;
use super::uploading::{self, ListFile};
use super::{Complaint, ExitCode, Failure, FileError, Output, file};
use crate::client::answers::Receipt;
use crate::client::{ClientError, SubmissionBody};
use crate::envelope::Envelope;
use crate::notice::{DocumentHash, PayloadId};
use crate::tlog::{Hash, TlogProof, VerifierKey};

/// Arguments of `palinode notice post` and `palinode publisher post`, which do the same.
#[derive(Debug, Args)]
pub struct PostingArguments {
    /// Signed notices or publisher records; `-` reads one from standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which server to post to; repeat for more
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER", default_value = "http://127.0.0.1:8080/")]
    pub server: Vec<String>,
    /// A digest list that a notice names; repeat for more. Files that end in .digests beside a notice are found without this
    #[arg(long, value_name = "FILE")]
    pub document: Vec<PathBuf>,
    /// Let the server check everything and append nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Folder for the receipts, which must exist; default: beside each file
    #[arg(long, value_name = "DIR")]
    pub receipts: Option<PathBuf>,
}

/// Why a receipt was not kept although the server took the file.
#[derive(Debug, thiserror::Error)]
enum KeepError {
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error(transparent)]
    File(#[from] FileError),
}

impl KeepError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Connection(error) => error.exit_code(),
            Self::File(error) => error.exit_code(),
        }
    }
}

/// What all servers said to all files.
#[derive(Serialize)]
struct Posted {
    posts: Vec<Post>,
}

/// What one server said to one file.
#[derive(Serialize)]
struct Post {
    file: String,
    server: String,
    id: PayloadId,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    awaited: Vec<DocumentHash>,
    /// Digest lists that were brought along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lists: Vec<DocumentHash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// How the program ends because the receipt was not kept.
    #[serde(skip)]
    not_kept: Option<ExitCode>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Appended,
    AlreadyThere,
    WouldBeAppended,
    BeingVerified,
    Refused,
    Unreachable,
    /// The receipt proves nothing.
    Broken,
}

impl Outcome {
    fn exit_code(self) -> ExitCode {
        match self {
            Self::Appended | Self::AlreadyThere | Self::WouldBeAppended | Self::BeingVerified => ExitCode::Done,
            Self::Refused => ExitCode::Refused,
            Self::Unreachable => ExitCode::Unreachable,
            Self::Broken => ExitCode::Integrity,
        }
    }
}

/// Posts every file to every server.
pub(super) fn run(arguments: &PostingArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    if let Some(folder) = arguments.receipts.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(NoFolder { option: "--receipts", folder: folder.clone(), undone: "posted" }.into());
    }
    // Everything is read before anything is sent: a misspelt name must not leave half of the work done.
    let mut bodies = Vec::with_capacity(arguments.files.len());
    for path in &arguments.files {
        bodies.push((path.as_path(), signed_file::read(path)?));
    }
    let mut lists = Vec::with_capacity(bodies.len());
    for (path, body) in &bodies {
        lists.push(uploading::lists_of(path, body, &arguments.document)?);
    }
    let mut posts = Vec::new();
    for server in &arguments.server {
        let connection = Connection::open(server)?;
        let mut log_key = None;
        for ((path, body), lists) in bodies.iter().zip(&lists) {
            posts.push(post(&connection, &mut log_key, path, (body, lists), arguments));
        }
    }
    let code = posts.iter().fold(ExitCode::Done, |code, post| {
        code.or_graver(post.outcome.exit_code()).or_graver(post.not_kept.unwrap_or(ExitCode::Done))
    });
    output.show(&Posted { posts })?;
    Ok(code)
}

fn post(
    connection: &Connection,
    log_key: &mut Option<VerifierKey>,
    path: &Path,
    (body, lists): (&SubmissionBody, &[ListFile]),
    arguments: &PostingArguments,
) -> Post {
    let mut post = Post {
        file: path.display().to_string(),
        server: connection.url().to_string(),
        id: body.envelope.payload_id(),
        outcome: Outcome::Appended,
        index: None,
        tree_size: None,
        receipt: None,
        entry: None,
        awaited: Vec::new(),
        lists: Vec::new(),
        error: None,
        help: None,
        not_kept: None,
    };
    match connection.try_ask(connection.client.post(body, arguments.dry_run)) {
        Err(error) => post.fail(&error),
        Ok(receipt) if receipt.status == 202 => post.outcome = Outcome::BeingVerified,
        Ok(receipt) => {
            post.outcome = match (receipt.known, arguments.dry_run) {
                (true, _) => Outcome::AlreadyThere,
                (false, true) => Outcome::WouldBeAppended,
                (false, false) => Outcome::Appended,
            };
            (post.index, post.tree_size) = (receipt.index, receipt.tree_size);
            if !arguments.dry_run {
                upload(connection, &mut post, &receipt, (body, lists));
                if let Err(error) = keep(connection, log_key, &mut post, &receipt, body, arguments) {
                    post.error = Some(format!("the receipt was not kept: {error}"));
                    post.help = Some("post the same file again; that does no harm and gets the receipt".to_owned());
                    post.not_kept = Some(error.exit_code());
                }
            }
        }
    }
    post
}

/// Brings documents along that the server names as missing and the file has, and the lists that were found.
fn upload(connection: &Connection, post: &mut Post, receipt: &Receipt, (body, lists): (&SubmissionBody, &[ListFile])) {
    let Some(leave) = &receipt.upload else { return };
    for wanted in &leave.documents {
        if let Some(list) = lists.iter().find(|list| list.name == *wanted) {
            match uploading::bring(connection, list, &leave.token) {
                Ok(()) => post.lists.push(*wanted),
                Err(error) => {
                    post.awaited.push(*wanted);
                    post.error = Some(format!("the list {} did not come through: {error}", list.path.display()));
                    post.help = Some("post the same file again: the upload goes on where it was".to_owned());
                    post.not_kept = Some(exit_code_of(&error));
                }
            }
            continue;
        }
        let here = body.documents.iter().find(|document| DocumentHash::of(document) == *wanted);
        let sent = here.map(|bytes| connection.try_ask(connection.client.upload(wanted, &leave.token, bytes.clone())));
        if !matches!(sent, Some(Ok(()))) {
            post.awaited.push(*wanted);
        }
    }
}

/// Verifies the receipt, and writes it with the entry that it is about.
fn keep(
    connection: &Connection,
    log_key: &mut Option<VerifierKey>,
    post: &mut Post,
    receipt: &Receipt,
    body: &SubmissionBody,
    arguments: &PostingArguments,
) -> Result<(), KeepError> {
    let key = match log_key {
        Some(key) => key.clone(),
        None => log_key.insert(connection.published_log_key()?).clone(),
    };
    let Some((leaf, proof)) = receipt.entry.as_deref().and_then(Hash::parse).zip(receipt.proof.as_deref()) else {
        post.break_off("the server gave no receipt");
        return Ok(());
    };
    if let Err(fault) = TlogProof::parse(proof.as_bytes()).and_then(|proof| proof.verify(&leaf, &key)) {
        post.break_off(&format!("the receipt does not hold: {fault}"));
        return Ok(());
    }
    let mut entry = body.envelope.to_json().into_bytes();
    if Hash::leaf(&entry) != leaf {
        // The canonical spelling of the same envelope, or an earlier signature of the same key, is what stands in the log.
        entry = connection.ask(connection.client.entry(&leaf))?;
    }
    let same = Envelope::parse_canonical(&entry).is_ok_and(|entry| entry.payload_id() == post.id);
    if Hash::leaf(&entry) != leaf || !same {
        post.break_off("the receipt is about another entry");
        return Ok(());
    }
    let Some(base) = receipt_base(arguments, post, key.name().as_str()) else { return Ok(()) };
    for (ending, bytes, shown) in [(".tlog-proof", proof.as_bytes(), &mut post.receipt), (".entry", &entry, &mut post.entry)] {
        let path = PathBuf::from(format!("{base}{ending}"));
        file::replace(&path, bytes)?;
        *shown = Some(path.display().to_string());
    }
    Ok(())
}

/// Path and name of a receipt without its ending: the file's name, and the origin with its slashes and colons as hyphens.
/// Nothing that came from standard input has a place, unless `--receipts` gives one.
fn receipt_base(arguments: &PostingArguments, post: &Post, origin: &str) -> Option<String> {
    let path = Path::new(&post.file);
    let named = post.file != "-";
    let folder = match &arguments.receipts {
        Some(folder) => folder.clone(),
        None if named => path.parent().map(Path::to_path_buf).unwrap_or_default(),
        None => return None,
    };
    let stem = if named { path.file_stem()?.to_string_lossy().into_owned() } else { post.id.to_string() };
    let origin: String = origin.chars().map(|c| if matches!(c, '/' | ':') { '-' } else { c }).collect();
    Some(folder.join(format!("{stem}.{origin}")).display().to_string())
}

impl Post {
    fn break_off(&mut self, what: &str) {
        self.outcome = Outcome::Broken;
        self.error = Some(what.to_owned());
        self.help = Some("do not rely on this server; tell its operator, and keep this output".to_owned());
    }

    fn fail(&mut self, error: &ClientError) {
        self.outcome = match exit_code_of(error) {
            ExitCode::Refused => Outcome::Refused,
            _ => Outcome::Unreachable,
        };
        self.error = Some(error.to_string());
        self.help = advice_on(error);
    }
}

impl fmt::Display for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.posts.iter().try_for_each(|post| post.fmt(f))
    }
}

impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.index.map(|index| format!(" at index {index}")).unwrap_or_default();
        write!(f, "{} -> {}  ", self.file, self.server)?;
        match self.outcome {
            Outcome::Appended => writeln!(f, "{}{place}", "in the log".green().bold())?,
            Outcome::AlreadyThere => writeln!(f, "in the log before{place}")?,
            Outcome::WouldBeAppended => writeln!(f, "would be taken; nothing was appended")?,
            Outcome::BeingVerified => writeln!(f, "taken; it waits until the server has verified the domain")?,
            Outcome::Refused => writeln!(f, "{}", "refused".red().bold())?,
            Outcome::Unreachable => writeln!(f, "{}", "not reached".red().bold())?,
            Outcome::Broken => writeln!(f, "{}", "receipt broken".red().bold())?,
        }
        writeln!(f, "  id       {}", self.id)?;
        if let (Some(receipt), Some(entry)) = (&self.receipt, &self.entry) {
            writeln!(f, "  receipt  {receipt}\n  entry    {entry}")?;
        }
        for list in &self.lists {
            writeln!(f, "  list     {list} is there")?;
        }
        for document in &self.awaited {
            writeln!(f, "  awaited  document {document}")?;
        }
        if let Some(error) = &self.error {
            writeln!(f, "  {} {}", "error:".red().bold(), error.replace('\n', "\n  "))?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "  {} {help}", "help:".cyan().bold())?;
        }
        Ok(())
    }
}
