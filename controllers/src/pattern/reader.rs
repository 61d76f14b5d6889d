//! The syntax of patterns.

use super::part::{Class, MAX_DEPTH, Part, PatternError, unsupported};

/// The largest count in `{n,m}`, as in RE2.
const MAX_REPEAT: usize = 1000;

/// What is still to be read.
pub(super) struct Reader {
    chars: Vec<char>,
    pos: usize,
    depth: usize,
    /// A whole value is read for: `.` takes line breaks, and word boundaries are not read.
    anchored: bool,
}

impl Reader {
    pub(super) fn new(text: &str, anchored: bool) -> Self {
        Self {
            chars: text.chars().collect(),
            pos: 0,
            depth: 0,
            anchored,
        }
    }

    pub(super) fn whole(&mut self) -> Result<Part, PatternError> {
        let part = self.alternatives()?;
        match self.peek() {
            Some(c) => Err(format!("unexpected {c}").into()),
            None => Ok(part),
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.pos).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.pos += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Result<Part, PatternError> {
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

    fn sequence(&mut self) -> Result<Part, PatternError> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            self.pos += 1;
            let part = self.atom(c)?;
            parts.push(self.repeats(part)?);
        }
        Ok(Part::All(parts))
    }

    fn atom(&mut self, c: char) -> Result<Part, PatternError> {
        Ok(match c {
            '.' => Part::One(Class {
                negated: true,
                ranges: if self.anchored {
                    Vec::new()
                } else {
                    vec![('\n', '\n')]
                },
            }),
            '^' => Part::Start,
            '$' => Part::End,
            '*' | '+' | '?' => {
                return Err(format!("missing argument to repetition operator: `{c}`").into());
            }
            '(' => self.group()?,
            '[' => Part::One(self.class()?),
            '\\' => self.escape()?,
            c => Part::One(Class::single(c)),
        })
    }

    fn group(&mut self) -> Result<Part, PatternError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(unsupported("pattern is nested too deeply"));
        }
        if self.take('?') && !self.take(':') {
            return Err(unsupported("flags and named groups are not read here"));
        }
        let part = self.alternatives()?;
        self.depth -= 1;
        if self.take(')') {
            Ok(part)
        } else {
            Err("missing closing )".into())
        }
    }

    fn escape(&mut self) -> Result<Part, PatternError> {
        let c = self
            .peek()
            .ok_or("trailing backslash at end of expression")?;
        self.pos += 1;
        Ok(match c {
            'b' | 'B' | 'A' | 'z' if self.anchored => {
                return Err(unsupported(format!("`\\{c}` is not read here")));
            }
            'b' => Part::Word(true),
            'B' => Part::Word(false),
            'A' => Part::Start,
            'z' => Part::End,
            c => Part::One(escaped(c)?),
        })
    }

    fn class(&mut self) -> Result<Class, PatternError> {
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
                    return Err(unsupported("classes by name are not read here"));
                }
                c => self.class_item(c, &mut class)?,
            }
        }
    }

    fn class_item(&mut self, c: char, class: &mut Class) -> Result<(), PatternError> {
        let low = self.class_part(c)?;
        let ranged =
            self.peek() == Some('-') && self.chars.get(self.pos + 1).is_some_and(|c| *c != ']');
        if low.negated {
            let words = "negated classes within brackets are not read here";
            return Err(unsupported(words));
        }
        if !ranged || low.ranges.len() != 1 {
            class.ranges.extend(low.ranges);
            return Ok(());
        }
        self.pos += 1;
        let c = self.peek().ok_or("missing closing ]")?;
        self.pos += 1;
        let high = self.class_part(c)?;
        let (low, high) = (low.ranges[0].0, high.ranges[0].1);
        if low > high {
            return Err("invalid character class range".into());
        }
        class.ranges.push((low, high));
        Ok(())
    }

    fn class_part(&mut self, c: char) -> Result<Class, PatternError> {
        if c == '\\' {
            self.class_escape()
        } else {
            Ok(Class::single(c))
        }
    }

    fn class_escape(&mut self) -> Result<Class, PatternError> {
        let c = self.peek().ok_or("missing closing ]")?;
        self.pos += 1;
        escaped(c)
    }

    fn repeats(&mut self, part: Part) -> Result<Part, PatternError> {
        let Some((low, high)) = self.count()? else {
            return Ok(part);
        };
        self.take('?');
        if self.peek().is_some_and(|c| matches!(c, '*' | '+' | '?')) {
            return Err("invalid nested repetition operator".into());
        }
        Ok(Part::Repeat(Box::new(part), low, high))
    }

    /// What stands between the brace that is next and the one that closes it.
    fn in_braces(&self) -> Option<String> {
        let mut rest = self.chars[self.pos..].iter();
        let open = rest.next() == Some(&'{');
        let close = rest.clone().position(|c| *c == '}').filter(|_| open)?;
        Some(rest.take(close).collect())
    }

    fn count(&mut self) -> Result<Option<(usize, Option<usize>)>, PatternError> {
        for (c, low, high) in [('*', 0, None), ('+', 1, None), ('?', 0, Some(1))] {
            if self.take(c) {
                return Ok(Some((low, high)));
            }
        }
        let Some(inside) = self.in_braces() else {
            return Ok(None);
        };
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
        self.pos += inside.chars().count() + 2;
        Ok(Some((low, high)))
    }
}

fn escaped(c: char) -> Result<Class, PatternError> {
    if let Some(class) = named(c) {
        return Ok(class);
    }
    Ok(Class::single(match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'a' => '\u{7}',
        c if c.is_ascii_alphanumeric() => {
            return Err(unsupported(format!("invalid escape sequence: `\\{c}`")));
        }
        c => c,
    }))
}

/// `\d`, `\w`, `\s` and their opposites: those of ASCII alone, as in RE2.
fn named(c: char) -> Option<Class> {
    let ranges = match c.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        's' => vec![('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')],
        _ => return None,
    };
    Some(Class {
        negated: c.is_ascii_uppercase(),
        ranges,
    })
}
