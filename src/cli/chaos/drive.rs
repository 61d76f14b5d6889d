//! Plays a campaign with a progress line, keeps what is found, and shrinks it.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use reports::ChaosEnd;
use sim_core::engine::RunningHash;

use super::args::ChaosArgs;
use super::plan::Planned;
use crate::cli::console::{Console, Progress};
use crate::cli::failure::Failure;
use crate::cli::{divided, interrupt};
use crate::study::campaign::{
    Campaign, CampaignTally, CampaignWatch, Campaigned, Checkpoint, Frontier, ShrunkViolation,
    StateError, Stopped, frontiers, shrink_all,
};
use crate::study::shards::RoundPlayer;
use crate::study::{hex, on_threads};

/// A campaign that was played, as far as it was.
pub struct Driven {
    /// The sum.
    pub tally: CampaignTally,
    /// After how many of them it is gone on with.
    pub kept: u64,
    /// Why it came to its end.
    pub stopped: ChaosEnd,
    /// Every distinct way in which an invariant was broken, shrunk.
    pub shown: Vec<ShrunkViolation>,
    /// How large each fault may get before an invariant breaks.
    pub frontiers: Vec<Frontier>,
}

/// So often what has been found is written down, at most.
const KEEP_EVERY: Duration = Duration::from_secs(2);

/// Plays the campaign.
///
/// # Errors
/// When threads cannot be started, and when the folder of its state cannot be used.
pub fn drive(
    planned: &Planned,
    args: &ChaosArgs,
    inputs: &str,
    player: &RoundPlayer,
    console: &Console,
) -> Result<Driven, Failure> {
    let campaign = &planned.campaign;
    let digest = digest(campaign, inputs);
    let (state, before) = kept_before(args, digest, console)?;
    let progress = console.progress(before.runs + campaign.known(before.next));
    progress.done(before.runs);
    let threads = args.threads.unwrap_or(0).into();
    let played = on_threads(threads, || {
        play(planned, before, player, state.as_ref(), &progress)
    });
    progress.finish();
    let Campaigned {
        tally,
        kept,
        stopped,
    } = played?.map_err(refused)?;
    divided::answers(player)?;
    let (shown, frontiers) = looked_into(planned, &tally, stopped, threads)?;
    let stopped = if interrupt::asked() {
        Stopped::Interrupted
    } else {
        stopped
    };
    Ok(Driven {
        kept: kept.runs,
        stopped: end(stopped, &tally),
        tally,
        shown,
        frontiers,
    })
}

/// Shrinks what was found, and looks for the limits of faults that were withstood where that is wanted.
fn looked_into(
    planned: &Planned,
    tally: &CampaignTally,
    stopped: Stopped,
    threads: usize,
) -> Result<(Vec<ShrunkViolation>, Vec<Frontier>), Failure> {
    let campaign = &planned.campaign;
    let stop = interrupt::watch();
    let after = on_threads(threads, || {
        let shown = shrink_all(campaign, tally, planned.shrink_replays, stop);
        let wanted = planned.frontier > 0 && stopped != Stopped::Interrupted;
        let frontiers = if wanted {
            frontiers(campaign, planned.frontier, stop)
        } else {
            Vec::new()
        };
        (shown, frontiers)
    });
    Ok(after?)
}

/// The folder of the campaign's state, and what it came to before.
fn kept_before(
    args: &ChaosArgs,
    digest: String,
    console: &Console,
) -> Result<(Option<Checkpoint>, CampaignTally), Failure> {
    let state = args
        .state
        .as_deref()
        .map(|folder| Checkpoint::new(folder, digest));
    let before = state
        .as_ref()
        .map(Checkpoint::read)
        .transpose()
        .map_err(refused)?;
    let before = before.flatten().unwrap_or_default();
    if before.next > 0 {
        let runs = before.runs;
        console.say(&format!(
            "going on after {runs} fault-injection experiments"
        ));
    }
    Ok((state, before))
}

fn play(
    planned: &Planned,
    before: CampaignTally,
    player: &RoundPlayer,
    state: Option<&Checkpoint>,
    progress: &Progress,
) -> Result<Campaigned, StateError> {
    let begun = Instant::now();
    let kept = Mutex::new((Instant::now(), Ok(())));
    let mut wave = |tally: &CampaignTally| {
        progress.note(&note(tally));
        let is_kept = keep(&kept, state, tally);
        // What is played in shards is played to its end: it has no clock of its own.
        is_kept && (!player.is_here() || begun.elapsed() <= planned.time)
    };
    let mut watch = CampaignWatch {
        player,
        stop: interrupt::watch(),
        done: &|more| progress.done(more),
        more: &|more| progress.more(more),
        wave: &mut wave,
    };
    let played = planned.campaign.play(before, &mut watch);
    let (_, written) = kept.into_inner().expect("nothing panics while it is held");
    written?;
    state.map_or(Ok(()), |state| state.write(&played.kept))?;
    Ok(played)
}

/// Writes the state now and then, and says whether that has always gone well.
fn keep(kept: &Mutex<StateWrite>, state: Option<&Checkpoint>, tally: &CampaignTally) -> bool {
    let mut kept = kept.lock().expect("nothing panics while it is held");
    if let Some(state) = state
        && kept.0.elapsed() >= KEEP_EVERY
    {
        *kept = (Instant::now(), state.write(tally));
    }
    kept.1.is_ok()
}

/// When the state was written last, and how that went.
type StateWrite = (Instant, Result<(), StateError>);

/// What has been found so far, for the progress line. Nothing is judged here: whether a violation lies within the
/// tolerance is known once it has been shrunk.
fn note(tally: &CampaignTally) -> String {
    format!("{} of them violate an invariant", tally.violating)
}

const fn end(stopped: Stopped, tally: &CampaignTally) -> ChaosEnd {
    match stopped {
        Stopped::Interrupted => ChaosEnd::Interrupted,
        Stopped::Asked => ChaosEnd::Time,
        Stopped::Done if tally.left_out > 0 => ChaosEnd::Plateau,
        Stopped::Done => ChaosEnd::Done,
    }
}

/// What a campaign depends on, so that no other one goes on from its state.
fn digest(campaign: &Campaign, inputs: &str) -> String {
    let mut hash = RunningHash::new();
    hash.text(concat!("coalmine ", env!("CARGO_PKG_VERSION")));
    hash.text(inputs);
    hash.word(campaign.seed);
    hash.word(campaign.plateau);
    hash.text(&format!("{:?}", campaign.parts));
    hash.text(&format!("{:?}", campaign.tolerance));
    hash.text(&format!("{:?}", campaign.space.phases));
    hex(hash.finish())
}

fn refused(error: StateError) -> Failure {
    match error {
        StateError::Disk(path, error) => {
            let what = format!("cannot use {}: {error}", path.display());
            Failure::input(what).help("choose a folder for --state that you may write")
        }
        StateError::Form(path, why) => {
            let what = format!("{} is no state of a campaign: {why}", path.display());
            Failure::input(what).help("remove the file, or choose another folder for --state")
        }
        StateError::Other(path) => {
            let what = format!("{} belongs to another campaign", path.display());
            Failure::input(what)
                .help("name the policy, campaign and seed that it was begun with, or choose another folder")
        }
    }
}
