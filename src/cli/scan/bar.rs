use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

use crate::scan::hashing::Progress;

/// Bytes, bytes per second and time left on standard error; nothing where no terminal shows it.
pub(in crate::cli) struct Bar(OnceLock<ProgressBar>);

impl Bar {
    pub(in crate::cli) fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Takes the bar away.
    pub(in crate::cli) fn end(&self) {
        if let Some(bar) = self.0.get() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn begins(&self, files: u64, bytes: u64) {
        let bar = self.0.get_or_init(|| ProgressBar::new(bytes));
        // The template is a constant; the plain bar would do as well.
        let template =
            format!("hashing {{bar:40}} {{bytes}} of {{total_bytes}} in {files} files, {{bytes_per_sec}}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
    }

    fn advanced(&self, bytes: u64) {
        if let Some(bar) = self.0.get() {
            bar.inc(bytes);
        }
    }

    fn finished(&self) {}
}
