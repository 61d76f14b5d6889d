//! The audit trail as Markdown.

use crate::common::markdown::plain;
use crate::result::AuditRow;

/// Returns the audit trail as a Markdown table.
pub fn audit_markdown(trail: &[AuditRow]) -> String {
    let mut text = String::from(
        "## Audit trail\n\n| timestamp | stage and target | event | operator | metrics |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for row in trail {
        let cells = [
            &row.timestamp,
            &row.stage_and_target,
            &row.event_code,
            &row.operator,
            &row.metric_snapshot,
        ];
        let cells: Vec<_> = cells.iter().map(|cell| plain(cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}
