//! What comes out of coalmine: runs, studies and decisions as text, JSON and Markdown.
//!
//! Everything here is a pure function from results to text. A result is first put into the typed
//! form that becomes JSON ([`RunReport`], [`StudyReport`]); text and Markdown are written from that
//! form, so that a stored result can be shown again without playing anything.

mod account;
mod annotations;
pub mod artifact;
mod audit;
mod backtest_json;
mod backtest_text;
mod case_json;
mod case_text;
mod causes;
mod chaos_findings;
mod chaos_json;
mod chaos_lineage;
mod chaos_text;
mod chaos_ticket;
pub mod chart;
mod compare_json;
mod compare_text;
mod curve_json;
mod curve_text;
pub mod decision;
mod escape;
mod events;
pub mod figure;
mod fit_json;
mod fit_text;
mod gates;
pub mod js_text;
mod junit;
mod markdown;
mod mutate_json;
mod mutate_text;
mod packet;
pub mod page;
pub mod python_text;
mod rare_json;
mod rare_text;
mod run_json;
mod run_text;
pub mod safe;
mod sarif;
mod spark;
mod spoken;
mod story;
mod story_json;
mod study_brief;
mod study_csv;
mod study_json;
mod study_markdown;
mod study_text;
mod style;
mod table;
mod ticket;
mod timeline;
mod tune_json;
mod tune_markdown;
mod tune_text;
mod verdict;

pub use account::Account;
pub use annotations::{file_annotation, study_annotations};
pub use audit::{AuditRow, audit_markdown, audit_trail};
pub use backtest_json::{
    BacktestReport, CauseRow, DecisionRow, FindingRow, GapRow, InadequateGate, PlayedHistory,
    StartRow, UnthinnedSignal,
};
pub use backtest_text::{backtest_csv, backtest_text};
pub use case_json::{CaseFault, CaseParting, CaseReport, CaseShowing, CaseSize};
pub use case_text::{case_markdown, case_text};
pub use causes::{cause_sentence, study_causes};
pub use chaos_json::{
    ChaosCombination, ChaosCoverage, ChaosEnd, ChaosFault, ChaosFrontier, ChaosGenerator,
    ChaosHarm, ChaosInvariant, ChaosLineage, ChaosReach, ChaosReport, ChaosUnder, Counterexample,
    SelfCheck,
};
pub use chaos_text::{chaos_markdown, chaos_text};
pub use chaos_ticket::chaos_ticket;
pub use compare_json::{
    CompareReport, CompareRow, CompareUnit, CompareVerdict, ComparedCauses, ComparedPair,
    ComparedPolicy, ComparedScenario,
};
pub use compare_text::{compare_markdown, compare_text};
pub use curve_json::{CurvePoint, CurveReport, Detectable, DetectablePlace, DetectableSignal};
pub use curve_text::{curve_csv, curve_markdown, curve_text};
pub use escape::escape;
pub use events::{breach as gate_breach, figure as gate_figure, rows as event_rows};
pub use fit_json::{
    Fact, FitFacts, FitFinding, FitReport, FitVerdict, HistoryRow, LimitRow, RunFacts, RunRow,
    RunTotals,
};
pub use fit_text::{fit_text, number};
pub use gates::{GateRow, gate_rows};
pub use junit::{chaos_junit, study_junit};
pub use markdown::{cut, plain};
pub use mutate_json::{MutantRow, MutateReport, MutateScore, MutateStatus};
pub use mutate_text::{mutate_markdown, mutate_text};
pub use packet::{incident_note, packet};
pub use rare_json::{RareCheck, RareEstimate, RareReport, RareStatus};
pub use rare_text::{rare_markdown, rare_text};
pub use run_json::{
    EventRow, ExposureFigures, HarmFigures, Inputs, InvariantRow, InvariantStatus, RunReport,
    SlowFigures,
};
pub use run_text::run_text;
pub use sarif::{SarifFinding, SarifLevel, sarif};
pub use story::story;
pub use story_json::{
    ExposureStep, MarkKind, ReadingPoint, Readings, StageSpan, StoryMark, Timeline,
};
pub use study_csv::{study_csv, study_lines};
pub use study_json::{
    BoundWord, Distribution, DistributionPoint, ExposureBands, ExposurePoint, Failure,
    InvariantCounts, LimitFigures, ObjectiveRow, ObjectiveStatus, QuantileIntervals, Quantities,
    Quantity, ScenarioKind, StudyCause, StudyReport, ToldRow,
};
pub use study_markdown::study_markdown;
pub use study_text::study_text;
pub use style::{Style, Tone};
pub use table::{Align, Cell, Table};
pub use ticket::{TICKET_LINES, Ticket, study_ticket};
pub use timeline::{timeline, wrap};
pub use tune_json::{
    CandidateRow, ConfirmationRow, FigureRow, LeftOut, LookRow, NearestRow, PlaceRow, RefusedRow,
    RejectedRow, SearchFigures, SensitivityRow, TuneReport, TuneStatus, VariationRow,
};
pub use tune_markdown::tune_markdown;
pub use tune_text::tune_text;
pub use verdict::Verdict;
