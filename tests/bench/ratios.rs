//! Ratios: what the server does against what this machine can do, measured in one run.
//!
//! ```text
//! cargo bench --bench ratios                             every part but `large`, `idle` and `lists`
//! cargo bench --bench ratios -- posting check            these
//! cargo bench --bench ratios -- --notices 20000 --seconds 1 check
//! cargo bench --bench ratios -- --format json
//! ```
//!
//! An absolute figure tells about a machine and an hour. So each part measures a second thing beside it, a physical limit, in
//! turns on the same cores (A B A, several rounds), and the quotient is what is promised. The server is the whole server, a child
//! process with its own SQLite folder, durable as always; its twin in the same process sends a constant body over the same HTTP
//! stack. Client and server share the machine.
//!
//! The manual's chapter *performance* tells how to read what it prints.
#![expect(clippy::expect_used, reason = "what a benchmark cannot do ends it")]

mod abuse;
mod checking;
mod hashing;
mod importing;
mod joining;
mod large;
mod lists;
mod load;
mod machine;
mod material;
mod offline;
mod pages;
mod physical;
mod posting;
mod process;
mod report;
mod run;
mod server;
mod statistics;
mod steps;
mod tiles;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use machine::Machine;
use report::{Line, Report};
use run::Run;

/// Measures the server against what this machine can do.
#[derive(Debug, Parser)]
#[command(name = "ratios", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    /// What to measure; everything but `large`, `idle` and `lists` when nothing is named
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// How many notices the log has that is asked and imported
    #[arg(long, default_value_t = 100_000)]
    notices: u64,
    /// How many notices the large log has
    #[arg(long, default_value_t = 1_000_000)]
    large: u64,
    /// How many digests a list has
    #[arg(long, default_value_t = 10_000_000)]
    digests: u64,
    /// How long one side of one round lasts
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How many rounds; medians count
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// Threads of each HTTP server
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Folder for filled logs, to be used again by the next run
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Folder for everything else
    #[arg(long, value_name = "DIR", default_value = env!("CARGO_TARGET_TMPDIR"))]
    folder: PathBuf,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Said by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// The child process
    #[command(hide = true)]
    Server(server::ServerArguments),
    /// A command of the product, in a process of its own
    #[command(hide = true)]
    Palinode {
        #[arg(last = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Durable posts over 32 connections
    Posting,
    /// One post after another over one connection
    Single,
    /// Questions about one identifier, and about 1,000
    Check,
    /// Pages for people
    Pages,
    /// Bulk import
    Import,
    /// A new server that reads the log of a peer
    Join,
    /// Hash tiles and bundles of the log
    Tiles,
    /// Digest lists at full size; only when it is named, because it takes a minute and some gigabytes
    Lists,
    /// Good requests beside floods and connections that drip
    Abuse,
    /// A scan of large and of small files
    Hashing,
    /// A local index of the log, and questions in it
    Offline,
    /// A log of a million notices; only when it is named, because filling it takes minutes
    Large,
    /// Twenty peers that have nothing to say; only when it is named, because it takes minutes of waiting
    Idle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Part {
    fn measure(self, run: &Run) -> Vec<Line> {
        match self {
            Self::Posting => posting::many(run),
            Self::Single => posting::single(run),
            Self::Check => checking::run(run),
            Self::Pages => pages::run(run),
            Self::Import => importing::run(run),
            Self::Join => joining::join(run),
            Self::Tiles => tiles::run(run),
            Self::Lists => lists::run(run),
            Self::Abuse => abuse::run(run),
            Self::Hashing => hashing::run(run),
            Self::Offline => offline::run(run),
            Self::Large => large::run(run),
            Self::Idle => joining::idle(run),
        }
    }
}

#[expect(clippy::print_stdout, reason = "the result of the program")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Role::Palinode { arguments }) = &arguments.role {
        return palinode::cli::run(std::iter::once("palinode".into()).chain(arguments.iter().cloned())).into();
    }
    if let Some(Role::Server(arguments)) = &arguments.role {
        server::run(arguments);
        return ExitCode::SUCCESS;
    }
    let folder = arguments.folder.join("ratios");
    std::fs::create_dir_all(&folder).expect("the folder can be written");
    let run = Run {
        kept: arguments.keep,
        notices: arguments.notices,
        large: arguments.large,
        digests: arguments.digests,
        lasts: Duration::from_secs_f64(arguments.seconds),
        rounds: arguments.rounds,
        workers: arguments.workers,
        folder,
    };
    let said: Vec<_> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let command = format!("cargo bench --bench ratios -- {}", said.join(" "));
    let mut report = Report { command, machine: Machine::look(&run.folder), lines: Vec::new() };
    let mut parts = arguments.parts;
    if parts.is_empty() {
        parts = Part::value_variants()
            .iter()
            .copied()
            .filter(|part| !matches!(part, Part::Large | Part::Idle | Part::Lists))
            .collect();
    }
    if arguments.format == Format::Text {
        println!("{}\n{}\n", report.command, report.machine);
    }
    for part in parts {
        let lines = part.measure(&run);
        if arguments.format == Format::Text {
            for line in &lines {
                println!("{line}");
            }
        }
        report.lines.extend(lines);
    }
    if arguments.format == Format::Json {
        println!("{}", serde_json::to_string_pretty(&report).expect("a report can be written"));
    }
    if report.met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
