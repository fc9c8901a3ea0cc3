//! How many connections one client may hold at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::header::HeaderMap;

use super::client_address::{ClientAddress, Proxies};

/// Who holds how many connections. Cheap to clone; all clones count together.
#[derive(Clone)]
pub(super) struct Seats {
    most: usize,
    proxies: Arc<Proxies>,
    taken: Arc<Mutex<HashMap<ClientAddress, usize>>>,
}

/// One connection of a client; given back when it is dropped.
pub(super) struct Seat {
    seats: Seats,
    client: ClientAddress,
}

/// The client holds as many connections as it may.
#[derive(Debug, thiserror::Error)]
#[error("the client holds as many connections as it may")]
pub(super) struct NoSeat;

impl Seats {
    pub(super) fn new(most: usize, proxies: Proxies) -> Self {
        Self { most, proxies: Arc::new(proxies), taken: Arc::default() }
    }

    /// A seat for a connection from `peer`; `None` for connections that are not counted, because they come from this machine
    /// or from a listed proxy, which holds connections for many.
    pub(super) fn take(&self, peer: IpAddr) -> Result<Option<Seat>, NoSeat> {
        let Some(client) = self.proxies.client(peer, &HeaderMap::new()).filter(|_| !self.proxies.contains(peer)) else {
            return Ok(None);
        };
        let mut taken = self.taken();
        let held = taken.entry(client).or_default();
        if *held >= self.most {
            return Err(NoSeat);
        }
        *held += 1;
        Ok(Some(Seat { seats: self.clone(), client }))
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<ClientAddress, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(held) = taken.get_mut(&self.client) {
            *held -= 1;
            if *held == 0 {
                taken.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_so_many_seats_and_gives_them_back() {
        let seats = Seats::new(2, Proxies { listed: vec!["10.0.0.1/32".parse().unwrap()], ..Proxies::default() });
        let [one, other] = ["2001:db8::1", "2001:db8::2"].map(|address| address.parse::<IpAddr>().unwrap());
        let held = (seats.take(one).unwrap(), seats.take(other).unwrap());
        assert!(seats.take(one).is_err(), "a /64 is one client");
        assert!(seats.take("2001:db8:0:1::".parse().unwrap()).unwrap().is_some(), "and the next one another");
        drop(held);
        assert!(seats.take(one).is_ok());
        assert!(seats.take("10.0.0.1".parse().unwrap()).unwrap().is_none(), "a proxy is not counted");
        assert!(seats.taken().is_empty(), "what was given back leaves nothing behind");
    }
}
