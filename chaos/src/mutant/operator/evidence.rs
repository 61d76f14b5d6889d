//! Operators on evidence and waivers: how closely anybody looks.

use sim_core::effect::{Change, Course, Effect};
use sim_core::policy::Evidence;

use super::maker::{Maker, Site};

/// One question that is no longer asked: the operator, what is lost, and what is left out.
type Question = (&'static str, &'static str, fn(&mut Evidence));

const QUESTIONS: [Question; 5] = [
    (
        "existence-unchecked",
        "its look at whether evidence is there",
        |evidence| {
            evidence.must_exist = false;
        },
    ),
    (
        "parse-unchecked",
        "its look at whether evidence can be read",
        |evidence| {
            evidence.must_parse = false;
        },
    ),
    (
        "vacuity-unchecked",
        "its look at whether evidence says anything",
        |evidence| {
            evidence.must_not_be_vacuous = false;
        },
    ),
    (
        "result-unchecked",
        "its look at whether evidence is green",
        |evidence| {
            evidence.must_pass = false;
        },
    ),
    (
        "age-unchecked",
        "its look at how old evidence is",
        |evidence| evidence.max_age = None,
    ),
];

pub(super) fn add(maker: &mut Maker<'_>) {
    let all = |loses: &str| {
        let evidence = maker.policy.evidence.iter();
        let mut site = Site::new("all evidence", loses);
        site.needs = evidence
            .map(|known| format!("evidence:{}", known.id))
            .collect();
        site
    };
    let sites: Vec<_> = QUESTIONS.iter().map(|(_, loses, _)| all(loses)).collect();
    let first = all("its prerequisites");
    for ((operator, _, forget), site) in QUESTIONS.into_iter().zip(sites) {
        maker.policy(operator, site, |policy| {
            policy.evidence.iter_mut().for_each(forget);
        });
    }
    unheeded(maker);
    maker.policy("prerequisites-dropped", first, |policy| {
        policy.prerequisites.clear();
    });
    let site = Site::new("waivers", "its look at waivers").needing("waiver");
    maker.machine("waivers-unchecked", site, |mutant| {
        mutant.lapses.push(lapse(Change::AcceptWaivers));
    });
}

fn unheeded(maker: &mut Maker<'_>) {
    for (place, evidence) in maker.policy.evidence.iter().enumerate() {
        let id = &evidence.id;
        let mut stages = maker.policy.stages.iter();
        let held = stages.any(|stage| stage.hold.contains(id));
        let site = Site::new(id, format!("what a flaw in `{id}` triggers"))
            .needing(format!("evidence:{id}"))
            .if_alive(held);
        maker.policy("evidence-unheeded", site, |policy| {
            policy.evidence[place].class = None;
        });
    }
}

/// A lapse of the machine that lasts from beginning to end.
pub(super) fn lapse(change: Change) -> Effect {
    Effect {
        id: "a lapse of the machine".to_owned(),
        change,
        course: Course::default(),
        hosts: None,
        cured_by: Vec::new(),
        only: None,
        hosts_of: None,
        confirm: false,
    }
}
