//! `/feeds/atom.xml` and `/feeds/feed.json`: the newest notices for feed readers, with the filters of the search.
//!
//! A feed for one publisher is `?issuer=`, for one reason `?reason=`, for one dataset `?id=`. An item is a notice and never changes; its
//! time is when this server first saw it, since what an issuer claims could lie ahead or long ago and would make readers miss it.

mod atom;
mod json;
mod selection;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(atom::feed).service(json::feed);
}
