//! What people reported in public, as policies and scenarios that say it.

/// A public report, and the files that play it.
#[derive(Debug)]
pub struct PublicReport {
    /// The name of its folder.
    pub name: &'static str,
    /// What is seen in it.
    pub title: &'static str,
    /// Where it was reported, and when.
    pub source: &'static str,
    /// Its files, by name.
    pub files: &'static [(&'static str, &'static str)],
}

/// Returns all of them.
pub fn reports() -> &'static [PublicReport] {
    REPORTS
}

macro_rules! report {
    ($name:literal, $title:literal, $source:literal, [$($file:literal),* $(,)?]) => {
        PublicReport {
            name: $name,
            title: $title,
            source: $source,
            files: &[$((
                concat!($file, ".yaml"),
                include_str!(concat!("../../library/reports/", $name, "/", $file, ".yaml")),
            )),*],
        }
    };
}

const REPORTS: &[PublicReport] = &[
    report!(
        "scheduler-tick",
        "holds shorter than the scheduler's minute: one step a tick, or a jump to the step that the clock says",
        "growthbook/growthbook#5415 (2026-03-04)",
        ["on-tick.policy", "catch-up.policy", "healthy.scenario"]
    ),
    report!(
        "burn-tiers",
        "burn-rate tiers with `for`, and the remedy that joins breaches by AND and NOT",
        "vonrobak/fedora-homelab-containers#165 (2026-04-21)",
        ["lasting.policy", "joined.policy", "outage.scenario"]
    ),
    report!(
        "lost-scrape",
        "an alert with `for` that starts anew at each lost scrape, and one that keeps its state",
        "cloudflare/pint#966 (2025-09-24)",
        ["keep.policy", "starts-anew.policy", "flap.scenario"]
    ),
    report!(
        "standby-kept",
        "a regression found late has nothing warm to return to, unless the last versions are kept",
        "temporalio/temporal-worker-controller#270 (2026-04-10)",
        [
            "day.policy",
            "last-two.policy",
            "late-20.scenario",
            "late-30.scenario"
        ]
    ),
    report!(
        "already-red",
        "an alarm that is red before the start: taken for the release's doing, ignored, or a reason not to start",
        "seek-oss/skuba#1637 (2024-08-16), aws/serverless-application-model#716; Amazon ECS and CodeDeploy, deployment alarms",
        [
            "unasked.policy",
            "ignore.policy",
            "refuse.policy",
            "fix.scenario"
        ]
    ),
    report!(
        "silent-hosts",
        "hosts that hang report nothing: their errors are not there, their silence is",
        "Beyer et al., Site Reliability Engineering (2016), chapter 6; node heartbeats of Kubernetes",
        ["errors.policy", "heartbeat.policy", "dead.scenario"]
    ),
    report!(
        "phased-release",
        "a mobile release over seven days, to sticky devices whose updates fail, by the store and on weekdays with a freeze",
        "App Store Connect, release a version update in phases; mozilla-mobile/firefox-ios#12187 (2022-10-20)",
        [
            "as-written.policy",
            "as-implemented.policy",
            "healthy.scenario",
            "crashing.scenario",
            "failing.scenario"
        ]
    ),
    report!(
        "blue-green",
        "blue and green with a standby and a drain; a standby of 30 seconds is shorter than any gate",
        "Argo Rollouts, BlueGreen strategy: scaleDownDelaySeconds is 30 where nothing is said",
        [
            "as-written.policy",
            "as-implemented.policy",
            "at-once.scenario",
            "late.scenario"
        ]
    ),
    report!(
        "nobody-to-finish",
        "a staged rollout that waits for the last engineer, for a week at most",
        "willowtreeapps/vocable-android#690 (2026-08-26)",
        ["week.policy", "silent-0.3.scenario", "silent-1.scenario"]
    ),
    report!(
        "update-budget",
        "a rollout that stops on how many updates failed, or on their share of those tried",
        "Azure/AKS#5338 (2025-10-12), hreskiv/mikr#80 (2026-09-12), nerves-hub/nerves_hub_web#2988 (2026-09-01)",
        [
            "budget.policy",
            "share.policy",
            "flaky.scenario",
            "broken.scenario"
        ]
    ),
    report!(
        "long-tasks",
        "tasks that are killed with their workers at each deploy, after a grace that is shorter than they are",
        "Arvo-AI/aurora#487 (2026-06-06)",
        ["all-at-once.policy", "killed.scenario", "finished.scenario"]
    ),
    report!(
        "flag-half-percent",
        "half a percent that is nobody, one percent or a tenth of the requests, by what splits them",
        "Unleash, ConfigCat and nginx `random two`, run with declared weights (2026-11-30)",
        [
            "ramp.policy",
            "unleash.scenario",
            "configcat.scenario",
            "random-two.scenario"
        ]
    ),
];
