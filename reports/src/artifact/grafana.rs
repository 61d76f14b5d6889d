//! A dashboard for Grafana: the exported series, with the stages as annotations.

use serde_json::{Value, json};

use super::exposition::{Exposition, MetricFamily, MetricKind};

/// The version of the dashboard's form that is written: that of Grafana 10.
const FORM: u32 = 38;

/// Writes the dashboard. Whoever imports it chooses the data source.
pub fn grafana(exposition: &Exposition, stages: &str) -> String {
    let panels: Vec<_> = exposition
        .families
        .iter()
        .filter(|family| family.name != stages)
        .zip(0..)
        .map(|(family, place)| panel(family, place))
        .collect();
    let document = json!({
        "__inputs": [{"name": "DS", "label": "Prometheus", "type": "datasource", "pluginId": "prometheus"}],
        "title": exposition.title,
        "uid": null,
        "schemaVersion": FORM,
        "version": 1,
        "editable": true,
        "tags": ["coalmine"],
        "time": {"from": "2000-01-01T00:00:00Z", "to": end(exposition)},
        "timezone": "utc",
        "annotations": {"list": [annotation(stages)]},
        "templating": {"list": []},
        "panels": panels,
    });
    serde_json::to_string_pretty(&document).expect("a dashboard has text keys") + "\n"
}

fn source() -> Value {
    json!({"type": "prometheus", "uid": "${DS}"})
}

/// A mark for as long as each stage lasts.
fn annotation(stages: &str) -> Value {
    json!({
        "name": "stages",
        "datasource": source(),
        "enable": true,
        "iconColor": "blue",
        "expr": format!("{stages} == 1"),
        "titleFormat": "{{stage}}",
        "useValueForTime": false,
    })
}

fn end(exposition: &Exposition) -> String {
    let series = exposition
        .families
        .iter()
        .flat_map(|family| family.metrics.iter().flatten());
    let length = series.map(|series| series.points.len()).max().unwrap_or(1);
    super::stamp(exposition.instant(length))
}

/// Two panels stand beside each other.
fn panel(family: &MetricFamily, place: usize) -> Value {
    let name = &family.name;
    let (expression, unit) = match family.kind {
        MetricKind::Counter => (
            format!("sum by (version) (rate({name}_total[$__rate_interval]))"),
            "cps",
        ),
        MetricKind::Gauge => (name.clone(), "short"),
        MetricKind::Histogram => (
            format!(
                "histogram_quantile(0.99, sum by (version, le) (rate({name}_bucket[$__rate_interval])))"
            ),
            "s",
        ),
    };
    json!({
        "id": place + 1,
        "type": "timeseries",
        "title": family.help,
        "datasource": source(),
        "gridPos": {"h": 8, "w": 12, "x": place % 2 * 12, "y": place / 2 * 8},
        "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "none"},
        },
        "targets": [{"refId": "A", "datasource": source(), "expr": expression, "legendFormat": "{{version}}"}],
    })
}
