use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::backup::Stage;

/// How often the bar may change: a terminal is slower than the work.
const BETWEEN: Duration = Duration::from_millis(100);

/// Progress on standard error, with rate and time left; nothing where no terminal shows it.
pub(super) struct Progress {
    bar: ProgressBar,
    stage: Option<Stage>,
    shown: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { bar: ProgressBar::hidden(), stage: None, shown: Instant::now() }
    }

    /// `done` of `of` things of this stage are done.
    pub(super) fn tell(&mut self, stage: Stage, done: u64, of: u64) {
        if self.stage != Some(stage) {
            self.bar.finish_and_clear();
            self.bar = bar(stage, of);
            self.stage = Some(stage);
        } else if done < of && self.shown.elapsed() < BETWEEN {
            return;
        }
        self.shown = Instant::now();
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn bar(stage: Stage, of: u64) -> ProgressBar {
    let (doing, things) = match stage {
        Stage::Copying => ("copying", "pages"),
        Stage::Verifying => ("verifying", "entries"),
        Stage::Importing => ("importing", "entries"),
        Stage::Checking => ("checking", "entries"),
        Stage::Deriving => ("deriving", "entries"),
        Stage::Hashing => ("hashing", "entries"),
        Stage::Bundling => ("bundling", "entries"),
    };
    let bar = ProgressBar::new(of);
    // The template is a constant; the plain bar would do as well.
    let template = format!("{doing:10} {{bar:40}} {{human_pos}} of {{human_len}} {things}, {{per_sec}}, {{eta}} left");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// A bar on standard error that counts entries; nothing where no terminal shows it.
pub(super) fn entries_bar() -> ProgressBar {
    bar(Stage::Verifying, 0)
}

/// A bar on standard error that counts the steps of something, which its message names; nothing where no terminal shows it.
pub(super) fn steps_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:12} {bar:40} {human_pos} of {human_len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// A bar on standard error that counts bytes of what is done; nothing where no terminal shows it.
pub(super) fn bytes_bar(doing: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(doing);
    if let Ok(style) = ProgressStyle::with_template("{msg:12} {bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left") {
        bar.set_style(style);
    }
    bar
}
