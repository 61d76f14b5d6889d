//! What a Canary of Flagger is lowered from: its templates, what refuses it, its queries and its time.

use controllers::flagger::form::{Canary, MetricTemplate, Templates};
use controllers::flagger::metric::{self, Step};
use controllers::flagger::policy::{Policy, Strategy};
use sim_core::decider::Hook;
use sim_core::engine::SimDuration;
use sim_core::policy::gate::Population;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::import::lower::meaning::{Meaning, Reads};
use crate::import::lower::refusal::fault;
use crate::import::object::Object;
use crate::import::pool::Pool;
use crate::import::recognise::Product;

/// The most ticks that a rollout is followed for.
pub(super) const TICKS: u64 = 10_000;

/// The templates that a canary names.
pub(super) fn templates<'a>(
    canary: &Canary,
    object: &'a Object,
    pool: &Pool<'a>,
) -> Result<(Templates, Vec<&'a Object>), Vec<Diagnostic>> {
    let (mut found, mut used, mut wrong) = (Templates::new(), Vec::new(), Vec::new());
    let metrics = canary
        .spec
        .analysis
        .iter()
        .flat_map(|analysis| &analysis.metrics);
    for (nth, metric) in metrics.enumerate() {
        let Some(named) = &metric.template_ref else {
            continue;
        };
        let Some(template) = pool.find(Product::Flagger, "MetricTemplate", &named.name) else {
            wrong.push(no_template(object, nth, &named.name));
            continue;
        };
        if let Ok(read) = template.read::<MetricTemplate>() {
            found.insert(named.key(&canary.metadata.namespace), read.spec);
            used.push(template);
        }
    }
    if wrong.is_empty() {
        Ok((found, used))
    } else {
        Err(wrong)
    }
}

pub(super) fn no_template(object: &Object, nth: usize, name: &str) -> Diagnostic {
    let what = format!("there is no MetricTemplate {}", quote(name));
    let why = "what judges this release is not known, so that nothing can be said of it";
    let next = "put the template into the same file, or into one beside it";
    let path = format!("spec.analysis.metrics[{nth}].templateRef");
    fault(object, ("CM465", &path), [&what, why, next])
}

/// What nothing can be said of.
pub(super) fn refused(object: &Object, policy: &Policy) -> Result<(), Vec<Diagnostic>> {
    let asks_for_test = policy.strategy() == Strategy::BlueGreen;
    let mut wrong = Vec::new();
    if policy.canary().spec.suspend {
        let what = "the Canary is suspended: every tick does nothing";
        wrong.push(fault(
            object,
            ("CM464", "spec.suspend"),
            [what, "", "take the key out of a copy of the file"],
        ));
    }
    let measures = metric::steps(policy)
        .iter()
        .any(|step| matches!(step, Step::Ask(_)));
    if asks_for_test && measures && !policy.canary().spec.skip_analysis {
        let what = "blue/green sends the canary no users before it switches: its metrics are those of a load test";
        let why = "what a webhook such as flagger-loadtester sends is not simulated, so that every check would have no data";
        let next = "simulate a copy of the file with `stepWeight` in the stead of `iterations`";
        wrong.push(fault(
            object,
            ("CM464", "spec.analysis.iterations"),
            [what, why, next],
        ));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A query with the name of the workload in the place of `{{ target }}`.
pub(super) fn with_target(query: &str, workload: &str) -> String {
    let mut parts = query.split("{{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) if name.trim() == "target" => text.extend([workload, rest]),
            _ => text.extend(["{{", part]),
        }
    }
    text
}

/// A query that says what the built-in one for durations measures, in its unit.
pub(super) fn duration_query(policy: &Policy) -> String {
    let unit = if super::judge::in_seconds(policy) {
        ""
    } else {
        "milliseconds"
    };
    format!("prometheus histogram_quantile(0.99, request_duration_{unit})")
}

pub(super) fn nothing(name: &str) -> Meaning {
    Meaning {
        metric: name.to_owned(),
        reads: Reads::Nothing,
        population: Population::Canary,
        over: SimDuration::from_mins(1),
        words: "nothing that is simulated".to_owned(),
    }
}

/// How long a canary is followed: three times as long as it takes if nothing fails, and as long as people may take.
pub(super) fn horizon(policy: &Policy, stages: u64, people: u64) -> SimDuration {
    let checks = u64::try_from(policy.iterations()).unwrap_or(0) + stages;
    let threshold = u64::try_from(policy.threshold()).unwrap_or(1);
    let ticks = (checks * 3 + threshold + 10).min(TICKS);
    let steps = SimDuration::from_secs_f64(policy.interval()).saturating_mul(ticks);
    let people = SimDuration::from_hours(4).saturating_mul(people);
    steps
        .saturating_add(people)
        .saturating_add(SimDuration::from_hours(1))
}

/// A webhook that answers at once, well so often.
pub(super) const fn hook_of_chance(gate: Option<usize>, passes: f64) -> Hook {
    Hook::Chance {
        gate,
        passes,
        takes: SimDuration::ZERO,
    }
}
