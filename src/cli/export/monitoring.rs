//! The rollout for the tools of monitoring: OpenMetrics, a test of alert rules, a dashboard.

use reports::artifact::{RuleTest, grafana, openmetrics, promtest, scrape};
use scenarios::Verdict;
use sim_core::Event;
use sim_core::policy::Action;

use super::artifact::Artifact;
use super::played::ExportInput;
use super::series::{STAGES, exposition};
use crate::cli::failure::Failure;
use crate::cli::output::Format;

/// The series.
pub fn metrics(input: &ExportInput) -> Result<Artifact, Failure> {
    let text = openmetrics(&exposition(input)?);
    Ok(Artifact(vec![(Format::Text, text)]))
}

/// What one scrape sees.
pub fn one_scrape(input: &ExportInput) -> Result<Artifact, Failure> {
    let exposition = exposition(input)?;
    let at = input.at().as_nanos() / exposition.every.as_nanos();
    let text = scrape(&exposition, at as usize);
    Ok(Artifact(vec![(Format::Text, text)]))
}

/// The dashboard for them.
pub fn dashboard(input: &ExportInput) -> Result<Artifact, Failure> {
    let text = grafana(&exposition(input)?, STAGES);
    Ok(Artifact(vec![(Format::Json, text)]))
}

/// A test that fails where the rules fire later than the policy's own triggers did, or at all on a good release.
pub fn rule_test(
    input: &ExportInput,
    rules: Option<&str>,
    alert: Option<&str>,
) -> Result<Artifact, Failure> {
    let history = &input.played.run.history;
    let acted = history.iter().find(
        |(_, event)| matches!(event, Event::Triggered { action, .. } if *action > Action::Record),
    );
    let good = input.played.case.release == Verdict::Good;
    if !good && acted.is_none() {
        let what = "no trigger acted in this rollout, so that there is no time to hold a rule to";
        return Err(Failure::input(what)
            .help("choose another replication with -r, or a release that is noticed"));
    }
    let wanted = RuleTest {
        rules: rules.unwrap_or("rules.yml").to_owned(),
        alert: alert.map(str::to_owned),
        fires_by: acted.filter(|_| !good).map(|(at, _)| *at),
    };
    let text = promtest(&exposition(input)?, &wanted);
    Ok(Artifact(vec![(Format::Text, text)]))
}
