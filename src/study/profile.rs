//! The words for the profiles of a policy.

use sim_core::policy::Profile;

/// Returns the word that files, arguments and reports use for a profile.
pub const fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::AsWritten => "as-written",
        Profile::AsImplemented => "as-implemented",
        Profile::Own => "own",
    }
}
