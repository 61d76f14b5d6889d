//! sloth 0.16: objectives that become recording rules and multi-window, multi-burn-rate alerts of Prometheus.
//!
//! [`form::Spec`] is the file, [`plan::plan`] what its alerts hold against what, [`rules::rules`] the rules that sloth writes.

pub mod form;
pub mod plan;
pub mod rules;
