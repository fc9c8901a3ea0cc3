//! `palinode publisher revoke`: the next record, which says that a key is in the wrong hands.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::next::{self, Desk, Next, NextArguments};
use super::resign::{self, Powerless, Resigned};
use crate::cli::connection::Connection;
use crate::cli::file::NoFolder;
use crate::cli::{ExitCode, Failure, Output};
use crate::envelope::{Changes, KeyStatus, PublicKey, SecretKey};

const EXAMPLES: &str = "\
Marks a key compromised, for ever: no later record takes the mark back, and the mark counts whenever and in whatever order the
records arrive. What only this key signed stays visible, and retractions in it still count; but what it replaces, revokes or
reinstates is not followed: a thief cannot lift a retraction. That holds for what you signed with the key yourself, too. With
--server you are shown which notices that concerns. Name with --resign those that are really yours, by file or by id; each is
signed again with a good key, into a file to post. Dates and the order of logs decide nothing, so do not wait.

The record is signed by a key that is still active; by the stolen key itself when there is no other, with a new key added. The thief
may then make a rival record at the same place: the chain ends there, and neither side can lift anything, but your mark counts.

Examples:
  palinode publisher revoke lab-1.json --key lab-2.pem --compromised lab.pem --out lab-2.json --server https://ledger.example.org/
  palinode publisher revoke lab-1.json --key lab-2.pem --compromised lab.pem --out lab-2.json --resign reinstatement.json
  palinode publisher revoke lab.json --key lab.pem --compromised lab.pem --add new.pem --out lab-1.json
  palinode publisher revoke lab-2.json --key lab-2.pem --resign reinstatement.json                    only signs again";

/// Arguments of `palinode publisher revoke`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RevokeArguments {
    /// Which record is followed, and by whom
    #[command(flatten)]
    pub next: NextArguments,
    /// The key in the wrong hands: z6Mk..., 64 hex digits, or a file of a public or private key; repeat for more
    #[arg(long, value_name = "KEY", required_unless_present = "resign", requires = "out")]
    pub compromised: Vec<String>,
    /// A key that becomes active in the same record; repeat for more
    #[arg(long, value_name = "KEY", requires = "compromised")]
    pub add: Vec<String>,
    /// Write the signed record to this file
    #[arg(long, value_name = "FILE", requires = "compromised")]
    pub out: Option<PathBuf>,
    /// Sign this notice again with a good key: a file of it, or its id when --server has it; repeat for more
    #[arg(long, value_name = "NOTICE")]
    pub resign: Vec<String>,
    /// The folder for notices that are signed again, which must exist
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub resign_to: PathBuf,
}

/// What was done, and what it does.
#[derive(Serialize)]
struct Revoked {
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Next>,
    compromised: Vec<PublicKey>,
    /// Notices that lift something and that only compromised keys signed; absent when no server was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    powerless: Option<Vec<Powerless>>,
    signed_again: Vec<Resigned>,
}

pub(super) fn run(arguments: &RevokeArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    if !arguments.resign_to.is_dir() {
        return Err(NoFolder { option: "--resign-to", folder: arguments.resign_to.clone(), undone: "written" }.into());
    }
    let added = next::keys("--add", &arguments.add)?;
    let changes = Changes {
        add: next::public(&added),
        compromise: next::public(&next::keys("--compromised", &arguments.compromised)?),
        may_end: arguments.next.leave_no_active_key,
        ..Changes::default()
    };
    let desk = Desk::open(&arguments.next)?;
    let compromised = compromised(&desk, &changes)?;
    let did = &desk.source.did;
    let server = arguments.next.server.as_deref();
    let mut powerless = match server {
        Some(server) => Some(resign::powerless(&Connection::open(server)?, did, &compromised)?),
        None => None,
    };
    let good = added.iter().filter_map(|key| key.secret.as_ref());
    let good = std::iter::once(&desk.signer).chain(good).find(|key| !compromised.contains(&key.public()));
    let next = match &arguments.out {
        Some(out) => Some(desk.write(&arguments.next, &changes, out)?),
        None => None,
    };
    let signed_again = sign_again(arguments, &desk, good).inspect_err(|_| {
        // All or nothing, so that the same command can be given again; what cannot be removed stands where it is named.
        arguments.out.as_ref().map(std::fs::remove_file);
    })?;
    for notice in powerless.iter_mut().flatten() {
        notice.signed_again = signed_again.iter().any(|again| again.id == notice.id);
    }
    output.show(&Revoked { next, compromised, powerless, signed_again })?;
    Ok(ExitCode::Done)
}

fn sign_again(arguments: &RevokeArguments, desk: &Desk, key: Option<&SecretKey>) -> Result<Vec<Resigned>, Failure> {
    resign::run(&arguments.resign, &desk.source.did, key, arguments.next.server.as_deref(), &arguments.resign_to)
}

/// The keys that are compromised once the record is posted: those of before, and those that were named.
fn compromised(desk: &Desk, changes: &Changes) -> Result<Vec<PublicKey>, Failure> {
    let (_, newest) = desk.newest()?;
    let marked = newest.keys.iter().filter(|key| key.status == KeyStatus::Compromised).map(|key| key.key);
    let of_lineages = desk.lineages().of(&desk.source.did).into_iter().flat_map(|lineage| lineage.compromised_keys());
    let mut all: Vec<PublicKey> = marked.chain(of_lineages.copied()).chain(changes.compromise.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

impl fmt::Display for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(next) = &self.next {
            writeln!(f, "{next}")?;
        }
        match self.powerless.as_deref() {
            None => {
                writeln!(f, "With --server, a server is asked which of your notices lift something and lose that force.")?;
            }
            Some([]) => writeln!(f, "No notice known there lifts anything by a compromised key alone.")?,
            Some(powerless) => {
                writeln!(
                    f,
                    "These lift something, and only compromised keys signed them. They stay visible, and lift nothing:"
                )?;
                for Powerless { id, kind, title, signed_again } in powerless {
                    let mark = if *signed_again { "signed again" } else { "" };
                    writeln!(f, "  {id}  {kind} of {title}  {mark}")?;
                }
                writeln!(
                    f,
                    "Those that are yours: sign them again, with --resign and the id. Leave those of the thief as they are."
                )?;
            }
        }
        if !self.signed_again.is_empty() {
            writeln!(f, "Signed again, to be posted after the record:")?;
        }
        for again in &self.signed_again {
            writeln!(f, "  palinode notice post {}    {}", again.file, again.title)?;
        }
        Ok(())
    }
}
