//! What the machine itself can do: the sides that the server is measured against.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, VerifyingKey};
use palinode::envelope::pre_authentication_encoding;

use crate::material::Signed;
use crate::statistics::{Latencies, number};

/// Envelopes taken apart, so that verifying them is nothing but `verify_strict`.
pub(crate) struct Signatures(Vec<(VerifyingKey, Vec<u8>, Signature)>);

impl Signatures {
    pub(crate) fn of(notices: &[Signed]) -> Self {
        let parts = |notice: &Signed| {
            let envelope = &notice.envelope;
            let key = VerifyingKey::from_bytes(&notice.key).expect("a key");
            let message = pre_authentication_encoding(envelope.payload_type_str(), envelope.payload());
            (key, message, Signature::from_bytes(envelope.signature()))
        };
        Self(notices.iter().map(parts).collect())
    }

    /// Verifications a second on one core.
    pub(crate) fn on_one_core(&self, lasts: Duration) -> f64 {
        let begun = Instant::now();
        let mut count = 0;
        for (key, message, signature) in self.0.iter().cycle() {
            key.verify_strict(message, signature).expect("the signature holds");
            count += 1;
            if count % 64 == 0 && begun.elapsed() >= lasts {
                break;
            }
        }
        number(count) / begun.elapsed().as_secs_f64()
    }

    /// Verifications a second on all cores together.
    pub(crate) fn on_all_cores(&self, lasts: Duration) -> f64 {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.on_one_core(lasts))).collect();
            running.into_iter().map(|thread| thread.join().expect("verifying ends")).sum()
        })
    }
}

/// A file to which entries are appended, each with a full sync.
pub(crate) struct SyncedFile(File);

impl SyncedFile {
    pub(crate) fn create(folder: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(folder.join("appended"));
        Self(file.expect("the folder can be written"))
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Duration {
        let begun = Instant::now();
        self.0.write_all(bytes).expect("the file can be written");
        self.0.sync_all().expect("the file can be synced");
        begun.elapsed()
    }

    /// Appends of 4 KiB.
    pub(crate) fn survey(&mut self, times: usize) -> Latencies {
        let mut latencies = Latencies::default();
        for _ in 0..times {
            latencies.push(self.append(&[0x55; 4_096]));
        }
        latencies
    }
}
