//! Typed results, as they become JSON. Each kind of document says its `schema` and its `version`.

mod audit;
mod backtest;
mod case;
mod chaos;
mod compare;
mod coverage;
mod curve;
mod fidelity;
mod fit;
mod gates;
mod mutate;
mod objective;
mod quantity;
mod rare;
mod run;
mod study;
mod timeline;
mod tune;
mod tune_rows;
mod verdict;

pub use audit::AuditRow;
pub use backtest::{
    BacktestReport, CauseRow, DecisionRow, FindingRow, GapRow, GateUnit, InadequateGate,
    PlayedHistory, StartRow, UnthinnedSignal,
};
pub use case::{CaseFault, CaseParting, CaseReport, CaseShowing, CaseSize};
pub use chaos::{
    ChaosEnd, ChaosFault, ChaosGenerator, ChaosHarm, ChaosInvariant, ChaosReport, ChaosUnder,
    Counterexample, SelfCheck,
};
pub use compare::{
    CompareReport, CompareRow, CompareUnit, CompareVerdict, ComparedCauses, ComparedPair,
    ComparedPolicy, ComparedScenario,
};
pub use coverage::{ChaosCombination, ChaosCoverage, ChaosFrontier, ChaosLineage, ChaosReach};
pub use curve::{CurvePoint, CurveReport, Detectable, DetectablePlace, DetectableSignal};
pub use fidelity::{
    FidelityKey, FidelityObject, FidelityOther, FidelityProblem, FidelityReport, FidelityStatus,
};
pub use fit::{
    Fact, FitFacts, FitFinding, FitReport, FitVerdict, HistoryRow, LimitRow, RunFacts, RunRow,
    RunTotals,
};
pub use gates::{GateRow, gate_rows};
pub use mutate::{MutantRow, MutateReport, MutateScore, MutateStatus};
pub use objective::{
    BoundWord, InvariantCounts, ObjectiveRow, ObjectiveStatus, StudyCause, ToldRow, invariant_of,
};
pub use quantity::{
    Distribution, DistributionPoint, QuantileIntervals, Quantities, Quantity, UsersFigures,
};
pub use rare::{RareCheck, RareEstimate, RareReport, RareStatus};
pub use run::{
    EventRow, ExposureFigures, GuardFaultCount, GuardInputs, HarmFigures, Inputs, InvariantRow,
    InvariantStatus, LoweredInputs, RunReport, SlowFigures, UnderstoodMetric,
};
pub use study::{
    ExposureBands, ExposurePoint, Failure, LimitFigures, PartialShare, ScenarioKind, StudyReport,
};
pub use timeline::{
    ExposureStep, MarkKind, ReadingPoint, Readings, StageSpan, Timeline, TimelineMark,
};
pub use tune::{
    CandidateCauses, CandidateRow, LeftOut, LookRow, NearestRow, PlaceRow, SearchFigures,
    TuneReport, TuneStatus, VariationRow,
};
pub use tune_rows::{ConfirmationRow, FigureRow, RefusedRow, RejectedRow, SensitivityRow};
pub use verdict::Verdict;
