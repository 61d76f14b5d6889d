//! Splitters by product and version, as they were seen to split when they were run (2026-11-30, two servers or 100 000 keys).

mod entry;
mod flags;
mod proxies;
mod spell;
mod web_servers;

pub use entry::{Preset, PresetEntry};

use super::splitter::Splitter;

impl Preset {
    /// What is known of it.
    ///
    /// # Panics
    /// Never: every preset stands in the table, which a test holds.
    pub fn entry(self) -> &'static PresetEntry {
        let entry = presets().find(|entry| entry.preset == self);
        entry.expect("every preset stands in the table")
    }

    /// The long form.
    pub fn splitter(self) -> Splitter {
        self.entry().splitter
    }
}

/// All presets, by product.
pub fn presets() -> impl Iterator<Item = &'static PresetEntry> {
    let proxies = web_servers::WEB_SERVERS.iter().chain(proxies::PROXIES);
    proxies.chain(flags::FLAGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_stands_in_the_table_once_under_the_name_that_files_write() {
        for entry in presets() {
            let written = serde_json::to_value(entry.preset).unwrap();
            assert_eq!(written, entry.name);
            let same = presets().filter(|it| it.preset == entry.preset);
            assert_eq!(same.count(), 1, "{}", entry.name);
        }
        let schema = schemars::schema_for!(Preset);
        let names = schema.as_value()["oneOf"].as_array().unwrap();
        assert_eq!(names.len(), presets().count());
    }
}
