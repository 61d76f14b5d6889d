//! Kayenta: what a CanaryConfig can score, and what its judge makes of little data.

use controllers::kayenta::classify::Label;
use controllers::kayenta::score::{Counted, best};
use controllers::kayenta::{CanaryConfig, JUDGE};

use super::finding::ObjectFindings;
use super::object::Object;
use crate::diagnostic::quote::quote;

/// The shares of the summary score, %.
const WHOLE: f64 = 100.0;

/// A judge whose rules are not known.
pub(super) fn beyond(object: &Object) -> Vec<(String, String)> {
    let config = object.read::<CanaryConfig>().unwrap_or_default();
    if foreign_judge(&config) {
        let why = format!("only the rules of {JUDGE} are known");
        return vec![("judge.name".to_owned(), why)];
    }
    Vec::new()
}

/// `dredd-v1.0` is Kayenta's judge for demonstrations; whoever names it means the form, not its random answers.
fn foreign_judge(config: &CanaryConfig) -> bool {
    let name = config.judge.name.as_str();
    !(name.is_empty() || name == JUDGE || name == controllers::kayenta::RANDOM_JUDGE)
}

/// ObjectFindings about a configuration.
pub(super) fn lint(findings: &mut ObjectFindings<'_>) {
    let Ok(config) = findings.object.read::<CanaryConfig>() else {
        return;
    };
    if config.judge.name == controllers::kayenta::RANDOM_JUDGE {
        let what = "the judge draws its answers at random";
        let why = "`dredd-v1.0` is made for tests of Kayenta itself and looks at no data";
        findings.warning("CM442", "judge.name", [what, why, &format!("`{JUDGE}`")]);
    }
    score(findings, &config);
    data(findings, &config);
    effects(findings, &config);
}

fn counted(config: &CanaryConfig) -> Vec<Counted<'_>> {
    let counts = config
        .metrics
        .iter()
        .filter(|metric| !metric.analysis_configurations.canary.muted);
    counts
        .map(|metric| Counted {
            groups: &metric.groups,
            label: Label::Pass,
            critical: metric.analysis_configurations.canary.critical,
        })
        .collect()
}

/// Scores that cannot be reached.
fn score(findings: &mut ObjectFindings<'_>, config: &CanaryConfig) {
    let weights = &config.classifier.group_weights;
    let most = best(&counted(config), weights);
    let path = "classifier.groupWeights";
    let thresholds = config.classifier.score_thresholds;
    let pass = thresholds.map(|thresholds| thresholds.pass);
    if let Some(pass) = pass.filter(|pass| most < *pass) {
        let what = format!("no canary can pass: {most} is the best score, {pass} is needed");
        let why = "the weight of a group without a metric is lost; a canary in which every metric passes fails";
        let next = "give the weight to groups that have metrics";
        findings.error("CM433", path, [&what, why, next]);
    } else if (most - WHOLE).abs() > 1e-9 && !config.metrics.is_empty() {
        let what = format!("the best score is {most}, not 100");
        let why = "thresholds are read as shares of 100; groups without metrics lose their weight, and weights need not add up";
        findings.warning(
            "CM433",
            path,
            [
                &what,
                why,
                "weights of the groups that have metrics add up to 100",
            ],
        );
    }
    dead_groups(findings, config);
}

/// Weights of groups that no metric is in.
fn dead_groups(findings: &mut ObjectFindings<'_>, config: &CanaryConfig) {
    let (weights, path) = (&config.classifier.group_weights, "classifier.groupWeights");
    let dead = |name: &String| {
        !config
            .metrics
            .iter()
            .any(|metric| metric.groups.contains(name))
    };
    for name in weights.keys().filter(|name| dead(name)) {
        let what = format!("no metric is in the group {}", quote(name));
        let path = format!("{path}.{name}");
        findings.warning(
            "CM433",
            &path,
            [
                &what,
                "its weight is in no score",
                "name the group of a metric",
            ],
        );
    }
}

/// What missing data does.
fn data(findings: &mut ObjectFindings<'_>, config: &CanaryConfig) {
    for (nth, metric) in config.metrics.iter().enumerate() {
        let analysis = &metric.analysis_configurations.canary;
        let path = format!("metrics[{nth}]");
        if analysis.replaces_nan() {
            let what = format!("{} makes zeros of NaN", quote(&metric.name));
            let why = "a canary that reports only NaN is a canary at 0: Low, where it should be no data; points that are \
                       missing on one side are a change";
            let path = format!("{path}.analysisConfigurations.canary.nanStrategy");
            findings.warning(
                "CM443",
                &path,
                [&what, why, "`remove`, and `mustHaveData: true`"],
            );
        }
    }
    silent_groups(findings, config);
}

/// Groups in which nothing must have data.
fn silent_groups(findings: &mut ObjectFindings<'_>, config: &CanaryConfig) {
    let silent = |group: &str| {
        let mut inside = config
            .metrics
            .iter()
            .filter(|metric| metric.groups.iter().any(|it| it == group));
        inside.all(|metric| !metric.analysis_configurations.canary.must_have_data)
    };
    let mut groups: Vec<&String> = config
        .metrics
        .iter()
        .flat_map(|metric| &metric.groups)
        .collect();
    groups.sort();
    groups.dedup();
    let silent: Vec<String> = groups
        .into_iter()
        .filter(|group| silent(group))
        .map(|group| quote(group))
        .collect();
    if !silent.is_empty() {
        let what = format!("groups without data count as 100: {}", silent.join(", "));
        let why = "with their full weight, unless half of all metrics have no data: a canary that sends nothing passes";
        findings.note("CM443", "metrics", [&what, why, "`mustHaveData: true`"]);
    }
}

/// What a change must be to count.
fn effects(findings: &mut ObjectFindings<'_>, config: &CanaryConfig) {
    let plain = |metric: &controllers::kayenta::form::Metric| {
        let effect = &metric.analysis_configurations.canary.effect_size;
        effect.allowed_increase.is_none() && effect.allowed_decrease.is_none()
    };
    let Some(nth) = config.metrics.iter().position(plain) else {
        return;
    };
    let what = "the tolerance of 25 % is a share of the change itself, not of the baseline";
    let why = "a change of 1 % that is measured precisely is High; with 50 points and ordinary noise +10 % is missed in 93 of 100";
    let next = "`effectSize: {allowedIncrease: 1.1}` says from which ratio on a change counts";
    findings.note("CM444", &format!("metrics[{nth}]"), [what, why, next]);
    let what = "judge no interval with less than 50 points";
    let why = "one point against one is an Error, which no score counts: it passes at 100; two against two are High by \
               chance in 12 of 100; a metric whose values are near 0.00001 (a ratio of errors) is never High";
    findings.note(
        "CM434",
        &format!("metrics[{nth}]"),
        [
            what,
            why,
            "longer intervals, and per cent in place of shares",
        ],
    );
}
