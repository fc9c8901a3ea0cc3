//! The form of web addresses in signed bytes: RFC 3986 in printable ASCII, narrowed.
//!
//! Hand-written on purpose: the form of a notice must be the same function of its bytes on every server for ever, and URL
//! libraries follow a living standard. Nothing is repaired: what a browser would mend is refused.

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum UrlFault {
    #[error("it must begin with the scheme in lower case, followed by ://")]
    Scheme,
    #[error("it must not hold a user name or password")]
    UserInfo,
    #[error("the host must be made of labels of letters, digits, hyphens and underscores")]
    Host,
    #[error("the port must be a number from 1 to 65535")]
    Port,
    #[error("it holds a character that must be percent-encoded")]
    Character,
    #[error("a percent sign must be followed by two hex digits")]
    Escape,
}

/// Checks that `text` is an absolute URL of one of `schemes`, with a host name (or an IPv4 address), without user info.
pub(super) fn check(text: &str, schemes: &[&str]) -> Result<(), UrlFault> {
    let (scheme, rest) = text.split_once("://").ok_or(UrlFault::Scheme)?;
    if !schemes.contains(&scheme) {
        return Err(UrlFault::Scheme);
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    check_authority(authority)?;
    check_tail(tail)
}

fn check_authority(authority: &str) -> Result<(), UrlFault> {
    if authority.contains('@') {
        return Err(UrlFault::UserInfo);
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let label = |l: &str| (1..=63).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if host.len() > 253 || !host.split('.').all(label) {
        return Err(UrlFault::Host);
    }
    let digits = |p: &str| !p.is_empty() && !p.starts_with('0') && p.bytes().all(|b| b.is_ascii_digit());
    match port {
        Some(port) if !digits(port) || port.parse::<u16>().is_err() => Err(UrlFault::Port),
        _ => Ok(()),
    }
}

/// Path, query and fragment; a fragment holds no second `#`.
fn check_tail(tail: &str) -> Result<(), UrlFault> {
    let mut bytes = tail.bytes();
    let mut in_fragment = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let hex = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_hexdigit());
                if !hex(bytes.next()) || !hex(bytes.next()) {
                    return Err(UrlFault::Escape);
                }
            }
            b'#' if in_fragment => return Err(UrlFault::Character),
            b'#' => in_fragment = true,
            b if b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&b) => {}
            _ => return Err(UrlFault::Character),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken() {
        for text in [
            "https://example.org",
            "https://example.org/appeal?x=1&y=%20#top",
            "https://EXAMPLE.org:8443/a;b/(c)/~d",
            "https://xn--bcher-kva.example/",
            "https://EXAMPLE.org:8443/a;b/(c)?x=%20&y=#top",
            "https://127.0.0.1/",
            "https://localhost/",
        ] {
            assert_eq!(check(text, &["https"]), Ok(()), "{text}");
        }
        assert_eq!(check("http://example.org/", &["http", "https"]), Ok(()));
    }

    #[test]
    fn what_a_browser_would_mend_is_refused() {
        for (text, fault) in [
            ("http://example.org/", UrlFault::Scheme),
            ("HTTPS://example.org/", UrlFault::Scheme),
            ("https:/example.org/", UrlFault::Scheme),
            ("example.org", UrlFault::Scheme),
            ("", UrlFault::Scheme),
            ("javascript:alert(1)//https://", UrlFault::Scheme),
            ("https://user@example.org/", UrlFault::UserInfo),
            ("https://", UrlFault::Host),
            ("https:///path", UrlFault::Host),
            ("https://example..org/", UrlFault::Host),
            ("https://example.org./", UrlFault::Host),
            ("https://[::1]/", UrlFault::Host),
            ("https://exa mple.org/", UrlFault::Host),
            ("https://bücher.example/", UrlFault::Host),
            ("https://example.org:/", UrlFault::Port),
            ("https://example.org:0/", UrlFault::Port),
            ("https://example.org:65536/", UrlFault::Port),
            ("https://example.org:+1/", UrlFault::Port),
            ("https://example.org/a b", UrlFault::Character),
            ("https://example.org/é", UrlFault::Character),
            ("https://example.org/\\x", UrlFault::Character),
            ("https://example.org/#a#b", UrlFault::Character),
            ("https://example.org/%", UrlFault::Escape),
            ("https://example.org/%zz", UrlFault::Escape),
            ("https://example.org/%\u{e9}", UrlFault::Escape),
        ] {
            assert_eq!(check(text, &["https"]), Err(fault), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_taken_is_printable_ascii_and_a_url_to_others(text in "https://[a-z0-9.:@-]{0,12}[ -~é]{0,16}") {
            if check(&text, &["https"]).is_ok() {
                proptest::prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }
}
