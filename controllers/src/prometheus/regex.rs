//! The regular expressions of label matchers: the part of RE2 that rules use, anchored at both ends.
//!
//! Literals, `.`, classes, `\d \w \s` and their opposites, groups, `|`, `* + ? {m,n}`. Flags, word boundaries and Unicode
//! classes are refused by name. Matching follows all possible positions at once and so takes at most the square of
//! the length.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// More repetitions than this are refused, as by RE2.
const MOST_REPEATS: usize = 1000;

/// Why a regular expression is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegexError {
    /// RE2 takes it, but it is not read here.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
}

impl<T: Into<String>> From<T> for RegexError {
    fn from(message: T) -> Self {
        Self {
            unsupported: false,
            message: message.into(),
        }
    }
}

fn unsupported(message: impl Into<String>) -> RegexError {
    RegexError {
        unsupported: true,
        message: message.into(),
    }
}

/// A regular expression that must cover a whole value.
#[derive(Debug, Clone, PartialEq)]
pub struct Regex {
    /// As it was written.
    pub source: String,
    root: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Any,
    Start,
    End,
    Class { no: bool, ranges: Vec<(char, char)> },
    Row(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, usize, Option<usize>),
}

impl Regex {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// Names what is wrong or not supported.
    pub fn new(source: &str) -> Result<Self, RegexError> {
        let mut reader = Reader(source.chars().peekable());
        let root = reader.either()?;
        match reader.0.next() {
            Some(_) => Err(format!("{source:?} has a `)` too many").into()),
            None => Ok(Self {
                source: source.into(),
                root,
            }),
        }
    }

    /// Tells whether the expression covers the whole value.
    pub fn matches(&self, value: &str) -> bool {
        let text: Vec<char> = value.chars().collect();
        walk(&self.root, &text, &BTreeSet::from([0])).contains(&text.len())
    }

    /// Returns the values when the expression is a plain list such as `a|b|c`.
    pub fn alternatives(&self) -> Option<Vec<String>> {
        const SPECIAL: &str = r".+*?()[]{}^$\";
        let plain = !self.source.contains(|c| SPECIAL.contains(c));
        plain.then(|| self.source.split('|').map(Into::into).collect())
    }
}

fn walk(node: &Node, text: &[char], from: &BTreeSet<usize>) -> BTreeSet<usize> {
    let step = |takes: &dyn Fn(char) -> bool| {
        from.iter()
            .filter(|at| text.get(**at).is_some_and(|c| takes(*c)))
            .map(|at| at + 1)
            .collect()
    };
    match node {
        Node::Any => step(&|_| true),
        Node::Class { no, ranges } => {
            step(&|c| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *no)
        }
        Node::Start => from.iter().copied().filter(|at| *at == 0).collect(),
        Node::End => from
            .iter()
            .copied()
            .filter(|at| *at == text.len())
            .collect(),
        Node::Row(nodes) => nodes
            .iter()
            .fold(from.clone(), |at, node| walk(node, text, &at)),
        Node::Either(nodes) => nodes
            .iter()
            .flat_map(|node| walk(node, text, from))
            .collect(),
        Node::Repeat(node, least, most) => repeat(node, *least, *most, text, from),
    }
}

fn repeat(
    node: &Node,
    least: usize,
    most: Option<usize>,
    text: &[char],
    from: &BTreeSet<usize>,
) -> BTreeSet<usize> {
    let mut now = from.clone();
    for _ in 0..least {
        now = walk(node, text, &now);
    }
    let mut all = now.clone();
    let mut left = most.map_or(text.len() + 1, |most| most.saturating_sub(least));
    while left > 0 && !now.is_empty() {
        now = &walk(node, text, &now) - &all;
        all.extend(&now);
        left -= 1;
    }
    all
}

struct Reader<'a>(Peekable<Chars<'a>>);

impl Reader<'_> {
    fn either(&mut self) -> Result<Node, RegexError> {
        let mut options = vec![self.row()?];
        while self.0.next_if_eq(&'|').is_some() {
            options.push(self.row()?);
        }
        Ok(Node::Either(options))
    }

    fn row(&mut self) -> Result<Node, RegexError> {
        let mut nodes = Vec::new();
        while let Some(c) = self.0.next_if(|c| !"|)".contains(*c)) {
            let node = self.atom(c)?;
            nodes.push(self.repeated(node)?);
        }
        Ok(Node::Row(nodes))
    }

    fn atom(&mut self, first: char) -> Result<Node, RegexError> {
        match first {
            '.' => Ok(Node::Any),
            '^' => Ok(Node::Start),
            '$' => Ok(Node::End),
            '[' => self.class(),
            '(' => self.group(),
            '\\' => self.escape(),
            '*' | '+' | '?' => Err(format!("`{first}` has nothing to repeat").into()),
            c => Ok(one(c)),
        }
    }

    fn group(&mut self) -> Result<Node, RegexError> {
        if self.0.next_if_eq(&'?').is_some() && self.0.next() != Some(':') {
            return Err(unsupported(
                "flags and named groups `(?...)` are not supported",
            ));
        }
        let inner = self.either()?;
        match self.0.next() {
            Some(')') => Ok(inner),
            _ => Err("a `(` is not closed".into()),
        }
    }

    fn escape(&mut self) -> Result<Node, RegexError> {
        let c = self.0.next().ok_or("it ends in a backslash")?;
        if let Some(ranges) = perl(c) {
            let no = c.is_uppercase();
            return Ok(Node::Class { no, ranges });
        }
        Ok(one(literal(c)?))
    }

    fn class(&mut self) -> Result<Node, RegexError> {
        let no = self.0.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        loop {
            let c = self.0.next().ok_or("a `[` is not closed")?;
            match c {
                ']' if !ranges.is_empty() => return Ok(Node::Class { no, ranges }),
                '[' if self.0.peek() == Some(&':') => {
                    return Err(unsupported("classes such as `[:alpha:]` are not supported"));
                }
                _ => self.member(c, &mut ranges)?,
            }
        }
    }

    fn member(&mut self, c: char, ranges: &mut Vec<(char, char)>) -> Result<(), RegexError> {
        let low = match (c, self.0.peek().copied()) {
            ('\\', Some(next)) => {
                self.0.next();
                if let Some(set) = perl(next).filter(|_| next.is_lowercase()) {
                    ranges.extend(set);
                    return Ok(());
                }
                literal(next)?
            }
            _ => c,
        };
        let mut ahead = self.0.clone();
        let ranged = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
        if !ranged {
            ranges.push((low, low));
            return Ok(());
        }
        self.0.next();
        let high = match self.0.next() {
            Some('\\') => literal(self.0.next().ok_or("it ends in a backslash")?)?,
            Some(c) => c,
            None => return Err("a `[` is not closed".into()),
        };
        if low > high {
            return Err(format!("`{low}-{high}` runs backwards").into());
        }
        ranges.push((low, high));
        Ok(())
    }

    fn repeated(&mut self, node: Node) -> Result<Node, RegexError> {
        let (least, most) = match self.0.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts()? {
                Some(counts) => counts,
                None => return Ok(node),
            },
            _ => return Ok(node),
        };
        self.0.next();
        // A lazy repetition covers the same values.
        self.0.next_if_eq(&'?');
        if self.0.peek().is_some_and(|c| "*+?".contains(*c)) {
            return Err("a repetition is repeated".into());
        }
        Ok(Node::Repeat(Box::new(node), least, most))
    }

    /// Reads `{m}`, `{m,}` or `{m,n}` up to its closing brace; a brace that is none of these is a literal.
    fn counts(&mut self) -> Result<Option<(usize, Option<usize>)>, RegexError> {
        let ahead: String = self.0.clone().skip(1).take_while(|c| *c != '}').collect();
        let (low, high) = ahead.split_once(',').unwrap_or((&ahead, &ahead));
        let Ok(least) = low.parse() else {
            return Ok(None);
        };
        let most = if high.is_empty() {
            None
        } else {
            high.parse().ok()
        };
        if most.is_none() && !high.is_empty() {
            return Ok(None);
        }
        if least > MOST_REPEATS || most.is_some_and(|most| most > MOST_REPEATS || most < least) {
            return Err(format!("`{{{ahead}}}` is not a number of repetitions").into());
        }
        for _ in 0..=ahead.chars().count() {
            self.0.next();
        }
        Ok(Some((least, most)))
    }
}

fn one(c: char) -> Node {
    Node::Class {
        no: false,
        ranges: vec![(c, c)],
    }
}

fn perl(c: char) -> Option<Vec<(char, char)>> {
    match c.to_ascii_lowercase() {
        'd' => Some(vec![('0', '9')]),
        'w' => Some(vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        's' => Some(vec![('\t', '\n'), ('\x0c', '\r'), (' ', ' ')]),
        _ => None,
    }
}

fn literal(c: char) -> Result<char, RegexError> {
    match c {
        'n' => Ok('\n'),
        't' => Ok('\t'),
        'r' => Ok('\r'),
        c if c.is_ascii_punctuation() => Ok(c),
        c => Err(unsupported(format!("`\\{c}` is not supported"))),
    }
}
