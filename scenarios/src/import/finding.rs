//! ObjectFindings about an object: located by the path of a key, with the figure that makes the case.

use super::object::Object;
use crate::diagnostic::{Diagnostic, Severity};

/// ObjectFindings about one object.
pub(super) struct ObjectFindings<'a> {
    /// The object.
    pub object: &'a Object,
    /// What was found.
    pub list: Vec<Diagnostic>,
}

impl<'a> ObjectFindings<'a> {
    pub(super) fn new(object: &'a Object) -> Self {
        Self {
            object,
            list: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, code: &'static str, path: &str, words: [&str; 3]) {
        self.add(Severity::Error, code, path, words);
    }

    pub(super) fn warning(&mut self, code: &'static str, path: &str, words: [&str; 3]) {
        self.add(Severity::Warning, code, path, words);
    }

    pub(super) fn note(&mut self, code: &'static str, path: &str, words: [&str; 3]) {
        self.add(Severity::Note, code, path, words);
    }

    /// What, why it matters with its figure, and what to write instead; an empty text is left out.
    pub(super) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: &str,
        [what, why, next]: [&str; 3],
    ) {
        let spans = &self.object.spans;
        // A key that nobody knows is the fault itself, whatever its value.
        let key = if code == "CM403" {
            spans.key(path)
        } else {
            None
        };
        let span = key.unwrap_or_else(|| spans.nearest(path));
        let mut found = Diagnostic::error(code, span, what).severity(severity);
        if !why.is_empty() {
            found = found.reason(why);
        }
        if !next.is_empty() {
            found = found.help(next);
        }
        self.list.push(found);
    }
}

/// A probability as people read it.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let text = if percent >= 10.0 {
        format!("{percent:.0}")
    } else if percent >= 0.1 {
        format!("{percent:.1}")
    } else {
        format!("{percent:.2}")
    };
    let text = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    };
    text + " %"
}

/// Seconds as people read them.
pub(super) fn seconds(seconds: f64) -> String {
    let (unit, word) = if seconds >= 3600.0 && seconds % 60.0 == 0.0 {
        (3600.0, "h")
    } else if seconds >= 60.0 {
        (60.0, "min")
    } else {
        (1.0, "s")
    };
    let text = format!("{:.1}", seconds / unit);
    format!("{} {word}", text.strip_suffix(".0").unwrap_or(&text))
}

/// Beyond this a figure is not worth a loop; a file may say any number.
const MANY: u64 = 10_000;

/// The chance of at least `least` of `trials` independent events of probability `p`.
pub(super) fn at_least(trials: u64, least: u64, p: f64) -> f64 {
    if trials > MANY {
        // So many trials leave nothing to chance.
        return f64::from(u8::from(trials as f64 * p >= least as f64));
    }
    let (mut term, mut below) = (libm::pow(1.0 - p, trials as f64), 0.0);
    for k in 0..least.min(trials + 1) {
        below += term;
        term *= (trials - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
    }
    (1.0 - below).max(0.0)
}

/// The world that a figure is about where a file says nothing of it: requests a second to the canary, and the share that
/// fails on a good release.
pub(super) const REQUESTS: f64 = 1.0;
/// The share of requests that fails on a good release.
pub(super) const ERRORS: f64 = 0.001;
/// How that world is told.
pub(super) const WORLD: &str = "at 1 request/s to the canary and 0.1 % errors";

/// The chance that one check fails a good release: more than `allowed` of the requests of a window fail.
pub(super) fn check_fails(window: f64, allowed: f64) -> f64 {
    let requests = (window * REQUESTS).round().max(1.0);
    // The limit itself passes; a share such as 1 - 0.99 is a little more than 0.01.
    let most = libm::floor(requests * allowed + 1e-9) as u64;
    at_least(requests as u64, most + 1, ERRORS)
}

/// The longest window of a query in seconds: `[5m]`, `[5m:1m]`.
pub(super) fn longest_window(query: &str) -> Option<f64> {
    let windows = query.split('[').skip(1).filter_map(|rest| {
        let inside = rest.split_once(']')?.0;
        controllers::flagger::duration::parse(inside.split(':').next()?.trim())
    });
    windows.filter(|seconds| *seconds > 0.0).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the closed forms: 60 requests with 0.1 % errors have at least one error with 1 - 0.999^60 = 0.0583.
    #[test]
    fn a_gate_of_99_percent_fails_one_good_check_in_seventeen_at_60_requests() {
        assert!((check_fails(60.0, 1.0 - 0.99) - 0.0583).abs() < 5e-5);
        assert!((at_least(10, 1, 0.01) - 0.0956).abs() < 5e-5);
        assert!((at_least(60, 4, 0.05) - 0.3527).abs() < 5e-5);
        assert!(check_fails(300.0, 1.0 - 0.99) < 0.0003);
    }

    #[test]
    fn figures_read_like_figures() {
        let words = [0.4528, 0.0583, 0.0026, 0.00012, 1.0].map(percent);
        assert_eq!(words, ["45 %", "5.8 %", "0.3 %", "0.01 %", "100 %"]);
        assert_eq!(
            [40.0, 90.0, 7200.0].map(seconds),
            ["40 s", "1.5 min", "2 h"]
        );
        assert_eq!(longest_window("a[1m] / b[5m:30s]"), Some(300.0));
        assert_eq!(longest_window("a[{{args.w}}]"), None);
    }
}
