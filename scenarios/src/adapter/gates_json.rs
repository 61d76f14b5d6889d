//! The rates that a benchmark suite hands to the canary guard: `{"rates": {…}, "thresholds": {…}}`.

use super::{InputFault, Json};

/// Budget violation rate and staleness error rate, with their limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GateRates {
    /// The budget violation rate, as a fraction of finalized runs.
    pub bvr: f64,
    /// The staleness error rate, as a fraction of finalized runs.
    pub ser: f64,
    /// The limit of the budget violation rate.
    pub bvr_threshold: f64,
    /// The limit of the staleness error rate.
    pub ser_threshold: f64,
    /// How many finalized runs the rates rest on, where the file says so
    /// (`finalize_total_delta`).
    pub finalized: Option<f64>,
}

/// Reads the file; a boolean is not a number.
///
/// # Errors
///
/// Returns a fault that names the first number that is absent or of another type.
pub fn gate_rates(file: &Json) -> Result<GateRates, InputFault> {
    read(file, Json::number)
}

/// Reads the file as the canary guard reads it: booleans are numbers.
///
/// # Errors
///
/// Returns a fault where the guard exits with 1.
pub fn gate_rates_as_the_guard_reads_them(file: &Json) -> Result<GateRates, InputFault> {
    read(file, Json::python_number)
}

fn read(file: &Json, number: fn(&Json) -> Option<f64>) -> Result<GateRates, InputFault> {
    let at = |part: &str, name: &str| {
        let value = file.get(part).and_then(|part| part.get(name));
        match value {
            // Python raises OverflowError where a whole number does not fit into a float.
            Some(Json::Integer(value)) if value.is_infinite() => None,
            value => value.and_then(number),
        }
        .ok_or_else(|| InputFault::new(format!("{part}.{name} is absent or not a number")))
    };
    Ok(GateRates {
        bvr: at("rates", "bvr")?,
        ser: at("rates", "ser")?,
        bvr_threshold: at("thresholds", "bvr")?,
        ser_threshold: at("thresholds", "ser")?,
        finalized: file.get("finalize_total_delta").and_then(Json::number),
    })
}

#[cfg(test)]
mod tests {
    use super::super::lenient_json::parse;
    use super::*;

    #[track_caller]
    fn check(text: &str, strict: Option<f64>, guard: Option<f64>) {
        let value = parse(text).expect("the test's own text is JSON");
        assert_eq!(gate_rates(&value).ok().map(|rates| rates.bvr), strict);
        assert_eq!(
            gate_rates_as_the_guard_reads_them(&value)
                .ok()
                .map(|rates| rates.bvr),
            guard
        );
    }

    #[test]
    fn all_four_numbers_are_needed() {
        let thresholds = r#""thresholds": {"bvr": 0.005, "ser": 0.005}"#;
        check(
            &format!(r#"{{"rates": {{"bvr": 0.1, "ser": 0}}, {thresholds}}}"#),
            Some(0.1),
            Some(0.1),
        );
        check(
            &format!(r#"{{"rates": {{"bvr": true, "ser": 0}}, {thresholds}}}"#),
            None,
            Some(1.0),
        );
        check(
            &format!(r#"{{"rates": {{"bvr": "0", "ser": 0}}, {thresholds}}}"#),
            None,
            None,
        );
        check(&format!(r#"{{"rates": [], {thresholds}}}"#), None, None);
        check(r#"{"rates": {"bvr": 0.1, "ser": 0}}"#, None, None);
        check("null", None, None);
        let huge = "9".repeat(400);
        check(
            &format!(r#"{{"rates": {{"bvr": {huge}, "ser": 0}}, {thresholds}}}"#),
            None,
            None,
        );
    }
}
