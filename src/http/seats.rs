//! How many connections, or other things that last, one client may hold at once, and all together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::header::HeaderMap;

use super::client_address::{ClientAddress, Proxies};

/// Who holds how many connections. Cheap to clone; all clones count together.
#[derive(Clone)]
pub(super) struct Seats {
    most: usize,
    in_all: usize,
    proxies: Arc<Proxies>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by_client: HashMap<ClientAddress, usize>,
}

/// One thing that a client holds; given back when it is dropped.
pub(super) struct Seat {
    seats: Seats,
    /// `None` for whoever is not told apart from others.
    client: Option<ClientAddress>,
}

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoSeat {
    /// The client has its share.
    #[error("the client holds as many as it may")]
    Client,
    /// All together have theirs.
    #[error("all clients together hold as many as there are")]
    All,
}

impl Seats {
    /// `most` for each client, and `in_all` for all of them.
    pub(super) fn new(most: usize, in_all: usize, proxies: Proxies) -> Self {
        Self { most, in_all, proxies: Arc::new(proxies), taken: Arc::default() }
    }

    /// A seat for a connection from `peer`; `None` for connections that are not counted, because they come from this machine
    /// or from a listed proxy, which holds connections for many.
    pub(super) fn take(&self, peer: IpAddr) -> Result<Option<Seat>, NoSeat> {
        let Some(client) = self.proxies.client(peer, &HeaderMap::new()).filter(|_| !self.proxies.contains(peer)) else {
            return Ok(None);
        };
        self.seat(Some(client)).map(Some)
    }

    /// A seat for what a request begins; whoever comes from this machine itself takes one of all.
    pub(super) fn take_for(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<Seat, NoSeat> {
        self.seat(peer.and_then(|peer| self.proxies.client(peer, headers)))
    }

    fn seat(&self, client: Option<ClientAddress>) -> Result<Seat, NoSeat> {
        let mut taken = self.taken();
        if taken.in_all >= self.in_all {
            return Err(NoSeat::All);
        }
        if let Some(client) = client {
            let held = taken.by_client.entry(client).or_default();
            if *held >= self.most {
                return Err(NoSeat::Client);
            }
            *held += 1;
        }
        taken.in_all += 1;
        Ok(Seat { seats: self.clone(), client })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.in_all -= 1;
        let Some(client) = self.client else { return };
        if let Some(held) = taken.by_client.get_mut(&client) {
            *held -= 1;
            if *held == 0 {
                taken.by_client.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_so_many_seats_and_gives_them_back() {
        let seats = Seats::new(2, 3, Proxies { listed: vec!["10.0.0.1/32".parse().unwrap()], ..Proxies::default() });
        let [one, other] = ["2001:db8::1", "2001:db8::2"].map(|address| address.parse::<IpAddr>().unwrap());
        let held = (seats.take(one).unwrap(), seats.take(other).unwrap());
        assert!(seats.take(one).is_err(), "a /64 is one client");
        let next = seats.take("2001:db8:0:1::".parse().unwrap()).unwrap();
        assert!(next.is_some(), "and the next one another");
        assert_eq!(seats.take("192.0.2.1".parse().unwrap()).err(), Some(NoSeat::All), "three are all there are");
        drop((held, next));
        assert!(seats.take(one).is_ok());
        assert!(seats.take("10.0.0.1".parse().unwrap()).unwrap().is_none(), "a proxy is not counted");
        assert!(seats.taken().by_client.is_empty() && seats.taken().in_all == 0, "what was given back leaves nothing behind");
    }
}
