//! `GET /n/{id}`: one notice, in words.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::words;
use crate::http::blocking::on_ledger;
use crate::http::problem::Problem;
use crate::ledger::Ledger;
use crate::ledger::notices::{NoticeView, TextsState};
use crate::notice::{Derivative, LocalisedText, NoticeId};
use crate::verdict::Status;

#[derive(Template)]
#[template(path = "notice.html", config = "src/http/pages/askama.toml")]
struct NoticePage<'p> {
    origin: &'p str,
    id: String,
    title: String,
    kind: String,
    by: String,
    remarks: Vec<String>,
    role: String,
    force: String,
    publisher: String,
    reasons: String,
    fault: Option<String>,
    actions: String,
    issued: String,
    effective: Option<String>,
    seen: String,
    issuer: String,
    attested: Option<String>,
    index: u64,
    subjects: Vec<SubjectLine>,
    derivatives: Vec<String>,
    texts: Vec<LocalisedText>,
    texts_state: &'static str,
    references: Vec<ReferenceLine>,
    related: Vec<Related>,
}

struct SubjectLine {
    id: String,
    role: String,
}

struct ReferenceLine {
    kind: String,
    url: String,
    link: bool,
}

struct Related {
    relation: &'static str,
    id: String,
}

#[derive(Template)]
#[template(path = "missing.html", config = "src/http/pages/askama.toml")]
struct Missing<'p> {
    origin: &'p str,
    asked: &'static str,
}

/// The page of one notice.
#[utoipa::path(
    tag = "pages", params(("id" = String, Path, description = "The notice id: 64 hex digits")),
    responses(
        (status = 200, description = "A page", body = String, content_type = "text/html"),
        (status = 404, description = "A page that says so", body = String, content_type = "text/html"),
    )
)]
#[get("/n/{id}")]
pub(super) async fn page(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let origin = ledger.identity().origin.as_str();
    let view = match NoticeId::parse(&id) {
        Some(id) => on_ledger(&ledger, move |ledger| ledger.notice(&id)).await?,
        None => None,
    };
    match view {
        Some(view) => super::page(&request, &NoticePage::new(origin, view)),
        None => super::page_not_found(&Missing { origin, asked: "" }),
    }
}

impl<'p> NoticePage<'p> {
    fn new(origin: &'p str, view: NoticeView) -> Self {
        let NoticeView { id, notice, texts, status, issuer: shown, issuer_verified, index, first_seen, .. } = view;
        let (texts_state, texts) = written(texts);
        let (texts, references) = texts.map_or_else(Default::default, |texts| (texts.texts, texts.references));
        let issuer = notice.issuer.id.to_string();
        Self {
            origin,
            id: id.to_string(),
            title: notice.dataset.title,
            kind: words::plain(notice.kind.as_str()),
            remarks: words::remarks(&shown),
            by: shown.name.unwrap_or_else(|| issuer.clone()),
            role: words::plain(notice.issuer.role.as_str()),
            force: force(&status),
            publisher: notice.dataset.publisher_name,
            reasons: words::list(notice.reasons.iter().map(|reason| reason.as_str())),
            fault: notice.fault.map(|fault| words::plain(fault.as_str())),
            actions: words::list(notice.actions.iter().map(|action| action.verb.as_str())),
            issued: notice.issued.to_string(),
            effective: notice.effective.map(|date| date.to_string()),
            seen: words::time(first_seen),
            issuer,
            attested: words::attested(&issuer_verified),
            index,
            subjects: notice
                .subjects
                .iter()
                .map(|subject| SubjectLine { id: subject.id.to_string(), role: words::plain(subject.role.as_str()) })
                .collect(),
            derivatives: notice.derivatives.iter().filter_map(derivative).collect(),
            texts,
            texts_state,
            references: references
                .into_iter()
                .map(|reference| ReferenceLine {
                    kind: words::plain(reference.kind.as_str()),
                    link: reference.url.starts_with("https://"),
                    url: reference.url,
                })
                .collect(),
            related: related(&status),
        }
    }
}

fn written(texts: TextsState) -> (&'static str, Option<crate::notice::Texts>) {
    match texts {
        TextsState::None => ("The notice comes without a text.", None),
        TextsState::Awaited => ("The text has not come yet.", None),
        TextsState::Removed => ("The text was removed, by law or on request.", None),
        TextsState::Available(texts) => ("", Some(*texts)),
    }
}

fn force(status: &Status) -> String {
    let date = status.scheduled_for.as_ref().map(|date| format!("It takes effect on {date}."));
    match (status.in_force, date) {
        (true, Some(date)) => date,
        (true, None) => "It is in force.".to_owned(),
        (false, _) => "It is not in force any more.".to_owned(),
    }
}

fn derivative(derivative: &Derivative) -> Option<String> {
    let name = match (&derivative.title, &derivative.id) {
        (Some(title), Some(id)) => format!("{title} ({id})"),
        (Some(title), None) => title.clone(),
        (None, Some(id)) => id.to_string(),
        (None, None) => return None,
    };
    Some(format!("{name}: {}, inherits {}", words::plain(derivative.relation.as_str()), derivative.inherits.as_str()))
}

fn related(status: &Status) -> Vec<Related> {
    let lifted = status.lifted_by.iter().map(|lift| ("lifted by", lift.notice));
    let amended = status.amended_by.iter().map(|notice| ("amended by", *notice));
    let disputed = status.disputed_by.iter().map(|dispute| ("disputed by", dispute.notice));
    let void = status.void_edges.iter().map(|edge| ("without force here:", edge.notice));
    let own = status.prior.iter().map(|prior| ("it speaks of", prior.notice));
    lifted
        .chain(amended)
        .chain(disputed)
        .chain(void)
        .chain(own)
        .map(|(relation, id)| Related { relation, id: id.to_string() })
        .collect()
}
