use clap::{Parser, Subcommand};

use super::output::Format;
use super::{
    backup, block, check, completions, config, demo, digests, doctor, fsck, healthcheck, import, index, key, lock, log, man,
    notice, peer, proof, publisher, quarantine, remove, restore, scan, schema, serve, watch,
};

const EXAMPLES: &str = "\
Exit codes:
  0  done                                   3  could not reach or look up
  1  refused, not verified, or a finding    4  a log or a proof is broken
  2  usage or configuration                 5  nothing to check

`palinode help COMMAND` shows examples of each command.";

/// Signed, logged and federated notices that a dataset has been retracted.
#[derive(Debug, Parser)]
#[command(name = "palinode", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Arguments {
    /// How results are written
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of this version.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Run a server
    Serve(serve::ServeArguments),
    /// See three servers, real cases and a story on this machine
    Demo(demo::DemoArguments),
    /// Make and show key files
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Make publisher records, which say whose keys speak for an issuer
    #[command(subcommand)]
    Publisher(publisher::PublisherCommand),
    /// Draft, sign, show and verify notices
    #[command(subcommand)]
    Notice(notice::NoticeCommand),
    /// Make drafts out of what other systems hold
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Make and look at lists of digests, which notices name
    #[command(subcommand)]
    Digests(digests::DigestsCommand),
    /// Ask a server what is known about identifiers
    Check(check::CheckArguments),
    /// Fetch compact lists of servers, from which questions are answered without asking anybody
    #[command(subcommand)]
    Index(index::IndexCommand),
    /// Look at dataset folders and at code, and at what is known about them
    Scan(scan::ScanArguments),
    /// Write down what lies in a folder and what ledgers know of it, for the supplement of a paper
    Lock(lock::LockArguments),
    /// Show, without a network, what was known when a lock was made, and whether the folder still is what was locked
    VerifyLock(lock::VerifyLockArguments),
    /// Ask again about a folder whenever more is known, and run a hook when answers change
    Watch(watch::WatchArguments),
    /// Audit the log of a server from outside
    #[command(subcommand)]
    Log(log::LogCommand),
    /// Check receipts offline
    #[command(subcommand)]
    Proof(proof::ProofCommand),
    /// Add, list and remove the peers of a server
    #[command(subcommand)]
    Peer(peer::PeerCommand),
    /// Take nothing new from an issuer, or list those that are blocked
    Block(block::BlockArguments),
    /// Let a blocked issuer in again
    Unblock(block::UnblockArguments),
    /// Look at entries of peers that are not in the log, and decide about them
    #[command(subcommand)]
    Quarantine(quarantine::QuarantineCommand),
    /// Remove documents from a server, and see what peers removed
    #[command(subcommand)]
    Remove(remove::RemoveCommand),
    /// Derive a server's data again and compare
    Fsck(fsck::FsckArguments),
    /// Say what is wrong with a server and what to do
    Doctor(doctor::DoctorArguments),
    /// Ask a server on this machine whether it is well, for container runtimes and scripts
    Healthcheck(healthcheck::HealthcheckArguments),
    /// Make a verified copy of a server's log, beside the running server
    Backup(backup::BackupArguments),
    /// Begin a new log with the entries of a backup
    Restore(restore::RestoreArguments),
    /// Print or check a server's configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print the JSON Schema of what this program reads or writes
    Schema(schema::SchemaArguments),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArguments),
    /// Print or write the man pages
    Man(man::ManArguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_teaches_by_an_example() {
        fn walk(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                if sub.has_subcommands() {
                    walk(sub, &path);
                } else {
                    let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                    assert!(help.contains("Examples:") && help.contains(&path), "{path} has no example of itself");
                    assert!(sub.get_about().is_some(), "{path} says nothing about itself");
                }
            }
        }
        walk(&Arguments::command(), "palinode");
    }
}
