//! Objectives as test results: JUnit's XML, as pipelines collect it.

use crate::common::escape::escape;
use crate::common::figure::{percent, percent_range};
use crate::common::label::xml;
use crate::result::Verdict;
use crate::result::{ChaosInvariant, ChaosReport};
use crate::result::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::text::causes::cause_sentence;
use crate::text::study::parts::limit;

/// Returns one suite for each scenario, and one for a suite of scenarios as a whole; each objective is
/// a test case. A missed objective is a failure with the command that shows the worst rollout; an
/// undecided one is skipped, for it is neither.
pub fn study_junit(report: &StudyReport) -> String {
    let suites: Vec<&StudyReport> = std::iter::once(report).chain(&report.scenarios).collect();
    let count = |wanted| {
        let rows = suites.iter().flat_map(|suite| &suite.objectives);
        rows.filter(|row| row.status == wanted).count()
    };
    let tests: usize = suites.iter().map(|suite| suite.objectives.len()).sum();
    let body: String = suites.iter().map(|suite| suite_xml(suite)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{}\" tests=\"{tests}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{body}</testsuites>\n",
        shown(&report.policy),
        count(ObjectiveStatus::Miss),
        count(ObjectiveStatus::Undecided)
            + count(ObjectiveStatus::Untested)
            + count(ObjectiveStatus::Vacuous),
    )
}

/// Returns one suite with a test case for each promise of the policy: broken within the tolerance is a
/// failure, what was not exercised is skipped, with the reason.
pub fn chaos_junit(report: &ChaosReport) -> String {
    let made = || {
        report
            .invariants
            .iter()
            .filter_map(|row| Some((row, row.verdict?)))
    };
    let count = |wanted: Verdict| made().filter(|(_, verdict)| *verdict == wanted).count();
    let totals = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        made().count(),
        count(Verdict::Fail),
        count(Verdict::Inconclusive) + count(Verdict::Miss),
    );
    let cases: String = made()
        .map(|(row, verdict)| promise_xml(report, row, verdict))
        .collect();
    let (policy, campaign) = (shown(&report.policy), shown(&report.campaign));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{policy}\" {totals}>\n\
         \x20 <testsuite name=\"{campaign}\" {totals}>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn promise_xml(report: &ChaosReport, row: &ChaosInvariant, verdict: Verdict) -> String {
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}\"",
        shown(&report.policy),
        shown(&row.id)
    );
    let found = report
        .findings
        .iter()
        .find(|found| found.invariant == row.id);
    match verdict {
        Verdict::Fail => {
            let replay = found.map_or(String::new(), |found| shown(&found.replay));
            let message = format!(
                "violated in {} of {} fault-injection experiments",
                row.violations, row.tested
            );
            format!(
                "{head}><failure type=\"FAIL\" message=\"{message}\">{replay}</failure></testcase>\n"
            )
        }
        Verdict::Inconclusive | Verdict::Miss => {
            let why = shown(&why_untested(row));
            format!("{head}><skipped message=\"{why}\"/></testcase>\n")
        }
        _ => head + "/>\n",
    }
}

/// Why a promise is neither kept nor broken.
fn why_untested(row: &ChaosInvariant) -> String {
    if !row.unsaid.is_empty() {
        return row.unsaid.join("; ");
    }
    if row.tested == 0 {
        return "not exercised by any fault-injection experiment".to_owned();
    }
    format!(
        "not exercised under {}, which never had an effect",
        row.unseen.join(", ")
    )
}

fn shown(text: &str) -> String {
    xml(&escape(text))
}

fn suite_xml(suite: &StudyReport) -> String {
    let count = |wanted| {
        suite
            .objectives
            .iter()
            .filter(|row| row.status == wanted)
            .count()
    };
    let cases: String = suite
        .objectives
        .iter()
        .map(|row| case_xml(suite, row))
        .collect();
    format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n\
         \x20   <properties><property name=\"seed\" value=\"{}\"/><property name=\"rollouts\" value=\"{}\"/>\
         <property name=\"hash\" value=\"{}\"/></properties>\n{cases}  </testsuite>\n",
        shown(&suite.scenario),
        suite.objectives.len(),
        count(ObjectiveStatus::Miss),
        count(ObjectiveStatus::Undecided)
            + count(ObjectiveStatus::Untested)
            + count(ObjectiveStatus::Vacuous),
        suite.seed,
        suite.runs,
        shown(&suite.hash),
    )
}

fn case_xml(suite: &StudyReport, row: &ObjectiveRow) -> String {
    let head = format!(
        "    <testcase classname=\"{}.{}\" name=\"{}\"",
        shown(&suite.policy),
        shown(&suite.scenario),
        shown(&row.id)
    );
    let message = xml(&measured(row));
    match row.status {
        ObjectiveStatus::Ok => head + "/>\n",
        ObjectiveStatus::Undecided | ObjectiveStatus::Untested | ObjectiveStatus::Vacuous => {
            let word = row.status.word();
            format!("{head}><skipped message=\"{word}: {message}\"/></testcase>\n")
        }
        ObjectiveStatus::Miss => {
            let worst = suite.worst.iter().find(|failure| failure.kind == row.id);
            let replay = worst.map_or(String::new(), |failure| shown(&failure.replay));
            let known = suite.causes.iter().any(|cause| cause.kind == row.id);
            let cause = if known {
                shown(&cause_sentence(&row.id, &suite.causes)) + "\n"
            } else {
                String::new()
            };
            format!(
                "{head}><failure type=\"missed\" message=\"{message}\">{cause}{replay}</failure></testcase>\n"
            )
        }
    }
}

fn measured(row: &ObjectiveRow) -> String {
    format!(
        "{} {}, limit {}",
        row.value.map_or("no data".to_owned(), percent),
        percent_range(row.low, row.high),
        limit(row)
    )
}
