//! `palinode block` and `palinode unblock`: issuers from whom a server takes nothing new.

use std::fmt;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::serve::ServerArguments;
use super::{Complaint, ExitCode, Failure, Output, table};
use crate::app::blocks::{self, BlockView};
use crate::clock::{Clock, SystemClock};
use crate::notice::{Did, DidError};

const BLOCK_EXAMPLES: &str = "\
Nothing new of the issuer is taken from then on, neither from clients nor from peers. What stands in the log stays: others have it, and
answers go on counting it. A server that runs notices within a second. Without an issuer, those that are blocked are listed.

Examples:
  palinode block did:web:spam.example --why 'a thousand notices about nothing'
  palinode block
  palinode block --format json --data ./palinode-data";
const UNBLOCK_EXAMPLES: &str = "\
What peers offered meanwhile is looked at again.

Examples:
  palinode unblock did:web:spam.example";

/// Arguments of `palinode block`.
#[derive(Debug, Args)]
#[command(after_help = BLOCK_EXAMPLES)]
pub struct BlockArguments {
    /// The DID of the issuer; left out, the blocked ones are listed
    #[arg(value_name = "ISSUER")]
    pub issuer: Option<String>,
    /// A note for yourself, shown in the list
    #[arg(long, value_name = "TEXT", requires = "issuer")]
    pub why: Option<String>,
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
}

/// Arguments of `palinode unblock`.
#[derive(Debug, Args)]
#[command(after_help = UNBLOCK_EXAMPLES)]
pub struct UnblockArguments {
    /// The DID of the issuer
    #[arg(value_name = "ISSUER")]
    pub issuer: String,
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
}

#[derive(Debug, thiserror::Error)]
enum BlockError {
    #[error("{text:?} names no issuer: {source}")]
    Issuer { text: String, source: DidError },
    #[error("{0} is not blocked")]
    NotBlocked(Did),
}

impl Complaint for BlockError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Issuer { .. } => ExitCode::Usage,
            Self::NotBlocked(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Issuer { .. } => "give its DID, such as did:web:example.org, as its notices show it".to_owned(),
            Self::NotBlocked(_) => "`palinode block` lists those that are".to_owned(),
        })
    }
}

pub(super) fn block(arguments: &BlockArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let data = arguments.server.settings()?.server.data;
    let Some(issuer) = &arguments.issuer else {
        output.show(&Blocks { blocks: blocks::list(&data)? })?;
        return Ok(ExitCode::Done);
    };
    let issuer = did(issuer)?;
    let new = blocks::block(&data, &issuer, arguments.why.as_deref(), SystemClock.now())?;
    output.show(&Blocked { blocked: issuer.to_string(), new })?;
    Ok(ExitCode::Done)
}

pub(super) fn unblock(arguments: &UnblockArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let data = arguments.server.settings()?.server.data;
    let issuer = did(&arguments.issuer)?;
    if !blocks::unblock(&data, &issuer)? {
        return Err(BlockError::NotBlocked(issuer).into());
    }
    output.show(&Unblocked { unblocked: issuer.to_string() })?;
    Ok(ExitCode::Done)
}

fn did(text: &str) -> Result<Did, BlockError> {
    Did::parse(text).map_err(|source| BlockError::Issuer { text: text.to_owned(), source })
}

#[derive(Serialize)]
struct Blocks {
    blocks: Vec<BlockView>,
}

#[derive(Serialize)]
struct Blocked {
    blocked: String,
    new: bool,
}

#[derive(Serialize)]
struct Unblocked {
    unblocked: String,
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.blocks.is_empty() {
            return write!(f, "Nobody is blocked. `palinode block ISSUER` takes nothing new from an issuer.");
        }
        let mut rows = table(["issuer", "since", "why"]);
        for BlockView { issuer, since, why } in &self.blocks {
            let since = since.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            rows.add_row([issuer.clone(), since, why.clone().unwrap_or_default()]);
        }
        write!(f, "{}", rows.trim_fmt())
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = if self.new { "is blocked" } else { "was blocked before" };
        writeln!(f, "{} {when}: nothing new of it is taken", self.blocked.bold())?;
        write!(f, "What stands in the log stays, and answers go on counting it.")
    }
}

impl fmt::Display for Unblocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is let in again, as the admission policy says. What peers offered meanwhile is looked at now.",
            self.unblocked
        )
    }
}
