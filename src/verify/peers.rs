//! Recorded decisions of real controllers, played through the state machines that count as they count.
//!
//! Two forms are read. A **table** is a file `{"kind": .., "source": .., "rows": [..]}`. A **row** of a file of lines is
//! `{"case": {"kind": .., ..}, "real": ..}`, without a kind where it is Flagger's, or one of Prometheus with `id`, `kind`
//! and what it `expect`s. **Splits** are a file `{"proxies": [..], "sdks": [..]}`: what a declared weight came to.

use controllers::{argo, flagger, kayenta, prometheus, splitters};
use serde_json::Value;

use super::presets;
use super::verification::{CaseResult, CaseStatus};

/// A row of a known form, and the kind that it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The kind, as [`replay`] knows it.
    pub kind: String,
    /// The row.
    pub value: Value,
}

/// Plays a row; nothing where no room knows its kind.
fn replay(kind: &str, row: &Value) -> Option<Result<(), String>> {
    let rooms = [
        argo::rows::replay,
        flagger::rows::replay,
        kayenta::rows::replay,
        prometheus::rows::replay,
        splitters::rows::replay,
    ];
    rooms.iter().find_map(|room| room(kind, row))
}

/// Says whether a line is a recorded row of a controller.
pub fn row(value: &Value) -> Option<Row> {
    let text = |value: &Value| value.get("kind").and_then(Value::as_str).map(str::to_owned);
    let case = value.get("case").filter(|case| case.is_object());
    let kind = match case {
        // Rows of Flagger name no kind: what they hold is the analysis of a canary and its ticks.
        Some(case) => text(case).or_else(|| case.get("analysis").map(|_| "flagger".to_owned())),
        None => text(value).filter(|kind| prometheus::rows::KINDS.contains(&kind.as_str())),
    }?;
    Some(Row {
        kind,
        value: value.clone(),
    })
}

/// Returns the rows of a table or of a file of splits; nothing if the value is neither.
pub fn table(value: &Value) -> Option<Vec<Row>> {
    if let Some(kind) = value.get("kind") {
        return rows(value, "rows", kind.as_str()?);
    }
    let splits = [("proxies", "splitter.proxy"), ("sdks", "splitter.flag")];
    let known = splits
        .iter()
        .filter_map(|(key, kind)| rows(value, key, kind));
    let all: Vec<Row> = known.flatten().collect();
    (!all.is_empty()).then_some(all)
}

fn rows(value: &Value, key: &str, kind: &str) -> Option<Vec<Row>> {
    let row = |row: &Value| Row {
        kind: kind.to_owned(),
        value: row.clone(),
    };
    Some(value.get(key)?.as_array()?.iter().map(row).collect())
}

/// Plays one row of `file`, which stands at `place`.
pub fn verify(file: &str, place: &str, row: &Row) -> CaseResult {
    let id = match name(&row.value) {
        Some(name) => format!("{place} ({name})"),
        None => place.to_owned(),
    };
    let replayed = replay(&row.kind, &row.value)
        .map(|replayed| replayed.and_then(|()| presets::check(&row.kind, &row.value)));
    let (status, note) = match replayed {
        None => (
            CaseStatus::Unknown,
            Some(format!("there is no recorded kind `{}`", row.kind)),
        ),
        Some(Ok(())) => (CaseStatus::Ok, None),
        Some(Err(difference)) => (CaseStatus::Differs, Some(difference)),
    };
    CaseResult {
        id,
        kind: row.kind.clone(),
        file: Some(file.to_owned()),
        status,
        note,
        quantities: Vec::new(),
    }
}

/// What a row calls itself.
fn name(row: &Value) -> Option<String> {
    let case = row.get("case").unwrap_or(row);
    if let Some(product) = case.get("product").and_then(Value::as_str) {
        let how = ["algorithm", "config"]
            .iter()
            .find_map(|key| case.get(*key)?.as_str());
        let weights = case
            .get("weights")
            .map(|it| format!(" {it}"))
            .unwrap_or_default();
        return Some(format!("{product}, {}{weights}", how.unwrap_or_default()));
    }
    ["test", "name", "id"]
        .iter()
        .find_map(|key| match case.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(format!("id {number}")),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_form_says_its_kind_and_other_lines_are_left_to_others() {
        let kind = |value: Value| row(&value).map(|row| row.kind);
        let of = |kind: &str| Some(kind.to_owned());
        assert_eq!(
            kind(json!({"case": {"kind": "replicas"}, "real": {}})),
            of("replicas")
        );
        assert_eq!(
            kind(json!({"case": {"analysis": {}, "ticks": 3}, "real": {}})),
            of("flagger")
        );
        assert_eq!(kind(json!({"id": "mean-0001", "kind": "mean"})), of("mean"));
        assert_eq!(
            kind(json!({"case": "grid", "kind": "optimize-gates"})),
            None
        );
        assert_eq!(kind(json!({"kind": "palmistry"})), None);
    }

    #[test]
    fn a_file_of_splits_is_a_table_of_proxies_and_of_flags() {
        let proxy = json!({"product": "nginx", "algorithm": "random", "weights": [99, 1]});
        let file =
            json!({"recorded": "2026-11-30", "proxies": [proxy], "sdks": [{"product": "posthog"}]});
        let rows = table(&file).expect("a table");
        let kinds: Vec<_> = rows.iter().map(|row| row.kind.as_str()).collect();
        assert_eq!(kinds, ["splitter.proxy", "splitter.flag"]);
        assert_eq!(
            name(&rows[0].value).as_deref(),
            Some("nginx, random [99,1]")
        );
        assert_eq!(table(&json!({"id": "B"})), None);
    }

    #[test]
    fn a_kind_that_no_room_knows_is_unknown_and_not_passed() {
        let strange = Row {
            kind: "linkerd".into(),
            value: json!({"name": "odd"}),
        };
        let result = verify("f.json", "f.json, row 1", &strange);
        assert_eq!(
            (result.status, result.id.as_str()),
            (CaseStatus::Unknown, "f.json, row 1 (odd)")
        );
    }
}
