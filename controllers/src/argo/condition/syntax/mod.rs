//! From the text of a condition to its tree.
//!
//! The words are cut by `lex.rs`; `parse.rs` joins operands by operators, and asks `operand.rs`, `call.rs` and
//! `postfix.rs` for what stands between them.

mod call;
mod cursor;
mod lex;
mod number;
mod operand;
mod operators;
mod parse;
mod parser;
mod postfix;
mod quoted;
mod token;

pub(super) use parse::parse;
