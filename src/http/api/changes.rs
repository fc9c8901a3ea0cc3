//! `GET /v1/changes`: every entry since an index, a line each.

use std::fmt::Write;

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpResponse, get};
use futures_util::stream;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::{Ledger, StoredEntry};

/// How many entries are read at a time: at most 4 MiB, since an entry has at most 64 KiB.
const AT_A_TIME: u64 = 64;
/// How many entries one answer has at most.
const MOST: u64 = 10_000;

/// Since when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesQuery {
    /// Only entries behind this index; everything when absent. Ask again with the index of the last line.
    after: Option<u64>,
}

/// One line of the answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, whose lines are put together by hand")]
struct ChangeLine {
    /// The entry's index in this log.
    index: u64,
    /// SHA-256 of its payload.
    id: String,
    /// Its payload type.
    r#type: String,
    /// Its leaf hash, the same on every server.
    leaf: String,
    /// The canonical envelope.
    envelope: super::submit::EnvelopeBody,
}

/// Entries since an index, as newline-delimited JSON, at most 10,000.
#[utoipa::path(
    tag = "notices", params(ChangesQuery),
    responses(
        (status = 200, description = "A JSON object a line", body = ChangeLine, content_type = "application/x-ndjson"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/changes")]
pub(super) async fn read(ledger: Data<Ledger>, query: Query<ChangesQuery>) -> HttpResponse {
    let from = query.after.map_or(0, |after| after.saturating_add(1));
    let end = from.saturating_add(MOST).min(ledger.published().head.size);
    let lines = stream::try_unfold(from, move |from| {
        let ledger = ledger.clone();
        async move {
            let limit = end.saturating_sub(from).min(AT_A_TIME);
            let entries = on_ledger(&ledger, move |ledger| ledger.changes(from, limit)).await?;
            let Some(last) = entries.last() else { return Ok::<_, Problem>(None) };
            let next = last.index + 1;
            let lines: String = entries.iter().fold(String::new(), line);
            Ok(Some((Bytes::from(lines), next)))
        }
    });
    HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((header::CACHE_CONTROL, answer::REVALIDATE))
        .streaming(lines)
}

/// The envelope goes in as it is stored. Everything else in the line is a number, hex digits or one of our own words.
fn line(mut lines: String, entry: &StoredEntry) -> String {
    let StoredEntry { index, payload_id, kind, leaf, bytes, .. } = entry;
    let envelope = String::from_utf8_lossy(bytes);
    // Writing to a string cannot fail.
    let _ = writeln!(
        lines,
        "{{\"index\":{index},\"id\":\"{payload_id}\",\"type\":\"{}\",\"leaf\":\"{leaf}\",\"envelope\":{envelope}}}",
        kind.as_str()
    );
    lines
}
