//! Hosts without machines: network namespaces, joined by a bridge in one more of them, so that nothing of the real network is touched.

use std::process::{Command, Output};

use crate::settings;

/// How many hosts there are.
pub(crate) const HOSTS: usize = 5;

/// The network of one storm. It is gone with the value.
pub(crate) struct Wires {
    /// Before every name, so that two runs on one machine do not meet.
    prefix: String,
}

/// Whether what a storm needs is here: the right to make namespaces, and `openssl`. Says so when it is not.
pub(crate) fn can_be_laid() -> bool {
    let Some(why) = missing() else { return true };
    assert!(!settings::tools_are_required(), "PALINODE_REQUIRE_TOOLS is set, but there can be no storm: {why}");
    eprintln!("SKIPPED: there can be no storm here: {why}");
    false
}

fn missing() -> Option<String> {
    if let Err(error) = Command::new("openssl").arg("version").output() {
        return Some(format!("there is no `openssl`: {error}"));
    }
    let name = format!("palinode-{}-trial", std::process::id());
    match Command::new("ip").args(["netns", "add", &name]).output() {
        Ok(output) if output.status.success() => {
            ip(&["netns", "del", &name]);
            None
        }
        Ok(output) => Some(format!("no network namespaces: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Some(format!("there is no `ip` of iproute2: {error}")),
    }
}

/// The address of a host.
pub(crate) fn address(host: usize) -> String {
    format!("10.77.0.{}", host + 1)
}

/// The name of a host, for whom it was told to ([`Wires::name`]).
pub(crate) fn name(host: usize) -> String {
    format!("host{host}.example")
}

/// The network that all hosts are in.
pub(crate) const NETWORK: &str = "10.77.0.0/24";

impl Wires {
    pub(crate) fn lay() -> Self {
        let wires = Self { prefix: format!("palinode-{}", std::process::id()) };
        wires.take_up();
        let hub = wires.hub();
        ip(&["netns", "add", &hub]);
        ip(&["-n", &hub, "link", "add", "bridge", "type", "bridge"]);
        ip(&["-n", &hub, "link", "set", "bridge", "up"]);
        for host in 0..HOSTS {
            let (space, port) = (wires.host(host), port(host));
            ip(&["netns", "add", &space]);
            ip(&["link", "add", "name", &port, "netns", &hub, "type", "veth", "peer", "name", "wire", "netns", &space]);
            ip(&["-n", &hub, "link", "set", &port, "master", "bridge"]);
            ip(&["-n", &hub, "link", "set", &port, "up"]);
            ip(&["-n", &space, "addr", "add", &format!("{}/24", address(host)), "dev", "wire"]);
            ip(&["-n", &space, "link", "set", "wire", "up"]);
            ip(&["-n", &space, "link", "set", "lo", "up"]);
        }
        wires
    }

    fn hub(&self) -> String {
        format!("{}-hub", self.prefix)
    }

    fn host(&self, host: usize) -> String {
        format!("{}-{host}", self.prefix)
    }

    /// Pulls the plug of a host, or puts it in again.
    pub(crate) fn connect(&self, host: usize, connected: bool) {
        ip(&["-n", &self.hub(), "link", "set", &port(host), if connected { "up" } else { "down" }]);
    }

    /// Tells a host the name of another one, in a file that `ip netns exec` puts in the place of `/etc/hosts`.
    pub(crate) fn name(&self, host: usize, other: usize) {
        let folder = self.files(host);
        std::fs::create_dir_all(&folder).expect("a folder for a network namespace");
        std::fs::write(folder.join("hosts"), format!("127.0.0.1 localhost\n{} {}\n", address(other), name(other)))
            .expect("written");
    }

    /// Files that stand in the place of those in `/etc` for the commands of a host (ip-netns(8)).
    fn files(&self, host: usize) -> std::path::PathBuf {
        std::path::Path::new("/etc/netns").join(self.host(host))
    }

    /// A command that will run on this host.
    pub(crate) fn on(&self, host: usize, program: &std::path::Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.host(host)]).arg(program);
        command
    }

    /// Takes away what is there, and what an earlier run with this process number left.
    fn take_up(&self) {
        for host in 0..HOSTS {
            // Most hosts have none.
            let _ = std::fs::remove_dir_all(self.files(host));
        }
        for name in (0..HOSTS).map(|host| self.host(host)).chain([self.hub()]) {
            // One that is not there cannot be taken away.
            let _ = Command::new("ip").args(["netns", "del", &name]).output();
        }
    }
}

impl Drop for Wires {
    fn drop(&mut self) {
        self.take_up();
    }
}

/// The end of a host's wire at the bridge.
fn port(host: usize) -> String {
    format!("port{host}")
}

#[track_caller]
fn ip(arguments: &[&str]) -> Output {
    let output = Command::new("ip").args(arguments).output().expect("ip of iproute2");
    assert!(output.status.success(), "ip {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
