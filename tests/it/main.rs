//! What the project promises, seen from outside: one test binary, one module for each subject.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod acceptance;
mod acceptance_data;
mod acceptance_rehearsed;
mod artifacts;
mod backtest;
mod bad_input;
mod calibrate;
mod cases;
mod chaos;
mod command;
mod compare;
mod corpus;
mod decide;
mod defects;
mod determinism;
mod exit_codes;
mod faults;
mod flawed;
mod gates;
mod library;
mod mutate;
mod new_user;
mod noise;
mod oracles;
mod outputs;
mod page;
mod papers;
mod rare;
mod results;
mod shrinking;
mod sustained;
mod tidy;
mod tune;
mod verdict;
mod verify;
