//! The server on its socket.
//!
//! What `actix_web::HttpServer` does, put together by hand, so that each connection goes through [`Connection`], which keeps
//! deadlines that HttpServer has no setting for.

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_server::ServerBuilder;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::dev::{AppConfig, Extensions, Server};
use tokio::net::{TcpSocket, TcpStream};

use super::connection::{Connection, Deadlines};
use super::rates::Buckets;
use super::seats::Seats;
use super::server::{Serving, Shared, assemble};

/// How long requests that run may take to end when the server stops, in seconds. Service managers kill after ten or more, and
/// one client that never ends its request must not use them up.
const SHUTDOWN_SECONDS: u64 = 5;
/// How long a client may go on sending a body of known length after an early answer, so that it gets to read the answer.
const LINGER: Duration = Duration::from_secs(1);
/// How many connections may wait to be taken.
const BACKLOG: u32 = 1_024;
/// How often clients are forgotten whose buckets are full again.
const FORGET_EVERY: Duration = Duration::from_secs(10);

/// Binds `listen` and gives the server with the address that it got; it runs as soon as it is awaited or spawned, inside an
/// actix system or a tokio runtime. It takes no signals: whoever runs it stops it.
///
/// # Errors
/// The address cannot be bound.
pub fn bind(serving: &Serving, listen: SocketAddr, workers: usize) -> io::Result<(Server, SocketAddr)> {
    let limits = &serving.limits;
    let deadlines = limits.deadlines;
    let seats = Seats::new(limits.connections_per_client, usize::MAX, limits.proxies.clone());
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    let listener = socket.listen(BACKLOG)?.into_std()?;
    let address = listener.local_addr()?;
    let shared = Shared::of(serving, Some(address));
    tokio::spawn(forget_idle(Arc::downgrade(&shared.buckets().clone().into_inner())));
    let builder = ServerBuilder::new()
        .workers(workers)
        .max_concurrent_connections(limits.connections.div_ceil(workers))
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let builder = builder.listen("http", listener, move || {
        let stopping = stopping.clone();
        let application = assemble(&shared).into_factory().map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::<Connection, _, _>::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(deadlines.idle)
            .client_request_timeout(deadlines.head)
            .client_disconnect_timeout(LINGER)
            .local_addr(address)
            .on_connect_ext(|connection: &Connection, data: &mut Extensions| {
                data.insert(connection.pace());
            })
            .finish(map_config(application, |()| AppConfig::default()));
        welcome(deadlines, seats.clone()).and_then(http)
    })?;
    Ok((builder.run(), address))
}

/// Gives a new connection its deadlines and a seat; one that finds no seat is closed.
fn welcome(
    deadlines: Deadlines,
    seats: Seats,
) -> impl ServiceFactory<
    TcpStream,
    Config = (),
    Response = (Connection, Protocol, Option<SocketAddr>),
    Error = DispatchError,
    InitError = (),
> {
    fn_service(move |stream: TcpStream| ready(admit(stream, deadlines, &seats).map_err(DispatchError::Io)))
}

fn admit(stream: TcpStream, deadlines: Deadlines, seats: &Seats) -> io::Result<(Connection, Protocol, Option<SocketAddr>)> {
    let peer = stream.peer_addr()?;
    let seat = seats.take(peer.ip()).map_err(io::Error::other)?;
    stream.set_nodelay(true)?;
    Ok((Connection::new(stream, deadlines, seat), Protocol::Http1, Some(peer)))
}

/// Ends with the server, whose buckets these are.
async fn forget_idle(buckets: Weak<Buckets>) {
    loop {
        tokio::time::sleep(FORGET_EVERY).await;
        let Some(buckets) = buckets.upgrade() else { return };
        buckets.forget_idle();
    }
}
