//! Structured log lines: each says to which rollout it belongs and where the rest is.

use serde::Serialize;

use crate::result::RunReport;

/// One line. The first five fields are those that the RaptorQ policy demands of structured logs
/// (Prerequisite Gates, 5).
#[derive(Serialize)]
struct LogLine<'a> {
    scenario_id: &'a str,
    seed: u64,
    replication: u64,
    outcome: &'a str,
    artifact_pointers: Pointers<'a>,
    t_s: f64,
    event: &'a str,
    stage: Option<&'a str>,
    detail: &'a str,
}

/// Where a reader finds the rest.
#[derive(Serialize)]
struct Pointers<'a> {
    result: &'a str,
    replay_command: &'a str,
    history_hash: &'a str,
}

/// Returns the events of a rollout as JSON lines, each with the scenario, the seed, the outcome and
/// pointers to the stored result and to the command that plays it again.
pub fn log_lines(report: &RunReport, artifact: &str) -> String {
    let line = |event: &crate::result::EventRow| {
        let line = LogLine {
            scenario_id: &report.scenario,
            seed: report.seed,
            replication: report.replication,
            outcome: report.outcome.word(),
            artifact_pointers: Pointers {
                result: artifact,
                replay_command: &report.replay,
                history_hash: &report.hash,
            },
            t_s: event.t_s,
            event: &event.code,
            stage: event.stage.as_deref(),
            detail: &event.detail,
        };
        serde_json::to_string(&line).expect("a line has text keys") + "\n"
    };
    report.events.iter().map(line).collect()
}
