//! One name, one thing; one style of modules.

use std::collections::BTreeMap;

use super::source::{places, sources};

/// The packages in which no type is called as another one. The machine and the rules of other products follow.
const PACKAGES: [&str; 5] = [
    "sim-core/src/",
    "chaos/src/",
    "scenarios/src/",
    "reports/src/",
    "src/",
];

/// What declares a type.
const KEYWORDS: [&str; 4] = ["struct ", "enum ", "trait ", "type "];

#[test]
fn a_module_with_children_is_a_folder() {
    let paths: Vec<_> = sources().iter().map(|source| &source.path).collect();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let folder = format!("{}/", source.path.trim_end_matches(".rs"));
        let child = paths.iter().find(|path| path.starts_with(&folder));
        assert_eq!(child, None, "{} is {folder}mod.rs", source.path);
    }
}

#[test]
fn a_type_has_a_name_of_its_own_in_its_package() {
    for package in PACKAGES {
        let mut known: BTreeMap<String, &str> = BTreeMap::new();
        let inside = sources()
            .iter()
            .filter(|source| source.path.starts_with(package));
        for source in inside {
            for name in types(source.product()) {
                let other = known.insert(name.clone(), &source.path);
                assert_eq!(other, None, "{name} is in {} as well", source.path);
            }
        }
        assert!(known.len() > 50, "the types of {package} were found");
    }
}

/// Returns the types that are declared at the outer level of a file.
fn types(code: &str) -> Vec<String> {
    let outer = |at: usize| {
        let line = code[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = &code[line..at];
        before.is_empty() || before == "pub " || before.starts_with("pub(")
    };
    let declared = KEYWORDS.into_iter().flat_map(|word| {
        let places = places(code, word).filter(|at| outer(*at));
        places.map(move |at| at + word.len())
    });
    let name = |at: usize| {
        let rest = code[at..].chars();
        rest.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    declared.map(name).collect()
}

#[test]
fn a_type_is_found_by_its_declaration_and_nothing_else_is() {
    let code = "pub struct A;\nenum B {}\npub(super) type C = u8;\nfn f() {\n    struct Inner;\n}\nimpl A {\n    type D = u8;\n}\n";
    let mut found = types(code);
    found.sort();
    assert_eq!(found, ["A", "B", "C"]);
}
