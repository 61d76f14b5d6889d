//! The checkers judged: one history in which everything is put to the test and holds, and many that
//! differ from it in one planted fault.

mod declared;
mod experiment;
mod planted_paper;
mod planted_reaction;
mod planted_way;
mod played;
mod story;
mod verdicts;
