//! `coalmine diff`: where a system's document and its code part, and what proves it.

use std::collections::BTreeMap;

use clap::Args;
use reports::{Align, StudyReport, Style, Table, Tone, escape, wrap};
use scenarios::conformance::{self, Difference, Field, Gap, Proof};
use scenarios::library;
use serde::Serialize;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::offered::{Answers, Plain};
use super::order::Order;
use super::output::OutputArgs;
use super::resolve::{AssumeArgs, Exec, PolicyArgs, ProfileArg, choose_checked, suggestion};
use super::schema::pretty;
use super::simulate;
use crate::study::shards::RoundPlayer;

/// Which system.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// A system of the library
    system: String,
    /// How many rollouts of each scenario are compared
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20,
          value_parser = crate::cli::whole::whole(1..=1_000_000))]
    runs: u64,
    /// The root seed
    #[arg(long, default_value_t = 42)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

/// How the rollouts of one scenario end under both profiles.
#[derive(Clone, Debug, Serialize)]
struct Parting {
    scenario: String,
    release: &'static str,
    as_written: BTreeMap<String, u64>,
    as_implemented: BTreeMap<String, u64>,
}

/// Prints the gaps and the scenarios that end otherwise.
pub fn answer(args: &DiffArgs, console: &Console) -> Answer {
    let output = Answers::<Plain>::open(&args.output)?;
    let system = library::system(&args.system).ok_or_else(|| unknown(&args.system))?;
    let differences = conformance::of(system);
    let (partings, compared) = partings(args, console)?;
    let complete = !interrupt::asked();
    output.write(console, |form, style| match form {
        Plain::Json => pretty(&to_json(args, &differences, &partings, complete)) + "\n",
        Plain::Text => text(args, &differences, &partings, style),
    })?;
    if !complete {
        let what = format!("{compared} scenarios were played to their end under both profiles");
        return Ok(console.interrupted(&what));
    }
    Ok(ExitCode::Success)
}

fn unknown(name: &str) -> Failure {
    let known = library::systems().iter().map(|system| system.name);
    let help = suggestion(name, known, "`coalmine list` shows all systems");
    Failure::input(format!("the library has no system called `{name}`")).help(help)
}

/// The scenarios that do not end alike, and how many were played to their end.
fn partings(args: &DiffArgs, console: &Console) -> Result<(Vec<Parting>, usize), Failure> {
    let order = Order {
        scenario: None,
        runs: Some(args.runs),
        seed: args.seed,
        threads: 0,
    };
    let play = |profile| play(args, profile, &order, console);
    let written = play(ProfileArg::AsWritten)?;
    let implemented = play(ProfileArg::AsImplemented)?;
    let pairs = written.scenarios.into_iter().zip(implemented.scenarios);
    let whole: Vec<_> = pairs
        .filter(|(one, other)| one.runs == args.runs && other.runs == args.runs)
        .collect();
    let compared = whole.len();
    let parting = whole
        .into_iter()
        .filter(|(one, other)| one.outcomes != other.outcomes);
    let parting = parting.map(|(one, other)| Parting {
        scenario: one.scenario,
        release: one.release.map_or("", |kind| kind.word()),
        as_written: one.outcomes,
        as_implemented: other.outcomes,
    });
    Ok((parting.collect(), compared))
}

fn play(
    args: &DiffArgs,
    profile: ProfileArg,
    order: &Order,
    console: &Console,
) -> Result<StudyReport, Failure> {
    let policy = PolicyArgs {
        policy: args.system.clone(),
        profile: Some(profile),
        assume: AssumeArgs::default(),
        exec: Exec::default(),
    };
    let suite = choose_checked(&policy, None)?;
    simulate::play(&suite, order, &RoundPlayer::here(), console)
}

fn text(args: &DiffArgs, gaps: &[Difference], partings: &[Parting], style: Style) -> String {
    let title = format!("{}: the document against the code", args.system);
    let mut text = style.paint(Tone::Strong, &title) + "\n";
    for difference in gaps {
        text += &format!("\n{}", gap_text(difference, partings, style));
    }
    text += &format!(
        "\nof {} rollouts under seed {} these end otherwise:\n\n",
        args.runs, args.seed
    );
    let mut table = Table::new(&[
        ("scenario", Align::Left),
        ("release", Align::Left),
        ("as written", Align::Left),
        ("as implemented", Align::Left),
    ]);
    for parting in partings {
        table.row(vec![
            (&parting.scenario).into(),
            parting.release.into(),
            outcomes(&parting.as_written).into(),
            outcomes(&parting.as_implemented).into(),
        ]);
    }
    text + &table.render(style)
}

fn gap_text(difference: &Difference, partings: &[Parting], style: Style) -> String {
    let Some(gap) = &difference.gap else {
        return style.paint(Tone::Doubt, "not explained")
            + "\n"
            + &fields(&difference.fields, style);
    };
    let mut text = style.paint(Tone::Strong, &escape(&gap.id)) + "\n";
    let proof = proof(gap, partings);
    for (word, said) in [
        ("document", &gap.document),
        ("code", &gap.code),
        ("source", &gap.source),
        ("proof", &proof),
    ] {
        let word = style.paint(Tone::Faint, &format!("{word:<8}"));
        text += &format!("  {word}  {}\n", wrap(&escape(said), 12, style.columns));
    }
    text + &fields(&difference.fields, style)
}

/// What shows the gap, with how it ended here where it is a scenario.
fn proof(gap: &Gap, partings: &[Parting]) -> String {
    match &gap.proof {
        Proof::Case { kind, name } => format!("recorded decision {kind} / {name}"),
        Proof::Scenario(name) => match partings.iter().find(|parting| parting.scenario == *name) {
            Some(parting) => format!(
                "scenario {name}: {} against {}",
                outcomes(&parting.as_written),
                outcomes(&parting.as_implemented)
            ),
            None => format!("scenario {name}, which ended alike in these rollouts"),
        },
        Proof::Reading => "the text alone: nothing that is played depends on it".to_owned(),
    }
}

/// More fields than this are counted, not shown.
const FIELDS_MAX: usize = 6;

fn fields(fields: &[Field], style: Style) -> String {
    let say = |value: &Option<serde_json::Value>| {
        value
            .as_ref()
            .map_or("nothing".to_owned(), ToString::to_string)
    };
    let line = |field: &Field| {
        let (old, new) = (say(&field.as_written), say(&field.as_implemented));
        let line = format!("{}: {old} -> {new}", field.path);
        format!("    {}\n", wrap(&escape(&line), 6, style.columns))
    };
    let mut text: String = fields.iter().take(FIELDS_MAX).map(line).collect();
    if fields.len() > FIELDS_MAX {
        text += &format!(
            "    and {} fields more (--format json)\n",
            fields.len() - FIELDS_MAX
        );
    }
    text
}

fn outcomes(outcomes: &BTreeMap<String, u64>) -> String {
    let say = |(word, count): (&String, &u64)| match outcomes.len() {
        1 => word.clone(),
        _ => format!("{word} {count}"),
    };
    outcomes.iter().map(say).collect::<Vec<_>>().join(", ")
}

fn to_json(
    args: &DiffArgs,
    gaps: &[Difference],
    partings: &[Parting],
    complete: bool,
) -> serde_json::Value {
    let field = |field: &Field| {
        serde_json::json!({"path": field.path, "as_written": field.as_written,
                           "as_implemented": field.as_implemented})
    };
    let gap = |difference: &Difference| {
        let fields: Vec<_> = difference.fields.iter().map(field).collect();
        serde_json::json!({"gap": difference.gap, "fields": fields})
    };
    serde_json::json!({
        "schema": "coalmine/diff",
        "version": 1,
        "complete": complete,
        "system": args.system,
        "runs": args.runs,
        "seed": args.seed,
        "differences": gaps.iter().map(gap).collect::<Vec<_>>(),
        "scenarios": partings,
    })
}
