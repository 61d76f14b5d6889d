//! What the alerts of an objective hold against what: two pairs of windows for each of two severities.

use super::form::{Sli, Slo, Spec};
use crate::prometheus::{Millis, ParseError, parse};

const HOUR: Millis = 3_600_000;

/// 30 days, the period of an objective unless it is set otherwise (`--default-slo-period`).
pub const PERIOD: Millis = 30 * 24 * HOUR;

/// The share of the budget in percent, the short and the long window: page quick and slow, ticket quick and slow.
///
/// These are the parameters of Google's SRE workbook, chapter 5, which sloth has for periods of 28 and 30 days.
const WINDOWS: [(f64, Millis, Millis); 4] = [
    (2.0, HOUR / 12, HOUR),
    (5.0, HOUR / 2, 6 * HOUR),
    (10.0, 2 * HOUR, 24 * HOUR),
    (10.0, 6 * HOUR, 72 * HOUR),
];

/// How urgent an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Somebody is woken up.
    Page,
    /// Somebody looks at it in time.
    Ticket,
}

impl Severity {
    /// Returns the value of the label `sloth_severity`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        }
    }
}

/// One pair of windows: breached when both ratios of errors are above [`Self::limit`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burn {
    /// The long window.
    pub long: Millis,
    /// The short window.
    pub short: Millis,
    /// How many times faster than the period the budget burns.
    pub factor: f64,
    /// The error budget as sloth computes it: `(100 - objective) / 100`, for 99.9 % 0.0009999999999999432.
    pub budget: f64,
}

impl Burn {
    /// Returns the limit of both ratios; equal is no breach.
    pub fn limit(&self) -> f64 {
        self.factor * self.budget
    }
}

/// One alert: any of its pairs breached, at one evaluation (there is no `for`).
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The service and the name of the objective.
    pub id: String,
    /// The name of the alert.
    pub alert: String,
    /// How urgent.
    pub severity: Severity,
    /// The quick and the slow pair.
    pub burns: [Burn; 2],
}

/// What is wrong with a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// The path of the key.
    pub path: String,
    /// sloth takes it, but it is not simulated.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
    /// Where in a query, once `{{.window}}` is filled in.
    pub place: Option<ParseError>,
}

/// Returns the alerts of a spec over a period, and what is wrong with it.
///
/// An objective that is wrong has no alerts here; sloth refuses the whole file.
pub fn plan(spec: &Spec, period: Millis) -> (Vec<Plan>, Vec<SpecError>) {
    let mut errors = Vec::new();
    if !matches!(spec.version.as_str(), "" | "prometheus/v1") {
        let message = format!("`{}` is not `prometheus/v1`", spec.version);
        errors.push(wrong("version", message));
    }
    if spec.service.is_empty() {
        errors.push(wrong("service", "the service has no name"));
    }
    if ![28, 30].contains(&(period / (24 * HOUR))) {
        let message =
            "sloth has windows for periods of 28 and 30 days; others need a file of windows";
        errors.push(wrong("period", message));
    }
    let mut plans = Vec::new();
    for (nth, slo) in spec.slos.iter().enumerate() {
        let found = check(slo, &format!("slos[{nth}]"));
        if found.is_empty() {
            plans.extend(alerts(spec, slo, period));
        }
        errors.extend(found);
    }
    (plans, errors)
}

/// Returns the budget as a share, as sloth computes it from an objective in percent.
/// # Example
/// The budget of 99.9 % is a little less than a thousandth, so that burning exactly 14.4 times of it is above the limit:
///
/// ```
/// let budget = controllers::sloth::plan::budget(99.9);
/// assert!(budget < 0.001);
/// assert!(14.4 * 0.001 > 14.4 * budget);
/// ```
pub fn budget(objective: f64) -> f64 {
    (100.0 - objective) / 100.0
}

/// Returns the pairs of windows of a severity.
pub fn burns(severity: Severity, objective: f64, period: Millis) -> [Burn; 2] {
    let first = match severity {
        Severity::Page => 0,
        Severity::Ticket => 2,
    };
    [first, first + 1].map(|nth| {
        let (percent, short, long) = WINDOWS[nth];
        let hours = |length: Millis| length as f64 / HOUR as f64;
        Burn {
            long,
            short,
            factor: percent * hours(period) / 100.0 / hours(long),
            budget: budget(objective),
        }
    })
}

fn alerts(spec: &Spec, slo: &Slo, period: Millis) -> impl Iterator<Item = Plan> {
    let forms = [
        (Severity::Page, slo.alerting.page_alert.disable),
        (Severity::Ticket, slo.alerting.ticket_alert.disable),
    ];
    let id = format!("{}-{}", spec.service, slo.name);
    let (alert, objective) = (slo.alerting.name.clone(), slo.objective);
    forms
        .into_iter()
        .filter(|(_, disabled)| !disabled)
        .map(move |(severity, _)| Plan {
            id: id.clone(),
            alert: alert.clone(),
            severity,
            burns: burns(severity, objective, period),
        })
}

fn check(slo: &Slo, path: &str) -> Vec<SpecError> {
    let mut errors = Vec::new();
    if slo.name.is_empty() {
        errors.push(wrong(&format!("{path}.name"), "the objective has no name"));
    }
    if !(slo.objective > 0.0 && slo.objective <= 100.0) {
        let message = format!("{} is not above 0 and at most 100 percent", slo.objective);
        errors.push(wrong(&format!("{path}.objective"), message));
    }
    let alerting = &slo.alerting;
    let alerts = !(alerting.page_alert.disable && alerting.ticket_alert.disable);
    if alerting.name.is_empty() && alerts {
        errors.push(wrong(
            &format!("{path}.alerting.name"),
            "the alerts have no name",
        ));
    }
    errors.extend(queries(&slo.sli, &format!("{path}.sli")));
    errors
}

fn queries(sli: &Sli, path: &str) -> Vec<SpecError> {
    let queries = match (&sli.raw, &sli.events) {
        (Some(raw), None) => vec![("raw.error_ratio_query", &raw.error_ratio_query)],
        (None, Some(events)) => vec![
            ("events.error_query", &events.error_query),
            ("events.total_query", &events.total_query),
        ],
        (Some(_), Some(_)) => {
            return vec![wrong(path, "the indicator is `raw` or `events`, not both")];
        }
        (None, None) => {
            return vec![SpecError {
                unsupported: true,
                ..wrong(
                    path,
                    "the indicator is neither `raw` nor `events`; plug-ins are not simulated",
                )
            }];
        }
    };
    queries
        .into_iter()
        .filter_map(|(key, query)| query_error(query, &format!("{path}.{key}")))
        .collect()
}

fn query_error(query: &str, path: &str) -> Option<SpecError> {
    if query.is_empty() {
        return Some(wrong(path, "the query is empty"));
    }
    if windowed(query, "5m") == query {
        return Some(wrong(path, "the query has no `{{.window}}`"));
    }
    let place = parse(&windowed(query, "5m")).err()?;
    Some(SpecError {
        path: path.into(),
        unsupported: place.unsupported,
        message: place.message.clone(),
        place: Some(place),
    })
}

/// Returns a query with a window filled in for `{{.window}}`, blanks inside the braces allowed.
pub fn windowed(query: &str, window: &str) -> String {
    let (mut filled, mut rest) = (String::new(), query);
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        match after.split_once("}}") {
            Some((inside, behind)) if inside.trim_matches('-').trim() == ".window" => {
                filled.push_str(window);
                rest = behind;
            }
            _ => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled + rest
}

fn wrong(path: &str, message: impl Into<String>) -> SpecError {
    SpecError {
        path: path.into(),
        unsupported: false,
        message: message.into(),
        place: None,
    }
}
