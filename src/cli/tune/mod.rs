//! `coalmine tune`: which of many candidates keeps the constraints and does best.

mod args;
mod budget;
mod field;
pub mod patch;
mod report;
mod report_rows;
mod suite;

pub use args::TuneArgs;

use reports::{TuneReport, TuneStatus};
use scenarios::search_space::Space;

use super::console::Console;
use super::divided;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::inputs::inputs;
use super::interrupt;
use super::objective_exit::MissArgs;
use super::output::{Format, Output};
use super::renderers::Forms as _;
use super::resolve::{ChosenPolicy, choose_policy};
use crate::study::on_threads;
use crate::study::shards::RoundPlayer;
use crate::study::tune::{self, Question, Race, Watch};
use budget::Clock;
use field::Field;
use suite::SearchSuite;

/// Searches, or plays that of it which is for `player`, and prints what came of it.
pub fn answer(args: &TuneArgs, player: &RoundPlayer, console: &Console) -> Answer {
    let mut output = Output::open(&args.output, &TuneReport::formats())?;
    let policy = choose_policy(&args.policy)?;
    let space = space(&policy, &args.vary)?;
    let mut suite = SearchSuite::choose(&policy, args)?;
    let field = Field::new(&space, &suite);
    let horizons = field.candidates.iter().filter_map(|it| it.horizon);
    if let Some(longest) = horizons.max() {
        suite.follow(longest);
    }
    let question = question(args, &suite, &field);
    let clock = Clock::new(args.runs, args.budget);
    let progress = console.progress(clock.total());
    let stop = interrupt::watch();
    let (candidates, scenarios) = (question.policies.len(), question.search.len());
    console.detail(&format!("{candidates} candidates in {scenarios} scenarios"));
    let looked = |race: &Race<'_>| progress.note(&found_so_far(race, &field));
    let watch = Watch {
        may: &|played, cost| clock.may(played, cost),
        done: &|more| progress.done(more),
        looked: &looked,
        confirming: &|| progress.note("validating on fresh seeds"),
        player: &RoundPlayer::here(),
        stop,
    };
    let threads = args.threads.unwrap_or(0).into();
    let state = divided::KeptState::open(args.state.as_deref(), player, &output)?;
    let tuning = state.play(&kind(args, &policy, &suite), |player| {
        let watch = Watch { player, ..watch };
        let tuning = on_threads(threads, || tune::tune(&question, &watch));
        divided::answers(player)?;
        Ok(tuning?)
    });
    progress.finish();
    let tuning = tuning?;
    let made = report::SearchOutcome {
        args,
        policy: &policy,
        space: &space,
        suite: &suite,
        field: &field,
    };
    let report = made.report(&question, &tuning);
    if report.patch.is_empty()
        && (output.without(Format::Patch) || args.output.format == Format::Patch)
    {
        console.say("no patch: no change is recommended");
    }
    output.show(console, &report)?;
    state.resume(!tuning.interrupted, console);
    Ok(code(&report, args.miss))
}

/// What may vary in a policy: in a file of another product its own keys, by the paths that they have there.
///
/// # Errors
///
/// Everything that is wrong with the arguments.
pub fn space<'p>(policy: &'p ChosenPolicy, vary: &[String]) -> Result<Space<'p>, Failure> {
    let space = match &policy.foreign {
        None => Space::new(&policy.document, vary),
        Some(foreign) => {
            let known = (&foreign.assumed, &foreign.lowered);
            Space::of_foreign(&foreign.files, known, vary)
        }
    };
    space.map_err(Failure::Reports)
}

/// What decides the result, so that no other search goes on from its state.
fn kind(args: &TuneArgs, policy: &ChosenPolicy, suite: &SearchSuite) -> String {
    let made_from = inputs(policy, &suite.chosen, None);
    let TuneArgs {
        vary,
        subject_to,
        minimize,
        objectives,
        scenario,
        hold_out,
        runs,
        confirm,
        seed,
        ..
    } = args;
    format!(
        "tune {made_from:?} {vary:?} {subject_to:?} {minimize:?} {objectives:?} {scenario:?} \
         {hold_out:?} {runs:?} {confirm} {seed}"
    )
}

fn question(args: &TuneArgs, suite: &SearchSuite, field: &Field) -> Question {
    Question {
        policies: field
            .candidates
            .iter()
            .map(|candidate| candidate.steering.clone())
            .collect(),
        search: suite.search.clone(),
        held_out: suite.held_out.clone(),
        constraints: args.constraints(),
        minimize: args.minimize.0,
        objectives: args.objectives(),
        seed: args.seed,
        confirm: args.confirm,
    }
}

/// What a progress line says after a look.
fn found_so_far(race: &Race<'_>, field: &Field) -> String {
    let left = race.contenders().len();
    let best = race
        .best()
        .map_or("none meets the constraints yet".to_owned(), |best| {
            let settings = field.candidates[best].settings.join(", ");
            format!(
                "best {settings} ({})",
                reports::figure::count(race.objective(best))
            )
        });
    format!("{left} of {} left, {best}", field.candidates.len())
}

fn code(report: &TuneReport, miss: MissArgs) -> ExitCode {
    match report.status {
        TuneStatus::Better | TuneStatus::Keep => ExitCode::Success,
        TuneStatus::Infeasible => miss.code(),
        TuneStatus::Undecided => ExitCode::Undecided,
        TuneStatus::Interrupted => ExitCode::Interrupted,
    }
}
