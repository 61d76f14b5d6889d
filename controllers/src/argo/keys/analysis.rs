//! The keys of what measures a release, and what becomes of each.
//!
//! Source: the definitions of argo-rollouts v1.10.1, `pkg/apis/rollouts/v1alpha1`: `analysis_types.go`,
//! `experiment_types.go`.

use super::reasons::{GATE, HISTORY, OBJECT, PODS, SOURCE, STATUS};
use crate::keys::Key;
use crate::keys::Role::{self, Used};

/// Keys of an `AnalysisTemplate`, a `ClusterAnalysisTemplate` and an `AnalysisRun`.
pub const ANALYSIS: &[Key] = &[
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata.name", Used),
    ("metadata.namespace", Used),
    ("metadata", OBJECT),
    ("status", STATUS),
    ("spec.metrics[].name", Used),
    ("spec.metrics[].interval", Used),
    ("spec.metrics[].initialDelay", Used),
    ("spec.metrics[].count", Used),
    ("spec.metrics[].successCondition", Used),
    ("spec.metrics[].failureCondition", Used),
    ("spec.metrics[].failureLimit", Used),
    ("spec.metrics[].inconclusiveLimit", Used),
    ("spec.metrics[].consecutiveErrorLimit", Used),
    ("spec.metrics[].consecutiveSuccessLimit", Used),
    ("spec.metrics[].provider", SOURCE),
    ("spec.args", Used),
    ("spec.args[].name", Used),
    ("spec.args[].value", Used),
    (
        "spec.args[].valueFrom",
        Role::Ignored("what only the cluster has; a word stands for it"),
    ),
    ("spec.dryRun[].metricName", Used),
    ("spec.templates[].templateName", Used),
    ("spec.templates[].clusterScope", Used),
    ("spec.templates", Used),
    ("spec.measurementRetention", HISTORY),
    ("spec.ttlStrategy", HISTORY),
    ("spec.terminate", Used),
];

/// Keys of an `Experiment`: recognised; as a step of a Rollout it is a gate.
pub const EXPERIMENT: &[Key] = &[
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata.name", Used),
    ("metadata.namespace", Used),
    ("metadata", OBJECT),
    ("status", STATUS),
    ("spec.duration", GATE),
    ("spec.templates", PODS),
    ("spec.analyses", GATE),
    ("spec.dryRun", GATE),
    ("spec.progressDeadlineSeconds", GATE),
    ("spec.scaleDownDelaySeconds", GATE),
    ("spec.measurementRetention", HISTORY),
    ("spec.analysisRunMetadata", OBJECT),
    ("spec.terminate", GATE),
];
