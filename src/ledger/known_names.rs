//! Whose names others may be taken for here, and the marks of those who look like them ([`KnownNames`] has the rule).
//!
//! Known are publishers with a domain that stand in the log, which is the operator's doing, and pinned ones. What the many write who
//! are their own keys is compared with these and not with each other, so nobody fills this memory by posting names.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use quick_cache::sync::Cache;
use serde::Serialize;

use super::Ledger;
use super::domains::Attestation;
use super::ports::StoreError;
use super::trusted::Trusted;
use crate::envelope::Lineages;
use crate::notice::{Did, DidMethod, KnownNames, Mark};

/// How many issuers are read together.
const PAGE: usize = 1_000;

/// How many issuers are kept as they are shown.
const VIEWS: usize = 4_096;

/// What is kept in memory of names.
pub(super) struct NamesAtHand {
    /// The known names, as of a tree size.
    known: Mutex<Option<(u64, Arc<KnownNames>)>>,
    /// Issuers as they are shown: comparing names costs more than the rest of most answers.
    views: Cache<Did, Seen>,
}

/// An issuer as it is shown, and what that follows from.
#[derive(Clone)]
struct Seen {
    names: Weak<KnownNames>,
    lineages: Weak<Lineages>,
    trusted: Weak<Trusted>,
    view: IssuerView,
}

impl Default for NamesAtHand {
    fn default() -> Self {
        Self { known: Mutex::default(), views: Cache::new(VIEWS) }
    }
}

/// How an issuer is shown beside what it says.
#[derive(Debug, Clone, Serialize)]
pub struct IssuerView {
    /// Its identity.
    pub did: Did,
    /// The name that its newest record gives, of a pinned lineage before others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the operator pinned one of its lineages; an issuer that is not is self-asserted.
    pub pinned: bool,
    /// Who attested that its domain answers for one of its lineages, or several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verified: Vec<Attestation>,
    /// Whether the keys of its domain began anew.
    pub key_changed: bool,
    /// Why its name or domain should be looked at twice. Ours: nothing that is signed says it, and nothing follows from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

impl Ledger {
    /// How this issuer is shown.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn issuer_view(&self, did: &Did) -> Result<IssuerView, StoreError> {
        let lineages = match self.issuer_at_hand(did) {
            Some(issuer) => issuer.lineages.clone(),
            None => self.lineages_of(did, self.published().head.size)?,
        };
        self.view_of_issuer(did, &lineages)
    }

    pub(super) fn view_of_issuer(&self, did: &Did, lineages: &Arc<Lineages>) -> Result<IssuerView, StoreError> {
        Ok(self.view_among(&self.names_for_answers()?, did, lineages))
    }

    /// How an issuer with these lineages is shown beside these names.
    pub(super) fn view_among(&self, names: &Arc<KnownNames>, did: &Did, lineages: &Arc<Lineages>) -> IssuerView {
        let trusted = self.trust();
        if let Some(Seen { view, .. }) = self.names.views.get(did).filter(|seen| {
            std::ptr::eq(seen.names.as_ptr(), Arc::as_ptr(names))
                && std::ptr::eq(seen.lineages.as_ptr(), Arc::as_ptr(lineages))
                && std::ptr::eq(seen.trusted.as_ptr(), Arc::as_ptr(&trusted))
        }) {
            return view;
        }
        let (name, pinned) = (self.name_of(did, lineages), self.is_pinned(did, lineages));
        let marks = names.marks(did, name.as_deref(), pinned);
        let known = lineages.of(did);
        let verified = known.iter().flat_map(|lineage| trusted.attestations(lineage.id())).cloned().collect();
        let view = IssuerView { did: did.clone(), name, pinned, verified, key_changed: known.len() > 1, marks };
        let (of_names, of_lineages) = (Arc::downgrade(names), Arc::downgrade(lineages));
        let seen = Seen { names: of_names, lineages: of_lineages, trusted: Arc::downgrade(&trusted), view: view.clone() };
        self.names.views.insert(did.clone(), seen);
        view
    }

    /// Why a publisher of this name should be looked at twice.
    pub(super) fn marks(&self, did: &Did, name: Option<&str>, pinned: bool) -> Result<Vec<Mark>, StoreError> {
        Ok(self.names_for_answers()?.marks(did, name, pinned))
    }

    fn is_pinned(&self, did: &Did, lineages: &Lineages) -> bool {
        lineages.of(did).iter().any(|lineage| self.admission.pins.contains(lineage.id()))
    }

    /// The known names as of now. Made again only after a publisher record was appended.
    pub(super) fn known_names(&self) -> Result<Arc<KnownNames>, StoreError> {
        if let Some(names) = self.known_names_at_hand() {
            return Ok(names);
        }
        let size = self.published().head.size;
        let names = Arc::new(self.read_known_names(size)?);
        *self.names.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((size, names.clone()));
        Ok(names)
    }

    /// The same for answers, which nobody is refused for want of a mark: while the names cannot be read, those that were known last.
    pub(super) fn names_for_answers(&self) -> Result<Arc<KnownNames>, StoreError> {
        match self.known_names() {
            Err(error @ StoreError::Unavailable { .. }) => {
                tracing::debug!(%error, "the names of publishers cannot be read now");
                let last = self.names.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
                Ok(last.map(|(_, names)| names).unwrap_or_default())
            }
            known => known,
        }
    }

    /// The same without reading anything; `None` when something would have to be read.
    pub(super) fn known_names_at_hand(&self) -> Option<Arc<KnownNames>> {
        let (at, names) = self.names.known.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        (at == self.published().head.size || self.has_no_record_since(at)).then_some(names)
    }

    fn read_known_names(&self, size: u64) -> Result<KnownNames, StoreError> {
        let mut names = KnownNames::default();
        let mut add = |did: &Did| -> Result<(), StoreError> {
            let lineages = self.lineages_of(did, size)?;
            for lineage in lineages.of(did) {
                names.add(did, Some(lineage.name()), self.admission.pins.contains(lineage.id()));
            }
            Ok(())
        };
        for did in self.admission.pins.dids().filter(|did| matches!(did.method(), DidMethod::Key(_))) {
            add(did)?;
        }
        // Issuers come in the order of their spelling: behind the last possible key begin the domains.
        let mut after = Did::of_ed25519_key(&[0xff; 32]);
        loop {
            let page = self.stores.index.issuers(Some(&after), PAGE, size)?;
            page.iter().try_for_each(&mut add)?;
            match page.into_iter().next_back() {
                Some(last) => after = last,
                None => return Ok(names),
            }
        }
    }
}
