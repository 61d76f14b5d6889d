//! Prometheus 3.16.0: alerting rules over a recording, in virtual time.
//!
//! [`parse`] reads the part of PromQL that alerting rules use; [`Engine`] evaluates it over a [`Recording`]. [`form`] is the file
//! of rules, [`group::Running`] the rules at work, [`watch::Watch`] the same with its phase and Alertmanager. [`shape`] says in
//! data what an expression asks, for triggers that are not PromQL.

pub mod alert;
pub mod alertmanager;
mod ast;
mod binary;
mod call;
mod cursor;
pub mod duration;
mod eval;
pub mod findings;
pub mod form;
mod functions;
pub mod group;
mod histogram;
mod inline;
mod kahan;
mod labels;
mod lex;
mod modifiers;
mod names;
mod op;
mod parse;
pub mod phase;
mod range;
mod recording;
pub mod rows;
mod selector;
pub mod shape;
mod summary;
mod template;
mod value;
pub mod watch;

pub use ast::{
    Aggregate, Binary, Expr, Function, Kind, Matching, Selector, Side, Subquery, Summary, Type,
};
pub use eval::Engine;
pub use inline::inline;
pub use labels::{Labels, Match, Matcher, NAME};
pub use lex::ParseError;
pub use names::{FUNCTIONS, Signature};
pub use op::Op;
pub use parse::parse;
pub use recording::{Millis, Point, Reading, Recording, Series};
pub use value::{Element, EvalError, Value};
