//! `GET /v1/changes`: every entry since an index, a line each.

use actix_web::http::header::{self, EntityTag};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::entry_line::{self, ChangeLine};
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
    #[param(example = 0)]
    after: Option<u64>,
    /// How many lines at most; 10,000 when absent, which is the most.
    #[param(minimum = 1, maximum = 10_000, example = 100)]
    limit: Option<u64>,
}

/// Entries since an index, as newline-delimited JSON, at most 10,000.
///
/// Entries never change, so an answer is the same for as long as the log has not grown; `Link` names the next page when there is
/// one.
#[utoipa::path(
    tag = "notices", params(ChangesQuery),
    responses(
        (status = 200, description = "A JSON object a line", body = ChangeLine, content_type = "application/x-ndjson"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/changes")]
pub(super) async fn read(
    request: HttpRequest,
    ledger: Data<Ledger>,
    query: Query<ChangesQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = query.limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::bad_request("bad-query", format!("`limit` is 1 to {MOST}, not {limit}")));
    }
    let from = query.after.map_or(0, |after| after.saturating_add(1));
    let size = ledger.published().head.size;
    let end = from.saturating_add(limit).min(size).max(from);
    // The same entries are the same bytes for ever.
    let tag = EntityTag::new_strong(format!("{from}-{end}"));
    let mut response = match answer::tagged(&request, &tag, answer::REVALIDATE) {
        Ok(not_modified) => return Ok(not_modified),
        Err(response) => response,
    };
    if end < size {
        let last = end.saturating_sub(1);
        response.insert_header((header::LINK, format!("</v1/changes?after={last}&limit={limit}>; rel=\"next\"")));
    }
    let lines = stream::try_unfold(from, move |from| {
        let ledger = ledger.clone();
        async move {
            let limit = end.saturating_sub(from).min(AT_A_TIME);
            let entries = on_ledger(&ledger, move |ledger| ledger.changes(from, limit)).await?;
            let Some(last) = entries.last() else { return Ok::<_, Problem>(None) };
            let next = last.index + 1;
            Ok(Some((Bytes::from(lines(&entries)), next)))
        }
    });
    Ok(response.content_type("application/x-ndjson").streaming(lines))
}

fn lines(entries: &[StoredEntry]) -> String {
    let mut text = String::new();
    for entry in entries {
        entry_line::write(&mut text, entry);
        text.push('\n');
    }
    text
}
