//! Small files, small functions, small folders.

use std::fs;

use super::source::{Source, files, name_of, places, sources};

/// A file of product code beyond this is two files.
const FILE_LINES: usize = 500;
/// A function beyond this is two functions (NASA's sixty lines, and ten for `match` arms).
const FUNCTION_LINES: usize = 70;
const FILE_BYTES: u64 = 200 * 1024;
/// Files of more lines, and functions of more, are worth a look. Their numbers only ever become smaller: a new one is
/// split, or pays for itself by splitting another. `.ci/house -v` lists them.
const LONG_FILE: (usize, usize) = (300, 16);
const LONG_FUNCTION: (usize, usize) = (30, 151);
/// Where the product lies; benches measure it, and examples show it.
const PRODUCT: [&str; 6] = [
    "sim-core/src/",
    "chaos/src/",
    "scenarios/src/",
    "reports/src/",
    "controllers/src/",
    "src/",
];

#[test]
fn no_file_of_product_code_has_more_than_500_lines() {
    for source in sources() {
        let lines = source.product().trim_end().lines().count();
        assert!(lines <= FILE_LINES, "{} has {lines} lines", source.path);
    }
}

#[test]
fn long_files_and_long_functions_become_no_more() {
    let is_product = |source: &&Source| PRODUCT.iter().any(|room| source.path.starts_with(room));
    let (mut long_files, mut long_functions) = (0, 0);
    for source in sources().iter().filter(is_product) {
        let code = source.product();
        long_files += usize::from(code.trim_end().lines().count() > LONG_FILE.0);
        let long = functions(code).filter(|(_, lines)| *lines > LONG_FUNCTION.0);
        long_functions += long.count();
    }
    assert!(
        long_files <= LONG_FILE.1,
        "{long_files} files have more than {} lines: .ci/house -v lists them",
        LONG_FILE.0
    );
    assert!(
        long_functions <= LONG_FUNCTION.1,
        "{long_functions} functions have more than {} lines: .ci/house -v lists them",
        LONG_FUNCTION.0
    );
}

#[test]
fn no_function_has_more_than_70_lines() {
    for source in sources() {
        for (at, lines) in functions(source.product()) {
            let line = source.line_of(at);
            assert!(
                lines <= FUNCTION_LINES,
                "{}:{line}: {lines} lines",
                source.path
            );
        }
    }
}

#[test]
fn no_file_is_larger_than_200_kib() {
    for path in files() {
        let bytes = fs::metadata(&path).expect("the file is there").len();
        assert!(bytes <= FILE_BYTES, "{} has {bytes} bytes", name_of(&path));
    }
}

#[test]
fn the_function_scan_counts_from_the_head_to_the_closing_brace() {
    let code = "fn a() {\n    if x {\n    }\n}\nfn b();\nconst fn c<F: Fn()>() -> [u8; 2] { }\n";
    assert_eq!(
        functions(code).map(|(_, lines)| lines).collect::<Vec<_>>(),
        [4, 1]
    );
    let source = Source {
        path: "a.rs".into(),
        text: code.into(),
        code: code.into(),
    };
    assert_eq!(source.line_of(code.find("fn b").expect("it is there")), 5);
}

/// Returns where every function with a body begins, and how many lines it has.
fn functions(code: &str) -> impl Iterator<Item = (usize, usize)> {
    places(code, "fn ").filter_map(|at| {
        let body = body_begins(&code[at..])?;
        let length = block_length(&code[at + body..]);
        Some((at, code[at..at + body + length].lines().count()))
    })
}

/// A semicolon outside of brackets before the brace means that there is no body.
fn body_begins(head: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in head.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ';' if depth == 0 => return None,
            '{' => return Some(at),
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    None
}

fn block_length(block: &str) -> usize {
    let mut depth = 0;
    for (at, c) in block.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    block.len()
}
