//! A guard that fails: each way ends in the decision that the policy has for it, within its deadline.

use std::fs;
use std::time::{Duration, Instant};

use super::{Bench, RUN};

/// What the policy says of a guard that has a second, and for each fault another decision where it can.
fn exec(protocol: &str) -> String {
    format!(
        "command: [sh, guard.sh]\nprotocol: {protocol}\ndeadline: 1s\non: {{crash: rollback, deadline: pause, no-decision: rollback, too-much-output: pause}}"
    )
}

#[test]
fn a_guard_that_crashes_hangs_floods_or_forks_ends_in_the_decision_that_the_policy_has_for_it() {
    let flood = "head -c 10000000 /dev/zero | tr '\\0' 'x'";
    // The child holds the output open and outlives its parent.
    let forks = "(sleep 300; echo late) & exit 7";
    let asks = "read -r question";
    for (script, words, outcome) in [
        ("exit 7".to_owned(), "crashed", "rolled_back"),
        (format!("{asks}; kill -9 $$"), "crashed", "rolled_back"),
        (format!("{asks}; {forks}"), "crashed", "rolled_back"),
        (
            format!("{asks}; sleep 300"),
            "did not answer in time",
            "paused",
        ),
        ("sleep 300".to_owned(), "did not answer in time", "paused"),
        (format!("{asks}; {flood}"), "wrote too much", "paused"),
        (flood.to_owned(), "wrote too much", "paused"),
        (
            format!("{asks}; echo perhaps"),
            "answered no decision",
            "rolled_back",
        ),
    ] {
        for protocol in ["json-lines", "once"] {
            let bench = Bench::new(&script, &exec(protocol));
            let began = Instant::now();
            let report = bench.json(RUN);
            // One question, its deadline, and the time to start and to end what was started.
            assert!(
                began.elapsed() < Duration::from_secs(12),
                "{protocol}: {script}"
            );
            let told = format!("{protocol}: {script}: {}", report["inputs"]["guard"]);
            assert_eq!(report["outcome"], outcome, "{told}");
            let faults = &report["inputs"]["guard"]["faults"];
            assert_eq!(faults[0]["what"], words, "{told}");
        }
    }
}

#[test]
fn what_a_guard_has_started_ends_with_it() {
    let script = "(echo $$ > shell; exec sleep 300) & echo $! > child; read -r question; exit 3";
    let bench = Bench::new(script, &exec("json-lines"));
    bench.json(RUN);
    if std::path::Path::new("/proc/self/stat").exists() {
        assert!(is_over(&bench.path().join("child")));
    }
}

/// Whether the process whose number stands in a file is over, at the latest after some seconds. A zombie is over.
fn is_over(file: &std::path::Path) -> bool {
    let child = fs::read_to_string(file).unwrap();
    let stands = format!("/proc/{}/stat", child.trim());
    let over = || fs::read_to_string(&stands).map_or(true, |stat| stat.contains(") Z"));
    let until = Instant::now() + Duration::from_secs(5);
    while !over() && Instant::now() < until {
        std::thread::park_timeout(Duration::from_millis(20));
    }
    over()
}

#[test]
fn what_has_left_the_group_of_a_guard_ends_with_it_on_linux() {
    let has = |program: &str| {
        std::process::Command::new(program)
            .arg("--version")
            .output()
            .is_ok()
    };
    if !std::path::Path::new("/proc/self/environ").exists() || !has("setsid") {
        eprintln!("there is no /proc or no setsid: what leaves its group is not looked for");
        return;
    }
    let leaves = "setsid sh -c 'echo $$ > child; exec sleep 300' & while [ ! -s child ]; do sleep 0.01; done";
    // One that fails, and two that never do: their children are ended with the guard itself.
    for (protocol, script) in [
        ("json-lines", format!("{leaves}; read -r question; exit 3")),
        (
            "json-lines",
            format!("{leaves}; while read -r question; do echo pause; done"),
        ),
        ("once", format!("{leaves}; echo pause")),
    ] {
        let bench = Bench::new(&script, &exec(protocol));
        bench.json(RUN);
        assert!(is_over(&bench.path().join("child")), "{protocol}: {script}");
    }
}

#[test]
fn a_guard_that_crashes_again_and_again_is_given_up_and_the_study_called_not_reproducible() {
    let crash = "command: [sh, guard.sh]\nprotocol: json-lines\ndeadline: 10s\non: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}";
    for (script, reproducible) in [
        ("exit 3", false),
        // Three crashes are three answers, whoever is asked first.
        (
            "n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; [ $n -lt 3 ] && exit 3; while read -r question; do echo pause; done",
            true,
        ),
    ] {
        let bench = Bench::new(script, crash);
        let guard =
            &bench.json("run policy.yaml --scenario healthy --allow-exec")["inputs"]["guard"];
        assert_eq!(guard["reproducible"], reproducible, "{script}: {guard}");
        let told = guard["notes"]
            .to_string()
            .contains("depends on the threads");
        assert_eq!(told, !reproducible, "{script}: {guard}");
    }
}

#[test]
fn a_guard_that_hangs_again_and_again_is_given_up() {
    let hold = "command: [sh, guard.sh]\nprotocol: json-lines\ndeadline: 20ms\non: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}";
    let bench = Bench::new("sleep 300", hold);
    let report = bench.json(RUN);
    assert_eq!(report["outcome"], "unfinished");
    let guard = &report["inputs"]["guard"];
    assert_eq!(guard["reproducible"], false);
    assert!(
        guard["notes"].to_string().contains("16 faults in a row"),
        "{guard}"
    );
}

#[test]
fn a_guard_sees_the_variables_that_it_may_and_no_others() {
    let script = "env > seen; exit 0";
    let exec = "command: [sh, guard.sh]\nprotocol: once\ndeadline: 5s\nenvironment: {LIMIT: \"2\"}\nexit-codes: {\"0\": pause}\non: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}";
    let bench = Bench::new(script, exec);
    let mut command = crate::command::command(&RUN.split(' ').collect::<Vec<_>>());
    command.env("SECRET", "token").current_dir(bench.path());
    let ran = crate::command::ran(command.output().unwrap());
    assert!(ran.out.contains("the guard says pause"), "{ran:?}");
    let seen = fs::read_to_string(bench.path().join("seen")).unwrap();
    let mut names: Vec<_> = seen
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        // What the shell itself sets.
        .filter(|name| !["_", "PWD", "OLDPWD", "SHLVL", "HOME"].contains(name))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "COALMINE_AT_S",
            "COALMINE_GATE_ERRORS",
            "COALMINE_GUARD",
            "COALMINE_STAGE",
            "LANG",
            "LIMIT",
            "PATH"
        ]
    );
    assert!(seen.contains("COALMINE_STAGE=canary"), "{seen}");
}

#[test]
fn a_line_guard_answers_thousands_of_questions_a_second() {
    // A trivial guard in whatever reads lines in blocks: a shell reads them byte by byte.
    let perl = "command: [perl, -ne, '$|=1; print \"hold\\n\"']\nprotocol: json-lines\ndeadline: 10s\non: {crash: pause, deadline: pause, no-decision: pause, too-much-output: pause}";
    if std::process::Command::new("perl")
        .arg("-v")
        .output()
        .is_err()
    {
        eprintln!("there is no perl: the speed of a line guard is not measured");
        return;
    }
    let bench = Bench::new("", perl);
    let began = Instant::now();
    let report = bench.json("simulate policy.yaml --scenario healthy -n 100 --allow-exec");
    let took = began.elapsed().as_secs_f64();
    let asked = report["inputs"]["guard"]["different"].as_f64().unwrap();
    eprintln!(
        "{asked} decisions in {took:.2} s, with the rollouts: {:.0} a second",
        asked / took
    );
    // The bound of a loaded machine in the development profile; 5 000 a second is asked for of a release.
    assert!(
        asked > 10_000.0 && asked / took > 1_000.0,
        "{asked} in {took}"
    );
}
