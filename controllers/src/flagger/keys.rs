//! The keys of `Canary` and `MetricTemplate` and what becomes of each.

use crate::keys::{Key, Role};

const INFRASTRUCTURE: Role =
    Role::Ignored("names and shapes objects of the cluster; it decides nothing");
const OBJECT: Role = Role::Ignored("identity of the object");
const NOTIFY: Role = Role::Ignored("tells people; it decides nothing");

/// Keys of a `Canary` (flagger.app/v1beta1, v1.44.0).
pub const CANARY: [Key; 64] = [
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata.name", Role::Used),
    ("metadata.namespace", Role::Used),
    ("metadata", OBJECT),
    (
        "status",
        Role::Ignored("what a controller wrote; a simulation starts anew"),
    ),
    ("spec.provider", Role::Used),
    ("spec.targetRef.kind", Role::Used),
    ("spec.targetRef.name", Role::Used),
    ("spec.targetRef.apiVersion", OBJECT),
    (
        "spec.metricsServer",
        Role::Ignored("where metrics are asked; the scenario answers them"),
    ),
    (
        "spec.autoscalerRef",
        Role::Ignored("replicas are those of the scenario"),
    ),
    ("spec.ingressRef", INFRASTRUCTURE),
    ("spec.routeRef", INFRASTRUCTURE),
    ("spec.upstreamRef", INFRASTRUCTURE),
    (
        "spec.revertOnDeletion",
        Role::Ignored("acts when the object is deleted"),
    ),
    ("spec.service.appProtocol", Role::Used),
    ("spec.service", INFRASTRUCTURE),
    ("spec.progressDeadlineSeconds", Role::Used),
    ("spec.skipAnalysis", Role::Used),
    ("spec.suspend", Role::Used),
    (
        "spec.canaryAnalysis",
        Role::Ignored("not in the definition of the resource any more: the API server drops it"),
    ),
    ("spec.analysis.interval", Role::Used),
    ("spec.analysis.iterations", Role::Used),
    ("spec.analysis.mirror", Role::Used),
    ("spec.analysis.mirrorWeight", Role::Used),
    ("spec.analysis.maxWeight", Role::Used),
    ("spec.analysis.stepWeight", Role::Used),
    ("spec.analysis.stepWeights[]", Role::Used),
    ("spec.analysis.stepWeights", Role::Used),
    ("spec.analysis.stepWeightPromotion", Role::Used),
    ("spec.analysis.threshold", Role::Used),
    ("spec.analysis.primaryReadyThreshold", Role::Used),
    ("spec.analysis.canaryReadyThreshold", Role::Used),
    ("spec.analysis.alerts", NOTIFY),
    (
        "spec.analysis.sessionAffinity",
        Role::Ignored("keeps a user on one side; weights stay what they are"),
    ),
    (
        "spec.analysis.match",
        Role::Ignored(
            "which users an A/B test takes: their share is the scenario's; that there are any makes it an A/B test",
        ),
    ),
    ("spec.analysis.metrics", Role::Used),
    ("spec.analysis.metrics[].name", Role::Used),
    ("spec.analysis.metrics[].interval", Role::Used),
    ("spec.analysis.metrics[].threshold", Role::Used),
    ("spec.analysis.metrics[].thresholdRange", Role::Used),
    ("spec.analysis.metrics[].thresholdRange.min", Role::Used),
    ("spec.analysis.metrics[].thresholdRange.max", Role::Used),
    ("spec.analysis.metrics[].query", Role::Used),
    ("spec.analysis.metrics[].templateRef.name", Role::Used),
    ("spec.analysis.metrics[].templateRef.namespace", Role::Used),
    ("spec.analysis.metrics[].templateRef.apiVersion", OBJECT),
    ("spec.analysis.metrics[].templateRef.kind", OBJECT),
    (
        "spec.analysis.metrics[].templateVariables",
        Role::Ignored("text of the query; the scenario answers the metric"),
    ),
    ("spec.analysis.webhooks", Role::Used),
    ("spec.analysis.webhooks[].type", Role::Used),
    ("spec.analysis.webhooks[].name", Role::Used),
    ("spec.analysis.webhooks[].url", Role::Used),
    ("spec.analysis.webhooks[].timeout", Role::Used),
    ("spec.analysis.webhooks[].retries", Role::Used),
    ("spec.analysis.webhooks[].muteAlert", NOTIFY),
    (
        "spec.analysis.webhooks[].metadata",
        Role::Ignored("payload of the call"),
    ),
    (
        "spec.analysis.webhooks[].disableTLS",
        Role::Ignored("how the call is made"),
    ),
    ("spec.analysis", Role::Used),
    ("spec", Role::Used),
    ("spec.targetRef", Role::Used),
    ("spec.analysis.webhooks[]", Role::Used),
    ("spec.analysis.metrics[]", Role::Used),
];

/// Keys of a `MetricTemplate`.
pub const METRIC_TEMPLATE: [Key; 10] = [
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata.name", Role::Used),
    ("metadata.namespace", Role::Used),
    ("metadata", OBJECT),
    ("status", Role::Ignored("what a controller wrote")),
    ("spec.query", Role::Used),
    ("spec.provider.type", Role::Used),
    ("spec.provider.address", Role::Used),
    (
        "spec.provider",
        Role::Ignored("how the metrics server is reached"),
    ),
];
