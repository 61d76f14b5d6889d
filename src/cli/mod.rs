//! The command line: one file for each subcommand, which parses, calls and prints.
//!
//! The answer goes to stdout, everything else to stderr. [`console`] is the only file that knows the
//! terminal, [`output`] the only one that writes files, [`exit_code`] the list of all exit codes.

mod app;
mod atomic_dir;
mod backtest;
mod calibrate;
mod chaos;
mod compare;
mod completions;
pub mod console;
mod curve;
mod decide;
mod defaults;
mod diff;
mod divided;
pub mod exit_code;
mod explain;
mod export;
pub mod failure;
mod import;
mod init;
mod inputs;
mod interrupt;
mod lint;
mod list;
#[cfg(feature = "serve")]
mod live;
mod man;
mod merge;
mod mutate;
mod new_files;
mod objective_exit;
mod offered;
mod order;
pub mod output;
mod plan;
mod rare;
mod rehearse;
mod renderers;
mod replay;
mod report;
pub mod resolve;
mod run;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod shard;
mod shrink;
mod simulate;
mod splitters;
mod submit;
mod tune;
mod verify;
mod whole;
mod windows;

pub use app::{Cli, main};
