//! Posting as fast as a server takes it, from several sides, while it lives.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;

use crate::book::{Book, Prepared};
use crate::connection::Connection;
use crate::server_process::Launch;
use crate::speaker::Speaker;

/// How many post at the same time.
pub(crate) const POSTERS: usize = 8;
/// How often a server that is busy is asked again.
const AGAIN: Duration = Duration::from_millis(5);

/// The same launch, of a server that has no quotas: `folder` is where its configuration is written to.
pub(crate) fn unlimited(launch: Launch, folder: &Path) -> Launch {
    let file = folder.join("unlimited.toml");
    std::fs::write(
        &file,
        "[admission]\npolicy = \"open\"\nentries_per_issuer_per_day = 1000000000\nentries_per_issuer = 1000000000\n",
    )
    .unwrap();
    launch.with(&["--config", file.to_str().unwrap()])
}

/// What is posted, what is not known of, and what was promised. All sides share it.
#[derive(Clone)]
pub(crate) struct Load {
    fresh: Arc<Mutex<VecDeque<Arc<Prepared>>>>,
    /// Posted without an answer: they may be in the log, or not.
    unanswered: Arc<Mutex<Vec<Arc<Prepared>>>>,
    pub(crate) book: Arc<Mutex<Book>>,
    speaker: Arc<Speaker>,
}

/// The sides, at work until the server is gone or everything is posted.
pub(crate) struct Posting {
    posters: Vec<JoinHandle<()>>,
    others: Vec<JoinHandle<()>>,
}

impl Load {
    pub(crate) fn new(book: Book) -> Self {
        Self {
            fresh: Arc::default(),
            unanswered: Arc::default(),
            book: Arc::new(Mutex::new(book)),
            speaker: Arc::new(Speaker::new()),
        }
    }

    /// Signs until `count` notices wait to be posted.
    pub(crate) fn prepare(&self, count: usize) {
        while self.fresh.lock().unwrap().len() < count {
            let notice = self.one();
            self.fresh.lock().unwrap().push_back(notice);
        }
    }

    /// A notice like the others, which is not queued.
    pub(crate) fn one(&self) -> Arc<Prepared> {
        let name = format!("load-{:08x}", getrandom::u32().unwrap());
        Arc::new(Prepared::from(self.speaker.report(&name, "under load")))
    }

    /// How many wait to be posted.
    pub(crate) fn waiting(&self) -> usize {
        self.fresh.lock().unwrap().len()
    }

    /// Whether nothing is in doubt.
    pub(crate) fn all_answered(&self) -> bool {
        self.unanswered.lock().unwrap().is_empty()
    }

    /// Begins to post to `server`, to post again what got no answer and what was acknowledged, and to watch its checkpoint.
    pub(crate) fn begin(&self, server: SocketAddr, mut chance: TestRng) -> Posting {
        let posters = (0..POSTERS).map(|_| {
            let load = self.clone();
            std::thread::spawn(move || load.post(server))
        });
        let (repeating, watching) = (self.clone(), self.clone());
        Posting {
            posters: posters.collect(),
            others: vec![
                std::thread::spawn(move || repeating.repeat(server, &mut chance)),
                std::thread::spawn(move || watching.watch(server)),
            ],
        }
    }

    fn post(&self, server: SocketAddr) {
        let Ok(mut connection) = Connection::to(server) else { return };
        loop {
            let Some(notice) = self.fresh.lock().unwrap().pop_front() else { return };
            if !self.hand_in(&mut connection, &notice) {
                return;
            }
        }
    }

    /// Posts one notice until it is answered; otherwise it is in doubt. Whether the server is still there.
    fn hand_in(&self, connection: &mut Connection, notice: &Arc<Prepared>) -> bool {
        loop {
            let Ok(answer) = connection.post("/v1/notices", &notice.body) else {
                self.unanswered.lock().unwrap().push(notice.clone());
                return false;
            };
            match answer.status {
                200 | 201 => {
                    let mut book = self.book.lock().unwrap();
                    let known = book.place_of(notice).is_some();
                    assert!(!known || answer.status == 200, "an acknowledged notice was new: {}", answer.text());
                    book.acknowledge(notice, &answer);
                    return true;
                }
                429 | 503 => std::thread::sleep(AGAIN),
                status => panic!("{status}: {}", answer.text()),
            }
        }
    }

    /// First what is in doubt, then again and again something that was acknowledged.
    fn repeat(&self, server: SocketAddr, chance: &mut TestRng) {
        let Ok(mut connection) = Connection::to(server) else { return };
        loop {
            let doubtful = self.unanswered.lock().unwrap().pop();
            let notice = doubtful.or_else(|| {
                let book = self.book.lock().unwrap();
                let count = book.acknowledged.len();
                (count > 0).then(|| book.acknowledged[chance.random_range(0..count)].notice.clone())
            });
            match notice {
                Some(notice) if !self.hand_in(&mut connection, &notice) => return,
                Some(_) => {}
                None => std::thread::sleep(AGAIN),
            }
            if self.waiting() == 0 && self.all_answered() {
                return;
            }
        }
    }

    fn watch(&self, server: SocketAddr) {
        let Ok(mut connection) = Connection::to(server) else { return };
        while let Ok(answer) = connection.get("/log/checkpoint") {
            assert_eq!(answer.status, 200, "{}", answer.text());
            self.book.lock().unwrap().see(&answer.body);
            // Fast enough to see most checkpoints, and slow enough to leave the processor to the server.
            std::thread::sleep(Duration::from_millis(1));
            if self.waiting() == 0 && self.all_answered() {
                return;
            }
        }
    }
}

impl Posting {
    /// Waits until everything is posted, or the server is gone.
    pub(crate) fn ended(self) {
        for side in self.posters.into_iter().chain(self.others) {
            side.join().unwrap();
        }
    }
}
