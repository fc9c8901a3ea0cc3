use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error that counts entries; nothing where no terminal shows it.
pub(super) fn entries_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    // The template is a constant; the plain bar would do as well.
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} entries, {eta} left") {
        bar.set_style(style);
    }
    bar
}
