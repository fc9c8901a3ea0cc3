//! The pure parts, one by one, with criterion's statistics: where a core's time goes that is not spent waiting.
//!
//! ```text
//! cargo bench --bench pure
//! cargo bench --bench pure -- notice
//! ```
#![expect(clippy::expect_used, reason = "what a benchmark cannot do ends it")]

mod material;

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use palinode::clock::{Clock, SystemClock};
use palinode::envelope::{Envelope, LineageId, PayloadType, PinFile, PublicKey, pre_authentication_encoding, verify};
use palinode::ledger::Submission;
use palinode::notice::{Identifier, LookupKey, Notice, NoticeId, Texts};
use palinode::tlog::{Frontier, Hash, MemoryTiles, consistency_proof, inclusion_proof, root, verify_inclusion};
use palinode::verdict::{Judge, Keyed, Listed, Statement, StatementSource, Trust, Voice, gather};

use material::{Cast, Signed, identifiers};

/// Entries of the trees.
const LEAVES: u64 = 70_000;

fn notices() -> Vec<Signed> {
    Cast::new().notices(0, 40)
}

/// Calls `work` with each of `inputs` in turn, so that no branch is learnt by heart.
fn each<T>(c: &mut Criterion, name: &str, inputs: &[T], mut work: impl FnMut(&T)) {
    let mut next = inputs.iter().cycle();
    c.bench_function(name, |b| b.iter(|| work(next.next().expect("there are inputs"))));
}

fn envelopes(c: &mut Criterion) {
    let notices = notices();
    let entries: Vec<_> = notices.iter().map(Signed::entry).collect();
    let bodies: Vec<_> = notices.iter().map(Signed::body).collect();
    let keys: Vec<_> = notices.iter().map(|notice| PublicKey::from_bytes(&notice.key).expect("a key")).collect();
    let signed: Vec<_> = notices.iter().map(|notice| &notice.envelope).zip(&keys).collect();
    each(c, "envelope/parse canonical", &entries, |entry| {
        black_box(Envelope::parse_canonical(black_box(entry)).expect("an entry"));
    });
    each(c, "envelope/parse submission with documents", &bodies, |body| {
        black_box(Submission::parse(black_box(body.as_bytes())).expect("a submission"));
    });
    each(c, "envelope/pre-authentication encoding", &notices, |notice| {
        let envelope = &notice.envelope;
        black_box(pre_authentication_encoding(envelope.payload_type_str(), black_box(envelope.payload())));
    });
    each(c, "envelope/verify", &signed, |(envelope, key)| {
        black_box(verify(black_box(envelope), std::slice::from_ref(*key)).expect("it holds"));
    });
    each(c, "envelope/read a public key", &notices, |notice| {
        black_box(PublicKey::from_bytes(black_box(&notice.key)).expect("a key"));
    });
    let pins = Cast::new().pins();
    each(c, "envelope/read a pin file", &pins, |(_, pin)| {
        black_box(PinFile::parse(black_box(pin.as_bytes())).expect("a pin file"));
    });
    let key = palinode::envelope::SecretKey::from_seed([0x5a; 32]);
    each(c, "envelope/sign", &notices, |notice| {
        black_box(key.sign_envelope(PayloadType::Notice, black_box(notice.envelope.payload())).expect("an envelope"));
    });
}

fn forms(c: &mut Criterion) {
    let notices = notices();
    let documents: Vec<_> = notices.iter().flat_map(|notice| &notice.documents).collect();
    let ids: Vec<_> = (0..40).flat_map(identifiers).collect();
    each(c, "notice/parse", &notices, |notice| {
        black_box(Notice::parse(black_box(notice.envelope.payload())).expect("a notice"));
    });
    each(c, "notice/strict JSON of its payload", &notices, |notice| {
        black_box(palinode::strict_json::parse(black_box(notice.envelope.payload())).expect("JSON"));
    });
    each(c, "notice/parse texts", &documents, |document| {
        black_box(Texts::parse(black_box(document)).expect("texts"));
    });
    each(c, "identifier/candidates", &ids, |id| {
        black_box(Identifier::candidates(black_box(id)).expect("an identifier"));
    });
    each(c, "identifier/from normal", &ids, |id| {
        black_box(Identifier::from_normal(black_box(id)).expect("an identifier"));
    });
    let identifiers: Vec<_> = ids.iter().map(|id| Identifier::from_normal(id).expect("an identifier")).collect();
    each(c, "identifier/look-up keys", &identifiers, |id| {
        black_box(black_box(id).lookup_keys());
    });
}

/// How long reading any of [`hostile`] may take (promise B4).
const MOST_READING: Duration = Duration::from_millis(5);

/// Bodies that somebody sends to make reading expensive; each must cost no more than its length, and none more than
/// [`MOST_READING`], or the program ends there.
fn hostile(c: &mut Criterion) {
    let deep = "[".repeat(100_000);
    let closed = format!("{deep}{}", "]".repeat(100_000));
    let wide = (0..100_000).map(|n| format!("\"{n:x}\":0")).collect::<Vec<_>>().join(",");
    let escapes = format!("{{\"payload\":\"{}\"}}", "\\u0041".repeat(20_000));
    let text = format!("{{\"payload\":\"{}\"}}", "A".repeat(64 << 10));
    let number = "9".repeat(100_000);
    let cases = [
        ("100,000 deep", deep),
        ("100,000 deep and closed", closed),
        ("100,000 keys", format!("{{{wide}}}")),
        ("20,000 escapes", escapes),
        ("64 KiB of text", text),
        ("100,000 digits", number),
    ];
    let mut group = c.benchmark_group("hostile");
    for (name, body) in &cases {
        let once = || {
            let begun = Instant::now();
            assert!(Submission::parse(black_box(body.as_bytes())).is_err());
            begun.elapsed()
        };
        let best = (0..20).map(|_| once()).min().unwrap_or_default();
        assert!(best <= MOST_READING, "{name}: {best:?}");
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(*name, |b| b.iter(|| black_box(Submission::parse(black_box(body.as_bytes())).is_err())));
    }
}

/// Statements that all speak of one dataset.
struct Known(Vec<Statement>);

impl StatementSource for Known {
    type Error = Infallible;

    fn naming(&self, _: &[LookupKey]) -> Result<Vec<Statement>, Infallible> {
        Ok(self.0.clone())
    }

    fn deriving(&self, _: &[LookupKey]) -> Result<Vec<Statement>, Infallible> {
        Ok(Vec::new())
    }

    fn pointing_at(&self, _: &[NoticeId]) -> Result<Vec<Statement>, Infallible> {
        Ok(Vec::new())
    }

    fn listing(&self, _: &Identifier) -> Result<Vec<Listed>, Infallible> {
        Ok(Vec::new())
    }

    fn by_id(&self, _: &[NoticeId]) -> Result<Vec<Statement>, Infallible> {
        Ok(Vec::new())
    }
}

/// The same notice said by `many`, so that all name the asked identifier.
fn known(many: u64) -> (Known, Vec<Identifier>) {
    let signed = Cast::new().notice(0);
    let notice = Arc::new(Keyed::from(Notice::parse(signed.envelope.payload()).expect("a notice")));
    let statement = |n: u64| Statement {
        id: NoticeId::of(&n.to_be_bytes()),
        notice: notice.clone(),
        voices: vec![Voice {
            lineage: LineageId { did: notice.issuer.id.clone(), record0: Some(NoticeId::of(b"record 0")) },
            may_lift: true,
        }],
        first_index: Some(n),
    };
    let asked = vec![notice.subjects.first().expect("a subject").id.clone()];
    (Known((0..many).map(statement).collect()), asked)
}

fn verdicts(c: &mut Criterion) {
    let (trust, now) = (Trust::default(), SystemClock.now());
    for many in [0, 1, 10, 100] {
        let (source, asked) = known(many);
        c.bench_function(&format!("verdict/over {many} statements"), |b| {
            b.iter(|| {
                let set = gather(black_box(&asked), &source, now).unwrap_or_else(|never| match never {});
                black_box(Judge::new(&set, &trust, now).decide_any(&asked))
            });
        });
    }
}

fn trees(c: &mut Criterion) {
    let leaves: Vec<_> = (0..LEAVES).map(|n| Hash::leaf(&n.to_be_bytes())).collect();
    let mut frontier = Frontier::empty();
    for leaf in &leaves {
        frontier.append(*leaf);
    }
    let whole = frontier.root();
    let mut tiles = MemoryTiles::default();
    tiles.store(frontier.take_changed());
    c.bench_function("tree/root of 70,000 leaves", |b| {
        b.iter(|| {
            let mut frontier = Frontier::empty();
            for leaf in black_box(&leaves) {
                frontier.append(*leaf);
            }
            frontier.root()
        });
    });
    c.bench_function("tree/append one leaf, root and tiles", |b| {
        b.iter_batched_ref(
            || edge(&tiles),
            |frontier| {
                frontier.append(leaves[0]);
                black_box((frontier.root(), frontier.take_changed()))
            },
            BatchSize::SmallInput,
        );
    });
    c.bench_function("tree/root from tiles", |b| b.iter(|| root(black_box(LEAVES), &tiles).expect("a root")));
    c.bench_function("tree/inclusion proof", |b| {
        b.iter(|| inclusion_proof(black_box(4_321), LEAVES, &tiles).expect("a proof"));
    });
    c.bench_function("tree/consistency proof", |b| {
        b.iter(|| consistency_proof(black_box(65_000), LEAVES, &tiles).expect("a proof"));
    });
    let proof = inclusion_proof(4_321, LEAVES, &tiles).expect("a proof");
    c.bench_function("tree/verify an inclusion proof", |b| {
        b.iter(|| verify_inclusion(&leaves[4_321], 4_321, LEAVES, black_box(&proof), &whole).expect("it holds"));
    });
    let entry = Cast::new().notice(0).entry();
    c.bench_function("tree/leaf hash of an entry", |b| b.iter(|| Hash::leaf(black_box(&entry))));
}

fn edge(tiles: &MemoryTiles) -> Frontier {
    use palinode::tlog::TileSource;
    Frontier::from_tiles(LEAVES, |id| id.width_at(LEAVES).map_or(Ok(Vec::new()), |width| tiles.tile(id, width)))
        .expect("an edge")
}

criterion_group!(pure, envelopes, forms, hostile, verdicts, trees);
criterion_main!(pure);
