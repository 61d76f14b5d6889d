//! What proxies and feature flags do with a declared weight: who is picked, exactly as the product picks.
//!
//! [`proxies`] choose between two servers, the stable one first; [`flags`] say whether a flag is on for an identity.
//! Both are pinned to versions that were run (see each family), and both are pure: what a product draws at random has a
//! law here ([`proxies::Law`]) and no generator.

pub mod flags;
pub mod hashes;
pub mod proxies;
pub mod rows;
pub mod series;
