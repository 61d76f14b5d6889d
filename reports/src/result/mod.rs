//! Typed results, as they become JSON. Each kind of document says its `schema` and its `version`.

mod audit;
mod backtest;
mod case;
mod chaos;
mod compare;
mod curve;
mod fit;
mod gates;
mod mutate;
mod rare;
mod run;
mod study;
mod timeline;
mod tune;
mod verdict;

pub use audit::AuditRow;
pub use backtest::{
    BacktestReport, CauseRow, DecisionRow, FindingRow, GapRow, InadequateGate, PlayedHistory,
    StartRow, UnthinnedSignal,
};
pub use case::{CaseFault, CaseParting, CaseReport, CaseShowing, CaseSize};
pub use chaos::{
    ChaosCombination, ChaosCoverage, ChaosEnd, ChaosFault, ChaosFrontier, ChaosGenerator,
    ChaosHarm, ChaosInvariant, ChaosLineage, ChaosReach, ChaosReport, ChaosUnder, Counterexample,
    SelfCheck,
};
pub use compare::{
    CompareReport, CompareRow, CompareUnit, CompareVerdict, ComparedCauses, ComparedPair,
    ComparedPolicy, ComparedScenario,
};
pub use curve::{CurvePoint, CurveReport, Detectable, DetectablePlace, DetectableSignal};
pub use fit::{
    Fact, FitFacts, FitFinding, FitReport, FitVerdict, HistoryRow, LimitRow, RunFacts, RunRow,
    RunTotals,
};
pub use gates::{GateRow, gate_rows};
pub use mutate::{MutantRow, MutateReport, MutateScore, MutateStatus};
pub use rare::{RareCheck, RareEstimate, RareReport, RareStatus};
pub use run::{
    EventRow, ExposureFigures, HarmFigures, Inputs, InvariantRow, InvariantStatus, RunReport,
    SlowFigures,
};
pub use study::{
    BoundWord, Distribution, DistributionPoint, ExposureBands, ExposurePoint, Failure,
    InvariantCounts, LimitFigures, ObjectiveRow, ObjectiveStatus, QuantileIntervals, Quantities,
    Quantity, ScenarioKind, StudyCause, StudyReport, ToldRow,
};
pub use timeline::{
    ExposureStep, MarkKind, ReadingPoint, Readings, StageSpan, StoryMark, Timeline,
};
pub use tune::{
    CandidateRow, ConfirmationRow, FigureRow, LeftOut, LookRow, NearestRow, PlaceRow, RefusedRow,
    RejectedRow, SearchFigures, SensitivityRow, TuneReport, TuneStatus, VariationRow,
};
pub use verdict::Verdict;
