//! Writing YAML: maps and lists in blocks, numbers in lines, texts quoted where a reader could doubt.

use serde_json::Value;

/// The widest line of numbers.
const WIDTH: usize = 96;

/// Returns `value` as YAML, which [`crate::read()`] reads back as the same value.
pub fn yaml(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

/// Writes a map or a list, each member on lines of its own.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                pad(indent, text);
                *text += &format!("{}:", quoted(key));
                behind(member, indent, text);
            }
        }
        Value::Array(items) => {
            for item in items {
                listed(item, indent, text);
            }
        }
        other => *text += &format!("{}\n", scalar(other)),
    }
}

/// Writes what stands behind a key.
fn behind(member: &Value, indent: usize, text: &mut String) {
    match member {
        Value::Object(inner) if !inner.is_empty() => {
            text.push('\n');
            block(member, indent + 2, text);
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            text.push('\n');
            block(member, indent + 2, text);
        }
        Value::Array(items) => line(items, indent + 2, text),
        other => *text += &format!(" {}\n", scalar(other)),
    }
}

/// Writes one item of a list; a map begins on the line of its dash.
fn listed(item: &Value, indent: usize, text: &mut String) {
    pad(indent, text);
    *text += "- ";
    match item {
        Value::Object(members) if !members.is_empty() => {
            let mut inner = String::new();
            block(item, indent + 2, &mut inner);
            *text += inner.trim_start_matches(' ');
        }
        Value::Array(items) if !items.is_empty() => *text += &format!("{}\n", flow(items)),
        other => *text += &format!("{}\n", scalar(other)),
    }
}

/// Writes a list of scalars in one line, or in several of the same width.
fn line(items: &[Value], indent: usize, text: &mut String) {
    let whole = flow(items);
    if indent + whole.len() <= WIDTH {
        *text += &format!(" {whole}\n");
        return;
    }
    *text += " [";
    let mut column = WIDTH;
    for item in items {
        let item = format!("{},", scalar(item));
        if column + item.len() + 1 > WIDTH {
            text.push('\n');
            pad(indent, text);
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        *text += &item;
        column += item.len();
    }
    text.push('\n');
    pad(indent - 2, text);
    *text += "]\n";
}

fn flow(items: &[Value]) -> String {
    let items: Vec<String> = items.iter().map(scalar).collect();
    format!("[{}]", items.join(", "))
}

fn pad(indent: usize, text: &mut String) {
    *text += &" ".repeat(indent);
}

/// Writes anything in one line: JSON is YAML, too.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => flow(items),
        Value::Object(members) => {
            let members = members.iter();
            let members =
                members.map(|(key, member)| format!("{}: {}", quoted(key), scalar(member)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Writes a text as it is where it can be nothing else, and in quotes where it could.
fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric() => quoted.push(c),
            c if u32::from(c) <= 0xFFFF => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    quoted + "\""
}

/// Words, and amounts with a unit: letters, digits and a few signs, beginning with a letter, or digits with
/// one or several units of time or a percent sign behind them.
fn is_plain(text: &str) -> bool {
    const KEYWORDS: [&str; 12] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
    ];
    let word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
        && !KEYWORDS.contains(&text.to_ascii_lowercase().as_str());
    let amount = text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(['%', 's', 'm', 'h', 'd'])
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || ".%nusmhd".contains(c));
    word || amount
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    struct Any {
        texts: Vec<String>,
        lists: Vec<Vec<f64>>,
        deep: Vec<std::collections::BTreeMap<String, Option<f64>>>,
        empty: Vec<u32>,
    }

    fn hostile() -> Any {
        let texts = [
            "plain",
            "15m",
            "1h30m",
            "12.5%",
            "on",
            "No",
            "~",
            "",
            " ",
            "1e5",
            "0x1f",
            "-",
            "- a",
            "a: b",
            "#",
            "'",
            "\"",
            "\\",
            "a\nb",
            "\t",
            "\u{202e}rtl",
            "\u{0}",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "😀",
            "é",
            "<script>",
            "{x}",
            "[x]",
            "&a",
            "*a",
            "!t",
            "%d",
            "@",
            "`",
            "1_000",
            "null",
            "NaN",
            "2024-01-01",
            "1:30",
            "a b",
            "=",
            "<<",
        ];
        let number = |n: u32| f64::from(n) * 0.1 + 1e-17;
        Any {
            texts: texts.map(str::to_owned).to_vec(),
            lists: vec![vec![], (0..60).map(number).collect(), vec![1e300, -5e-324]],
            deep: vec![[("on".to_owned(), None), ("k k".to_owned(), Some(2.5))].into()],
            empty: vec![],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let value = hostile();
        let text = yaml(&serde_json::to_value(&value).expect("plain data"));
        let read = crate::read::<Any>("it", text.as_bytes());
        assert_eq!(read.expect(&text).value, value);
    }

    #[test]
    fn maps_and_lists_stand_in_blocks() {
        let value = json!({"a": {"b": [{"c": 1, "d": [1, 2]}, {"c": 2}]}, "e": {}, "f": "x y"});
        let expect = "a:\n  b:\n    - c: 1\n      d: [1, 2]\n    - c: 2\ne: {}\nf: \"x y\"\n";
        assert_eq!(yaml(&value), expect);
    }
}
