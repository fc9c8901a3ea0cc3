//! `GET /.well-known/security.txt`: where to report a hole in this server (RFC 9116).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Days, NaiveTime, SecondsFormat, Utc};
use url::Url;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer;
use super::problem::{Problem, ProblemDocument};
use super::server::PublicUrl;
use crate::ledger::Ledger;

/// The path that the specification gives (section 3).
const PATH: &str = ".well-known/security.txt";
/// For how many days the file is good: less than the year that section 2.5.5 recommends, since nobody knows whether this server is still
/// looked after then.
const GOOD_FOR: Days = Days::new(180);
/// A day, for the file changes at midnight.
const CACHING: &str = "public, max-age=86400";

/// What the operator says about reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact {
    /// Where to report, the preferred way first.
    pub contacts: Vec<Url>,
    /// What may be expected of a report.
    pub policy: Option<Url>,
    /// The languages in which reports are read, BCP 47 tags.
    pub languages: Vec<String>,
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(security_txt);
}

/// Where to report a hole in this server (RFC 9116).
#[utoipa::path(
    tag = "operations",
    responses(
        (status = 200, description = "Lines of fields", body = String, content_type = "text/plain"),
        (status = 404, description = "The operator names nobody: `no-security-contact`", body = ProblemDocument,
         content_type = "application/problem+json"),
    )
)]
#[get("/.well-known/security.txt")]
async fn security_txt(
    request: HttpRequest,
    ledger: Data<Ledger>,
    contact: Data<Option<SecurityContact>>,
    public_url: Data<PublicUrl>,
) -> Result<HttpResponse, Problem> {
    let Some(contact) = contact.get_ref() else {
        return Err(Problem::new(
            actix_web::http::StatusCode::NOT_FOUND,
            "no-security-contact",
            "The operator names nobody",
            "this server has no `server.security_contact`; holes of the program itself are reported as its SECURITY.md says",
        ));
    };
    let text = contact.text(ledger.clock().now(), public_url.configured());
    Ok(answer::bytes_with_etag(&request, text.into_bytes(), "text/plain; charset=utf-8", CACHING))
}

impl SecurityContact {
    /// The file, as it is good at `now` on a server at `public_url`. It is the same all day long.
    fn text(&self, now: DateTime<Utc>, public_url: Option<&str>) -> String {
        let expires = now.checked_add_days(GOOD_FOR).unwrap_or(now).with_time(NaiveTime::MIN).earliest().unwrap_or(now);
        let mut lines: Vec<String> = self.contacts.iter().map(|contact| format!("Contact: {contact}")).collect();
        lines.push(format!("Expires: {}", expires.to_rfc3339_opts(SecondsFormat::Secs, true)));
        if !self.languages.is_empty() {
            lines.push(format!("Preferred-Languages: {}", self.languages.join(", ")));
        }
        // Only at the root of a host, and encrypted, is the file the one of that host (section 2.5.2).
        let root = public_url.and_then(|url| Url::parse(url).ok()).filter(|url| url.scheme() == "https" && url.path() == "/");
        lines.extend(root.map(|url| format!("Canonical: {url}{PATH}")));
        lines.extend(self.policy.iter().map(|policy| format!("Policy: {policy}")));
        lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn the_file_says_who_is_asked_until_when_and_is_the_same_all_day() {
        let contact = SecurityContact {
            contacts: vec![url("mailto:security@example.org"), url("https://example.org/report")],
            policy: Some(url("https://example.org/policy")),
            languages: vec!["en".to_owned(), "de".to_owned()],
        };
        let at = |time: &str| time.parse::<DateTime<Utc>>().expect("a time");
        let text = contact.text(at("2026-11-23T12:34:56Z"), Some("https://ledger.example.org/"));
        assert_eq!(
            text,
            "Contact: mailto:security@example.org\nContact: https://example.org/report\nExpires: 2027-05-22T00:00:00Z\n\
             Preferred-Languages: en, de\nCanonical: https://ledger.example.org/.well-known/security.txt\n\
             Policy: https://example.org/policy\n"
        );
        assert_eq!(contact.text(at("2026-11-23T23:59:59Z"), Some("https://ledger.example.org/")), text);
    }

    #[test]
    fn only_what_is_known_is_said() {
        let contact = SecurityContact { contacts: vec![url("tel:+1-201-555-0123")], policy: None, languages: Vec::new() };
        for address in [None, Some("http://127.0.0.1:8080/"), Some("https://example.org/palinode/")] {
            let text = contact.text(DateTime::UNIX_EPOCH, address);
            assert_eq!(text, "Contact: tel:+1-201-555-0123\nExpires: 1970-06-30T00:00:00Z\n");
        }
    }
}
