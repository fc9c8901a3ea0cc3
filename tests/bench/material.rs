//! What is posted, imported and asked for: publishers and notices that are the same in every run, because all of it follows
//! from a number.
//!
//! Of 20 notices, 12 are retractions by their publisher and 3 removals by a host, both with a texts document of 400 to 700 bytes
//! along, which such issuers must bring; 5 are an observer's, without texts. Publishers and hosts are 40 domains that are pinned
//! with the prefixes they speak for; observers are 10 keys that nobody knows. Each notice names the dataset by DOI, web page and
//! repository, and by the SHA-256 of one to five files, so that payloads have about 800 to 1,500 bytes.

use palinode::client::SubmissionBody;
use palinode::envelope::{Envelope, PayloadType, PinFile, RecordDraft, SecretKey};
use palinode::notice::{Did, Draft, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Domains that are pinned.
const DOMAINS: u64 = 40;
/// Keys that are their own identity.
const STRANGERS: u64 = 10;
/// When everything claims to have been issued.
const ISSUED: &str = "2026-01-15T12:00:00Z";

/// All who sign.
pub(crate) struct Cast {
    domains: Vec<Speaker>,
    strangers: Vec<Speaker>,
}

struct Speaker {
    key: SecretKey,
    did: Did,
}

/// A signed notice in the forms that are needed.
pub(crate) struct Signed {
    /// The envelope.
    pub(crate) envelope: Envelope,
    /// The documents that it comes with.
    pub(crate) documents: Vec<Vec<u8>>,
    /// The public key that it holds under.
    pub(crate) key: [u8; 32],
}

impl Signed {
    /// The body of a POST.
    pub(crate) fn body(&self) -> String {
        if self.documents.is_empty() {
            return self.envelope.to_json();
        }
        SubmissionBody { envelope: self.envelope.clone(), documents: self.documents.clone() }.to_json()
    }

    /// The canonical envelope, which is the entry of the log.
    pub(crate) fn entry(&self) -> Vec<u8> {
        self.envelope.to_json().into_bytes()
    }
}

/// 32 bytes that look random and follow from a purpose and a number.
fn bytes(purpose: &str, n: u64) -> [u8; 32] {
    Sha256::digest(format!("palinode benchmark, {purpose} {n}")).into()
}

/// A number below `below` that looks random and follows from a purpose and a number.
pub(crate) fn drawn(purpose: &str, n: u64, below: u64) -> u64 {
    let first = bytes(purpose, n)[..8].try_into().expect("eight bytes");
    u64::from_be_bytes(first) % below
}

fn issued() -> Timestamp {
    Timestamp::parse(ISSUED).expect("a time")
}

impl Cast {
    pub(crate) fn new() -> Self {
        let domains = (0..DOMAINS).map(|n| Speaker {
            key: SecretKey::from_seed(bytes("domain", n)),
            did: Did::parse(&format!("did:web:lab{n}.example.org")).expect("a DID"),
        });
        let strangers = (0..STRANGERS).map(|n| {
            let key = SecretKey::from_seed(bytes("stranger", n));
            Speaker { did: key.public().to_did(), key }
        });
        Self { domains: domains.collect(), strangers: strangers.collect() }
    }

    /// The pin files of the domains, by name.
    pub(crate) fn pins(&self) -> Vec<(String, String)> {
        let pin = |(n, domain): (usize, &Speaker)| {
            let draft = RecordDraft::first(domain.did.clone(), format!("Laboratory {n}"), domain.key.public(), issued());
            let record = draft.complete().expect("a record");
            let record = domain.key.sign_envelope(PayloadType::Publisher, &record.payload).expect("an envelope");
            let prefixes = [
                format!("doi:10.{}/", 5_000 + n),
                format!("hf:datasets/lab{n}/"),
                format!("url:https://data.lab{n}.example.org/"),
            ];
            (format!("lab{n}.json"), PinFile::new(record, &prefixes, None).expect("a pin").to_json())
        };
        self.domains.iter().enumerate().map(pin).collect()
    }

    /// Notice `n`.
    pub(crate) fn notice(&self, n: u64) -> Signed {
        let speaker = match n % 20 {
            0..15 => &self.domains[index(n / 20 % DOMAINS)],
            _ => &self.strangers[index(n / 20 % STRANGERS)],
        };
        let draft = Draft::parse(draft(n).to_string().as_bytes()).expect("a draft");
        let completed = draft.complete(&speaker.did, issued(), bytes("salt", n)).expect("a notice");
        let envelope = speaker.key.sign_envelope(PayloadType::Notice, &completed.payload).expect("an envelope");
        Signed { envelope, documents: completed.texts.into_iter().collect(), key: *speaker.key.public().as_bytes() }
    }

    /// Notices `from..to`, made on all cores.
    pub(crate) fn notices(&self, from: u64, to: u64) -> Vec<Signed> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
        let share = (to - from).div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = (0..threads)
                .map(|t| (from + t * share, (from + (t + 1) * share).min(to)))
                .map(|(from, to)| scope.spawn(move || (from..to).map(|n| self.notice(n)).collect::<Vec<_>>()))
                .collect();
            parts.into_iter().flat_map(|part| part.join().expect("signing does not fail")).collect()
        })
    }
}

/// What notice `n` says, as its issuer drafts it.
fn draft(n: u64) -> Value {
    let domain = n / 20 % DOMAINS;
    let title = format!("{} {} {n}", word("adjective", n, ADJECTIVES), word("noun", n, NOUNS));
    let mut draft = json!({
        "type": "retraction",
        "issuer": {"role": "publisher"},
        "dataset": {
            "title": title,
            "aliases": [format!("{title} (full release)"), format!("set-{n}")],
            "version": format!("{}.{}", 1 + n % 4, n % 10),
            "publisher_name": format!("Laboratory {domain} of the Example Institute")
        },
        "subjects": subjects(n),
        "scope": {"kind": "whole"},
        "reasons": [word("reason", n, REASONS)],
        "actions": [{"do": "stop-use"}, {"do": "delete", "deadline": "2026-12-31"}]
    });
    match n % 20 {
        0..12 => {
            draft["texts"] = texts(n, &title);
            draft["appeal"] = json!(format!("https://lab{domain}.example.org/appeals/{n}"));
            draft["replacements"] = json!([{"id": format!("doi:10.{}/set.{n}.v2", 5_000 + domain)}]);
        }
        12..15 => {
            draft["type"] = json!("removal");
            draft["issuer"]["role"] = json!("host");
            draft["texts"] = texts(n, &title);
            draft["appeal"] = json!(format!("https://lab{domain}.example.org/appeals/{n}"));
        }
        _ => draft["issuer"]["role"] = json!("observer"),
    }
    draft
}

/// The identifiers of notice `n`, in normal form, in the order of its subjects.
pub(crate) fn identifiers(n: u64) -> Vec<String> {
    let domain = n / 20 % DOMAINS;
    let mut ids = vec![
        format!("doi:10.{}/set.{n}", 5_000 + domain),
        format!("url:https://data.lab{domain}.example.org/sets/{n}"),
        format!("hf:datasets/lab{domain}/set-{n}"),
    ];
    ids.extend((0..=n % 5).map(|file| format!("sha256:{}", data_encoding::HEXLOWER.encode(&bytes("file", n * 8 + file)))));
    ids
}

fn subjects(n: u64) -> Value {
    let roles = ["whole", "landing-page", "mirror"].into_iter().chain(std::iter::repeat("file"));
    let subject = |(id, role): (String, &str)| json!({"id": id, "role": role});
    Value::Array(identifiers(n).into_iter().zip(roles).map(subject).collect())
}

fn texts(n: u64, title: &str) -> Value {
    let domain = n / 20 % DOMAINS;
    json!({
        "texts": [{
            "language": "en",
            "statement": format!(
                "{title} was collected without asking those who can be recognised in it. A review found that {} of its records \
                 can be traced to people who never agreed, and that they cannot be told from the others with certainty.",
                drawn("records", n, 10_000)
            ),
            "mitigation": "Delete every copy with what was made from it, and train again what was trained on it."
        }],
        "references": [{"type": "report", "url": format!("https://lab{domain}.example.org/reports/{n}")}]
    })
}

fn word(purpose: &str, n: u64, words: &'static [&'static str]) -> &'static str {
    words[index(drawn(purpose, n, words.len() as u64))]
}

fn index(n: u64) -> usize {
    usize::try_from(n).expect("small")
}

const ADJECTIVES: &[&str] = &["Annotated", "Balanced", "Crowded", "Daily", "Extended", "Frontal", "Global", "Historic"];
const NOUNS: &[&str] =
    &["Faces", "Voices", "Street Scenes", "Chest Radiographs", "Letters", "Gait Recordings", "Reviews", "Genomes"];
const REASONS: &[&str] = &["privacy", "consent", "ethics-approval", "copyright", "data-error", "contamination", "bias"];
