//! Removing a document with the built program (promises P4 and P5): on a server that runs and on one that does not, with peers beside
//! it and a backup that is older.

use std::fs;
use std::path::Path;

use palinode::notice::DocumentHash;
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::speaker::{SignedNotice, Speaker};
use crate::waiting::eventually;

/// A notice whose texts sing in every field, and what to listen for.
struct Song {
    notice: SignedNotice,
    document: DocumentHash,
    canaries: Vec<String>,
}

fn song(speaker: &Speaker, name: &str) -> Song {
    let field = |field: &str| format!("{field}canary{name}");
    let texts = json!({
        "texts": [{
            "language": "en",
            "statement": format!("It was said that the {} sings.", field("statement")),
            "mitigation": format!("Whoever hears the {} may do something.", field("mitigation")),
            "afterlife": format!("What became of the {} in the end.", field("afterlife")),
        }],
        "references": [{"type": "article", "url": format!("https://example.org/{}", field("reference"))}],
    });
    let notice = speaker.report_with(name, &texts);
    let document = &notice.body.documents[0];
    let salt: Value = serde_json::from_slice(document).unwrap();
    let mut canaries = ["statement", "mitigation", "afterlife", "reference"].map(field).to_vec();
    canaries.push(salt["salt"].as_str().unwrap().to_owned());
    Song { document: DocumentHash::of(document), canaries, notice }
}

impl Song {
    fn heard_in(&self, what: &str, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let lower = text.to_lowercase();
        let heard = self.canaries.iter().filter(|canary| text.contains(*canary) || lower.contains(*canary));
        heard.map(|canary| format!("{canary} in {what}")).collect()
    }

    /// Where it is heard in all files below a folder.
    fn heard_below(&self, folder: &Path) -> Vec<String> {
        let mut heard = Vec::new();
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                heard.extend(self.heard_below(&path));
            } else {
                heard.extend(self.heard_in(&path.display().to_string(), &fs::read(&path).unwrap()));
            }
        }
        heard
    }

    /// Where it is heard among everything that the server answers about its notice.
    async fn heard_from(&self, server: &ServerProcess) -> Vec<String> {
        let (id, subject) = (self.notice.id, self.notice.subject.replace(':', "%3A").replace('/', "%2F"));
        let word = &self.canaries[0];
        let mut heard = Vec::new();
        for path in [
            format!("v1/documents/{}", self.document),
            format!("v1/notices/{id}"),
            format!("v1/notices/{id}/envelope"),
            format!("v1/notices/{id}/proof"),
            "v1/notices".to_owned(),
            "v1/notices?q=sings".to_owned(),
            "v1/changes".to_owned(),
            format!("v1/check?id={subject}"),
            format!("n/{id}"),
            format!("d/{subject}"),
            String::new(),
        ] {
            heard.extend(self.heard_in(&path, &server.get(&path).await.body));
        }
        let found = server.json(&format!("v1/notices?q={word}")).await;
        heard.extend(found["notices"].as_array().unwrap().iter().map(|_| format!("{word} finds it")));
        heard
    }

    async fn status(&self, server: &ServerProcess) -> u16 {
        server.get(&format!("v1/documents/{}", self.document)).await.status
    }

    async fn is_sung_by(&self, server: &ServerProcess) {
        let what = format!("{} has the texts of {}", server.url, self.notice.title);
        eventually(&what, async || (self.status(server).await == 200).then_some(())).await;
    }
}

async fn verdict(server: &ServerProcess, song: &Song) -> Value {
    let subject = song.notice.subject.replace(':', "%3A").replace('/', "%2F");
    server.json(&format!("v1/check?id={subject}")).await["answers"].clone()
}

fn remove(server: &ServerProcess, song: &Song) -> String {
    let name = song.document.to_string();
    let words = ["remove", "document", &name, "--basis", "legal-order", "--jurisdiction", "DE", "--reference", "7 O 12/26"];
    palinode(&[&words[..], &["--yes", "--data", server.data_text()]].concat()).well()
}

fn advice(server: &ServerProcess) -> Vec<(String, String)> {
    let told = palinode(&["remove", "advice", "--data", server.data_text(), "--format", "json"]).well();
    let told: Value = serde_json::from_str(&told).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told["advice"].as_array().unwrap().iter().map(|one| (text(&one["document"]), text(&one["here"]))).collect()
}

#[tokio::test]
#[doc = "promises P4 and P5"]
async fn a_document_goes_from_a_running_server_for_good_and_stays_with_peers_who_decide_for_themselves() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    let origin = a.server().await.origin;
    let follows = format!("[federation]\npoll_seconds = 2\nfollow_removals = [\"{origin}\"]\n");
    let c = Launch::on(folder.path().join("c")).returning().configured(&follows).start();
    introduce(&[&a, &b, &c]);
    let speaker = Speaker::new();
    let (gone, stays) = (song(&speaker, "gone"), song(&speaker, "stays"));
    for song in [&gone, &stays] {
        a.takes(&song.notice).await;
        song.is_sung_by(&b).await;
        song.is_sung_by(&c).await;
    }
    assert!(!gone.heard_from(&a).await.is_empty());
    let before = verdict(&a, &gone).await;
    palinode(&["backup", "--data", a.data_text(), "--out", &path("older.backup")]).well();

    let told = remove(&a, &gone);
    assert!(told.contains("is removed") && told.contains("legal-order") && told.contains("7 O 12/26"), "{told}");
    assert_eq!(gone.heard_below(a.data()), [""; 0]);
    assert_eq!(gone.heard_from(&a).await, [""; 0]);
    assert_eq!(verdict(&a, &gone).await, before, "the verdict stays");
    assert_eq!(stays.status(&a).await, 200);
    let tombstone = a.get(&format!("v1/documents/{}", gone.document)).await;
    assert_eq!((tombstone.status, tombstone.content_type.as_deref()), (451, Some("application/problem+json")));
    let tombstone: Value = serde_json::from_slice(&tombstone.body).unwrap();
    let removal = &tombstone["removal"];
    assert_eq!(
        (&removal["basis"], &removal["jurisdiction"], &removal["reference"]),
        (&"legal-order".into(), &"DE".into(), &"7 O 12/26".into())
    );
    assert!(removal["removed"].as_str().is_some_and(|time| time.ends_with('Z')), "{tombstone}");
    assert_eq!(a.json(&format!("v1/notices/{}", gone.notice.id)).await["texts"]["state"], "removed");
    let page = String::from_utf8(a.get(&format!("n/{}", gone.notice.id)).await.body).unwrap();
    assert!(page.contains("A court or an authority ordered it.") && page.contains("<bdi>7 O 12/26</bdi>"), "{page}");
    // Ordered again, it changes nothing.
    assert!(remove(&a, &gone).contains("was removed before"));
    palinode(&["fsck", "--data", a.data_text()]).well();
    palinode(&["log", "verify", a.url.as_str()]).well();

    // Neither its publisher nor a peer brings it back.
    assert!(a.client.post(&gone.notice.body, false).await.unwrap().known);
    eventually("b hears what a's operator says", async || (!advice(&b).is_empty()).then_some(())).await;
    assert_eq!(advice(&b), [(gone.document.to_string(), "available".to_owned())]);
    let after = song(&speaker, "after");
    b.takes(&after.notice).await;
    after.is_sung_by(&a).await;
    assert_eq!((gone.status(&a).await, gone.status(&b).await), (451, 200));
    // But where the operator decided to follow.
    eventually("c follows the advice", async || (gone.status(&c).await == 451).then_some(())).await;
    eventually("c is done", async || gone.heard_below(c.data()).is_empty().then_some(())).await;
    assert_eq!(stays.status(&c).await, 200);
    assert_eq!(gone.heard_below(a.data()), [""; 0]);

    // A backup that is older is not taken without the record of what was removed, and with it brings nothing back.
    let (operator, record) = (a.data().join("keys/operator.pem"), a.data().join("removed"));
    let restore =
        ["restore", "--from", &path("older.backup"), "--data", &path("new"), "--operator-key", operator.to_str().unwrap()];
    let said = palinode(&restore).with_code(2);
    assert!(said.contains("--removed") && said.contains("palinode remove advice"), "{said}");
    assert!(!Path::new(&path("new")).exists());
    palinode(&[&restore[..], &["--removed", record.to_str().unwrap()]].concat()).well();
    assert_eq!(gone.heard_below(Path::new(&path("new"))), [""; 0]);
    let new = Launch::on(path("new")).start();
    assert_eq!((gone.status(&new).await, stays.status(&new).await), (451, 200));
    assert_eq!(gone.heard_from(&new).await, [""; 0]);
    let list = palinode(&["remove", "list", "--data", &path("new"), "--format", "json"]).well();
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["removed"][0]["reference"], "7 O 12/26", "and it knows why");
    palinode(&["fsck", "--data", &path("new")]).well();
}

#[tokio::test]
async fn where_no_server_runs_the_command_does_it_itself_and_the_log_says_so() {
    let folder = tempdir().unwrap();
    let mut a = Launch::on(folder.path().join("a")).returning().start();
    let speaker = Speaker::new();
    let gone = song(&speaker, "gone");
    a.takes(&gone.notice).await;
    let size = a.tree_size().await;
    let name = gone.document.to_string();
    let refused = palinode(&["remove", "document", &name, "--basis", "policy", "--data", a.data_text()]).with_code(1);
    assert!(refused.contains("nobody said yes") && refused.contains("This cannot be undone"), "{refused}");
    let other = "ab".repeat(32);
    let refused = palinode(&["remove", "document", &other, "--basis", "policy", "--yes", "--data", a.data_text()]).with_code(1);
    assert!(refused.contains("no notice on this server names document"), "{refused}");
    for wrong in [
        &["not-a-hash", "--basis", "policy"][..],
        &[&name, "--basis", "whim"],
        &[&name, "--basis", "rights", "--jurisdiction", "Germany"],
    ] {
        palinode(&[&["remove", "document", "--yes", "--data", a.data_text()][..], wrong].concat()).with_code(2);
    }
    assert_eq!(gone.status(&a).await, 200);
    a.kill();
    assert!(remove(&a, &gone).contains("is removed"));
    assert_eq!(gone.heard_below(a.data()), [""; 0]);
    a.start_again(|launch| launch);
    assert_eq!(gone.status(&a).await, 451);
    assert_eq!(a.tree_size().await, size + 1, "the statement");
    assert_eq!(gone.heard_below(a.data()), [""; 0]);
    palinode(&["fsck", "--data", a.data_text()]).well();
}

#[tokio::test]
async fn what_was_ordered_before_a_server_died_is_done_by_the_next_one() {
    let folder = tempdir().unwrap();
    let mut a = Launch::on(folder.path().join("a")).returning().start();
    let speaker = Speaker::new();
    let gone = song(&speaker, "gone");
    a.takes(&gone.notice).await;
    // A server that hangs carries nothing out, and whoever ordered goes away.
    a.hang();
    let name = gone.document.to_string();
    let mut command = crate::server_process::program()
        .args(["remove", "document", &name, "--basis", "personal-data", "--yes", "--data", a.data_text()])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let ordered = async || {
        let list = palinode(&["remove", "list", "--data", a.data_text(), "--format", "json"]).well();
        let list: Value = serde_json::from_str(&list).unwrap();
        (list["ordered"].as_array().unwrap().len() == 1).then_some(())
    };
    eventually("it is ordered", ordered).await;
    command.kill().unwrap();
    command.wait().unwrap();
    a.kill();
    assert!(!gone.heard_below(a.data()).is_empty());
    a.start_again(|launch| launch);
    eventually("the next server does it", async || (gone.status(&a).await == 451).then_some(())).await;
    eventually("nothing is left", async || gone.heard_below(a.data()).is_empty().then_some(())).await;
    eventually("the log says so", async || (a.tree_size().await == 2).then_some(())).await;
}
