//! From byte offsets to lines and columns.

use std::ops::Range;

/// A place in a text as editors show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

/// Where each line of a text begins. A line ends with `\n`, `\r\n` or a lone `\r`, as in YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds the lines of `source`.
    pub fn new(source: &str) -> Self {
        let bytes = source.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after_breaks = (0..bytes.len())
            .filter(|&at| ends_line(at))
            .map(|at| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// Returns the position of byte `offset` of `source`, the text that the index was made of.
    ///
    /// An offset beyond the end counts as the end, one inside a character as its beginning.
    pub fn position(&self, source: &str, offset: usize) -> Position {
        let offset = floor(source, offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = &source[self.starts[line - 1]..offset];
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// Returns the bytes of `line` (from 1) without its line break.
    ///
    /// # Panics
    ///
    /// If there is no such line.
    pub fn line_range(&self, source: &str, line: usize) -> Range<usize> {
        let start = self.starts[line - 1];
        let next = self.starts.get(line).copied().unwrap_or(source.len());
        let text = source[start..next].trim_end_matches(['\n', '\r']);
        start..start + text.len()
    }
}

/// Returns the nearest character boundary at or before `offset`.
pub(crate) fn floor(source: &str, offset: usize) -> usize {
    let mut at = offset.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_in_three_ways() {
        let source = "ä: 1\r\nb: 2\rc: 3\n";
        let index = LineIndex::new(source);
        let at = |offset| {
            let position = index.position(source, offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(1), (1, 1), "inside a character");
        assert_eq!(at(2), (1, 2));
        assert_eq!(at(7), (2, 1));
        assert_eq!(at(12), (3, 1));
        assert_eq!(at(999), (4, 1));
        assert_eq!(&source[index.line_range(source, 1)], "ä: 1");
        assert_eq!(&source[index.line_range(source, 2)], "b: 2");
        assert_eq!(&source[index.line_range(source, 4)], "");
    }
}
