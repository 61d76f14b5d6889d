//! What a document of somebody else's is, by the keys that its product requires.

use crate::source::node::{Node, Value};

/// A product whose files are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Argo Rollouts.
    Argo,
    /// Flagger.
    Flagger,
    /// Kayenta.
    Kayenta,
    /// Rules of Prometheus, in a file or in a `PrometheusRule`.
    Prometheus,
    /// sloth, as a file or as a `PrometheusServiceLevel`.
    Sloth,
    /// OpenSLO.
    OpenSlo,
    /// AWS CodeDeploy.
    CodeDeploy,
    /// Kruise Rollouts.
    Kruise,
    /// Keptn.
    Keptn,
    /// Pipelines of Spinnaker.
    Spinnaker,
}

impl Product {
    /// Returns its name, as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Argo => "Argo Rollouts",
            Self::Flagger => "Flagger",
            Self::Kayenta => "Kayenta",
            Self::Prometheus => "Prometheus",
            Self::Sloth => "sloth",
            Self::OpenSlo => "OpenSLO",
            Self::CodeDeploy => "AWS CodeDeploy",
            Self::Kruise => "Kruise Rollouts",
            Self::Keptn => "Keptn",
            Self::Spinnaker => "Spinnaker",
        }
    }

    /// Returns the template of `coalmine init` that is nearest to a product that is not read yet.
    pub const fn nearest_template(self) -> Option<&'static str> {
        match self {
            Self::CodeDeploy => Some("cutover"),
            Self::Kruise | Self::Spinnaker => Some("control-plane"),
            Self::Keptn => Some("optimize"),
            _ => None,
        }
    }
}

/// What a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The product.
    pub product: Product,
    /// The kind, as the product calls it.
    pub kind: String,
}

/// Says what a document is; nothing if it is of none of the products.
pub fn recognise(root: &Node) -> Option<Recognised> {
    let known = |product, kind: &str| {
        Some(Recognised {
            product,
            kind: kind.to_owned(),
        })
    };
    if let Some((product, kind)) = by_version(root) {
        return known(product, kind);
    }
    let (product, kind) = by_keys(root)?;
    known(product, kind)
}

/// By `apiVersion` and `kind`.
fn by_version(root: &Node) -> Option<(Product, &str)> {
    let version = text(root, "apiVersion")?;
    let kind = text(root, "kind")?;
    let group = version.split('/').next().unwrap_or(version);
    let product = match group {
        "argoproj.io" => Product::Argo,
        "flagger.app" => Product::Flagger,
        "monitoring.coreos.com" => Product::Prometheus,
        "sloth.slok.dev" => Product::Sloth,
        "openslo" => Product::OpenSlo,
        "rollouts.kruise.io" => Product::Kruise,
        "spec.keptn.sh" => Product::Keptn,
        group if group.ends_with(".keptn.sh") => Product::Keptn,
        _ => return None,
    };
    decides(product, kind).then_some((product, kind))
}

/// Whether a kind has a part in a decision, or is one that its product writes beside those.
fn decides(product: Product, kind: &str) -> bool {
    match product {
        Product::Argo => matches!(
            kind,
            "Rollout"
                | "AnalysisTemplate"
                | "ClusterAnalysisTemplate"
                | "AnalysisRun"
                | "Experiment"
        ),
        Product::Flagger => matches!(kind, "Canary" | "MetricTemplate"),
        Product::Prometheus => kind == "PrometheusRule",
        Product::Sloth => kind == "PrometheusServiceLevel",
        _ => true,
    }
}

/// By the keys that no document of ours has together.
fn by_keys(root: &Node) -> Option<(Product, &'static str)> {
    let has = |key: &str| root.get(key).is_some();
    let list_with = |key: &str, inner: &[&str]| {
        let items = root.get(key).map(Node::items).unwrap_or_default();
        let has_all = |item: &Node| inner.iter().all(|key| item.get(key).is_some());
        !items.is_empty() && items.iter().all(has_all)
    };
    if list_with("groups", &["rules"]) {
        Some((Product::Prometheus, "rule file"))
    } else if has("slos") && text(root, "version").is_some_and(|it| it.starts_with("prometheus/")) {
        Some((Product::Sloth, "spec"))
    } else if list_with("metrics", &["query"]) && (has("classifier") || has("judge")) {
        Some((Product::Kayenta, "CanaryConfig"))
    } else if has_code_deploy_resource(root) {
        Some((Product::CodeDeploy, "CloudFormation template"))
    } else if has("deploymentConfigName")
        || has("minimumHealthyHosts")
        || has("trafficRoutingConfig")
    {
        Some((Product::CodeDeploy, "deployment configuration"))
    } else if is_app_spec(root) {
        Some((Product::CodeDeploy, "AppSpec"))
    } else if list_with("stages", &["type", "refId"]) {
        Some((Product::Spinnaker, "pipeline"))
    } else if has("spec_version") && has("objectives") {
        Some((Product::Keptn, "SLO file"))
    } else {
        None
    }
}

fn has_code_deploy_resource(root: &Node) -> bool {
    root.get("Resources").is_some_and(|resources| {
        resources.entries().iter().any(|(_, resource)| {
            text(resource, "Type").is_some_and(|kind| kind.starts_with("AWS::CodeDeploy::"))
        })
    })
}

/// `version: 0.0` with hooks, files or resources.
fn is_app_spec(root: &Node) -> bool {
    let version = match root.get("version").map(|node| &node.value) {
        Some(Value::Float(number)) => *number == 0.0,
        Some(Value::String(text)) => text == "0.0",
        _ => false,
    };
    let parts = ["hooks", "Hooks", "files", "Resources"];
    version && parts.iter().any(|key| root.get(key).is_some())
}

/// The text at a key.
pub(super) fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::as_str)
}

/// What a document is that is of no product here: its kind, for a sentence about it.
pub(super) fn other(root: &Node) -> String {
    match (text(root, "apiVersion"), text(root, "kind")) {
        (Some(version), Some(kind)) => format!("{kind} ({version})"),
        (None, Some(kind)) => kind.to_owned(),
        _ => "a document of another kind".to_owned(),
    }
}
