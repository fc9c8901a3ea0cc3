//! The program: parse arguments, run the command, turn its outcome into an exit code.

fn main() -> std::process::ExitCode {
    // Before anything can build a client: without a provider the first TLS configuration panics. It can only fail by being there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    palinode::cli::run(std::env::args_os()).into()
}
