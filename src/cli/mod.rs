//! The command line: one command a file, the output formats, and the exit codes.
//!
//! [`run`] parses arguments, runs one command and answers with an [`ExitCode`]; `main` does nothing else. A command takes its
//! arguments and an [`Output`], and either shows one report or fails with an error that knows its exit code and what to do
//! next. A report is one value that can be written for people and as JSON, so the two cannot drift apart.
//!
//! In scope: arguments, files named on the command line, wording. Out of scope: every rule. What a notice may say, who may sign
//! it and what follows from it is decided in the rooms below, and a command only shows their answer.
//!
//! Standard output carries results only; errors, advice and progress go to standard error. Colours follow `NO_COLOR`,
//! `CLICOLOR` and whether the output is a terminal.

mod arguments;
mod connection;
mod exit_code;
mod failure;
mod file;
mod key_argument;
mod output;
mod posting;
mod printable;
mod program_log;
mod progress;
mod secret;
mod table;
mod uploading;
mod witnesses;

pub mod backup;
pub mod block;
pub mod check;
pub mod completions;
pub mod config;
pub mod demo;
pub mod digests;
pub mod doctor;
pub mod findings;
pub mod fsck;
pub mod healthcheck;
pub mod import;
pub mod index;
pub mod key;
pub mod lock;
pub mod log;
pub mod man;
pub mod notice;
pub mod peer;
pub mod proof;
pub mod publisher;
pub mod quarantine;
pub mod remove;
pub mod restore;
pub mod scan;
pub mod schema;
pub mod serve;
pub mod watch;

use std::ffi::OsString;

use clap::Parser;

pub use arguments::{Arguments, Command};
pub use connection::ConnectionError;
pub use exit_code::ExitCode;
pub use failure::{Complaint, Failure};
pub use file::FileError;
pub use output::{Format, Output, OutputError};
pub use secret::SecretError;
pub use table::table;
pub use witnesses::WitnessArguments;

/// Runs the command that `arguments` name (the first one is the program), and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors and go to standard output; nothing is left to do when a pipe is closed.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::Usage } else { ExitCode::Done };
        }
    };
    let mut output = Output::to_stdout(arguments.format);
    match dispatch(arguments.command, &mut output) {
        Ok(code) => code,
        Err(failure) => {
            failure.report(arguments.format);
            failure.exit_code()
        }
    }
}

fn dispatch(command: Command, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve(arguments) => serve::run(&arguments, output),
        Command::Demo(arguments) => demo::run(&arguments, output.format()),
        Command::Key(command) => key::run(&command, output),
        Command::Publisher(command) => publisher::run(&command, output),
        Command::Notice(command) => notice::run(&command, output),
        Command::Import(command) => import::run(&command, output),
        Command::Digests(command) => digests::run(&command, output),
        Command::Check(arguments) => check::run(&arguments, output),
        Command::Index(command) => index::run(&command, output),
        Command::Scan(arguments) => scan::run(&arguments, output),
        Command::Lock(arguments) => lock::run_lock(&arguments, output),
        Command::VerifyLock(arguments) => lock::run_verify(&arguments, output),
        Command::Watch(arguments) => watch::run(&arguments, output),
        Command::Log(command) => log::run(&command, output),
        Command::Proof(command) => proof::run(&command, output),
        Command::Peer(command) => peer::run(&command, output),
        Command::Block(arguments) => block::block(&arguments, output),
        Command::Unblock(arguments) => block::unblock(&arguments, output),
        Command::Quarantine(command) => quarantine::run(&command, output),
        Command::Remove(command) => remove::run(&command, output),
        Command::Fsck(arguments) => fsck::run(&arguments, output),
        Command::Doctor(arguments) => doctor::run(&arguments, output),
        Command::Healthcheck(arguments) => healthcheck::run(&arguments, output),
        Command::Backup(arguments) => backup::run(&arguments, output),
        Command::Restore(arguments) => restore::run(&arguments, output),
        Command::Config(arguments) => config::run(arguments, output),
        Command::Schema(arguments) => schema::run(&arguments, output),
        Command::Completions(arguments) => completions::run(&arguments, output),
        Command::Man(arguments) => man::run(&arguments, output),
    }
}
