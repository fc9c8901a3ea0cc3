//! What these tests need that is not ours: Chromium, its driver, and axe-core, which judges accessibility.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable that says where `axe.min.js` lies; without it, where `.ci/run` puts it.
const AXE: &str = "PALINODE_AXE";
const AXE_OF_CI: &str = "target/axe/axe_playwright_python/axe.min.js";

/// The tools, all of them there.
pub(crate) struct Tools {
    /// Whether Chromium must do without its sandbox, which root cannot have.
    pub(crate) is_root: bool,
    /// The program text of axe-core.
    pub(crate) axe: String,
}

impl Tools {
    /// The tools of this machine, or what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        for (program, package) in [("chromium", "chromium"), ("chromedriver", "chromium-driver")] {
            let there = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
            if !there {
                return Err(format!("there is no {program}: install Debian's package {package}"));
            }
        }
        let file = variable(AXE).map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE_OF_CI), PathBuf::from);
        let axe = std::fs::read_to_string(&file).map_err(|error| {
            format!("there is no axe-core at {} ({error}): .ci/run fetches it, or set {AXE}", file.display())
        })?;
        Ok(Self { is_root: rustix::process::geteuid().is_root(), axe })
    }
}

/// Whether what is missing is a failure.
pub(crate) fn tools_are_required() -> bool {
    variable("PALINODE_REQUIRE_TOOLS").is_some()
}

#[expect(clippy::disallowed_methods, reason = "what the gate and whoever runs the tests say")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
