//! Addresses of servers: a fixed point, without a secret in it.

use palinode::config::BaseUrl;

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    let Ok(url) = BaseUrl::parse(text) else { return };
    let written = url.to_string();
    assert!(written.ends_with('/') && !written.contains('@') || url.as_url().path().contains('@'));
    assert_eq!(BaseUrl::parse(&written).as_ref(), Ok(&url));
    assert!(url.as_url().join("v1/check").is_ok_and(|joined| joined.as_str().starts_with(&written)));
}
