//! The operators of conditions, and how strongly each binds. Source: expr-lang v1.17.7, `parser/operator`.

/// Operators between two operands: name, precedence, right-associative.
const BINARY: [(&str, u32, bool); 24] = [
    ("|", 0, false),
    ("or", 10, false),
    ("||", 10, false),
    ("and", 15, false),
    ("&&", 15, false),
    ("==", 20, false),
    ("!=", 20, false),
    ("<", 20, false),
    (">", 20, false),
    (">=", 20, false),
    ("<=", 20, false),
    ("in", 20, false),
    ("matches", 20, false),
    ("contains", 20, false),
    ("startsWith", 20, false),
    ("endsWith", 20, false),
    ("..", 25, false),
    ("+", 30, false),
    ("-", 30, false),
    ("*", 60, false),
    ("/", 60, false),
    ("%", 60, false),
    ("**", 100, true),
    ("^", 100, true),
];

/// Binds more than everything else, and mixes with nothing.
const COALESCE: (&str, u32, bool) = ("??", 500, false);

/// Operators before an operand: name, precedence.
pub(super) const UNARY: [(&str, u32); 4] = [("not", 50), ("!", 50), ("-", 90), ("+", 90)];

/// The operator between two operands of this name.
pub(super) fn binary(text: &str) -> Option<(&'static str, u32, bool)> {
    BINARY
        .iter()
        .chain([&COALESCE])
        .find(|op| op.0 == text)
        .copied()
}

/// An operator that may stand in a chain.
pub(super) fn comparison(text: &str) -> bool {
    matches!(text, "<" | ">" | ">=" | "<=")
}

/// An operator that may stand after `not`.
pub(super) fn negatable(text: &str) -> bool {
    matches!(
        text,
        "contains" | "matches" | "startsWith" | "endsWith" | "in"
    )
}
