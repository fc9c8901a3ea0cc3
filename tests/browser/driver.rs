//! Chromium through its driver, in the words of W3C WebDriver with the vendor commands of chromedriver.
//!
//! The wire is JSON over HTTP and needs no library. The two that there are would have cost the other tests more than they give: one
//! turns on `serde_json`'s order of insertion for everything that is tested, the other brings a second ICU and a licence of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::tools::Tools;

/// How long one command may take; making a large picture on a busy machine takes seconds.
const PATIENCE: Duration = Duration::from_mins(3);

/// One Chromium with one profile, for all tests. Both processes end with the value.
pub(crate) struct Driver {
    process: Child,
    session: String,
    browser: u32,
    wire: Mutex<BufReader<TcpStream>>,
    profile: TempDir,
}

/// What the driver answers when it does not do what it was told.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Its error code, such as `unexpected alert open`.
    pub(crate) code: String,
    message: String,
}

impl Driver {
    pub(crate) fn start(tools: &Tools) -> Self {
        let mut process =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| port_in(&line.ok()?)).expect("chromedriver says where it listens");
        // It goes on talking, and must never wait for somebody to read that.
        std::thread::spawn(move || lines.for_each(drop));
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let wire = Mutex::new(BufReader::new(stream));
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Self { process, session: String::new(), browser: 0, wire, profile };
        let begun = driver.send("POST", "/session", &capabilities(tools, &driver.profile)).unwrap();
        begun["sessionId"].as_str().unwrap().clone_into(&mut driver.session);
        driver.browser = u32::try_from(begun["capabilities"]["goog:processID"].as_u64().unwrap()).unwrap();
        driver
    }

    /// A command of the session; `path` is what follows its id.
    pub(crate) fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        self.send(method, &format!("/session/{}/{path}", self.session), body)
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
        // A test that panicked while it held the wire left it between two answers at worst, which is told by the next one.
        let mut wire = self.wire.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        wire.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        let answer: Value = serde_json::from_slice(&read_body(&mut wire)).unwrap();
        let value = answer["value"].clone();
        match value["error"].as_str() {
            None => Ok(value),
            Some(code) => {
                Err(Refused { code: code.to_owned(), message: value["message"].as_str().unwrap_or_default().to_owned() })
            }
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.code, self.message)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.send("DELETE", &format!("/session/{}", self.session), &json!({}));
        let _ = self.process.kill();
        let _ = self.process.wait();
        // Usually it is gone by now; a browser that hangs would outlive its driver.
        let id = i32::try_from(self.browser).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    }
}

fn port_in(line: &str) -> Option<u16> {
    line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

fn capabilities(tools: &Tools, profile: &TempDir) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-gpu".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        // What a page asks of others is seen all the same, and never leaves this machine.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost".to_owned(),
        format!("--user-data-dir={}", profile.path().display()),
    ];
    if tools.is_root {
        arguments.push("--no-sandbox".to_owned());
    }
    json!({"capabilities": {"alwaysMatch": {
        "browserName": "chrome",
        "timeouts": {"script": 120_000, "pageLoad": 120_000},
        "unhandledPromptBehavior": "ignore",
        "goog:chromeOptions": {"args": arguments},
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}
    }}})
}

fn read_body(wire: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        assert!(wire.read_line(&mut line).unwrap() > 0, "chromedriver closed the connection");
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    wire.read_exact(&mut body).unwrap();
    body
}
