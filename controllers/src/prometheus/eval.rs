//! Evaluates an expression at one time over a recording, as Prometheus 3.16 does.

use std::collections::BTreeSet;

use super::ast::{Expr, Function, Kind, Selector, Subquery};
use super::binary;
use super::duration::seconds;
use super::functions;
use super::labels::Labels;
use super::range::SampleWindow;
use super::recording::{Millis, Point, Recording};
use super::summary;
use super::value::{Element, EvalError, Value};

/// How an engine is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Engine {
    /// How long an instant value is shown after its sample (`--query.lookback-delta`).
    pub lookback: Millis,
    /// The step of a subquery without one (`global.evaluation_interval`).
    pub step: Millis,
}

impl Default for Engine {
    /// 5 minutes and 1 minute, as Prometheus.
    fn default() -> Self {
        Self {
            lookback: 300_000,
            step: 60_000,
        }
    }
}

impl Engine {
    /// Returns what an expression gives at a time.
    ///
    /// # Errors
    ///
    /// When labels do not match as they must, or two elements end up with the same labels.
    pub fn evaluate(
        &self,
        expr: &Expr,
        recording: &Recording,
        at: Millis,
    ) -> Result<Value, EvalError> {
        Moment {
            engine: self,
            recording,
            now: at,
        }
        .value(expr)
    }
}

/// An evaluation at one time.
#[derive(Clone, Copy)]
struct Moment<'a> {
    engine: &'a Engine,
    recording: &'a Recording,
    now: Millis,
}

impl Moment<'_> {
    fn value(self, expr: &Expr) -> Result<Value, EvalError> {
        match &expr.kind {
            Kind::Number(number) => Ok(Value::Scalar(*number)),
            Kind::Paren(inner) => self.value(inner),
            Kind::Select(selector) => {
                let points = self.instants(selector);
                Ok(Value::Vector(elements(points, |point| point.value)))
            }
            Kind::Negate(inner) => self.negated(inner),
            Kind::Binary(parts) => {
                let (left, right) = (self.value(&parts.left)?, self.value(&parts.right)?);
                unique(binary::apply(parts, left, right)?)
            }
            Kind::Aggregate(parts) => {
                let parameter = parts.parameter.as_ref().map(|expr| self.value(expr));
                let parameter = parameter.transpose()?.map(|value| value.scalar());
                let elements = self.vector(&parts.inner)?;
                Ok(Value::Vector(summary::apply(parts, parameter, elements)))
            }
            Kind::Call(function, arguments) => unique(self.call(*function, arguments)?),
            Kind::Window(..) | Kind::Subquery(_) => Err(EvalError(
                "a window has no instant value: it needs a function such as `rate`".into(),
            )),
        }
    }

    fn vector(self, expr: &Expr) -> Result<Vec<Element>, EvalError> {
        self.value(expr).map(Value::elements)
    }

    fn negated(self, inner: &Expr) -> Result<Value, EvalError> {
        match self.value(inner)? {
            Value::Scalar(number) => Ok(Value::Scalar(-number)),
            Value::Vector(elements) => unique(Value::Vector(functions::map(elements, |v| -v))),
        }
    }

    fn instants(self, selector: &Selector) -> Vec<(Labels, Point)> {
        let at = self.now - selector.offset;
        self.recording
            .select(&selector.matchers)
            .filter_map(|series| {
                let point = series.instant(at, self.engine.lookback)?;
                Some((series.labels.clone(), point))
            })
            .collect()
    }

    fn call(self, function: Function, arguments: &[Expr]) -> Result<Value, EvalError> {
        match function {
            Function::Time => return Ok(Value::Scalar(self.now as f64 / 1000.0)),
            Function::Timestamp => return self.timestamp(&arguments[0]),
            _ => {}
        }
        let (mut values, mut windows) = (Vec::new(), None);
        for argument in arguments {
            match self.window(argument)? {
                Some(window) => windows = Some(window),
                None => values.push(self.value(argument)?),
            }
        }
        match windows {
            Some(windows) if function == Function::AbsentOverTime => Ok(Value::Vector(
                functions::absent(&arguments[0], windows.is_empty()),
            )),
            Some(windows) => {
                let parameter = values.first().map(Value::scalar);
                Ok(Value::Vector(over(function, parameter, &windows, self.now)))
            }
            None => Ok(functions::apply(function, arguments, values)),
        }
    }

    fn timestamp(self, argument: &Expr) -> Result<Value, EvalError> {
        if let Kind::Select(selector) = &argument.bare().kind {
            let points = self.instants(selector);
            let mut stamped = elements(points, |point| point.at as f64 / 1000.0);
            stamped
                .iter_mut()
                .for_each(|e| e.labels = e.labels.unnamed());
            return Ok(Value::Vector(stamped));
        }
        let now = self.now as f64 / 1000.0;
        Ok(Value::Vector(functions::map(
            self.vector(argument)?,
            |_| now,
        )))
    }

    /// Returns the windows that have values, when the expression is one.
    fn window(self, expr: &Expr) -> Result<Option<Vec<SampleWindow>>, EvalError> {
        match &expr.kind {
            Kind::Paren(inner) => self.window(inner),
            Kind::Window(selector, range) => {
                let end = self.now - selector.offset;
                let series = self.recording.select(&selector.matchers);
                let rows =
                    series.map(|series| (series.labels.clone(), series.window(end - range, end)));
                Ok(Some(windows(rows, end, *range)))
            }
            Kind::Subquery(subquery) => self.subquery(subquery).map(Some),
            _ => Ok(None),
        }
    }

    /// Evaluates at every multiple of the step in `(end - range, end]`.
    fn subquery(self, subquery: &Subquery) -> Result<Vec<SampleWindow>, EvalError> {
        let end = self.now - subquery.offset;
        let step = subquery.step.unwrap_or(self.engine.step);
        let mut at = (end - subquery.range).div_euclid(step) * step + step;
        let mut rows: Vec<(Labels, Vec<Point>)> = Vec::new();
        while at <= end {
            for Element { labels, value } in (Moment { now: at, ..self }).vector(&subquery.inner)? {
                let point = Point { at, value };
                match rows.iter_mut().find(|(known, _)| *known == labels) {
                    Some((_, points)) => points.push(point),
                    None => rows.push((labels, vec![point])),
                }
            }
            at += step;
        }
        Ok(windows(rows, end, subquery.range))
    }
}

fn windows(
    rows: impl IntoIterator<Item = (Labels, Vec<Point>)>,
    end: Millis,
    range: Millis,
) -> Vec<SampleWindow> {
    rows.into_iter()
        .filter(|(_, points)| !points.is_empty())
        .map(|(labels, points)| SampleWindow {
            labels,
            points,
            start: end - range,
            end,
            seconds: seconds(range),
        })
        .collect()
}

fn over(
    function: Function,
    parameter: Option<f64>,
    windows: &[SampleWindow],
    at: Millis,
) -> Vec<Element> {
    let named = function == Function::LastOverTime;
    windows
        .iter()
        .filter_map(|window| {
            let value = window.apply(function, parameter, at)?;
            let labels = if named {
                window.labels.clone()
            } else {
                window.labels.unnamed()
            };
            Some(Element { labels, value })
        })
        .collect()
}

fn elements(points: Vec<(Labels, Point)>, value: impl Fn(Point) -> f64) -> Vec<Element> {
    points
        .into_iter()
        .map(|(labels, point)| Element {
            labels,
            value: value(point),
        })
        .collect()
}

/// Two elements with the same labels are an error of Prometheus.
fn unique(value: Value) -> Result<Value, EvalError> {
    if let Value::Vector(elements) = &value {
        let mut seen = BTreeSet::new();
        if let Some(twice) = elements.iter().find(|e| !seen.insert(&e.labels)) {
            return Err(EvalError(format!(
                "two elements have the same labels {}",
                twice.labels
            )));
        }
    }
    Ok(value)
}
