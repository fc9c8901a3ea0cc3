//! `GET /d/{id}`: what is known of one identifier, in words.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::words;
use crate::http::blocking::on_ledger;
use crate::http::problem::Problem;
use crate::ledger::check::MATCHES;
use crate::ledger::known_names::IssuerView;
use crate::ledger::{Ledger, StoreError};
use crate::verdict::{Match, Verdict};

#[derive(Template)]
#[template(path = "dataset.html", config = "src/http/pages/askama.toml")]
struct Dataset<'p> {
    origin: &'p str,
    asked: String,
    id: Option<String>,
    verdict: String,
    sentence: String,
    incomplete: bool,
    conflict: bool,
    matches: Vec<Found>,
    more: usize,
    time: String,
    tree_size: u64,
}

struct Found {
    notice: String,
    kind: String,
    issuer: String,
    remarks: Vec<String>,
    attested: Option<String>,
    authority: &'static str,
    verdict: String,
    subject: String,
    derived: bool,
    disputed: bool,
    scheduled: Option<String>,
}

impl Found {
    fn new(found: &Match, issuer: Option<&IssuerView>) -> Self {
        let name = issuer.and_then(|issuer| issuer.name.as_ref());
        Self {
            notice: found.notice.to_string(),
            kind: words::plain(found.kind.as_str()),
            issuer: name.map_or_else(|| found.issuer.to_string(), |name| format!("{name} ({})", found.issuer)),
            remarks: issuer.map(words::remarks).unwrap_or_default(),
            attested: issuer.and_then(|issuer| words::attested(&issuer.verified)),
            authority: words::authority(found.authority),
            verdict: words::plain(found.contribution.verdict.as_str()),
            subject: found.subject.to_string(),
            derived: found.path.is_some(),
            disputed: !found.disputed_by.is_empty(),
            scheduled: found.scheduled_for.map(|date| date.to_string()),
        }
    }
}

/// The page of one identifier.
#[utoipa::path(
    tag = "pages", params(("id" = String, Path, description = "The identifier, one percent-encoded segment")),
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/d/{id}")]
pub(super) async fn page(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let asked = id.into_inner();
    let question = [asked.clone()];
    let read = on_ledger(&ledger, move |ledger| -> Result<_, StoreError> {
        let mut answers = ledger.check(&question)?;
        let answer = answers.answers.pop();
        let matches = answer.iter().filter_map(|asked| asked.answer.as_ref().ok()).flat_map(|answer| &answer.matches);
        let issuer = |one: &Match| answers.issuers.iter().find(|issuer| issuer.did == one.issuer);
        let found = matches.take(MATCHES).map(|one| Found::new(one, issuer(one))).collect();
        Ok((answers, answer, found))
    });
    let (answers, answer, matches) = read.await?;
    let time = answers.checkpoint_time.map_or_else(|| "an unknown time".to_owned(), words::time);
    let mut page = Dataset {
        origin: ledger.identity().origin.as_str(),
        asked,
        id: None,
        verdict: words::plain(Verdict::Unidentified.as_str()),
        sentence: Verdict::Unidentified.sentence(None).to_owned(),
        incomplete: false,
        conflict: false,
        more: 0,
        matches,
        time,
        tree_size: answers.tree_size,
    };
    match answer.map(|asked| asked.answer) {
        Some(Ok(answer)) => {
            page.verdict = words::plain(answer.verdict.as_str());
            page.sentence = match answer.verdict {
                // What is not known here may be known elsewhere, or tomorrow.
                Verdict::NoNotice => {
                    format!("no notice known to {} as of {}, tree size {}.", page.origin, page.time, page.tree_size)
                }
                verdict => verdict.sentence(answer.part).to_owned(),
            };
            page.id = Some(answer.id.to_string());
            page.incomplete = answer.incomplete;
            page.conflict = answer.conflict;
            page.more = answer.matches.len().saturating_sub(MATCHES);
        }
        Some(Err(fault)) => page.sentence = format!("{} {fault}", page.sentence),
        None => {}
    }
    super::page(&request, &page)
}
