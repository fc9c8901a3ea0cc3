use serde::{Serialize, Serializer};
use url::Url;

use super::error::{ConfigError, SettingFault};
use crate::notice::is_language_tag;

/// How somebody who found a hole reaches the operator: what `/.well-known/security.txt` says (RFC 9116).
#[derive(Debug, Clone, Serialize)]
pub struct SecuritySettings {
    /// Where to report, the preferred way first: `mailto:`, `tel:` or `https:` (section 2.5.3). Never empty.
    #[serde(serialize_with = "each_written")]
    pub contacts: Vec<Url>,
    /// What may be expected of a report (section 2.5.7).
    #[serde(serialize_with = "written")]
    pub policy: Option<Url>,
    /// The languages in which reports are read (section 2.5.8), BCP 47 tags.
    pub languages: Vec<String>,
}

/// Why a text is no way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContactFault {
    /// Another scheme, or nobody behind it.
    #[error("must be mailto:security@example.org, tel:+49-30-123456 or an https:// address")]
    Contact,
    /// Not a page.
    #[error("must be an https:// address")]
    NotAPage,
    /// Not a language.
    #[error("must be a BCP 47 language tag such as en or pt-BR")]
    NotALanguage,
    /// Nobody is named whom the rest could be about.
    #[error("says nothing while server.security_contact is not set")]
    WithoutContact,
}

/// The three keys of `[server]`; `None` when none is written.
pub(super) fn check(
    contacts: Option<Vec<String>>,
    policy: Option<&str>,
    languages: Option<Vec<String>>,
) -> Result<Option<SecuritySettings>, ConfigError> {
    let fault = |fault: ContactFault, key: String| SettingFault::from(fault).of(key);
    let contacts = contacts.unwrap_or_default();
    if contacts.is_empty() {
        let stray = [(policy.is_some(), "policy"), (languages.is_some(), "languages")].into_iter().find(|(there, _)| *there);
        return match stray {
            Some((_, key)) => Err(fault(ContactFault::WithoutContact, format!("server.security_{key}"))),
            None => Ok(None),
        };
    }
    let contact = |(n, text): (usize, &String)| {
        contact(text).ok_or_else(|| fault(ContactFault::Contact, format!("server.security_contact[{n}]")))
    };
    let contacts = contacts.iter().enumerate().map(contact).collect::<Result<_, _>>()?;
    let policy = match policy.map(page) {
        Some(None) => return Err(fault(ContactFault::NotAPage, "server.security_policy".to_owned())),
        Some(page) => page,
        None => None,
    };
    let languages = languages.unwrap_or_default();
    if let Some(n) = languages.iter().position(|tag| !is_language_tag(tag)) {
        return Err(fault(ContactFault::NotALanguage, format!("server.security_languages[{n}]")));
    }
    Ok(Some(SecuritySettings { contacts, policy, languages }))
}

fn contact(text: &str) -> Option<Url> {
    let url = url(text)?;
    match url.scheme() {
        "https" => page(text),
        "mailto" => url.path().split_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.is_empty()).then_some(url),
        "tel" => url.path().bytes().any(|b| b.is_ascii_digit()).then_some(url),
        _ => None,
    }
}

/// A URL as it will be read, so that nothing in it can begin another line.
fn url(text: &str) -> Option<Url> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    Url::parse(text).ok()
}

/// An address without a name or a password in it, since everybody will read it.
fn page(text: &str) -> Option<Url> {
    let url = url(text)?;
    (url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn written<S: Serializer>(url: &Option<Url>, serializer: S) -> Result<S::Ok, S::Error> {
    url.as_ref().map(Url::as_str).serialize(serializer)
}

fn each_written<S: Serializer>(urls: &[Url], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(urls.iter().map(Url::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(contacts: &[&str], policy: Option<&str>, languages: &[&str]) -> Result<Option<SecuritySettings>, String> {
        let all = |texts: &[&str]| (!texts.is_empty()).then(|| texts.iter().map(|text| (*text).to_owned()).collect());
        check(all(contacts), policy, all(languages)).map_err(|error| error.to_string())
    }

    #[test]
    fn contacts_are_mail_telephone_and_pages_that_are_encrypted() {
        let contacts = ["mailto:security@example.org", "tel:+49-30-123456", "https://example.org/report"];
        let read = |contacts: &[&str]| read(contacts, Some("https://example.org/policy"), &["en", "pt-BR"]);
        let settings = read(&contacts).unwrap().unwrap();
        assert_eq!(settings.contacts.iter().map(Url::as_str).collect::<Vec<_>>(), contacts);
        for wrong in
            ["security@example.org", "http://example.org/", "mailto:nobody", "tel:none", "https://me:x@example.org/", ""]
        {
            let error = read(&["mailto:a@b.example", wrong]).unwrap_err();
            assert!(error.starts_with("`server.security_contact[1]` must be mailto:"), "{wrong}: {error}");
        }
    }

    #[test]
    fn what_is_said_beside_a_contact_needs_one_and_is_read_as_strictly() {
        assert!(read(&[], None, &[]).unwrap().is_none());
        assert!(read(&[], Some("https://example.org/"), &[]).unwrap_err().starts_with("`server.security_policy`"));
        assert!(read(&[], None, &["en"]).unwrap_err().starts_with("`server.security_languages`"));
        let contact = ["mailto:a@b.example"];
        assert!(read(&contact, Some("http://example.org/"), &[]).unwrap_err().contains("https"));
        assert!(read(&contact, None, &["en", "not a tag"]).unwrap_err().starts_with("`server.security_languages[1]`"));
    }

    #[test]
    fn no_text_can_add_a_line_to_the_file() {
        for hostile in ["mailto:a@b.example\nExpires: 1970-01-01T00:00:00Z", "https://example.org/\r\nContact: tel:1"] {
            assert!(read(&[hostile], None, &[]).is_err(), "{hostile:?}");
        }
    }
}
