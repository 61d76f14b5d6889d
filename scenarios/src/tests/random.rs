//! Whatever the bytes, reading ends with a document or a report.

use super::plan::{GOOD, Plan};
use crate::{Colour, read};
use proptest::prelude::*;

fn read_and_draw(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(report) = read::<Plan>("random.yaml", bytes) else {
        return Ok(());
    };
    prop_assert!(!report.diagnostics.is_empty());
    prop_assert!(report.has_errors());
    for found in &report.diagnostics {
        let span = found.span.clone().unwrap_or(0..0);
        prop_assert!(span.start <= report.source.len(), "{:?}", found);
        prop_assert!(
            report
                .positions(found)
                .is_none_or(|(start, end)| start <= end)
        );
    }
    prop_assert!(!report.render(Colour::Always).is_empty());
    prop_assert_eq!(report.to_json().len(), report.diagnostics.len());
    Ok(())
}

/// One change: what is put in place of how many bytes, and where.
fn change() -> impl Strategy<Value = (usize, usize, Vec<u8>)> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..4),
        proptest::sample::select(vec![
            "{", "}", "[", "]", ":", ": ", "- ", "\n", "\r", "\t", "'", "\"", "#", "&a ", "*a",
            "<<: ", "!", "|\n", ">\n", "? ", "---\n", "...\n", "%", "\u{FEFF}", "\\", ".nan",
            "1e999", "~", "ü",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    (0..GOOD.len(), 0usize..12, piece)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_and_draw(&bytes)?;
    }

    #[test]
    fn random_text_never_panics(text in "([a-c]|[\\[\\]{}:,&*!|>'\"%@`#?\\-\\\\~.<0-9 \n\t\r]){0,60}") {
        read_and_draw(text.as_bytes())?;
    }

    #[test]
    fn mutations_of_a_good_plan_never_panic(changes in proptest::collection::vec(change(), 1..6)) {
        let mut bytes = GOOD.as_bytes().to_vec();
        for (at, length, piece) in changes {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, piece);
        }
        read_and_draw(&bytes)?;
    }
}
