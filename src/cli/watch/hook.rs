//! Running what the watcher wants run.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use serde::Serialize;

use super::WatchError;
use crate::cli::Failure;

/// Runs `hook` by the shell with `told` as JSON on its standard input, and waits for its end; whether it was content.
pub(super) fn run(hook: &str, told: &impl Serialize) -> Result<bool, Failure> {
    let json = serde_json::to_vec(told).map_err(WatchError::Form)?;
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let child = Command::new(shell).args([flag, hook]).stdin(Stdio::piped()).stdout(Stdio::inherit()).spawn();
    let mut child = child.map_err(WatchError::NotRun)?;
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(&json).and_then(|()| stdin.flush()) {
            // A hook need not read what it is told.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(WatchError::NotRun(error).into()),
            _ => {}
        }
    }
    Ok(child.wait().map_err(WatchError::NotRun)?.success())
}
