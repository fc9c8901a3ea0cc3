//! `GET /statistics`: how many notices there are by month, kind and reason, and how many datasets by verdict, as drawings with the same
//! in tables beside them.

mod chart;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use super::words;
use crate::http::blocking::{behind_on_ledger, on_ledger};
use crate::http::language::{Sentence, Speech};
use crate::http::problem::Problem;
use crate::ledger::Ledger;
use crate::ledger::by_verdict::ByVerdict;
use crate::ledger::statistics::{Statistics, Tally};
use crate::notice::NoticeType;

use chart::{Columns, MonthCount};

#[derive(Template)]
#[template(path = "statistics.html", config = "src/http/pages/askama.toml")]
struct StatisticsPage<'p> {
    frame: Frame<'p>,
    tree_size: u64,
    notices: u64,
    months: Columns,
    /// Kinds of notices about datasets.
    about_datasets: Vec<Bar>,
    /// Kinds of notices about other notices.
    about_notices: Vec<Bar>,
    reasons: Vec<Bar>,
    /// Datasets by what holds of them, when that was counted.
    verdicts: Option<Verdicts>,
}

/// How many datasets have which verdict.
struct Verdicts {
    /// As of when.
    as_of: String,
    datasets: u64,
    bars: Vec<Bar>,
}

/// A row of a table, with the length of its bar.
struct Bar {
    name: Sentence,
    count: u64,
    /// Where what was counted is listed.
    to: Option<String>,
    /// In percent of the longest.
    length: u64,
}

/// How many notices there are, for people.
#[utoipa::path(
    tag = "pages", responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/statistics")]
pub(super) async fn page(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    let statistics = on_ledger(&ledger, Ledger::statistics).await?;
    let verdicts = by_verdict(&ledger).await?;
    let frame = Frame::of(&request, &ledger);
    Frame::page(&request, &StatisticsPage::new(frame, &statistics, verdicts.as_deref()))
}

/// The name that the protocol gives the page (section 9).
#[utoipa::path(
    tag = "pages",
    responses((status = 308, description = "It stands at `/statistics`", headers(("Location" = String, description = "Where"))))
)]
#[get("/stats")]
pub(super) async fn under_its_short_name(request: HttpRequest) -> HttpResponse {
    let query = request.query_string();
    let to = if query.is_empty() { "/statistics".to_owned() } else { format!("/statistics?{query}") };
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, to)).finish()
}

/// What was counted last; what has changed since is counted for whoever comes later.
pub(in crate::http) async fn by_verdict(ledger: &Data<Ledger>) -> Result<Option<Arc<ByVerdict>>, Problem> {
    let (counted, is_old) = on_ledger(ledger, Ledger::by_verdict).await?;
    if is_old {
        behind_on_ledger(ledger, "counting datasets by their verdict", Ledger::count_verdicts);
    }
    Ok(counted)
}

impl<'p> StatisticsPage<'p> {
    fn new(frame: Frame<'p>, Statistics { tree_size, tally }: &Statistics, verdicts: Option<&ByVerdict>) -> Self {
        let t = frame.t;
        let kinds = tally.kinds();
        let of_kind = |speaks_of_notices: bool| {
            let kinds = kinds.iter().filter(|(kind, _)| speaks_of_a_notice(**kind) == speaks_of_notices);
            bars(&frame, t, "type", kinds.map(|(kind, notices)| (kind.as_str(), *notices)))
        };
        Self {
            tree_size: *tree_size,
            notices: tally.notices(),
            months: Columns::of(&months(tally)),
            about_datasets: of_kind(false),
            about_notices: of_kind(true),
            reasons: bars(&frame, t, "reason", tally.reasons.iter().map(|(reason, notices)| (reason.as_str(), *notices))),
            verdicts: verdicts.map(|counted| Verdicts::of(t, counted)),
            frame,
        }
    }
}

impl Verdicts {
    fn of(t: Speech, counted: &ByVerdict) -> Self {
        // In the order of severity, not of number: that is how they are read.
        let most = counted.datasets.values().copied().max().unwrap_or(1).max(1);
        let bars = counted.datasets.iter().map(|(verdict, datasets)| Bar {
            name: t.code("verdict", verdict.as_str()),
            to: None,
            length: length(*datasets, most),
            count: *datasets,
        });
        let (time, size) = (words::time(counted.at), counted.tree_size.to_string());
        Self {
            as_of: t.say_of_two("statistics-verdicts-as-of", "time", time, "size", size),
            datasets: counted.datasets.values().sum(),
            bars: bars.collect(),
        }
    }
}

/// Whether notices of this kind are about other notices rather than about a dataset.
fn speaks_of_a_notice(kind: NoticeType) -> bool {
    matches!(kind, NoticeType::Reinstatement | NoticeType::Revocation | NoticeType::Response)
}

fn months(tally: &Tally) -> Vec<(&str, MonthCount)> {
    let count = |kinds: &BTreeMap<NoticeType, u64>| {
        let of_notices = kinds.iter().filter(|(kind, _)| speaks_of_a_notice(**kind)).map(|(_, notices)| notices).sum();
        let all: u64 = kinds.values().sum();
        MonthCount { about_datasets: all - of_notices, about_notices: of_notices }
    };
    tally.months.iter().map(|(month, kinds)| (month.as_str(), count(kinds))).collect()
}

/// Rows of one set of codes, the most frequent first.
fn bars(frame: &Frame<'_>, t: Speech, set: &str, counts: impl Iterator<Item = (&'static str, u64)>) -> Vec<Bar> {
    let mut counts: Vec<(&str, u64)> = counts.collect();
    counts.sort_by_key(|(_, notices)| std::cmp::Reverse(*notices));
    let most = counts.first().map_or(1, |(_, notices)| *notices).max(1);
    let bar = |(code, notices): (&str, u64)| Bar {
        name: t.code(set, code),
        to: Some(frame.to(&format!("/search?{set}={code}"))),
        length: length(notices, most),
        count: notices,
    };
    counts.into_iter().map(bar).collect()
}

/// How long a bar is: what is there at all is seen.
fn length(count: u64, most: u64) -> u64 {
    (count * 100 / most).max(1)
}
