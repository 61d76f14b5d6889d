//! Closed-form cases as files write them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::estimate::TrialEstimate;

/// A small model and its exact answers. Fields that are not needed here are not read.
#[derive(Clone, Debug, Deserialize)]
pub struct ClosedFormCase {
    /// The name of the case.
    pub id: String,
    /// What kind of model it is.
    pub kind: String,
    /// The parameters of the model.
    pub inputs: Map<String, Value>,
    /// The exact answers by name: a number, or a list of them.
    pub expected: Map<String, Value>,
    /// The standard deviation of one trial by answer, where it is known.
    #[serde(default)]
    pub sd_per_trial: Map<String, Value>,
    /// The relative error that a quantity without chance may have.
    #[serde(default = "exactly")]
    pub rel_tol_numeric: f64,
}

/// The relative error of a quantity without chance, where a case names none.
fn exactly() -> f64 {
    1e-9
}

/// Why a case cannot be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unable(pub String);

/// One answer that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct AskedQuantity<'a> {
    /// The name of the answer.
    pub name: &'a str,
    /// The place in a list of answers.
    pub place: Option<usize>,
    /// The exact answer.
    pub expected: f64,
}

/// One answer that is asked for and what the simulation says.
#[derive(Clone, Debug)]
pub struct ExactAnswer {
    /// The name, with the place in a list.
    pub name: String,
    /// The exact answer.
    pub expected: f64,
    /// The standard deviation of one trial, where it is known.
    pub sd_per_trial: Option<f64>,
    /// What the simulation says; none where it has no such quantity.
    pub estimate: Option<TrialEstimate>,
}

impl ClosedFormCase {
    /// Returns the input `name` as a number.
    pub fn number(&self, name: &str) -> Result<f64, Unable> {
        let value = self.inputs.get(name).and_then(Value::as_f64);
        value.ok_or_else(|| Unable(format!("it has no number `{name}` among its inputs")))
    }

    /// Returns the input `name` as a probability.
    pub fn probability(&self, name: &str) -> Result<f64, Unable> {
        let p = self.number(name)?;
        let valid = (0.0..=1.0).contains(&p);
        valid
            .then_some(p)
            .ok_or_else(|| Unable(format!("its `{name}` is no probability")))
    }

    /// Returns the input `name` as a probability that is neither 0 nor 1.
    pub fn fraction(&self, name: &str) -> Result<f64, Unable> {
        let p = self.number(name)?;
        let valid = 0.0 < p && p < 1.0;
        valid
            .then_some(p)
            .ok_or_else(|| Unable(format!("its `{name}` is not between 0 and 1")))
    }

    /// Returns the input `name` as a number above zero.
    pub fn positive(&self, name: &str) -> Result<f64, Unable> {
        let number = self.number(name)?;
        let valid = number > 0.0 && number.is_finite();
        valid
            .then_some(number)
            .ok_or_else(|| Unable(format!("its `{name}` is not positive")))
    }

    /// Returns the input `name` as a whole number below 2^32.
    pub fn count(&self, name: &str) -> Result<u32, Unable> {
        let number = self.number(name)?;
        whole(number).ok_or_else(|| Unable(format!("its `{name}` is no whole number")))
    }

    /// Returns the input `name` as a whole number from 1 on.
    pub fn at_least_one(&self, name: &str) -> Result<u32, Unable> {
        let count = self.count(name)?;
        (count > 0)
            .then_some(count)
            .ok_or_else(|| Unable(format!("its `{name}` is zero")))
    }

    /// Returns the input `name` as a list of numbers.
    pub fn list(&self, name: &str) -> Result<Vec<f64>, Unable> {
        let list = self.inputs.get(name).and_then(Value::as_array);
        let numbers = list.and_then(|list| list.iter().map(Value::as_f64).collect());
        numbers.ok_or_else(|| Unable(format!("it has no list of numbers `{name}`")))
    }

    /// Asks `say` for every expected answer, those in lists one by one.
    pub fn answers(
        &self,
        mut say: impl FnMut(AskedQuantity<'_>) -> Option<TrialEstimate>,
    ) -> Vec<ExactAnswer> {
        let mut answers = Vec::new();
        for (name, value) in &self.expected {
            let list = value.as_array();
            let single = std::slice::from_ref(value);
            for (index, value) in list.map_or(single, Vec::as_slice).iter().enumerate() {
                let place = list.map(|_| index);
                let expected = value.as_f64();
                let sd = self.sd_per_trial.get(name);
                let sd = sd.and_then(|sd| place.map_or(Some(sd), |index| sd.get(index)));
                let sd = sd.and_then(Value::as_f64);
                answers.push(ExactAnswer {
                    name: place.map_or(name.clone(), |index| format!("{name}[{index}]")),
                    expected: expected.unwrap_or(f64::NAN),
                    sd_per_trial: sd,
                    estimate: expected.and_then(|expected| {
                        say(AskedQuantity {
                            name,
                            place,
                            expected,
                        })
                    }),
                });
            }
        }
        answers
    }
}

impl AskedQuantity<'_> {
    /// Returns the number that stands in the name after `prefix`, such as 50 in `p_by_50`.
    pub fn number_after(&self, prefix: &str) -> Option<f64> {
        self.name
            .strip_prefix(prefix)?
            .replace('p', ".")
            .parse()
            .ok()
    }

    /// Returns the fraction that a name such as `p99_wait` or `median_wait` asks for before
    /// `suffix`.
    pub fn quantile_before(&self, suffix: &str) -> Option<f64> {
        let prefix = self.name.strip_suffix(suffix)?;
        if prefix == "median" {
            return Some(0.5);
        }
        let percent: f64 = prefix.strip_prefix('p')?.parse().ok()?;
        (percent > 0.0 && percent < 100.0).then_some(percent / 100.0)
    }
}

fn whole(number: f64) -> Option<u32> {
    let fits = (0.0..=f64::from(u32::MAX)).contains(&number) && number.fract() == 0.0;
    fits.then_some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn case() -> ClosedFormCase {
        serde_json::from_value(json!({
            "id": "X", "kind": "k",
            "inputs": { "n": 10, "half": 0.5, "list": [1, 2.5] },
            "expected": { "p": 0.25, "detect": [0.1, 0.2], "word": "no number" },
            "sd_per_trial": { "p": 0.4 },
        }))
        .expect("a case")
    }

    #[test]
    fn inputs_are_what_their_names_promise_or_the_case_cannot_be_played() {
        let case = case();
        assert_eq!(case.count("n"), Ok(10));
        assert_eq!(case.list("list"), Ok(vec![1.0, 2.5]));
        assert!(case.count("half").is_err());
        assert!(case.probability("n").is_err());
        assert!(
            case.number("m")
                .is_err_and(|Unable(why)| why.contains("`m`"))
        );
    }

    #[test]
    fn every_answer_is_asked_for_and_none_is_dropped() {
        let answers =
            case().answers(|asked| (asked.name == "p").then(|| TrialEstimate::exact(0.25)));
        let told: Vec<_> = answers
            .iter()
            .map(|one| (&*one.name, one.estimate.is_some()))
            .collect();
        let expect = [
            ("p", true),
            ("detect[0]", false),
            ("detect[1]", false),
            ("word", false),
        ];
        assert_eq!(told, expect);
        assert_eq!(answers[0].sd_per_trial, Some(0.4));
    }

    #[test]
    fn names_carry_numbers() {
        let asked = |name| AskedQuantity {
            name,
            place: None,
            expected: 0.0,
        };
        assert_eq!(asked("p_by_50").number_after("p_by_"), Some(50.0));
        assert_eq!(asked("p_wait_gt_0p5").number_after("p_wait_gt_"), Some(0.5));
        assert_eq!(asked("p_by_noon").number_after("p_by_"), None);
        assert_eq!(asked("p99_sojourn").quantile_before("_sojourn"), Some(0.99));
        assert_eq!(asked("median_max").quantile_before("_max"), Some(0.5));
        assert_eq!(asked("mean_max").quantile_before("_max"), None);
    }
}
