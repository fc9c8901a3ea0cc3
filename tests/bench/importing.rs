//! Bulk import against all cores that only verify.

use crate::material::Cast;
use crate::physical::Signatures;
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::server::Order;
use crate::statistics::{Series, per_second};

/// Notices whose signatures the cores verify, again and again.
const VERIFIED: u64 = 2_000;

/// Entries through the door of imports, in as many parts as there are rounds, into one log.
pub(crate) fn run(run: &Run) -> Vec<Line> {
    let signatures = Signatures::of(&Cast::new().notices(0, VERIFIED));
    let mut server = ServerProcess::start(&run.fresh("import"), run.workers);
    let part = run.notices.div_ceil(run.rounds);
    let (mut ratios, mut imports, mut cores) = (Series::default(), Series::default(), Series::default());
    for round in 0..run.rounds {
        let before = signatures.on_all_cores(run.lasts / 2);
        let (from, to) = (round * part, run.notices.min((round + 1) * part));
        let took = server.order(&Order::Import(from, to));
        let after = signatures.on_all_cores(run.lasts / 2);
        #[expect(clippy::cast_precision_loss, reason = "a count of notices")]
        let rate = (to - from) as f64 / took.as_secs_f64();
        let verified = f64::midpoint(before, after);
        run.say(&format!("import round {}: {} of {}", round + 1, per_second(rate), per_second(verified)));
        ratios.push(rate / verified);
        imports.push(rate);
        cores.push(verified);
    }
    let resident = server.resident() >> 20;
    server.stop();
    let figures = format!(
        "{} notices; {} against {} verified; {resident} MiB resident, the notices to import among them",
        run.notices,
        per_second(imports.median()),
        per_second(cores.median()),
    );
    vec![Line::of("import", "notices imported / verify_strict, all cores", "x", &ratios, Goal::AtLeast(0.25)).with(figures)]
}
