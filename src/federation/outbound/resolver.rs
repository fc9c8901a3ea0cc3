//! Names are looked up once for a connection, and the connection goes to an address that was checked: what a second look-up
//! would say does not matter, since there is none (DNS rebinding).

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::ranges::{AddressPolicy, address_is_allowed};

/// How many addresses of one name are tried at most.
const MOST_ADDRESSES: usize = 8;

/// Finds the addresses of a name.
pub(super) type LookUp = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Asks the system.
pub(super) fn by_the_system() -> LookUp {
    Arc::new(|host| {
        Box::pin(async move {
            let ask = move || Ok((host.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect());
            tokio::task::spawn_blocking(ask).await.map_err(io::Error::other)?
        })
    })
}

/// A resolver that never gives an address which requests may not go to. It is not asked about addresses that are written in a
/// URL.
pub(super) struct GuardedResolver {
    policy: Arc<AddressPolicy>,
    look_up: LookUp,
}

/// All addresses of a name are such that requests may not go there.
#[derive(Debug, thiserror::Error)]
#[error("requests may not go to {0}")]
pub(super) struct OnlyRefused(pub(super) IpAddr);

impl GuardedResolver {
    pub(super) fn new(policy: Arc<AddressPolicy>, look_up: LookUp) -> Self {
        Self { policy, look_up }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, look_up) = (self.policy.clone(), self.look_up.clone());
        Box::pin(async move {
            let host = name.as_str().to_owned();
            // Requests to this machine may be without encryption, so its names must not lead anywhere else.
            let stays = super::is_localhost(&host);
            let may =
                |address: &IpAddr| address_is_allowed(*address, &policy) && (!stays || address.to_canonical().is_loopback());
            let (allowed, refused): (Vec<_>, Vec<_>) = look_up(host).await?.into_iter().partition(may);
            match refused.first() {
                Some(only) if allowed.is_empty() => Err(OnlyRefused(*only).into()),
                // The port is the one in the URL.
                _ => Ok(Box::new(allowed.into_iter().take(MOST_ADDRESSES).map(|ip| SocketAddr::new(ip, 0))) as Addrs),
            }
        })
    }
}
