//! How a policy is named on the command line.

use clap::{Args, ValueEnum};
use sim_core::policy::Profile;

use crate::cli::resolve::assume::AssumeArgs;
use crate::cli::resolve::exec::{Exec, ExecArgs};

/// The policy under test.
#[derive(Args, Clone, Debug)]
pub struct PolicyArgs {
    /// A system of the library (see `coalmine list`) or a path to a policy file
    pub policy: String,
    /// Which reading of a library system: its document or its code [default: as-written]
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArg>,
    /// The world of a file of another product.
    #[command(flatten)]
    pub assume: AssumeArgs,
    /// What becomes of a program that decides.
    #[arg(skip)]
    pub exec: Exec,
}

impl PolicyArgs {
    /// The same policy, whose program may run where the command line says so.
    #[must_use]
    pub fn allowing(&self, exec: ExecArgs) -> Self {
        let exec = Exec::said(exec);
        Self {
            exec,
            ..self.clone()
        }
    }
}

/// A reading of a library system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// The document as its authors wrote it.
    AsWritten,
    /// What the code that enforces the document really does.
    AsImplemented,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Self {
        match profile {
            ProfileArg::AsWritten => Self::AsWritten,
            ProfileArg::AsImplemented => Self::AsImplemented,
        }
    }
}
