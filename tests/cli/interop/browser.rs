//! The page of the manual in a browser without a window, used as a person would: files picked, a button pressed, the answer read.
//!
//! The browser gets the page from a web server of the test on the loopback address, and beside it `visitor.html`, which does the
//! picking and pressing and leaves what it saw in its own document. The browser prints that document when all of it is loaded; an
//! image in it, which the web server gives out only after the last answer, is what it waits for.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde_json::Value;

use crate::palinode::Desk;

/// How long the browser may take for all that one test asks of it.
const PATIENCE: Duration = Duration::from_mins(2);
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// What the page said to each of `jobs`, each as `said`, `result` and `saved`. Files are those of the desk.
pub(super) fn answers(desk: &Desk, program: &str, jobs: &Value) -> Vec<Value> {
    desk.write("visitor.html", include_str!("visitor.html"));
    desk.write("jobs.json", &jobs.to_string());
    let site = Site::open(desk.path("."));
    let document = document(desk, program, &format!("http://{}/visitor.html", site.address));
    let told = document.split_once("<output id=\"told\">").and_then(|(_, rest)| rest.split_once("</output>"));
    let told = told.unwrap_or_else(|| panic!("no such document: {document}\nthe browser said: {}", desk.read("browser.log"))).0;
    let told: Value = serde_json::from_slice(&BASE64.decode(told.as_bytes()).unwrap()).unwrap();
    told["answers"].as_array().unwrap_or_else(|| panic!("the page could not be used: {told}")).clone()
}

/// The document at `url` as it is once everything in it is loaded.
fn document(desk: &Desk, program: &str, url: &str) -> String {
    let flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];
    let quiet = ["--disable-component-update", "--disable-sync", "--no-first-run", "--no-proxy-server", "--dump-dom"];
    // All that it writes, crash reports too, stays on the desk.
    let home = desk.path("browser");
    std::fs::create_dir_all(&home).unwrap();
    let mut child = Command::new(program)
        .args(flags)
        .args(quiet)
        .arg(format!("--user-data-dir={}", home.join("profile").display()))
        .arg(url)
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", &home)
        .env("XDG_CACHE_HOME", &home)
        .stdin(Stdio::null())
        .stdout(File::create(desk.path("document.html")).unwrap())
        .stderr(File::create(desk.path("browser.log")).unwrap())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the browser did not come to an end: {}", desk.read("browser.log"));
        }
        std::thread::sleep(LOOKS_EVERY);
    }
    desk.read("document.html")
}

/// A web server for one folder, which closes with the value.
struct Site {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

/// What the connections of a site share.
struct Visit {
    folder: PathBuf,
    done: Mutex<bool>,
    told: Condvar,
}

impl Site {
    fn open(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self { address: listener.local_addr().unwrap(), closed: Arc::default() };
        let closed = site.closed.clone();
        let visit = Arc::new(Visit { folder, done: Mutex::new(false), told: Condvar::new() });
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if closed.load(Ordering::Relaxed) {
                    break;
                }
                let visit = visit.clone();
                std::thread::spawn(move || visit.answer(stream));
            }
        });
        site
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

impl Visit {
    /// Answers one request. A browser also opens connections that it does not use, and leaves in the middle of answers.
    fn answer(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(&stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if !matches!(reader.read_line(&mut head), Ok(1..)) {
                return;
            }
        }
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (status, kind, body) = match (method, path) {
            ("POST", "/done") => {
                *self.done.lock().unwrap() = true;
                self.told.notify_all();
                ("204 No Content", "text/plain", Vec::new())
            }
            ("GET", "/held") => {
                let done = self.done.lock().unwrap();
                drop(self.told.wait_timeout_while(done, PATIENCE, |done| !*done).unwrap());
                ("404 Not Found", "text/plain", Vec::new())
            }
            (_, path) => self.file(path.trim_start_matches('/')),
        };
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        // What the other side has still to say is heard, so that it is not told that the connection broke.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read(&mut [0; 64]);
    }

    fn file(&self, name: &str) -> (&'static str, &'static str, Vec<u8>) {
        let kind = if name.ends_with("html") { "text/html" } else { "application/octet-stream" };
        match std::fs::read(self.folder.join(name)) {
            Ok(bytes) if !name.contains('/') => ("200 OK", kind, bytes),
            _ => ("404 Not Found", "text/plain", Vec::new()),
        }
    }
}
