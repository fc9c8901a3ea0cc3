//! A notice with everything that it is found by, worked out once for all the questions that meet it.

use std::{collections::BTreeSet, ops::Deref, sync::OnceLock};

use super::set::{dataset_names, deriving_keys, naming_keys};
use crate::notice::{Identifier, LookupKey, Notice};

/// A notice and the keys of it. It is never changed, so that they stay its keys; they are made when the first question needs them.
#[derive(Debug, Clone)]
pub struct Keyed {
    notice: Notice,
    keys: OnceLock<Keys>,
}

#[derive(Debug, Clone)]
struct Keys {
    names: Vec<Identifier>,
    naming: Vec<LookupKey>,
    deriving: Vec<LookupKey>,
}

impl Keyed {
    /// Title and aliases of the dataset as `name:` identifiers.
    pub(super) fn names(&self) -> &[Identifier] {
        &self.keys().names
    }

    /// Its [`naming_keys`], each once.
    pub(super) fn naming(&self) -> &[LookupKey] {
        &self.keys().naming
    }

    /// Its [`deriving_keys`], each once.
    pub(super) fn deriving(&self) -> &[LookupKey] {
        &self.keys().deriving
    }

    fn keys(&self) -> &Keys {
        let listed = |keys: BTreeSet<LookupKey>| keys.into_iter().collect();
        self.keys.get_or_init(|| Keys {
            names: dataset_names(&self.notice),
            naming: listed(naming_keys(&self.notice)),
            deriving: listed(deriving_keys(&self.notice)),
        })
    }
}

impl From<Notice> for Keyed {
    fn from(notice: Notice) -> Self {
        Self { notice, keys: OnceLock::new() }
    }
}

impl Deref for Keyed {
    type Target = Notice;

    fn deref(&self) -> &Notice {
        &self.notice
    }
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Self) -> bool {
        self.notice == other.notice
    }
}

impl Eq for Keyed {}
