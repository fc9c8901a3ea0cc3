//! The file of a policy, line by line.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Member, Policy, PolicyError, PolicyFault};
use crate::tlog::decimal;
use crate::tlog::key::{KeyError, KeyKind, VerifierKey};

/// The quorum that asks for nobody.
const NONE: &[u8] = b"none";

/// A policy as far as it was read. Names are octets, as the specification has them.
#[derive(Default)]
pub(super) struct Reader {
    logs: Vec<VerifierKey>,
    witnesses: Vec<VerifierKey>,
    groups: Vec<Group>,
    names: BTreeMap<Vec<u8>, Member>,
    members: BTreeSet<Member>,
    quorum: Option<(Option<Member>, String)>,
}

impl Reader {
    /// Takes one line in.
    pub(super) fn read(&mut self, line: &[u8]) -> Result<(), PolicyFault> {
        if line.iter().any(|byte| *byte < b' ' && *byte != b'\t' || *byte == 0x7f) {
            return Err(PolicyFault::Character);
        }
        let items: Vec<&[u8]> = line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|item| !item.is_empty()).collect();
        match items.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", key] | [b"log", key, _] => self.log(key),
            [b"log", ..] => Err(PolicyFault::Items("log <vkey> [<url>]")),
            [b"witness", name, key] | [b"witness", name, key, _] => self.witness(name, key),
            [b"witness", ..] => Err(PolicyFault::Items("witness <name> <vkey> [<url>]")),
            [b"group", name, threshold, members @ ..] if !members.is_empty() => self.group(name, threshold, members),
            [b"group", ..] => Err(PolicyFault::Items("group <name> all|any|<k> <name>...")),
            [b"quorum", name] => self.quorum(name),
            [b"quorum", ..] => Err(PolicyFault::Items("quorum <name>")),
            _ => Err(PolicyFault::Keyword),
        }
    }

    /// The policy, once every line was read.
    pub(super) fn finish(self) -> Result<Policy, PolicyError> {
        let Self { logs, witnesses, groups, quorum, .. } = self;
        let (quorum, called) = quorum.ok_or(PolicyError::NoQuorum)?;
        Ok(Policy { logs, witnesses, groups, quorum, called })
    }

    fn log(&mut self, key: &[u8]) -> Result<(), PolicyFault> {
        let key = read_key(key, KeyKind::Log, &self.logs)?;
        self.logs.push(key);
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8]) -> Result<(), PolicyFault> {
        let key = read_key(key, KeyKind::Witness, &self.witnesses)?;
        self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(key);
        Ok(())
    }

    fn group(&mut self, name: &[u8], threshold: &[u8], members: &[&[u8]]) -> Result<(), PolicyFault> {
        let least = match threshold {
            b"all" => members.len(),
            b"any" => 1,
            number => {
                let number = std::str::from_utf8(number).ok().and_then(decimal::parse);
                let number = number.and_then(|number| usize::try_from(number).ok());
                number.filter(|least| (1..=members.len()).contains(least)).ok_or(PolicyFault::Threshold)?
            }
        };
        let mut found = Vec::with_capacity(members.len());
        for member in members {
            let defined = *self.names.get(*member).ok_or_else(|| PolicyFault::Undefined(shown(member)))?;
            if !self.members.insert(defined) {
                return Err(PolicyFault::MemberTwice(shown(member)));
            }
            found.push(defined);
        }
        self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { least, members: found });
        Ok(())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        let wanted = match self.names.get(name) {
            Some(member) => Some(*member),
            None if name == NONE => None,
            None => return Err(PolicyFault::Undefined(shown(name))),
        };
        self.quorum = Some((wanted, shown(name)));
        Ok(())
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<(), PolicyFault> {
        if name == NONE || self.names.contains_key(name) {
            return Err(PolicyFault::NameTaken(shown(name)));
        }
        self.names.insert(name.to_vec(), member);
        Ok(())
    }
}

fn read_key(text: &[u8], kind: KeyKind, known: &[VerifierKey]) -> Result<VerifierKey, PolicyFault> {
    let text = std::str::from_utf8(text).ok().ok_or(KeyError::Syntax)?;
    let key = VerifierKey::parse(text)?;
    if key.kind() != kind {
        let word = if kind == KeyKind::Log { "log" } else { "witness" };
        return Err(PolicyFault::Kind(key.name().clone(), word));
    }
    if known.iter().any(|other| other.public_key() == key.public_key()) {
        return Err(PolicyFault::SameKey);
    }
    Ok(key)
}

/// A name for messages.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
