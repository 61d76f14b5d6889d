//! coalmine's engine beside other engines.
//!
//! `peers one ENGINE WORKLOAD` plays one workload on one engine and prints what it took as JSON;
//! `peers run` lets each of them run in a process of its own, in turn, and prints and writes the
//! medians; `peers table FILE` makes a table of what it wrote.

#[path = "../../src/clock.rs"]
#[expect(dead_code, reason = "the benches measure more ways")]
mod clock;
mod coalmine;
#[path = "../../src/day.rs"]
#[expect(dead_code, reason = "the benches play more of them")]
mod day;
mod desque;
mod driver;
mod nexosim;
mod product;
mod rollout;
mod simcore;
mod table;
#[expect(dead_code, reason = "desim uses what others do not")]
mod work;
mod workload;

use std::process::ExitCode;

use workload::Workload;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["one", engine, workload] => one(engine, workload),
        ["run", rest @ ..] => driver::run(rest),
        ["table", file] => table::print(file),
        _ => Err("usage: peers run [--rounds N] [--json FILE] [--also PROGRAM] | peers table FILE | peers one ENGINE WORKLOAD".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("peers: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn one(engine: &str, workload: &str) -> Result<(), String> {
    let workload = Workload::named(workload)?;
    let measured = match (engine, workload) {
        ("coalmine", Workload::Hold { pending, steps }) => coalmine::hold(pending, steps),
        ("coalmine", Workload::Phold { events }) => coalmine::phold(events),
        ("coalmine", Workload::Counter { customers }) => coalmine::counter(customers),
        ("coalmine", Workload::Hosts) => coalmine::hosts(),
        ("coalmine", Workload::Fleet { rollouts }) => coalmine::fleet(rollouts),
        ("coalmine", Workload::Product { rollouts }) => product::days(rollouts),
        ("desque", Workload::Hold { pending, steps }) => desque::hold(pending, steps),
        ("desque", Workload::Phold { events }) => desque::phold(events),
        ("desque", Workload::Counter { customers }) => desque::counter(customers),
        ("desque", Workload::Hosts) => desque::hosts(),
        ("desque", Workload::Fleet { rollouts }) => desque::fleet(rollouts),
        ("simcore", Workload::Hold { pending, steps }) => simcore::hold(pending, steps),
        ("simcore", Workload::Phold { events }) => simcore::phold(events),
        ("simcore", Workload::Counter { customers }) => simcore::counter(customers),
        ("simcore", Workload::Hosts) => simcore::hosts(),
        ("simcore", Workload::Fleet { rollouts }) => simcore::fleet(rollouts),
        ("nexosim", Workload::Hold { pending, steps }) => nexosim::hold(pending, steps),
        ("nexosim", Workload::Phold { events }) => nexosim::phold(events),
        ("nexosim", Workload::Counter { customers }) => nexosim::counter(customers),
        ("nexosim", Workload::Hosts) => nexosim::hosts(),
        ("nexosim", Workload::Fleet { rollouts }) => nexosim::fleet(rollouts),
        _ => return Err(format!("{engine} does not play this workload")),
    };
    println!("{}", workload::line(&measured));
    Ok(())
}
