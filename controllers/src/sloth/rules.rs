//! The rules of Prometheus that sloth 0.16 writes for an objective: recordings of the ratio of errors, and its alerts.
//!
//! What sloth records besides (objective, budget, burn rates for boards) decides no alert and is left out.

use std::collections::BTreeMap;

use super::form::{Slo, Spec};
use super::plan::{Burn, Severity, burns, windowed};
use crate::prometheus::Millis;
use crate::prometheus::duration;
use crate::prometheus::form::{GroupForm, RuleFile, RuleForm};

/// Returns the rules of every objective of a spec: a group that records and a group that alerts for each.
pub fn rules(spec: &Spec, period: Millis) -> RuleFile {
    let groups = spec.slos.iter().flat_map(|slo| {
        let id = format!("{}-{}", spec.service, slo.name);
        [
            GroupForm {
                name: format!("sloth-slo-sli-recordings-{id}"),
                rules: recordings(spec, slo, period),
                ..GroupForm::default()
            },
            GroupForm {
                name: format!("sloth-slo-alerts-{id}"),
                rules: alerts(spec, slo, period),
                ..GroupForm::default()
            },
        ]
    });
    RuleFile {
        groups: groups.filter(|group| !group.rules.is_empty()).collect(),
    }
}

/// One recording a window, the shortest first, and the mean of the shortest over the period.
fn recordings(spec: &Spec, slo: &Slo, period: Millis) -> Vec<RuleForm> {
    let mut windows: Vec<Millis> = [Severity::Page, Severity::Ticket]
        .into_iter()
        .flat_map(|severity| burns(severity, slo.objective, period))
        .flat_map(|burn| [burn.short, burn.long])
        .collect();
    windows.sort_unstable();
    windows.dedup();
    let mean = {
        let (metric, filter) = (metric(windows[0]), filter(spec, slo));
        let over = format!("{metric}{filter}[{}]", duration::write(period));
        format!("sum_over_time({over})\n/ ignoring (sloth_window)\ncount_over_time({over})\n")
    };
    let ratios = windows.iter().map(|window| (*window, ratio(slo, *window)));
    ratios
        .chain([(period, mean)])
        .map(|(window, expr)| RuleForm {
            record: metric(window),
            expr,
            labels: labels(spec, slo, window),
            ..RuleForm::default()
        })
        .collect()
}

fn ratio(slo: &Slo, window: Millis) -> String {
    let window = duration::write(window);
    match (&slo.sli.raw, &slo.sli.events) {
        (Some(raw), _) => format!("({})", windowed(&raw.error_ratio_query, &window)),
        (None, Some(events)) => {
            let errors = windowed(&events.error_query, &window);
            let total = windowed(&events.total_query, &window);
            format!("({errors})\n/\n({total})\n")
        }
        (None, None) => String::new(),
    }
}

fn alerts(spec: &Spec, slo: &Slo, period: Millis) -> Vec<RuleForm> {
    let forms = [
        (Severity::Page, &slo.alerting.page_alert),
        (Severity::Ticket, &slo.alerting.ticket_alert),
    ];
    forms
        .into_iter()
        .filter(|(_, form)| !form.disable)
        .map(|(severity, form)| {
            let mut labels = BTreeMap::from([("sloth_severity".into(), severity.word().into())]);
            labels.extend(slo.alerting.labels.clone());
            labels.extend(form.labels.clone());
            let [quick, slow] = burns(severity, slo.objective, period);
            let filter = filter(spec, slo);
            RuleForm {
                alert: slo.alerting.name.clone(),
                expr: format!("{}or\n{}", pair(&quick, &filter), pair(&slow, &filter)),
                labels,
                ..RuleForm::default()
            }
        })
        .collect()
}

fn pair(burn: &Burn, filter: &str) -> String {
    let one = |window| {
        let (metric, factor, budget) = (metric(window), number(burn.factor), number(burn.budget));
        format!("    max({metric}{filter} > ({factor} * {budget})) without (sloth_window)\n")
    };
    format!("(\n{}    and\n{})\n", one(burn.short), one(burn.long))
}

fn metric(window: Millis) -> String {
    format!("slo:sli_error:ratio_rate{}", duration::write(window))
}

fn filter(spec: &Spec, slo: &Slo) -> String {
    let (service, name) = (&spec.service, &slo.name);
    format!(r#"{{sloth_id="{service}-{name}", sloth_service="{service}", sloth_slo="{name}"}}"#)
}

fn labels(spec: &Spec, slo: &Slo, window: Millis) -> BTreeMap<String, String> {
    let (service, name) = (&spec.service, &slo.name);
    let own = [
        ("sloth_id", format!("{service}-{name}")),
        ("sloth_service", service.clone()),
        ("sloth_slo", name.clone()),
        ("sloth_window", duration::write(window)),
    ];
    let mut all: BTreeMap<String, String> = own.into_iter().map(|(n, v)| (n.into(), v)).collect();
    all.extend(spec.labels.clone());
    all.extend(slo.labels.clone());
    all
}

/// Writes a number as Go's templates do: the shortest digits that read back, with an exponent below 0.0001 and from 1e21.
fn number(value: f64) -> String {
    if value == 0.0 || (1e-4..1e21).contains(&value.abs()) {
        return format!("{value}");
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}
