//! `palinode publisher show`: who a publisher is, from files or from a server.

use std::fmt;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::domain::{ShownDomain, ShownWaiting};
use super::next::meaning;
use super::source::{self, Origin, Source};
use crate::cli::{ExitCode, Failure, Output};
use crate::client::answers::{LineageAnswer, PublisherAnswer};
use crate::envelope::{Fork, History, KeyHistory, KeyStatus, Lineage, PinFile, PublisherRecord, RecordStep, Verified};
use crate::notice::{Did, KnownNames, PayloadId};

const EXAMPLES: &str = "\
From a server, every record is fetched and its signature verified here, and what each key is now is worked out here again; only the
pins are the server's word. From files, the same is done with what is in them.

Examples:
  palinode publisher show did:web:lab.example.org --server https://ledger.example.org/
  palinode publisher show lab.json lab-1.json lab-2.json
  palinode publisher show pins/lab.json --format json";

/// Arguments of `palinode publisher show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArguments {
    /// Records or pin files; or the DID of a publisher, about which a server is asked
    #[arg(value_name = "FILE|DID", required = true)]
    pub publisher: Vec<String>,
    /// Which server to ask
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER", default_value = "http://127.0.0.1:8080/")]
    pub server: String,
}

/// Who a publisher is.
#[derive(Serialize)]
struct Shown {
    did: Did,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// More than one lineage: the keys of the domain began anew.
    key_changed: bool,
    lineages: Vec<ShownLineage>,
    /// Records that follow none that is here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    loose: Vec<Loose>,
    /// Records that wait at the server until the domain is verified.
    #[serde(skip_serializing_if = "ShownWaiting::is_empty")]
    waiting: ShownWaiting,
    /// Whether the operator of the server takes nothing new from it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    blocked: bool,
}

#[derive(Serialize)]
struct ShownLineage {
    lineage: String,
    name: String,
    /// Whether the server, or a pin file that was named, pins it.
    pinned: bool,
    prefixes: Vec<String>,
    /// How the server sees its domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<ShownDomain>,
    /// Why its name or domain should be looked at twice: the server's remarks, or of files what can be told from the name alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    look_twice: Vec<String>,
    #[serde(flatten)]
    history: History,
}

/// A record whose predecessor is not here: nobody can say whether it was rightly signed.
#[derive(Serialize)]
struct Loose {
    id: PayloadId,
    record: PublisherRecord,
}

pub(super) fn run(arguments: &ShowArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let source = source::read(&arguments.publisher, Some(&arguments.server))?;
    output.show(&Shown::of(&source))?;
    Ok(ExitCode::Done)
}

impl Shown {
    fn of(source: &Source) -> Self {
        let lineages = source.lineages.of(&source.did);
        let placed = |record: &&Verified<PublisherRecord>| {
            let id = record.signed().payload_id();
            lineages.iter().any(|lineage| lineage.chain().iter().chain(lineage.branches()).any(|placed| placed.id == id))
        };
        let loose = source.records.iter().filter(|record| !placed(record));
        let loose = loose.map(|record| Loose { id: record.signed().payload_id(), record: record.value().clone() }).collect();
        let lineage = |lineage: &&Lineage| {
            let pin = source.origin.pin(&lineage.id().to_string());
            ShownLineage {
                lineage: lineage.id().to_string(),
                name: lineage.name().to_owned(),
                pinned: pin.is_some(),
                prefixes: pin.unwrap_or_default(),
                domain: source.origin.lineage(lineage).and_then(ShownDomain::of),
                look_twice: source.origin.marks(lineage),
                history: lineage.history(),
            }
        };
        Self {
            did: source.did.clone(),
            server: source.origin.url().map(str::to_owned),
            key_changed: lineages.len() > 1,
            lineages: lineages.iter().map(lineage).collect(),
            loose,
            waiting: source.origin.answer().map_or_else(|| ShownWaiting::of(&[]), |answer| ShownWaiting::of(&answer.waiting)),
            blocked: source.origin.answer().is_some_and(|answer| answer.blocked),
        }
    }
}

impl Origin {
    fn url(&self) -> Option<&str> {
        match self {
            Self::Files(_) => None,
            Self::Server(url, _) => Some(url),
        }
    }

    /// What the server says, when one was asked.
    fn answer(&self) -> Option<&PublisherAnswer> {
        match self {
            Self::Files(_) => None,
            Self::Server(_, answer) => Some(answer),
        }
    }

    /// What the server says of a lineage.
    fn lineage(&self, lineage: &Lineage) -> Option<&LineageAnswer> {
        let id = lineage.id().to_string();
        self.answer()?.lineages.iter().find(|said| said.lineage == id)
    }

    /// Why the lineage's name or domain should be looked at twice.
    fn marks(&self, lineage: &Lineage) -> Vec<String> {
        let id = lineage.id();
        match self {
            Self::Files(_) => {
                let marks = KnownNames::default().marks(&id.did, Some(lineage.name()), false);
                marks.iter().map(ToString::to_string).collect()
            }
            Self::Server(_, answer) => {
                let said = answer.lineages.iter().filter(|said| said.lineage == id.to_string());
                said.flat_map(|said| &said.marks).map(|mark| mark.text.clone()).collect()
            }
        }
    }

    /// The prefixes that the lineage is pinned with, if it is pinned.
    fn pin(&self, lineage: &str) -> Option<Vec<String>> {
        match self {
            Self::Files(pins) => {
                let of_lineage = |pin: &&PinFile| pin.lineage().to_string() == lineage;
                pins.iter().find(of_lineage).map(|pin| pin.prefixes().to_vec())
            }
            Self::Server(_, answer) => {
                let pinned = answer.lineages.iter().find(|said| said.lineage == lineage && said.pinned);
                pinned.map(|said| said.prefixes.clone())
            }
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.server.as_ref().map(|url| format!(", as {url} knows it")).unwrap_or_default();
        if self.blocked {
            writeln!(f, "{} the operator of the server takes nothing new from it", "blocked:".red().bold())?;
        }
        let Some(first) = self.lineages.first() else {
            if !self.waiting.is_empty() {
                writeln!(f, "{} has no record in the log{at}", self.did.bold())?;
            }
            self.waiting.fmt(f)?;
            return self.fmt_loose(f);
        };
        writeln!(f, "{} is {}{at}", self.did.bold(), first.name.bold())?;
        if self.key_changed {
            writeln!(
                f,
                "{} the keys of this domain began anew: {} lineages stand side by side, and none can touch another's notices",
                "key-changed:".yellow().bold(),
                self.lineages.len()
            )?;
        }
        for lineage in &self.lineages {
            lineage.fmt(f)?;
        }
        self.waiting.fmt(f)?;
        self.fmt_loose(f)
    }
}

impl Shown {
    fn fmt_loose(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Loose { id, record } in &self.loose {
            writeln!(f, "\nrecord {} of {}, {}", record.sequence, record.id.bold(), record.name.bold())?;
            writeln!(f, "  {id}, issued {}", record.issued)?;
            for key in &record.keys {
                writeln!(f, "  {}  {}", key.key, key.status)?;
            }
            let before = record.previous.map(|previous| format!(", {previous}")).unwrap_or_default();
            writeln!(f, "  the record before it{before}, is not here, so nobody can say whether this one was rightly signed")?;
        }
        Ok(())
    }
}

impl fmt::Display for ShownLineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nlineage  {}", self.lineage)?;
        for remark in &self.look_twice {
            writeln!(f, "{} {remark}", "look twice:".yellow().bold())?;
        }
        let prefixes = if self.prefixes.is_empty() { "no prefixes".to_owned() } else { self.prefixes.join(", ") };
        if self.pinned {
            writeln!(f, "pinned   {prefixes}")?;
        } else {
            writeln!(f, "pinned   no: it speaks for itself only")?;
        }
        if let Some(domain) = &self.domain {
            domain.fmt(f)?;
        }
        for Fork { sequence, after, records } in &self.history.forks {
            let named: Vec<String> = records.iter().map(ToString::to_string).collect();
            writeln!(
                f,
                "{}    {} records claim place {sequence}, after {after}: {}. The chain ends there; behind it anyone may report or \
                 retract, and nobody may lift",
                "forked".red().bold(),
                named.len(),
                named.join(" and ")
            )?;
        }
        writeln!(f, "records")?;
        for record in &self.history.records {
            fmt_record(f, record)?;
        }
        writeln!(f, "keys")?;
        self.history.keys.iter().try_for_each(|key| fmt_key(f, key))
    }
}

fn fmt_record(f: &mut fmt::Formatter<'_>, record: &RecordStep) -> fmt::Result {
    let branch = if record.in_chain { "" } else { ", behind the fork" };
    writeln!(f, "  {:<3} {}  issued {}, {}{branch}", record.sequence, record.id, record.issued, record.name)
}

fn fmt_key(f: &mut fmt::Formatter<'_>, key: &KeyHistory) -> fmt::Result {
    let since = key.since.as_ref().map(|since| {
        let claimed = since.claimed.map(|date| format!(", which says {date}")).unwrap_or_default();
        format!("since record {}{claimed}", since.sequence)
    });
    let lifts = if key.may_lift || key.status == KeyStatus::Compromised { "" } else { "; lifts nothing, behind the fork" };
    let status = match key.status {
        KeyStatus::Active => key.status.to_string(),
        KeyStatus::Retired => key.status.dimmed().to_string(),
        KeyStatus::Compromised => key.status.red().bold().to_string(),
    };
    writeln!(f, "  {}  {status} {}", key.key, since.unwrap_or_default())?;
    writeln!(f, "    {}{lifts}", meaning(key.status))
}
