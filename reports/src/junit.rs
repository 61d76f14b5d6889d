//! Objectives as test results: JUnit's XML, as pipelines collect it.

use crate::chart::xml;
use crate::escape::escape;
use crate::figure::{percent, percent_range};
use crate::study_json::{ObjectiveRow, ObjectiveStatus, StudyReport};
use crate::study_text::limit;

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
        count(ObjectiveStatus::Undecided),
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
        count(ObjectiveStatus::Undecided),
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
    let message = format!(
        "{} {}, limit {}",
        row.value.map_or("no data".to_owned(), percent),
        percent_range(row.low, row.high),
        limit(row)
    );
    let message = xml(&message);
    match row.status {
        ObjectiveStatus::Ok => head + "/>\n",
        ObjectiveStatus::Undecided => {
            format!("{head}><skipped message=\"undecided: {message}\"/></testcase>\n")
        }
        ObjectiveStatus::Miss => {
            let worst = suite.worst.iter().find(|failure| failure.kind == row.id);
            let replay = worst.map_or(String::new(), |failure| shown(&failure.replay));
            format!(
                "{head}><failure type=\"missed\" message=\"{message}\">{replay}</failure></testcase>\n"
            )
        }
    }
}
