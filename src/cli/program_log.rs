//! What the program says about its work: one event a line, on standard error, so that standard output stays a result.
//!
//! What strangers send ends up in some events, in an error of a peer for example. It cannot begin a line of its own, move the
//! cursor of whoever reads the log, or turn the direction of what follows: such characters are written out.

use std::fmt;
use std::io;

use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{self, Writer};

use super::printable::{JsonLines, one_line};
use crate::config::{LogFormat, LogSettings};

/// A bare level is about this program; the libraries under it only warn, unless a filter asks them for more. The one that
/// reads requests would write a line for each that cannot be read, and anyone can send those.
fn directives(level: &str) -> String {
    match level {
        "info" | "debug" | "trace" => format!("warn,actix_http::h1::dispatcher=off,palinode={level}"),
        "warn" | "error" => format!("{level},actix_http::h1::dispatcher=off"),
        filter => filter.to_owned(),
    }
}

/// Writes events to standard error from now on.
pub(super) fn begin(settings: &LogSettings) {
    let colours = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    // Another subscriber in this process keeps its place.
    let _ = tracing::subscriber::set_global_default(subscriber(settings, colours, io::stderr));
}

fn subscriber<W>(settings: &LogSettings, colours: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // The filter was parsed when the settings were checked.
    let filter = EnvFilter::builder().parse_lossy(directives(&settings.level));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours);
    match settings.format {
        LogFormat::Text => Box::new(lines.fmt_fields(format::debug_fn(field).delimited(" ")).with_writer(writer).finish()),
        LogFormat::Json => Box::new(lines.json().with_writer(Escaping(writer)).finish()),
    }
}

/// `name=value`, and the message without its name.
fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let value = format!("{value:?}");
    match field.name() {
        "message" => write!(writer, "{}", one_line(&value)),
        name => write!(writer, "{name}={}", one_line(&value)),
    }
}

struct Escaping<M>(M);

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Escaping<M> {
    type Writer = JsonLines<M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        JsonLines(self.0.make_writer())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::printable::misleads;
    use super::*;

    /// Titles, names, addresses and errors as somebody might send them to be found in a log.
    const HOSTILE: [&str; 8] = [
        "x\n2026-11-23T12:00:00Z  INFO palinode: the key was changed",
        "x\r\n{\"level\":\"ERROR\"}",
        "\u{1b}[2J\u{1b}[1;1H",
        "\u{1b}]8;;https://evil.example/\u{1b}\\click\u{1b}]8;;\u{1b}\\",
        "\u{202e}txt.exe\u{2066}",
        "\u{9b}31m\u{85}\u{7f}\u{0}",
        "\u{2028}\u{2029}\u{feff}",
        "\"},{\"level\":\"ERROR",
    ];

    fn logged(format: LogFormat) -> String {
        let written = Arc::new(Mutex::new(Vec::new()));
        let settings = LogSettings { level: "info".to_owned(), format };
        let to = written.clone();
        let writer = move || Shared(to.clone());
        tracing::subscriber::with_default(subscriber(&settings, false, writer), || {
            for hostile in HOSTILE {
                tracing::warn!(shown = %hostile, debugged = ?hostile, text = hostile, "a peer says {hostile}");
            }
        });
        let bytes = written.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_is_one_line_whatever_strangers_wrote() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let lines = logged(format);
            assert_eq!(lines.lines().count(), HOSTILE.len(), "{lines}");
            let misleading = lines.chars().find(|c| misleads(*c) && *c != '\n');
            assert_eq!(misleading, None, "{format:?}: {lines:?}");
        }
    }

    #[test]
    fn json_lines_hold_what_was_logged() {
        let lines = logged(LogFormat::Json);
        for (line, hostile) in lines.lines().zip(HOSTILE) {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((&event["level"], &event["fields"]["text"]), (&"WARN".into(), &hostile.into()));
        }
    }

    #[test]
    fn text_lines_read_as_before() {
        let lines = logged(LogFormat::Text);
        assert!(lines.contains("a peer says \\u{202e}txt.exe\\u{2066} shown=\\u{202e}txt.exe"), "{lines}");
    }
}
