//! `GET /n/{id}`: one notice, in words: what it says, who says so, what became of it, and how to check it.

mod content;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use super::linked_data::{self, Alternate, LinkedData};
use super::missing::Missing;
use super::tombstone::Grave;
use super::words;
use crate::http::blocking::on_ledger;
use crate::http::language::{Sentence, Speech};
use crate::http::problem::{Problem, ProblemRemoval};
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;
use crate::ledger::notices::{NoticeView, TextsState};
use crate::notice::{LocalisedText, NoticeId};
use crate::verdict::Status;

use content::{DerivativeLine, ListLine, ReasonLine, ReferenceLine, ReplacementLine, ScopeLine, SubjectLine};

#[derive(Template)]
#[template(path = "notice.html", config = "src/http/pages/askama.toml")]
struct NoticePage<'p> {
    frame: Frame<'p>,
    id: String,
    title: String,
    aliases: Vec<String>,
    version: Option<String>,
    kind: Sentence,
    publisher: String,
    /// Who issued it.
    by: String,
    did: String,
    role: Sentence,
    attested: Option<String>,
    pinned: bool,
    remarks: Vec<Sentence>,
    /// What became of it.
    force: Sentence,
    disputes: Vec<Related>,
    related: Vec<Related>,
    reasons: Vec<ReasonLine>,
    fault: Option<Sentence>,
    actions: Vec<Sentence>,
    appeal: Option<String>,
    publication_check: Option<Sentence>,
    scope: Option<ScopeLine>,
    subjects: Vec<SubjectLine>,
    lists: Vec<ListLine>,
    replacements: Vec<ReplacementLine>,
    derivatives: Vec<DerivativeLine>,
    sensitive: bool,
    texts: Vec<LocalisedText>,
    texts_state: Sentence,
    /// Of texts that were removed.
    grave: Option<Grave>,
    references: Vec<ReferenceLine>,
    /// When its issuer says that it was issued.
    issued: String,
    effective: Option<String>,
    seen: String,
    provenance: String,
    index: u64,
    entry: String,
    signers: Vec<String>,
    log_key: String,
    server: String,
    alternates: Vec<Alternate>,
    linked: LinkedData,
}

/// Another notice that has to do with this one.
struct Related {
    relation: Sentence,
    id: String,
    /// Who issued it, where that is said.
    by: Option<String>,
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
pub(in crate::http::pages) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    public_url: Data<PublicUrl>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = match NoticeId::parse(&id) {
        Some(id) => on_ledger(&ledger, move |ledger| ledger.notice(&id)).await?,
        None => None,
    };
    let frame = Frame::of(&request, &ledger);
    let (log_key, server) = (ledger.identity().log.to_string(), public_url.shown());
    match view {
        Some(view) => {
            let page = NoticePage::new(frame, view, log_key, server);
            Ok(linked_data::told(Frame::page(&request, &page)?, &page.alternates))
        }
        None => Frame::page_not_found(&Missing::notice(frame)),
    }
}

impl<'p> NoticePage<'p> {
    fn new(frame: Frame<'p>, view: NoticeView, log_key: String, server: String) -> Self {
        let t = frame.t;
        let linked = LinkedData::of_notice(&view);
        let NoticeView { id, notice, texts, status, issuer, issuer_pinned, issuer_verified, signers, .. } = view;
        let texts_state = t.code("texts", texts.as_str());
        let grave = match &texts {
            TextsState::Removed(tombstone) => Some(Grave::of(t, &ProblemRemoval::from(tombstone.as_ref()))),
            TextsState::None | TextsState::Available(_) | TextsState::Awaited => None,
        };
        let (texts, references) = content::written(t, texts);
        Self {
            id: id.to_string(),
            kind: t.code("type", notice.kind.as_str()),
            by: words::issuer(&issuer),
            did: notice.issuer.id.to_string(),
            role: t.code("role", notice.issuer.role.as_str()),
            attested: words::attested(t, &issuer_verified),
            pinned: issuer_pinned,
            remarks: words::remarks(t, &issuer),
            force: force(t, &status),
            disputes: disputes(t, &status),
            related: related(t, &status),
            reasons: content::reasons(t, &notice),
            fault: notice.fault.map(|fault| t.code("fault", fault.as_str())),
            actions: notice.actions.iter().map(|action| words::action(t, action)).collect(),
            appeal: notice.appeal.clone(),
            publication_check: notice.publication_check.map(|check| t.code("publication", check.as_str())),
            scope: content::scope(t, &notice),
            subjects: content::subjects(t, &notice),
            lists: content::lists(t, &notice),
            replacements: content::replacements(&notice),
            derivatives: content::derivatives(t, &notice),
            sensitive: notice.sensitive,
            issued: notice.issued.to_string(),
            effective: notice.effective.map(|date| date.to_string()),
            seen: words::time(view.first_seen),
            provenance: view.provenance.as_text(),
            index: view.index,
            entry: view.entry.to_string(),
            title: notice.dataset.title,
            aliases: notice.dataset.aliases,
            version: notice.dataset.version,
            publisher: notice.dataset.publisher_name,
            texts,
            texts_state,
            grave,
            references,
            signers,
            log_key,
            server,
            alternates: linked_data::of_notice(&id.to_string(), notice.issuer.id.as_str()),
            linked,
            frame,
        }
    }
}

fn force(t: Speech, status: &Status) -> Sentence {
    match (status.in_force, &status.scheduled_for) {
        (true, Some(date)) => t.say_of("force-scheduled", "date", date.to_string()).into(),
        (true, None) => t.say("force-in-force"),
        (false, _) => t.say("force-lifted"),
    }
}

fn disputes(t: Speech, status: &Status) -> Vec<Related> {
    let said = |counts| if counts { "relation-to-disputed" } else { "relation-to-disputed-without-weight" };
    let all = status.disputed_by.iter().map(|dispute| Related {
        relation: t.say(said(dispute.counts)),
        id: dispute.notice.to_string(),
        by: Some(dispute.issuer.to_string()),
    });
    all.collect()
}

fn related(t: Speech, status: &Status) -> Vec<Related> {
    let lifted = status.lifted_by.iter().map(|lift| (format!("relation-to-lifted-{}", lift.relation), lift.notice));
    let amended = status.amended_by.iter().map(|notice| ("relation-to-amended".to_owned(), *notice));
    let void = status.void_edges.iter().map(|edge| (format!("void-{}", edge.reason), edge.notice));
    let own = status.prior.iter().map(|prior| (format!("prior-{}", prior.relation), prior.notice));
    let all = lifted.chain(amended).chain(void).chain(own);
    all.map(|(name, id)| Related { relation: t.say(&name), id: id.to_string(), by: None }).collect()
}
