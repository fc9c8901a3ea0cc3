use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::admission::AdmissionSection;
use super::error::{ConfigError, Place};
use super::federation::FederationSection;
use super::limits::LimitsSection;
use super::log::LogSection;
use super::peers::{self, PeerSection};
use super::server::ServerSection;
use super::settings::Settings;
use super::storage::StorageSection;
use super::trust::TrustSection;

/// Every variable of the environment that configures a server begins with this and has `__` between section and key.
const PREFIX: &str = "PALINODE_";

/// A configuration as it is written, before it is checked.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    server: ServerSection,
    admission: AdmissionSection,
    trust: TrustSection,
    federation: FederationSection,
    peers: Vec<PeerSection>,
    limits: LimitsSection,
    storage: StorageSection,
    log: LogSection,
}

/// What flags of `palinode serve` say; stronger than environment and file.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--data`.
    pub data: Option<PathBuf>,
    /// `--listen`.
    pub listen: Option<SocketAddr>,
    /// `--origin`.
    pub origin: Option<String>,
}

impl ServerConfig {
    /// Reads file, environment and flags, the later ones stronger, and checks the whole.
    ///
    /// # Errors
    /// [`ConfigError`] names the key and where it was written.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &Flags,
    ) -> Result<Settings, ConfigError> {
        match file {
            None => Self::from_text("", Path::new(""), environment, flags),
            Some(path) => {
                let text =
                    fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
                Self::from_text(&text, path, environment, flags)
            }
        }
    }

    /// As [`Self::load`], with the text of the file at hand; `path` is what messages call it.
    ///
    /// # Errors
    /// [`ConfigError`] names the key and where it was written.
    pub fn from_text(
        text: &str,
        path: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &Flags,
    ) -> Result<Settings, ConfigError> {
        let table = read_file(text, path)?;
        let table = apply_environment(table, environment)?;
        // Each layer was read alone already, so this cannot fail; were it to, the file is where to look.
        let mut config: Self = table.try_into().map_err(|error| malformed(text, path, &error, None))?;
        config.server.apply(flags);
        config.check()
    }

    fn check(self) -> Result<Settings, ConfigError> {
        let server = self.server.check()?;
        let admission = self.admission.check(&server)?;
        let federation = self.federation.check(&server)?;
        let peers = peers::check(self.peers, &server, &federation)?;
        Ok(Settings {
            admission,
            trust: self.trust.check(),
            peers,
            federation,
            limits: self.limits.check()?,
            storage: self.storage.check(),
            log: self.log.check()?,
            server,
        })
    }
}

/// The variables of this process that are text; a name or value that is not Unicode cannot be meant for us.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Reads the file twice: once for the place of a fault, once more for the path of the key, which the parser gives only there.
fn read_file(text: &str, path: &Path) -> Result<Table, ConfigError> {
    let table: Table = toml::from_str(text).map_err(|error| malformed(text, path, &error, None))?;
    if let Err(error) = toml::from_str::<ServerConfig>(text) {
        let key = table.try_into::<ServerConfig>().err().and_then(|error| key_path(&error));
        return Err(malformed(text, path, &error, key));
    }
    Ok(table)
}

fn malformed(text: &str, path: &Path, error: &toml::de::Error, key: Option<String>) -> ConfigError {
    let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    let message = match &key {
        Some(key) => format!("`{key}`: {}", error.message()),
        None => error.message().to_owned(),
    };
    ConfigError::Malformed { place: Place::File { path: path.to_owned(), line, column }, key, message }
}

/// Path of the key that an error is about. The parser ends the message of an error without place with a line ``in `a.b` ``,
/// which for an unknown key ends at the table that holds it.
fn key_path(error: &toml::de::Error) -> Option<String> {
    let message = error.to_string();
    let table = message.lines().rev().find_map(|line| line.strip_prefix("in `")?.strip_suffix('`').map(str::to_owned));
    let unknown = error.message().strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match (table, unknown) {
        (Some(table), Some(key)) if table != key && !table.ends_with(&format!(".{key}")) => Some(format!("{table}.{key}")),
        (Some(table), _) => Some(table),
        (None, key) => key.map(str::to_owned),
    }
}

/// Adds each variable `PALINODE_SECTION__KEY`. A value is text where the key takes text, and TOML (`60`, `true`) elsewhere.
fn apply_environment(mut table: Table, environment: impl IntoIterator<Item = (String, String)>) -> Result<Table, ConfigError> {
    for (name, value) in environment {
        let Some((section, key)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once("__")) else { continue };
        let (section, key) = (section.to_ascii_lowercase(), key.to_ascii_lowercase());
        let as_toml = toml::from_str::<Table>(&format!("value = {value}")).ok().and_then(|mut t| t.remove("value"));
        let readings = [Some(Value::String(value)), as_toml];
        let fitting = readings.into_iter().flatten().find_map(|reading| {
            let table = with_value(&table, &section, &key, reading)?;
            table.clone().try_into::<ServerConfig>().is_ok().then_some(table)
        });
        let Some(with_it) = fitting else {
            // The value itself stays out of the message: it may be something pasted by mistake.
            let message = format!("there is no key `{section}.{key}`, or it takes a value of another type");
            let key = Some(format!("{section}.{key}"));
            return Err(ConfigError::Malformed { place: Place::Environment(name), key, message });
        };
        table = with_it;
    }
    Ok(table)
}

/// The table with one value set; `None` when the section is there and is no table.
fn with_value(table: &Table, section: &str, key: &str, value: Value) -> Option<Table> {
    let mut table = table.clone();
    let entry = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    entry.as_table_mut()?.insert(key.to_owned(), value);
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::super::{AdmissionPolicy, EXAMPLE, LogFormat, Remark, SettingFault};
    use super::*;
    use crate::envelope::SecretKey;
    use crate::tlog::{KeyName, VerifierKey};

    fn read(text: &str) -> Result<Settings, ConfigError> {
        ServerConfig::from_text(text, Path::new("palinode.toml"), [], &Flags::default())
    }

    fn with_environment(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ServerConfig::load(None, variables, &Flags::default())
    }

    fn peer(origin: &str, url: &str) -> String {
        let name = |name: &str| KeyName::parse(name).unwrap();
        let key = |seed| SecretKey::from_seed([seed; 32]).public();
        let log = VerifierKey::log_key(name(origin), key(1));
        let witness = VerifierKey::witness_key(name(&format!("{origin}/witness")), key(2));
        let operator = multibase(3);
        format!(
            "[[peers]]\nurl = \"{url}\"\norigin = \"{origin}\"\nlog_key = \"{log}\"\nwitness_key = \"{witness}\"\n\
             operator_key = \"{operator}\"\n"
        )
    }
    #[test]
    fn with_nothing_written_a_loopback_server_is_open_and_says_so() {
        let settings = read("").unwrap();
        assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.server.data, Path::new("palinode-data"));
        assert_eq!(settings.admission.policy, AdmissionPolicy::Open);
        assert!(settings.federation.allow_http_loopback);
        assert_eq!(settings.remarks(), [Remark::OpenByDefault]);
    }

    #[test]
    fn off_loopback_the_origin_and_the_policy_must_be_written() {
        let error = read("[server]\nlisten = \"0.0.0.0:80\"\n").unwrap_err();
        assert!(
            matches!(&error, ConfigError::Setting { key, fault: SettingFault::NeededOffLoopback { .. } } if key == "server.origin")
        );
        let error = read("[server]\nlisten = \"0.0.0.0:80\"\norigin = \"ledger.example.org/log\"\n").unwrap_err();
        assert!(matches!(&error, ConfigError::Setting { key, .. } if key == "admission.policy"));
        let error = read("[server]\nlisten = \"0.0.0.0:80\"\norigin = \"localhost/log\"\n").unwrap_err();
        assert!(error.to_string().contains("must not begin with localhost"), "{error}");
        let settings =
            read("[server]\nlisten = \"[::]:80\"\norigin = \"ledger.example.org/log\"\n[admission]\npolicy = \"open\"\n")
                .unwrap();
        assert_eq!(settings.remarks(), [Remark::OpenToOthers, Remark::NoPublicUrl]);
        assert!(!settings.federation.allow_http_loopback);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_path_line_and_column() {
        let error = read("[server]\nlisten = \"127.0.0.1:1\"\n  lisen = \"x\"\n").unwrap_err();
        let ConfigError::Malformed { place, key, message } = &error else { panic!("{error}") };
        assert_eq!(key.as_deref(), Some("server.lisen"));
        assert_eq!(*place, Place::File { path: "palinode.toml".into(), line: 3, column: 3 });
        assert!(message.contains("unknown field"), "{message}");
        let error = read("[sever]\n").unwrap_err();
        assert!(matches!(&error, ConfigError::Malformed { key: Some(key), .. } if key == "sever"), "{error}");
        let error = read(&format!("{}colour = 1\n", peer("a.example/log", "https://a.example/"))).unwrap_err();
        assert!(matches!(&error, ConfigError::Malformed { key: Some(key), .. } if key.ends_with("colour")), "{error}");
    }

    #[test]
    fn a_value_of_another_type_is_named_with_its_path() {
        let error = read("[federation]\npoll_seconds = \"often\"\n").unwrap_err();
        let ConfigError::Malformed { place: Place::File { line, .. }, key, .. } = &error else { panic!("{error}") };
        assert_eq!((key.as_deref(), *line), (Some("federation.poll_seconds"), 2));
    }

    #[test]
    fn syntax_faults_have_a_line() {
        let error = read("[server]\nlisten = \n").unwrap_err();
        assert!(error.to_string().starts_with("palinode.toml:2:"), "{error}");
    }

    #[test]
    fn the_environment_beats_the_file_and_flags_beat_both() {
        let text = "[server]\nlisten = \"127.0.0.1:1\"\ndata = \"file\"\n[federation]\npoll_seconds = 5\n";
        let variables = [
            ("PALINODE_SERVER__LISTEN", "127.0.0.1:2"),
            ("PALINODE_SERVER__DATA", "123"),
            ("PALINODE_FEDERATION__POLL_SECONDS", "7"),
            ("PALINODE_SERVER", "https://not.a.setting/"),
            ("HOME", "/"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let flags = Flags { listen: Some("127.0.0.1:3".parse().unwrap()), ..Flags::default() };
        let settings = ServerConfig::from_text(text, Path::new("f"), variables, &flags).unwrap();
        assert_eq!(settings.server.listen.port(), 3);
        assert_eq!(settings.server.data, Path::new("123"));
        assert_eq!(settings.federation.poll_seconds, 7);
    }

    #[test]
    fn a_bad_variable_is_named_and_its_value_is_not_repeated() {
        for name in ["PALINODE_SERVER__LISEN", "PALINODE_FEDERATION__POLL_SECONDS", "PALINODE_PEERS__URL", "PALINODE_X__Y"] {
            let error = with_environment(&[(name, "hunter2")]).unwrap_err().to_string();
            assert!(error.contains(name) && !error.contains("hunter2"), "{error}");
        }
        let text = peer("a.example/log", "https://a.example/");
        let variables = [("PALINODE_PEERS__URL".to_owned(), "x".to_owned())];
        assert!(ServerConfig::from_text(&text, Path::new("f"), variables, &Flags::default()).is_err());
    }

    #[test]
    fn verified_needs_no_pins_and_other_words_are_refused() {
        let settings = read("[admission]\npolicy = \"verified\"\n").unwrap();
        assert_eq!((settings.admission.policy, settings.remarks().as_slice()), (AdmissionPolicy::Verified, [].as_slice()));
        let error = read("[admission]\npolicy = \"trusted\"\n").unwrap_err();
        assert!(error.to_string().contains("pinned, verified, open"), "{error}");
    }

    #[test]
    fn numbers_outside_their_range_are_refused() {
        for text in [
            "[limits]\ncheck_ids = 1001\n",
            "[limits]\nbody_bytes = 0\n",
            "[limits]\nhead_seconds = 0\n",
            "[limits]\nwrites_burst = 99\n",
            "[limits]\nlog_reads_per_second = 1000001\n",
            "[federation]\npoll_seconds = 0\n",
            "[server]\nworkers = 0\n",
            "[admission]\nentries_per_issuer = 0\n",
        ] {
            assert!(matches!(read(text), Err(ConfigError::Setting { fault: SettingFault::OutOfRange { .. }, .. })), "{text}");
        }
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let settings = read("[limits]\ntrusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\", \"fd00::/8\"]\n").unwrap();
        assert_eq!(settings.limits.trusted_proxies.len(), 3);
        for (text, key) in [
            ("trusted_proxies = [\"127.0.0.1\", \"localhost\"]", "limits.trusted_proxies[1]"),
            ("trusted_proxies = [\"10.0.0.0/33\"]", "limits.trusted_proxies[0]"),
            ("proxy_header = \"x-real-ip\"", "limits.proxy_header"),
        ] {
            let error = read(&format!("[limits]\n{text}\n")).unwrap_err();
            assert!(matches!(&error, ConfigError::Setting { key: found, .. } if found == key), "{error}");
        }
    }

    #[test]
    fn private_networks_that_may_be_reached_are_private() {
        let settings = read("[federation]\nallow_private = [\"10.1.2.3\", \"10.9.9.9/16\", \"fd00::/8\"]\n").unwrap();
        let shown: Vec<_> = settings.federation.allow_private.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["10.1.2.3/32", "10.9.0.0/16", "fd00::/8"]);
        for network in ["127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/0", "11.0.0.0/8", "::/0", "fe80::/10", "localhost"] {
            let error = read(&format!("[federation]\nallow_private = [\"10.0.0.0/8\", \"{network}\"]\n")).unwrap_err();
            assert!(matches!(&error, ConfigError::Setting { key, .. } if key == "federation.allow_private[1]"), "{error}");
        }
    }

    #[test]
    fn a_proxy_on_this_machine_that_is_not_listed_is_remarked_on() {
        let text = "[server]\npublic_url = \"https://ledger.example.org/\"\n[admission]\npolicy = \"open\"\n";
        assert_eq!(read(text).unwrap().remarks(), [Remark::ProxyNotListed]);
        assert!(read(&format!("{text}[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n")).unwrap().remarks().is_empty());
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_never_repeated() {
        let error = read("[server]\npublic_url = \"https://me:hunter2@example.org/\"\n").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }

    fn multibase(seed: u8) -> String {
        SecretKey::from_seed([seed; 32]).public().to_multibase()
    }

    #[test]
    fn peers_are_checked_alone_and_against_each_other() {
        let a = peer("a.example/log", "https://a.example/");
        let settings = read(&a).unwrap();
        assert_eq!(settings.peers[0].url.to_string(), "https://a.example/");
        for (text, key) in [
            (format!("{a}{a}"), "peers[1].origin"),
            (format!("{a}{}", peer("b.example/log", "https://a.example")), "peers[1].url"),
            (format!("[server]\norigin = \"a.example/log\"\n{a}"), "peers[0].origin"),
            (peer("a.example/log", "http://a.example/"), "peers[0].url"),
            (format!("[federation]\nallow_http_loopback = false\n{}", peer("a/log", "http://127.0.0.1:1/")), "peers[0].url"),
            (
                a.replace("a.example/witness", "b.example/witness").replace("a.example/log/witness+", "b+"),
                "peers[0].witness_key",
            ),
            (a.replace("z6Mk", "z6Xx"), "peers[0].operator_key"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(matches!(&error, ConfigError::Setting { key: found, .. } if found == key), "{key}: {error}");
        }
        assert!(read(&peer("a/log", "http://127.0.0.1:1/")).is_ok());
    }

    #[test]
    fn the_shipped_example_is_read_and_means_what_it_says() {
        let settings = read(EXAMPLE).unwrap();
        assert_eq!(settings.admission.policy, AdmissionPolicy::Verified);
        assert_eq!(settings.server.origin.as_deref(), Some("ledger.example.org/log"));
        assert_eq!(settings.log.format, LogFormat::Text);
        assert!(settings.remarks().is_empty(), "{:?}", settings.remarks());
    }

    #[test]
    fn every_key_of_the_example_that_is_commented_out_is_a_real_one() {
        let uncommented: String = EXAMPLE
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let settings = read(&uncommented).unwrap();
        assert_eq!(settings.peers.len(), 1);
        assert_eq!(settings.server.workers, Some(4));
    }
}
