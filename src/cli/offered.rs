//! Which forms each command has, so that its help lists them and its command line takes no other.

use std::marker::PhantomData;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Command, ValueEnum as _};
use reports::{
    BacktestReport, CaseReport, ChaosReport, CompareReport, CurveReport, MutateReport, StudyReport,
    Style, TuneReport,
};

use super::console::Console;
use super::failure::Failure;
use super::output::{Format, Output, OutputArgs};
use super::renderers::Forms;
use super::{export, run};

/// The forms of an answer that is no stored result. A variant for each, so that who writes the answer writes all of them.
pub trait Offer: Copy + 'static {
    /// The variants, each with its format.
    const ALL: &'static [(Format, Self)];

    /// Returns the formats.
    fn formats() -> Vec<Format> {
        Self::ALL.iter().map(|(format, _)| *format).collect()
    }
}

/// Text and JSON.
#[derive(Clone, Copy, Debug)]
pub enum Plain {
    Text,
    Json,
}

impl Offer for Plain {
    const ALL: &'static [(Format, Self)] =
        &[(Format::Text, Self::Text), (Format::Json, Self::Json)];
}

/// Text, JSON and Markdown.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    Text,
    Json,
    Markdown,
}

impl Offer for Words {
    const ALL: &'static [(Format, Self)] = &[
        (Format::Text, Self::Text),
        (Format::Json, Self::Json),
        (Format::Markdown, Self::Markdown),
    ];
}

/// What `lint` has.
#[derive(Clone, Copy, Debug)]
pub enum Lint {
    Text,
    Json,
    Sarif,
    Github,
}

impl Offer for Lint {
    const ALL: &'static [(Format, Self)] = &[
        (Format::Text, Self::Text),
        (Format::Json, Self::Json),
        (Format::Sarif, Self::Sarif),
        (Format::Github, Self::Github),
    ];
}

/// What `calibrate` has.
#[derive(Clone, Copy, Debug)]
pub enum Calibrate {
    Text,
    Json,
    Noise,
}

impl Offer for Calibrate {
    const ALL: &'static [(Format, Self)] = &[
        (Format::Text, Self::Text),
        (Format::Json, Self::Json),
        (Format::Noise, Self::Noise),
    ];
}

/// What `decide control-plane` has.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    Text,
    Json,
    Markdown,
    Env,
}

impl Offer for Guard {
    const ALL: &'static [(Format, Self)] = &[
        (Format::Text, Self::Text),
        (Format::Json, Self::Json),
        (Format::Markdown, Self::Markdown),
        (Format::Env, Self::Env),
    ];
}

/// Where an answer goes that has the forms of `F`.
pub struct Answers<F> {
    output: Output,
    form: PhantomData<F>,
}

impl<F: Offer> Answers<F> {
    /// Finds out whether everything can be written, as [`Output::open`] does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn open(args: &OutputArgs) -> Result<Self, Failure> {
        let output = Output::open(args, &F::formats())?;
        let form = PhantomData;
        Ok(Self { output, form })
    }

    /// Writes what `render` says in every form that was asked for, as [`Output::write`] does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn write(
        self,
        console: &Console,
        render: impl Fn(F, Style) -> String,
    ) -> Result<(), Failure> {
        self.output.write(console, |format, style| {
            let mut all = F::ALL.iter();
            let (_, form) = all
                .find(|(known, _)| *known == format)
                .expect("others are refused when the output is opened");
            render(*form, style)
        })
    }
}

/// Returns the forms that a command has, whatever it is about; nothing for those that write no result.
fn forms(command: &str) -> Vec<Format> {
    match command {
        "list" | "diff" | "verify" | "import" | "rehearse" => Plain::formats(),
        "decide" | "optimize" | "wedge" => Words::formats(),
        "explain" | "shrink" => CaseReport::formats(),
        "control-plane" => Guard::formats(),
        "lint" => Lint::formats(),
        "calibrate" => Calibrate::formats(),
        "run" => run::formats(),
        "simulate" => StudyReport::formats(),
        "compare" => CompareReport::formats(),
        "chaos" => ChaosReport::formats(),
        "curve" => CurveReport::formats(),
        "tune" => TuneReport::formats(),
        "mutate" => MutateReport::formats(),
        "backtest" => BacktestReport::formats(),
        "export" => export::formats(),
        "report" | "merge" => every_result(),
        _ => Vec::new(),
    }
}

/// What any stored result can be written in.
fn every_result() -> Vec<Format> {
    let all = [
        StudyReport::formats(),
        TuneReport::formats(),
        CompareReport::formats(),
        CurveReport::formats(),
        ChaosReport::formats(),
        MutateReport::formats(),
        BacktestReport::formats(),
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
            // What is planned answers where it is merged.
            if command.get_name() != "plan" {
                command.get_subcommands().for_each(check);
            }
            let takes = command.get_arguments().any(|arg| arg.get_id() == "format");
            let name = command.get_name();
            assert_eq!(takes, !forms(name).is_empty(), "{name}");
        }
        check(&Cli::command());
        narrow(Cli::command()).debug_assert();
    }
}
