//! `coalmine schema`: the JSON Schema of everything that is read or written.

use clap::{Args, ValueEnum};
use reports::{BacktestReport, CompareReport, CurveReport, RareReport, RunReport, StudyReport};
use scenarios::schemas::{self, DocumentKind};
use schemars::schema_for;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::Answer;

/// Which kind of document.
#[derive(Args, Debug)]
pub struct SchemaArgs {
    /// The kind of document
    #[arg(value_enum)]
    kind: Document,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    /// A rollout policy.
    Policy,
    /// A scenario.
    Scenario,
    /// A world.
    World,
    /// A noise model.
    Noise,
    /// A case, as `coalmine shrink` writes it.
    Case,
    /// A campaign of rehearsals.
    Campaign,
    /// The result of `coalmine run`.
    Run,
    /// What `coalmine explain CASE` tells.
    Explain,
    /// The result of `coalmine simulate`.
    Simulate,
    /// The result of `coalmine backtest`.
    Backtest,
    /// The result of `coalmine calibrate`.
    Calibrate,
    /// The result of `coalmine compare`.
    Compare,
    /// The result of `coalmine simulate --rare`.
    Rare,
    /// The result of `coalmine curve`.
    Curve,
    /// The result of `coalmine tune`.
    Tune,
    /// The result of `coalmine chaos`.
    Chaos,
    /// The result of `coalmine mutate`.
    Mutate,
}

/// Prints the schema.
pub fn answer(args: &SchemaArgs, console: &Console) -> Answer {
    let schema = match args.kind {
        Document::Policy => schemas::schema(DocumentKind::Policy),
        Document::Scenario => schemas::schema(DocumentKind::Scenario),
        Document::World => schemas::schema(DocumentKind::World),
        Document::Noise => schemas::schema(DocumentKind::Noise),
        Document::Case => schemas::schema(DocumentKind::Case),
        Document::Campaign => schemas::schema(DocumentKind::Campaign),
        Document::Run => schema_for!(RunReport).to_value(),
        Document::Backtest => schema_for!(BacktestReport).to_value(),
        Document::Explain => schema_for!(reports::CaseReport).to_value(),
        Document::Simulate => schema_for!(StudyReport).to_value(),
        Document::Calibrate => schema_for!(reports::FitReport).to_value(),
        Document::Rare => schema_for!(RareReport).to_value(),
        Document::Tune => schema_for!(reports::TuneReport).to_value(),
        Document::Curve => schema_for!(CurveReport).to_value(),
        Document::Chaos => schema_for!(reports::ChaosReport).to_value(),
        Document::Mutate => schema_for!(reports::MutateReport).to_value(),
        Document::Compare => schema_for!(CompareReport).to_value(),
    };
    console.answer(&(pretty(&schema) + "\n"))?;
    Ok(ExitCode::Success)
}

/// Returns a value as JSON with line breaks.
pub fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("reports have text keys and finite numbers")
}
