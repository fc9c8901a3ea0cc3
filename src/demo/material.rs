//! The drafts, the story and the questions, as they lie beside this file and in the binary.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::notice::NoticeId;

static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/demo/cases");
static STORY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/demo/story");

/// Why the material cannot be used: a fault of this program, which its tests would have found.
#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    /// A file is not in the binary.
    #[error("the demo has no file {0}")]
    Missing(String),
    /// A file is not what it should be.
    #[error("the demo's file {file} cannot be read: {source}")]
    Form {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A draft speaks of a case that was not posted before it.
    #[error("the draft {draft} speaks of @{target}, which was not posted before it")]
    Unposted {
        /// The draft.
        draft: String,
        /// What it speaks of.
        target: String,
    },
}

/// A report on a real case, by an observer.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Case {
    /// Name of the draft.
    pub(super) draft: String,
    /// The dataset that it is about, as the collection of cases calls it; a history of several steps has several reports.
    pub(super) of: String,
    /// Which server it is posted to: A, B or C.
    pub(super) server: String,
    /// Whether the tour gives it a line of its own.
    #[serde(default)]
    pub(super) told: bool,
}

/// Someone who signs in the story.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Signer {
    /// `did:web:...`, or `did:key` for one whose key is the identity.
    pub(super) did: String,
    /// How it is called.
    pub(super) name: String,
    /// Its page.
    #[serde(default)]
    pub(super) homepage: Option<String>,
    /// Whether the three operators pin it.
    pub(super) pinned: bool,
    /// What it speaks for.
    pub(super) prefixes: Vec<String>,
}

/// One step of the story.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct StoryStep {
    /// Name of the draft.
    pub(super) draft: String,
    /// Who signs it.
    pub(super) signer: String,
    /// Which server it is posted to.
    pub(super) server: String,
    /// What happens, in a sentence.
    pub(super) say: String,
}

/// The story of a publisher that does not exist.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Story {
    /// Who signs.
    pub(super) signers: BTreeMap<String, Signer>,
    /// What happens, in order.
    pub(super) steps: Vec<StoryStep>,
}

/// A question with the verdict that follows from the rules.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Question {
    /// What is asked.
    pub(super) ask: String,
    /// What must be answered.
    pub(super) expect: Expected,
    /// Why.
    pub(super) why: String,
}

/// The verdict that follows from the rules.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Expected {
    /// Its word.
    pub(super) verdict: String,
    /// With `part-retracted`: which part.
    #[serde(default)]
    pub(super) part: Option<String>,
}

#[derive(Deserialize)]
struct CaseManifest {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct QuestionManifest {
    questions: Vec<Question>,
}

/// The reports on the real cases; none speaks of a later one.
pub(super) fn cases() -> Result<Vec<Case>, MaterialError> {
    Ok(read::<CaseManifest>(&CASES, "manifest.json")?.cases)
}

/// The story.
pub(super) fn story() -> Result<Story, MaterialError> {
    read(&STORY, "manifest.json")
}

/// The questions.
pub(super) fn questions() -> Result<Vec<Question>, MaterialError> {
    Ok(read::<QuestionManifest>(&STORY, "questions.json")?.questions)
}

/// The draft of a case, with the ids of the notices it speaks of in place of their names.
pub(super) fn case_draft(name: &str, posted: &BTreeMap<String, NoticeId>) -> Result<Vec<u8>, MaterialError> {
    draft(&CASES, name, posted)
}

/// The draft of a step of the story, likewise.
pub(super) fn story_draft(name: &str, posted: &BTreeMap<String, NoticeId>) -> Result<Vec<u8>, MaterialError> {
    draft(&STORY, name, posted)
}

fn draft(folder: &Dir<'_>, name: &str, posted: &BTreeMap<String, NoticeId>) -> Result<Vec<u8>, MaterialError> {
    let file = format!("{name}.json");
    let mut draft: serde_json::Value = read(folder, &file)?;
    let edges = draft.get_mut("prior").and_then(serde_json::Value::as_array_mut);
    for edge in edges.into_iter().flatten() {
        let Some(target) = edge.get("notice").and_then(serde_json::Value::as_str).and_then(|t| t.strip_prefix('@')) else {
            continue;
        };
        let Some(id) = posted.get(target) else {
            return Err(MaterialError::Unposted { draft: name.to_owned(), target: target.to_owned() });
        };
        let id = serde_json::Value::from(id.to_string());
        if let Some(edge) = edge.as_object_mut() {
            edge.insert("notice".to_owned(), id);
        }
    }
    serde_json::to_vec(&draft).map_err(|source| MaterialError::Form { file, source })
}

fn read<T: serde::de::DeserializeOwned>(folder: &Dir<'_>, file: &str) -> Result<T, MaterialError> {
    let found = folder.get_file(file).ok_or_else(|| MaterialError::Missing(file.to_owned()))?;
    serde_json::from_slice(found.contents()).map_err(|source| MaterialError::Form { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::demo::cast::Cast;
    use crate::notice::{AdviceRule, IssuerRole, LocalisedText, Notice, Severity, Texts, Timestamp, advise};
    use crate::verdict::{Part, Verdict};

    fn stage() -> (Story, Cast) {
        let story = story().expect("a story");
        let now = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        let cast = Cast::of(&story, now).expect("a cast");
        (story, cast)
    }

    /// Signs a draft as the demo does, and holds it against the advice that servers give.
    fn sign(cast: &Cast, part: &str, name: &str, draft: &[u8]) -> (NoticeId, Notice, Option<Texts>) {
        let now = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        let signed = cast.actor(part).expect(part).sign(name, draft, now).unwrap_or_else(|e| panic!("{name}: {e}"));
        let notice = Notice::parse(signed.body.envelope.payload()).expect(name);
        let texts = signed.body.documents.first().map(|text| Texts::parse(text).expect(name));
        let refused: Vec<_> = advise(&notice, texts.as_ref()).into_iter().filter(|a| a.severity == Severity::Refuse).collect();
        assert!(refused.is_empty(), "{name}: {refused:?}");
        (signed.id, notice, texts)
    }

    /// How many cases the collection has that the drafts were curated from.
    const COLLECTED: usize = 54;

    /// Every real case as the observer signs it, with its texts.
    fn signed_cases() -> Vec<(Case, Notice, Texts)> {
        let (_, cast) = stage();
        let mut posted = BTreeMap::new();
        let signed = cases().expect("cases").into_iter().map(|case| {
            let draft = case_draft(&case.draft, &posted).unwrap_or_else(|e| panic!("{}: {e}", case.draft));
            let (id, notice, texts) = sign(&cast, "observer", &case.draft, &draft);
            posted.insert(case.draft.clone(), id);
            (case, notice, texts.expect("texts"))
        });
        signed.collect()
    }

    #[test]
    fn every_real_case_is_an_observers_report_that_servers_take() {
        for (case, notice, texts) in signed_cases() {
            let name = case.draft;
            assert_eq!(notice.issuer.role, IssuerRole::Observer, "{name} speaks in another role");
            let statements = texts.texts.iter().map(|text| text.language.as_str()).collect::<Vec<_>>();
            assert_eq!(statements.first(), Some(&"en"), "{name}");
            // A sensitive notice should lead nobody anywhere; every other says where its facts are from.
            assert_eq!(texts.references.is_empty(), notice.sensitive, "{name}");
            let advice = advise(&notice, Some(&texts));
            let pointless = |rule| matches!(rule, AdviceRule::CoversNothing | AdviceRule::PartialRetractionOfWhole);
            assert!(!advice.iter().any(|a| pointless(a.rule)), "{name}: {advice:?}");
        }
    }

    #[test]
    fn every_case_of_the_collection_is_represented() {
        let cases = cases().expect("cases");
        let represented: BTreeSet<&str> = cases.iter().map(|case| case.of.as_str()).collect();
        assert_eq!(represented.len(), COLLECTED);
        // The collection with its sources lies beside the project, where there is one.
        let beside = |folder: &Path| folder.join("shared/data/withdrawn-datasets.json");
        let Some(collection) = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(beside).find(|f| f.is_file())
        else {
            eprintln!("SKIPPED: the collection of cases is not beside the project, so its names are not compared");
            return;
        };
        let collection = std::fs::read(collection).expect("readable");
        let collection: Vec<serde_json::Value> = serde_json::from_slice(&collection).expect("a list");
        let collected: BTreeSet<&str> = collection.iter().filter_map(|entry| entry["name"].as_str()).collect();
        assert_eq!(represented, collected);
    }

    #[test]
    fn steps_of_one_history_are_posted_to_one_server_in_their_order() {
        let cases = cases().expect("cases");
        for of in cases.iter().map(|case| &case.of) {
            let servers: BTreeSet<&str> = cases.iter().filter(|c| c.of == *of).map(|c| c.server.as_str()).collect();
            assert_eq!(servers.len(), 1, "{of}");
            assert!(servers.iter().all(|server| matches!(*server, "A" | "B" | "C")), "{of}");
        }
        let names: BTreeSet<&str> = cases.iter().map(|case| case.draft.as_str()).collect();
        assert_eq!(names.len(), cases.len(), "a case is posted twice");
    }

    #[test]
    fn some_cases_are_told_in_german_too_step_by_step() {
        let signed = signed_cases();
        let in_german = |texts: &Texts| texts.texts.iter().any(|text| text.language == "de");
        let german: BTreeSet<&str> =
            signed.iter().filter(|(_, _, texts)| in_german(texts)).map(|(case, _, _)| case.of.as_str()).collect();
        assert!(german.len() >= 5, "{german:?}");
        for (case, _, texts) in signed.iter().filter(|(case, _, _)| german.contains(case.of.as_str())) {
            assert!(in_german(texts), "{} has no German text, another step of its history has", case.draft);
            let fields = |text: &LocalisedText| (text.mitigation.is_some(), text.afterlife.is_some());
            let told: BTreeSet<_> = texts.texts.iter().map(fields).collect();
            assert_eq!(told.len(), 1, "{}: one language says more than the other", case.draft);
        }
    }

    /// What is never said of a dataset (`tests/house/words.rs`), and the word that stands for three things (domain, section 1).
    #[test]
    fn no_case_calls_a_dataset_safe_or_clean_or_withdrawn() {
        for (case, notice, texts) in signed_cases() {
            let said = format!("{} {}", notice.dataset.title, texts.words()).to_lowercase();
            let mut words = said.split(|c: char| !c.is_alphanumeric() && c != '-');
            let never =
                words.find(|word| matches!(*word, "safe" | "clean" | "withdrawn" | "withdraw" | "withdrew" | "withdrawal"));
            assert_eq!(never, None, "{}", case.draft);
        }
    }

    #[test]
    fn every_step_of_the_story_can_be_signed_by_its_part() {
        let (story, cast) = stage();
        let mut told = BTreeMap::new();
        for step in &story.steps {
            let draft = story_draft(&step.draft, &told).unwrap_or_else(|e| panic!("{}: {e}", step.draft));
            told.insert(step.draft.clone(), sign(&cast, &step.signer, &step.draft, &draft).0);
        }
    }

    #[test]
    fn the_questions_expect_every_verdict_of_the_order() {
        let questions = questions().expect("questions");
        let expected = |verdict: Verdict| questions.iter().any(|q| q.expect.verdict == verdict.as_str());
        for verdict in Verdict::ALL.iter().filter(|v| !matches!(v, Verdict::Unidentified | Verdict::Unchecked)) {
            assert!(expected(*verdict), "no question is answered {}", verdict.as_str());
        }
        for part in Part::ALL {
            assert!(questions.iter().any(|q| q.expect.part.as_deref() == Some(part.as_str())), "{}", part.as_str());
        }
    }

    #[test]
    fn no_draft_lies_beside_the_manifests_unused() {
        let used: Vec<String> = cases().expect("cases").into_iter().map(|c| c.draft).collect();
        for file in CASES.files() {
            let name = file.path().file_stem().and_then(|s| s.to_str()).expect("a name");
            assert!(name == "manifest" || used.iter().any(|u| u == name), "{name} is in no manifest");
        }
    }
}
