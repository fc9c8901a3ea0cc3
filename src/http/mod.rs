//! What a server says over HTTP: one endpoint a file, and nothing decided here.
//!
//! | file | is |
//! |---|---|
//! | `server` | assembly: the data that handlers are handed, the routes, the listening server |
//! | `limits` | what a request may bring, refused before it is buffered |
//! | `headers` | what every answer carries; cross-origin reads; `HEAD` |
//! | `problem`, `refusals` | RFC 9457 problem documents, and which refusal is which of them |
//! | `answer` | JSON answers with an ETag, and conditional requests |
//! | `blocking` | calls of the ledger on threads that may block |
//! | `api` | `/v1/...` (protocol, section 9) |
//! | `log`, `witness` | the public log and the witness, in the formats of C2SP |
//! | `pages` | pages for people, without scripts |
//! | `ops` | for operators: liveness, readiness, metrics; the OpenAPI document |
//!
//! Reads are public, there is no login and no cookie, and nothing is administered over HTTP. What is asked is not kept: no
//! query and no address goes to the program's log or into a metric.
//!
//! Out of scope: TLS (a proxy stands in front), rate limits by address, and every rule of the ledger.

mod answer;
mod api;
mod blocking;
mod headers;
mod limits;
mod log;
mod methods;
mod ops;
mod pages;
mod problem;
mod refusals;
mod server;
mod witness;

pub use api::{CheckQuestion, CheckQuestionError};
pub use limits::Limits;
pub use ops::MetricsText;
pub use problem::{Problem, ProblemDocument, ProblemFlaw};
pub use server::{Serving, app, bind, openapi};
