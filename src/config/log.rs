use serde::{Deserialize, Serialize};

use super::error::{ConfigError, SettingFault};

/// `[log]` as it is written: what the program says about its work, not the transparency log.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogSection {
    level: Option<String>,
    format: Option<String>,
}

/// `[log]`: what the program says about its work, on standard error.
#[derive(Debug, Clone, Serialize)]
pub struct LogSettings {
    /// A level or a filter as `tracing_subscriber::EnvFilter` reads it; parsed once already.
    pub level: String,
    /// How a line is written.
    pub format: LogFormat,
}

/// How a line of the program's log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogSection {
    pub(super) fn check(self) -> Result<LogSettings, ConfigError> {
        let level = self.level.unwrap_or_else(|| "info".to_owned());
        if tracing_subscriber::EnvFilter::builder().parse(&level).is_err() || !names_a_level(&level) {
            return Err(SettingFault::NotALogFilter.of("log.level"));
        }
        let format = match self.format.as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(_) => return Err(SettingFault::UnknownWord { known: &["text", "json"] }.of("log.format")),
        };
        Ok(LogSettings { level, format })
    }
}

/// The filter takes any word for the name of a module, so that `inof` would silence everything: a bare word must be a level.
fn names_a_level(filter: &str) -> bool {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    filter
        .split(',')
        .map(str::trim)
        .all(|part| part.contains(['=', '[']) || levels.contains(&part.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(text: &str) -> Result<LogSettings, ConfigError> {
        LogSection { level: Some(text.to_owned()), format: None }.check()
    }

    #[test]
    fn levels_and_filters_are_taken_and_misspelt_levels_are_not() {
        for text in ["info", "WARN", "info,palinode::federation=debug", "off"] {
            assert!(level(text).is_ok(), "{text}");
        }
        for text in ["inof", "", "info,,", "palinode=loud"] {
            assert!(level(text).is_err(), "{text}");
        }
    }
}
