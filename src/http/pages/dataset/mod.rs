//! `GET /d/{id}`: what is known of one identifier, in words: the verdict, what to do, who says so and since when, and what was made
//! from what.

mod commands;
mod graph;
mod timeline;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::{Frame, Reader};
use super::kept::Kept;
use super::linked_data::{self, Alternate, LinkedData};
use super::verdict_box::VerdictBox;
use super::words;
use crate::exchange::export::Exported;
use crate::http::answer::Written;
use crate::http::blocking::on_ledger;
use crate::http::language::{Argument, Sentence, Speech};
use crate::http::problem::Problem;
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;
use crate::ledger::check::{CheckAnswers, MissingList};
use crate::ledger::known_names::IssuerView;
use crate::ledger::looking::{Looked, Said};
use crate::notice::{Did, Identifier, ScopeItem};
use crate::verdict::{Answer, Match, Verdict};

use commands::Command;
use graph::Graph;
use timeline::Event;

/// How many of the notices that meet an identifier are shown.
const SHOWN: usize = 20;
/// How many of them are said to programs that read pages.
const LINKED: usize = 2;

#[derive(Template)]
#[template(path = "dataset.html", config = "src/http/pages/askama.toml")]
struct DatasetPage<'p> {
    frame: Frame<'p>,
    asked: String,
    understood: Option<Understood>,
    verdict: VerdictBox,
    /// Why the text is no identifier.
    fault: Option<String>,
    cautions: Vec<Sentence>,
    /// What the notices ask for, each once.
    actions: Vec<Sentence>,
    /// How to do that.
    removal: Option<Command>,
    replacements: Vec<Link>,
    parts: Vec<Part>,
    events: Vec<Event>,
    more: usize,
    graph: Option<Graph>,
    /// Whose word this is, as of when.
    as_of: String,
    /// How to ask the same in a terminal.
    check: Option<String>,
    server: String,
    alternates: Vec<Alternate>,
    linked: Option<LinkedData>,
}

/// How the question was understood.
struct Understood {
    id: String,
    /// What kind of identifier it is.
    scheme: Sentence,
}

/// A link to the page of an identifier.
pub(super) struct Link {
    /// The identifier.
    id: String,
    /// How people write it.
    text: String,
}

/// Something that a notice says is or is not meant.
struct Part {
    label: String,
    affected: bool,
}

/// A notice that meets the identifier, whole.
struct Met<'l> {
    found: &'l Match,
    said: &'l Said,
    issuer: &'l IssuerView,
}

/// What a page is asked for.
struct Question {
    asked: String,
    reader: Reader,
    /// Where this server is reached.
    server: String,
}

/// The page of one identifier.
#[utoipa::path(
    tag = "pages", params(("id" = String, Path, description = "The identifier, one percent-encoded segment")),
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/d/{id}")]
pub(in crate::http::pages) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    public_url: Data<PublicUrl>,
    kept: Data<Kept>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    // Before anything is read: what changes meanwhile makes the page one of a moment that is over.
    let (reader, now) = (Reader::of(&request), ledger.moment());
    let place = Kept::place(&request, &reader);
    let asked = id.into_inner();
    let shown = |page| linked_data::told(Frame::shown(&request, page), &linked_data::of_dataset(&asked));
    if let Some(page) = kept.get(&place, &now) {
        return Ok(shown(page));
    }
    let question = Question { asked: asked.clone(), reader, server: public_url.shown() };
    let written = if let Some(looked) = ledger.look_at_hand(&question.asked, SHOWN, &now) {
        question.written(&ledger, &looked)?
    } else {
        // What must be read is read elsewhere, and the page is written there too: then this thread has others to answer.
        let now = now.clone();
        let read = on_ledger(&ledger, move |ledger| -> Result<_, Problem> {
            let looked = ledger.look(&question.asked, SHOWN, &now)?;
            question.written(ledger, &looked)
        });
        read.await?
    };
    kept.put(place, now, written.clone());
    Ok(shown(written))
}

impl Question {
    /// The page that answers.
    fn written(self, ledger: &Ledger, looked: &Looked) -> Result<Written, Problem> {
        let frame = Frame::around(self.reader, ledger);
        let issuers = &looked.answers.issuers;
        let issuer = |did: &Did| issuers.iter().find(|issuer| issuer.did == *did);
        let met = looked.met().filter_map(|(found, said)| Some(Met { found, said, issuer: issuer(&found.issuer)? }));
        Frame::written(&DatasetPage::new(frame, self.asked, &looked.answers, &met.collect::<Vec<_>>(), self.server))
    }
}

impl<'p> DatasetPage<'p> {
    fn new(frame: Frame<'p>, asked: String, answers: &CheckAnswers, met: &[Met<'_>], server: String) -> Self {
        let t = frame.t;
        let time = answers.checkpoint_time.map_or_else(|| t.say("time-unknown"), |time| words::time(time).into());
        let size = answers.tree_size.to_string();
        let origin = frame.origin;
        let whose: [(&'static str, &dyn Argument); 3] = [("origin", &origin), ("time", &time), ("size", &size)];
        let mut shown = Self {
            verdict: VerdictBox::of(Verdict::Unidentified, None, t),
            understood: None,
            fault: None,
            cautions: Vec::new(),
            actions: actions(t, met),
            removal: None,
            replacements: replacements(met),
            parts: parts(met),
            events: timeline::of(t, met),
            more: 0,
            graph: None,
            as_of: t.say_with("known-as-of", &whose),
            check: None,
            alternates: linked_data::of_dataset(&asked),
            linked: LinkedData::of_notices(in_force(met).take(LINKED).map(|met| (exported(met), speaks_for_it(met.found)))),
            asked,
            server,
            frame,
        };
        match answers.answers.first().map(|asked| (&asked.answer, asked.missing_lists.as_slice())) {
            Some((Ok(answer), missing)) => {
                shown.answered(answer, missing, met);
                if answer.verdict == Verdict::NoNotice {
                    // What is not known here may be known elsewhere, or tomorrow.
                    shown.verdict.sentence = t.say_with("no-notice-known", &whose).into();
                }
            }
            Some((Err(fault), _)) => shown.fault = Some(fault.to_string()),
            None => {}
        }
        shown
    }

    fn answered(&mut self, answer: &Answer, missing: &[MissingList], met: &[Met<'_>]) {
        let t = self.frame.t;
        self.verdict = VerdictBox::of(answer.verdict, answer.part, t);
        self.understood = Some(understood(t, &answer.id));
        let cautions = [
            (answer.incomplete && (missing.is_empty() || missing.iter().any(|list| !list.removed)), "caution-incomplete"),
            (missing.iter().any(|list| list.removed), "caution-list-removed"),
            (answer.truncated, "caution-truncated"),
            (answer.conflict, "caution-conflict"),
        ];
        self.cautions = cautions.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| t.say(name)).collect();
        self.more = answer.matches.len().saturating_sub(met.len());
        self.removal = commands::removal(t, &answer.id, met);
        self.check = commands::check(&answer.id, &self.server);
        self.graph = graph::of(t, &answer.id, met);
    }
}

fn understood(t: Speech, id: &Identifier) -> Understood {
    Understood { id: id.to_string(), scheme: t.code("scheme", id.scheme().as_str()) }
}

/// What notices in force ask those who hold the data to do, each thing once.
fn actions(t: Speech, met: &[Met<'_>]) -> Vec<Sentence> {
    let mut all: Vec<Sentence> = Vec::new();
    for action in in_force(met).flat_map(|met| &met.said.notice.actions) {
        let said = words::action(t, action);
        if !all.contains(&said) {
            all.push(said);
        }
    }
    all
}

fn replacements(met: &[Met<'_>]) -> Vec<Link> {
    let all = in_force(met).flat_map(|met| &met.said.notice.replacements);
    all.map(|one| Link { id: one.id.to_string(), text: one.display.clone().unwrap_or_else(|| one.id.to_string()) }).collect()
}

fn parts(met: &[Met<'_>]) -> Vec<Part> {
    let scopes = in_force(met).filter_map(|met| met.said.notice.scope.as_ref());
    let part = |affected: bool| move |item: &ScopeItem| Part { label: words::scope_item(item), affected };
    scopes
        .flat_map(|scope| {
            scope.affected.iter().map(part(true)).chain(scope.unaffected.iter().map(part(false))).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether the notice is about what was asked, and by somebody who speaks for it: others report.
fn speaks_for_it(found: &Match) -> bool {
    !found.contribution.reported && found.path.is_none()
}

/// Without the texts of people, which no page of an identifier reads.
fn exported<'m>(met: &'m Met<'_>) -> Exported<'m> {
    Exported { id: &met.found.notice, notice: &met.said.notice, texts: None }
}

fn in_force<'m>(met: &'m [Met<'_>]) -> impl Iterator<Item = &'m Met<'m>> {
    met.iter().filter(|met| met.said.in_force)
}
