//! What may be called: builtins of the language within the subset, and the functions that Argo adds.
//!
//! Source: expr-lang v1.17.7 `builtin`, argo-rollouts v1.10.1 `utils/evaluate`.

use super::ty::Ty;

/// The shape of a builtin that takes a closure: one letter an argument, `e` expression, `p` closure, upper case may be
/// left out.
pub fn closure(name: &str) -> Option<&'static str> {
    match name {
        "all" | "none" | "any" | "one" | "filter" | "map" | "find" | "findIndex" | "findLast"
        | "findLastIndex" | "groupBy" => Some("ep"),
        "count" | "sum" => Some("eP"),
        "sortBy" | "reduce" => Some("epE"),
        _ => None,
    }
}

/// Builtins without a closure that are evaluated here.
const KNOWN: [&str; 29] = [
    "len",
    "type",
    "abs",
    "ceil",
    "floor",
    "round",
    "int",
    "float",
    "string",
    "trim",
    "trimPrefix",
    "trimSuffix",
    "upper",
    "lower",
    "indexOf",
    "lastIndexOf",
    "hasPrefix",
    "hasSuffix",
    "max",
    "min",
    "mean",
    "median",
    "first",
    "last",
    "get",
    "take",
    "reverse",
    "uniq",
    "concat",
];

/// Builtins of the language that are recognised and refused by name. `findLast` and `findLastIndex` are among them
/// because v1.17.7 leaves its loop's test on the stack there, where it takes the place of an operand to the left.
const REFUSED: [&str; 31] = [
    "findLast",
    "findLastIndex",
    "split",
    "splitAfter",
    "replace",
    "repeat",
    "join",
    "toJSON",
    "fromJSON",
    "toBase64",
    "fromBase64",
    "now",
    "duration",
    "date",
    "timezone",
    "keys",
    "values",
    "toPairs",
    "fromPairs",
    "flatten",
    "sort",
    "bitand",
    "bitor",
    "bitxor",
    "bitnand",
    "bitshl",
    "bitshr",
    "bitushr",
    "bitnot",
    "groupBy",
    "sortBy",
];

/// A builtin of the language that takes no closure.
pub fn builtin(name: &str) -> bool {
    KNOWN.contains(&name) || closure(name).is_none() && REFUSED.contains(&name)
}

/// A builtin of the language that is outside the subset.
pub fn refused(name: &str) -> bool {
    REFUSED.contains(&name)
}

/// The functions that Argo gives to a condition.
pub fn environment(name: &str) -> Option<&'static str> {
    ["asInt", "asFloat", "isNaN", "isInf", "isNil", "default"]
        .into_iter()
        .find(|known| *known == name)
}

/// Argument types and the type of the answer of a function of the environment.
pub fn function(name: &str) -> (Vec<Ty>, Ty) {
    match name {
        "asInt" => (vec![Ty::Any], Ty::Int64),
        "asFloat" => (vec![Ty::Any], Ty::Float),
        "isNaN" | "isInf" => (vec![Ty::Float], Ty::Bool),
        "isNil" => (vec![Ty::Any], Ty::Bool),
        _ => (vec![Ty::Any, Ty::Any], Ty::Any),
    }
}

/// The overloads of a builtin on texts in their order: how many texts each takes; and what it gives.
pub fn text_builtin(name: &str) -> Option<(&'static [usize], Ty)> {
    Some(match name {
        "upper" | "lower" => (&[1], Ty::Str),
        "trim" => (&[1, 2], Ty::Str),
        "trimPrefix" | "trimSuffix" => (&[2, 1], Ty::Str),
        "indexOf" | "lastIndexOf" => (&[2], Ty::Int),
        "hasPrefix" | "hasSuffix" => (&[2], Ty::Bool),
        _ => return None,
    })
}
