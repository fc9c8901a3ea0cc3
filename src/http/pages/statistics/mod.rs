//! `GET /statistics`: how many notices there are by month, kind and reason, as drawings with the same in tables beside them.

mod chart;

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use crate::http::blocking::on_ledger;
use crate::http::language::{Sentence, Speech};
use crate::http::problem::Problem;
use crate::ledger::Ledger;
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
}

/// A row of a table, with the length of its bar.
struct Bar {
    name: Sentence,
    notices: u64,
    /// Where the notices that were counted are listed.
    to: String,
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
    let frame = Frame::of(&request, &ledger);
    Frame::page(&request, &StatisticsPage::new(frame, &statistics))
}

impl<'p> StatisticsPage<'p> {
    fn new(frame: Frame<'p>, Statistics { tree_size, tally }: &Statistics) -> Self {
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
            frame,
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
        to: frame.to(&format!("/search?{set}={code}")),
        // What is there at all is seen.
        length: (notices * 100 / most).max(1),
        notices,
    };
    counts.into_iter().map(bar).collect()
}
