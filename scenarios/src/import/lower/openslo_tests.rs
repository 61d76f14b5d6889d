//! OpenSLO: whose requests an indicator counts is read off its queries, and off nothing else of the object.

use sim_core::policy::gate::Population;

use super::Assumed;
use super::tests::lowered;

/// An SLO of 99.9 % that pages at 14.4 times its budget over an hour.
fn slo(name: &str, matcher: &str) -> String {
    let query = |status: &str| format!("sum(rate(http_requests_total{{{matcher}{status}}}[5m]))");
    let (bad, all) = (query(",status=~\"5..\""), query(""));
    format!(
        "apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}}}
spec:
  service: checkout
  budgetingMethod: Occurrences
  indicator:
    metadata: {{name: errors}}
    spec:
      ratioMetric:
        counter: true
        bad: {{metricSource: {{type: Prometheus, spec: {{query: '{bad}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{all}'}}}}}}
  timeWindow: [{{duration: 30d, isRolling: true}}]
  objectives: [{{target: 0.999}}]
  alertPolicies:
    - kind: AlertPolicy
      metadata: {{name: page}}
      spec:
        conditions:
          - kind: AlertCondition
            metadata: {{name: fast-burn}}
            spec:
              severity: page
              condition: {{kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}}
"
    )
}

#[test]
fn a_burn_rate_of_openslo_is_a_gate_on_those_whom_its_queries_count() {
    let cases = [
        ("checkout", "version=\"canary\"", Population::Canary),
        ("checkout", "app=\"checkout\"", Population::Fleet),
        ("canary", "app=\"checkout\"", Population::Fleet),
    ];
    for (name, matcher, population) in cases {
        let lowered = lowered(&slo(name, matcher), &Assumed::default());
        let [gate] = &lowered.policy.gates[..] else {
            panic!("one condition is one gate");
        };
        assert_eq!(gate.population, population, "{name}: {matcher}");
        let limit = gate.breach.limit.absolute().expect("a number");
        assert!((limit - 0.0144).abs() < 1e-12, "{limit}");
        assert_eq!(gate.over.as_secs_f64(), 3600.0);
    }
}
