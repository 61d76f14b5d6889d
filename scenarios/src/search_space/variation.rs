//! One variation: a path, the places that it leads to, and the values that are tried there.

use std::ops::Range;

use sim_core::engine::Unit;
use sim_core::policy::gate::Measure;

use super::found::{Found, last};
use super::number::{Number, tidy};
use super::refusal::{RangeRefusal, refuse};
use super::varied_text::VariedText;
use super::{path, range};
use crate::check::units::of_measure;
use crate::diagnostic::Report;
use crate::diagnostic::quote::quote;
use crate::source::node::{Node, Value};

/// A number in the text of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path, list elements by their ids: `gates.error-rate.breach.limit.absolute`.
    pub path: String,
    /// The bytes of the text, without quotes.
    pub span: Range<usize>,
    /// What is written there; `not set` for a key that is not.
    pub written: String,
    /// The key and what ends its entry, where the place is one at which an entry would stand.
    pub(super) entry: Option<(String, String)>,
}

impl Place {
    /// Whether a change of the one is a change of the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.span == other.span && (self.entry.is_none() || self.path == other.path)
    }
}

/// Some numbers of a policy that change together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variation {
    /// The path as the user gave it.
    pub path: String,
    /// The numbers.
    pub places: Vec<Place>,
    /// What they are set to in turn.
    pub settings: Vec<Setting>,
}

/// One value of a variation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value as people read it.
    pub label: String,
    /// What is written at each place.
    pub texts: Vec<String>,
}

impl Variation {
    /// Reads the argument `PATH=RANGE` about a text.
    ///
    /// # Errors
    /// What is wrong with it, located in the argument.
    pub(super) fn read(argument: &str, subject: &VariedText<'_>) -> Result<Self, Report> {
        variation(argument, subject).map_err(|found| Report::new("--vary", argument, vec![*found]))
    }

    /// Returns the number of the setting that leaves the text as it is.
    pub fn current(&self) -> Option<usize> {
        let same = |setting: &Setting| {
            let pairs = setting.texts.iter().zip(&self.places);
            let mut pairs =
                pairs.map(|(text, place)| (Number::read(text), Number::read(&place.written)));
            pairs.all(|(one, other)| one == other)
        };
        self.settings.iter().position(same)
    }
}

fn variation(argument: &str, subject: &VariedText<'_>) -> Result<Variation, RangeRefusal> {
    let Some((path, values)) = argument.split_once('=') else {
        let help = "write PATH=RANGE, such as `gates.error-rate.limit=1%..5%`";
        return Err(refuse(
            "CM073",
            0..argument.len(),
            "there is no range",
            help,
        ));
    };
    let found = path::resolve(&subject.root, path)?;
    let start = path.len() + 1;
    let values = range::read(values, start)?;
    let places: Vec<_> = found.iter().map(|found| place(found, subject)).collect();
    let span = start..argument.len();
    let settings = values
        .iter()
        .map(|&value| setting(value, &found, &span, &subject.root))
        .collect::<Result<_, _>>()?;
    Ok(Variation {
        path: path.to_owned(),
        places,
        settings,
    })
}

/// Where a number stands in a text.
pub(super) fn place(found: &Found<'_>, subject: &VariedText<'_>) -> Place {
    let (Range { start, end }, source) = (found.node.span.clone(), subject.source);
    if let Some(after) = subject.inserts.get(&start).filter(|_| start == end) {
        return Place {
            path: found.path.clone(),
            span: start..end,
            written: "not set".to_owned(),
            entry: Some((last(&found.path).to_owned(), after.clone())),
        };
    }
    let text = &source[start..end];
    let quotes = usize::from(text.starts_with(['"', '\'']) && text.len() >= 2);
    let span = start + quotes..end - quotes;
    Place {
        path: found.path.clone(),
        written: source[span.clone()].to_owned(),
        span,
        entry: None,
    }
}

fn setting(
    value: Number,
    found: &[Found<'_>],
    span: &Range<usize>,
    root: &Node,
) -> Result<Setting, RangeRefusal> {
    let text = |found: &Found<'_>| {
        if matches!(value, Number::Factor(_)) && found.node.span.is_empty() {
            return Err(not_set(found, span.clone()));
        }
        let written = Number::written(found.node).expect("the path leads to numbers");
        let measure = measure_at(&found.path, root);
        of_its_unit(value, measure, found, span)?;
        value
            .in_place_of(written)
            .or_else(|| of_a_latency(value, written, measure))
            .ok_or_else(|| misfit(value, found, written, span.clone()))
    };
    let texts: Vec<_> = found.iter().map(text).collect::<Result<_, _>>()?;
    let label = match (value, &texts[..]) {
        (Number::Factor(_), [_, _, ..]) => value.text(),
        (_, texts) => texts[0].clone(),
    };
    Ok(Setting { label, texts })
}

/// A length of time in the place of a plain number of milliseconds.
fn of_a_latency(value: Number, written: Number, measure: Option<Measure>) -> Option<String> {
    let time = matches!((value, written), (Number::Time(_), Number::Plain(_)));
    (matches!(measure, Some(Measure::Quantile(_))) && time).then(|| value.text())
}

/// What a gate measures, where the path leads to a number in the unit of that.
fn measure_at(path: &str, root: &Node) -> Option<Measure> {
    let (gate, key) = path.strip_prefix("gates.")?.split_once('.')?;
    let keys = [
        "breach.limit.absolute",
        "breach.limit.plus.margin",
        "window.cusum.unit",
        "window.ewma.unit",
    ];
    if !keys.contains(&key) {
        return None;
    }
    let mut gates = root.get("gates")?.items().iter();
    let named = |node: &&Node| matches!(node.get("id").map(|id| &id.value), Some(Value::String(id)) if id == gate);
    let measure = gates.find(named)?.get("measure")?;
    if measure.get("quantile").is_some() {
        return Some(Measure::Quantile(0.0));
    }
    match &measure.value {
        Value::String(word) => serde_json::from_value(serde_json::json!(word)).ok(),
        _ => None,
    }
}

/// How values of what a gate measures are written.
const fn units_of(measure: Measure) -> &'static str {
    match measure {
        Measure::Quantile(_) => {
            "write milliseconds or lengths of time: `300..800` or `300ms..800ms`"
        }
        Measure::Ratio => "write a number or a percentage: `0.01..0.05` or `1%..5%`",
        _ => "write the number alone: `1..5`",
    }
}

/// Refuses a value in another unit than what the gate measures: the rules are those of limits in a policy.
fn of_its_unit(
    value: Number,
    measure: Option<Measure>,
    found: &Found<'_>,
    span: &Range<usize>,
) -> Result<(), RangeRefusal> {
    let Some(measure) = measure else {
        return Ok(());
    };
    let unit = match value {
        Number::Percent(_) => Unit::Percent,
        Number::Time(_) => Unit::Time,
        Number::Plain(_) | Number::Factor(_) => Unit::Plain,
    };
    let text = quote(&value.text());
    if let Err(what) = of_measure(measure, unit) {
        let message = format!("the unit of {text} does not fit: {} is {what}", found.path);
        return Err(refuse("CM128", span.clone(), message, units_of(measure)));
    }
    match (measure, value) {
        (Measure::Ratio, Number::Plain(number)) if number > 1.0 => {
            let message = format!(
                "{text} of a ratio is {}%: no ratio is above 1",
                tidy(number * 100.0)
            );
            let help =
                format!("if {number} % is meant, write `{number}%`; a fraction is `0.01..0.05`");
            Err(refuse("CM128", span.clone(), message, help))
        }
        _ => Ok(()),
    }
}

fn not_set(found: &Found<'_>, span: Range<usize>) -> RangeRefusal {
    let message = format!(
        "{} is not set, and nothing can be a multiple of it",
        quote(&found.path)
    );
    refuse(
        "CM074",
        span,
        message,
        "write the values themselves: `0..3`",
    )
}

fn misfit(value: Number, found: &Found<'_>, written: Number, span: Range<usize>) -> RangeRefusal {
    let message = format!(
        "{} cannot take the place of {} at {}",
        quote(&value.text()),
        quote(&written.text()),
        quote(&found.path)
    );
    let help = match written {
        Number::Percent(_) => "this is a share: write `1%..5%`",
        Number::Time(_) => "this is a length of time: write `2m..30m`",
        _ => "this is a plain number: write `1..5`",
    };
    refuse("CM074", span, message, help)
}
