//! What `lock`, `verify-lock` and `watch` share: looking at a folder, and whom to ask and trust.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;

use clap::Args;

use crate::cli::Failure;
use crate::cli::scan::{Bar, algorithms, cache_folder};
use crate::client::lock::Sighted;
use crate::clock::{Clock, SystemClock};
use crate::scan::hashing::{Algorithm, Algorithms};
use crate::scan::{Evidence, Inventory, Settings, survey};

/// How a folder is looked at.
#[derive(Debug, Args)]
pub struct SurveyArguments {
    /// Read code too: what it names counts as "named in code, bytes not seen"
    #[arg(long)]
    pub code: bool,
    /// Which digests of files are computed, all in one pass
    #[arg(long, value_name = "ALGORITHM", value_delimiter = ',', default_value = "sha256", value_parser = algorithms())]
    pub digest: Vec<Algorithm>,
    /// Read every file anew, and remember no digests for the next time
    #[arg(long)]
    pub no_cache: bool,
}

/// What lies in one folder.
pub(in crate::cli) struct Surveyed {
    pub(in crate::cli) inventory: Vec<Sighted>,
    /// How many things could not be read.
    pub(in crate::cli) unread: u64,
}

impl Surveyed {
    /// Looks at a folder. `leaving_out` is a file in it that does not count.
    pub(in crate::cli) fn of(
        path: &Path,
        algorithms: &[Algorithm],
        code: bool,
        no_cache: bool,
        leaving_out: Option<&Path>,
    ) -> Result<Self, Failure> {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let settings = Settings {
            algorithms: algorithms.iter().copied().collect::<Algorithms>(),
            code,
            workers: cores,
            cache: if no_cache { None } else { cache_folder() },
            now: SystemClock.now().into(),
        };
        let bar = Bar::new();
        let surveyed = survey(&[path.to_owned()], &settings, &bar);
        bar.end();
        let inventory = surveyed?;
        let left_out = leaving_out.and_then(|file| below(path, file));
        Ok(Self { inventory: sighted(&inventory, left_out.as_deref()), unread: inventory.counts.unread })
    }
}

/// The way from a folder to a file in it.
fn below(folder: &Path, file: &Path) -> Option<String> {
    let (folder, file) = (folder.canonicalize().ok()?, file.canonicalize().ok()?);
    Some(file.strip_prefix(folder).ok()?.to_str()?.to_owned())
}

fn sighted(inventory: &Inventory, left_out: Option<&str>) -> Vec<Sighted> {
    let mut by_id: BTreeMap<String, (Vec<String>, Evidence)> = BTreeMap::new();
    for sighting in &inventory.sightings {
        if left_out.is_some_and(|left_out| &*sighting.place.path == left_out) {
            continue;
        }
        let known = by_id.entry(sighting.identifier.to_string()).or_insert_with(|| (Vec::new(), sighting.evidence));
        known.0.push(sighting.place.to_string());
        known.1 = known.1.max(sighting.evidence);
    }
    let sighted = by_id.into_iter().map(|(id, (mut places, evidence))| {
        places.sort();
        places.dedup();
        Sighted { id, places, evidence: evidence.as_str().to_owned() }
    });
    sighted.collect()
}
