//! Small files, small functions, small folders.

use std::fs;

use super::source::{Source, files, name_of, places, sources};

/// A file of product code beyond this is two files.
const FILE_LINES: usize = 500;
/// A function beyond this is two functions (NASA's sixty lines, and ten for `match` arms).
const FUNCTION_LINES: usize = 70;
const FILE_BYTES: u64 = 200 * 1024;

#[test]
fn no_file_of_product_code_has_more_than_500_lines() {
    for source in sources() {
        let lines = source.product().trim_end().lines().count();
        assert!(lines <= FILE_LINES, "{} has {lines} lines", source.path);
        if lines > 300 {
            println!("{} has {lines} lines: worth a look", source.path);
        }
    }
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
