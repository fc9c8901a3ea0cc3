//! The configuration file: settings, or a message for people that names no secret and never panics.

use std::path::Path;

use palinode::config::{Flags, ServerConfig};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    match ServerConfig::from_text(text, Path::new("palinode.toml"), [], &Flags::default()) {
        Ok(settings) => {
            let _ = settings.remarks();
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
