//! One rehearsal of a campaign, played again and shown.

use reports::{Style, escape, timeline};

use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{Answer, Failure};
use crate::study::campaign::Campaign;
use crate::study::hex;

/// Plays rehearsal `number` and prints its faults, what happened, and which invariants broke.
pub fn answer(campaign: &Campaign, number: u64, console: &Console) -> Answer {
    if number >= campaign.total() {
        let what = format!("the campaign has no experiment {number}");
        let help = format!(
            "its experiments are numbered from 0 to {}",
            campaign.total() - 1
        );
        return Err(Failure::usage(what).help(help));
    }
    console.answer(&told(campaign, number, console.style()))?;
    Ok(ExitCode::Success)
}

fn told(campaign: &Campaign, number: u64, style: Style) -> String {
    let rehearsal = campaign.rehearsal(number);
    let played = rehearsal
        .play()
        .expect("a generator takes faults that fit the base");
    let mut text = format!("Experiment {number}: {}\n\n", campaign.generator(number));
    for (injection, shown) in rehearsal.injections.iter().zip(&played.confirmed) {
        let shown = if *shown { "" } else { ", never had an effect" };
        let fault = serde_json::to_string(&injection.fault).expect("a fault is plain data");
        let at = serde_json::to_string(&injection.course()).expect("a course is plain data");
        text += &format!(
            "{}{shown}\n  {}\n  at {}\n",
            injection.id,
            escape(&fault),
            escape(&at)
        );
    }
    let events = reports::event_rows(&played.experiment, &played.run.history);
    text += &format!("\n{}\n", timeline(&events, style));
    for finding in played.violated() {
        text += &format!("{} is violated: {}\n", finding.id, escape(&finding.detail));
    }
    text + &format!(
        "outcome {}, hash {}\n",
        played.run.outcome.word(),
        hex(played.run.history.hash())
    )
}
