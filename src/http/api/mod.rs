//! `/v1/...`: one endpoint a file (protocol, section 9).

mod changes;
mod check;
mod check_answer;
mod digests;
mod document_pieces;
mod documents;
mod evidence;
mod index;
mod list_sides;
mod notice;
mod notice_answer;
mod notices;
mod peers;
mod publishers;
mod receipt;
mod schemas;
mod server;
mod statistics;
mod submit;

use utoipa_actix_web::service_config::ServiceConfig;

pub use check::{CheckQuestion, CheckQuestionError};
pub(super) use submit::EnvelopeBody;

/// What is asked most often: paths are tried in their order.
pub(super) fn questions(config: &mut ServiceConfig) {
    config.service(check::ask).service(check::ask_many);
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(notices::post)
        .service(notices::list)
        .service(notice::read)
        .service(notice::envelope)
        .service(notice::proof)
        .service(digests::range)
        .service(schemas::notice)
        .service(schemas::publisher)
        .service(documents::read)
        .service(documents::upload)
        .service(document_pieces::ask_progress)
        .service(document_pieces::append)
        .service(list_sides::filter)
        .service(list_sides::blocks)
        .service(publishers::post)
        .service(publishers::list)
        .service(publishers::read)
        .service(peers::list)
        .service(evidence::read)
        .service(server::read)
        .service(statistics::read)
        .service(index::head)
        .service(index::head_in_folder)
        .service(index::tile)
        .service(index::trust)
        .service(changes::read);
}
