//! The results as people read them.

use std::fmt::Write as _;

use super::verification::{CaseResult, CaseStatus, QuantityResult, Rows, Verification};

/// Returns the lines of one case; a row of a controller that was reproduced has none, its file is in the summary.
pub fn case_text(case: &CaseResult) -> String {
    if case.file.is_some() && case.status == CaseStatus::Ok {
        return String::new();
    }
    let mut text = format!("{:<8} {} {}\n", word(case.status), case.id, case.kind);
    if let Some(note) = &case.note {
        line(&mut text, format_args!("         {note}"));
    }
    let width = case
        .quantities
        .iter()
        .map(|one| one.name.len())
        .max()
        .unwrap_or(0);
    for quantity in &case.quantities {
        line(
            &mut text,
            format_args!("         {}", quantity_text(quantity, width)),
        );
    }
    text
}

/// Returns the closing lines: one for each kind of rows in a file, the root mean square of z where there is one, and the count.
pub fn summary_text(all: &Verification) -> String {
    let mut text: String = all.rows().iter().map(rows_text).collect();
    let (rms, quantities) = all.rms_z();
    if quantities > 0 {
        let biased = ": outside 0.8 to 1.2, so some answers are biased";
        let verdict = if all.rms_is_sound() { "" } else { biased };
        line(
            &mut text,
            format_args!("rms of z over {quantities} quantities: {rms:.3}{verdict}"),
        );
    }
    let unverified = all.cases.iter().flat_map(|case| &case.quantities);
    let unverified = unverified.filter(|one| one.status == CaseStatus::Unknown);
    let unverified = unverified.count();
    if unverified > 0 {
        line(
            &mut text,
            format_args!("quantities not verified: {unverified}"),
        );
    }
    let statuses = [CaseStatus::Ok, CaseStatus::Differs, CaseStatus::Unknown];
    let [ok, differ, unknown] = statuses.map(|status| all.count(status));
    let cases = all.cases.len();
    line(
        &mut text,
        format_args!("verified {cases} cases: {ok} ok, {differ} differ, {unknown} unknown"),
    );
    text
}

fn rows_text(rows: &Rows) -> String {
    let Rows {
        file,
        kind,
        ok,
        differ,
        unknown,
    } = rows;
    let status = match (differ, unknown) {
        (0, 0) => CaseStatus::Ok,
        (0, _) => CaseStatus::Unknown,
        _ => CaseStatus::Differs,
    };
    let sum = ok + differ + unknown;
    format!(
        "{:<8} {file} {kind}: {sum} rows, {ok} ok, {differ} differ, {unknown} unknown\n",
        word(status)
    )
}

fn quantity_text(one: &QuantityResult, width: usize) -> String {
    let mut text = format!(
        "{:<width$}  expected {:<14}",
        one.name,
        figure(one.expected)
    );
    let Some(simulated) = one.simulated else {
        return text + " not verified: the simulation gives no such quantity";
    };
    let _ = write!(text, " simulated {:<14}", figure(simulated));
    match one.z {
        Some(z) => {
            let _ = write!(text, " z {z:+.2} in {} trials", one.trials);
        }
        None if one.trials > 0 => {
            let _ = write!(text, " a whole number, from {} trials", one.trials);
        }
        None => text.push_str(" no chance in it"),
    }
    if let Some(again) = one.again {
        let _ = write!(text, "; again with ten times as many: z {again:+.2}");
    }
    if one.status == CaseStatus::Differs {
        text.push_str("  DIFFERS");
    }
    text
}

fn word(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Ok => "ok",
        CaseStatus::Unknown => "unknown",
        CaseStatus::Differs => "DIFFERS",
    }
}

/// Writes a number with seven significant digits.
fn figure(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 || (1e-4..1e9).contains(&size) {
        let whole = if size >= 1.0 {
            size.log10() as usize + 1
        } else {
            0
        };
        format!("{number:.*}", 7_usize.saturating_sub(whole))
    } else {
        format!("{number:.6e}")
    }
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    writeln!(text, "{arguments}").expect("a string takes text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_told_quantity_by_quantity_and_the_last_line_counts() {
        let quantity = |name: &str, simulated, z, status| QuantityResult {
            name: name.to_owned(),
            expected: 0.25,
            simulated,
            z,
            trials: 1000,
            again: None,
            status,
        };
        let quantities = vec![
            quantity("p", Some(0.251), Some(0.07), CaseStatus::Ok),
            quantity("mean", Some(1.0e-7), Some(-9.0), CaseStatus::Differs),
            quantity("q", None, None, CaseStatus::Unknown),
        ];
        let case = CaseResult {
            status: CaseStatus::Differs,
            note: None,
            quantities,
            ..CaseResult::unknown("A1", "k", "")
        };
        let expect = "\
DIFFERS  A1 k
         p     expected 0.2500000      simulated 0.2510000      z +0.07 in 1000 trials
         mean  expected 0.2500000      simulated 1.000000e-7    z -9.00 in 1000 trials  DIFFERS
         q     expected 0.2500000      not verified: the simulation gives no such quantity
";
        assert_eq!(case_text(&case), expect);
        let all = Verification {
            cases: vec![
                case,
                CaseResult::unknown("B", "tarot", "there is no such kind"),
            ],
        };
        let expect = "\
rms of z over 2 quantities: 6.364
quantities not verified: 1
verified 2 cases: 0 ok, 1 differ, 1 unknown
";
        assert_eq!(summary_text(&all), expect);
    }

    #[test]
    fn rows_of_controllers_are_told_by_file_and_kind_and_only_those_that_differ_one_by_one() {
        let row = |id: &str, status| CaseResult {
            file: Some("a.jsonl".to_owned()),
            status,
            ..CaseResult::unknown(id, "flagger", "why")
        };
        let cases = vec![
            row("a.jsonl:1", CaseStatus::Ok),
            row("a.jsonl:2", CaseStatus::Differs),
        ];
        let all = Verification { cases };
        assert_eq!(case_text(&all.cases[0]), "");
        assert_eq!(
            case_text(&all.cases[1]),
            "DIFFERS  a.jsonl:2 flagger\n         why\n"
        );
        let expect = "\
DIFFERS  a.jsonl flagger: 2 rows, 1 ok, 1 differ, 0 unknown
verified 2 cases: 1 ok, 1 differ, 0 unknown
";
        assert_eq!(summary_text(&all), expect);
    }
}
