//! Whether the tests would see what they look for: a page that does everything wrong, and a judge who must find all of it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use serde_json::json;

use crate::accessibility::judge;
use crate::policy::faults;
use crate::stage::Stage;
use crate::tab::{LOOKS, Look};

const BAD: &str = "<!doctype html><html><head><title>Bad</title></head><body style=\"width: 900px\">
    <h1>One</h1><h4>Two</h4><p style=\"color: #aaa; background: #fff\">Hardly seen</p><img src=\"https://third.example/pixel.png\">
    <script>window.canary = 1; document.cookie = 'a=b'; console.error('said by a script')</script></body></html>";
const ASKING: &str = "<!doctype html><title>Asks</title><script>alert('Who reads this?')</script>";
const GUARDED: &str = "<!doctype html><title>Guarded</title><script>window.canary = 1</script>";

/// Serves these pages until the test ends; each connection brings one request.
pub(crate) fn serve() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().map_while(Result::ok).for_each(|stream| answer(&stream)));
    format!("http://{address}/")
}

fn answer(mut stream: &TcpStream) {
    let mut request = [0; 4096];
    let read = stream.read(&mut request).unwrap_or(0);
    let path = String::from_utf8_lossy(&request[..read]).split(' ').nth(1).unwrap_or_default().to_owned();
    if let Some(framed) = path.strip_prefix("/framing?") {
        let page = format!("<!doctype html><html lang=en><title>Somebody else's</title><iframe src=\"{framed}\"></iframe>");
        return send(stream, "", &page);
    }
    let (fields, body) = match path.as_str() {
        "/bad" => ("Set-Cookie: from=server\r\n", BAD),
        "/asking" => ("", ASKING),
        "/guarded" => ("Content-Security-Policy: default-src 'none'\r\n", GUARDED),
        _ => ("", ""),
    };
    send(stream, fields, body);
}

fn send(mut stream: &TcpStream, fields: &str, body: &str) {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n{fields}Content-Length: {}", body.len());
    let _ = stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes());
}

pub(crate) fn the_tests_see_everything_that_a_page_could_do_wrong(stage: &Stage) {
    let tab = stage.tab();
    let own = serve();
    tab.look(LOOKS[0]);
    tab.go(&format!("{own}bad"));
    let found = faults(&tab.seen(), &own).join("\n");
    for fault in ["asked somebody else: https://third.example/pixel.png", "a cookie: from=server", "said by a script"] {
        assert!(found.contains(fault), "{fault}: {found}");
    }
    assert!(tab.run::<bool>("return window.canary === 1 && document.cookie.includes('a=b')", &json!([])));
    assert!(tab.run::<u32>("return document.documentElement.scrollWidth", &json!([])) > 320);
    let judged = judge(stage, &tab).violations.join("\n");
    for rule in ["color-contrast", "html-has-lang", "image-alt", "heading-order"] {
        assert!(judged.contains(&format!("{rule}: ")), "{rule}: {judged}");
    }
    tab.go(&format!("{own}guarded"));
    let found = faults(&tab.seen(), &own).join("\n");
    assert!(found.contains("Content Security Policy"), "{found}");
    assert!(!tab.run::<bool>("return 'canary' in window", &json!([])));
    tab.devtools("Network.clearBrowserCookies", &json!({}));
}

pub(crate) fn the_tests_see_a_dialog(stage: &Stage) {
    let tab = stage.tab();
    let own = serve();
    tab.go(&format!("{own}asking"));
    let refused = tab.try_run::<bool>("return true", &json!([])).expect_err("a dialog stops every command");
    assert_eq!(refused.code, "unexpected alert open");
    assert_eq!(tab.dismissed_dialog().as_deref(), Some("Who reads this?"));
    let found = faults(&tab.seen(), &own).join("\n");
    assert!(found.contains("a dialog: Who reads this?"), "{found}");
}

pub(crate) fn the_browser_looks_as_it_is_told_to(stage: &Stage) {
    let tab = stage.tab();
    for look in LOOKS {
        tab.go(&stage.demo.url("/"));
        tab.look(look);
        let (width, dark): (u32, bool) =
            tab.run("return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]", &json!([]));
        assert_eq!(Look { width, dark }, look);
    }
}
