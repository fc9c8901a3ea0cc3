//! What lies in `deploy/` fits the program that is built: its command lines, configurations, ports, paths and metrics.
//!
//! Caddy, systemd, Prometheus and Kubernetes have programs that look at such files. Where one is missing, its test says SKIPPED; with
//! `PALINODE_REQUIRE_TOOLS` set it fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use clap::Parser;
use palinode::cli::Arguments;
use serde_json::Value;

use crate::client::{Answer, request};
use crate::palinode::Desk;
use crate::serving::{Server, sign};

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(deploy(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

/// A YAML file of one document.
fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&text(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

/// Panics when the program would not understand this command line.
#[track_caller]
fn understood(words: &[&str]) {
    if let Err(error) = Arguments::try_parse_from(words) {
        panic!("{}: {error}", words.join(" "));
    }
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list of words").iter().map(|word| word.as_str().expect("a word")).collect()
}

/// What the program understands of a configuration file, with these variables beside it.
#[track_caller]
fn settings(file: &str, environment: &[(&str, &str)]) -> Value {
    let path = deploy(file);
    let checked = Desk::new().run_with(&["config", "check", path.to_str().unwrap(), "--format", "json"], environment, "");
    let understood: Value = serde_json::from_str(&checked.well()).expect("JSON");
    understood["settings"].clone()
}

/// Runs a tool that may be missing.
#[expect(clippy::disallowed_methods, reason = "whether a missing tool is a failure is for whoever runs the tests")]
fn tool(name: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(name).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) => {
            assert!(std::env::var_os("PALINODE_REQUIRE_TOOLS").is_none(), "{name} is needed: {error}");
            eprintln!("SKIPPED: {name} is not installed, so it does not look at deploy/");
            None
        }
    }
}

#[track_caller]
fn is_content(name: &str, arguments: &[&str]) {
    if let Some(output) = tool(name, arguments) {
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "{name} {arguments:?}: {said:?}");
    }
}

#[test]
fn every_command_line_in_the_files_is_one_that_the_program_understands() {
    let dockerfile = text("Dockerfile");
    let of = |instruction: &str| -> Vec<String> {
        let line = dockerfile.lines().rfind(|line| line.contains(instruction)).expect(instruction);
        serde_json::from_str(&line[line.find('[').expect("a list")..]).expect("a list of words")
    };
    let run: Vec<String> = of("ENTRYPOINT").into_iter().chain(of("\nCMD".trim())).collect();
    understood(&run.iter().map(String::as_str).collect::<Vec<_>>());
    let check = of("HEALTHCHECK");
    understood(&check.iter().map(String::as_str).collect::<Vec<_>>());

    let unit = text("systemd/palinode.service");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("ExecStart");
    understood(&start.split(' ').collect::<Vec<_>>());

    let set = yaml("kubernetes/statefulset.yaml");
    let arguments = words(&set["spec"]["template"]["spec"]["containers"][0]["args"]);
    understood(&[&["palinode"], &arguments[..]].concat());

    let script = yaml("compose/compose.yaml")["services"]["introduce"]["command"][0].as_str().expect("a script").to_owned();
    let line =
        script.lines().find_map(|line| line.split_once("|| ")).expect("the command").1.replace("$$", "").replace('"', "");
    understood(&line.split(' ').collect::<Vec<_>>());
}

#[test]
fn commands_that_the_files_tell_to_type_are_understood_too() {
    let mut seen = 0;
    for name in ["Dockerfile", "systemd/palinode.service", "README.md", "container.toml", "prometheus/palinode.rules.yaml"] {
        let text = text(name);
        let quoted = text.split('`').skip(1).step_by(2).filter(|quoted| quoted.starts_with("palinode "));
        let sudo = text.lines().filter_map(|line| line.trim_start_matches(['#', ' ']).strip_prefix("sudo -u palinode "));
        for command in quoted.chain(sudo) {
            // A command that is only named has no arguments, and help for it exists.
            let words: Vec<_> = command.split_whitespace().collect();
            let named = Arguments::try_parse_from(words.iter().copied().chain(["--help"])).expect_err("help");
            assert_eq!(named.kind(), clap::error::ErrorKind::DisplayHelp, "deploy/{name}: {command}");
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn a_container_listens_keeps_and_is_asked_where_its_files_say() {
    let environment = [("PALINODE_SERVER__ORIGIN", "ledger.example.org/log"), ("PALINODE_ADMISSION__POLICY", "pinned")];
    let settings = settings("container.toml", &environment);
    let dockerfile = text("Dockerfile");
    let of = |instruction: &str| dockerfile.lines().find_map(|line| line.strip_prefix(instruction)).expect(instruction);
    assert_eq!(settings["server"]["data"], of("VOLUME "));
    assert_eq!(settings["server"]["listen"], format!("0.0.0.0:{}", of("EXPOSE ")));
    assert_eq!(of("ENV PALINODE_CONFIG="), "/etc/palinode/palinode.toml");
    assert!(dockerfile.contains("COPY deploy/container.toml /etc/palinode/palinode.toml"));
    let rust = dockerfile.lines().find_map(|line| line.strip_prefix("FROM rust:")).expect("the builder");
    assert!(rust.starts_with(env!("CARGO_PKG_RUST_VERSION")), "{rust} builds what needs {}", env!("CARGO_PKG_RUST_VERSION"));
    // Without the two variables it would not start, and says so.
    let path = deploy("container.toml");
    let refused = Desk::new().run(&["config", "check", path.to_str().unwrap()]).with_code(2);
    assert!(refused.contains("server.origin"), "{refused}");
}

#[test]
fn the_servers_of_the_trial_are_named_mounted_and_trusted_alike() {
    let compose = yaml("compose/compose.yaml");
    let subnet = &compose["networks"]["federation"]["ipam"]["config"][0]["subnet"];
    let aliases = words(&compose["services"]["caddy"]["networks"]["federation"]["aliases"]);
    let caddyfile = text("compose/Caddyfile");
    for name in ["one", "two", "three"] {
        let service = &compose["services"][name];
        let environment: Vec<(&str, &str)> =
            service["environment"].as_object().unwrap().iter().map(|(k, v)| (k.as_str(), v.as_str().unwrap())).collect();
        let settings = settings("compose/palinode.toml", &environment);
        let host = format!("{name}.palinode.test");
        assert_eq!(settings["server"]["origin"], format!("{host}/log"));
        assert_eq!(settings["server"]["public_url"], format!("https://{host}/"));
        assert_eq!(&settings["limits"]["trusted_proxies"][0], subnet);
        assert_eq!(&settings["federation"]["allow_private"][0], subnet);
        assert!(aliases.contains(&host.as_str()), "{host} leads to the proxy");
        let port = settings["server"]["listen"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
        assert!(caddyfile.contains(&format!("{host} {{")) && caddyfile.contains(&format!("reverse_proxy {name}:{port}")));
        let data = settings["server"]["data"].as_str().unwrap();
        assert!(words(&service["volumes"]).contains(&format!("{name}:{data}").as_str()), "{name} keeps its log");
        assert!(compose["volumes"].as_object().unwrap().contains_key(name));
    }
}

#[test]
fn the_pod_is_one_writer_that_is_not_root_and_probes_where_the_server_listens() {
    let settings = settings("kubernetes/palinode.toml", &[]);
    let set = yaml("kubernetes/statefulset.yaml");
    assert_eq!(set["spec"]["replicas"], 1);
    let pod = &set["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    let container = &pod["containers"][0];
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    let port = &container["ports"][0];
    assert_eq!(settings["server"]["listen"], format!("0.0.0.0:{}", port["containerPort"]));
    let desk = Desk::new();
    let server = Server::start(&desk, "deployed");
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let probe = &container[probe]["httpGet"];
        assert_eq!(probe["port"], port["name"]);
        let path = probe["path"].as_str().unwrap();
        assert_eq!(get(&server, path).status, 200, "{path}");
    }
    let mounts = container["volumeMounts"].as_array().unwrap();
    let log = mounts.iter().find(|mount| mount["name"] == set["spec"]["volumeClaimTemplates"][0]["metadata"]["name"]).unwrap();
    assert_eq!(log["mountPath"], settings["server"]["data"]);
    let drain = settings["server"]["drain_seconds"].as_u64().unwrap();
    assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() > 2 * drain, "there is time to drain and to stop");
}

#[test]
fn the_unit_gives_the_server_the_folder_it_is_told_to_use() {
    let unit = text("systemd/palinode.service");
    let of = |key: &str| unit.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_else(|| panic!("{key}"));
    assert_eq!(of("Environment=PALINODE_SERVER__DATA="), format!("/var/lib/{}", of("StateDirectory=")));
    assert!(of("ExecStart=").ends_with(&format!("--config /etc/{}/palinode.toml", of("ConfigurationDirectory="))));
    assert!(text("systemd/palinode.sysusers.conf").lines().any(|line| line.starts_with(&format!("u {} ", of("User=")))));
}

fn get(server: &Server, path: &str) -> Answer {
    let address = server.url.trim_start_matches("http://").trim_end_matches('/').parse().expect("an address");
    request(address, "GET", path, &[], b"")
}

/// Names of our metrics in some text.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = text.split(|c| !is_part(c)).filter(|word| word.starts_with("palinode_"));
    names.map(|name| name.trim_end_matches("_bucket").to_owned()).collect()
}

#[test]
fn every_metric_in_the_alerts_and_the_dashboard_is_one_that_a_server_tells() {
    let desk = Desk::new();
    let [server, peer] = ["one", "two"].map(|data| Server::start(&desk, data));
    for (data, other) in [("one", &peer), ("two", &server)] {
        desk.run(&["peer", "add", &other.url, "--data", data, "--yes"]).well();
    }
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let files = [text("prometheus/palinode.rules.yaml"), text("grafana/palinode.json")];
    let mut wanted: BTreeSet<String> = files.iter().flat_map(|text| metrics_in(text)).collect();
    assert!(wanted.len() > 10, "{wanted:?}");
    // Told only while something is wrong.
    assert!(wanted.remove("palinode_hindrance"));
    let begun = Instant::now();
    loop {
        // Of the peer, some are told when it was reached.
        let told = metrics_in(&get(&server, "/metrics").text());
        let missing: Vec<_> = wanted.difference(&told).collect();
        if missing.is_empty() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "no server tells {missing:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn prometheus_takes_the_rules_and_each_fires_when_its_condition_is_broken() {
    let tests = deploy("prometheus/palinode.rules.test.yaml");
    is_content("promtool", &["test", "rules", tests.to_str().unwrap()]);
    let rules = yaml("prometheus/palinode.rules.yaml");
    let tested = text("prometheus/palinode.rules.test.yaml");
    for rule in rules["groups"][0]["rules"].as_array().unwrap() {
        let alert = rule["alert"].as_str().unwrap();
        assert!(tested.contains(&format!("alertname=\"{alert}\"")), "no test breaks {alert}");
        assert!(rule["annotations"]["description"].as_str().is_some_and(|text| text.len() > 40), "{alert} says what to do");
    }
}

#[test]
fn the_proxy_takes_its_file() {
    let caddyfile = deploy("compose/Caddyfile");
    is_content("caddy", &["validate", "--adapter", "caddyfile", "--config", caddyfile.to_str().unwrap()]);
}

#[test]
fn systemd_takes_the_unit_and_finds_little_exposed() {
    let desk = Desk::new();
    // The program lies elsewhere while it is tested, and its man page is not installed.
    let unit = text("systemd/palinode.service").replace("/usr/local/bin/palinode", env!("CARGO_BIN_EXE_palinode"));
    desk.write("palinode.service", &unit.replace("Documentation=man:palinode(1)\n", ""));
    let path = desk.path("palinode.service");
    is_content("systemd-analyze", &["verify", "--man=no", path.to_str().unwrap()]);
    is_content("systemd-analyze", &["security", "--offline=true", "--threshold=20", path.to_str().unwrap()]);
}
