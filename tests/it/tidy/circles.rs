//! Files that name each other in a circle can only be understood together.
//!
//! `.ci/house -v` prints the circles that there are.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, sources};

/// How many circles each package may have. The numbers only ever become smaller.
const MOST: [(&str, usize); 6] = [
    ("sim-core/src/", 0),
    ("chaos/src/", 0),
    ("scenarios/src/", 0),
    ("reports/src/", 0),
    ("controllers/src/", 0),
    ("src/", 0),
];

/// A path of names, from the root of a package.
type Path = Vec<String>;

/// The files of a package, what each defines and what each hands on.
#[derive(Default)]
struct Package<'s> {
    files: Vec<(&'s str, Path, &'s str)>,
    file_of: BTreeMap<Path, usize>,
    items: BTreeMap<(Path, String), usize>,
    exports: BTreeMap<(Path, String), Path>,
}

impl<'s> Package<'s> {
    fn of(root: &str, sources: &'s [Source]) -> Self {
        let mut package = Self::default();
        for source in sources
            .iter()
            .filter(|source| source.path.starts_with(root))
        {
            let code = source.product();
            if !code.trim().is_empty() {
                package.add(&source.path, module_of(&source.path[root.len()..]), code);
            }
        }
        package
    }

    fn add(&mut self, path: &'s str, module: Path, code: &'s str) {
        let file = self.files.len();
        for line in code.lines() {
            if let Some(name) = defined(line) {
                let key = (module.clone(), name.to_owned());
                self.items.entry(key).or_insert(file);
            }
        }
        let all = imports(code).0.into_iter();
        for import in all.filter(|import| import.is_public) {
            let key = (module.clone(), import.name);
            self.exports.insert(key, import.path);
        }
        self.file_of.insert(module.clone(), file);
        self.files.push((path, module, code));
    }

    /// The file in which a path ends that is named in `module`; none where it leads out of the package.
    fn resolve(&self, path: &[String], module: &Path, depth: usize) -> Option<Found> {
        let (mut at, rest) = start(path, module);
        let known = |at: &Path, name: &String| {
            let key = (at.clone(), name.clone());
            self.file_of.contains_key(&below(at, name))
                || self.exports.contains_key(&key)
                || self.items.contains_key(&key)
        };
        if depth > 20
            || rest.len() == path.len() && !rest.first().is_some_and(|name| known(&at, name))
        {
            return None;
        }
        for (place, name) in rest.iter().enumerate() {
            let key = (at.clone(), name.clone());
            if self.file_of.contains_key(&below(&at, name)) {
                at = below(&at, name);
            } else if let Some(file) = self.items.get(&key) {
                return Some(Found::Item(*file));
            } else if let Some(export) = self.exports.get(&key) {
                let on = [&export[..], &rest[place + 1..]].concat();
                return self.resolve(&on, &at, depth + 1);
            } else {
                return self.file_of.get(&at).map(|file| Found::Item(*file));
            }
        }
        Some(Found::Module(at))
    }

    /// The files that a file names something of. A module that is imported counts for what is named through it.
    fn named_by(&self, file: usize) -> BTreeSet<usize> {
        let (_, module, code) = &self.files[file];
        let mut named = BTreeSet::new();
        let (all, body) = imports(code);
        let private = all.into_iter().filter(|import| !import.is_public);
        let mut paths: Vec<(Path, Option<String>)> = private
            .map(|import| (import.path, Some(import.name)))
            .collect();
        let inside = ["crate", "super", "self"].iter();
        let inside = inside.flat_map(|head| inline(&body, head));
        paths.extend(inside.map(|path| (path, None)));
        let children = self
            .file_of
            .keys()
            .filter(|child| child.len() == module.len() + 1 && child.starts_with(module));
        paths.extend(children.map(|child| {
            let name = child[module.len()].clone();
            (vec![name.clone()], Some(name))
        }));
        for (path, name) in paths {
            match self.resolve(&path, module, 0) {
                Some(Found::Item(file)) => named.extend([file]),
                Some(Found::Module(_)) => {
                    for through in name.iter().flat_map(|name| inline(&body, name)) {
                        let whole = [&path[..], &through[1..]].concat();
                        named.extend(self.resolve(&whole, module, 0).and_then(
                            |found| match found {
                                Found::Item(file) => Some(file),
                                Found::Module(module) => self.file_of.get(&module).copied(),
                            },
                        ));
                    }
                }
                None => {}
            }
        }
        named.remove(&file);
        named
    }

    /// The circles: the files that reach each other, two or more together.
    fn circles(&self) -> Vec<Vec<&'s str>> {
        let named: Vec<_> = (0..self.files.len())
            .map(|file| self.named_by(file))
            .collect();
        let reached: Vec<_> = (0..named.len()).map(|file| reach(file, &named)).collect();
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for file in 0..named.len() {
            let together = reached[file]
                .iter()
                .filter(|other| reached[**other].contains(&file));
            let circle: Vec<usize> = together.copied().collect();
            if circle.len() > 1 && seen.insert(circle.clone()) {
                circles.push(circle.iter().map(|file| self.files[*file].0).collect());
            }
        }
        circles
    }
}

enum Found {
    Item(usize),
    Module(Path),
}

struct Import {
    is_public: bool,
    path: Path,
    name: String,
}

/// All files that one names, and those that they name.
fn reach(from: usize, named: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut left = vec![from];
    while let Some(file) = left.pop() {
        left.extend(named[file].iter().filter(|next| reached.insert(**next)));
    }
    reached
}

fn module_of(path: &str) -> Path {
    let mut parts: Path = path
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if parts
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        parts.pop();
    }
    parts
}

fn below(module: &Path, name: &str) -> Path {
    [module.as_slice(), &[name.to_owned()]].concat()
}

/// Where a path begins, and what is left of it.
fn start<'p>(path: &'p [String], module: &Path) -> (Path, &'p [String]) {
    let mut at = module.clone();
    let mut rest = path;
    while let Some((first, more)) = rest.split_first() {
        match first.as_str() {
            "crate" => at = Vec::new(),
            "super" => drop(at.pop()),
            "self" => {}
            _ => break,
        }
        rest = more;
    }
    (at, rest)
}

/// The name of what a line at the left margin defines.
fn defined(line: &str) -> Option<&str> {
    let kinds = [
        "const fn ",
        "async fn ",
        "fn ",
        "struct ",
        "enum ",
        "trait ",
        "type ",
        "union ",
        "static ",
        "const ",
    ];
    let line = without_visibility(line);
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    Some(&rest[..end.unwrap_or(rest.len())])
}

fn without_visibility(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else {
        return line;
    };
    let open = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    open.map_or(rest, |(_, rest)| rest).trim_start()
}

/// The imports of a file, one for each name, and its code without them.
fn imports(code: &str) -> (Vec<Import>, String) {
    let (mut found, mut body, mut open) = (Vec::new(), String::new(), None);
    for line in code.lines() {
        let statement = without_visibility(line.trim_start());
        if open.is_none()
            && let Some(rest) = statement.strip_prefix("use ")
        {
            open = Some((line.trim_start().starts_with("pub"), String::new()));
            add(&mut open, rest, &mut found);
        } else if open.is_some() {
            add(&mut open, line, &mut found);
        } else {
            body += line;
            body += "\n";
        }
    }
    (found, body)
}

/// Adds a line to the import that is open; its end closes it.
fn add(open: &mut Option<(bool, String)>, line: &str, found: &mut Vec<Import>) {
    let Some((is_public, text)) = open else {
        return;
    };
    let (line, ends) = line
        .split_once(';')
        .map_or((line, false), |(line, _)| (line, true));
    *text += line.trim();
    if ends {
        found.extend(expand(text).iter().map(|path| import(path, *is_public)));
        *open = None;
    }
}

fn import(path: &str, is_public: bool) -> Import {
    let (path, alias) = path.split_once(" as ").unwrap_or((path, ""));
    let path: Path = path
        .split("::")
        .map(|part| part.trim().to_owned())
        .collect();
    let last = path.last().expect("a path has a part");
    let name = if alias.is_empty() { last } else { alias };
    Import {
        is_public,
        name: name.trim().to_owned(),
        path,
    }
}

/// The single paths of a tree of imports.
fn expand(text: &str) -> Vec<String> {
    let Some(brace) = text.find('{') else {
        return vec![text.trim().to_owned()];
    };
    let head = text[..brace].trim();
    let inner = &text[brace + 1..text.rfind('}').expect("a group ends")];
    let (mut depth, mut start, mut paths) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[start..at].trim();
                if !part.is_empty() {
                    paths.extend(expand(part).into_iter().map(|path| format!("{head}{path}")));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    let whole = |path: String| path.trim_end_matches("::self").to_owned();
    paths.into_iter().map(whole).collect()
}

/// Every path in `body` that begins with `head` and goes on.
fn inline(body: &str, head: &str) -> Vec<Path> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let begins = |at: &usize| !body[..*at].chars().next_back().is_some_and(is_path);
    let path = |at: usize| -> Path {
        let rest = &body[at..];
        let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
        let names = rest[..end].trim_end_matches(':').split("::");
        names.map(str::to_owned).collect()
    };
    let places = body.match_indices(head).map(|(at, _)| at);
    let paths = places.filter(begins).map(path);
    paths
        .filter(|path| path.len() > 1 && path[0] == head)
        .collect()
}

#[test]
fn files_import_in_one_direction() {
    for (root, most) in MOST {
        let circles = Package::of(root, sources()).circles();
        assert!(circles.len() <= most, "{root}: {circles:#?}");
    }
}

#[test]
fn a_circle_is_found_through_what_a_module_hands_on() {
    let file = |path: &str, code: &str| Source {
        path: path.to_owned(),
        text: code.to_owned(),
        code: code.to_owned(),
    };
    let shop = |last: &str| {
        [
            file("x/lib.rs", "mod shop;\npub use shop::Goods;\n"),
            file(
                "x/shop/mod.rs",
                "mod goods;\nmod price;\npub use goods::Goods;\npub(crate) use price::{Price, price};\n",
            ),
            file(
                "x/shop/goods.rs",
                "use super::Price;\npub struct Goods(Price);\n",
            ),
            file("x/shop/price.rs", last),
        ]
    };
    let circles = |last: &str| Package::of("x/", &shop(last)).circles().len();
    assert_eq!(circles("pub struct Price;\nfn price() {}\n"), 0);
    assert_eq!(circles("use crate::Goods;\npub struct Price;\n"), 1);
    assert_eq!(
        circles("pub struct Price;\nfn f(_: &crate::shop::Goods) {}\n"),
        1
    );
    assert_eq!(
        circles("use super::goods::{self};\npub struct Price;\nfn f(_: goods::Goods) {}\n"),
        1
    );
}
