//! What it ran on: figures without their machine say nothing.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::physical::SyncedFile;
use crate::statistics::told;

/// The machine, as it describes itself.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    cores: usize,
    processor: String,
    memory_gib: u64,
    kernel: String,
    /// Load average over the last minute when the program began: above 0.5 others were at work.
    load: String,
    /// Append of 4 KiB with a full sync, in the folder of the benchmark.
    sync_p50: String,
    sync_p99: String,
}

impl Machine {
    pub(crate) fn look(folder: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: String, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).map(str::to_owned);
            line.and_then(|line| Some(line.split_once(':')?.1.trim().to_owned())).unwrap_or_else(|| "unknown".to_owned())
        };
        let memory = field(read("/proc/meminfo"), "MemTotal");
        let kib: u64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
        let syncs = SyncedFile::create(folder).survey(300);
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: field(read("/proc/cpuinfo"), "model name"),
            memory_gib: kib.div_ceil(1 << 20),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
            sync_p50: told(syncs.percentile(0.5)),
            sync_p99: told(syncs.percentile(0.99)),
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cores, processor, memory_gib, kernel, load, sync_p50, sync_p99 } = self;
        writeln!(f, "machine   {cores} cores, {processor}, {memory_gib} GiB, Linux {kernel}, load {load}")?;
        write!(f, "full sync of 4 KiB appended: p50 {sync_p50}, p99 {sync_p99}")
    }
}
