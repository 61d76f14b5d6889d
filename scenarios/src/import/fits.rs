//! Whether an object has the types that its product asks for.

use controllers::{argo, flagger, kayenta, openslo, prometheus, sloth};
use serde::de::DeserializeOwned;

use super::object::Object;
use super::recognise::Product;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::with_article;
use crate::source::node::{Node, Value};

/// What of an object does not fit the form of its product: the first such place, or nothing.
pub(super) fn problems(object: &Object) -> Vec<Diagnostic> {
    let found = match (object.product, object.kind.as_str()) {
        (Product::Argo, "Rollout") => fits::<argo::form::Rollout>(object),
        (Product::Argo, "Experiment") => None,
        (Product::Argo, _) => fits::<argo::form::AnalysisTemplate>(object),
        (Product::Flagger, "Canary") => fits::<flagger::form::Canary>(object),
        (Product::Flagger, _) => fits::<flagger::form::MetricTemplate>(object),
        (Product::Kayenta, _) => fits::<kayenta::CanaryConfig>(object),
        (Product::Prometheus, _) => fits_spec::<prometheus::form::RuleFile>(object),
        (Product::Sloth, _) => fits_spec::<sloth::form::Spec>(object),
        (Product::OpenSlo, "SLO") if is_alpha(object) => fits::<openslo::AlphaSlo>(object),
        (Product::OpenSlo, "SLO") => fits::<openslo::Slo>(object),
        (Product::OpenSlo, "AlertPolicy") => fits::<openslo::AlertPolicy>(object),
        (Product::OpenSlo, "AlertCondition") => fits::<openslo::AlertCondition>(object),
        _ => None,
    };
    let found = found.or_else(|| too_large(object));
    found.map(|found| *found).into_iter().collect()
}

/// Numbers of Kubernetes that decide something have 32 bits: counts, weights and seconds. Limits of a metric of Flagger
/// are measured values.
const LARGEST: i128 = i32::MAX as i128;

fn too_large(object: &Object) -> Option<Box<Diagnostic>> {
    if !matches!(object.product, Product::Argo | Product::Flagger) {
        return None;
    }
    let body = object.root().get("spec")?;
    let parts = [
        "strategy",
        "analysis",
        "metrics",
        "replicas",
        "minReadySeconds",
        "progressDeadlineSeconds",
    ];
    let node = parts
        .iter()
        .filter_map(|key| body.get(key))
        .find_map(first_too_large)?;
    let message = format!(
        "this number is beyond what {} can say",
        with_article(&object.kind)
    );
    let found = Diagnostic::error("CM402", node.span.clone(), message);
    Some(Box::new(
        found.reason("counts, weights and seconds have 32 bits"),
    ))
}

fn first_too_large(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::Int(number) => (!(-LARGEST..=LARGEST).contains(number)).then_some(node),
        Value::List(items) => items.iter().find_map(first_too_large),
        Value::Map(entries) => {
            let measured = ["threshold", "thresholdRange", "provider"];
            let counted = entries.iter().filter(|(key, value)| {
                let is_measured = measured.contains(&key.text.as_str());
                !(is_measured
                    && (key.text != "threshold" || matches!(value.value, Value::Float(_))))
            });
            counted.map(|(_, value)| value).find_map(first_too_large)
        }
        _ => None,
    }
}

fn fits<T: DeserializeOwned>(object: &Object) -> Option<Box<Diagnostic>> {
    object.read::<T>().err()
}

/// As a file of its own, or as the `spec` of an object of Kubernetes.
fn fits_spec<T: DeserializeOwned>(object: &Object) -> Option<Box<Diagnostic>> {
    object.read_part::<T>(object.body().1).err()
}

fn is_alpha(object: &Object) -> bool {
    object.json.get("apiVersion").and_then(|it| it.as_str()) == Some("openslo/v1alpha")
}
