//! The keys of a CanaryConfig and what becomes of each.

use crate::keys::{Key, Role};

const QUERY: Role = Role::Ignored("what is asked of the metrics store; the scenario answers it");
const NAMES: Role = Role::Ignored("identity of the configuration");

/// Keys of a CanaryConfig (a69573b).
pub const CANARY_CONFIG: [Key; 38] = [
    ("name", Role::Used),
    ("id", NAMES),
    ("description", NAMES),
    ("configVersion", NAMES),
    ("applications", NAMES),
    ("createdTimestamp", NAMES),
    ("createdTimestampIso", NAMES),
    ("updatedTimestamp", NAMES),
    ("updatedTimestampIso", NAMES),
    ("owner", NAMES),
    ("templates", QUERY),
    ("services", QUERY),
    ("judge.name", Role::Used),
    (
        "judge.judgeConfigurations",
        Role::Ignored("no judge reads it"),
    ),
    ("metrics[].name", Role::Used),
    ("metrics[].query", QUERY),
    ("metrics[].service", QUERY),
    ("metrics[].scopeName", QUERY),
    (
        "metrics[].extensions",
        Role::Ignored("an older spelling of analysisConfigurations, which the judge does not read"),
    ),
    (
        "metrics[].analysisConfigurations.acaJudge",
        Role::Ignored("the judge reads `canary` only"),
    ),
    ("metrics[].groups", Role::Used),
    ("metrics[].groups[]", Role::Used),
    ("metrics[].analysisConfigurations", Role::Used),
    ("metrics[].analysisConfigurations.canary", Role::Used),
    (
        "metrics[].analysisConfigurations.canary.direction",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.nanStrategy",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.critical",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.mustHaveData",
        Role::Used,
    ),
    ("metrics[].analysisConfigurations.canary.muted", Role::Used),
    (
        "metrics[].analysisConfigurations.canary.outliers.strategy",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.outliers.outlierFactor",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.effectSize.measure",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.effectSize.allowedIncrease",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.effectSize.allowedDecrease",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.effectSize.criticalIncrease",
        Role::Used,
    ),
    (
        "metrics[].analysisConfigurations.canary.effectSize.criticalDecrease",
        Role::Used,
    ),
    ("classifier.groupWeights.*", Role::Used),
    ("classifier.scoreThresholds.*", Role::Used),
];
