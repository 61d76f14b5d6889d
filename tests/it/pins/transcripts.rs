//! What short commands print, to the last byte: a change of words shows as a change of these files.

use std::fs;

use super::{CAMPAIGN, recording, split};
use crate::command::{coalmine_in, plain};

/// A command of the plain folder with what it printed on both streams, and its exit code.
fn transcript(words: &str) -> String {
    let folder = plain();
    fs::write(
        folder.path().join("past.csv"),
        recording("value,n", 1000, 5),
    )
    .unwrap();
    fs::write(folder.path().join(CAMPAIGN.0), CAMPAIGN.1).unwrap();
    let ran = coalmine_in(folder.path(), &split(words));
    let err = if ran.err.is_empty() {
        String::new()
    } else {
        format!("--- stderr\n{}", ran.err)
    };
    format!(
        "$ coalmine {words}\n{}{err}--- exit code {}\n",
        ran.out, ran.code
    )
}

macro_rules! transcripts {
    ($($name:ident: $words:literal,)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(transcript($words));
        }
    )*};
}

transcripts! {
    the_systems_are_listed: "list",
    one_rollout_is_a_timeline: "run policy.yaml -s bad --seed 7",
    a_policy_is_analysed: "lint policy.yaml",
    a_file_that_is_not_there: "simulate nothing.yaml",
    a_form_that_a_command_does_not_have: "simulate policy.yaml --format svg",
    two_policies_on_the_same_luck: "compare wedge wedge:as-implemented -s step-regression -n 5",
    a_release_at_three_strengths: "curve policy.yaml -s bad -n 20 --points 3",
    a_search_that_stays_undecided: "tune policy.yaml --vary gates.errors-high.limit=0.8%..2%:3 --runs 300 --confirm 2",
    a_path_that_leads_to_no_number: "tune policy.yaml --vary gates.errors-high.window=1..3:3:lin",
    a_policy_against_its_past: "backtest policy.yaml errors=past.csv --population canary -n 2 --every 4h",
    a_policy_is_weakened: "mutate policy.yaml -n 200",
    a_small_campaign: "chaos policy.yaml --campaign pins.campaign.yaml",
    one_rehearsal_of_a_campaign: "chaos policy.yaml --campaign pins.campaign.yaml --rehearsal 48",
    an_invariant_is_explained: "explain INV-GATE",
    a_code_is_explained: "explain CM072",
    exit_codes_are_listed: "exit-codes",
    a_folder_to_start_from: "init service",
}
