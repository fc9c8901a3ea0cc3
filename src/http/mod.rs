//! What a server says over HTTP: one endpoint a file, and nothing decided here.
//!
//! | file | is |
//! |---|---|
//! | `server` | assembly: the data that handlers are handed, the routes |
//! | `listening` | the server on its socket |
//! | `connection`, `seats` | how long a connection may take, and how many a client may hold |
//! | `limits` | what a request may bring, refused before it is buffered |
//! | `rates`, `client_address` | how often a client may ask, and whose request it is |
//! | `headers` | what every answer carries; cross-origin reads; `HEAD` |
//! | `problem`, `refusals` | RFC 9457 problem documents, and which refusal is which of them |
//! | `answer` | JSON answers with an ETag, and conditional requests |
//! | `paging` | lists in pages |
//! | `blocking` | calls of the ledger on threads that may block |
//! | `api` | `/v1/...` (protocol, section 9) |
//! | `log`, `witness` | the public log and the witness, in the formats of C2SP |
//! | `language` | what pages say, in the reader's language |
//! | `pages` | pages for people, without scripts |
//! | `filters` | what narrows a list of notices |
//! | `events`, `entry_line` | what comes into the log, as it comes; an entry as a line of JSON |
//! | `feeds`, `badges` | Atom and JSON Feed; shields, and the one page that others may frame |
//! | `ops` | for operators: liveness, readiness, metrics; the OpenAPI document |
//! | `security` | where to report a hole |
//! | `describing` | completes that document with what holds for many paths, and with examples |
//!
//! Reads are public, there is no login and no cookie, and nothing is administered over HTTP. What is asked is not kept: no
//! query and no address goes to the program's log or into a metric; addresses are remembered for as long as their bucket takes to
//! fill.
//!
//! Out of scope: TLS (a proxy stands in front), and every rule of the ledger.

mod answer;
mod api;
mod badges;
mod blocking;
mod client_address;
mod connection;
mod describing;
mod entry_line;
mod events;
mod feeds;
mod filters;
mod headers;
mod language;
mod limits;
mod listening;
mod log;
mod methods;
mod ops;
mod pages;
mod paging;
mod problem;
mod rates;
mod refusals;
mod seats;
mod security;
mod server;
mod witness;

pub use api::{CheckQuestion, CheckQuestionError};
pub use client_address::{ForwardedBy, Proxies};
pub use connection::Deadlines;
pub use events::EventLimits;
pub use limits::Limits;
pub use listening::bind;
pub use ops::MetricsText;
pub use problem::{Problem, ProblemDocument, ProblemFlaw};
pub use rates::{Rate, Rates};
pub use security::SecurityContact;
pub use server::{Serving, app, openapi};
