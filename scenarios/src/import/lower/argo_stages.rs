//! The stages of a Rollout: one for each weight that its steps set, and one for all.

use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::facts;
use controllers::argo::form::{BlueGreenStrategy, CanaryStep, CanaryStrategy, RolloutAnalysis};
use controllers::argo::orders::RunKind;
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::Stage;

use super::argo_runs::Finder;
use super::gates::{Gates, stage};

/// The stages of a Rollout, and what else follows from its steps.
pub(super) struct StageCourse {
    pub stages: Vec<Stage>,
    /// The stage of each step, and of what follows the last.
    pub of_steps: Vec<u16>,
    pub notes: Vec<String>,
    pub horizon: SimDuration,
}

/// How long a person may take before a rollout is left alone.
const PATIENCE: SimDuration = SimDuration::from_hours(4);
/// What a rollout takes beside its steps.
const SLACK: SimDuration = SimDuration::from_hours(1);
/// No rollout is followed for longer, whatever its steps say.
const LONGEST: SimDuration = SimDuration::from_hours(24 * 90);

/// The stages of a canary.
pub(super) fn canary(
    strategy: &CanaryStrategy,
    policy: &CanaryPolicy,
    finder: &mut Finder<'_, '_>,
    gates: &mut Gates,
) -> StageCourse {
    let mut course = StageCourse {
        stages: Vec::new(),
        of_steps: Vec::new(),
        notes: Vec::new(),
        horizon: SLACK,
    };
    for (nth, step) in strategy.steps.iter().enumerate() {
        if let Some(weight) = step.set_weight {
            course.weight(policy, weight);
        }
        let at = course.stages.len().saturating_sub(1);
        course.of_steps.push(at as u16);
        let (gates_of_step, least) = finder.step(nth, step, gates);
        let waits = step
            .pause
            .as_ref()
            .and_then(controllers::argo::form::Pause::seconds);
        let waits = SimDuration::from_secs(u64::try_from(waits.unwrap_or(0)).unwrap_or(0));
        course.add(step, (waits, least), &gates_of_step);
    }
    let last = course.stages.len() as u16;
    course.of_steps.push(last);
    course.stages.push(stage("all", Share::ONE));
    if let Some(background) = &strategy.analysis {
        watch_behind(&mut course, background, finder, gates);
    }
    course.finish()
}

/// Lets a background analysis watch the stages from the step on at which it starts.
fn watch_behind(
    course: &mut StageCourse,
    background: &RolloutAnalysis,
    finder: &mut Finder<'_, '_>,
    gates: &mut Gates,
) {
    let path = "spec.strategy.canary.analysis";
    let watched = finder.analysis(RunKind::Background, path, background, gates);
    let from = usize::try_from(background.starting_step.unwrap_or(0)).unwrap_or(0);
    let last = course.stages.len().saturating_sub(1) as u16;
    let first = course.of_steps.get(from).copied().unwrap_or(last);
    for stage in &mut course.stages[usize::from(first)..] {
        stage.triggers.extend(watched.0.iter().cloned());
    }
}

/// The stages of a blue-green rollout: nobody sees the preview, then all see the new revision.
pub(super) fn blue_green(
    strategy: &BlueGreenStrategy,
    finder: &mut Finder<'_, '_>,
    gates: &mut Gates,
) -> StageCourse {
    let mut course = StageCourse {
        stages: vec![stage("preview", Share::ZERO), stage("all", Share::ONE)],
        of_steps: vec![0, 1],
        notes: vec![
            "the preview serves no users: what is measured before the promotion has no data unless something else asks it"
                .to_owned(),
        ],
        horizon: SLACK,
    };
    let path = "spec.strategy.blueGreen";
    let both = analyses(strategy);
    for (at, (kind, key, analysis)) in both.into_iter().enumerate() {
        if let Some(analysis) = analysis {
            let (watched, least) = finder.analysis(kind, &format!("{path}.{key}"), analysis, gates);
            course.stages[at].triggers.extend(watched);
            course.horizon = course.horizon.saturating_add(least.saturating_mul(2));
        }
    }
    promotion(&mut course, strategy);
    course.finish()
}

/// Promotes by a person, or by itself after a while.
fn promotion(course: &mut StageCourse, strategy: &BlueGreenStrategy) {
    if strategy.auto_promotion_enabled == Some(false) {
        course.stages[0].approval = Some("operator".to_owned());
        course.horizon = course.horizon.saturating_add(PATIENCE);
    } else {
        let after =
            SimDuration::from_secs(u64::try_from(strategy.auto_promotion_seconds).unwrap_or(0));
        course.stages[0].observe = after;
        course.horizon = course.horizon.saturating_add(after);
    }
}

fn analyses(
    strategy: &BlueGreenStrategy,
) -> [(RunKind, &'static str, &Option<RolloutAnalysis>); 2] {
    [
        (
            RunKind::PrePromotion,
            "prePromotionAnalysis",
            &strategy.pre_promotion_analysis,
        ),
        (
            RunKind::PostPromotion,
            "postPromotionAnalysis",
            &strategy.post_promotion_analysis,
        ),
    ]
}

impl StageCourse {
    /// A step sets a weight: a new stage, with the share that is really reached.
    fn weight(&mut self, policy: &CanaryPolicy, weight: i32) {
        let declared = f64::from(weight) / f64::from(policy.scale.max_weight.max(1));
        let (counts, share) = facts::at_rest(policy, weight);
        let share = if (share - declared).abs() < 1e-9 {
            declared
        } else {
            share
        };
        if (share - declared).abs() > 0.005 {
            self.notes.push(format!(
                "weight {weight} reaches {:.1} % here: without a router pods are the weight, {} canary and {} stable",
                share * 100.0,
                counts.canary,
                counts.stable,
            ));
        }
        let target = Share::from_fraction(share.clamp(0.0, 1.0)).unwrap_or(Share::ONE);
        let known = self.stages.iter().filter(|stage| {
            stage.id == format!("weight-{weight}")
                || stage.id.starts_with(&format!("weight-{weight}."))
        });
        let id = match known.count() {
            0 => format!("weight-{weight}"),
            n => format!("weight-{weight}.{}", n + 1),
        };
        self.stages.push(stage(&id, target));
    }

    /// Adds what a step asks for to the stage that it belongs to; what comes before the first weight belongs to none.
    fn add(
        &mut self,
        step: &CanaryStep,
        (waits, least): (SimDuration, SimDuration),
        gates: &[String],
    ) {
        let total = waits.saturating_add(least);
        self.horizon = self.horizon.saturating_add(total.saturating_mul(2));
        let person = step
            .pause
            .as_ref()
            .is_some_and(|pause| pause.duration.is_none());
        if person {
            self.horizon = self.horizon.saturating_add(PATIENCE);
        }
        let Some(stage) = self.stages.last_mut() else {
            return;
        };
        stage.observe = stage.observe.saturating_add(total);
        if person {
            stage.approval = Some("operator".to_owned());
        }
        for gate in gates {
            if !stage.triggers.contains(gate) {
                stage.triggers.push(gate.clone());
            }
        }
    }

    fn finish(mut self) -> Self {
        self.horizon = self.horizon.min(LONGEST);
        for stage in &mut self.stages {
            let mut known = Vec::new();
            stage.triggers.retain(|gate| {
                let new = !known.contains(gate);
                known.push(gate.clone());
                new
            });
        }
        self
    }
}
