//! Bad requests to a whole server: every status is a refusal that means something, nothing panics, and the ledger stays as it was.
//!
//! The server is that of this process with the shipped store; requests go to its application without a socket, so that a hundred
//! thousand of them take minutes, and now and then over a socket as well, which must not differ. What a body *means* is decided
//! here a second time, from the good submissions alone ([`meaning`]): a mutation is accepted if and only if it says what a
//! good submission said, and is then answered with that one's entry.

mod asking;
mod good;
mod image;
mod knock;
mod meaning;
mod spoil;
mod submitting;
mod uploading;
mod witnessing;
