//! Playing a case again: the same to the last event, or under another policy.

use std::path::Path;

use chaos::checker::Finding;
use chaos::rehearsal::{Rehearsal, Rehearsed};
use reports::{escape, figure};
use scenarios::{Broken, CaseFile, Document, files};
use sim_core::policy::Policy;

use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{Answer, Failure};
use crate::cli::objective_exit::MissArgs;
use crate::cli::resolve::choose_named;
use crate::study::case_folder::TOOL;
use crate::study::hex;

/// Whether `path` names a case: a folder, or a file in YAML, which no result is.
pub fn is_case(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    path.is_dir() || matches!(ending, Some("yaml" | "yml"))
}

/// Plays the case, under its own policy or another one, and says what became of the invariant.
pub fn answer(path: &Path, policy: Option<&str>, miss: MissArgs, console: &Console) -> Answer {
    let (document, mut rehearsal) = files::case(path)?;
    let broken = &document.value.broken;
    let Some(policy) = policy else {
        same_rehearsal(&document, &rehearsal)?;
        return again(broken, &play(&rehearsal)?, console);
    };
    let chosen = choose_named(policy)?.in_own_form(console)?;
    rehearsal.experiment.policy = chosen.in_world(&rehearsal.experiment.telemetry).into();
    fits(&document, &rehearsal)?;
    let played = play(&rehearsal)?;
    let (code, fared) = match finding(&played, &broken.promise)? {
        found if played.violated().any(|it| it.id == found.id) => {
            (miss.code(), format!("broken{}", told(found)))
        }
        found => (
            ExitCode::Success,
            format!("not broken: {}", escape(&found.detail)),
        ),
    };
    let name = escape(&broken.promise).into_owned();
    console.answer(&format!("{name} is {fared}\n"))?;
    Ok(code)
}

/// Plays it as it was written down; the hash says whether everything happened as it did.
fn again(broken: &Broken, played: &Rehearsed, console: &Console) -> Answer {
    let hash = hex(played.run.history.hash());
    let found = finding(played, &broken.promise)?;
    let is_broken = played.violated().any(|it| it.id == found.id);
    let promise = escape(&broken.promise);
    if hash == broken.hash && is_broken {
        let told = told(found);
        console.answer(&format!(
            "same: hash {hash} reproduced; {promise} is violated{told}\n"
        ))?;
        return Ok(ExitCode::Success);
    }
    let fared = if is_broken {
        format!("still broken{}", told(found))
    } else {
        format!("not broken: {}", escape(&found.detail))
    };
    let recorded = escape(&broken.hash);
    console.answer(&format!(
        "DIVERGED: hash {recorded} then, {hash} now; {promise} is {fared}\n"
    ))?;
    if broken.tool != TOOL {
        console.say(&format!(
            "made with {}, this is {TOOL}",
            escape(&broken.tool)
        ));
    }
    Ok(ExitCode::DeterminismBroken)
}

fn told(found: &Finding) -> String {
    let at = found.at.map_or(String::new(), |at| {
        format!(" at {}", figure::clock(at.as_secs_f64()))
    });
    format!("{at}: {}", escape(&found.detail))
}

fn finding<'p>(played: &'p Rehearsed, promise: &str) -> Result<&'p Finding, Failure> {
    played
        .finding(promise)
        .ok_or_else(|| Failure::input(format!("nobody judges {promise}")))
}

fn play(rehearsal: &Rehearsal) -> Result<Rehearsed, Failure> {
    rehearsal.play().map_err(|misfits| {
        let why: Vec<String> = misfits.into_iter().map(|(_, misfit)| misfit.0).collect();
        Failure::input(format!("the faults cannot happen here: {}", why.join("; ")))
    })
}

/// A case that somebody has edited is another case; its hash says nothing.
fn same_rehearsal(document: &Document<CaseFile>, rehearsal: &Rehearsal) -> Result<(), Failure> {
    let (then, now) = (&document.value.broken.digest, hex(rehearsal.digest()));
    if *then == now {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{} was changed after it was written",
        document.name
    ))
    .help(format!(
        "digest then {then}, now {now}; coalmine shrink writes it anew"
    )))
}

/// Another policy must find its signals and its people in the world of the case.
fn fits(document: &Document<CaseFile>, rehearsal: &Rehearsal) -> Result<(), Failure> {
    let other = CaseFile {
        policy: Policy::clone(&rehearsal.experiment.policy),
        ..document.value.clone()
    };
    scenarios::load::case(&document.name, other.text().as_bytes())?;
    Ok(())
}
