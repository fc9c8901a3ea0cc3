use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::client::answers::{MatchAnswer, NoticeAnswer};

/// What somebody who finds a match wants to know of its notice.
#[derive(Debug, Clone, Serialize)]
pub(super) struct NoticeFacts {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    pub(super) issuer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issuer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<String>,
    pub(super) authority: String,
    /// From when it holds as the issuer says, else when it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<String>,
    /// When the ledger first had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_seen: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reasons: Vec<String>,
    pub(super) actions: Vec<Action>,
    /// What to use instead.
    pub(super) replacements: Vec<String>,
    /// Which ledgers have it.
    pub(super) ledgers: Vec<String>,
}

/// What holders are asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Action {
    #[serde(rename = "do")]
    pub(super) verb: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deadline: Option<String>,
}

impl NoticeFacts {
    /// What a match says, and what the notice says beyond that, as far as it could be had.
    pub(super) fn of(found: &MatchAnswer, shown: Option<&NoticeAnswer>, origin: &str) -> Self {
        let payload = shown.map_or(&Value::Null, |shown| &shown.payload);
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let items = |name: &str| payload.get(name).and_then(Value::as_array).into_iter().flatten();
        let word = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
        let authority = match &found.basis {
            Some(basis) => format!("{} ({basis})", found.authority),
            None => found.authority.clone(),
        };
        Self {
            kind: found.kind.clone(),
            title: text("/dataset/title"),
            issuer: found.issuer.clone(),
            issuer_name: shown.and_then(|shown| shown.issuer_name.clone()),
            role: found.role.clone(),
            authority,
            since: text("/effective").or_else(|| text("/issued")),
            first_seen: shown.and_then(|shown| shown.first_seen),
            reasons: items("reasons").filter_map(Value::as_str).map(str::to_owned).collect(),
            actions: items("actions")
                .filter_map(|item| Some(Action { verb: word(item, "do")?, deadline: word(item, "deadline") }))
                .collect(),
            replacements: items("replacements").filter_map(|item| word(item, "id")).collect(),
            ledgers: vec![origin.to_owned()],
        }
    }

    /// Who says it, in what role and with what authority.
    pub(super) fn speaker(&self) -> String {
        let name = self.issuer_name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
        let role = self.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
        format!("{name}{}{role}, authority {}", self.issuer, self.authority)
    }

    /// What to do, and until when.
    pub(super) fn to_do(&self) -> Option<String> {
        let todo: Vec<String> = self.actions.iter().map(Action::in_words).collect();
        (!todo.is_empty()).then(|| todo.join("; "))
    }
}

impl Action {
    fn in_words(&self) -> String {
        let verb = match self.verb.as_str() {
            "none" => "nothing",
            "inform" => "tell those who use it",
            "stop-use" => "stop using it",
            "delete" => "delete your copies",
            "do-not-redistribute" => "do not pass it on",
            "update-to" => "update to the replacement",
            "re-download" => "download it again",
            "cite-with-notice" => "cite it with this notice",
            other => other,
        };
        self.deadline.as_ref().map_or_else(|| verb.to_owned(), |deadline| format!("{verb} until {deadline}"))
    }
}
