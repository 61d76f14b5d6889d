//! What can be wrong with a study that is played in shards: with its plan, and with what lies in the folder of its
//! results.

use super::Diagnostic;

fn of(
    code: &'static str,
    what: impl Into<String>,
    reason: &str,
    help: impl Into<String>,
) -> Diagnostic {
    let found = Diagnostic::error(code, 0..0, what).whole_file();
    found.reason(reason).help(help)
}

/// The plan's content is not that of which its id was made.
pub fn altered_plan(found: &str, named: &str) -> Diagnostic {
    of(
        "CM080",
        format!("the plan was altered: its content has the id {found} and it says {named}"),
        "shards of the plan as it was would not belong to it any more",
        "make the plan again with coalmine plan, or take the file as it was made",
    )
}

/// The file is no plan.
pub fn no_plan(why: &str) -> Diagnostic {
    of(
        "CM080",
        format!("the file is no plan: {why}"),
        "only a plan says what its shards play",
        "coalmine plan simulate POLICY --shards 64 --out plan.json makes one",
    )
}

/// The plan was made by another version of this program.
pub fn other_version(made: &str, this: &str) -> Diagnostic {
    of(
        "CM081",
        format!("the plan was made with {made}, and this is {this}"),
        "another version may play the same rollout differently",
        format!("use {made}, or make the plan again with {this}"),
    )
}

/// Shards of a round are not there.
pub fn missing(indices: &str, many: u64, of_all: u64) -> Diagnostic {
    of(
        "CM082",
        format!("{many} of {of_all} shards are missing: {indices}"),
        "a result with a gap would be the result of another study",
        "coalmine plan --missing PLAN DIR lists what to run again; coalmine merge --partial says what the others say",
    )
}

/// A result belongs to another plan.
pub fn foreign(theirs: &str, ours: &str) -> Diagnostic {
    of(
        "CM083",
        format!("it belongs to the plan {theirs}, and not to {ours}"),
        "what was played under other settings cannot be added up",
        "take the file out of the folder, or name the plan that it belongs to",
    )
}

/// A result ends before its end.
pub fn torn(why: &str) -> Diagnostic {
    of(
        "CM084",
        format!("the shard is torn: {why}"),
        "its end is missing, and with it rollouts",
        "run the shard again; coalmine plan --missing PLAN DIR lists it",
    )
}

/// A result has another content than its checksum says.
pub fn altered(found: &str, said: &str) -> Diagnostic {
    of(
        "CM085",
        format!("the shard was altered: its SHA-256 is {found}, and it says {said}"),
        "a result that was changed on its way is no result",
        "run the shard again; coalmine plan --missing PLAN DIR lists it",
    )
}

/// A result covers what the plan gives to others, or not all of what the plan gives to it.
pub fn overlap(covers: (u64, u64), given: (u64, u64), index: u64) -> Diagnostic {
    let ((first, end), (from, to)) = (covers, given);
    of(
        "CM086",
        format!("shard {index} covers {first}..{end} where the plan gives it {from}..{to}"),
        "what two shards cover would be counted twice, and what none covers not at all",
        "take the file out of the folder and run the shard again",
    )
}

/// Two results of one shard differ.
pub fn contradiction(other: &str, index: u64) -> Diagnostic {
    of(
        "CM087",
        format!("it is another result of shard {index} than {other}"),
        "a shard has one result: one of the two was made by another program, or by a broken machine",
        "take both out of the folder and run the shard again",
    )
}
