//! What pages say to programs that read pages: schema.org JSON-LD in a data block, and where the same stands in other forms.
//!
//! A data block is no script: browsers do not run it, and the content security policy has nothing to forbid (HTML, "the script element").
//! But its end is found by its letters, so no `<` of a stranger may stand in it.

use std::fmt;

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use super::frame::SEGMENT;
use crate::exchange::export::{Exported, linked_data};
use crate::ledger::notices::{NoticeView, TextsState};

/// The JSON of a data block, ready to be put into a page as it is.
pub(super) struct LinkedData(String);

impl LinkedData {
    /// One notice: somebody's comment on a dataset.
    pub(super) fn of_notice(view: &NoticeView) -> Self {
        Self::written(&linked_data(exported(view), false))
    }

    /// Several notices, each with whether its issuer speaks for the dataset; `None` for none.
    pub(super) fn of_notices<'n>(notices: impl Iterator<Item = (Exported<'n>, bool)>) -> Option<Self> {
        let all: Vec<Value> = notices.map(|(notice, speaks)| linked_data(notice, speaks)).collect();
        (!all.is_empty()).then(|| Self::written(&Value::Array(all)))
    }

    /// These letters stand in texts only, and there every one of them may be written by its number (RFC 8259, section 7).
    fn written(value: &Value) -> Self {
        let mut text = String::new();
        for letter in value.to_string().chars() {
            match letter {
                '<' => text.push_str("\\u003c"),
                '>' => text.push_str("\\u003e"),
                '&' => text.push_str("\\u0026"),
                '\u{2028}' => text.push_str("\\u2028"),
                '\u{2029}' => text.push_str("\\u2029"),
                other => text.push(other),
            }
        }
        Self(text)
    }
}

impl fmt::Display for LinkedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Templates put it into a page as it is: no letter in it means anything to HTML.
impl askama::filters::HtmlSafe for LinkedData {}

fn exported(view: &NoticeView) -> Exported<'_> {
    let texts = match &view.texts {
        TextsState::Available(texts) => Some(texts.as_ref()),
        TextsState::None | TextsState::Awaited | TextsState::Removed(_) => None,
    };
    Exported { id: &view.id, notice: &view.notice, texts }
}

/// Where the same stands in another form.
pub(super) struct Alternate {
    pub(super) media_type: &'static str,
    pub(super) to: String,
}

/// What is known of an identifier, and the feeds of it.
pub(super) fn of_dataset(id: &str) -> Vec<Alternate> {
    forms(&format!("/v1/check?id={}", encoded(id)), &format!("id={}", encoded(id)))
}

/// A notice, and the feeds of its issuer.
pub(super) fn of_notice(id: &str, issuer: &str) -> Vec<Alternate> {
    forms(&format!("/v1/notices/{id}"), &format!("issuer={}", encoded(issuer)))
}

/// An issuer, and the feeds of its notices.
pub(super) fn of_publisher(did: &str) -> Vec<Alternate> {
    forms(&format!("/v1/publishers/{}", encoded(did)), &format!("issuer={}", encoded(did)))
}

fn forms(json: &str, feed: &str) -> Vec<Alternate> {
    let alternate = |media_type, to| Alternate { media_type, to };
    vec![
        alternate("application/json", json.to_owned()),
        alternate("application/atom+xml", format!("/feeds/atom.xml?{feed}")),
        alternate("application/feed+json", format!("/feeds/feed.json?{feed}")),
    ]
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Says so in the head of the answer, too, where programs look that do not read HTML (RFC 8288).
pub(super) fn told(mut page: HttpResponse, alternates: &[Alternate]) -> HttpResponse {
    let all: Vec<String> =
        alternates.iter().map(|one| format!("<{}>; rel=\"alternate\"; type=\"{}\"", one.to, one.media_type)).collect();
    // Everything in it is percent-encoded.
    if let Ok(value) = HeaderValue::try_from(all.join(", ")) {
        page.headers_mut().insert(header::LINK, value);
    }
    page
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn no_text_ends_a_data_block_or_is_changed_by_it(text in "([<>&/!\u{2028}\u{2029}\"\\\\a-z-]|</script>|<!--|]]>){0,20}") {
            let value = json!({"text": text, text.clone(): [text]});
            let written = LinkedData::written(&value).to_string();
            prop_assert!(!written.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{written}");
            prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
        }
    }
}
