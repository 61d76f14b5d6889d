//! `coalmine serve metrics`: a rollout behind the HTTP API of a real Prometheus, so that a controller can be pointed at it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::Args;
use reports::artifact::{EPOCH, openmetrics_as};
use sim_core::Seed;
use sim_core::engine::SimDuration;

use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::export::{ExportInput, exposition};
use crate::cli::failure::{Answer, Failure};
use crate::cli::interrupt;
use crate::cli::live::{self, LiveClock, MappedApi, wall};
use crate::cli::rehearse::{names, promtool, record_only};
use crate::cli::resolve::{PolicyArgs, choose_policy};
use crate::cli::run::{only_scenario, play};
use crate::serve::{PlainAnswer, PlainRequest, PlainService, serve_plain};

/// Which rollout, on which clock.
#[derive(Args, Debug)]
pub struct MetricsArgs {
    #[command(flatten)]
    policy: PolicyArgs,
    /// A scenario of the system, SYSTEM/NAME, or a path to a scenario file
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// Which of our series your queries call what: a JSON map, as for `rehearse`
    #[arg(long, value_name = "FILE")]
    series: Option<PathBuf>,
    /// How many seconds of the rollout pass in one of the wall
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = live::speed)]
    speed: f64,
    /// Where in the rollout the clock begins, such as 1h30m
    #[arg(long, value_name = "TIME", default_value = "0s")]
    at: SimDuration,
    /// The port on 127.0.0.1; 0 is any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The number of the rollout under that seed
    #[arg(long, short, value_name = "R", default_value_t = 0)]
    replication: u64,
    /// Prometheus, which answers the queries
    #[arg(long, value_name = "PROGRAM", default_value = "prometheus")]
    prometheus: PathBuf,
    /// promtool, which makes its blocks
    #[arg(long, value_name = "PROGRAM", default_value = "promtool")]
    promtool: PathBuf,
}

/// Serves the rollout until somebody ends it.
pub fn answer(args: &MetricsArgs, console: &Console) -> Answer {
    let series = rollout(args)?;
    let folder = tempfile::tempdir().map_err(|error| live::unusable("a folder", &error))?;
    blocks(&args.promtool, folder.path(), &series)?;
    let prometheus = live::prometheus(&args.prometheus, folder.path())?;
    let origin = EPOCH + args.at.as_secs_f64();
    let api = MappedApi {
        clock: LiveClock::now(origin, args.speed),
        port: prometheus.port,
    };
    let asked = interrupt::watch();
    let ended = || asked.load(Ordering::Relaxed);
    let begun = |port| {
        console.say("Prometheus' HTTP API on this machine alone; Ctrl-C ends it");
        drop(console.answer(&format!("http://127.0.0.1:{port}\n")));
    };
    let served = serve_plain(Arc::new(RolloutMetrics(api)), args.port, begun, ended);
    served.map_err(|error| {
        let what = format!("cannot listen on 127.0.0.1:{}: {error}", args.port);
        Failure::input(what).help("leave out --port: any port that is free is taken")
    })?;
    Ok(ExitCode::Success)
}

/// The series of the rollout, which nothing cuts off.
fn rollout(args: &MetricsArgs) -> Result<String, Failure> {
    let names = names::read(args.series.as_deref())?;
    let mut policy = choose_policy(&args.policy)?;
    policy.must_decide_itself("serve metrics", "its metrics are asked by its own engine")?;
    record_only(&mut policy.document.value);
    let named = match &args.scenario {
        Some(named) => named.clone(),
        None => only_scenario(&policy)?,
    };
    let seed = Seed {
        root: args.seed,
        replication: args.replication,
    };
    let exposition = exposition(&ExportInput::of(play(&policy, &named, seed)?))?;
    Ok(openmetrics_as(&exposition, &|selector| {
        names::renamed(&names, selector)
    }))
}

/// Makes the blocks of a Prometheus that scrapes nothing.
fn blocks(promtool: &Path, folder: &Path, series: &str) -> Result<(), Failure> {
    let write = |name: &str, text: &str| {
        let written = fs::write(folder.join(name), text);
        written.map_err(|error| live::unusable("a folder", &error))
    };
    write("rollout.om", series)?;
    write("prometheus.yml", "scrape_configs: []\n")?;
    let words = [
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        "rollout.om",
        "data",
    ];
    let (code, said) = promtool::run(promtool, folder, &words)?;
    if code != Some(0) {
        let why = said.lines().last().unwrap_or_default();
        return Err(Failure::input(format!(
            "promtool cannot take the series: {why}"
        )));
    }
    Ok(())
}

struct RolloutMetrics(MappedApi);

impl PlainService for RolloutMetrics {
    fn answer(&self, request: PlainRequest) -> PlainAnswer {
        let PlainRequest { path, pairs, .. } = request;
        match self.0.answer(&path, &pairs, wall()) {
            Some((status, text)) => PlainAnswer {
                status,
                kind: "application/json",
                text,
            },
            None => PlainAnswer {
                status: 404,
                kind: "text/plain; charset=utf-8",
                text: "that is not served here\n".to_owned(),
            },
        }
    }
}
