//! The decision: the three gates of a stage, each judged once.

use reports::decision::{Findings, GateFlaw, StageGateReport, StageThresholds};
use reports::js_text::to_fixed;
use scenarios::adapter::{InputFault, Json, Metric, metric};
use sim_core::policy::gate::{Reading, Relation};
use sim_core::policy::{Gate, Judgement, Policy, Profile, Stage};

use super::doubt::{StageDoubt, doubt, plain_reading};
use crate::decide::{GateAnswer, GateStatus, judge_once, shipped};

/// The metrics that the gates judge, in their order; each is the signal of one gate a stage.
pub const METRICS: [&str; 3] = ["timeout_rate", "fallback_rate", "objective_delta_ratio"];

/// The optional count of runs behind the metrics, named as in the document's SQL.
const RUNS: &str = "total_runs";

/// Names that every JavaScript object answers to. The module looks its limits up in such an object
/// and finds something without limits, so that everything passes.
const INHERITED: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// What the stage gate decides.
#[derive(Clone, Debug, PartialEq)]
pub struct StageDecision {
    /// The verdict.
    pub status: GateStatus,
    /// The report.
    pub report: StageGateReport,
}

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The module throws; the text is the error as JavaScript prints it.
    Threw(String),
    /// The strict reader cannot use the input.
    Fault(InputFault),
}

/// Decides on a metrics file.
///
/// # Errors
///
/// As-implemented: where the module throws, for a stage that it does not know or a value that it
/// cannot print. As-written: for a stage that the document does not have.
///
/// # Panics
///
/// For [`Profile::Own`], which ships no policy.
pub fn decide(profile: Profile, stage: &str, metrics: &Json) -> Result<StageDecision, Refusal> {
    let policy = shipped("optimize", profile);
    match policy.stage_index(stage) {
        None if profile == Profile::AsImplemented => unknown_stage(stage, metrics),
        None => Err(Refusal::Fault(no_such_stage(policy, stage))),
        Some(_) if profile == Profile::AsImplemented && matches!(metrics, Json::Null) => Err(
            threw("Cannot read properties of null (reading 'timeout_rate')"),
        ),
        Some(index) => judge(policy, &policy.stages[index], metrics),
    }
}

fn threw(message: &str) -> Refusal {
    Refusal::Threw(format!("TypeError: {message}"))
}

/// The module reads the metric before the limit, so that absent metrics are what it trips over first.
fn unknown_stage(stage: &str, metrics: &Json) -> Result<StageDecision, Refusal> {
    if matches!(metrics, Json::Null) {
        return Err(threw(
            "Cannot read properties of null (reading 'timeout_rate')",
        ));
    }
    if !INHERITED.contains(&stage) {
        return Err(threw(
            "Cannot read properties of undefined (reading 'max_timeout_rate')",
        ));
    }
    let (pass, reasons) = (true, Vec::new());
    let report = StageGateReport {
        stage: stage.into(),
        pass,
        reasons,
        thresholds: None,
        findings: None,
    };
    Ok(StageDecision {
        status: GateStatus::Healthy,
        report,
    })
}

fn no_such_stage(policy: &Policy, stage: &str) -> InputFault {
    let known: Vec<&str> = policy
        .stages
        .iter()
        .map(|stage| stage.id.as_str())
        .collect();
    InputFault::new(format!(
        "there is no stage {stage:?}; the stages are {}",
        known.join(", ")
    ))
}

/// One metric after its gate has looked at it.
struct StageLook {
    name: &'static str,
    relation: Relation,
    value: f64,
    judged: GateAnswer,
    doubt: Option<StageDoubt>,
    fails_open: bool,
}

fn judge(policy: &Policy, stage: &Stage, metrics: &Json) -> Result<StageDecision, Refusal> {
    let strict = policy.profile == Profile::AsWritten;
    let runs = metrics.get(RUNS).and_then(Json::number);
    let mut looked = Vec::new();
    for name in METRICS {
        let (metric, gate) = (metric(metrics, name), gate_of(policy, stage, name));
        let doubt = strict.then(|| doubt(name, &metric, gate, runs)).flatten();
        let one = look(name, &metric, gate, doubt, &stage.id);
        if !strict && one.judged.fired && matches!(metric, Metric::Other { .. }) {
            return Err(threw(&format!("metrics.{name}.toFixed is not a function")));
        }
        looked.push(one);
    }
    let status = status(&looked);
    let report = StageGateReport {
        stage: stage.id.clone(),
        pass: status == GateStatus::Healthy,
        reasons: looked.iter().filter_map(reason).collect(),
        thresholds: Some(thresholds(&looked)),
        findings: strict.then(|| findings(&looked, &stage.id, metrics)),
    };
    Ok(StageDecision { status, report })
}

fn gate_of<'p>(policy: &'p Policy, stage: &Stage, signal: &str) -> &'p Gate {
    let gates = stage.criteria.iter().filter_map(|id| policy.gate(id));
    gates
        .into_iter()
        .find(|gate| gate.signal == signal)
        .expect("every stage of the shipped policy has a criterion for each metric")
}

fn look(
    name: &'static str,
    metric: &Metric,
    gate: &Gate,
    doubt: Option<StageDoubt>,
    stage: &str,
) -> StageLook {
    let plain = plain_reading(metric);
    let reading = match &doubt {
        Some(doubt) => Reading::flawed(doubt.flaw),
        // The least number of runs has been doubted already where it is known.
        None => Reading {
            samples: gate.min_samples,
            ..plain
        },
    };
    let judged = judge_once(gate, reading, None);
    let reference_passes = reference_passes(name, stage, plain);
    let fails_open = doubt.is_some() && judged.judgement != Judgement::Pass && reference_passes;
    StageLook {
        name,
        relation: gate.breach.is,
        value: plain.value,
        judged,
        doubt,
        fails_open,
    }
}

fn reference_passes(name: &str, stage: &str, plain: Reading) -> bool {
    let code = shipped("optimize", Profile::AsImplemented);
    code.stage_index(stage).is_some_and(|index| {
        judge_once(gate_of(code, &code.stages[index], name), plain, None).judgement
            == Judgement::Pass
    })
}

fn status(looked: &[StageLook]) -> GateStatus {
    if looked.iter().any(|one| one.judged.fired) {
        GateStatus::Unhealthy
    } else if looked
        .iter()
        .any(|one| one.judged.judgement != Judgement::Pass)
    {
        GateStatus::Undecided
    } else {
        GateStatus::Healthy
    }
}

fn reason(looked: &StageLook) -> Option<String> {
    if looked.judged.fired {
        let word = match looked.relation {
            Relation::Above | Relation::AtLeast => "exceeds",
            Relation::Below | Relation::AtMost => "below",
        };
        let (value, limit) = (to_fixed(looked.value, 4), to_fixed(looked.judged.limit, 4));
        return Some(format!("{} {value} {word} {limit}", looked.name));
    }
    let doubt = looked.doubt.as_ref()?;
    Some(format!(
        "{} cannot be judged: {}",
        looked.name, doubt.detail
    ))
}

fn thresholds(looked: &[StageLook]) -> StageThresholds {
    StageThresholds {
        max_timeout_rate: looked[0].judged.limit,
        max_fallback_rate: looked[1].judged.limit,
        min_objective_delta_ratio: looked[2].judged.limit,
    }
}

fn findings(looked: &[StageLook], stage: &str, metrics: &Json) -> Findings {
    let flaw = |one: &StageLook| {
        let doubt = one.doubt.as_ref()?;
        Some(GateFlaw {
            gate: one.name.to_owned(),
            flaw: doubt.word,
            detail: doubt.detail.clone(),
        })
    };
    Findings {
        profile: "as-written".into(),
        held: looked.iter().filter_map(flaw).collect(),
        fails_open_in_reference: looked
            .iter()
            .filter(|one| one.fails_open)
            .filter_map(flaw)
            .collect(),
        beyond_document: Vec::new(),
        // A module that throws ends its process with 1.
        reference_exit_code: u8::from(decide(Profile::AsImplemented, stage, metrics).is_err()),
    }
}
