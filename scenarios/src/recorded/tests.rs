//! Recordings, sound and broken, and what is said about them.

use proptest::prelude::*;

use super::*;
use crate::{Report, Severity};

fn read_text(text: &str) -> Result<Recorded, Report> {
    read("history.csv", text.as_bytes(), &Reading::default())
}

fn history(text: &str) -> RecordedSeries {
    match read_text(text) {
        Ok(Recorded::Series(history)) => *history,
        other => panic!("it is a history: {other:?}"),
    }
}

/// Rows a minute apart, whose values come from `value`.
fn rows(count: usize, value: impl Fn(usize) -> String) -> String {
    let row = |k: usize| format!("{},{}\n", 1_700_000_000 + 60 * k, value(k));
    "timestamp,value\n".to_owned() + &(0..count).map(row).collect::<String>()
}

/// Returns the codes of errors and of warnings.
fn codes(text: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let report = match read_text(text) {
        Ok(Recorded::Series(history)) => history.warnings,
        Ok(Recorded::Summary(_)) => return (vec![], vec![]),
        Err(report) => report,
    };
    let of = |wanted| {
        let found = report
            .diagnostics
            .iter()
            .filter(move |found| found.severity == wanted);
        found.map(|found| found.code).collect()
    };
    (of(Severity::Error), of(Severity::Warning))
}

#[track_caller]
fn check(text: &str, errors: &[&str], warnings: &[&str]) {
    let (found, warned) = codes(text);
    assert_eq!(
        (found.as_slice(), warned.as_slice()),
        (errors, warnings),
        "{}",
        &text[..text.len().min(200)]
    );
}

#[test]
fn a_plain_recording_has_its_step_and_no_warning() {
    let found = history(&rows(100, |k| k.to_string()));
    assert_eq!(
        (found.points.len(), found.step.to_string()),
        (100, "1m".to_owned())
    );
    assert_eq!(found.span().to_string(), "1h40m");
    assert!(found.is_regular && found.gaps.is_empty() && found.warnings.diagnostics.is_empty());
}

#[test]
fn byte_order_marks_carriage_returns_quotes_and_units_are_read() {
    let found = history("\u{feff}Time,\"Value\",host\r\n1,\"12ms\",a\r\n2,13ms,a\r\n3,14 ms,a\r\n");
    assert_eq!(found.unit.as_deref(), Some("ms"));
    assert_eq!(found.hosts, ["a"]);
    assert_eq!(found.points[2].value, 14.0);
}

#[test]
fn hosts_and_versions_tell_series_apart() {
    let found = history(
        "timestamp,value,n,host,version\n0,1,10,a,v1\n0,2,20,b,v1\n60,3,30,a,v2\n120,1,10,a,v2\n",
    );
    assert_eq!(
        (found.hosts.len(), found.versions.len(), found.points.len()),
        (2, 2, 4)
    );
    assert_eq!(found.points[1].n, Some(20.0));
    assert!(found.has_denominators());
}

#[test]
fn a_column_of_another_name_is_chosen() {
    let text = "value,starttime,VM_id\n5,2023-05-28 23:54:38.440,0\n6,2023-05-29 00:30:53.450,0\n";
    check(text, &["CM302"], &[]);
    let chosen = [("timestamp", "starttime"), ("host", "VM_id")];
    let columns = chosen.map(|(role, name)| (role.to_owned(), name.to_owned()));
    let reading = Reading {
        columns: Columns(columns.into()),
        ..Reading::default()
    };
    let found = read("vm.csv", text.as_bytes(), &reading).expect("the columns are known");
    let Recorded::Series(found) = found else {
        panic!("it is a history")
    };
    assert_eq!(found.hosts, ["0"]);
}

#[test]
fn headers_that_do_not_say_enough_are_refused() {
    check("1,2\n2,3\n", &["CM302"], &[]);
    check("a,b\n1,2\n", &["CM302"], &[]);
    check("timestamp;value\n1;2,5\n2;3,5\n", &[], &[]);
    check("timestamp,value,region\n1,2,x\n2,3,x\n", &[], &["CM309"]);
}

#[test]
fn rows_that_cannot_be_read_are_counted_and_located() {
    check("timestamp,value\n1,2,3\n2,3\n", &["CM303"], &[]);
    check(
        "timestamp,value\nyesterday,2\n2,x\n",
        &["CM304", "CM306"],
        &[],
    );
    check(
        "timestamp,value\n1700000000,2\n1700000060000,3\n",
        &["CM305"],
        &[],
    );
    check("timestamp,value\n1,2ms\n2,3s\n3,4\n", &["CM307"], &[]);
    check("timestamp,value,n\n1,2,-3\n2,3,\n", &["CM308"], &[]);
    let report = read_text("timestamp,value\n1,2\n2,x\n3,y\n").expect_err("x is no number");
    assert_eq!(
        report.diagnostics[0].message,
        "`x` is no number (and in 1 more rows)"
    );
    assert_eq!(
        report
            .positions(&report.diagnostics[0])
            .expect("it has a place")
            .0
            .line,
        3
    );
}

#[test]
fn few_defects_are_warned_of_and_many_are_refused() {
    let some = |word: &'static str, every: usize| {
        rows(1000, move |k| {
            if k % every == 3 {
                word.into()
            } else {
                k.to_string()
            }
        })
    };
    // An absent value leaves a gap behind.
    check(&some("", 500), &[], &["CM310", "CM314"]);
    check(&some("null", 10), &["CM310", "CM314"], &[]);
    // Nothing divided by nothing is no traffic, however much of it there is.
    check(&some("NaN", 10), &[], &["CM316"]);
    let found = history(&some("NaN", 10));
    assert_eq!((found.points.len(), found.spoilt.len()), (900, 100));
    assert!(found.gaps.is_empty());
    let sound = rows(1000, |k| k.to_string());
    let copy = |times: usize| sound.clone() + &"1700059940,999\n".repeat(times);
    check(&copy(5), &[], &["CM312"]);
    check(&copy(50), &["CM312"], &[]);
    let other = |times: usize| sound.clone() + &"1700059940,7\n".repeat(times);
    check(&other(1), &[], &["CM313"]);
    check(&other(9), &["CM313"], &[]);
    let gap = |long: usize| sound.clone() + &format!("{},1\n", 1_700_059_940 + 60 * long);
    check(&gap(20), &[], &["CM314"]);
    check(&gap(200), &["CM314"], &[]);
    // Days are left out as a whole: one of sixteen; not what is more than half.
    let days = |present: [usize; 2], missing: usize| {
        let row = |k: usize| format!("{},{k}\n", 1_700_000_000 + 3600 * k);
        let second = present[0] + missing;
        let kept = (0..24 * present[0]).chain(24 * second..24 * (second + present[1]));
        "time,value\n".to_owned() + &kept.map(row).collect::<String>()
    };
    check(&days([7, 8], 1), &[], &["CM314"]);
    check(&days([2, 2], 5), &["CM314"], &[]);
}

#[test]
fn disorder_is_refused_unless_it_is_tiny_or_complete() {
    let sound: Vec<String> = rows(2000, |k| k.to_string())
        .lines()
        .map(str::to_owned)
        .collect();
    let text = |lines: &[String]| lines.join("\n");
    let mut one = sound.clone();
    one.swap(100, 101);
    check(&text(&one), &[], &["CM311"]);
    let mut many = sound.clone();
    (1..200).for_each(|k| many.swap(10 * k, 10 * k + 1));
    check(&text(&many), &["CM311"], &[]);
    let mut backwards = sound.clone();
    backwards[1..].reverse();
    check(&text(&backwards), &[], &["CM311"]);
    let times: Vec<_> = history(&text(&backwards))
        .points
        .iter()
        .map(|point| point.time)
        .collect();
    assert!(times.is_sorted());
}

#[test]
fn nothing_and_one_value_are_refused() {
    check("timestamp,value\n", &["CM315"], &[]);
    check("timestamp,value\n1,2\n", &["CM315"], &[]);
    check("  \n", &["CM003"], &[]);
    check("a\0b", &["CM002"], &[]);
}

#[test]
fn what_is_excluded_is_not_missing() {
    let sound = rows(1000, |k| k.to_string());
    let reading = Reading {
        exclude: vec!["1700012000..1700030000".parse().expect("a stretch")],
        ..Reading::default()
    };
    let Ok(Recorded::Series(found)) = read("history.csv", sound.as_bytes(), &reading) else {
        panic!("the rest is a history")
    };
    assert_eq!((found.points.len(), found.gaps.len()), (699, 0));
}

#[test]
fn prometheus_answers_are_histories() {
    let answer = |result: &str| {
        format!(
            r#"{{"status": "success", "data": {{"resultType": "matrix", "result": [{result}]}}}}"#
        )
    };
    let one = r#"{"metric": {"job": "api"}, "values": [[1700000000, "0.5"], [1700000060.0, "0.25"], [1700000120, "1"]]}"#;
    let found = history(&answer(one));
    assert_eq!((found.points.len(), found.points[1].value), (3, 0.25));
    let host = |name: &str| {
        format!(r#"{{"metric": {{"instance": "{name}"}}, "values": [[1, "1"], [2, "2"]]}}"#)
    };
    assert_eq!(
        history(&answer(&(host("a") + "," + &host("b")))).hosts,
        ["a", "b"]
    );
    check(&answer(&(one.to_owned() + "," + one)), &["CM313"], &[]);
    check(
        &answer(r#"{"metric": {}, "value": [1, "1"]}"#),
        &["CM300"],
        &[],
    );
    check(
        &answer(r#"{"metric": {}, "values": [[1, "NaN"], [2, "+Inf"], [3, "1"]]}"#),
        &["CM315"],
        &["CM316"],
    );
    check(
        &answer(r#"{"metric": {}, "values": [[1], ["x", "1"]]}"#),
        &["CM306"],
        &[],
    );
    check(&answer(""), &["CM300"], &[]);
    check(
        r#"{"status": "error", "error": "parse error"}"#,
        &["CM300"],
        &[],
    );
    check("{broken", &["CM300"], &[]);
    check("{}", &["CM300"], &[]);
}

#[test]
fn a_k6_summary_is_known_for_one() {
    let text = r#"{"metrics": {"http_req_duration": {"med": 120, "p(95)": 300}}}"#;
    assert!(matches!(read_text(text), Ok(Recorded::Summary(summary)) if summary.p95_ms == 300.0));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(read("x", &bytes, &Reading::default()));
    }

    #[test]
    fn no_row_makes_the_reader_panic(
        rows in proptest::collection::vec(
            ("[0-9eE+.:TZé-]{0,24}", "[0-9eE+.naifNIF%ms\"é-]{0,12}", "[0-9.-]{0,5}"), 0..40),
    ) {
        let lines: String = rows.iter().map(|(t, v, n)| format!("{t},{v},{n}\n")).collect();
        drop(read_text(&("timestamp,value,n\n".to_owned() + &lines)));
    }

    #[test]
    fn no_times_and_values_make_the_sieve_panic(
        rows in proptest::collection::vec((0_i64..7_258_118_500, any::<f64>()), 0..40),
    ) {
        let lines: String = rows.iter().map(|(t, v)| format!("{t},{v:e}\n")).collect();
        if let Ok(Recorded::Series(found)) = read_text(&("timestamp,value\n".to_owned() + &lines)) {
            prop_assert!(found.points.iter().all(|point| point.value.is_finite()));
            prop_assert!(found.points.is_sorted_by_key(|point| point.time));
        }
    }
}
