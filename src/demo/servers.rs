//! Three servers on loopback with databases of their own, peers of each other, and what they are asked with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::DemoError;
use super::cast::Cast;
use crate::app::operator::{self, NewPeer};
use crate::app::{self, Running};
use crate::client::Client;
use crate::clock::SystemClock;
use crate::config::{Flags, ServerConfig};
use crate::tlog::VerifierKey;
use crate::verdict::Trust;

/// The letters by which the story names the servers.
const LETTERS: [&str; 3] = ["A", "B", "C"];

/// One server of the demo.
pub(super) struct Server {
    /// A, B or C.
    pub(super) letter: &'static str,
    /// Where it answers.
    pub(super) url: Url,
    /// Its log's name.
    pub(super) origin: String,
    /// What it is asked with: real requests over real sockets.
    pub(super) client: Client,
    running: Running,
}

impl Server {
    /// The key of its checkpoints.
    pub(super) fn log_key(&self) -> &VerifierKey {
        &self.running.ledger().identity().log
    }

    /// The trust that it decides with.
    pub(super) fn trust(&self) -> Trust {
        Trust::clone(&self.running.ledger().trust())
    }
}

/// Starts all three in folders under `folder`, and makes them peers of each other as their operators would.
pub(super) async fn start(folder: &Path, cast: &Cast) -> Result<Vec<Server>, DemoError> {
    let mut servers = Vec::with_capacity(LETTERS.len());
    for letter in LETTERS {
        let data = folder.join(letter);
        let pins = data.join("pins");
        std::fs::create_dir_all(&pins)?;
        for (part, pin) in cast.pins() {
            std::fs::write(pins.join(format!("{part}.json")), pin.to_json())?;
        }
        let flags = Flags { data: Some(data), listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))), origin: None };
        let written = [("PALINODE_TRUST__PUBLISHERS".to_owned(), pins.display().to_string())];
        let settings = ServerConfig::load(None, written, &flags)?;
        let running = app::start(settings, Arc::new(SystemClock)).await?;
        let url = Url::parse(&format!("http://{}/", running.address())).map_err(|e| DemoError::Material(e.to_string()))?;
        let origin = running.ledger().identity().origin.to_string();
        let client = Client::new(url.clone()).map_err(|e| DemoError::Material(e.to_string()))?;
        servers.push(Server { letter, url, origin, client, running });
    }
    introduce(&servers)?;
    Ok(servers)
}

/// What `palinode peer add` does: each operator writes the others' keys down, and the running server notices.
fn introduce(servers: &[Server]) -> Result<(), DemoError> {
    for server in servers {
        for other in servers.iter().filter(|other| other.origin != server.origin) {
            let identity = other.running.ledger().identity();
            let peer = NewPeer {
                url: other.url.clone(),
                log_key: identity.log.clone(),
                witness_key: identity.witness.clone(),
                operator_key: identity.operator,
            };
            operator::add_peer(server.running.folder().path(), peer)?;
        }
        server.running.take_up_peers()?;
    }
    Ok(())
}

/// The server with this letter.
pub(super) fn named<'s>(servers: &'s [Server], letter: &str) -> Result<&'s Server, DemoError> {
    let found = servers.iter().find(|server| server.letter == letter);
    found.ok_or_else(|| DemoError::Material(format!("there is no server {letter}")))
}

/// Takes all three down.
pub(super) async fn stop(servers: Vec<Server>) {
    for server in servers {
        server.running.stop().await;
    }
}
