//! Patterns of paths: `gates.*.window` is the window of any gate, and all that lies below.

/// Returns whether `path` is the place that `pattern` names, or lies below it.
pub(super) fn covers(pattern: &str, path: &str) -> bool {
    let mut names = path.split('.');
    pattern
        .split('.')
        .all(|part| names.next().is_some_and(|name| matches(part, name)))
}

/// A star stands for any part of a name: `*`, `cp*-gate`, `*_alert`.
fn matches(part: &str, name: &str) -> bool {
    match part.split_once('*') {
        None => part == name,
        Some((front, back)) => {
            name.len() >= front.len() + back.len()
                && name.starts_with(front)
                && name.ends_with(back)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, path: &str, expect: bool) {
        assert_eq!(covers(pattern, path), expect, "{pattern} over {path}");
    }

    #[test]
    fn a_pattern_covers_a_place_and_all_below() {
        check("gates.*.window", "gates.slow.window", true);
        check("gates.*.window", "gates.slow.window.over", true);
        check("gates.*.window", "gates.slow.over", false);
        check("gates.*.window", "gates.slow", false);
        check("gates", "gates.slow", true);
        check("evidence.cp*-gate", "evidence.cp8-gate.max-age", true);
        check("evidence.cp*-gate", "evidence.cp-gat", false);
        check("ab*ba", "aba", false);
    }
}
