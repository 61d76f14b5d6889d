//! Codes of events, which are hashed: one event, one code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[test]
fn every_event_has_a_code_of_its_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sim-core/src/history/encoding.rs");
    let text = fs::read_to_string(path).expect("it is there");
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut times: BTreeMap<u64, u32> = BTreeMap::new();
    for pair in words.windows(2) {
        let code = pair[1].parse().ok();
        if let Some(code) = code.filter(|_| ["one", "two", "three"].contains(&pair[0])) {
            *times.entry(code).or_default() += 1;
        }
    }
    assert!(times.len() > 35, "{times:?}");
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "codes of several events: {twice:?}");
}
