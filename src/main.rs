//! The command line: parse arguments, run the command, turn the error into an exit code.

fn main() {}
