//! `coalmine explain`: what a code means, and what each fault of a case did.

mod case;
mod entries;
mod terms;

use std::path::Path;

use clap::Args;
use reports::{Style, Tone, escape, wrap};

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::output::{Format, Output, OutputArgs};
use super::resolve::suggestion;
use entries::{Explained, entries};

/// What to explain.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// A finding (CM020), an invariant (INV-STAGED), an objective, a window (msprt), a fault, a splitter (unleash), a word
    /// of an answer (undecided), or a case: a folder with a case.yaml, or such a file
    code: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints the explanation, or the list of everything that has one.
pub fn answer(args: &ExplainArgs, console: &Console) -> Answer {
    if let Some(case) = args
        .code
        .as_deref()
        .map(Path::new)
        .filter(|it| case::is_case(it))
    {
        return case::answer(case, &args.output, console);
    }
    let output = Output::open(&args.output, &[Format::Text])?;
    let entries = entries();
    let text = match &args.code {
        None => index(&entries),
        Some(code) => {
            // The field writes the names of gates with underscores as often as with hyphens.
            let plain = |code: &str| code.trim().replace(['_', ' '], "-").to_ascii_lowercase();
            // Faults threaten a promise by its code, and harm to users by the word alone.
            let wanted = [plain(code), format!("inv-{}", plain(code))];
            let same = |entry: &&Explained| wanted.contains(&plain(&entry.code));
            let term = || {
                let known = terms::named(&plain(code))?;
                entries.iter().find(|entry| entry.code == known.name)
            };
            let found = entries.iter().find(same).or_else(term);
            let found = found.ok_or_else(|| unknown(code, &entries))?;
            page(found, console.style())
        }
    };
    output.write(console, |_, _| text.clone())?;
    Ok(ExitCode::Success)
}

fn index(entries: &[Explained]) -> String {
    let line = |entry: &Explained| format!("{:<26} {}\n", entry.code, entry.title);
    entries.iter().map(line).collect()
}

fn page(entry: &Explained, style: Style) -> String {
    let head = style.paint(Tone::Strong, &format!("{}: {}", entry.code, entry.title));
    let paragraphs = entry.text.split("\n\n");
    let wrapped = paragraphs.map(|text| wrap(&escape(text), 0, style.columns));
    format!("{head}\n\n{}\n", wrapped.collect::<Vec<_>>().join("\n\n"))
}

fn unknown(code: &str, entries: &[Explained]) -> Failure {
    let codes = entries.iter().map(|entry| entry.code.as_str());
    let help = suggestion(code, codes, "`coalmine explain` lists everything");
    Failure::input(format!("there is nothing called `{code}` to explain")).help(help)
}
