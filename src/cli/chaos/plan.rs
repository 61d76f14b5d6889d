//! From arguments and a campaign file to a campaign.

use std::path::Path;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use chaos::catalogue::Injection;
use chaos::generator::{
    Directed, FaultSpace, Kind, Lineage, Moments, Pairs, Phases, Realistic, Swarm,
};
use chaos::tolerance::Tolerance;
use scenarios::campaign::{CAMPAIGNS, GeneratorForm, LineageForm, Runs, SwarmForm};
use scenarios::schema::nearest;
use scenarios::{Campaign as Form, Objectives, files, load, reading};
use sim_core::Experiment;
use sim_core::engine::Share;

use super::args::ChaosArgs;
use crate::cli::failure::Failure;
use crate::study::campaign::{Campaign, CampaignPart, Generator};

/// A campaign, and what the command line has to know of its file.
pub struct Planned {
    /// What is to be played.
    pub campaign: Campaign,
    /// How long it may take.
    pub time: Duration,
    /// How many rehearsals may be played to shrink one finding.
    pub shrink_replays: u32,
    /// By how many rehearsals each size of a fault is judged when its frontier is looked for; 0 means that
    /// nobody looks.
    pub frontier: u64,
}

/// How often the base is played where nobody says.
const CALM: u64 = 100;

/// Plans the campaign that is meant on `base`.
///
/// # Errors
/// When there is no such campaign, and for everything that is wrong with its file.
pub fn plan(
    args: &ChaosArgs,
    base: &Experiment,
    objectives: &Objectives,
) -> Result<Planned, Failure> {
    let form = form(args)?;
    let phases = phases(&form, base);
    let mut space = FaultSpace::new(base, phases);
    let within = objectives.rollback_within_deadline.unwrap_or(Share::ONE);
    let tolerance = tolerance(&form, base);
    if form.generators.iter().any(combines) {
        space.support = support(&space, &tolerance, args.seed);
    }
    let parts = |form: &GeneratorForm| parts(*form, &space, args.seed);
    let parts = form.generators.iter().flat_map(parts).collect();
    let time = Duration::from_secs_f64(form.stop.time.as_secs_f64());
    Ok(Planned {
        time,
        shrink_replays: form.shrink_replays,
        frontier: form.frontier,
        campaign: Campaign {
            name: form.name,
            space,
            tolerance,
            seed: args.seed,
            parts,
            late_allowed: 1.0 - within.as_f64(),
            plateau: form.stop.plateau,
        },
    })
}

fn phases(form: &Form, base: &Experiment) -> Phases {
    let usual = Phases::of(base);
    let heal_at = form.heal_at.unwrap_or(usual.heal_at);
    let settle = form.settle.unwrap_or(heal_at.mul_f64(0.5));
    Phases {
        heal_at,
        end: heal_at.saturating_add(settle),
    }
}

/// What the policy declares, with what the campaign says of it.
fn tolerance(form: &Form, base: &Experiment) -> Tolerance {
    let declared = Tolerance::of(&base.policy);
    declared.with(&form.tolerance.withstands, &form.tolerance.beyond)
}

const fn combines(form: &GeneratorForm) -> bool {
    matches!(form, GeneratorForm::Lineage(_))
}

fn form(args: &ChaosArgs) -> Result<Form, Failure> {
    let usual = if args.smoke { "smoke" } else { "pre-release" };
    let named = args.campaign.as_deref().unwrap_or(usual);
    if let Some((_, text)) = CAMPAIGNS.iter().find(|(name, _)| *name == named) {
        let name = format!("library:campaigns/{named}");
        return Ok(load::campaign(&name, text.as_bytes())?.value);
    }
    if !reading::exists(Path::new(named)) {
        let near = nearest(named, CAMPAIGNS.iter().map(|(name, _)| *name));
        let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
        let what = format!("there is no campaign and no file called `{named}`");
        let help = format!("{near}pre-release and smoke are shipped");
        return Err(Failure::input(what).help(help));
    }
    Ok(files::campaign(Path::new(named))?.value)
}

/// Returns the faults that the policy is to withstand and that touch how a bad release is dealt with.
fn support(space: &FaultSpace, tolerance: &Tolerance, seed: u64) -> Vec<Injection> {
    let wanted = |kind: &Kind| tolerance.bears(kind.entry.name);
    let mut support = Lineage::support(space, seed, wanted, |one| tolerance.limited(one));
    support.retain(|one| tolerance.bears_all(slice::from_ref(one), &space.experiment));
    support
}

/// Combinations of each size, the small ones first: those of one size are done before any larger one begins,
/// so that what a smaller one settles does not depend on threads.
fn combinations(form: LineageForm, space: &FaultSpace) -> Vec<CampaignPart> {
    let mut left = form.max_hypotheses;
    let sized = |size: u32| {
        let lineage = Lineage { size };
        let runs = lineage.count(space).min(left);
        left -= if size > 0 { runs } else { 0 };
        CampaignPart {
            generator: Generator::Lineage(lineage),
            runs,
        }
    };
    (0..=form.depth).map(sized).collect()
}

fn parts(form: GeneratorForm, space: &FaultSpace, seed: u64) -> Vec<CampaignPart> {
    let counted = |generator: Generator, runs: Option<u64>| CampaignPart {
        runs: runs.or(generator.count(space)).unwrap_or(CALM),
        generator,
    };
    vec![match form {
        GeneratorForm::Calm(Runs { runs }) => counted(Generator::Calm, runs),
        GeneratorForm::Plain(Runs { runs }) => counted(Generator::Baseline, runs),
        GeneratorForm::Boundary(Runs { runs }) => counted(Generator::Boundary, runs),
        GeneratorForm::Alone(Runs { runs }) => counted(Generator::SingleFault, runs),
        GeneratorForm::Pairs(form) => {
            let (size, within) = (form.size as usize, form.within);
            counted(Generator::Pairs(Pairs { size, within }), form.runs)
        }
        GeneratorForm::Swarm(form) if form.tolerated => {
            counted(Generator::SwarmWithin(swarm(&form)), Some(form.runs))
        }
        GeneratorForm::Swarm(form) => {
            counted(Generator::SwarmBeyond(swarm(&form)), Some(form.runs))
        }
        GeneratorForm::Aimed(form) => {
            let aimed = Directed::new(space, seed, form.tries.into(), form.pairs);
            counted(Generator::Directed(Arc::new(aimed)), None)
        }
        GeneratorForm::Realistic(form) => {
            let (bad_release, incident) = (form.bad_release.as_f64(), form.incident.as_f64());
            let realistic = Realistic {
                bad_release,
                incident,
            };
            counted(Generator::Realistic(realistic), Some(form.runs))
        }
        GeneratorForm::Lineage(form) => return combinations(form, space),
    }]
}

fn swarm(form: &SwarmForm) -> Swarm {
    Swarm {
        faults_max: form.faults_max as usize,
        moments: Moments {
            anchored: form.anchored.as_f64(),
            chained: form.chained.as_f64(),
        },
    }
}
