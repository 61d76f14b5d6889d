//! Patterns in Go's syntax (RE2), as far as names of metrics and conditions use them: searched, not anchored.

use std::collections::BTreeSet;

/// A pattern. It is found in a text wherever it begins: `errors` is found in `errors-payment`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern(Part);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    One(Class),
    Start,
    End,
    Word(bool),
    All(Vec<Part>),
    Any(Vec<Part>),
    Repeat(Box<Part>, usize, Option<usize>),
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

impl Class {
    fn has(&self, c: char) -> bool {
        self.ranges
            .iter()
            .any(|(low, high)| (*low..=*high).contains(&c))
            != self.negated
    }

    fn single(c: char) -> Self {
        Self {
            negated: false,
            ranges: vec![(c, c)],
        }
    }

    /// `\d`, `\w`, `\s` and their opposites.
    fn named(c: char) -> Option<Self> {
        let ranges = match c.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => vec![('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')],
            _ => return None,
        };
        Some(Self {
            negated: c.is_ascii_uppercase(),
            ranges,
        })
    }
}

/// The largest count in `{n,m}`, as in RE2.
const MAX_REPEAT: usize = 1000;
const MAX_LENGTH: usize = 500;

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is no pattern (`*` alone is none), or uses what is not read here: flags, classes by name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader {
            chars: text.chars().collect(),
            pos: 0,
            depth: 0,
        };
        if reader.chars.len() > MAX_LENGTH {
            return Err("pattern is too long".into());
        }
        let part = reader.alternatives()?;
        match reader.peek() {
            Some(c) => Err(format!("unexpected {c}")),
            None => Ok(Self(part)),
        }
    }

    /// Whether it is found anywhere in `text`.
    pub fn found_in(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let from: BTreeSet<usize> = (0..=chars.len()).collect();
        !ends(&self.0, &chars, from).is_empty()
    }
}

/// Where a part may end that begins at one of `from`.
fn ends(part: &Part, text: &[char], from: BTreeSet<usize>) -> BTreeSet<usize> {
    match part {
        Part::One(class) => from
            .into_iter()
            .filter(|i| text.get(*i).is_some_and(|c| class.has(*c)))
            .map(|i| i + 1)
            .collect(),
        Part::Start => from.into_iter().filter(|i| *i == 0).collect(),
        Part::End => from.into_iter().filter(|i| *i == text.len()).collect(),
        Part::Word(wanted) => from
            .into_iter()
            .filter(|i| boundary(text, *i) == *wanted)
            .collect(),
        Part::All(parts) => parts.iter().fold(from, |at, part| ends(part, text, at)),
        Part::Any(parts) => parts
            .iter()
            .flat_map(|part| ends(part, text, from.clone()))
            .collect(),
        Part::Repeat(part, low, high) => repeated(part, text, from, *low, *high),
    }
}

fn repeated(
    part: &Part,
    text: &[char],
    from: BTreeSet<usize>,
    low: usize,
    high: Option<usize>,
) -> BTreeSet<usize> {
    let mut at = from;
    for _ in 0..low {
        at = ends(part, text, at);
    }
    let mut all = at.clone();
    let mut left = high.map_or(usize::MAX, |h| h.saturating_sub(low));
    while !at.is_empty() && left > 0 {
        at = ends(part, text, at).difference(&all).copied().collect();
        all.extend(&at);
        left -= 1;
    }
    all
}

fn boundary(text: &[char], at: usize) -> bool {
    let word = |i: Option<usize>| {
        i.and_then(|i| text.get(i))
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
    };
    word(at.checked_sub(1)) != word(Some(at))
}

struct Reader {
    chars: Vec<char>,
    pos: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.pos).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.pos += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Result<Part, String> {
        let mut parts = vec![self.sequence()?];
        while self.take('|') {
            parts.push(self.sequence()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Part::Any(parts)
        })
    }

    fn sequence(&mut self) -> Result<Part, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            self.pos += 1;
            let part = self.atom(c)?;
            parts.push(self.repeats(part)?);
        }
        Ok(Part::All(parts))
    }

    fn atom(&mut self, c: char) -> Result<Part, String> {
        Ok(match c {
            '.' => Part::One(Class {
                negated: true,
                ranges: vec![('\n', '\n')],
            }),
            '^' => Part::Start,
            '$' => Part::End,
            '*' | '+' | '?' => {
                return Err(format!("missing argument to repetition operator: `{c}`"));
            }
            '(' => self.group()?,
            '[' => Part::One(self.class()?),
            '\\' => self.escape()?,
            c => Part::One(Class::single(c)),
        })
    }

    fn group(&mut self) -> Result<Part, String> {
        self.depth += 1;
        if self.depth > 50 {
            return Err("pattern is nested too deeply".into());
        }
        if self.take('?') && !self.take(':') {
            return Err("flags and named groups are not read here".into());
        }
        let part = self.alternatives()?;
        self.depth -= 1;
        if self.take(')') {
            Ok(part)
        } else {
            Err("missing closing )".into())
        }
    }

    fn escape(&mut self) -> Result<Part, String> {
        let c = self
            .peek()
            .ok_or("trailing backslash at end of expression")?;
        self.pos += 1;
        Ok(match c {
            'b' => Part::Word(true),
            'B' => Part::Word(false),
            'A' => Part::Start,
            'z' => Part::End,
            c => Part::One(escaped(c)?),
        })
    }

    fn class(&mut self) -> Result<Class, String> {
        let negated = self.take('^');
        let mut class = Class {
            negated,
            ranges: Vec::new(),
        };
        loop {
            let c = self.peek().ok_or("missing closing ]")?;
            self.pos += 1;
            match c {
                ']' if !class.ranges.is_empty() => return Ok(class),
                '[' if self.peek() == Some(':') => {
                    return Err("classes by name are not read here".into());
                }
                c => self.class_item(c, &mut class)?,
            }
        }
    }

    fn class_item(&mut self, c: char, class: &mut Class) -> Result<(), String> {
        let low = if c == '\\' {
            self.class_escape()?
        } else {
            Class::single(c)
        };
        let ranged =
            self.peek() == Some('-') && self.chars.get(self.pos + 1).is_some_and(|c| *c != ']');
        if low.negated {
            return Err("negated classes within brackets are not read here".into());
        }
        if !ranged || low.ranges.len() != 1 {
            class.ranges.extend(low.ranges);
            return Ok(());
        }
        self.pos += 1;
        let c = self.peek().ok_or("missing closing ]")?;
        self.pos += 1;
        let high = if c == '\\' {
            self.class_escape()?
        } else {
            Class::single(c)
        };
        let (low, high) = (low.ranges[0].0, high.ranges[0].1);
        if low > high {
            return Err("invalid character class range".into());
        }
        class.ranges.push((low, high));
        Ok(())
    }

    fn class_escape(&mut self) -> Result<Class, String> {
        let c = self.peek().ok_or("missing closing ]")?;
        self.pos += 1;
        escaped(c)
    }

    fn repeats(&mut self, part: Part) -> Result<Part, String> {
        let Some((low, high)) = self.count()? else {
            return Ok(part);
        };
        self.take('?');
        if self.peek().is_some_and(|c| matches!(c, '*' | '+' | '?')) {
            return Err("invalid nested repetition operator".into());
        }
        Ok(Part::Repeat(Box::new(part), low, high))
    }

    fn count(&mut self) -> Result<Option<(usize, Option<usize>)>, String> {
        for (c, low, high) in [('*', 0, None), ('+', 1, None), ('?', 0, Some(1))] {
            if self.take(c) {
                return Ok(Some((low, high)));
            }
        }
        let Some(close) = self.chars[self.pos..]
            .iter()
            .position(|c| *c == '}')
            .filter(|_| self.peek() == Some('{'))
        else {
            return Ok(None);
        };
        let inside: String = self.chars[self.pos + 1..self.pos + close].iter().collect();
        let (low, high) = inside
            .split_once(',')
            .map_or((inside.as_str(), None), |(a, b)| (a, Some(b)));
        let Ok(low) = low.parse::<usize>() else {
            return Ok(None);
        };
        let high = match high {
            None => Some(low),
            Some("") => None,
            Some(text) => match text.parse::<usize>() {
                Ok(high) => Some(high),
                Err(_) => return Ok(None),
            },
        };
        if low > MAX_REPEAT || high.is_some_and(|h| h > MAX_REPEAT || h < low) {
            return Err("invalid repeat count".into());
        }
        self.pos += close + 1;
        Ok(Some((low, high)))
    }
}

fn escaped(c: char) -> Result<Class, String> {
    if let Some(class) = Class::named(c) {
        return Ok(class);
    }
    Ok(Class::single(match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'a' => '\u{7}',
        c if c.is_ascii_alphanumeric() => return Err(format!("invalid escape sequence: `\\{c}`")),
        c => c,
    }))
}
