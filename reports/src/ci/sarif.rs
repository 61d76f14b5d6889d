//! Findings for code scanning: SARIF 2.1.0 (OASIS standard, 2020).

use serde_json::{Value, json};

/// A finding in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SarifFinding {
    /// The stable code.
    pub code: String,
    /// How bad it is.
    pub level: SarifLevel,
    /// What is wrong, and what to do.
    pub message: String,
    /// The file as it was named.
    pub file: String,
    /// The line and the column in it, from 1; none where the whole file is meant.
    pub place: Option<(u64, u64)>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SarifLevel {
    /// The document cannot be used.
    Error,
    /// It probably does not do what was meant.
    Warning,
    /// Something worth knowing.
    Note,
}

impl SarifLevel {
    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Returns the findings of one run of the tool `version`; `explain` says in a sentence what a code
/// means.
pub fn sarif(version: &str, findings: &[SarifFinding], explain: impl Fn(&str) -> String) -> Value {
    let mut codes: Vec<&str> = findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let rule = |code: &&str| json!({"id": code, "shortDescription": {"text": explain(code)}});
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "coalmine",
                "version": version,
                "rules": codes.iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &SarifFinding) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(&finding.file)}});
    if let Some((line, column)) = finding.place {
        place["region"] = json!({"startLine": line, "startColumn": column});
    }
    json!({
        "ruleId": finding.code,
        "level": finding.level.word(),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    })
}

/// A path as a relative reference (RFC 3986, section 4.2).
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encode = |byte: u8| {
        if keep(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_its_rule_and_its_place() {
        let finding = SarifFinding {
            code: "CM001".into(),
            level: SarifLevel::Error,
            message: "<script>".into(),
            file: "my policy.yaml".into(),
            place: Some((3, 7)),
        };
        let found = sarif("1.0", &[finding.clone(), finding], |code| {
            format!("about {code}")
        });
        let run = &found["runs"][0];
        assert_eq!(
            run["tool"]["driver"]["rules"].as_array().map(Vec::len),
            Some(1)
        );
        let place = &run["results"][1]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20policy.yaml");
        assert_eq!(place["region"]["startLine"], 3);
    }
}
