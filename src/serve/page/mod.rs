//! The files of the page, which are a part of the program.

/// The files: their names, their types and their text.
const FILES: [(&str, &str, &str); 10] = [
    ("index.html", HTML, include_str!("index.html")),
    ("explorer.css", CSS, include_str!("explorer.css")),
    ("icon.svg", "image/svg+xml", include_str!("icon.svg")),
    ("main.js", SCRIPT, include_str!("main.js")),
    ("ask.js", SCRIPT, include_str!("ask.js")),
    ("controls.js", SCRIPT, include_str!("controls.js")),
    ("answers.js", SCRIPT, include_str!("answers.js")),
    ("charts.js", SCRIPT, include_str!("charts.js")),
    ("why.js", SCRIPT, include_str!("why.js")),
    ("share.js", SCRIPT, include_str!("share.js")),
];

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Returns the type and the text of a file.
pub(super) fn file(name: &str) -> Option<(&'static str, String)> {
    let found = FILES.iter().find(|(known, ..)| *known == name);
    if let Some((_, kind, text)) = found {
        return Some((kind, (*text).to_owned()));
    }
    // The looks of reports are those of the explorer.
    (name == "report.css").then(|| (CSS, reports::page::style()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_small_and_asks_nobody_else() {
        let all: usize = FILES.iter().map(|(_, _, text)| text.len()).sum();
        assert!(
            all + reports::page::style().len() <= 150 * 1024,
            "{all} bytes"
        );
        for (name, _, text) in FILES {
            let outside = text.replace("http://www.w3.org/2000/svg", "");
            for word in [
                "http://",
                "https://",
                "//cdn",
                "eval(",
                "new Function",
                "style=\"",
            ] {
                assert!(!outside.contains(word), "{name} has {word}");
            }
        }
    }
}
