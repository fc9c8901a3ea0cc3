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
    /// Which digests of files and folders are computed, all in one pass; what that is without it stands below
    #[arg(long, value_name = "ALGORITHM", value_delimiter = ',', value_parser = algorithms())]
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
        algorithms: Algorithms,
        code: bool,
        no_cache: bool,
        leaving_out: Option<&Path>,
    ) -> Result<Self, Failure> {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let settings = Settings {
            algorithms,
            code,
            workers: cores,
            cache: if no_cache { None } else { cache_folder() },
            // What is not there cannot be met.
            leaving_out: leaving_out.and_then(|file| file.canonicalize().ok()),
            now: SystemClock.now().into(),
        };
        let bar = Bar::new();
        let surveyed = survey(&[path.to_owned()], &settings, &bar);
        bar.end();
        let inventory = surveyed?;
        Ok(Self { inventory: sighted(&inventory), unread: inventory.counts.unread })
    }
}

fn sighted(inventory: &Inventory) -> Vec<Sighted> {
    let mut by_id: BTreeMap<String, (Vec<String>, Evidence)> = BTreeMap::new();
    for sighting in &inventory.sightings {
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
