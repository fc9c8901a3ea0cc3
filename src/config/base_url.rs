use std::fmt;

use url::{Host, Url};

/// Base address of a server: http or https, a host, perhaps a port and a path; always ends in `/`, so that joining adds to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Url);

/// Why a text is no base address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlFault {
    /// Not a URL with a host.
    #[error("must be a URL such as https://ledger.example.org/")]
    NotAUrl,
    /// Another scheme.
    #[error("must begin with https:// or http://")]
    NotHttp,
    /// A user name or password. The text is not repeated here.
    #[error("must not contain a user name or a password")]
    Credentials,
    /// Something that cannot be part of a base.
    #[error("must not contain a query or a fragment")]
    QueryOrFragment,
}

impl BaseUrl {
    /// Reads a base address; a missing `/` at the end of its path is added.
    ///
    /// # Errors
    /// [`BaseUrlFault`] says what cannot stand there.
    pub fn parse(text: &str) -> Result<Self, BaseUrlFault> {
        // The parser's own message may repeat a password, so it is dropped on purpose.
        let Ok(mut url) = Url::parse(text) else { return Err(BaseUrlFault::NotAUrl) };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlFault::NotHttp);
        }
        if url.host().is_none() {
            return Err(BaseUrlFault::NotAUrl);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlFault::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlFault::QueryOrFragment);
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }

    /// The address.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether what is sent there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether it is an address of this machine: `localhost` or a loopback address.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.as_str())
    }
}

impl serde::Serialize for BaseUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_always_ends_in_a_slash() {
        assert_eq!(BaseUrl::parse("https://ledger.example.org").unwrap().to_string(), "https://ledger.example.org/");
        assert_eq!(BaseUrl::parse("http://127.0.0.1:8080/a").unwrap().to_string(), "http://127.0.0.1:8080/a/");
    }

    #[test]
    fn what_cannot_be_a_base_is_refused() {
        for (text, fault) in [
            ("ledger.example.org", BaseUrlFault::NotAUrl),
            ("ftp://example.org/", BaseUrlFault::NotHttp),
            ("https://user:secret@example.org/", BaseUrlFault::Credentials),
            ("https://example.org/?q", BaseUrlFault::QueryOrFragment),
            ("https://example.org/#f", BaseUrlFault::QueryOrFragment),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn loopback_is_known_in_each_spelling() {
        for text in ["http://localhost:1/", "http://127.9.9.9/", "http://[::1]:80/", "http://2130706433/"] {
            assert!(BaseUrl::parse(text).unwrap().is_loopback(), "{text}");
        }
        assert!(!BaseUrl::parse("http://localhost.example.org/").unwrap().is_loopback());
    }
}
