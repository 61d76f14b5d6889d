//! Variations of a policy in which nothing is wrong.

use super::varied_text::VariedText;
use super::{Space, Variation};
use crate::fixtures::{self, POLICY, spoil};

/// Returns `path written` of each place, then the values.
fn read(argument: &str) -> Result<String, String> {
    let policy = fixtures::policy(POLICY);
    match Variation::read(argument, &VariedText::own(&policy)) {
        Ok(variation) => {
            let places = variation.places.iter();
            let places: Vec<_> = places
                .map(|it| format!("{}={}", it.path, it.written))
                .collect();
            let labels: Vec<_> = variation
                .settings
                .iter()
                .map(|it| it.label.as_str())
                .collect();
            Ok(format!("{}: {}", places.join(" "), labels.join(" ")))
        }
        Err(report) => {
            let found = &report.diagnostics[0];
            let span = found.span.clone().expect("arguments have places");
            let help = found.help.clone().unwrap_or_default();
            Err(format!("{} [{}] {help}", found.code, &argument[span]))
        }
    }
}

#[test]
fn a_path_leads_to_numbers_in_the_text() {
    let check = |argument: &str, expect: &str| assert_eq!(read(argument), Ok(expect.to_owned()));
    check(
        "gates.errors-high.breach.limit.absolute=1%..5%:3",
        "gates.errors-high.breach.limit.absolute=0.05: 0.01 0.03 0.05",
    );
    check(
        "gates.errors-high.limit=1%,2%",
        "gates.errors-high.breach.limit.absolute=0.05: 0.01 0.02",
    );
    check(
        "gates.slow.limit=1.2..2:3",
        "gates.slow.breach.limit.times.factor=1.5: 1.2 1.6 2",
    );
    check(
        "gates.slow.window=1..3",
        "gates.slow.window.consecutive=1: 1 2 3",
    );
    check(
        "gates.slow.quantile=0.9,0.99",
        "gates.slow.measure.quantile=0.99: 0.9 0.99",
    );
    check(
        "gates.errors-high.window=5m..20m:4",
        "gates.errors-high.window.sustained.over=10m: 5m 10m 15m 20m",
    );
    check(
        "gates.errors-high.over=5m,10m",
        "gates.errors-high.over=5m: 5m 10m",
    );
    check(
        "stages.canary.observe=30m..2h:2",
        "stages.canary.observe=1h: 30m 2h",
    );
    check(
        "stages.canary.target=1%..5%:2",
        "stages.canary.target=5%: 1% 5%",
    );
    check(
        "stages.*.observe=x0.5,x2",
        "stages.canary.observe=1h stages.half.observe=2h: x0.5 x2",
    );
    check(
        "gates.*.limit=x2",
        "gates.errors-low.breach.limit.absolute=0.02 \
        gates.errors-high.breach.limit.absolute=0.05 gates.slow.breach.limit.times.factor=1.5: x2",
    );
    check(
        "gates.errors-high.limit=0.5..1:2",
        "gates.errors-high.breach.limit.absolute=0.05: 0.5 1",
    );
    check("rollback.deadline=30s,60s", "rollback.deadline=60s: 30s 1m");
    check("evaluate-every=30s,1m", "evaluate-every=1m: 30s 1m");
}

#[test]
fn a_path_that_leads_nowhere_is_pointed_at_with_advice() {
    let check = |argument: &str, expect: &str| {
        let found = read(argument).expect_err(argument);
        assert!(found.starts_with(expect), "{argument}: {found}");
    };
    check(
        "gates.errors-hihg.limit=1%",
        "CM070 [errors-hihg] did you mean `errors-high`?",
    );
    check(
        "gate.errors-high.limit=1%",
        "CM070 [gate] did you mean `gates`?",
    );
    check(
        "gates.errors_high.limit=1%",
        "CM070 [errors_high] did you mean `errors-high`?",
    );
    check(
        "gates.errors-high.limt=1%",
        "CM070 [limt] did you mean `limit`?",
    );
    check(
        "stages.canary.zzz=1%",
        "CM070 [zzz] there are `id`, `target`",
    );
    check(
        "gates.errors-high=1%",
        "CM071 [gates.errors-high] name one of",
    );
    check(
        "stages.half.ramp=1%",
        "CM071 [stages.half.ramp] name one of",
    );
    check(
        "gates.errors-low.window=1..3",
        "CM072 [gates.errors-low.window] a window with a length is",
    );
    check("gates.slow.signal=1..3", "CM072 [gates.slow.signal]");
    check(
        "gates.slow.limit",
        "CM073 [gates.slow.limit] write PATH=RANGE",
    );
    check("gates.slow.limit=fast", "CM073 [fast]");
    check(
        "gates.slow.limit=1m..2m",
        "CM074 [1m..2m] this is a plain number",
    );
    check(
        "stages.canary.observe=1..3",
        "CM074 [1..3] this is a length of time",
    );
    check(
        "stages.canary.target=10..30",
        "CM074 [10..30] this is a share",
    );
    check("=1%", "CM071 []");
    // What is a ratio takes fractions and percentages, and nothing above 1 without a unit.
    check("gates.errors-high.limit=1..5", "CM128 [1..5] if ");
    check(
        "gates.errors-high.limit=300ms",
        "CM128 [300ms] write a number or a percentage",
    );
}

#[test]
fn a_number_that_an_alias_shares_is_refused() {
    let text = spoil(
        POLICY,
        "breach: {is: above, limit: {absolute: 0.02}}",
        "breach: &b {is: above, limit: {absolute: 0.02}}",
    );
    let text = spoil(
        &text,
        "breach: {is: above, limit: {absolute: 0.05}}",
        "breach: *b",
    );
    let policy = fixtures::policy(&text);
    let report = Variation::read("gates.errors-high.limit=1%", &VariedText::own(&policy))
        .expect_err("it is shared");
    assert_eq!(report.diagnostics[0].code, "CM076");
    let both =
        Variation::read("gates.*.absolute=1%", &VariedText::own(&policy)).expect("both are named");
    assert_eq!(both.places.len(), 2);
}

#[test]
fn a_candidate_differs_from_the_text_in_its_numbers_alone() {
    let text = spoil(
        POLICY,
        "    target: 5%\n",
        "    target: \"5%\"   # five, quoted\n",
    );
    let policy = fixtures::policy(&text);
    let arguments = [
        "stages.canary.target=2%,5%".to_owned(),
        "gates.errors-high.limit=4%,5%".to_owned(),
    ];
    let space = Space::new(&policy, &arguments).expect("the paths are right");
    let (candidates, refused) = space.candidates();
    assert!(refused.is_empty());
    let settings: Vec<_> = candidates.iter().map(|it| it.settings.join(" ")).collect();
    assert_eq!(
        settings,
        ["2% 0.04", "2% 0.05", "5% 0.04"],
        "all but the current one"
    );
    let expect = spoil(&text, "\"5%\"", "\"2%\"");
    assert_eq!(candidates[1].text, expect);
    assert_eq!(
        candidates[0].text,
        spoil(&expect, "absolute: 0.05", "absolute: 0.04")
    );
    assert_eq!(space.current().settings, ["5%", "0.05"]);
}

#[test]
fn a_combination_that_is_no_sound_policy_is_listed_with_the_reason() {
    let policy = fixtures::policy(POLICY);
    let arguments = ["stages.half.target=1%,60%".to_owned()];
    let space = Space::new(&policy, &arguments).expect("the path is right");
    let (candidates, refused) = space.candidates();
    let refused: Vec<_> = refused
        .iter()
        .map(|it| (it.settings.join(" "), it.report.diagnostics[0].code))
        .collect();
    assert_eq!((candidates.len(), refused.len()), (1, 1), "{refused:?}");
    assert_eq!(
        refused[0].0, "1%",
        "a later stage is no smaller than one before"
    );
}

#[test]
fn all_arguments_are_judged_and_none_twice() {
    let policy = fixtures::policy(POLICY);
    let arguments = ["gates.*.absolute=1%", "gates.errors-low.limit=2%", "x=1"].map(str::to_owned);
    let reports = Space::new(&policy, &arguments).expect_err("two are wrong");
    let codes: Vec<_> = reports.iter().map(|it| it.diagnostics[0].code).collect();
    assert_eq!(codes, ["CM075", "CM070"]);
    let many = [
        "gates.errors-low.limit=1%..5%:200",
        "gates.errors-high.limit=1%..5%:200",
    ]
    .map(str::to_owned);
    let reports = Space::new(&policy, &many).expect_err("they are too many");
    assert_eq!(reports[0].diagnostics[0].code, "CM075");
}

/// A limit in milliseconds takes them and lengths of time; a number of events takes no unit.
#[test]
fn a_range_is_in_the_unit_of_what_the_gate_measures() {
    let absolute = |measure: &str, limit: &str| {
        let text = spoil(
            POLICY,
            "measure: {quantile: 0.99}",
            &format!("measure: {measure}"),
        );
        let limit = format!("{{absolute: {limit}}}");
        spoil(&text, "{times: {factor: 1.5, of: control}}", &limit)
    };
    let read = |text: &str, argument: &str| {
        let policy = fixtures::policy(text);
        match Variation::read(argument, &VariedText::own(&policy)) {
            Ok(variation) => variation
                .settings
                .iter()
                .map(|it| it.label.clone())
                .collect::<Vec<_>>()
                .join(" "),
            Err(report) => report.diagnostics[0].code.to_owned(),
        }
    };
    let (latency, count) = (absolute("{quantile: 0.99}", "800"), absolute("count", "5"));
    for (text, argument, expect) in [
        (&latency, "gates.slow.limit=1%..5%", "CM128"),
        (&latency, "gates.slow.limit=300,400", "300 400"),
        (&latency, "gates.slow.limit=300ms,1s", "300ms 1s"),
        (&latency, "gates.slow.limit=x0.5,x2", "400 1600"),
        (&count, "gates.slow.limit=1%..5%", "CM128"),
        (&count, "gates.slow.limit=1s", "CM128"),
        (&count, "gates.slow.limit=3,5", "3 5"),
    ] {
        assert_eq!(read(text, argument), expect, "{argument} in {text}");
    }
}
