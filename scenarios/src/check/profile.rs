//! Profiles in words.

use sim_core::policy::Profile;

/// Returns the word that files use for a profile.
pub(crate) const fn word(profile: Profile) -> &'static str {
    match profile {
        Profile::AsWritten => "as-written",
        Profile::AsImplemented => "as-implemented",
        Profile::Own => "own",
    }
}
