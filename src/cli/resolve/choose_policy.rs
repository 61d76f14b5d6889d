//! From a name to the policy that is meant.

use std::path::Path;

use clap::ValueEnum;
use scenarios::{library, reading};

use super::policy::{ChosenPolicy, PolicySource, unknown};
use super::policy_args::{PolicyArgs, ProfileArg};
use crate::cli::failure::Failure;
use crate::cli::resolve::assume::AssumeArgs;
use crate::cli::resolve::exec::Exec;

/// Finds and loads the policy that is meant.
///
/// # Errors
///
/// When there is no such system and no such file, and for everything that is wrong with the file.
pub fn choose_policy(args: &PolicyArgs) -> Result<ChosenPolicy, Failure> {
    let source = PolicySource::find(args)?;
    let chosen = source.choose().map_err(Failure::Reports)?;
    source.unasked(&chosen)?;
    Ok(chosen)
}

/// Finds and loads a policy that is named in one word: a path, a system of the library (its document),
/// or `SYSTEM:PROFILE`.
///
/// # Errors
///
/// As [`choose_policy`], and for a profile that there is not.
pub fn choose_named(named: &str) -> Result<ChosenPolicy, Failure> {
    choose_assuming(named, &AssumeArgs::default())
}

/// Does the same, and takes one of another product in the world that is assumed.
///
/// # Errors
///
/// As [`choose_named`].
pub fn choose_assuming(named: &str, assume: &AssumeArgs) -> Result<ChosenPolicy, Failure> {
    let whole = PolicyArgs {
        policy: named.to_owned(),
        profile: None,
        assume: assume.clone(),
        exec: Exec::default(),
    };
    let parts = named
        .split_once(':')
        .filter(|_| !reading::exists(Path::new(named)));
    let Some((system, profile)) = parts else {
        return choose_policy(&whole);
    };
    let profile = ProfileArg::from_str(profile, false).map_err(|_| {
        Failure::input(format!("a system has no profile `{profile}`"))
            .help("there are as-written and as-implemented")
    })?;
    if library::system(system).is_none() {
        return Err(unknown(system));
    }
    choose_policy(&PolicyArgs {
        policy: system.to_owned(),
        profile: Some(profile),
        assume: assume.clone(),
        exec: Exec::default(),
    })
}
