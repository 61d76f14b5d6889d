//! The table: every fault, with what is said about it.

use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};

use super::entry::{EntryOf, Layer};
use super::lowering::{Lower, Lowering, Misfit};
use super::macros::faults;
use super::telemetry::always;
use super::{actuation, controller, defect, environment, human, telemetry, version};

const FELT: &str = "users of the version feel it";
const READ: &str = "a gate reads other data than it would have";
const AMONG: &str = "hosts of the new version were among them";
const SLOWER: &str = "hosts need another time than they would have";
const MOVED: &str = "hosts moved that nobody in charge told to";
const LATER: &str = "a host ended later than it would have";
const EARLY: &str = "a window is taken to be over at another time";
const NOBODY: &str = "a beat, an answer or a report of a host found nobody";
const ORDER: &str = "the steps were in another order";
const ASKED: &str = "somebody was asked";
const LOOKED: &str = "somebody looked at the evidence";
const SAME: &str = "a step ended with the same content";
const LOAD: &str = "the load is another";
const BEAT: &str = "a beat was lost while a stage was being played";
const INSTEAD: &str = "a rollback was called for and did not begin";
const LONGER: &str = "the switch was thrown and took longer";

/// What the catalogue says about one of its faults.
pub type Entry = EntryOf<Fault>;

impl Entry {
    /// Returns the entry of this name.
    /// # Example
    /// ```
    /// use chaos::catalogue::Entry;
    ///
    /// let entry = Entry::of("human.override_advance").expect("the catalogue has it");
    /// assert_eq!(entry.group(), "human");
    /// assert!(Entry::of("human.kindness").is_none());
    /// ```
    pub fn of(name: &str) -> Option<&'static Self> {
        ENTRIES.iter().find(|entry| entry.name == name)
    }
}

impl Fault {
    /// Returns what the catalogue says about it.
    ///
    /// # Panics
    /// Never: every fault has an entry.
    pub fn entry(&self) -> &'static Entry {
        Entry::of(self.name()).expect("every fault has an entry")
    }
}

faults! {
    VersionStep(version::Step) = "version.step" "V1" Release at version::from_exposure {
        "a signal of the new version is worse from the first exposure on",
        shows: FELT, threatens: &["INV-TRIGGER", "INV-GATE", "HARM"],
        source: "Google SRE Workbook, postmortem analysis: a binary push triggered 37 % of the outages" }
    VersionRamp(version::Ramp) = "version.ramp" "V2" Release at version::from_exposure {
        "a signal of the new version drifts slowly",
        shows: FELT, threatens: &["INV-TRIGGER", "INV-GATE", "HARM"],
        source: "Leaks; CP8 cutover runbook, memory trend" }
    VersionLeak(version::Leak) = "version.leak" "V3" Release at version::from_exposure {
        "something grows with the time that a host has been up",
        shows: FELT, threatens: &["INV-OBSERVE", "INV-GATE"],
        source: "AWS, EBS event of October 2012 (a leak in a monitoring agent)" }
    VersionLatent(version::Latent) = "version.latent" "V4" Release at version::from_exposure {
        "nothing shows for a while, and then a signal is worse",
        shows: FELT, threatens: &["INV-OBSERVE", "HARM"],
        source: "Google Cloud incident of 2025-06-12: dormant for 14 days" }
    VersionLoadGated(version::LoadGated) = "version.load_gated" "V5" Release at version::from_exposure {
        "a signal of the new version is worse under load alone",
        shows: FELT, threatens: &["INV-GATE", "HARM"],
        source: "Facebook: configuration errors that show at scale only" }
    VersionSubset(version::Subset) = "version.subset" "V6" Release at version::from_exposure {
        "a part of the hosts of the new version is worse, diluted by the rest",
        shows: FELT, threatens: &["INV-TRIGGER", "INV-BLAST"],
        source: "Cloudflare, 2022-06-21: 19 data centres" }
    VersionCohortThreshold(version::CohortThreshold) = "version.cohort_threshold" "V7" Release at version::from_exposure {
        "the new version is worse once many hosts serve it",
        shows: FELT, threatens: &["INV-TRIGGER", "INV-ROLLBACK"],
        source: "AWS Kinesis event of November 2020 (a limit on threads)" }
    VersionPoison(version::Poison) = "version.poison" "V8" Release at version::from_exposure {
        "a rare input makes requests to the new version fail, in spells",
        shows: FELT, threatens: &["INV-TRIGGER", "HARM"],
        source: "Google Cloud incident of 2025-06-12 (blank fields of a policy); CrowdStrike, July 2024" }
    VersionFlapping(version::Flapping) = "version.flapping" "V9" Release at version::from_exposure {
        "a regression comes and goes, faster than a sustained window",
        shows: FELT, threatens: &["INV-TRIGGER", "HARM"],
        source: "Cloudflare, 2025-11-18: a file made anew every 5 minutes, good and bad in turn" }
    VersionCrashLoop(version::CrashLoop) = "version.crash_loop" "V10" Release at version::from_exposure {
        "hosts of the new version restart again and again",
        shows: FELT, threatens: &["INV-ROLLBACK", "INV-TRIGGER", "HARM"],
        source: "franken_node, crash loop detector: more than 5 crashes in 300 s" }
    VersionConfigSkew(version::ConfigSkew) = "version.config_skew" "V11" Release at version::from_exposure {
        "a part of the hosts has the new binary and the old configuration",
        shows: FELT, threatens: &["INV-BLAST", "INV-PRE", "HARM"],
        source: "Knight Capital, 2012: one server of eight" }
    VersionMixedVersion(version::MixedVersion) = "version.mixed_version" "V12" Release at version::from_exposure {
        "everybody is worse while both versions serve",
        shows: FELT, threatens: &["INV-ROLLBACK", "INV-GATE", "HARM"],
        source: "SOSP 2021, study of upgrade failures: two thirds are interactions of two versions" }
    VersionIrreversible(version::Irreversible) = "version.irreversible" "V13" Release at version::from_exposure {
        "the new version leaves state behind that breaks the old one",
        shows: FELT, threatens: &["INV-ROLLBACK", "HARM"],
        source: "SOSP 2021, study of upgrade failures: 60 % concern persistent data" }
    VersionQuality(version::Quality) = "version.quality" "V14" Release at version::from_exposure {
        "results are worse while the golden signals are green",
        shows: FELT, threatens: &["INV-GATE", "HARM"],
        source: "optimize rollout runbook, objective delta ratio" }
    VersionBenignShift(version::BenignShift) = "version.benign_shift" "V15" Release at version::from_exposure {
        "the new version differs for a while and does no harm",
        shows: FELT, threatens: &["INV-NOFALSE"],
        source: "Gandalf, NSDI 2020: a precision of 92.4 %" }
    VersionSecurity(version::Security) = "version.security" "V16" Release at version::from_exposure {
        "events happen that must not happen at all",
        shows: FELT, threatens: &["INV-TRIGGER", "HARM"],
        source: "CP8 cutover runbook, policy bundle" }
    EnvZoneLoss(environment::ZoneLoss) = "env.zone_loss" "E1" Host at environment::for_half_an_hour {
        "hosts of a zone are gone and come back with the version that they had",
        shows: AMONG, threatens: &["INV-BLAST", "INV-ROLLBACK"],
        source: "FoundationDB, machine attrition workload; Dean's first-year figures of a cluster" }
    EnvHostCrash(environment::HostCrash) = "env.host_crash" "E2" Host at environment::for_half_an_hour {
        "hosts crash and restart again and again",
        shows: AMONG, threatens: &["INV-OBSERVE", "INV-ROLLBACK"],
        source: "FoundationDB and moonpool, attrition workloads" }
    EnvBrownout(environment::Brownout) = "env.brownout" "E3" Host at environment::for_half_an_hour {
        "a dependency is slow or fails for both versions",
        shows: FELT, threatens: &["INV-NOFALSE", "INV-TRIGGER"],
        source: "SoCC 2022, incident study: a dependency failed in 16.4 %" }
    EnvSurge(environment::Surge) = "env.surge" "E4" Host at environment::for_half_an_hour {
        "there is more traffic",
        shows: LOAD, threatens: &["INV-NOFALSE", "HARM"],
        source: "Google SRE Workbook, postmortem analysis: users' behaviour triggered 9 %" }
    EnvTrough(environment::Trough) = "env.trough" "E5" Host at environment::for_half_an_hour {
        "there is hardly any traffic",
        shows: LOAD, threatens: &["INV-GATE"],
        source: "Flagger issue 1098; Argo Rollouts issue 1905" }
    EnvRetryStorm(environment::RetryStorm) = "env.retry_storm" "E6" Host at environment::for_half_an_hour {
        "retries keep the load high and everybody failing",
        shows: FELT, threatens: &["INV-ROLLBACK", "INV-LIVE", "HARM"],
        source: "Metastable failures in the wild, OSDI 2022: 22 failures in 11 organisations" }
    EnvRestartHerd(environment::RestartHerd) = "env.restart_herd" "E7" Host at environment::from_rollback {
        "hosts that restart at the same time hold each other up",
        shows: SLOWER, threatens: &["INV-ROLLBACK", "HARM"],
        source: "Google Cloud incident of 2025-06-12: 2 h 40 min in the largest region" }
    EnvGray(environment::Gray) = "env.gray" "E8" Host at environment::for_half_an_hour {
        "users see failures and the detector says that all is well",
        shows: READ, threatens: &["INV-TRIGGER", "HARM"],
        source: "Gray failure, HotOS 2017 (differential observability)" }
    EnvFailSlow(environment::FailSlow) = "env.fail_slow" "E9" Host at environment::for_half_an_hour {
        "a few hosts are several times slower",
        shows: FELT, threatens: &["INV-NOFALSE", "INV-GATE"],
        source: "moonpool, pair latency; disk throttling" }
    EnvAutoscale(environment::Autoscale) = "env.autoscale" "E10" Host at environment::for_half_an_hour {
        "hosts are added in the middle of a stage",
        shows: MOVED, threatens: &["INV-BLAST", "INV-ROLLBACK"],
        source: "Argo Rollouts issue 4973: scaling up after an abort brings the canary back" }
    EnvConcurrentChange(environment::ConcurrentChange) = "env.concurrent_change" "E11" Host at environment::for_half_an_hour {
        "somebody else changes something at the same time",
        shows: FELT, threatens: &["INV-NOFALSE"],
        source: "Gandalf, NSDI 2020: blame among rollouts at the same time" }
    EnvCapacityLossInRollback(environment::CapacityLossInRollback) = "env.capacity_loss_in_rollback" "E12" Host at environment::from_rollback {
        "capacity of the old version is gone when it is needed",
        shows: SLOWER, threatens: &["INV-ROLLBACK", "HARM"],
        source: "Argo Rollouts issue 1029 (dynamic stable scale)" }
    EnvClock(environment::Clock) = "env.clock" "E13" Evaluator at version::from_exposure {
        "the clock that measures windows is wrong",
        shows: "a window is taken to be over, or not to be, at another time", threatens: &["INV-OBSERVE", "INV-PAUSE"],
        source: "TigerBeetle, time simulator; Jepsen, clock nemesis" }
    TelemetryMissing(telemetry::Missing) = "telemetry.missing" "T1" Transport at environment::for_half_an_hour {
        "scrapes do not arrive",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "SoCC 2022, incident study: no monitors in 8.6 %, gaps in coverage in 8.6 %" }
    TelemetryLag(telemetry::Lag) = "telemetry.lag" "T2" Store at environment::for_half_an_hour {
        "samples arrive later",
        shows: READ, threatens: &["INV-TRIGGER", "INV-ROLLBACK"],
        source: "ordinary pipelines of metrics" }
    TelemetryStale(telemetry::Stale) = "telemetry.stale" "T3" Store at environment::for_half_an_hour {
        "the last value is served again and again with a fresh time stamp",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "caches of dashboards and exporters" }
    TelemetryNan(telemetry::Nan) = "telemetry.nan" "T4" Exporter at environment::for_half_an_hour {
        "something that is no number is read where a number should be",
        shows: READ, threatens: &["INV-GATE"],
        source: "three recorded evaluators that pass on NaN, null or missing fields" }
    TelemetryZeroTraffic(telemetry::ZeroTraffic) = "telemetry.zero_traffic" "T5" Exporter at environment::for_half_an_hour {
        "the denominator is zero",
        shows: READ, threatens: &["INV-GATE"],
        source: "Flagger issues 1098 and 1689; Argo Rollouts issue 1905" }
    TelemetryLabelDrop(telemetry::LabelDrop) = "telemetry.label_drop" "T6" Transport at environment::for_half_an_hour {
        "samples of the canary are found under the control",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "Flagger issue 1581 (a wrong metric name passes)" }
    TelemetryLabelSwap(telemetry::LabelSwap) = "telemetry.label_swap" "T6" Transport at environment::for_half_an_hour {
        "the labels of canary and control take each other's place",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER", "INV-NOFALSE"],
        source: "Flagger issue 1581, the other way round" }
    TelemetryContamination(telemetry::Contamination) = "telemetry.contamination" "T7" Transport at environment::for_half_an_hour {
        "the control sees a part of what the canary does",
        shows: READ, threatens: &["INV-TRIGGER"],
        source: "Google SRE Workbook, canarying: a control at the same time" }
    TelemetryBaselineDrift(telemetry::BaselineDrift) = "telemetry.baseline_drift" "T8" Query at version::from_exposure {
        "the baseline learns from the canary during the rollout",
        shows: READ, threatens: &["INV-TRIGGER"],
        source: "adaptive baselines under a slow drift" }
    TelemetryCounterReset(telemetry::CounterReset) = "telemetry.counter_reset" "T9" Exporter at telemetry::soon_after_exposure {
        "counters start again and the query does not expect it",
        shows: READ, threatens: &["INV-TRIGGER", "INV-NOFALSE"],
        source: "Prometheus, semantics of rate" }
    TelemetryDuplicate(telemetry::Duplicate) = "telemetry.duplicate" "T10" Store at environment::for_half_an_hour {
        "samples are counted twice",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "deliveries at least once" }
    TelemetryReorder(telemetry::Reorder) = "telemetry.reorder" "T10" Store at environment::for_half_an_hour {
        "a part of each scrape arrives after the rest",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "out-of-order ingestion" }
    TelemetryQuantise(telemetry::Quantise) = "telemetry.quantise" "T11" Query at environment::for_half_an_hour {
        "values are rounded to coarse steps",
        shows: READ, threatens: &["INV-TRIGGER", "INV-NOFALSE"],
        source: "errors of histogram quantiles" }
    TelemetrySampling(telemetry::Sampling) = "telemetry.sampling" "T12" Exporter at environment::for_half_an_hour {
        "one sample in so many is kept",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "head sampling of traces" }
    TelemetryCardinalityCap(telemetry::CardinalityCap) = "telemetry.cardinality_cap" "T13" Transport at environment::for_half_an_hour {
        "series of the canary are dropped above a limit",
        shows: READ, threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "limits on series of metric stores" }
    TelemetryAggregation(telemetry::Aggregation) = "telemetry.aggregation" "T14" Query at environment::for_half_an_hour {
        "an average over the fleet hides the canary",
        shows: READ, threatens: &["INV-TRIGGER"],
        source: "means of quantiles; fleet averages" }
    TelemetryWindowMisalign(telemetry::WindowMisalign) = "telemetry.window_misalign" "T15" Query at environment::for_half_an_hour {
        "the window that is asked for lies further back than the evaluation's",
        shows: READ, threatens: &["INV-TRIGGER", "INV-NOFALSE"],
        source: "queries with an offset" }
    TelemetryBackfill(telemetry::Backfill) = "telemetry.backfill" "T16" Store at environment::for_half_an_hour {
        "a gap is filled later with other values",
        shows: READ, threatens: &["INV-EVIDENCE", "INV-GATE"],
        source: "late repair of a metric store" }
    TelemetryMonitorBug(telemetry::MonitorBug) = "telemetry.monitor_bug" "T17" Query at environment::for_half_an_hour {
        "a query has a wrong unit or sign",
        shows: READ, threatens: &["INV-TRIGGER", "INV-GATE"],
        source: "SoCC 2022, incident study: a monitor's bug in 10.5 %" }
    TelemetrySilentHosts(telemetry::SilentHosts) = "telemetry.silent_hosts" "T19" Transport at version::from_exposure {
        "a part of the hosts of the new version is not heard of any more, and what they would show is not seen",
        shows: READ, threatens: &["INV-TRIGGER", "INV-GATE"],
        source: "Beyer et al., Site Reliability Engineering (2016), chapter 6; node heartbeats of Kubernetes" }
    TelemetryAlertPathDown(telemetry::AlertPathDown) = "telemetry.alert_path_down" "T18" Human at always {
        "a page is not delivered",
        shows: "somebody is asked and does not hear it", threatens: &["INV-LIVE", "INV-SIGNOFF"],
        source: "paging systems" }
    ControllerCrash(controller::Crash) = "controller.crash" "C1" Controller at controller::ten_minutes {
        "the controller dies and comes back without what it had not written down",
        shows: "a beat, an answer or a report of a host found nobody, or something was forgotten", threatens: &["INV-STAGED", "INV-OBSERVE", "INV-TRIGGER"],
        source: "FoundationDB and madsim; restart mutants" }
    ControllerFailover(controller::Failover) = "controller.failover" "C2" Controller at controller::in_rollback {
        "another instance takes over after a while",
        shows: NOBODY, threatens: &["INV-ROLLBACK"],
        source: "franken_node, fencing epochs" }
    ControllerSplitBrain(controller::SplitBrain) = "controller.split_brain" "C2" Controller at environment::from_rollback {
        "a second leader goes on with the stage that it remembers",
        shows: MOVED, threatens: &["INV-STAGED", "INV-BLAST", "INV-ROLLBACK"],
        source: "franken_node, PERSIST_STALE_VERSION and EPV-003" }
    ControllerEvaluatorStopped(controller::EvaluatorStopped) = "controller.evaluator_stopped" "C13" Evaluator at controller::ten_minutes {
        "nobody evaluates and everything else goes on",
        shows: BEAT, threatens: &["INV-TRIGGER"],
        source: "Flagger issue 1801 (no evaluation while waiting)" }
    ControllerEvaluatorSlow(controller::EvaluatorSlow) = "controller.evaluator_slow" "C13" Evaluator at controller::ten_minutes {
        "evaluations come more rarely than the policy says",
        shows: BEAT, threatens: &["INV-TRIGGER"],
        source: "overloaded controllers" }
    ControllerTriggerMasked(controller::TriggerMasked) = "controller.trigger_masked" "C13" Evaluator at version::from_exposure {
        "triggers are not looked at in some state",
        shows: "a beat passed whose triggers nobody looked at", threatens: &["INV-TRIGGER", "HARM"],
        source: "Flagger issue 1801: a threshold is breached and nothing is rolled back while waiting" }
    ControllerVerdictRace(controller::VerdictRace) = "controller.verdict_race" "C14" Evaluator at version::from_exposure {
        "success is reported before the analysis has ended",
        shows: EARLY, threatens: &["INV-OBSERVE", "INV-GATE"],
        source: "Argo Rollouts issues 943 and 1411" }
    ControllerSkipGate(controller::SkipGate) = "controller.skip_gate" "C15" Evaluator at version::from_exposure {
        "a gate passes without being asked",
        shows: "a gate passed that would not have", threatens: &["INV-GATE", "INV-TRIGGER"],
        source: "Flagger issues 45, 362 and 1149" }
    ControllerConfigReload(controller::ConfigReload) = "controller.config_reload" "C16" Evaluator at version::from_exposure {
        "limits are edited while the rollout is under way",
        shows: READ, threatens: &["INV-STAGED", "INV-BLAST", "INV-TRIGGER"],
        source: "edits of a policy in the middle of a rollout" }
    ControllerSharedFate(controller::SharedFate) = "controller.shared_fate" "C19" Controller at controller::ten_minutes {
        "the controller runs on what it rolls out and goes down with it",
        shows: NOBODY, threatens: &["INV-ROLLBACK", "INV-LIVE"],
        source: "Facebook outage of October 2021" }
    ActuationCmdLoss(actuation::CmdLoss) = "actuation.cmd_loss" "C3" Actuator at always {
        "commands to hosts are lost",
        shows: LATER, threatens: &["INV-ROLLBACK", "INV-BLAST"],
        source: "TigerBeetle, packet loss of up to 30 %" }
    ActuationCmdLate(actuation::CmdLate) = "actuation.cmd_late" "C4" Actuator at always {
        "commands to hosts are late",
        shows: LATER, threatens: &["INV-ROLLBACK", "INV-BLAST"],
        source: "TigerBeetle, packet delays" }
    ActuationCmdDup(actuation::CmdDup) = "actuation.cmd_dup" "C5" Actuator at telemetry::soon_after_exposure {
        "a command arrives twice and takes more hosts",
        shows: MOVED, threatens: &["INV-BLAST", "INV-STAGED"],
        source: "TigerBeetle, packet replay of up to 50 %" }
    ActuationCmdReorder(actuation::CmdReorder) = "actuation.cmd_reorder" "C6" Actuator at environment::from_rollback {
        "a forward command overtakes the rollback",
        shows: MOVED, threatens: &["INV-ROLLBACK", "INV-BLAST"],
        source: "TigerBeetle, packet reordering" }
    ActuationStuckHosts(actuation::StuckHosts) = "actuation.stuck_hosts" "C7" Actuator at always {
        "hosts do not obey before the fault is healed",
        shows: LATER, threatens: &["INV-ROLLBACK"],
        source: "Argo Rollouts issue 1337: an abort leaves two pods of the canary" }
    ActuationSlowApply(actuation::SlowApply) = "actuation.slow_apply" "C8" Actuator at always {
        "hosts need longer to drain, to load and to start",
        shows: SLOWER, threatens: &["INV-ROLLBACK", "INV-OBSERVE"],
        source: "alarm windows of SageMaker and ECS" }
    ActuationBadTarget(actuation::BadTarget) = "actuation.bad_target" "C9" Actuator at always {
        "what the rollback returns to is bad as well",
        shows: SAME, threatens: &["INV-ROLLBACK", "HARM"],
        source: "Knight Capital, 2012: removing the new code made it worse" }
    ActuationPartialRollback(actuation::PartialRollback) = "actuation.partial_rollback" "C10" Actuator at always {
        "a rollback step does not reach every host",
        shows: "a step reached only a part", threatens: &["INV-ROLLBACK"],
        source: "Argo Rollouts issue 4841" }
    ActuationRollbackScalesWrong(actuation::RollbackScalesWrong) = "actuation.rollback_scales_wrong" "C11" Actuator at environment::from_rollback {
        "the rollback hits the old version's capacity",
        shows: SLOWER, threatens: &["INV-ROLLBACK", "HARM"],
        source: "Argo Rollouts issues 1292 and 2050" }
    ActuationRollbackFlap(actuation::RollbackFlap) = "actuation.rollback_flap" "C12" Actuator at actuation::after_reverted {
        "a release that was rolled back comes again",
        shows: MOVED, threatens: &["INV-BLAST", "INV-RECOVER", "INV-ROLLBACK"],
        source: "Argo Rollouts issues 4973, 1665 and 3078" }
    ActuationAckLies(actuation::AckLies) = "actuation.ack_lies" "C17" Actuator at always {
        "hosts say that they were reverted and were not",
        shows: "hosts were left out of a rollback that said it was done", threatens: &["INV-ROLLBACK", "INV-OBSERVE"],
        source: "Knight Capital, 2012: the script reported success" }
    ActuationQuota(actuation::Quota) = "actuation.quota" "C18" Actuator at always {
        "commands leave one after another at a limited rate",
        shows: LATER, threatens: &["INV-ROLLBACK"],
        source: "rate limits of control planes" }
    ActuationUpdatesFail(actuation::UpdatesFail) = "actuation.updates_fail" "C21" Actuator at always {
        "the first try of many updates fails",
        shows: LATER, threatens: &["INV-TRIGGER", "INV-LIVE"],
        source: "Azure/AKS#5338; hreskiv/mikr#80; nerves-hub/nerves_hub_web#2988" }
    ActuationKillSwitchSlow(actuation::KillSwitchSlow) = "actuation.kill_switch_slow" "C20" Actuator at always {
        "the kill switch takes longer to reach everybody",
        shows: LONGER, threatens: &["INV-KILL", "HARM"],
        source: "Google Cloud incident of 2025-06-12: 40 min until the button was everywhere" }
    HumanAckLate(human::AckLate) = "human.ack_late" "H1" Human at always {
        "people answer late",
        shows: ASKED, threatens: &["INV-RECOVER", "INV-LIVE"],
        source: "Azure, 2025-10-29: 19 minutes from impact to investigation" }
    HumanAckRash(human::AckRash) = "human.ack_rash" "H1" Human at always {
        "people answer at once, without looking",
        shows: ASKED, threatens: &["INV-APPROVAL", "INV-RECOVER"],
        source: "approvals by habit" }
    HumanAckTwice(human::AckTwice) = "human.ack_twice" "H1" Human at always {
        "people give an answer twice",
        shows: ASKED, threatens: &["INV-APPROVAL", "INV-BLAST"],
        source: "two people on the same page" }
    HumanWaiverWrong(human::WaiverWrong) = "human.waiver_wrong" "H2" Human at always {
        "a waiver that does not count is accepted",
        shows: "a waiver was accepted that should have been refused", threatens: &["INV-WAIVER", "INV-STAGED"],
        source: "Rollout Wedge Policy, Appeal Process" }
    HumanPauseForgotten(human::PauseForgotten) = "human.pause_forgotten" "H3" Human at always {
        "nobody ends a pause",
        shows: "somebody was asked and did not answer", threatens: &["INV-LIVE", "INV-PAUSE"],
        source: "Chaos Mesh issue 1556 (resuming after a long pause fails)" }
    HumanNoApproval(human::NoApproval) = "human.no_approval" "H12" Human at always {
        "nobody gives an approval that has a time limit",
        shows: "somebody was asked and did not answer", threatens: &["INV-ANSWER", "INV-LIVE"],
        source: "willowtreeapps/vocable-android#690" }
    HumanFallbackMisordered(human::FallbackMisordered) = "human.fallback_misordered" "H4" Human at always {
        "two steps of a rollback are taken in each other's place",
        shows: ORDER, threatens: &["INV-ORDER"],
        source: "SoCC 2022, incident study: manual effort delayed 9.2 %, procedures 10.5 % of mitigations" }
    HumanStepSkipped(human::StepSkipped) = "human.step_skipped" "H4" Human at always {
        "a step of a rollback is left out",
        shows: ORDER, threatens: &["INV-ORDER", "INV-ROLLBACK"],
        source: "SoCC 2022, incident study" }
    HumanOverrideAdvance(human::OverrideAdvance) = "human.override_advance" "H5" Human at telemetry::soon_after_exposure {
        "somebody lets a stage go on, whatever its gates say",
        shows: "a stage went on by word of mouth", threatens: &["INV-GATE", "INV-OBSERVE", "INV-APPROVAL"],
        source: "Rollout Wedge Policy, manual increments" }
    HumanFixForward(human::FixForward) = "human.fix_forward" "H6" Human at always {
        "a new version is made instead of a rollback",
        shows: INSTEAD, threatens: &["INV-RECOVER", "INV-TRIGGER"],
        source: "SoCC 2022, incident study: code fixes mitigated 7.9 %, rollbacks 22.4 %" }
    HumanWrongCohort(human::WrongCohort) = "human.wrong_cohort" "H7" Human at telemetry::soon_after_exposure {
        "a percentage is applied to the wrong pool",
        shows: MOVED, threatens: &["INV-BLAST"],
        source: "Cloudflare, 2020-07-17" }
    HumanTypoScope(human::TypoScope) = "human.typo_scope" "H8" Human at telemetry::soon_after_exposure {
        "a command hits more hosts than was meant",
        shows: MOVED, threatens: &["INV-BLAST", "INV-STAGED"],
        source: "AWS S3 event of February 2017" }
    EvidenceEvidenceIncomplete(defect::EvidenceIncomplete) = "evidence.incomplete" "H9" Human at always {
        "a piece of evidence is missing, unreadable or red",
        shows: LOOKED, threatens: &["INV-EVIDENCE", "INV-PRE"],
        source: "RaptorQ rollout policy, response packet" }
    HumanShiftHandover(human::ShiftHandover) = "human.shift_handover" "H10" Human at always {
        "somebody orders a rollback step again who did not know of the first order",
        shows: ORDER, threatens: &["INV-ORDER"],
        source: "handovers between shifts" }
    HumanFreeze(human::Freeze) = "human.freeze" "H11" Human at version::from_exposure {
        "a deadline shortens the windows",
        shows: EARLY, threatens: &["INV-OBSERVE"],
        source: "release freezes" }
    DefectKillSwitchNoop(defect::KillSwitchNoop) = "defect.kill_switch_noop" "D1" Actuator at always {
        "the kill switch is thrown and nothing happens",
        shows: "the switch was thrown", threatens: &["INV-KILL", "HARM"],
        source: "optimize rollout: no code reads the documented switches" }
    DefectStaleClients(defect::StaleClients) = "defect.stale_clients" "D2" Actuator at always {
        "clients go on with the configuration that they have loaded",
        shows: LONGER, threatens: &["INV-KILL", "HARM"],
        source: "optimize rollout: the front end reads its switch when it is built" }
    EvidenceVacuousEvidence(defect::VacuousEvidence) = "evidence.vacuous" "D3" Human at always {
        "evidence is green and says nothing",
        shows: LOOKED, threatens: &["INV-EVIDENCE", "INV-PRE"],
        source: "CP8 cutover: a null memory reading passed" }
    EvidenceStaleGreen(defect::StaleGreen) = "evidence.stale_green" "D4" Human at always {
        "evidence is green and old",
        shows: LOOKED, threatens: &["INV-EVIDENCE", "INV-PRE"],
        source: "recorded gates that do not look at the age of an artifact" }
    TelemetryCalibrationPoisoning(defect::CalibrationPoisoning) = "telemetry.calibration_poisoning" "D5" Query at version::from_exposure {
        "the baseline is fed with what it should detect",
        shows: FELT, threatens: &["INV-TRIGGER", "HARM"],
        source: "CP8 cutover: the canary's own baseline; RaptorQ: calibration data" }
    HumanRepromotionWithoutAck(defect::RepromotionWithoutAck) = "human.repromotion_without_ack" "D6" Human at always {
        "a new attempt begins that nobody has agreed to",
        shows: INSTEAD, threatens: &["INV-RECOVER", "INV-TRIGGER"],
        source: "control-plane guard: no acknowledgement is kept" }
    ActuationSameContentBundle(defect::SameContentBundle) = "actuation.same_content_bundle" "D7" Actuator at always {
        "the restored bundle has the same bad content",
        shows: SAME, threatens: &["INV-ROLLBACK", "HARM"],
        source: "CP8 cutover: policy bundles" }
    ActuationStepFails(defect::StepFails) = "actuation.step_fails" "D8" Actuator at always {
        "a rollback step fails",
        shows: "a step failed", threatens: &["INV-ROLLBACK", "INV-ORDER"],
        source: "rollback bundles, health checks of up to 30 s" }
    ActuationStandbyAbsent(defect::StandbyAbsent) = "actuation.standby_absent" "D9" Host at always {
        "the old version is no longer there to return to",
        shows: "nothing was there to return to", threatens: &["INV-ROLLBACK", "INV-LIVE"],
        source: "CP8 cutover: the window of the standby" }
}
