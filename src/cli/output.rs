use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use super::exit_code::ExitCode;
use super::failure::Complaint;
use super::printable::for_terminal;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people: sentences and tables, coloured on a terminal.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
}

/// Where a command shows its result.
pub struct Output {
    format: Format,
    out: Box<dyn Write>,
}

/// Standard output took no more, for another reason than a closed pipe.
#[derive(Debug, thiserror::Error)]
#[error("the result cannot be written: {0}")]
pub struct OutputError(#[from] io::Error);

impl Complaint for OutputError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Unreachable
    }
}

impl Output {
    /// Shows results on standard output, without colours where `NO_COLOR` is set or no terminal reads them.
    pub fn to_stdout(format: Format) -> Self {
        Self { format, out: Box::new(anstream::stdout()) }
    }

    /// How results are written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Shows one report: for people as it displays itself, without what misleads a terminal; for programs as JSON.
    pub fn show<R: Display + Serialize>(&mut self, report: &R) -> Result<(), OutputError> {
        let text = match self.format {
            Format::Text => for_terminal(&report.to_string()).into_owned(),
            Format::Json => serde_json::to_string_pretty(report).map_err(io::Error::from)?,
        };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        self.write(format!("{text}{end}").as_bytes())
    }

    /// Writes a file as it is, in either format: what is made to be redirected, such as a man page.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            // `palinode ... | head` has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}
