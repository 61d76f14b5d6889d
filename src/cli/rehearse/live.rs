//! A rehearsal with real monitoring: Prometheus scrapes the rollout while it runs, many times as fast as it would;
//! Alertmanager brings its alerts to our webhook, and they roll the release back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reports::artifact::{EPOCH, Exposition, scrape_as};
use sim_core::Seed;
use sim_core::decider::{Guard, GuardAnswer, GuardHandle, Question};
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::Judgement;
use sim_core::policy::{GuardDecision, Policy};

use super::args::{LiveArgs, RehearseArgs};
use super::live_result::{Hook, LiveRollout, page};
use super::names::{self, SeriesNames};
use super::promtool::Promtool;
use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::export::{ExportInput, exposition};
use crate::cli::failure::{Answer, Failure};
use crate::cli::interrupt;
use crate::cli::live::{self, LiveClock, LiveProgram, wall};
use crate::cli::offered::{Answers, Plain};
use crate::cli::resolve::{ChosenPolicy, choose_policy, read_file};
use crate::cli::run::{PlayedRollout, only_scenario, play};
use crate::cli::schema::pretty;
use crate::serve::{PlainAnswer, PlainRequest, PlainService, serve_plain};

/// How often somebody looks whether an alert has come.
const LOOK: Duration = Duration::from_millis(20);

/// Decides as the alerts do: a stage may be left while its criteria pass, and the release is rolled back once one has come.
struct Paged {
    policy: Policy,
    at: Option<SimTime>,
}

impl Guard for Paged {
    fn decide(&self, question: &Question) -> GuardAnswer {
        let criteria = &self.policy.stages[question.stage].criteria;
        // What is only read for the series is no gate of the policy.
        let gates = &self.policy.gates;
        let is_criterion = |gate: usize| {
            gates
                .get(gate)
                .is_some_and(|gate| criteria.contains(&gate.id))
        };
        let mut criteria = question
            .readings
            .iter()
            .filter(|reading| is_criterion(reading.gate));
        let decision = if self.at.is_some_and(|at| question.at >= at) {
            GuardDecision::Rollback
        } else if criteria.all(|reading| reading.judgement == Judgement::Pass) {
            GuardDecision::Promote
        } else {
            GuardDecision::Hold
        };
        GuardAnswer {
            decision,
            fault: None,
        }
    }
}

/// What the programs see of the rollout, and what came of them.
struct LiveStage {
    names: SeriesNames,
    running: Mutex<LiveState>,
}

struct LiveState {
    /// None until everybody is ready.
    clock: Option<LiveClock>,
    exposition: Exposition,
    hooks: Vec<Hook>,
    page: String,
}

impl LiveStage {
    fn running(&self) -> MutexGuard<'_, LiveState> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a scrape sees now.
    fn scraped(&self) -> String {
        let running = self.running();
        let Some(clock) = running.clock else {
            return String::new();
        };
        let since = clock.virtual_at(wall()) - EPOCH;
        let every = running.exposition.every.as_secs_f64();
        let named = |selector: &str| names::renamed(&self.names, selector);
        scrape_as(&running.exposition, (since / every) as usize, &named)
    }
}

impl PlainService for LiveStage {
    fn answer(&self, request: PlainRequest) -> PlainAnswer {
        let (status, kind, text) = match (&request.path[..], request.is_post) {
            ("/metrics", false) => (200, "text/plain; version=0.0.4", self.scraped()),
            ("/alerts", true) => {
                let hooks = Hook::read(&request.body, wall());
                self.running().hooks.extend(hooks);
                (200, "text/plain; charset=utf-8", String::new())
            }
            ("/", false) => (200, "text/html; charset=utf-8", self.running().page.clone()),
            _ => (
                404,
                "text/plain; charset=utf-8",
                "there is nothing here\n".to_owned(),
            ),
        };
        PlainAnswer { status, kind, text }
    }
}

/// The rollout that is watched: played again once an alert has come.
struct WatchedPlay {
    policy: ChosenPolicy,
    named: String,
    seed: Seed,
}

impl WatchedPlay {
    fn with_alert(&mut self, at: Option<SimTime>) -> Result<(PlayedRollout, Exposition), Failure> {
        let policy = self.policy.document.value.clone();
        self.policy.stand_in = Some(GuardHandle(Arc::new(Paged { policy, at })));
        let played = play(&self.policy, &self.named, self.seed)?;
        let input = ExportInput::of(played);
        let exposition = exposition(&input)?;
        Ok((input.played, exposition))
    }
}

/// Rehearses one rollout with real monitoring, and tells what happened on both clocks.
pub fn answer(args: &RehearseArgs, console: &Console) -> Answer {
    let output = Answers::<Plain>::open(&args.output)?;
    Promtool::find(&args.rules)?;
    let speed = args.watched.speed.unwrap_or(60.0);
    let rules = sped_up(&args.rules, speed)?;
    let names = names::read(args.series.as_deref())?;
    let mut play = chosen(args)?;
    let (played, exposition) = play.with_alert(None)?;
    let every = exposition.every;
    let page = String::from("<p>Prometheus starts.</p>");
    let stage = Arc::new(LiveStage {
        names,
        running: Mutex::new(LiveState {
            clock: None,
            exposition,
            hooks: Vec::new(),
            page,
        }),
    });
    let over = Arc::new(AtomicBool::new(false));
    let door = open_door(&stage, &over)?;
    let folder = tempfile::tempdir().map_err(|error| live::unusable("a folder", &error))?;
    let told = watch(
        (args, console),
        (&mut play, played),
        (&stage, door),
        &LiveMonitoring {
            folder: folder.path(),
            rules: &rules,
            every: every.as_secs_f64() / speed,
            speed,
        },
    );
    over.store(true, Ordering::Relaxed);
    write(&told?, args, output, console)
}

/// Writes the page that was asked for, and the answer.
fn write(
    told: &LiveRollout,
    args: &RehearseArgs,
    output: Answers<Plain>,
    console: &Console,
) -> Answer {
    if let Some(path) = &args.watched.page {
        fs::write(path, told.page(false))
            .map_err(|error| Failure::input(format!("cannot write {}: {error}", path.display())))?;
    }
    output.write(console, |form, style| match form {
        Plain::Json => pretty(&told.json()) + "\n",
        Plain::Text => told.text(style),
    })?;
    Ok(ExitCode::Success)
}

fn sped_up(path: &Path, speed: f64) -> Result<String, Failure> {
    let what = || Failure::input(format!("{} is no file of rules", path.display()));
    live::sped_up(&read_file(path)?, speed).ok_or_else(what)
}

fn chosen(args: &RehearseArgs) -> Result<WatchedPlay, Failure> {
    let policy = choose_policy(&args.policy)?;
    policy.must_decide_itself("rehearse --live", "its metrics are asked by its own engine")?;
    let named = match &args.scenario {
        Some(named) => named.clone(),
        None => only_scenario(&policy)?,
    };
    Ok(WatchedPlay {
        policy,
        named,
        seed: Seed {
            root: args.seed,
            replication: 0,
        },
    })
}

/// Opens the port for scrapes, alerts and the page.
fn open_door(stage: &Arc<LiveStage>, over: &Arc<AtomicBool>) -> Result<u16, Failure> {
    let (tell, told) = channel();
    let (service, over): (Arc<dyn PlainService>, _) = (stage.clone(), over.clone());
    std::thread::spawn(move || {
        let begun = |port| {
            let _ = tell.send(port);
        };
        drop(serve_plain(service, 0, begun, || {
            over.load(Ordering::Relaxed)
        }));
    });
    told.recv()
        .map_err(|_| Failure::unexpected("no port of this machine can be had"))
}

/// What the two programs are told.
struct LiveMonitoring<'a> {
    folder: &'a Path,
    rules: &'a str,
    /// Seconds of the wall between two scrapes.
    every: f64,
    speed: f64,
}

impl LiveMonitoring<'_> {
    /// Writes what they read, and starts them: Alertmanager first.
    fn start(&self, args: &LiveArgs, door: u16) -> Result<(LiveProgram, LiveProgram), Failure> {
        let write = |name: &str, text: String| {
            let written = fs::write(self.folder.join(name), text);
            written.map_err(|error| live::unusable("a folder", &error))
        };
        write("rules.json", self.rules.to_owned())?;
        write(
            "alertmanager.yml",
            format!(
                "route: {{receiver: coalmine, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}\nreceivers:\n  - name: coalmine\n    webhook_configs: [{{url: 'http://127.0.0.1:{door}/alerts', send_resolved: false}}]\n"
            ),
        )?;
        let usual = || usual_alertmanager();
        let program = args.alertmanager.clone().unwrap_or_else(usual);
        let alertmanager = live::alertmanager(&program, self.folder)?;
        let every = format!("{}ms", (self.every * 1000.0).round().max(1.0));
        write(
            "prometheus.yml",
            format!(
                "global: {{scrape_interval: {every}, scrape_timeout: {every}, evaluation_interval: {every}}}\nrule_files: [rules.json]\nalerting:\n  alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{}']}}]}}]\nscrape_configs:\n  - job_name: coalmine\n    honor_labels: true\n    static_configs: [{{targets: ['127.0.0.1:{door}']}}]\n",
                alertmanager.port
            ),
        )?;
        let program = args.prometheus.clone();
        let program = program.unwrap_or_else(|| PathBuf::from("prometheus"));
        Ok((live::prometheus(&program, self.folder)?, alertmanager))
    }
}

/// Debian calls it otherwise than its makers.
fn usual_alertmanager() -> PathBuf {
    let debian = "prometheus-alertmanager";
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&folders).any(|folder| folder.join(debian).exists());
    let upstream =
        std::env::split_paths(&folders).any(|folder| folder.join("alertmanager").exists());
    PathBuf::from(if there || !upstream {
        debian
    } else {
        "alertmanager"
    })
}

/// Lets the rollout run on its clock until it is over, and rolls it back when an alert comes.
fn watch(
    (args, console): (&RehearseArgs, &Console),
    (play, mut played): (&mut WatchedPlay, PlayedRollout),
    (stage, door): (&Arc<LiveStage>, u16),
    monitoring: &LiveMonitoring<'_>,
) -> Result<LiveRollout, Failure> {
    let programs = monitoring.start(&args.watched, door)?;
    console.say(&format!("the timeline: http://127.0.0.1:{door}/"));
    interrupt::watch();
    let clock = LiveClock::now(EPOCH, monitoring.speed);
    stage.running().clock = Some(clock);
    let mut rolled_back = false;
    loop {
        let now = wall();
        let hooks = stage.running().hooks.clone();
        if let Some(first) = hooks.first().filter(|_| !rolled_back) {
            rolled_back = true;
            let since = clock.virtual_at(first.arrived) - EPOCH;
            let at = SimTime::after(SimDuration::from_secs_f64(since.max(0.0)));
            let (again, series) = play.with_alert(Some(at))?;
            played = again;
            stage.running().exposition = series;
        }
        let since = clock.virtual_at(now) - EPOCH;
        let told = LiveRollout::new(&played, (&play.named, monitoring.speed), clock, &hooks);
        stage.running().page = page(&told.until(since), true);
        let ended = played.run.history.iter().next_back();
        let ended = ended.is_none_or(|(at, _)| at.as_secs_f64() < since);
        if ended || interrupt::asked() {
            drop(programs);
            return Ok(told.until(since));
        }
        std::thread::park_timeout(LOOK);
    }
}
