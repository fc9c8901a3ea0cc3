//! What an operator decides: one section a file, read from a TOML file, the environment and command-line flags.
//!
//! Three layers, each stronger than the one before: the file (`--config`), environment variables named
//! `PALINODE_SECTION__KEY` (such as `PALINODE_SERVER__LISTEN`), and flags. [`ServerConfig`] is what is *written* there, key by key;
//! [`Settings`] is what it *means*, checked as a whole: a value of it can be used as it stands. A key that does not exist is an
//! error with its path, since a misspelt limit that is silently ignored is a limit that is not there.
//!
//! One rule joins two sections (protocol, sections 2 and 5): a server on a loopback address may start with no configuration at
//! all; it is then `open`, and says so by a [`Remark`]. On any other address the admission policy and the origin must be written.
//!
//! In scope: reading, checking, explaining. Out of scope: opening what the settings name (folders, pins, sockets), and secrets:
//! keys live in files of the data folder, so nothing here is secret, and a URL with a password is refused without being repeated.
//!
//! Paths are relative to the working folder, as they are on the command line.

mod admission;
mod base_url;
mod error;
mod example;
mod federation;
mod layers;
mod limits;
mod log;
mod network;
mod peers;
mod security;
mod server;
mod settings;
mod storage;
mod trust;

pub use admission::{AdmissionPolicy, AdmissionSettings};
pub use base_url::{BaseUrl, BaseUrlFault};
pub use error::{ConfigError, Place, SettingFault};
pub use example::EXAMPLE;
pub use federation::{FederationSettings, PRIVATE_NETWORKS};
pub use layers::{Flags, ServerConfig, process_environment};
pub use limits::{LimitSettings, ProxyHeader, RateSettings};
pub use log::{LogFormat, LogSettings};
pub use peers::PeerSettings;
pub use security::{ContactFault, SecuritySettings};
pub use server::{OriginFault, ServerSettings, check_origin};
pub use settings::{Remark, Settings};
pub use storage::StorageSettings;
pub use trust::TrustSettings;
