//! The fidelity of an import: what becomes of every key of an object.

use controllers::keys::{Key, Role, role};

use super::object::Object;
use super::recognise::Product;
use super::{Imported, argo, kayenta, prometheus, slo};
use crate::diagnostic::position::LineIndex;
use crate::schema::nearest;
use crate::source::node::{Node, Value};

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It decides something, and it is read.
    Used,
    /// It has no part in a decision.
    Ignored,
    /// It is not understood, or not simulated.
    Unsupported,
}

/// A key and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFate {
    /// Its path in the object: `spec.strategy.canary.steps[0].setWeight`.
    pub path: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// What becomes of it.
    pub fate: Fate,
    /// Why it is not used.
    pub reason: Option<String>,
}

/// What becomes of the keys of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFates {
    /// The product.
    pub product: Product,
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// Each leaf, and each part that is ignored as a whole, in the order of the file. Empty for an object that is
    /// recognised and not read yet.
    pub keys: Vec<KeyFate>,
    /// Why nothing of it is read.
    pub unread: Option<String>,
}

/// What becomes of every key of every object of a file.
pub fn fidelity(file: &Imported) -> Vec<ObjectFates> {
    let index = LineIndex::new(&file.source);
    let of = |object: &Object| {
        let line = |at: usize| index.position(&file.source, at).line;
        object_fates(object, &line)
    };
    file.objects.iter().map(of).collect()
}

fn object_fates(object: &Object, line: &dyn Fn(usize) -> usize) -> ObjectFates {
    let mut fates = ObjectFates {
        product: object.product,
        kind: object.kind.clone(),
        name: object.name.clone(),
        keys: Vec::new(),
        unread: unread(object),
    };
    let Some(tables) = tables(object) else {
        return fates;
    };
    let mut walk = KeyWalk {
        object,
        tables: &tables,
        line,
        keys: Vec::new(),
    };
    walk.visit("", "", object.root(), object.root().span.start);
    fates.keys = walk.keys;
    for (path, reason) in beyond(object) {
        let at = line(object.spans.nearest(&path).start);
        unsupported(&mut fates.keys, path, at, reason);
    }
    fates
}

fn unsupported(keys: &mut Vec<KeyFate>, path: String, line: usize, reason: String) {
    let fate = Fate::Unsupported;
    let reason = Some(reason);
    if let Some(key) = keys.iter_mut().find(|key| key.path == path) {
        (key.fate, key.reason) = (fate, reason);
    } else {
        keys.push(KeyFate {
            path,
            line,
            fate,
            reason,
        });
    }
}

/// A table of keys, and the path that they are below.
pub(super) type Table = (&'static str, &'static [Key]);

/// The tables of the keys of an object; none where nothing of it is read.
fn tables(object: &Object) -> Option<Vec<Table>> {
    use controllers::{argo, flagger, kayenta, openslo, prometheus, sloth};
    let kind = object.kind.as_str();
    Some(match object.product {
        Product::Argo => vec![("", argo::keys::table(kind)?)],
        Product::Flagger if kind == "Canary" => vec![("", &flagger::keys::CANARY[..])],
        Product::Flagger => vec![("", &flagger::keys::METRIC_TEMPLATE[..])],
        Product::Kayenta => vec![("", &kayenta::keys::CANARY_CONFIG[..])],
        Product::Prometheus if kind == "PrometheusRule" => {
            vec![("", &RESOURCE[..]), ("spec.", &prometheus::form::KEYS[..])]
        }
        Product::Prometheus => vec![("", &prometheus::form::KEYS[..])],
        Product::Sloth if kind == "PrometheusServiceLevel" => {
            vec![("", &RESOURCE[..]), ("spec.", &sloth::form::KEYS[..])]
        }
        Product::Sloth => vec![("", &sloth::form::KEYS[..])],
        Product::OpenSlo => {
            let version = object.json.get("apiVersion")?.as_str()?;
            match openslo::table(version, kind) {
                Some(table) => vec![("", table)],
                None => vec![("", &MEASURED[..])],
            }
        }
        _ => return None,
    })
}

const OBJECT: Role = Role::Ignored("identity of the object");

/// What an object of Kubernetes has beside its `spec`.
const RESOURCE: [Key; 6] = [
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata.name", Role::Used),
    ("metadata.namespace", Role::Used),
    ("metadata", OBJECT),
    (
        "status",
        Role::Ignored("what a controller wrote; a simulation starts anew"),
    ),
];

/// Objects of OpenSLO that say where something is measured and who is told.
const MEASURED: [Key; 4] = [
    ("apiVersion", OBJECT),
    ("kind", OBJECT),
    ("metadata", OBJECT),
    (
        "spec",
        Role::Ignored("says where something is measured or who is told: it decides nothing"),
    ),
];

fn unread(object: &Object) -> Option<String> {
    let template = object.product.nearest_template()?;
    Some(format!(
        "recognised, not read yet; the nearest template is `coalmine init --template {template}`"
    ))
}

/// What a product takes and coalmine does not simulate, beyond what the tables say of keys.
fn beyond(object: &Object) -> Vec<(String, String)> {
    match object.product {
        Product::Argo => argo::beyond(object),
        Product::Kayenta => kayenta::beyond(object),
        Product::Prometheus => prometheus::beyond(object),
        Product::Sloth | Product::OpenSlo => slo::beyond(object),
        _ => Vec::new(),
    }
}

struct KeyWalk<'a> {
    object: &'a Object,
    tables: &'a [Table],
    line: &'a dyn Fn(usize) -> usize,
    keys: Vec<KeyFate>,
}

impl KeyWalk<'_> {
    /// `path` has places in lists, `general` has `[]` in their stead.
    fn visit(&mut self, path: &str, general: &str, node: &Node, at: usize) {
        let known = lookup(self.tables, general);
        let is_part = !matches!(known, Some(Role::Ignored(_)));
        match &node.value {
            Value::Map(entries) if is_part && !entries.is_empty() => {
                for (key, inner) in entries {
                    let join = |path: &str| match path {
                        "" => key.text.clone(),
                        _ => format!("{path}.{}", key.text),
                    };
                    self.visit(&join(path), &join(general), inner, key.span.start);
                }
            }
            Value::List(items) if is_part && !items.is_empty() => {
                for (nth, inner) in items.iter().enumerate() {
                    let at = inner.span.start;
                    self.visit(
                        &format!("{path}[{nth}]"),
                        &format!("{general}[]"),
                        inner,
                        at,
                    );
                }
            }
            _ => self.leaf(path, general, known, at),
        }
    }

    fn leaf(&mut self, path: &str, general: &str, known: Option<Role>, at: usize) {
        let (fate, reason) = match known {
            Some(Role::Used) => (Fate::Used, None),
            Some(Role::Ignored(reason)) => (Fate::Ignored, Some(reason.to_owned())),
            None => (Fate::Unsupported, Some(self.unknown(general))),
        };
        self.keys.push(KeyFate {
            path: path.to_owned(),
            line: (self.line)(at),
            fate,
            reason,
        });
    }

    fn unknown(&self, general: &str) -> String {
        let object = self.object;
        let first = format!("no key of {} that is known here", object.words());
        match similar(self.tables, general) {
            Some(name) => format!("{first}; did you mean `{name}`?"),
            None => first,
        }
    }
}

/// What the tables say of a path.
fn lookup(tables: &[Table], general: &str) -> Option<Role> {
    tables.iter().find_map(|(prefix, table)| {
        let rest = general.strip_prefix(prefix)?;
        role(table, rest)
    })
}

/// The key of the tables that a path is probably a misspelling of: same parents, a name that is near.
pub(super) fn similar(tables: &[Table], general: &str) -> Option<String> {
    let (parent, name) = general.rsplit_once('.').unwrap_or(("", general));
    let siblings = tables.iter().flat_map(|(prefix, table)| {
        table.iter().filter_map(move |(path, _)| {
            let path = format!("{prefix}{path}");
            let (above, last) = path.rsplit_once('.').unwrap_or(("", &path));
            (above == parent && last != "*").then(|| last.trim_end_matches("[]").to_owned())
        })
    });
    let siblings: Vec<String> = siblings.collect();
    nearest(name, siblings.iter().map(String::as_str)).map(str::to_owned)
}

/// The keys of an object that its product does not know: an API server drops them.
pub(super) fn unknown_keys(object: &Object) -> Vec<(String, String)> {
    let Some(tables) = tables(object) else {
        return Vec::new();
    };
    let mut walk = KeyWalk {
        object,
        tables: &tables,
        line: &|_| 0,
        keys: Vec::new(),
    };
    walk.visit("", "", object.root(), 0);
    let unknown = walk
        .keys
        .into_iter()
        .filter(|key| key.fate == Fate::Unsupported);
    unknown
        .map(|key| (key.path, key.reason.unwrap_or_default()))
        .collect()
}
