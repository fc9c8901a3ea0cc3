//! Which notices a feed holds, and what it says of each.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::blocking::on_ledger;
use crate::http::filters;
use crate::http::language::{Language, Speech, asked};
use crate::http::problem::Problem;
use crate::http::server::PublicUrl;
use crate::ledger::notices::{NoticeSearch, NoticeView, TextsState};
use crate::ledger::{Ledger, StoreError};

/// How many items a feed holds.
const ITEMS: usize = 50;

/// What a feed is narrowed to.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedQuery {
    /// Words of titles and texts; all must be there.
    q: Option<String>,
    /// Only of this issuer, a DID.
    issuer: Option<String>,
    /// Only of this type, for example `retraction`.
    r#type: Option<String>,
    /// Only with this reason, for example `consent`.
    reason: Option<String>,
    /// Only by issuers in this role, for example `publisher`.
    role: Option<String>,
    /// Only those that meet this identifier. The other filters are not applied beside it.
    id: Option<String>,
    /// The language of the words around the notices.
    #[expect(dead_code, reason = "the request itself is asked")]
    lang: Option<String>,
}

/// A feed, whatever form it is written in.
pub(super) struct Selection {
    pub(super) language: Language,
    pub(super) title: String,
    /// A name that stays, whatever the server's address.
    pub(super) id: String,
    /// Where the pages are; empty when nobody knows.
    pub(super) home: String,
    /// Where the feed itself is.
    pub(super) own: String,
    pub(super) updated: DateTime<Utc>,
    pub(super) items: Vec<Item>,
}

/// A notice in a feed.
pub(super) struct Item {
    /// `urn:palinode:notice:<id>`
    pub(super) id: String,
    pub(super) link: String,
    pub(super) title: String,
    pub(super) by: String,
    pub(super) seen: DateTime<Utc>,
    /// Plain text.
    pub(super) summary: String,
    pub(super) codes: Vec<&'static str>,
}

impl FeedQuery {
    /// The notices that this feed holds.
    pub(super) async fn select(
        self,
        request: &HttpRequest,
        ledger: &Data<Ledger>,
        public_url: &PublicUrl,
    ) -> Result<Selection, Problem> {
        let Self { issuer, r#type, reason, role, .. } = &self;
        let filter = filters::of(issuer.as_deref(), r#type.as_deref(), reason.as_deref(), role.as_deref())?;
        let (id, words) = (self.id.filter(|id| !id.is_empty()), self.q.unwrap_or_default());
        let asked_id = id.clone();
        let views = on_ledger(ledger, move |ledger| match asked_id {
            Some(id) => meeting(ledger, id),
            None => Ok(ledger.search(&NoticeSearch { words, filter, cursor: None, limit: ITEMS })?.notices),
        });
        let views = views.await?;
        let language = asked(request).language;
        let (t, origin) = (Speech::in_language(language), ledger.identity().origin.as_str());
        let home = public_url.configured().unwrap_or_default().to_owned();
        let own = request.uri().to_string().trim_start_matches('/').to_owned();
        let title = match &id {
            Some(id) => t.say_of_two("feed-title-of", "id", id, "origin", origin),
            None => t.say_of("feed-title", "origin", origin),
        };
        Ok(Selection {
            language,
            title,
            id: format!("urn:palinode:feed:{origin}:{own}"),
            updated: views.iter().map(|view| view.first_seen).max().unwrap_or(DateTime::UNIX_EPOCH),
            items: views.into_iter().map(|view| item(t, &home, view)).collect(),
            own: format!("{home}{own}"),
            home,
        })
    }
}

/// The notices that meet an identifier, the newest first.
fn meeting(ledger: &Ledger, id: String) -> Result<Vec<NoticeView>, StoreError> {
    let answers = ledger.check(&[id])?;
    let matches = answers.answers.iter().filter_map(|asked| asked.answer.as_ref().ok()).flat_map(|answer| &answer.matches);
    let mut views = Vec::new();
    for found in matches.take(ITEMS) {
        views.extend(ledger.notice(&found.notice)?);
    }
    views.sort_by_key(|view| std::cmp::Reverse((view.first_seen, view.index)));
    Ok(views)
}

fn item(t: Speech, home: &str, view: NoticeView) -> Item {
    let notice = view.notice;
    let reasons: Vec<String> = notice.reasons.iter().map(|reason| t.code("meaning", reason.as_str()).into_owned()).collect();
    let statement = match view.texts {
        TextsState::Available(texts) => {
            let own = |text: &&crate::notice::LocalisedText| text.language.split('-').next() == Some(t.language().tag());
            texts.texts.iter().find(own).or_else(|| texts.texts.first()).map(|text| text.statement.clone())
        }
        TextsState::None | TextsState::Awaited | TextsState::Removed(_) => None,
    };
    let codes = std::iter::once(notice.kind.as_str()).chain(notice.reasons.iter().map(|reason| reason.as_str()));
    Item {
        id: format!("urn:palinode:notice:{}", view.id),
        link: format!("{home}n/{}", view.id),
        title: format!("{}{}{}", t.code("type", notice.kind.as_str()), t.say("colon"), notice.dataset.title),
        by: view.issuer.name.unwrap_or_else(|| notice.issuer.id.to_string()),
        seen: view.first_seen,
        summary: reasons.into_iter().chain(statement).collect::<Vec<_>>().join("\n"),
        codes: codes.collect(),
    }
}
