//! Whether an object has the types that its product asks for.

use controllers::{argo, flagger, kayenta, openslo, prometheus, sloth};
use serde::de::DeserializeOwned;

use super::object::Object;
use super::recognise::Product;
use crate::diagnostic::Diagnostic;

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
    found.map(|found| *found).into_iter().collect()
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
