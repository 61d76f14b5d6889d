//! What the project promises, seen from outside: one test binary, one module for each subject.

mod acceptance;
mod bad_input;
mod command;
mod decide;
mod determinism;
mod exit_codes;
mod library;
mod new_user;
mod outputs;
mod papers;
mod tidy;
