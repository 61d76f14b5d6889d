//! Windows that test: numbers that make sense, and gates that can feed them.

use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::gate::test::GroupSequential;
use sim_core::policy::gate::{GroupSequentialWindow, Limit, Measure, Population, Relation, Window};

use super::numbers::{lasts, positive};
use super::problem::Problem;

/// Checks the window of a gate, if it is one that tests.
pub(crate) fn check(path: &str, gate: &Gate, every: SimDuration) -> Vec<Problem> {
    let at = format!("{path}.window.{}", gate.window.word());
    let mut problems = numbers(&at, gate);
    // What feeds a test is of interest once its numbers make sense.
    if problems.is_empty() {
        problems.extend(feeding(path, gate));
        problems.extend(inner(path, &at, gate, every));
    }
    problems
}

fn numbers(at: &str, gate: &Gate) -> Vec<Problem> {
    let level = |key: &str, value: f64| inside(&format!("{at}.{key}"), value);
    let more = |key: &str, value: f64| positive(&format!("{at}.{key}"), value);
    let found = match gate.window {
        Window::Sprt(window) => vec![
            level("alpha", window.alpha),
            level("beta", window.beta),
            level("alternative", window.alternative),
            errors(at, window.alpha + window.beta),
        ],
        Window::Msprt(window) => vec![level("alpha", window.alpha), more("effect", window.effect)],
        Window::ConditionalEProcess(window) => vec![
            level("alpha", window.alpha),
            ratios(at, window.least, window.most),
        ],
        Window::EProcess(window) => vec![
            level("alpha", window.alpha),
            level("rate", window.rate),
            more("bet", window.bet),
            bet(at, window.bet, window.rate),
        ],
        Window::GroupSequential(window) => spread_looks(at, window),
        _ => more_numbers(at, gate.window),
    };
    found.into_iter().flatten().collect()
}

/// Those of the other windows.
fn more_numbers(at: &str, window: Window) -> Vec<Option<Problem>> {
    let level = |key: &str, value: f64| inside(&format!("{at}.{key}"), value);
    let more = |key: &str, value: f64| positive(&format!("{at}.{key}"), value);
    match window {
        Window::Bayes(window) => vec![
            level("level", window.level),
            more("failures", window.failures),
            more("successes", window.successes),
        ],
        Window::MannWhitney(window) => vec![
            level("confidence", window.confidence),
            super::numbers::not_negative(&format!("{at}.tolerance"), window.tolerance),
        ],
        Window::Cusum(window) => vec![
            super::numbers::not_negative(&format!("{at}.slack"), window.slack),
            more("limit", window.limit),
            window.unit.and_then(|unit| more("unit", unit)),
        ],
        Window::Ewma(window) => vec![
            level("weight", window.weight).filter(|_| window.weight != 1.0),
            more("width", window.width),
            window.unit.and_then(|unit| more("unit", unit)),
        ],
        _ => Vec::new(),
    }
}

fn spread_looks(at: &str, window: GroupSequentialWindow) -> Vec<Option<Problem>> {
    let alpha = format!("{at}.alpha");
    vec![
        looks(at, window.looks),
        lasts(
            &format!("{at}.over"),
            window.over,
            "the looks are spread over it",
        ),
        (window.alpha >= 0.5).then(|| nonsense(&alpha, "a level of 50 % or more")),
        inside(&alpha, window.alpha),
    ]
}

fn nonsense(path: &str, what: &str) -> Problem {
    Problem::error("CM126", path, format!("{what} makes no test"))
}

/// Checks that a probability is neither certain nor impossible.
fn inside(path: &str, value: f64) -> Option<Problem> {
    let sound = value > 0.0 && value < 1.0;
    (!sound).then(|| {
        Problem::error(
            "CM126",
            path,
            format!("{value} is not strictly between 0 and 1"),
        )
        .help("write a fraction, such as 0.01 for 1 %")
    })
}

fn errors(at: &str, sum: f64) -> Option<Problem> {
    (sum >= 1.0).then(|| {
        nonsense(&format!("{at}.beta"), "alpha and beta of 100 % together")
            .reason("a coin would err less")
    })
}

fn ratios(at: &str, least: f64, most: f64) -> Option<Problem> {
    let sound = least > 1.0 && most > least && most.is_finite();
    (!sound).then(|| {
        let message = format!("{least} to {most} is no range of factors above 1");
        Problem::error("CM126", format!("{at}.least"), message)
            .reason("the test bets on a canary that fails more often than allowed")
            .help("write for example `least: 1.25, most: 10`")
    })
}

fn bet(at: &str, bet: f64, rate: f64) -> Option<Problem> {
    (bet * rate > 1.0).then(|| {
        let message = format!("a bet of {bet} can lose more than everything");
        Problem::error("CM126", format!("{at}.bet"), message).help(format!(
            "bet at most {}, which is 1 over the rate",
            1.0 / rate
        ))
    })
}

fn looks(at: &str, looks: u32) -> Option<Problem> {
    let most = GroupSequential::MOST_LOOKS;
    (!(1..=most).contains(&looks)).then(|| {
        let message = format!("{looks} interim analyses are not between 1 and {most}");
        Problem::error("CM126", format!("{at}.looks"), message)
            .help("for a look at every evaluation say `msprt`")
    })
}

/// What a gate must read for its test to be fed.
fn feeding(path: &str, gate: &Gate) -> Vec<Problem> {
    let mut problems = Vec::new();
    if gate.window.takes_every_request() {
        problems.extend(of_requests(path, gate));
    }
    let own = gate.window.unit_of_its_own();
    if own == Some(false) && gate.measure != Measure::Ratio {
        let what = "knows the standard error of a ratio alone";
        problems.push(
            unfit(path, gate, "measure", what)
                .help("add `unit` to the window, one standard deviation of a reading"),
        );
    }
    problems.extend(limit(path, gate));
    problems
}

/// What takes every request reads a ratio, and each of them once.
fn of_requests(path: &str, gate: &Gate) -> Vec<Problem> {
    let mut problems = Vec::new();
    if gate.measure != Measure::Ratio {
        problems.push(
            unfit(path, gate, "measure", "counts failures among requests")
                .help("read the ratio of a signal of that kind"),
        );
    }
    if !gate.over.is_zero() {
        problems.push(
            unfit(path, gate, "over", "takes every request of the stage once")
                .reason("a look-back time would count some twice and others never")
                .help("write `over: 0s`"),
        );
    }
    problems
}

fn unfit(path: &str, gate: &Gate, key: &str, what: &str) -> Problem {
    let message = format!("`{}` {what}", gate.window.word());
    Problem::error("CM127", format!("{path}.{key}"), message)
}

/// The kind of limit that the null of a test needs.
fn limit(path: &str, gate: &Gate) -> Option<Problem> {
    let at = format!("{path}.breach.limit");
    let problem = |message: String| {
        let message = format!("`{}` {message}", gate.window.word());
        Problem::error("CM127", &at, message)
    };
    match gate.window {
        Window::Sprt(_) | Window::Cusum(_) | Window::Ewma(_) => known(&problem, gate),
        Window::Msprt(_) | Window::GroupSequential(_) => against_control(&problem, gate),
        Window::ConditionalEProcess(_) | Window::Bayes(_) | Window::MannWhitney(_) => {
            against_control(&problem, gate).or_else(|| {
                let times = matches!(gate.breach.limit, Limit::Times { .. });
                (!times).then(|| {
                    problem("compares rates by their factor".to_owned())
                        .help("write the limit as `times: {factor: 1, of: control}`")
                })
            })
        }
        _ => None,
    }
}

/// A null that is a number, and an alternative beyond it.
fn known(problem: &impl Fn(String) -> Problem, gate: &Gate) -> Option<Problem> {
    let Some(limit) = gate.breach.limit.absolute() else {
        let found = problem("needs a target that is known beforehand".to_owned());
        return Some(
            found.help("write an absolute limit, or say `msprt` for a test against control"),
        );
    };
    let Window::Sprt(window) = gate.window else {
        return None;
    };
    let beyond = if is_above(gate) {
        window.alternative > limit
    } else {
        window.alternative < limit
    };
    let sound = limit > 0.0 && limit < 1.0 && beyond;
    (!sound).then(|| {
        let alternative = window.alternative;
        problem(format!("cannot tell {alternative} from a limit of {limit}"))
            .reason("the alternative is a rate beyond the limit, and both lie between 0 and 1")
    })
}

fn against_control(problem: &impl Fn(String) -> Problem, gate: &Gate) -> Option<Problem> {
    let arms = gate.population == Population::Canary
        && gate.breach.limit.refers_to() == Some(Population::Control);
    if !arms {
        let found = problem("compares the canary with the control at the same time".to_owned());
        let help = "read `population: canary` and write a limit of `times` or `plus` of `control`";
        return Some(found.help(help));
    }
    match gate.breach.limit {
        Limit::Times { factor, .. } if factor <= 0.0 => Some(problem(
            "allows nothing: the factor must be above 0".to_owned(),
        )),
        Limit::Times { factor, .. }
            if factor != 1.0 && !is_above(gate) && gate.window.takes_every_request() =>
        {
            let found = problem("counts failures, and the signal counts what went well".to_owned());
            Some(found.help("write a margin: `plus: {margin: -0.02, of: control}`"))
        }
        _ => None,
    }
}

fn is_above(gate: &Gate) -> bool {
    matches!(gate.breach.is, Relation::Above | Relation::AtLeast)
}

/// Windows inside the look-back time must fit into it.
fn inner(path: &str, at: &str, gate: &Gate, every: SimDuration) -> Option<Problem> {
    let inner = gate.window.inner_look_back()?;
    let key = match gate.window {
        Window::BurnRate(_) => "short",
        _ => "every",
    };
    let least = match gate.window {
        Window::BurnRate(_) => inner,
        // From half of them on the test speaks, and five a side are the least that can differ at 98 %.
        _ => inner.saturating_mul(10),
    };
    let fits = !inner.is_zero() && least <= gate.over && inner != gate.over;
    (!fits).then(|| {
        let message = match gate.window {
            Window::BurnRate(_) => {
                format!("{inner} is no part of a look-back time of {}", gate.over)
            }
            _ => format!(
                "fewer than ten parts of {inner} fit into a look-back time of {}",
                gate.over
            ),
        };
        Problem::error("CM127", format!("{at}.{key}"), message)
            .reason(format!(
                "the window at `{path}.over` is the longer one, and evaluations come every {every}"
            ))
            .help("shorten it, or let the gate look back further")
    })
}
