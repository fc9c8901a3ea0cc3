//! Mutations of good submissions, posted.

use palinode::envelope::Envelope;
use palinode::ledger::{Examined, Provenance, Submission};
use palinode::tlog::Hash;

use super::good::{self, Good};
use super::image::{Kept, said};
use super::knock::{App, Heard, Knock, with_app};
use super::meaning::meaning;
use super::spoil::{Spoilt, spoil};
use crate::mutation::{Dice, Told, from_environment};
use crate::support::server::TestServer;
use crate::support::speakers::Speaker;

/// How many when nobody says.
const MUTATIONS: u64 = 5_000;
/// Every so many goes over a socket as well.
const OVER_A_SOCKET: u64 = 97;

#[test]
fn mutations_of_good_submissions_are_refused_or_are_the_same_and_change_nothing() {
    let server = good::server();
    let mutations = from_environment("PALINODE_MUTATIONS", MUTATIONS);
    let first = from_environment("PALINODE_SEED", 0);
    with_app(&server, async |app| {
        let good = good::post_all(app, good::submissions()).await;
        let mut questions: Vec<_> = good.iter().flat_map(Good::questions).collect();
        questions.extend(["/log/checkpoint", "/v1/notices?limit=100", "/v1/publishers", "/v1/changes"].map(str::to_owned));
        let (head, kept, answers) = (server.ledger.published().head, Kept::settled(&server), said(app, &questions).await);
        let mut tally = Tally::default();
        for seed in first..first + mutations {
            let _told = Told { what: "submissions", seed };
            let spoilt = spoil(&good, &mut Dice::seeded(seed));
            let knock = knock(&spoilt);
            let heard = app.ask(&knock).await;
            judge(&server, &spoilt, &heard, &good, &mut tally);
            if seed % OVER_A_SOCKET == 0 {
                assert_eq!(knock.status_over_a_socket(&server), heard.status, "over a socket it is something else");
            }
        }
        tally.show(mutations);
        assert_eq!(server.ledger.published().head, head, "the log grew");
        Kept::settled(&server).assert_is(&kept);
        assert!(said(app, &questions).await == answers, "an answer changed");
        goes_on(&server, app).await;
    });
}

/// What came of the mutations.
#[derive(Default)]
struct Tally {
    same: u64,
    would_be_new: u64,
    refused: std::collections::BTreeMap<String, u64>,
}

impl Tally {
    #[expect(clippy::print_stderr, reason = "figures for whoever runs it by hand")]
    fn show(&self, mutations: u64) {
        let Self { same, would_be_new, refused } = self;
        eprintln!("{mutations} mutations: {same} said what a good one said, {would_be_new} rightly signed ones would be taken");
        eprintln!("refused: {refused:?}");
        assert!(
            mutations < 1_000 || *same > 0 && *would_be_new > 0 && refused.len() > 10,
            "the mutations are too tame or too wild"
        );
    }
}

fn knock(spoilt: &Spoilt) -> Knock {
    let path = if spoilt.dry_run { format!("{}?dry_run=true", spoilt.door) } else { spoilt.door.to_owned() };
    let mut knock = Knock::post(&path, spoilt.body.clone());
    if let Some(headers) = &spoilt.headers {
        knock.headers.clone_from(headers);
    }
    knock
}

fn judge(server: &TestServer, spoilt: &Spoilt, heard: &Heard, good: &[Good], tally: &mut Tally) {
    let body = String::from_utf8_lossy(&spoilt.body);
    // Headers are looked at before anything else.
    if let Some(headers) = &spoilt.headers {
        let json =
            headers.iter().any(|(_, value)| value.to_ascii_lowercase().starts_with("application/") && !value.ends_with('x'));
        let encoded = headers.iter().any(|(name, _)| *name == "content-encoding");
        if encoded || !json || headers.iter().any(|(_, value)| value.contains("www-form")) {
            assert_eq!(heard.status, 415, "{headers:?}: {}", heard.text());
            *tally.refused.entry(heard.rule()).or_default() += 1;
            return;
        }
    }
    match (meaning(&spoilt.body, spoilt.door, good), heard.status) {
        (Some(same), 200) => {
            let receipt = heard.json();
            assert_eq!((receipt["id"].as_str(), &receipt["known"]), (Some(same.id.as_str()), &true.into()), "{body}");
            assert!(spoilt.dry_run || receipt["index"] == same.index && receipt.get("upload").is_none(), "{body}");
            tally.same += 1;
        }
        (Some(same), status) => panic!("it says what {} says, and was answered {status}: {}\n{body}", same.id, heard.text()),
        (None, 200) if spoilt.dry_run => {
            would_be_taken_by_peers(server, spoilt, &heard.json());
            tally.would_be_new += 1;
        }
        (None, 400..500) => {
            refused_by_peers_too(server, spoilt, &heard.rule(), good);
            *tally.refused.entry(heard.rule()).or_default() += 1;
        }
        (None, status) => panic!("it is none of the good ones, and was answered {status}: {}\n{body}", heard.text()),
    }
}

fn peer() -> Provenance {
    Provenance::Peer("peer.example/log".to_owned())
}

/// The canonical entry of an envelope whose key id is right.
fn entry(spoilt: &Spoilt) -> Option<Vec<u8>> {
    let submission = Submission::parse(&spoilt.body).ok()?;
    Some(submission.envelope().to_json().into_bytes())
}

/// What one server would take from its client, every other takes from that server.
fn would_be_taken_by_peers(server: &TestServer, spoilt: &Spoilt, answer: &serde_json::Value) {
    let entry = entry(spoilt).expect("what is taken is an envelope");
    assert_eq!(answer["entry"], Hash::leaf(&entry).to_string());
    assert_eq!(Envelope::parse_canonical(&entry).expect("an entry").to_json().as_bytes(), entry);
    let submission = Submission::entry(&entry).expect("an entry");
    let examined = server.ledger.examine(submission, peer());
    assert!(matches!(examined, Ok(Examined::New(_))), "a peer would not take it: {examined:?}");
}

/// The bytes themselves, as an entry: canonical only if they are, and known only if they are one of the good ones. What is no
/// valid notice or record to a client is none to a peer.
fn refused_by_peers_too(server: &TestServer, spoilt: &Spoilt, rule: &str, good: &[Good]) {
    if let Ok(submission) = Submission::entry(&spoilt.body) {
        assert_eq!(submission.envelope().to_json().as_bytes(), spoilt.body);
        let stands = good.iter().any(|good| good.envelope.to_json().as_bytes() == spoilt.body);
        let known = matches!(server.ledger.examine(submission, peer()), Ok(Examined::Known(_)));
        assert_eq!(known, stands, "it was refused as {rule}");
    }
    if let ("invalid-notice" | "invalid-record" | "unknown-payload-type" | "not-submittable" | "bad-signature", Some(entry)) =
        (rule, entry(spoilt))
        && let Ok(submission) = Submission::entry(&entry)
    {
        let refusal = server.ledger.examine(submission, peer()).expect_err("a peer takes what a client may not post");
        assert_eq!(refusal.rule(), rule);
    }
}

/// Nothing died: a new good submission is taken, and the server calls itself ready.
async fn goes_on(server: &TestServer, app: &App<'_>) {
    let size = server.size();
    let speaker = Speaker::key(77);
    let body = speaker.notice(&speaker.report("doi:10.5281/zenodo.77"));
    assert_eq!(server.post("/v1/notices", &body).status, 201, "a worker died");
    let again = app.ask(&Knock::post("/v1/notices", body)).await;
    assert_eq!((again.status, server.size()), (200, size + 1));
    assert_eq!(app.ask(&Knock::get("/readyz")).await.status, 200);
}
