//! The shipped policies, read once.

use std::sync::LazyLock;

use scenarios::library;
use sim_core::policy::{Policy, Profile};

static CONTROL_PLANE: LazyLock<[Policy; 2]> = LazyLock::new(|| both("control-plane"));
static OPTIMIZE: LazyLock<[Policy; 2]> = LazyLock::new(|| both("optimize"));

/// Returns the shipped policy of a system that decides on given metrics: `control-plane` or
/// `optimize`.
///
/// # Panics
///
/// For every other system, and for a policy of one's own.
pub fn shipped(system: &str, profile: Profile) -> &'static Policy {
    let policies: &'static [Policy; 2] = match system {
        "control-plane" => &CONTROL_PLANE,
        "optimize" => &OPTIMIZE,
        other => panic!("{other} has no gates that are judged on given metrics"),
    };
    match profile {
        Profile::AsWritten => &policies[0],
        Profile::AsImplemented => &policies[1],
        Profile::Own => panic!("a policy of one's own is not shipped"),
    }
}

fn both(system: &str) -> [Policy; 2] {
    [Profile::AsWritten, Profile::AsImplemented].map(|profile| {
        let system = library::system(system).expect("the systems that decide are in the library");
        let text = system
            .policy(profile)
            .expect("every system has both profiles");
        scenarios::read(system.name, text.as_bytes())
            .expect("shipped policies are valid")
            .value
    })
}
