use std::error::Error;
use std::io::Write;

use owo_colors::OwoColorize;

use super::exit_code::ExitCode;
use super::output::Format;
use super::printable::for_terminal;

/// An error of a command: it knows how the program ends and what can be done about it.
pub trait Complaint: Error {
    /// How the program ends.
    fn exit_code(&self) -> ExitCode;

    /// What to do about it, in one sentence, when that can be known.
    fn help(&self) -> Option<String> {
        None
    }
}

/// A command that did not do what was asked.
#[derive(Debug)]
pub struct Failure(Box<dyn Complaint>);

impl<C: Complaint + 'static> From<C> for Failure {
    fn from(complaint: C) -> Self {
        Self(Box::new(complaint))
    }
}

impl Failure {
    /// How the program ends.
    pub fn exit_code(&self) -> ExitCode {
        self.0.exit_code()
    }

    /// Writes it to standard error: what happened, then what to do. With `--format json`, one JSON object on one line.
    pub fn report(&self, format: Format) {
        let mut stderr = anstream::stderr().lock();
        let (what, help) = (with_causes(&*self.0), self.0.help());
        // Nobody is left to tell when standard error is closed.
        let _ = match format {
            Format::Json => {
                let report = serde_json::json!({ "error": what, "help": help, "exit_code": self.exit_code().number() });
                writeln!(stderr, "{report}")
            }
            Format::Text => {
                let what = for_terminal(&what);
                let help = help.map(|help| format!("\n{} {help}", "help:".cyan().bold())).unwrap_or_default();
                writeln!(stderr, "{} {what}{help}", "error:".red().bold())
            }
        };
    }
}

/// The error and what caused it, each cause once: many messages say their cause already.
fn with_causes(complaint: &dyn Complaint) -> String {
    let mut what = complaint.to_string();
    let mut cause = complaint.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !what.contains(&said) {
            what.push_str(": ");
            what.push_str(&said);
        }
        cause = error.source();
    }
    what
}
