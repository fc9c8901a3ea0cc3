//! `GET /v1/statistics`: how many notices there are of each sort.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::pages::by_verdict;
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::ledger::by_verdict::ByVerdict;
use crate::ledger::statistics::Statistics;
use crate::notice::NoticeType;

/// How many notices this log holds. Each is counted once, at its first entry, also when it was revoked since: nothing is taken out of
/// the log.
#[derive(Serialize, ToSchema)]
struct StatisticsAnswer {
    /// The tree whose entries were counted.
    #[schema(example = 128)]
    tree_size: u64,
    /// All notices.
    notices: u64,
    /// By the month in which this server first saw them, the oldest first; months without a notice are left out.
    months: Vec<MonthAnswer>,
    /// By kind, the most frequent first; kinds without a notice are left out.
    kinds: Vec<CodeCount>,
    /// By reason, the most frequent first. A notice may give several reasons, or none.
    reasons: Vec<CodeCount>,
    /// Datasets by what holds of them. `null` until they were counted, which a long log takes some time for: ask again.
    verdicts: Option<VerdictsAnswer>,
}

/// How many datasets stand under which verdict. Counted is what each notice names as the dataset itself, of several identifiers the first,
/// each once, under the verdict that `/v1/check` has for it.
#[derive(Serialize, ToSchema)]
struct VerdictsAnswer {
    /// The tree that the verdicts follow from, which may be older than the one above.
    #[schema(example = 128)]
    tree_size: u64,
    /// When they were decided.
    #[schema(example = "2026-11-24T01:00:00Z")]
    at: String,
    /// All datasets that were counted.
    datasets: u64,
    /// By verdict, the most severe first; verdicts that nothing has are left out.
    by_verdict: Vec<VerdictCount>,
}

/// How many datasets have a verdict.
#[derive(Serialize, ToSchema)]
struct VerdictCount {
    /// The verdict.
    #[schema(example = "retracted")]
    verdict: &'static str,
    /// How many have it.
    datasets: u64,
}

impl From<&ByVerdict> for VerdictsAnswer {
    fn from(counted: &ByVerdict) -> Self {
        let by_verdict = counted.datasets.iter().map(|(verdict, n)| VerdictCount { verdict: verdict.as_str(), datasets: *n });
        Self {
            tree_size: counted.tree_size,
            at: counted.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            datasets: counted.datasets.values().sum(),
            by_verdict: by_verdict.collect(),
        }
    }
}

/// The notices of a month.
#[derive(Serialize, ToSchema)]
struct MonthAnswer {
    /// The month, UTC.
    #[schema(example = "2026-11")]
    month: String,
    /// All of them.
    notices: u64,
    /// By kind, the most frequent first.
    kinds: Vec<CodeCount>,
}

/// How many notices have a code.
#[derive(Serialize, ToSchema)]
struct CodeCount {
    /// The type or the reason.
    #[schema(example = "consent")]
    code: &'static str,
    /// How many have it.
    notices: u64,
}

/// Counts, the highest first; those that are equal in the order of the specification.
fn counts(codes: impl IntoIterator<Item = (&'static str, u64)>) -> Vec<CodeCount> {
    let mut counts: Vec<CodeCount> = codes.into_iter().map(|(code, notices)| CodeCount { code, notices }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.notices));
    counts
}

fn kinds<'k>(kinds: impl IntoIterator<Item = (&'k NoticeType, &'k u64)>) -> Vec<CodeCount> {
    counts(kinds.into_iter().map(|(kind, notices)| (kind.as_str(), *notices)))
}

impl StatisticsAnswer {
    fn new(Statistics { tree_size, tally }: &Statistics, verdicts: Option<&ByVerdict>) -> Self {
        let month = |(month, of): (&String, &std::collections::BTreeMap<NoticeType, u64>)| MonthAnswer {
            month: month.clone(),
            notices: of.values().sum(),
            kinds: kinds(of),
        };
        Self {
            tree_size: *tree_size,
            notices: tally.notices(),
            months: tally.months.iter().map(month).collect(),
            kinds: kinds(&tally.kinds()),
            reasons: counts(tally.reasons.iter().map(|(reason, notices)| (reason.as_str(), *notices))),
            verdicts: verdicts.map(VerdictsAnswer::from),
        }
    }
}

/// How many notices there are, by month, kind and reason, and how many datasets by verdict.
#[utoipa::path(
    tag = "notices",
    responses(
        (status = 200, description = "The counts, as of a tree size", body = StatisticsAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/statistics")]
pub(super) async fn read(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    let statistics = on_ledger(&ledger, Ledger::statistics).await?;
    let verdicts = by_verdict(&ledger).await?;
    answer::json(&request, &StatisticsAnswer::new(&statistics, verdicts.as_deref()))
}
