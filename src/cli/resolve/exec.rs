//! Whether the program that decides a policy may run.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use sim_core::policy::{DecidedBy, Policy};

use crate::guard::AskedGuard;

/// What becomes of the program that a policy asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exec {
    /// The policy is refused.
    #[default]
    Refused,
    /// It may run.
    Allowed,
    /// The policy is looked at and not played.
    Unasked,
}

impl Exec {
    /// What is done where the command line says whether programs may run.
    pub const fn said(args: ExecArgs) -> Self {
        if args.allow_exec {
            Self::Allowed
        } else {
            Self::Refused
        }
    }

    /// The program that decides a policy whose file lies in `folder`, where it may run.
    pub(super) fn guard(self, policy: &Policy, folder: &Path) -> Option<Arc<AskedGuard>> {
        match (&policy.decide, self) {
            (Some(DecidedBy::Exec(exec)), Self::Allowed) => {
                Some(Arc::new(AskedGuard::new(policy, exec, folder)))
            }
            _ => None,
        }
    }
}

/// Whether programs may run.
#[derive(Args, Clone, Copy, Debug)]
pub struct ExecArgs {
    /// Let the policy's own guard run: the program under `decide: exec`
    #[arg(long)]
    pub allow_exec: bool,
}
