//! The federation as a whole, on real ledgers and a network in memory.

mod comparing;
mod converging;
mod domains;
mod enrolling;
mod failing;
mod gossip;
mod limiting;
mod listing;
mod lying;
mod recovering;
mod rotating;
mod stating;
mod succeeding;
mod twin;
mod waiting;
mod witnessing;
