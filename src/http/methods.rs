//! Which methods a path answers to, read off the OpenAPI document: for 405, `Allow` and cross-origin questions.

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use utoipa::openapi::OpenApi;

/// Every path with its methods.
pub(super) struct Methods(Vec<(ResourceDef, Vec<Method>)>);

impl Methods {
    /// The paths of this document.
    pub(super) fn of(api: &OpenApi) -> Self {
        let paths = api.paths.paths.iter().map(|(path, item)| {
            let methods =
                [(Method::GET, &item.get), (Method::POST, &item.post), (Method::PUT, &item.put), (Method::PATCH, &item.patch)];
            let there = methods.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method);
            // The one path with slashes in its last part.
            let path = if path == "/log/tile/{path}" { "/log/tile/{path:.*}" } else { path.as_str() };
            (ResourceDef::new(path), there.collect())
        });
        Self(paths.collect())
    }

    /// The value of `Allow` for a path; `None` when nothing stands there.
    pub(super) fn allowed(&self, path: &str) -> Option<String> {
        let mut words = Vec::new();
        let mut there = false;
        for (_, methods) in self.0.iter().filter(|(pattern, _)| pattern.is_match(path)) {
            there = true;
            words.extend(methods.iter().map(Method::as_str));
        }
        if !there {
            return None;
        }
        if words.contains(&"GET") {
            words.push("HEAD");
        }
        words.push("OPTIONS");
        words.sort_unstable();
        words.dedup();
        Some(words.join(", "))
    }
}
