//! What the builtins without a closure take and give. Source: expr-lang v1.17.7 `builtin`, the `Validate` functions.

use crate::argo::condition::ty::Ty;

fn go_name(ty: &Ty) -> &'static str {
    if *ty == Ty::Nil {
        "%!s(<nil>)"
    } else {
        ty.name()
    }
}

fn counted(types: &[Ty], expected: usize) -> Result<(), String> {
    if types.len() == expected {
        return Ok(());
    }
    let given = types.len();
    Err(format!(
        "invalid number of arguments (expected {expected}, got {given})"
    ))
}

/// The type of the answer of a builtin that is given these types (what is unknown comes as [`Ty::Any`]).
///
/// # Errors
/// The engine's words.
pub fn answer(name: &str, types: &[Ty]) -> Result<Ty, String> {
    match name {
        "max" | "min" | "mean" | "median" => return aggregate(name, types),
        "concat" => return concat(types),
        "get" | "take" => counted(types, 2)?,
        _ => counted(types, 1)?,
    }
    let ty = &types[0];
    let any = *ty == Ty::Any;
    let list = ty.array() || any;
    let invalid = || format!("invalid argument for {name} (type {})", go_name(ty));
    match name {
        "len" if list || matches!(ty, Ty::Map | Ty::Str) => Ok(Ty::Int),
        "abs" if ty.number() || any => Ok(ty.clone()),
        "ceil" | "floor" | "round" if ty.number() || any => Ok(Ty::Float),
        "int" if ty.number() || any || *ty == Ty::Str => Ok(Ty::Int),
        "float" if ty.number() || any || *ty == Ty::Str => Ok(Ty::Float),
        "first" | "last" if any => Ok(Ty::Any),
        "first" | "last" if list => Ok(held(ty)),
        "first" | "last" => Err(format!("cannot get {name} element from {}", go_name(ty))),
        "reverse" | "uniq" if list => Ok(Ty::list_of(Ty::Any)),
        "reverse" | "uniq" => Err(format!("cannot {name} {}", go_name(ty))),
        "get" => get(ty, &types[1]),
        "take" if !list => Err(format!("cannot take from {}", go_name(ty))),
        "take" if types[1].whole() || types[1] == Ty::Any => Ok(held_list(ty)),
        "take" => Err(format!("cannot take {} elements", go_name(&types[1]))),
        _ => Err(invalid()),
    }
}

/// The element as Go's own type has it: what the checker knew beyond `[]interface {}` is lost here.
fn held(ty: &Ty) -> Ty {
    match ty {
        Ty::Array("[]interface {}", _) => Ty::Any,
        other => other.element(),
    }
}

fn held_list(ty: &Ty) -> Ty {
    match ty {
        Ty::Array("[]interface {}", _) => Ty::list_of(Ty::Any),
        other => other.clone(),
    }
}

fn get(base: &Ty, index: &Ty) -> Result<Ty, String> {
    match base {
        Ty::Any => Ok(Ty::Unknown),
        Ty::Array(..) if index.whole() || index.unknown() => Ok(base.element()),
        Ty::Array(..) => Err(format!("non-integer slice index {}", index.name())),
        Ty::Map if *index == Ty::Str || index.unknown() => Ok(Ty::Any),
        Ty::Map => Err(format!(
            "cannot use {} to get an element from {}",
            index.name(),
            base.name()
        )),
        other => Err(format!("type {} does not support indexing", other.name())),
    }
}

/// The first list or unknown argument decides; then any further argument goes unchecked.
fn aggregate(name: &str, types: &[Ty]) -> Result<Ty, String> {
    for ty in types {
        match ty {
            Ty::Any | Ty::Array(..) => return Ok(Ty::Any),
            ty if ty.number() => {}
            other => {
                return Err(format!(
                    "invalid argument for {name} (type {})",
                    go_name(other)
                ));
            }
        }
    }
    types
        .first()
        .cloned()
        .ok_or_else(|| format!("not enough arguments to call {name}"))
}

fn concat(types: &[Ty]) -> Result<Ty, String> {
    if types.is_empty() {
        return Err("invalid number of arguments (expected at least 1, got 0)".into());
    }
    match types.iter().find(|ty| !ty.array() && **ty != Ty::Any) {
        Some(ty) => Err(format!("cannot concat {}", go_name(ty))),
        None => Ok(Ty::list_of(Ty::Any)),
    }
}
