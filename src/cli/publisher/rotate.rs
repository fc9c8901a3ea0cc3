//! `palinode publisher rotate`: the next record, in which new keys begin and old ones retire.

use std::path::PathBuf;

use clap::Args;

use super::next::{self, Desk, NextArguments};
use crate::cli::{ExitCode, Failure, Output};
use crate::envelope::Changes;

const EXAMPLES: &str = "\
A publisher's records are a chain: each is signed by a key that the one before calls active. A retired key signs nothing new, and
what it signed keeps its force. Nobody who pinned the publisher has to do anything: a pin holds for the whole chain.

If a key is in the wrong hands, do not retire it: `palinode publisher revoke`. If it is lost and no other active key is left, no
next record can be made by anyone; begin anew with `palinode publisher init` and ask operators to pin the new record.

Examples:
  palinode key new lab-2.pem
  palinode publisher rotate lab.json --key lab.pem --add lab-2.pem --retire lab.pem --out lab-1.json
  palinode publisher rotate lab.json --key lab.pem --add spare.pem --out lab-1.json      a second key, for the day the first is lost
  palinode publisher rotate did:web:lab.example.org --server https://ledger.example.org/ --key spare.pem --add new.pem \\
      --retire z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp --out lab-2.json
  palinode publisher rotate lab-1.json --key lab-2.pem --name 'Our Laboratory' --out lab-2.json";

/// Arguments of `palinode publisher rotate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RotateArguments {
    /// Which record is followed, and by whom
    #[command(flatten)]
    pub next: NextArguments,
    /// A key that becomes active: z6Mk..., 64 hex digits, or a file of a public or private key; repeat for more
    #[arg(long, value_name = "KEY")]
    pub add: Vec<String>,
    /// A key that signs nothing new any more; repeat for more
    #[arg(long, value_name = "KEY")]
    pub retire: Vec<String>,
    /// Another name
    #[arg(long)]
    pub name: Option<String>,
    /// Another home page, an https URL
    #[arg(long, value_name = "URL")]
    pub homepage: Option<String>,
    /// Another contact page, an https URL
    #[arg(long, value_name = "URL")]
    pub contact: Option<String>,
    /// Write the signed record to this file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

pub(super) fn run(arguments: &RotateArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let changes = Changes {
        add: next::public(&next::keys("--add", &arguments.add)?),
        retire: next::public(&next::keys("--retire", &arguments.retire)?),
        compromise: Vec::new(),
        name: arguments.name.clone(),
        homepage: arguments.homepage.clone(),
        contact: arguments.contact.clone(),
        may_end: arguments.next.leave_no_active_key,
    };
    let desk = Desk::open(&arguments.next)?;
    output.show(&desk.write(&arguments.next, &changes, &arguments.out)?)?;
    Ok(ExitCode::Done)
}
