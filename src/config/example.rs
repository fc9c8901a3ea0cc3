/// The shipped example, `deploy/palinode.example.toml`: every key with its meaning. It is what `palinode config example` prints,
/// and a test reads it as a server would.
pub const EXAMPLE: &str = include_str!("../../deploy/palinode.example.toml");
