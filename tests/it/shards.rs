//! Studies in shards: what is merged is what was played undivided, to the byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use coalmine::sim_core::engine::{Draws, Key};
use coalmine::study::shards::digest;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Ran, coalmine_in, command};

/// The studies, small: one of each kind, with more than one round where there are any.
const STUDIES: [(&str, &[&str]); 6] = [
    ("simulate", &["simulate", "wedge", "--runs=70"]),
    (
        "one",
        &[
            "simulate",
            "control-plane",
            "--scenario=healthy",
            "--runs=1000",
        ],
    ),
    (
        "compare",
        &["compare", "wedge", "wedge:as-implemented", "--runs=40"],
    ),
    (
        "curve",
        &[
            "curve",
            "wedge",
            "--scenario=step-regression",
            "--runs=64",
            "--points=4",
        ],
    ),
    ("chaos", &["chaos", "wedge", "--smoke"]),
    (
        "tune",
        &[
            "tune",
            "wedge",
            "--vary=gates.error-rate-trigger.limit=1%..5%:3",
            "--runs=3000",
            "--confirm=8",
        ],
    ),
];

/// The studies that are cut into 64 shards: a process for each shard of each study is for the release profile.
const CUT_MOST: &[(&str, &[&str])] = if cfg!(debug_assertions) {
    &[STUDIES[1], STUDIES[2]]
} else {
    &STUDIES
};

/// The root of the orders in which shards are played.
const ROOT: u64 = 20_261_130;

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

/// Plans a study in so many shards.
fn planned(folder: &Path, study: &[&str], shards: u64) {
    let shards = shards.to_string();
    let words = with(&["plan"], study);
    let ran = coalmine_in(
        folder,
        &with(&words, &["--shards", &shards, "--out", "plan.json"]),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn shard(folder: &Path, index: u64) -> Ran {
    let index = index.to_string();
    coalmine_in(
        folder,
        &[
            "shard",
            "plan.json",
            "--index",
            &index,
            "--out",
            "out",
            "-q",
        ],
    )
}

/// The indices that are missing.
fn missing(folder: &Path) -> Vec<u64> {
    let ran = coalmine_in(folder, &["plan", "--missing", "plan.json", "out"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines = ran.out.lines();
    lines.map(|line| line.parse().expect("an index")).collect()
}

fn merge(folder: &Path, more: &[&str]) -> Ran {
    coalmine_in(
        folder,
        &with(&["merge", "plan.json", "out", "--format", "json"], more),
    )
}

fn shuffled(many: Vec<u64>, draws: &mut Draws) -> Vec<u64> {
    let mut keyed: Vec<(u64, u64)> = many
        .into_iter()
        .map(|one| (draws.next_u64(), one))
        .collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, one)| one).collect()
}

/// Plays all rounds of a plan, as long as there is something missing, in any order and some shards twice.
fn all_rounds(folder: &Path, draws: &mut Draws, rounds: usize) {
    for _ in 0..rounds {
        let gap = missing(folder);
        if gap.is_empty() {
            return;
        }
        let twice = gap[..gap.len().min(2)].to_vec();
        for index in shuffled([gap, twice].concat(), draws) {
            let ran = shard(folder, index);
            assert_eq!(ran.code, 0, "shard {index}: {ran:?}");
        }
    }
}

/// Each of `studies`, cut so often: `rounds` rounds are played in shards, the rest by the merge.
fn check(studies: &[(&str, &[&str])], shards: u64, rounds: usize) {
    for (name, study) in studies {
        let folder = tempfile::tempdir().expect("there is room");
        let folder = folder.path();
        let whole = coalmine_in(folder, &with(study, &["--format", "json"]));
        assert!(!whole.out.is_empty(), "{whole:?}");
        planned(folder, study, shards);
        let mut draws = Key::for_replication(ROOT, shards).draws(0, 0, 0);
        all_rounds(folder, &mut draws, rounds);
        let merged = merge(folder, &[]);
        assert_eq!(merged.code, whole.code, "{name} in {shards}: {merged:?}");
        assert!(
            merged.out == whole.out,
            "{name} in {shards} shards, root {ROOT}, is another result"
        );
    }
}

#[test]
fn every_study_is_the_same_to_the_byte_in_one_shard() {
    check(&STUDIES, 1, 1);
}

#[test]
fn every_study_is_the_same_to_the_byte_in_two_shards_for_four_rounds() {
    check(&STUDIES, 2, 4);
}

#[test]
fn every_study_is_the_same_to_the_byte_in_seven_shards() {
    check(&STUDIES, 7, 1);
}

#[test]
fn a_study_is_the_same_to_the_byte_in_more_shards_than_it_has_pieces() {
    check(CUT_MOST, 64, 1);
}

/// A study of three shards, all of which are played.
fn played() -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    planned(folder.path(), &["simulate", "wedge", "--runs=30"], 3);
    for index in 0..3 {
        assert_eq!(shard(folder.path(), index).code, 0);
    }
    folder
}

fn path(folder: &TempDir, index: u64) -> PathBuf {
    folder.path().join(format!("out/shard-{index:05}.jsonl"))
}

/// Changes the lines of a shard and seals it anew, as nobody but a liar would.
fn forged(folder: &TempDir, index: u64, change: impl Fn(&str) -> String) -> String {
    let text = fs::read_to_string(path(folder, index)).expect("it is there");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let new = change(&(lines[0].to_owned() + lines[1]));
    format!("{new}{{\"sha256\":\"{}\"}}\n", digest(new.as_bytes()))
}

#[track_caller]
fn refused(folder: &TempDir, code: i32, diagnostic: &str) {
    let merged = merge(folder.path(), &[]);
    assert_eq!(merged.code, code, "{merged:?}");
    assert!(
        merged.err.contains(diagnostic),
        "{diagnostic}: {}",
        merged.err
    );
    assert_eq!(merged.out, "", "what is refused says nothing");
}

#[test]
fn a_torn_shard_is_named_and_played_again() {
    let folder = played();
    let whole = merge(folder.path(), &[]);
    let bytes = fs::read(path(&folder, 1)).expect("it is there");
    for end in [0, 1, 100, bytes.len() / 2, bytes.len() - 2, bytes.len() - 1] {
        fs::write(path(&folder, 1), &bytes[..end]).expect("there is room");
        refused(&folder, 3, "CM084");
        assert_eq!(missing(folder.path()), [1], "cut at {end}");
        assert_eq!(shard(folder.path(), 1).code, 0);
        assert_eq!(merge(folder.path(), &[]).out, whole.out);
    }
}

#[test]
fn an_altered_shard_is_named_wherever_it_was_altered() {
    let folder = played();
    let bytes = fs::read(path(&folder, 2)).expect("it is there");
    for at in (10..bytes.len() - 90).step_by(bytes.len() / 7) {
        let mut altered = bytes.clone();
        altered[at] = if altered[at] == b'1' { b'2' } else { b'1' };
        fs::write(path(&folder, 2), &altered).expect("there is room");
        let merged = merge(folder.path(), &[]);
        let named = ["CM083", "CM084", "CM085", "CM086"];
        assert!(
            named.iter().any(|code| merged.err.contains(code)),
            "at {at}: {merged:?}"
        );
        assert_eq!(merged.code, 3, "at {at}");
    }
    let mut altered = bytes.clone();
    let at = bytes.len() / 2;
    altered[at] = if altered[at] == b'1' { b'2' } else { b'1' };
    fs::write(path(&folder, 2), &altered).expect("there is room");
    refused(&folder, 3, "CM085");
    assert_eq!(missing(folder.path()), [2]);
}

#[test]
fn a_shard_of_another_plan_is_named_and_never_overwritten() {
    let (folder, other) = (played(), tempfile::tempdir().expect("there is room"));
    planned(
        other.path(),
        &["simulate", "wedge", "--runs=30", "--seed=43"],
        3,
    );
    assert_eq!(shard(other.path(), 0).code, 0);
    fs::copy(path(&other, 0), path(&folder, 0)).expect("there is room");
    refused(&folder, 3, "CM083");
    let again = shard(folder.path(), 0);
    assert_eq!(again.code, 3, "{again:?}");
    assert_eq!(
        fs::read(path(&folder, 0)).unwrap(),
        fs::read(path(&other, 0)).unwrap()
    );
}

#[test]
fn a_shard_that_covers_what_another_covers_is_named() {
    let folder = played();
    let longer = forged(&folder, 1, |text| {
        text.replace("\"first\":4,", "\"first\":3,")
    });
    assert_ne!(longer, fs::read_to_string(path(&folder, 1)).unwrap());
    fs::write(path(&folder, 1), longer).expect("there is room");
    refused(&folder, 3, "CM086");
}

#[test]
fn a_shard_may_be_there_twice_and_not_with_two_results() {
    let folder = played();
    let whole = merge(folder.path(), &[]);
    let copies = folder.path().join("out/job-2");
    fs::create_dir(&copies).expect("there is room");
    let copy = copies.join("shard-00001.jsonl");
    fs::copy(path(&folder, 1), &copy).expect("there is room");
    assert_eq!(merge(folder.path(), &[]).out, whole.out);
    fs::write(
        &copy,
        forged(&folder, 1, |text| {
            text.replace("\"runs\":30", "\"runs\":31")
        }),
    )
    .expect("there is room");
    refused(&folder, 3, "CM087");
}

#[test]
fn a_gap_is_named_and_a_partial_answer_is_no_verdict() {
    let folder = played();
    fs::remove_file(path(&folder, 1)).expect("it is there");
    refused(&folder, 4, "CM082");
    assert_eq!(missing(folder.path()), [1]);
    let partial = merge(folder.path(), &["--partial"]);
    assert_eq!(partial.code, 4, "{partial:?}");
    let report: Value = serde_json::from_str(&partial.out).expect("it is JSON");
    // 12 scenarios of 30 rollouts, one block each: 4 in each shard.
    assert_eq!(report["runs"], 240);
    assert_eq!(report["partial"]["shards"], 2);
    assert_eq!(report["partial"]["of"], 3);
    assert_eq!(report["partial"]["runs"], 360);
    for row in report["objectives"].as_array().expect("there are some") {
        assert!(row["status"] != "ok" && row["status"] != "miss", "{row}");
        assert!(row["low"].is_number() && row["high"].is_number(), "{row}");
    }
    let text = coalmine_in(folder.path(), &["merge", "plan.json", "out", "--partial"]);
    assert!(text.out.contains("PARTIAL: 2 of 3 shards"), "{}", text.out);
    assert!(
        !text.out.contains("FAIL") && !text.out.contains("PASS"),
        "{}",
        text.out
    );
}

#[test]
fn a_search_of_which_nothing_is_there_says_nothing_of_its_candidates() {
    let folder = tempfile::tempdir().expect("there is room");
    planned(folder.path(), STUDIES[5].1, 3);
    fs::create_dir(folder.path().join("out")).expect("there is room");
    let ran = coalmine_in(folder.path(), &["merge", "plan.json", "out", "--partial"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    for said in [
        "0 rollouts simulated",
        "nothing is recommended",
        "--runs 3000",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    for unknown in ["did any harm", "Pareto-optimal"] {
        assert!(!ran.out.contains(unknown), "{unknown}: {}", ran.out);
    }
}

#[test]
fn an_altered_plan_is_refused() {
    let folder = played();
    let plan = folder.path().join("plan.json");
    let text = fs::read_to_string(&plan).expect("it is there");
    fs::write(&plan, text.replace("--seed=42", "--seed=43")).expect("there is room");
    refused(&folder, 3, "CM080");
}

#[test]
fn a_plan_carries_all_that_it_needs() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ran = coalmine_in(
        here.path(),
        &[
            "init",
            "mine",
            "--rps",
            "200",
            "--base-error",
            "0.2%",
            "--p99",
            "450ms",
        ],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    fs::write(
        here.path().join("coalmine.toml"),
        "seed = 7\n[simulate]\nruns = 25\n",
    )
    .unwrap();
    let study = ["simulate", "./mine/policy.yaml"];
    let whole = coalmine_in(here.path(), &with(&study, &["--format", "json"]));
    assert!(whole.out.contains("\"seed\": 7"), "{whole:?}");
    planned(here.path(), &study, 2);
    fs::copy(
        here.path().join("plan.json"),
        there.path().join("plan.json"),
    )
    .unwrap();
    for index in ["0", "1"] {
        let mut task = command(&["shard", "plan.json", "--out", "out", "-q"]);
        task.env("JOB_COMPLETION_INDEX", index)
            .env("SLURM_ARRAY_TASK_ID", "9");
        let ran = crate::command::ran(task.current_dir(there.path()).output().unwrap());
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let merged = merge(there.path(), &[]);
    assert!(merged.out == whole.out, "{merged:?}");
}

#[test]
fn a_shard_is_the_same_to_the_byte_wherever_and_on_however_many_threads_it_is_played() {
    let (one, other) = (played(), tempfile::tempdir().expect("there is room"));
    fs::copy(one.path().join("plan.json"), other.path().join("plan.json")).unwrap();
    let words = [
        "shard",
        "plan.json",
        "--index",
        "1",
        "--out",
        "out",
        "--threads",
        "5",
    ];
    assert_eq!(coalmine_in(other.path(), &words).code, 0);
    assert_eq!(
        fs::read(path(&one, 1)).unwrap(),
        fs::read(path(&other, 1)).unwrap()
    );
}

/// Kills a study that keeps its state once it has kept something, and returns what it comes to afterwards.
fn killed(folder: &Path, study: &[&str], kept: &str, kills: u32) -> Ran {
    let words = with(study, &["--state", "state", "--format", "json", "-q"]);
    for _ in 0..kills {
        let mut child = command(&words)
            .current_dir(folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let state = folder.join("state").join(kept);
        let before = fs::read(&state).ok();
        while child.try_wait().expect("it is ours").is_none() && fs::read(&state).ok() == before {
            std::thread::yield_now();
        }
        child.kill().ok();
        child.wait().expect("it is ours");
    }
    coalmine_in(folder, &words)
}

#[test]
fn a_study_that_was_killed_goes_on_to_the_same_result() {
    for (study, kept, refused) in [
        (
            &["simulate", "wedge", "--runs=500"][..],
            "part-00000.jsonl",
            "CM083",
        ),
        (STUDIES[5].1, "shard-00001.jsonl", "CM083"),
        (STUDIES[4].1, "campaign.json", "another campaign"),
    ] {
        let folder = tempfile::tempdir().expect("there is room");
        let whole = coalmine_in(folder.path(), &with(study, &["--format", "json"]));
        let again = killed(folder.path(), study, kept, 2);
        assert!(again.out == whole.out, "{study:?}: {again:?}");
        // The state of one study is not that of another.
        let words = with(study, &["--state", "state", "--seed", "43"]);
        let other = coalmine_in(folder.path(), &words);
        assert!(other.code == 3 && other.err.contains(refused), "{other:?}");
    }
}

#[test]
fn every_engine_is_told_which_shards_there_are() {
    let folder = played();
    let said = |engine: &str, more: &[&str]| {
        let ran = coalmine_in(
            folder.path(),
            &with(&["submit", engine, "plan.json", "--dry-run"], more),
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let job = said("kubernetes", &[]);
    for line in [
        "  completionMode: Indexed\n",
        "  completions: 3\n",
        "  backoffLimitPerIndex: 3\n",
        "  podReplacementPolicy: Failed\n",
        "          args: [\"shard\", \"/plan/plan.json\", \"--out\", \"/results/out\", \"--threads\", \"1\"]\n",
    ] {
        assert!(job.contains(line), "{line}: {job}");
    }
    let few = said("kubernetes", &["--among", "0,2"]);
    assert!(
        few.contains("completions: 2\n") && few.contains("\"--among=0,2\"]"),
        "{few}"
    );
    let slurm = said("slurm", &["--among", "0,2", "--cpus", "4"]);
    for line in [
        "#SBATCH --array=0,2\n",
        "#SBATCH --requeue\n",
        "#SBATCH --cpus-per-task=4\n",
    ] {
        assert!(slurm.contains(line), "{line}: {slurm}");
    }
    assert!(
        slurm.ends_with("exec coalmine shard plan.json --out out --threads 4\n"),
        "{slurm}"
    );
    // An index beyond Slurm's MaxArraySize is counted in a list.
    let far = said("slurm", &["--among", "5,3001"]);
    assert!(
        far.contains("--array=0-1\n") && far.contains("--among=5,3001\n"),
        "{far}"
    );
    let tasks = said("hyperqueue", &[]);
    assert!(tasks.starts_with("hq submit --name=coalmine-"), "{tasks}");
    assert!(
        tasks.contains(" --array=0-2 ") && tasks.contains(" -- coalmine shard plan.json "),
        "{tasks}"
    );
    let jobs = said("rch", &[]);
    let expect = "rch exec --job --result-dir out -- coalmine shard plan.json --out out --threads 1 --index=2";
    assert_eq!(jobs.lines().nth(2), Some(expect), "{jobs}");
}
