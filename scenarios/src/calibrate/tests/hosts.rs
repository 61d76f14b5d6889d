//! Hosts: what each has of its own and what all share.

use sim_core::engine::sample::standard_normal;

use super::*;

#[test]
fn a_host_effect_and_a_common_shock_give_back_their_shares() {
    let (hosts, between, within, shared) = (24_usize, 0.1, 0.05, 0.6);
    let mut draws = draws(40);
    let own: Vec<f64> = (0..hosts)
        .map(|_| between * standard_normal(&mut draws))
        .collect();
    let mut rows = String::from("timestamp,value,host\n");
    let n = 1008;
    for k in 0..n {
        let common = libm::sqrt(shared) * standard_normal(&mut draws);
        for (host, effect) in own.iter().enumerate() {
            let alone = libm::sqrt(1.0 - shared) * standard_normal(&mut draws);
            let value = libm::exp(4.0 + effect + within * (common + alone));
            rows += &format!("{},{value},host-{host}\n", 1_699_833_600 + 300 * k);
        }
    }
    let found = fitted(&of_text(&rows, Sampling::Interval), &Settings::default());
    let found = found.hosts.expect("there are hosts");
    assert_eq!(found.hosts, hosts);
    // A standard deviation from 24 hosts has an error of 1 / sqrt(2 (24 - 1)) = 15 %. The within-host
    // variance has 40 % of its own and 60 % from n common draws.
    near("between", found.between, between, 4.0 * 0.15 * between);
    let error = within * libm::sqrt(shared * shared / (2.0 * f64::from(n)));
    near("within", found.within, within, 4.0 * error + 1e-3);
    near(
        "shared",
        found.shared.expect("times are common"),
        shared,
        4.0 * shared * libm::sqrt(2.0 / f64::from(n)),
    );
}

#[test]
fn equal_hosts_have_no_effect() {
    let mut draws = draws(41);
    let mut rows = String::from("timestamp,value,host\n");
    for k in 0..TWO_WEEKS {
        let value = libm::exp(0.1 * standard_normal(&mut draws));
        rows += &format!("{},{value},host-{}\n", 1_699_833_600 + 300 * k, k % 3);
    }
    let found = fitted(&of_text(&rows, Sampling::Interval), &Settings::default());
    // A mean of a third of the values has an error of 0.1 / sqrt(1344) = 0.0027.
    assert!(
        found.hosts.expect("there are hosts").between < 3.0 * 0.0027,
        "{:?}",
        found.hosts
    );
}
