//! In which manner a promise is broken.

use crate::checker::Finding;

/// Returns what a finding says happened, without its numbers, without how often and without the cause that stands
/// behind a colon: two rehearsals break a
/// promise in the same manner when these are equal.
///
/// # Example
/// `the last host was reverted after 1m4s, and 2 more` is `the last host was reverted after #`.
pub fn failure_signature(finding: &Finding) -> String {
    let first = match finding.detail.rsplit_once(", and ") {
        Some((first, more)) if more.ends_with(" more") => first,
        _ => &finding.detail,
    };
    let first = first.split_once(": ").map_or(first, |(what, _)| what);
    let mut words: Vec<&str> = first.split_whitespace().map(without_number).collect();
    words.dedup_by(|one, other| one == other && *one == "#");
    words.join(" ")
}

fn without_number(word: &str) -> &str {
    let bare = word.trim_start_matches(['-', '+', '(']);
    if bare.starts_with(|c: char| c.is_ascii_digit()) {
        "#"
    } else {
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Status;

    #[track_caller]
    fn check(detail: &str, expect: &str) {
        let finding = Finding {
            id: "INV-ROLLBACK",
            title: "",
            status: Status::Violated,
            slack: None,
            unit: None,
            at: None,
            detail: detail.to_owned(),
        };
        assert_eq!(failure_signature(&finding), expect);
    }

    #[test]
    fn numbers_and_repetitions_are_no_part_of_the_manner() {
        check("reverted after 1m4s, and 2 more", "reverted after #");
        check("12.5% serve it again", "# serve it again");
        check(
            "stage `a` was left: gate `p95` read 7",
            "stage `a` was left",
        );
        check(
            "gate `p95` was read, and late",
            "gate `p95` was read, and late",
        );
    }
}
