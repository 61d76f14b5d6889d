//! The names of functions, summaries and operators: those that are read here, and those that only Prometheus knows.

use super::ast::{Function, Summary, Type};
use super::op::Op;

/// What a function takes and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// Which function.
    pub function: Function,
    /// The types of its arguments.
    pub takes: &'static [Type],
    /// How many of the arguments must be there.
    pub least: usize,
    /// What it gives.
    pub gives: Type,
}

const S: Type = Type::Scalar;
const V: Type = Type::Vector;
const W: Type = Type::Window;

const fn all(
    name: &'static str,
    function: Function,
    takes: &'static [Type],
    gives: Type,
) -> Signature {
    Signature {
        name,
        function,
        takes,
        least: takes.len(),
        gives,
    }
}

const fn some(signature: Signature, least: usize) -> Signature {
    Signature { least, ..signature }
}

/// The functions of the subset.
pub const FUNCTIONS: [Signature; 35] = [
    all("abs", Function::Abs, &[V], V),
    all("absent", Function::Absent, &[V], V),
    all("absent_over_time", Function::AbsentOverTime, &[W], V),
    all("avg_over_time", Function::AvgOverTime, &[W], V),
    all("ceil", Function::Ceil, &[V], V),
    all("changes", Function::Changes, &[W], V),
    all("clamp", Function::Clamp, &[V, S, S], V),
    all("clamp_max", Function::ClampMax, &[V, S], V),
    all("clamp_min", Function::ClampMin, &[V, S], V),
    all("count_over_time", Function::CountOverTime, &[W], V),
    all("delta", Function::Delta, &[W], V),
    all("deriv", Function::Deriv, &[W], V),
    all("floor", Function::Floor, &[V], V),
    all(
        "histogram_quantile",
        Function::HistogramQuantile,
        &[S, V],
        V,
    ),
    all("idelta", Function::Idelta, &[W], V),
    all("increase", Function::Increase, &[W], V),
    all("irate", Function::Irate, &[W], V),
    all("last_over_time", Function::LastOverTime, &[W], V),
    all("max_over_time", Function::MaxOverTime, &[W], V),
    all("min_over_time", Function::MinOverTime, &[W], V),
    all("predict_linear", Function::PredictLinear, &[W, S], V),
    all("present_over_time", Function::PresentOverTime, &[W], V),
    all("quantile_over_time", Function::QuantileOverTime, &[S, W], V),
    all("rate", Function::Rate, &[W], V),
    all("resets", Function::Resets, &[W], V),
    some(all("round", Function::Round, &[V, S], V), 1),
    all("scalar", Function::Scalar, &[V], S),
    all("sgn", Function::Sgn, &[V], V),
    all("sqrt", Function::Sqrt, &[V], V),
    all("stddev_over_time", Function::StddevOverTime, &[W], V),
    all("stdvar_over_time", Function::StdvarOverTime, &[W], V),
    all("sum_over_time", Function::SumOverTime, &[W], V),
    all("time", Function::Time, &[], S),
    all("timestamp", Function::Timestamp, &[V], V),
    all("vector", Function::Vector, &[S], V),
];

/// Functions and summaries of Prometheus 3 that are outside of the subset.
const OTHERS: &str = "acos acosh asin asinh atan atanh cos cosh day_of_month day_of_week day_of_year days_in_month deg \
    double_exponential_smoothing end exp first_over_time histogram_avg histogram_count histogram_fraction \
    histogram_quantiles histogram_stddev histogram_stdvar histogram_sum holt_winters hour info label_join label_replace \
    ln log10 log2 mad_over_time max_of min_of minute month pi rad range sin sinh sort sort_by_label \
    sort_by_label_desc sort_desc start start_timestamp step tan tanh ts_of_first_over_time ts_of_last_over_time \
    ts_of_max_over_time ts_of_min_over_time year topk bottomk count_values limitk limit_ratio";

/// Tells whether Prometheus knows a name that is not read here.
pub fn known_elsewhere(name: &str) -> bool {
    OTHERS.split(' ').any(|other| other == name)
}

impl Function {
    /// Returns the function of a name.
    pub fn named(name: &str) -> Option<Self> {
        let signature = FUNCTIONS.iter().find(|s| s.name == name)?;
        Some(signature.function)
    }

    /// Returns what it takes and gives.
    pub fn signature(self) -> Signature {
        let found = FUNCTIONS.iter().find(|s| s.function == self);
        *found.expect("every function is in the table")
    }
}

impl Summary {
    /// Returns the summary of a name, in any case of letters.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "sum" => Self::Sum,
            "avg" => Self::Avg,
            "max" => Self::Max,
            "min" => Self::Min,
            "count" => Self::Count,
            "group" => Self::Group,
            "stddev" => Self::Stddev,
            "stdvar" => Self::Stdvar,
            "quantile" => Self::Quantile,
            _ => return None,
        })
    }
}

impl Op {
    /// Returns the operator of a sign or a word.
    pub(super) fn named(sign: &str) -> Option<Self> {
        let sign = sign.to_ascii_lowercase();
        Self::ALL.into_iter().find(|op| op.symbol() == sign)
    }
}
