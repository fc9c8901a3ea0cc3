//! Pages for what is not here.

use askama::Template;

use super::frame::Frame;
use crate::http::language::Sentence;

/// A page that says what is not here, and what to do about it.
#[derive(Template)]
#[template(path = "missing.html", config = "src/http/pages/askama.toml")]
pub(super) struct Missing<'p> {
    frame: Frame<'p>,
    title: Sentence,
    sentence: String,
    asked: &'static str,
}

impl<'p> Missing<'p> {
    /// No such notice.
    pub(super) fn notice(frame: Frame<'p>) -> Self {
        Self::of(frame, "missing-notice")
    }

    /// No such issuer.
    pub(super) fn publisher(frame: Frame<'p>) -> Self {
        Self::of(frame, "missing-publisher")
    }

    fn of(frame: Frame<'p>, name: &str) -> Self {
        let (title, sentence) = (frame.t.say(name), frame.t.say_of(&format!("{name}-sentence"), "origin", frame.origin));
        Self { frame, title, sentence, asked: "" }
    }
}
