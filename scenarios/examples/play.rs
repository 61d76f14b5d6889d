//! scratch
use scenarios::{library, load};
use sim_core::plan::{Plan, Seed};
use sim_core::policy::Profile;
use std::collections::BTreeMap;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let only = args.first().cloned().unwrap_or_default();
    let which = args.get(1).cloned().unwrap_or_default();
    let runs: u64 = args.get(2).map_or(200, |n| n.parse().unwrap());
    let trace = args.get(3).is_some();
    for system in library::systems() {
        if !only.is_empty() && only != system.name && only != "all" {
            continue;
        }
        for (name, text) in system.scenarios {
            if !which.is_empty() && which != *name && which != "all" {
                continue;
            }
            for profile in [Profile::AsWritten, Profile::AsImplemented] {
                let policy = load::policy("p", system.policy(profile).unwrap().as_bytes())
                    .ok()
                    .unwrap()
                    .value;
                let world = load::world("w", system.world.as_bytes())
                    .ok()
                    .unwrap()
                    .value;
                let scenario = load::scenario(name, text.as_bytes()).ok().unwrap().value;
                let e = load::experiment(&policy, &scenario, &world).ok().unwrap();
                let plan = Plan::new(&e);
                let start = std::time::Instant::now();
                let mut out: BTreeMap<&str, u32> = BTreeMap::new();
                let (mut reached, mut det, mut rb, mut harm) = (0.0f64, vec![], vec![], 0.0);
                let mut last = 0.0f64;
                let mut events = 0;
                for r in 0..runs {
                    let run = plan.play(Seed {
                        root: 1,
                        replication: r,
                    });
                    *out.entry(run.outcome.word()).or_default() += 1;
                    reached = reached.max(run.exposure.reached_max.as_f64());
                    if let Some(d) = run.detection {
                        det.push(d.as_secs_f64())
                    }
                    if let Some(d) = run.rollback {
                        rb.push(d.as_secs_f64())
                    }
                    harm += run.harm.exposed_error_minutes;
                    last += run.history.iter().last().unwrap().0.elapsed().as_secs_f64();
                    events += run.history.len();
                    if trace {
                        for rec in run.history.iter() {
                            println!("   {:>10.1}s {:?}", rec.0.elapsed().as_secs_f64(), rec.1);
                        }
                    }
                }
                let ms = start.elapsed().as_secs_f64() * 1e3 / runs as f64;
                let expect = &scenario.expect[&profile];
                let got = *out.get(expect.outcome.word()).unwrap_or(&0) as f64 / runs as f64;
                let ok = if got >= expect.at_least.as_f64() {
                    "ok  "
                } else {
                    "FAIL"
                };
                let med = |v: &mut Vec<f64>| {
                    v.sort_by(f64::total_cmp);
                    v.get(v.len() / 2).copied().unwrap_or(-1.0)
                };
                println!(
                    "{ok} {:13} {:30} {:14} want {:10} {:>6} got {:?} reach {:.3} det {:.0}s rb {:.0}s harm {:.2} end {:.2}h ev {} {:.2}ms",
                    system.name,
                    name,
                    format!("{profile:?}"),
                    expect.outcome.word(),
                    expect.at_least.to_string(),
                    out,
                    reached,
                    med(&mut det),
                    med(&mut rb),
                    harm / runs as f64,
                    last / runs as f64 / 3600.0,
                    events as u64 / runs,
                    ms
                );
            }
        }
    }
}
