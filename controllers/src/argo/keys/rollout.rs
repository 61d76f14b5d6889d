//! The keys of a `Rollout` and what becomes of each.
//!
//! Source: the definitions of argo-rollouts v1.10.1, `pkg/apis/rollouts/v1alpha1/types.go`.

use super::reasons::{CLUSTER, GATE, HISTORY, OBJECT, PODS, REVISIONS, ROUTER, ROUTES, STATUS};
use crate::keys::Key;
use crate::keys::Role::{self, Used};

/// Keys of a `Rollout`.
pub const ROLLOUT: &[Key] = &[
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata.name", Used),
    ("metadata.namespace", Used),
    ("metadata", OBJECT),
    ("status", STATUS),
    ("spec.replicas", Used),
    ("spec.minReadySeconds", Used),
    ("spec.paused", Used),
    ("spec.progressDeadlineSeconds", Used),
    ("spec.progressDeadlineAbort", Used),
    ("spec.selector", CLUSTER),
    ("spec.template", PODS),
    ("spec.workloadRef", PODS),
    ("spec.resourcePlugin", PODS),
    (
        "spec.restartAt",
        Role::Ignored("restarts pods; it releases nothing"),
    ),
    ("spec.revisionHistoryLimit", HISTORY),
    ("spec.analysis.successfulRunHistoryLimit", HISTORY),
    ("spec.analysis.unsuccessfulRunHistoryLimit", HISTORY),
    ("spec.rollbackWindow", REVISIONS),
    ("spec.strategy.canary", Used),
    ("spec.strategy.canary.canaryService", CLUSTER),
    ("spec.strategy.canary.stableService", CLUSTER),
    ("spec.strategy.canary.pingPong", CLUSTER),
    ("spec.strategy.canary.canaryMetadata", PODS),
    ("spec.strategy.canary.stableMetadata", PODS),
    ("spec.strategy.canary.antiAffinity", PODS),
    (
        "spec.strategy.canary.scaleDownDelayRevisionLimit",
        REVISIONS,
    ),
    ("spec.strategy.canary.maxSurge", Used),
    ("spec.strategy.canary.maxUnavailable", Used),
    ("spec.strategy.canary.dynamicStableScale", Used),
    ("spec.strategy.canary.minPodsPerReplicaSet", Used),
    ("spec.strategy.canary.scaleDownDelaySeconds", Used),
    ("spec.strategy.canary.abortScaleDownDelaySeconds", Used),
    ("spec.strategy.canary.replicaProgressThreshold.type", Used),
    ("spec.strategy.canary.replicaProgressThreshold.value", Used),
    ("spec.strategy.canary.trafficRouting", Used),
    ("spec.strategy.canary.trafficRouting.maxTrafficWeight", Used),
    ("spec.strategy.canary.trafficRouting.managedRoutes", CLUSTER),
    ("spec.strategy.canary.trafficRouting.alb", ROUTER),
    ("spec.strategy.canary.trafficRouting.ambassador", ROUTER),
    ("spec.strategy.canary.trafficRouting.apisix", ROUTER),
    ("spec.strategy.canary.trafficRouting.appMesh", ROUTER),
    ("spec.strategy.canary.trafficRouting.istio", ROUTER),
    ("spec.strategy.canary.trafficRouting.nginx", ROUTER),
    ("spec.strategy.canary.trafficRouting.plugins", ROUTER),
    ("spec.strategy.canary.trafficRouting.smi", ROUTER),
    ("spec.strategy.canary.trafficRouting.traefik", ROUTER),
    ("spec.strategy.canary.analysis.startingStep", Used),
    ("spec.strategy.canary.analysis.templates", Used),
    (
        "spec.strategy.canary.analysis.templates[].templateName",
        Used,
    ),
    (
        "spec.strategy.canary.analysis.templates[].clusterScope",
        Used,
    ),
    ("spec.strategy.canary.analysis.args[].name", Used),
    ("spec.strategy.canary.analysis.args[].value", Used),
    (
        "spec.strategy.canary.analysis.args[].valueFrom.podTemplateHashValue",
        Used,
    ),
    (
        "spec.strategy.canary.analysis.args[].valueFrom.fieldRef.fieldPath",
        Used,
    ),
    ("spec.strategy.canary.analysis.args", Used),
    ("spec.strategy.canary.analysis.dryRun[].metricName", Used),
    (
        "spec.strategy.canary.analysis.measurementRetention",
        HISTORY,
    ),
    ("spec.strategy.canary.analysis.analysisRunMetadata", OBJECT),
    ("spec.strategy.canary.steps", Used),
    ("spec.strategy.canary.steps[]", Used),
    ("spec.strategy.canary.steps[].setWeight", Used),
    ("spec.strategy.canary.steps[].pause", Used),
    ("spec.strategy.canary.steps[].pause.duration", Used),
    ("spec.strategy.canary.steps[].setCanaryScale.weight", Used),
    ("spec.strategy.canary.steps[].setCanaryScale.replicas", Used),
    (
        "spec.strategy.canary.steps[].setCanaryScale.matchTrafficWeight",
        Used,
    ),
    ("spec.strategy.canary.steps[].setHeaderRoute.name", Used),
    ("spec.strategy.canary.steps[].setHeaderRoute", ROUTES),
    ("spec.strategy.canary.steps[].setMirrorRoute.name", Used),
    (
        "spec.strategy.canary.steps[].setMirrorRoute.percentage",
        Used,
    ),
    ("spec.strategy.canary.steps[].setMirrorRoute", ROUTES),
    ("spec.strategy.canary.steps[].experiment", GATE),
    ("spec.strategy.canary.steps[].plugin", GATE),
    ("spec.strategy.canary.steps[].analysis.templates", Used),
    (
        "spec.strategy.canary.steps[].analysis.templates[].templateName",
        Used,
    ),
    (
        "spec.strategy.canary.steps[].analysis.templates[].clusterScope",
        Used,
    ),
    ("spec.strategy.canary.steps[].analysis.args[].name", Used),
    ("spec.strategy.canary.steps[].analysis.args[].value", Used),
    (
        "spec.strategy.canary.steps[].analysis.args[].valueFrom.podTemplateHashValue",
        Used,
    ),
    (
        "spec.strategy.canary.steps[].analysis.args[].valueFrom.fieldRef.fieldPath",
        Used,
    ),
    ("spec.strategy.canary.steps[].analysis.args", Used),
    (
        "spec.strategy.canary.steps[].analysis.dryRun[].metricName",
        Used,
    ),
    (
        "spec.strategy.canary.steps[].analysis.measurementRetention",
        HISTORY,
    ),
    (
        "spec.strategy.canary.steps[].analysis.analysisRunMetadata",
        OBJECT,
    ),
    ("spec.strategy.blueGreen", Used),
    ("spec.strategy.blueGreen.activeService", CLUSTER),
    ("spec.strategy.blueGreen.previewService", CLUSTER),
    ("spec.strategy.blueGreen.activeMetadata", PODS),
    ("spec.strategy.blueGreen.previewMetadata", PODS),
    ("spec.strategy.blueGreen.antiAffinity", PODS),
    (
        "spec.strategy.blueGreen.maxUnavailable",
        Role::Ignored("bounds restarts; a blue-green release scales at once"),
    ),
    (
        "spec.strategy.blueGreen.scaleDownDelayRevisionLimit",
        REVISIONS,
    ),
    ("spec.strategy.blueGreen.previewReplicaCount", Used),
    ("spec.strategy.blueGreen.autoPromotionEnabled", Used),
    ("spec.strategy.blueGreen.autoPromotionSeconds", Used),
    ("spec.strategy.blueGreen.scaleDownDelaySeconds", Used),
    ("spec.strategy.blueGreen.abortScaleDownDelaySeconds", Used),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.templates",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.templates[].templateName",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.templates[].clusterScope",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.args[].name",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.args[].value",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.args[].valueFrom.podTemplateHashValue",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.args[].valueFrom.fieldRef.fieldPath",
        Used,
    ),
    ("spec.strategy.blueGreen.prePromotionAnalysis.args", Used),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.dryRun[].metricName",
        Used,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.measurementRetention",
        HISTORY,
    ),
    (
        "spec.strategy.blueGreen.prePromotionAnalysis.analysisRunMetadata",
        OBJECT,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.templates",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.templates[].templateName",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.templates[].clusterScope",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.args[].name",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.args[].value",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.args[].valueFrom.podTemplateHashValue",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.args[].valueFrom.fieldRef.fieldPath",
        Used,
    ),
    ("spec.strategy.blueGreen.postPromotionAnalysis.args", Used),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.dryRun[].metricName",
        Used,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.measurementRetention",
        HISTORY,
    ),
    (
        "spec.strategy.blueGreen.postPromotionAnalysis.analysisRunMetadata",
        OBJECT,
    ),
];
