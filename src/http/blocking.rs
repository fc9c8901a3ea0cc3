//! Calls of the ledger on threads that may block.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data};

use super::problem::Problem;
use crate::ledger::Ledger;

/// Runs `call` over the ledger on the pool for blocking work.
pub(super) async fn on_ledger<T, E>(
    ledger: &Data<Ledger>,
    call: impl FnOnce(&Ledger) -> Result<T, E> + Send + 'static,
) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Send + 'static,
    Problem: From<E>,
{
    let ledger = Arc::clone(ledger);
    run(move || call(&ledger)).await
}

/// Runs `call` over the ledger there, for whoever asks later: nobody waits for it.
pub(super) fn behind_on_ledger<E: std::fmt::Display>(
    ledger: &Data<Ledger>,
    doing: &'static str,
    call: impl FnOnce(&Ledger) -> Result<(), E> + Send + 'static,
) {
    let ledger = Arc::clone(ledger);
    // It runs to its end whether somebody waits or not.
    drop(web::block(move || {
        if let Err(error) = call(&ledger) {
            tracing::warn!(%error, "{doing} failed");
        }
    }));
}

/// Runs any call that blocks on that pool.
pub(super) async fn run<T, E>(call: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Send + 'static,
    Problem: From<E>,
{
    match web::block(call).await {
        Ok(answer) => Ok(answer?),
        // The pool only goes away with the server.
        Err(_gone) => {
            let detail = "the server is shutting down";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shutting-down", "The server is shutting down", detail))
        }
    }
}
