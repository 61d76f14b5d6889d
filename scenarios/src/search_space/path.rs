//! Paths to numbers in a policy's own text: `gates.error-rate.limit`, `stages.*.observe`.

use std::ops::Range;

use super::found::{
    Found, ambiguous, below, children, last, name_of, no_number, nothing_below, unknown,
};
use super::number::Number;
use super::refusal::{RangeRefusal, refuse};
use crate::diagnostic::quote::quote;
use crate::source::node::{Node, Value};

/// Every number that some path leads to.
pub(super) fn numbers(root: &Node) -> Vec<Found<'_>> {
    let mut open = vec![Found {
        path: String::new(),
        node: root,
    }];
    let mut all = Vec::new();
    while let Some(next) = open.pop() {
        open.extend(children(&next));
        if Number::written(next.node).is_some() {
            all.push(next);
        }
    }
    all
}

/// Finds the numbers that `path` leads to.
///
/// Elements of lists are named by their `id`, `*` names all of them. A key may be left out where
/// only one way leads to the next one, and behind the last where there is only one number.
pub(super) fn resolve<'a>(root: &'a Node, path: &str) -> Result<Vec<Found<'a>>, RangeRefusal> {
    let mut reached = vec![Found {
        path: String::new(),
        node: root,
    }];
    let mut at = 0;
    while at < path.len() {
        let rest = &path[at..];
        let (next, length) = step(&reached, rest, at)?;
        reached = next;
        at += length;
        if path[at..].starts_with('.') {
            at += 1;
        }
    }
    let here = 0..path.len();
    let many = reached.len() > 1;
    let mut numbers = Vec::new();
    for found in reached {
        match number_below(&found, &here) {
            Ok(number) => numbers.push(number),
            Err(problem) if !many => return Err(problem),
            Err(_) => {}
        }
    }
    if numbers.is_empty() {
        let message = format!("none of what {} names is a number", quote(path));
        return Err(refuse(
            "CM072",
            here,
            message,
            "name numbers, such as `gates.*.limit`",
        ));
    }
    unshared(root, &numbers, &here)?;
    Ok(numbers)
}

/// Follows the first component of `rest` from everything that was reached.
fn step<'a>(
    reached: &[Found<'a>],
    rest: &str,
    at: usize,
) -> Result<(Vec<Found<'a>>, usize), RangeRefusal> {
    if rest == "*" || rest.starts_with("*.") {
        let all: Vec<_> = reached.iter().flat_map(children).collect();
        return if all.is_empty() {
            Err(nothing_below(&reached[0], at..at + 1))
        } else {
            Ok((all, 1))
        };
    }
    let mut next = Vec::new();
    let mut length = 0;
    let mut first_problem = None;
    for found in reached {
        match child(found, rest, at) {
            Ok((child, used)) => {
                length = used;
                next.push(child);
            }
            Err(problem) => drop(first_problem.get_or_insert(problem)),
        }
    }
    match first_problem {
        Some(problem) if next.is_empty() => Err(problem),
        _ => Ok((next, length)),
    }
}

/// Follows the first component of `rest` from one node: a key, an id, or a key further down.
fn child<'a>(found: &Found<'a>, rest: &str, at: usize) -> Result<(Found<'a>, usize), RangeRefusal> {
    let fits = |name: &str| {
        let ends = rest.strip_prefix(name);
        !name.is_empty() && ends.is_some_and(|after| after.is_empty() || after.starts_with('.'))
    };
    let direct = children(found)
        .into_iter()
        .filter(|child| fits(name_of(&child.path, &found.path)));
    if let Some(child) = direct.max_by_key(|child| child.path.len()) {
        let length = name_of(&child.path, &found.path).len();
        return Ok((child, length));
    }
    let word = rest.split('.').next().expect("a split has a first part");
    let deeper: Vec<_> = below(found)
        .into_iter()
        .filter(|child| last(&child.path) == word)
        .collect();
    let span = at..at + word.len();
    match <[_; 1]>::try_from(deeper) {
        Ok([only]) => Ok((only, word.len())),
        Err(several) if several.is_empty() => Err(unknown(found, word, span)),
        Err(several) => Err(ambiguous(word, &several, span)),
    }
}

/// Returns the number itself, or the only one below.
fn number_below<'a>(found: &Found<'a>, span: &Range<usize>) -> Result<Found<'a>, RangeRefusal> {
    if Number::written(found.node).is_some() {
        return Ok(found.clone());
    }
    let numbers: Vec<_> = below(found)
        .into_iter()
        .filter(|child| Number::written(child.node).is_some())
        .collect();
    // The length of a window is what people mean by it, whatever else it counts.
    let length = |child: &&Found<'_>| {
        let name = name_of(&child.path, &found.path);
        ["sustained.over", "consecutive", "count.failures"].contains(&name)
    };
    if let Some(length) = numbers.iter().find(length) {
        return Ok(length.clone());
    }
    match <[_; 1]>::try_from(numbers) {
        Ok([only]) => Ok(only),
        Err(several) if several.is_empty() => Err(no_number(found, span.clone())),
        Err(several) => Err(ambiguous(&found.path, &several, span.clone())),
    }
}

/// Refuses a number that an anchor lends to another place, which would change too.
fn unshared(root: &Node, numbers: &[Found<'_>], span: &Range<usize>) -> Result<(), RangeRefusal> {
    // Entries that are not written yet are lent to nobody.
    for number in numbers.iter().filter(|it| !it.node.span.is_empty()) {
        let places = count(root, &number.node.span);
        let ours = numbers
            .iter()
            .filter(|other| other.node.span == number.node.span)
            .count();
        if places > ours {
            let message = format!(
                "{} is shared with another place by an alias",
                quote(&number.path)
            );
            let help = "the change would count in both places: write the number out in each, or name both with `*`";
            return Err(refuse("CM076", span.clone(), message, help));
        }
    }
    Ok(())
}

/// How many scalars of the tree stand at `span`.
fn count(node: &Node, span: &Range<usize>) -> usize {
    let own = matches!(
        node.value,
        Value::Int(_) | Value::Float(_) | Value::String(_)
    );
    let own = usize::from(own && node.span == *span);
    let entries = node.entries().iter().map(|(_, value)| value);
    own + entries
        .chain(node.items())
        .map(|child| count(child, span))
        .sum::<usize>()
}
