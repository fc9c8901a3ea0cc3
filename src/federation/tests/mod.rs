//! The federation as a whole, on real ledgers and a network in memory.

mod comparing;
mod converging;
mod enrolling;
mod failing;
mod gossip;
mod limiting;
mod lying;
mod recovering;
mod rotating;
mod twin;
mod waiting;
mod witnessing;
