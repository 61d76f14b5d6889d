//! A canary with its defaults: the answers that Flagger's scheduler takes from the object on each tick.
//!
//! Source: fluxcd/flagger v1.44.0, `pkg/apis/flagger/v1beta1/canary.go` (defaults), `pkg/controller/scheduler.go`
//! (weights), `pkg/router/factory.go` and `pkg/metrics/observers/factory.go` (providers).

use super::duration;
use super::form::{Canary, CanaryAnalysis, CanaryMetric, MetricTemplateSpec, Templates};

/// All traffic, %.
pub const TOTAL: i64 = 100;
/// What the provider `kubernetes` sets where no iterations are said.
pub const KUBERNETES_ITERATIONS: i64 = 10;
const INTERVAL: f64 = 60.0;
const SHORTEST_INTERVAL: f64 = 10.0;
const PROGRESS_DEADLINE: i64 = 600;

/// How traffic moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Step by step.
    Canary,
    /// `iterations` with `match`: those users all at once.
    AbTesting,
    /// `iterations`: none (or mirrored), then all.
    BlueGreen,
}

/// What a router can do. The weights of all of them are taken as exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// Istio with HTTP, and whatever name Flagger does not know.
    Istio,
    /// Mirrors in blue/green only.
    GatewayApi,
    /// Weights, no mirror; the order to mirror is lost without a word.
    Weights,
    /// `kubernetes`: no weights at all.
    None,
}

/// A canary that can be run, with the templates that its metrics name.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    canary: Canary,
    analysis: CanaryAnalysis,
    /// One for each metric.
    templates: Vec<Option<MetricTemplateSpec>>,
    provider: String,
    router: Router,
}

/// The API server refuses a canary without `spec.analysis`; `canaryAnalysis` of old files is not in the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnalysis;

impl Policy {
    /// A policy from a canary, its templates and the `-mesh-provider` of the controller (`istio` by default).
    ///
    /// # Errors
    ///
    /// The canary has no `spec.analysis`.
    pub fn new(
        canary: Canary,
        templates: &Templates,
        mesh_provider: &str,
    ) -> Result<Self, NoAnalysis> {
        let analysis = canary.spec.analysis.clone().ok_or(NoAnalysis)?;
        let own = &canary.spec.provider;
        let provider = if own.is_empty() {
            mesh_provider.to_owned()
        } else {
            own.clone()
        };
        let namespace = &canary.metadata.namespace;
        let named = |metric: &CanaryMetric| {
            metric
                .template_ref
                .as_ref()
                .map(|named| named.key(namespace))
        };
        let found = |metric| named(metric).and_then(|key| templates.get(&key).cloned());
        let templates = analysis.metrics.iter().map(found).collect();
        let router = router(&provider, &canary);
        Ok(Self {
            canary,
            analysis,
            templates,
            provider,
            router,
        })
    }

    /// As [`Policy::new`] where the templates are not at hand: each that is named is taken as a Prometheus query that
    /// works and does not use `{{ interval }}`.
    ///
    /// # Errors
    ///
    /// As [`Policy::new`].
    pub fn assuming(canary: Canary, mesh_provider: &str) -> Result<Self, NoAnalysis> {
        let metrics = canary
            .spec
            .analysis
            .iter()
            .flat_map(|analysis| &analysis.metrics);
        let templates = metrics
            .filter_map(|metric| metric.template_ref.as_ref())
            .map(|named| {
                (
                    named.key(&canary.metadata.namespace),
                    MetricTemplateSpec::default(),
                )
            })
            .collect();
        Self::new(canary, &templates, mesh_provider)
    }

    /// The canary as it was given.
    #[must_use]
    pub fn canary(&self) -> &Canary {
        &self.canary
    }

    /// `spec.analysis` as written.
    #[must_use]
    pub fn analysis(&self) -> &CanaryAnalysis {
        &self.analysis
    }

    /// The provider in force: that of the canary, or else that of the controller.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The template of the metric at `index`; `None` if it names none or it is not there.
    #[must_use]
    pub fn template(&self, index: usize) -> Option<&MetricTemplateSpec> {
        self.templates.get(index)?.as_ref()
    }

    /// Seconds between ticks: 60 where nothing or nothing readable is said, never below 10.
    #[must_use]
    pub fn interval(&self) -> f64 {
        duration::parse(&self.analysis.interval)
            .map_or(INTERVAL, |seconds| seconds.max(SHORTEST_INTERVAL))
    }

    /// Failed checks that roll back: at least 1.
    #[must_use]
    pub fn threshold(&self) -> i64 {
        self.analysis.threshold.max(1)
    }

    /// Seconds without progress that roll back.
    #[must_use]
    pub fn progress_deadline(&self) -> i64 {
        self.canary
            .spec
            .progress_deadline_seconds
            .unwrap_or(PROGRESS_DEADLINE)
    }

    /// The weight at which the canary is promoted: the **last** of `stepWeights` even where `stepWeight` makes the
    /// steps; else `maxWeight`; else 100.
    #[must_use]
    pub fn max_weight(&self) -> i64 {
        match (self.analysis.step_weights.last(), self.analysis.max_weight) {
            (Some(last), _) => TOTAL.min(*last),
            (None, max) if max > 0 => max,
            (None, _) => TOTAL,
        }
    }

    /// How much the weight grows from `weight`; nothing at or below 0, for good. The successor in `stepWeights` is
    /// found by equality, so that the second of two equal neighbours is never left.
    #[must_use]
    pub fn next_step(&self, weight: i64) -> i64 {
        let steps = &self.analysis.step_weights;
        if self.analysis.step_weight > 0 || steps.is_empty() {
            return self.analysis.step_weight;
        }
        let room = TOTAL - weight;
        if room == 0 {
            return 1;
        }
        if weight == 0 {
            return room.min(steps[0]);
        }
        steps
            .windows(2)
            .find(|pair| pair[0] == weight)
            .map_or(room, |pair| room.min(pair[1] - weight))
    }

    /// Whether the provider is `kubernetes`, where every strategy becomes blue/green.
    #[must_use]
    pub fn is_kubernetes(&self) -> bool {
        self.router == Router::None
    }

    /// `iterations` in force once a check has passed: 10 for `kubernetes` where less than 1 is said.
    #[must_use]
    pub fn iterations(&self) -> i64 {
        match self.analysis.iterations {
            said if self.is_kubernetes() && said < 1 => KUBERNETES_ITERATIONS,
            said => said,
        }
    }

    /// How traffic moves.
    #[must_use]
    pub fn strategy(&self) -> Strategy {
        if self.iterations() <= 0 {
            return Strategy::Canary;
        }
        if self.analysis.matches.is_empty() || self.is_kubernetes() {
            return Strategy::BlueGreen;
        }
        Strategy::AbTesting
    }

    /// What the router can do.
    #[must_use]
    pub fn router(&self) -> Router {
        self.router
    }

    /// Whether an order to mirror has an effect.
    #[must_use]
    pub fn mirrors(&self) -> bool {
        match self.router() {
            Router::Istio => true,
            Router::GatewayApi => self.analysis.iterations > 0,
            Router::Weights | Router::None => false,
        }
    }
}

/// The router of a provider. Istio's TCP routes, which are not mirrored, are asked for by the protocol of the service.
fn router(provider: &str, canary: &Canary) -> Router {
    let weights = [
        "linkerd", "contour", "knative", "nginx", "skipper", "traefik", "apisix", "osm", "kuma",
        "appmesh",
    ];
    let families = [
        "appmesh:v1beta2",
        "smi:v1alpha1",
        "smi:v1alpha2",
        "smi:v1alpha3",
        "gloo",
    ];
    if provider == "kubernetes" {
        Router::None
    } else if provider.starts_with("gatewayapi:v1") {
        Router::GatewayApi
    } else if weights.contains(&provider)
        || families.iter().any(|family| provider.starts_with(family))
        || canary.spec.service.app_protocol.eq_ignore_ascii_case("tcp")
    {
        Router::Weights
    } else {
        Router::Istio
    }
}
