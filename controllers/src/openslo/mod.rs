//! OpenSLO: objectives and alert conditions of version v1, objectives of v1alpha, as burn-rate triggers.
//!
//! After the specification and its Go SDK (`github.com/OpenSLO/go-sdk`), which were read and not run. What the tools make of
//! it differs: sloth 0.16 refuses v1, and writes rules without alerts for v1alpha.

mod condition;
mod document;
mod form;
mod keys;
mod length;
mod objects;
mod problem;
mod references;
mod trigger;

pub use document::{Document, sloth_takes};
pub use form::{
    AlertCondition, AlertPolicy, AlphaObjective, AlphaSlo, AlphaSloSpec, BurnRateCondition,
    ConditionEntry, ConditionSpec, Indicator, IndicatorMetric, IndicatorSpec, Meta, MetricSource,
    Objective, Operator, PolicyEntry, PolicySpec, Query, RatioMetric, RatioMetrics, Slo, SloSpec,
};
pub use keys::table;
pub use length::length;
pub use problem::Problem;
pub use trigger::{Trigger, Triggers};
