//! A noise model as a file.

use serde_json::Value;

use crate::NoiseModel;

/// The widest line of numbers.
const WIDTH: usize = 96;

/// Writes a model as YAML: maps in blocks, lists of numbers in lines.
pub fn yaml(model: &NoiseModel) -> String {
    let value = serde_json::to_value(model).expect("a model has text keys and finite numbers");
    let mut text = String::from(
        "# A noise model, fitted by `coalmine calibrate`. A scenario names it: noise: [{signal: ID, model: {file: PATH}}]\n",
    );
    write(&value, 0, &mut text);
    text
}

fn write(value: &Value, indent: usize, text: &mut String) {
    let Value::Object(members) = value else {
        return;
    };
    for (key, member) in members {
        *text += &format!("{}{key}:", " ".repeat(indent));
        match member {
            Value::Object(inner) if !inner.is_empty() => {
                text.push('\n');
                write(member, indent + 2, text);
            }
            Value::Array(items) if items.len() > 4 => list(items, indent + 2, text),
            // JSON in one line is YAML, too.
            other => *text += &format!(" {other}\n"),
        }
    }
}

fn list(items: &[Value], indent: usize, text: &mut String) {
    *text += " [";
    let mut column = WIDTH;
    for item in items {
        let item = format!("{item},");
        if column + item.len() + 1 > WIDTH {
            *text += &format!("\n{}", " ".repeat(indent));
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        *text += &item;
        column += item.len();
    }
    *text += &format!("\n{}]\n", " ".repeat(indent - 2));
}
