//! scratch
use scenarios::{library, lint, load};
use sim_core::policy::Profile;
fn main() {
    for system in library::systems() {
        for profile in [Profile::AsWritten, Profile::AsImplemented] {
            let policy = load::policy("p", system.policy(profile).unwrap().as_bytes())
                .ok()
                .unwrap();
            let world = load::world("w", system.world.as_bytes())
                .ok()
                .unwrap()
                .value;
            for d in lint::lint(&policy, Some(&world)) {
                let text = d
                    .span
                    .clone()
                    .map(|s| policy.source[s].chars().take(40).collect::<String>());
                println!(
                    "{} {:?} {:?} {} | {} | {:?}",
                    system.name,
                    profile,
                    d.code,
                    lint::named(d.code).map_or("?", |r| r.name),
                    d.message,
                    text
                );
            }
        }
    }
}
