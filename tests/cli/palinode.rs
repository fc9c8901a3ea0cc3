//! Runs the built program in a folder of its own, without the environment of whoever runs the tests.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// A temporary folder in which the program is run.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `palinode` with these arguments, to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, &[], "")
    }

    /// As [`Self::run`], with variables of the environment and text on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)], stdin: &str) -> Ended {
        let mut command = Command::new(program());
        command
            .current_dir(self.folder.path())
            .env_clear()
            .args(arguments)
            .envs(environment.iter().copied())
            .write_stdin(stdin);
        let output = command.output().unwrap();
        Ended {
            code: output.status.code().expect("the program was not killed"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    /// The result of a run that was to end well.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// The message of a run that was to end with `code`, and to say nothing on standard output.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{self:?}");
        self.stderr
    }
}

/// The built program.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_palinode"))
}
