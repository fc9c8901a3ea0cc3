//! The federation as a whole, on real ledgers and a network in memory.

mod converging;
mod domains;
mod failing;
mod gossip;
mod lying;
mod recovering;
mod rotating;
mod stating;
mod succeeding;
mod twin;
mod waiting;
mod witnessing;
