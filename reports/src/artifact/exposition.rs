//! The series of a rollout as monitoring keeps them, and as text of OpenMetrics.

use sim_core::engine::{SimDuration, SimTime};

/// The series of a rollout, on a regular grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposition {
    /// What it is of, in a line.
    pub title: String,
    /// The time between two points; the first of a series is at its beginning, 0.
    pub every: SimDuration,
    /// The metrics.
    pub families: Vec<MetricFamily>,
}

/// A metric in all its versions.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricFamily {
    /// Its name: letters, digits and underscores.
    pub name: String,
    /// What it is.
    pub help: String,
    /// What kind of numbers.
    pub kind: MetricKind,
    /// For each version, the series that belong together at an instant.
    pub metrics: Vec<Vec<MetricSeries>>,
}

/// What kind of numbers a metric has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// They only grow, and begin anew where what counts them is restarted.
    Counter,
    /// They go up and down.
    Gauge,
    /// Counters of what is at most so large, the last one of all.
    Histogram,
}

/// One series.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricSeries {
    /// What follows the name of the metric.
    pub suffix: &'static str,
    /// The labels, in their order.
    pub labels: Vec<(&'static str, String)>,
    /// One for each instant of the grid; none where nothing was scraped.
    pub points: Vec<Option<f64>>,
}

impl MetricKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

impl MetricFamily {
    /// Whether all of its series keep their names.
    fn is_described(&self, named: &dyn Fn(&str) -> String) -> bool {
        self.metrics.iter().flatten().all(|series| {
            let selector = self.selector(series);
            named(&selector) == selector
        })
    }

    /// The selector of one of its series.
    pub fn selector(&self, series: &MetricSeries) -> String {
        let label = |(name, value): &(&str, String)| format!("{name}=\"{}\"", quoted(value));
        let labels: Vec<_> = series.labels.iter().map(label).collect();
        format!("{}{}{{{}}}", self.name, series.suffix, labels.join(","))
    }
}

/// A value of a label between its quotes.
fn quoted(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('"', "\\\"");
    plain.replace('\n', "\\n")
}

/// When the year 2000 began, in seconds of Unix: the start of a rollout, as exported series have it.
pub const EPOCH: f64 = 946_684_800.0;

/// What one scrape sees at a point of the grid, in Prometheus' own text format, without times. What is not there is not
/// scraped.
pub fn scrape(exposition: &Exposition, at: usize) -> String {
    scrape_as(exposition, at, &str::to_owned)
}

/// The same under other names; what has another name is not described.
pub fn scrape_as(exposition: &Exposition, at: usize, named: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    for family in &exposition.families {
        // A counter's family bears the whole name here; in OpenMetrics it does not.
        let suffix = if family.kind == MetricKind::Counter {
            "_total"
        } else {
            ""
        };
        let mut lines = String::new();
        for series in family.metrics.iter().flatten() {
            if let Some(Some(value)) = series.points.get(at) {
                lines += &format!("{} {value}\n", named(&family.selector(series)));
            }
        }
        if !family.is_described(named) {
            text += &lines;
        } else if !lines.is_empty() {
            let name = format!("{}{suffix}", family.name);
            text += &format!("# HELP {name} {}\n", quoted(&family.help));
            text += &format!("# TYPE {name} {}\n{lines}", family.kind.word());
        }
    }
    text
}

/// The series as text of OpenMetrics, with a time for each point; the rollout starts when the year 2000 begins.
///
/// A gap is a point that is not there: text has no mark of staleness.
pub fn openmetrics(exposition: &Exposition) -> String {
    openmetrics_as(exposition, &str::to_owned)
}

/// The same under other names; what has another name is not described.
pub fn openmetrics_as(exposition: &Exposition, named: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    for family in &exposition.families {
        let MetricFamily {
            name, help, kind, ..
        } = family;
        if family.is_described(named) {
            text += &format!("# HELP {name} {}\n", quoted(help));
            text += &format!("# TYPE {name} {}\n", kind.word());
        }
        for metric in &family.metrics {
            let length = metric.iter().map(|series| series.points.len()).max();
            for at in 0..length.unwrap_or(0) {
                let when = EPOCH + exposition.instant(at).as_secs_f64();
                for series in metric {
                    if let Some(Some(value)) = series.points.get(at) {
                        let selector = named(&family.selector(series));
                        text += &format!("{selector} {value} {when}\n");
                    }
                }
            }
        }
    }
    text + "# EOF\n"
}

impl Exposition {
    /// When a point of the grid is.
    pub fn instant(&self, at: usize) -> SimTime {
        SimTime::after(self.every.saturating_mul(at as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_sees_what_is_there_at_its_instant_under_the_whole_name_of_a_counter() {
        let series = |points: &[Option<f64>]| MetricSeries {
            suffix: "_total",
            labels: vec![("version", "canary".to_owned())],
            points: points.to_vec(),
        };
        let exposition = Exposition {
            title: String::new(),
            every: SimDuration::from_secs(60),
            families: vec![MetricFamily {
                name: "requests".to_owned(),
                help: "Requests.".to_owned(),
                kind: MetricKind::Counter,
                metrics: vec![vec![series(&[Some(2.0), None])]],
            }],
        };
        let seen = "# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total{version=\"canary\"} 2\n";
        assert_eq!(scrape(&exposition, 0), seen);
        assert_eq!(scrape(&exposition, 1), "");
        assert_eq!(scrape(&exposition, 7), "");
    }

    #[test]
    fn points_of_a_histogram_stand_together_and_gaps_are_left_out() {
        let series = |le: &str, points: &[Option<f64>]| MetricSeries {
            suffix: "_bucket",
            labels: vec![("version", "a\"b".to_owned()), ("le", le.to_owned())],
            points: points.to_vec(),
        };
        let family = MetricFamily {
            name: "latency".to_owned(),
            help: "Latency.".to_owned(),
            kind: MetricKind::Histogram,
            metrics: vec![vec![
                series("10", &[None, Some(1.0), None, Some(2.0)]),
                series("+Inf", &[None, Some(3.0), None, Some(4.5)]),
            ]],
        };
        let text = openmetrics(&Exposition {
            title: String::new(),
            every: SimDuration::from_secs(30),
            families: vec![family],
        });
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "# TYPE latency histogram",
                "latency_bucket{version=\"a\\\"b\",le=\"10\"} 1 946684830",
                "latency_bucket{version=\"a\\\"b\",le=\"+Inf\"} 3 946684830",
                "latency_bucket{version=\"a\\\"b\",le=\"10\"} 2 946684890",
                "latency_bucket{version=\"a\\\"b\",le=\"+Inf\"} 4.5 946684890",
                "# EOF",
            ]
        );
    }
}
