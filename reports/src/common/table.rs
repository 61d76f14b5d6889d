//! Aligned tables in text.

use super::escape::escape;
use super::style::{Style, Tone};

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Align {
    /// The rule under the head of such a column in Markdown.
    const fn rule(self) -> &'static str {
        match self {
            Self::Left => "---",
            Self::Right => "---:",
        }
    }
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell that says `text`, with hidden characters shown.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self::toned(text, Tone::Plain)
    }

    /// A cell that says `text` in `tone`.
    pub fn toned(text: impl AsRef<str>, tone: Tone) -> Self {
        Self {
            text: escape(text.as_ref()).into_owned(),
            tone,
        }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// A table: a head and rows of as many cells.
#[derive(Clone, Debug)]
pub struct Table {
    head: Vec<(Cell, Align)>,
    rows: Vec<Vec<Cell>>,
}

/// What stands between two columns.
const GAP: usize = 2;

impl Table {
    /// Makes a table without rows.
    pub fn new(head: &[(&str, Align)]) -> Self {
        let head = head
            .iter()
            .map(|&(title, align)| (Cell::toned(title, Tone::Faint), align));
        Self {
            head: head.collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// If the row has not as many cells as the head.
    pub fn row(&mut self, cells: Vec<Cell>) {
        assert_eq!(
            cells.len(),
            self.head.len(),
            "a row has a cell for each column"
        );
        self.rows.push(cells);
    }

    /// Returns the names of the columns and whether they hold numbers.
    pub(crate) fn head(&self) -> impl Iterator<Item = (&str, Align)> {
        self.head
            .iter()
            .map(|(cell, align)| (cell.text.as_str(), *align))
    }

    /// Returns the words and tones of every row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = (&str, Tone)>> {
        self.rows
            .iter()
            .map(|row| row.iter().map(|cell| (cell.text.as_str(), cell.tone)))
    }

    /// Says whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the table as lines. Where it is wider than the page, it is folded into several
    /// tables that all begin with the first column; where even two columns are too wide, each row
    /// becomes a block with one line a column. Nothing is ever cut off.
    pub fn render(&self, style: Style) -> String {
        let widths = self.widths();
        match groups(&widths, style.columns) {
            Some(groups) => {
                let tables = groups
                    .iter()
                    .map(|columns| self.lines(columns, &widths, style));
                tables.collect::<Vec<_>>().join("\n")
            }
            None => self.blocks(style),
        }
    }

    /// Returns the table in Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
        let titles: Vec<_> = self
            .head
            .iter()
            .map(|(title, _)| title.text.as_str())
            .collect();
        let rules: Vec<_> = self.head.iter().map(|(_, align)| align.rule()).collect();
        let mut text = line(&titles) + &line(&rules);
        for row in &self.rows {
            let cells: Vec<_> = row
                .iter()
                .map(|cell| crate::common::markdown::plain(&cell.text))
                .collect();
            text += &line(&cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let column = |at: usize| self.rows.iter().map(move |row| row[at].width());
        let head = self.head.iter().enumerate();
        head.map(|(at, (title, _))| column(at).max().unwrap_or(0).max(title.width()))
            .collect()
    }

    fn lines(&self, columns: &[usize], widths: &[usize], style: Style) -> String {
        let head: Vec<_> = self.head.iter().map(|(title, _)| title.clone()).collect();
        let rows = std::iter::once(&head).chain(&self.rows);
        rows.map(|row| self.line(row, columns, widths, style) + "\n")
            .collect()
    }

    fn line(&self, row: &[Cell], columns: &[usize], widths: &[usize], style: Style) -> String {
        let mut line = String::new();
        let mut owed = 0;
        for &column in columns {
            let (cell, width) = (&row[column], widths[column]);
            let room = width - cell.width();
            let (before, after) = match self.head[column].1 {
                Align::Left => (0, room),
                Align::Right => (room, 0),
            };
            // Spaces are written only once something follows them: no line ends with one.
            if cell.width() > 0 {
                line += &" ".repeat(owed + before);
                line += &style.paint(cell.tone, &cell.text);
                owed = after + GAP;
            } else {
                owed += width + GAP;
            }
        }
        line
    }

    fn blocks(&self, style: Style) -> String {
        let room = self
            .head
            .iter()
            .skip(1)
            .map(|(title, _)| title.width())
            .max()
            .unwrap_or(0);
        let mut text = String::new();
        for row in &self.rows {
            text += &style.paint(row[0].tone, &row[0].text);
            text.push('\n');
            let rest = self.head.iter().zip(row).skip(1);
            for ((title, _), cell) in rest.filter(|(_, cell)| cell.width() > 0) {
                let title = style.paint(Tone::Faint, &format!("{:room$}", title.text));
                text += &format!("  {title}  {}\n", style.paint(cell.tone, &cell.text));
            }
        }
        text
    }
}

/// Shares out the columns among as few tables as fit the page, each with the first column; nothing
/// if two columns are already too wide.
fn groups(widths: &[usize], page: usize) -> Option<Vec<Vec<usize>>> {
    let first = *widths.first()?;
    let mut groups = vec![vec![0]];
    let mut used = first;
    for (column, width) in widths.iter().enumerate().skip(1) {
        if used + GAP + width > page {
            if first + GAP + width > page {
                return None;
            }
            if groups.last().is_some_and(|group| group.len() > 1) {
                groups.push(vec![0]);
                used = first;
            }
        }
        groups
            .last_mut()
            .expect("there is always a group")
            .push(column);
        used += GAP + width;
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let head = [
            ("objective", Align::Left),
            ("value", Align::Right),
            ("", Align::Left),
        ];
        let mut table = Table::new(&head);
        table.row(vec!["false rollback".into(), "3.0 %".into(), "ok".into()]);
        table.row(vec![
            "missed".into(),
            "12.5 %".into(),
            Cell::toned("MISS", Tone::Bad),
        ]);
        table.row(vec!["evil\u{1b}name".into(), "".into(), "".into()]);
        table
    }

    #[test]
    fn columns_are_aligned_and_no_line_ends_with_a_space() {
        let expect = "\
objective        value
false rollback   3.0 %  ok
missed          12.5 %  MISS
evil\\u{1b}name
";
        assert_eq!(table().render(Style::PLAIN), expect);
    }

    #[test]
    fn a_table_that_does_not_fit_is_folded_under_its_first_column() {
        let expect = "\
objective        value
false rollback   3.0 %
missed          12.5 %
evil\\u{1b}name

objective
false rollback  ok
missed          MISS
evil\\u{1b}name
";
        assert_eq!(
            table().render(Style {
                columns: 24,
                ..Style::PLAIN
            }),
            expect
        );
    }

    #[test]
    fn a_table_far_too_wide_becomes_blocks() {
        let expect = "\
false rollback
  value  3.0 %
         ok
missed
  value  12.5 %
         MISS
evil\\u{1b}name
";
        assert_eq!(
            table().render(Style {
                columns: 20,
                ..Style::PLAIN
            }),
            expect
        );
    }
}
