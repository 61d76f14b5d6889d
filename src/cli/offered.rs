//! Which forms each command has, so that its help lists them and its command line takes no other.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Command, ValueEnum as _};
use reports::{
    BacktestReport, ChaosReport, CompareReport, CurveReport, MutateReport, StudyReport, TuneReport,
};

use super::forms::Forms;
use super::output::Format;
use super::{export, run};

/// Text and JSON.
pub const PLAIN: &[Format] = &[Format::Text, Format::Json];
/// Text, JSON and Markdown.
pub const WORDS: &[Format] = &[Format::Text, Format::Json, Format::Markdown];
/// What `lint` has.
pub const LINT: &[Format] = &[Format::Text, Format::Json, Format::Sarif, Format::Github];
/// What `calibrate` has.
pub const CALIBRATE: &[Format] = &[Format::Text, Format::Json, Format::Noise];
/// What `decide control-plane` has.
pub const GUARD: &[Format] = &[Format::Text, Format::Json, Format::Markdown, Format::Env];

/// Returns the forms that a command has, whatever it is about; nothing for those that write no result.
fn forms(command: &str) -> Vec<Format> {
    match command {
        "list" | "diff" | "verify" => PLAIN.to_vec(),
        "decide" | "explain" | "shrink" | "optimize" | "wedge" => WORDS.to_vec(),
        "control-plane" => GUARD.to_vec(),
        "lint" => LINT.to_vec(),
        "calibrate" => CALIBRATE.to_vec(),
        "run" => run::formats(),
        "simulate" => StudyReport::FORMATS.to_vec(),
        "compare" => CompareReport::FORMATS.to_vec(),
        "chaos" => ChaosReport::FORMATS.to_vec(),
        "curve" => CurveReport::FORMATS.to_vec(),
        "tune" => TuneReport::FORMATS.to_vec(),
        "mutate" => MutateReport::FORMATS.to_vec(),
        "backtest" => BacktestReport::FORMATS.to_vec(),
        "export" => export::formats(),
        "report" => every_result(),
        _ => Vec::new(),
    }
}

/// What any stored result can be written in.
fn every_result() -> Vec<Format> {
    let all = [
        StudyReport::FORMATS,
        TuneReport::FORMATS,
        CompareReport::FORMATS,
        CurveReport::FORMATS,
        ChaosReport::FORMATS,
        MutateReport::FORMATS,
        BacktestReport::FORMATS,
    ];
    let variants = Format::value_variants().iter();
    variants
        .filter(|format| all.concat().contains(format))
        .copied()
        .collect()
}

/// Narrows `--format` and `--out` of every command to what it has.
pub fn narrow(command: Command) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let narrowed = names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, narrow)
    });
    let is = |id: &str| narrowed.get_arguments().any(|arg| arg.get_id() == id);
    if !is("format") || !is("out") {
        return narrowed;
    }
    let forms = forms(narrowed.get_name());
    let words: Vec<&str> = forms.iter().map(|form| form.word()).collect();
    let help = format!(
        "Also write the result to a file, whole or not at all; may be repeated [forms: {}]",
        words.join(", ")
    );
    narrowed
        .mut_arg("format", |arg| arg.value_parser(one_of(&forms)))
        .mut_arg("out", |arg| arg.help(help))
}

/// A parser of the forms that stdout can have: charts are several files.
fn one_of(forms: &[Format]) -> impl clap::builder::TypedValueParser<Value = Format> + use<> {
    let forms: Vec<Format> = forms.to_vec();
    let values = forms.iter().filter(|form| **form != Format::Svg);
    let values = values.filter_map(Format::to_possible_value);
    PossibleValuesParser::new(values.collect::<Vec<_>>())
        .map(|word| Format::from_str(&word, false).expect("it is one of the possible values"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::app::Cli;

    /// A command that takes a form and has none would refuse all of them.
    #[test]
    fn every_command_that_takes_a_form_has_some() {
        fn check(command: &Command) {
            command.get_subcommands().for_each(check);
            let takes = command.get_arguments().any(|arg| arg.get_id() == "format");
            let name = command.get_name();
            assert_eq!(takes, !forms(name).is_empty(), "{name}");
        }
        check(&Cli::command());
        narrow(Cli::command()).debug_assert();
    }
}
