//! From the analysis of a Rollout and its templates to an analysis that runs, and what makes the Rollout refused instead.
//!
//! Source: argo-rollouts v1.10.1 `utils/analysis/{helpers,factory}.go`,
//! `pkg/apis/rollouts/validation/validation_references.go`.

use serde_json::Value as Json;

use super::args::{self, Argument};
use super::form::{AnalysisTemplateSpec, RolloutAnalysis};
use super::run::AnalysisSpec;

/// What stands for a value that only the cluster has (a secret), and what the validation of a Rollout puts in the place of
/// every argument without a value.
const PLACEHOLDER: &str = "dummy-value";

/// The arguments that a Rollout passes to an analysis. Hashes of pods are named after their set; a field is looked up in
/// the Rollout, and is empty if it is not there.
pub fn passed(analysis: &RolloutAnalysis, rollout: &Json) -> Vec<Argument> {
    let value = |argument: &Argument| {
        let from = &argument.value_from;
        if let Some(set) = from.get("podTemplateHashValue").and_then(Json::as_str) {
            return format!("{}-hash", set.to_lowercase());
        }
        match from.pointer("/fieldRef/fieldPath").and_then(Json::as_str) {
            Some(path) => field(rollout, path),
            None => argument.value.clone().unwrap_or_default(),
        }
    };
    let pass = |a: &Argument| Argument {
        name: a.name.clone(),
        value: Some(value(a)),
        ..Argument::default()
    };
    analysis.args.iter().map(pass).collect()
}

/// A path such as `metadata.labels['app']` or `spec.replicas`.
fn field(rollout: &Json, path: &str) -> String {
    let parts = path
        .split(['.', '[', ']'])
        .map(|part| part.trim_matches(['\'', '"']))
        .filter(|part| !part.is_empty());
    let mut found = Some(rollout);
    for part in parts {
        found = found.and_then(|json| match json {
            Json::Array(list) => part.parse::<usize>().ok().and_then(|i| list.get(i)),
            other => other.get(part),
        });
    }
    match found {
        Some(Json::String(text)) => text.clone(),
        Some(other) if !other.is_null() => other.to_string(),
        _ => String::new(),
    }
}

/// The analysis that a run of these templates is. Templates come before cluster templates.
///
/// # Errors
/// Two metrics or two dry-run rules of one name, an argument with two values or with none: no run can be created. For
/// an analysis within a Rollout this makes the Rollout invalid.
pub fn analysis(
    templates: &[&AnalysisTemplateSpec],
    given: &[Argument],
    dry_run: &[String],
) -> Result<AnalysisSpec, String> {
    let metrics: Vec<_> = templates
        .iter()
        .flat_map(|t| t.metrics.iter().cloned())
        .collect();
    if let Some(name) = twice(&metrics.iter().map(|m| m.name.as_str()).collect::<Vec<_>>()) {
        return Err(format!("two metrics have the same name '{name}'"));
    }
    let of_templates = templates
        .iter()
        .flat_map(|t| t.dry_run.iter().map(|rule| rule.metric_name.clone()));
    let rules: Vec<String> = dry_run.iter().cloned().chain(of_templates).collect();
    if let Some(name) = twice(&rules) {
        return Err(format!(
            "two Dry-Run metric rules have the same name '{name}'"
        ));
    }
    let merged = args::merge(&declared(templates)?, given)?;
    Ok(AnalysisSpec {
        metrics,
        args: merged.into_iter().map(with_value).collect(),
        dry_run: rules,
    })
}

/// The first name that was there before.
fn twice<T: AsRef<str>>(names: &[T]) -> Option<&str> {
    let names = || names.iter().map(AsRef::as_ref);
    let mut numbered = names().enumerate();
    let found = numbered.find(|(nth, name)| names().take(*nth).any(|before| before == *name));
    found.map(|(_, name)| name)
}

/// What only the cluster has gets a value that stands for it.
fn with_value(argument: Argument) -> Argument {
    let value = argument.value.clone().or_else(|| Some(PLACEHOLDER.into()));
    Argument { value, ..argument }
}

fn declared(templates: &[&AnalysisTemplateSpec]) -> Result<Vec<Argument>, String> {
    let mut combined: Vec<Argument> = Vec::new();
    for argument in templates.iter().flat_map(|t| &t.args) {
        match combined
            .iter_mut()
            .find(|known| known.name == argument.name)
        {
            None => combined.push(argument.clone()),
            Some(known) => match (&known.value, &argument.value) {
                (Some(a), Some(b)) if a != b => {
                    let name = &argument.name;
                    return Err(format!(
                        "Argument `{name}` specified multiple times with different values: '{a}', '{b}'"
                    ));
                }
                (None, _) => *known = argument.clone(),
                _ => {}
            },
        }
    }
    Ok(combined)
}

/// Where an analysis stands in a Rollout: the two are validated differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Beside the steps.
    Background,
    /// A step, before or after a promotion.
    Inline,
}

/// Why a Rollout with this analysis is refused (`InvalidSpec`: it never starts). What passes here may still make every run
/// an error: see [`super::metric::Metric::validate`].
///
/// # Errors
/// The engine's words.
pub fn refused(
    place: Place,
    template: (&str, &AnalysisTemplateSpec),
    analysis: &RolloutAnalysis,
) -> Result<(), String> {
    let (name, spec) = template;
    match place {
        Place::Background => background_refused(name, spec, analysis),
        Place::Inline => inline_refused(name, spec),
    }
}

/// An inline analysis may not run for ever, judged with placeholders for arguments: a count from an argument without a
/// default is no number then.
fn inline_refused(name: &str, spec: &AnalysisTemplateSpec) -> Result<(), String> {
    let placed: Vec<Argument> = spec.args.iter().cloned().map(with_value).collect();
    for metric in &spec.metrics {
        let resolved =
            args::resolve(metric, &placed).map_err(|e| format!("AnalysisTemplate {name}: {e}"))?;
        if resolved.endless() {
            let count = resolved
                .count
                .map_or_else(|| "nil".into(), |count| Json::from(count).to_string());
            let words = "which runs indefinitely. Invalid value for count:";
            return Err(format!(
                "AnalysisTemplate {name} has metric {} {words} {count}",
                resolved.name
            ));
        }
    }
    Ok(())
}

fn background_refused(
    name: &str,
    spec: &AnalysisTemplateSpec,
    analysis: &RolloutAnalysis,
) -> Result<(), String> {
    let open = spec
        .args
        .iter()
        .filter(|a| a.value.is_none() && a.value_from.is_null());
    for argument in open {
        if analysis.args.is_empty() {
            return Err(format!(
                "{name}: missing analysis arguments in rollout spec"
            ));
        }
        if !analysis
            .args
            .iter()
            .any(|given| given.name == argument.name)
        {
            return Err(format!("{name}: {}", argument.name));
        }
    }
    Ok(())
}
