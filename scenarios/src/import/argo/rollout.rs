//! What a Rollout will do: L4 to L6, L12 and L15 of the rules for foreign policies, and what makes it refused.

use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::counts::Pods;
use controllers::argo::facts;
use controllers::argo::form::{
    AnalysisTemplate, BlueGreenStrategy, CanaryStrategy, Rollout, RolloutAnalysis, TemplateRef,
};
use controllers::argo::templates::{self, Place};
use controllers::argo::validate;

use super::metric::{is_modest, resolved};
use super::steps::Course;
use crate::diagnostic::quote::quote;
use crate::import::finding::{ObjectFindings, seconds};
use crate::import::pool::Pool;
use crate::import::recognise::Product;

/// The most pods of a Rollout that are looked at.
const PODS: i32 = 100_000;
const CANARY: &str = "spec.strategy.canary";
/// Points of weight by which a share may be off before it is told.
const FAR: f64 = 0.05;

/// ObjectFindings about a Rollout.
pub(super) fn lint(findings: &mut ObjectFindings<'_>, rollout: &Rollout, pool: &Pool<'_>) {
    let spec = &rollout.spec;
    if spec.strategy.canary.is_none() && spec.strategy.blue_green.is_none() {
        // A fragment of a Rollout: its strategy is elsewhere.
        return;
    }
    for fault in validate::rollout(spec) {
        let what = format!("the Rollout is refused (InvalidSpec): {}", fault.message);
        let why = "it never starts: traffic stays where it is until somebody looks";
        findings.error("CM438", &format!("spec.{}", fault.path), [&what, why, ""]);
    }
    if let (Some(canary), Some(policy)) = (&spec.strategy.canary, CanaryPolicy::new(spec)) {
        gates(findings, canary);
        let scale = &policy.scale;
        // Beyond that nobody has pods, and counts of 32 bits overflow.
        let sane = (1..=PODS).contains(&scale.replicas)
            && scale.fenceposts.surge <= PODS
            && (1..=PODS).contains(&scale.max_weight);
        if sane {
            weights(findings, canary, &policy);
            abort(findings, canary, &policy);
        }
        analyses(findings, canary, pool);
    }
    if let Some(blue_green) = &spec.strategy.blue_green {
        blue_green_gates(findings, blue_green);
    }
    deadline(findings, rollout);
}

fn deadline(findings: &mut ObjectFindings<'_>, rollout: &Rollout) {
    let spec = &rollout.spec;
    if spec.progress_deadline_seconds.is_some() && !spec.progress_deadline_abort {
        let what = "the progress deadline aborts nothing";
        let why = "after it the Rollout is Degraded and the canary keeps its traffic: pods that never become ready hang the \
                   release, they do not roll it back";
        let next = "`progressDeadlineAbort: true`";
        findings.note("CM432", "spec.progressDeadlineSeconds", [what, why, next]);
    }
}

fn has(analysis: Option<&RolloutAnalysis>) -> bool {
    analysis.is_some_and(|it| !it.templates.is_empty())
}

/// Whether anything judges the release.
fn gates(findings: &mut ObjectFindings<'_>, canary: &CanaryStrategy) {
    let course = Course::of(canary, 0);
    if canary.steps.is_empty() || has(canary.analysis.as_ref()) || course.judges {
        return;
    }
    let path = format!("{CANARY}.steps");
    let next = "an `analysis` in the background or as a step";
    if course.waits {
        let what = "nothing judges this release but a person";
        let why = "no analysis: a regression is found by whoever looks before they go on";
        findings.note("CM425", &path, [what, why, next]);
    } else {
        let what = "nothing judges this release: it advances on timers alone";
        let why = format!(
            "a release that fails every request has all traffic after {}, as a good one has",
            seconds(course.timed as f64)
        );
        findings.warning("CM425", &path, [what, &why, next]);
    }
}

fn blue_green_gates(findings: &mut ObjectFindings<'_>, strategy: &BlueGreenStrategy) {
    let judged = has(strategy.pre_promotion_analysis.as_ref())
        || has(strategy.post_promotion_analysis.as_ref());
    if judged || strategy.auto_promotion_enabled == Some(false) {
        return;
    }
    let what = "nothing judges this release: all traffic moves when the pods are ready";
    let next =
        "a `prePromotionAnalysis`, a `postPromotionAnalysis`, or `autoPromotionEnabled: false`";
    let why = "a release that is ready and fails every request gets everything at once";
    findings.warning("CM425", "spec.strategy.blueGreen", [what, why, next]);
}

/// Weights that pods cannot say.
fn weights(findings: &mut ObjectFindings<'_>, canary: &CanaryStrategy, policy: &CanaryPolicy) {
    if policy.scale.routed {
        return;
    }
    for (nth, step) in canary.steps.iter().enumerate() {
        let Some(weight) = step.set_weight else {
            continue;
        };
        let (counts, share) = facts::at_rest(policy, weight);
        let declared = f64::from(weight) / f64::from(policy.scale.max_weight.max(1));
        if (share - declared).abs() < FAR || !(0..policy.scale.max_weight).contains(&weight) {
            continue;
        }
        let what = format!("weight {weight} is {:.0} % here", share * 100.0);
        let why = format!(
            "without a router pods are the weight: {} canary and {} stable of `replicas: {}`",
            counts.canary, counts.stable, policy.scale.replicas
        );
        let next = "more replicas, a weight that they can say, or `trafficRouting`";
        findings.warning(
            "CM426",
            &format!("{CANARY}.steps[{nth}].setWeight"),
            [&what, &why, next],
        );
        // One is enough: the others follow from the same replicas.
        return;
    }
}

/// How traffic leaves an aborted canary.
fn abort(findings: &mut ObjectFindings<'_>, canary: &CanaryStrategy, policy: &CanaryPolicy) {
    if !canary.dynamic_stable_scale || !policy.scale.routed {
        return;
    }
    let Some(top) = policy
        .scale
        .ladder
        .iter()
        .copied()
        .filter(|weight| *weight < 100)
        .max()
    else {
        return;
    };
    let replicas = policy.scale.replicas;
    let ladder = abort_ladder(policy, top);
    let what = "an abort does not take traffic away at once";
    let why = format!(
        "with `dynamicStableScale` the canary keeps its weight until stable can carry the next lower step; {replicas} pods, \
         aborted at {top} %: {ladder}, the last of it pod by pod"
    );
    let next = "leave stable at its scale where a bad release may not keep traffic for as long as pods take to start";
    findings.warning(
        "CM435",
        &format!("{CANARY}.dynamicStableScale"),
        [what, &why, next],
    );
}

/// The weights by which an aborted canary goes: each time stable has taken over what the canary gave up.
fn abort_ladder(policy: &CanaryPolicy, top: i32) -> String {
    let replicas = policy.scale.replicas;
    let mut rungs = vec![top];
    while let Some(weight) = rungs.last().copied().filter(|weight| *weight > 0) {
        let canary = policy.scale.pods_for(weight);
        let pods = |count: i32| Pods::new(count, count);
        let next = policy.abort_weight(pods(canary), pods((replicas - canary).max(0)));
        rungs.push(next.min(weight - 1).max(0));
    }
    let rungs: Vec<String> = rungs.iter().map(ToString::to_string).collect();
    rungs.join(", ")
}

/// What the templates of a canary make of it.
fn analyses(findings: &mut ObjectFindings<'_>, canary: &CanaryStrategy, pool: &Pool<'_>) {
    if let Some(background) = &canary.analysis {
        let path = format!("{CANARY}.analysis");
        refused(findings, &path, Place::Background, background, pool);
        let from = usize::try_from(background.starting_step.unwrap_or(0)).unwrap_or(0);
        guard(findings, &path, background, Course::of(canary, from), pool);
    }
    for (nth, step) in canary.steps.iter().enumerate() {
        if let Some(analysis) = &step.analysis {
            let path = format!("{CANARY}.steps[{nth}].analysis");
            refused(findings, &path, Place::Inline, analysis, pool);
        }
    }
}

fn template(pool: &Pool<'_>, reference: &TemplateRef) -> Option<AnalysisTemplate> {
    let kind = if reference.cluster_scope {
        "ClusterAnalysisTemplate"
    } else {
        "AnalysisTemplate"
    };
    let object = pool.find(Product::Argo, kind, &reference.template_name)?;
    object.read().ok()
}

fn refused(
    findings: &mut ObjectFindings<'_>,
    path: &str,
    place: Place,
    analysis: &RolloutAnalysis,
    pool: &Pool<'_>,
) {
    for (nth, reference) in analysis.templates.iter().enumerate() {
        let Some(template) = template(pool, reference) else {
            continue;
        };
        let named = (reference.template_name.as_str(), &template.spec);
        if let Err(why) = templates::refused(place, named, analysis) {
            let (what, reason) = refusal(place, &why);
            let path = format!("{path}.templates[{nth}]");
            findings.error(
                "CM438",
                &path,
                [
                    &what,
                    reason,
                    "a default in the template, or a plain `count`",
                ],
            );
        }
    }
}

fn refusal(place: Place, why: &str) -> (String, &'static str) {
    match place {
        Place::Background => (
            format!("the Rollout is refused (InvalidSpec): an argument has no value: {why}"),
            "it never starts; the template declares an argument that the Rollout does not give",
        ),
        Place::Inline => (
            format!("the Rollout is refused (InvalidSpec): {why}"),
            "it never starts; when this is checked, arguments of the Rollout are not yet known",
        ),
    }
}

/// A background analysis that is over before the steps are.
fn guard(
    findings: &mut ObjectFindings<'_>,
    path: &str,
    analysis: &RolloutAnalysis,
    course: Course,
    pool: &Pool<'_>,
) {
    for (nth, reference) in analysis.templates.iter().enumerate() {
        let Some(template) = template(pool, reference) else {
            continue;
        };
        for metric in &template.spec.metrics {
            let Ok(metric) = resolved(metric, &template.spec.args) else {
                continue;
            };
            let Some(guards) = Some(&metric)
                .filter(|it| is_modest(it))
                .and_then(facts::guards_for)
            else {
                continue;
            };
            let guards = guards as f64 / 1000.0;
            if metric.judged_by_provider() || (!course.waits && guards >= course.timed as f64) {
                continue;
            }
            let path = format!("{path}.templates[{nth}]");
            ends_early(findings, &path, (&metric.name, guards), course);
        }
    }
}

fn ends_early(
    findings: &mut ObjectFindings<'_>,
    path: &str,
    (name, guards): (&str, f64),
    course: Course,
) {
    let rest = if course.waits {
        "the steps wait for a person".to_owned()
    } else {
        format!("the steps take {}", seconds(course.timed as f64))
    };
    let what = format!("{} guards {} of the release", quote(name), seconds(guards));
    let why =
        format!("{rest}; a background run that is complete is Successful and is not started again");
    let next = "leave `count` out: the metric is then measured until the release ends";
    findings.warning("CM424", path, [&what, &why, next]);
}
