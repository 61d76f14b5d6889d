//! Recordings as CSV, read line by line so that each problem has its line.

use std::ops::Range;

use super::defects::Defects;
use super::header::{Header, header};
use super::number::value;
use super::reading::Columns;
use super::rows::{Row, Rows};
use super::timestamp::{Clock, Timestamp};
use crate::Diagnostic;
use crate::diagnostic::quote::quote;

/// The longest line that is read, in bytes.
const LINE_MAX: usize = 4096;
/// The most rows that are read: ten years of minutes.
const ROWS_MAX: usize = 5_300_000;
/// The most hosts or versions that a recording may name.
const NAMES_MAX: usize = 20_000;

/// What the rows have shown so far.
struct RowReader<'t> {
    text: &'t str,
    header: Header,
    rows: Rows,
    found: Defects,
    clock: Option<Clock>,
    unit: Option<String>,
    separator: char,
}

/// Reads the header, and says what is wrong with it.
fn checked_header(
    cells: &[String],
    line: Range<usize>,
    columns: &Columns,
    found: &mut Defects,
) -> Option<Header> {
    let header = header(cells, line, columns);
    let header = header.map_err(|problem| found.whole(*problem)).ok()?;
    if !header.unused.is_empty() {
        found.whole(unread(&header.unused));
    }
    Some(header)
}

/// Reads all rows of `text`.
pub(super) fn rows(text: &str, columns: &Columns, found: &mut Defects) -> Rows {
    let mut lines = lines(text).peekable();
    // Spreadsheets say the separator in a line of its own; else it is what the header has.
    let is_said = |line: &Range<usize>| text[line.clone()].trim_start().starts_with("sep=");
    let said = lines.next_if(is_said);
    let said = said.and_then(|line| text[line].trim()["sep=".len()..].chars().next());
    let Some(first) = lines.next() else {
        return Rows::default();
    };
    let separator = said.unwrap_or_else(|| separator(&text[first.clone()]));
    let cells = cells(&text[first.clone()], separator);
    let Some(header) = checked_header(&cells, first, columns, found) else {
        return Rows::default();
    };
    let mut reader = RowReader {
        text,
        header,
        rows: Rows::default(),
        found: std::mem::take(found),
        clock: None,
        unit: None,
        separator,
    };
    for line in lines {
        reader.line(line);
        if reader.rows.list.len() > ROWS_MAX || reader.names() > NAMES_MAX {
            reader.found.whole(too_much());
            break;
        }
    }
    *found = std::mem::take(&mut reader.found);
    reader.told()
}

/// Returns the bytes of each line that is not empty, without its end.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let pieces = text.split(['\n', '\r']).map(move |line| {
        let at = start;
        start += line.len() + 1;
        at..at + line.len()
    });
    pieces.filter(move |line| !text[line.clone()].trim().is_empty())
}

/// What separates the cells of a header: a semicolon or a tab only where it has no comma outside of quotes.
fn separator(header: &str) -> char {
    let has = |letter: &char| cells(header, *letter).len() > 1;
    let mut known = [',', ';', '\t'].into_iter();
    known.find(has).unwrap_or(',')
}

/// Takes a line apart; a cell in quotes may hold separators and doubled quotes.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("there is always one cell");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            letter if letter == separator && !quoted => cells.push(String::new()),
            _ => cell.push(letter),
        }
    }
    cells
}

impl RowReader<'_> {
    /// The rows, with what the header says of all of them.
    fn told(self) -> Rows {
        Rows {
            unit: self.unit.filter(|unit| !unit.is_empty()),
            are_errors: self.header.are_errors,
            says_percent: self.header.says_percent,
            ..self.rows
        }
    }
    fn names(&self) -> usize {
        self.rows
            .hosts
            .list
            .len()
            .max(self.rows.versions.list.len())
    }

    fn line(&mut self, span: Range<usize>) {
        let line = &self.text[span.clone()];
        if line.len() > LINE_MAX {
            let what = format!("the line has {} bytes", line.len());
            let help = "a row of a recording is short; this is another kind of file";
            let longest = |it: Diagnostic| say(it, what, help);
            return self.found.row("CM303", &span, longest);
        }
        let cells = self.cells(line);
        if cells.len() != self.header.width {
            let message = format!(
                "the row has {} cells, the header {}",
                cells.len(),
                self.header.width
            );
            let help = "write each row with all columns; decimals need a point, not a comma";
            return self.found.row("CM303", &span, |it| say(it, message, help));
        }
        let cells: Vec<String> = cells.iter().map(|cell| self.plain(cell)).collect();
        if let Some(row) = self.row(&cells, &span) {
            self.rows.list.push(row);
        }
    }

    fn cells(&self, line: &str) -> Vec<String> {
        if line.contains('"') {
            cells(line, self.separator)
        } else {
            line.split(self.separator).map(str::to_owned).collect()
        }
    }

    /// A cell with a decimal point, where cells are not separated by commas and this one has a decimal comma.
    fn plain(&self, cell: &str) -> String {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        let is_local = |(before, after): &(&str, &str)| {
            let end = after
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(after.len());
            digits(before.trim_start().trim_start_matches('-')) && digits(&after[..end])
        };
        let halves = cell.split_once(',').filter(is_local);
        match halves.filter(|_| self.separator != ',' && !cell.contains('.')) {
            Some((before, after)) => format!("{before}.{after}"),
            None => cell.to_owned(),
        }
    }

    fn row(&mut self, cells: &[String], span: &Range<usize>) -> Option<Row> {
        let time = self.time(&cells[self.header.timestamp], span);
        let value = self.value(&cells[self.header.value], span);
        let n = match self.header.n {
            Some(at) => self.denominator(&cells[at], span).map(Some),
            None => Some(None),
        };
        let name = |at: Option<usize>| at.map_or("", |at| cells[at].trim());
        let (host, version) = (name(self.header.host), name(self.header.version));
        Some(Row {
            span: span.clone(),
            time: time?,
            value: value?,
            n: n?,
            host: self.rows.hosts.number(host),
            version: self.rows.versions.number(version),
        })
    }

    fn time(&mut self, cell: &str, span: &Range<usize>) -> Option<Timestamp> {
        let Some((time, clock)) = Timestamp::read(cell) else {
            let message = format!("{} is no time", quote(cell.trim()));
            let help = "write 2026-02-03T04:05:06Z or a unix time in seconds";
            self.found.row("CM304", span, |it| say(it, message, help));
            return None;
        };
        let first = *self.clock.get_or_insert(clock);
        if first != clock {
            let message = format!(
                "the time is in {}, the first row's in {}",
                clock.words(),
                first.words()
            );
            let help = "export all rows from one source, with one form of time";
            self.found.row("CM305", span, |it| say(it, message, help));
        }
        Some(time)
    }

    /// Reads a cell: none where it is no number, and none inside where there is no value.
    #[expect(clippy::option_option, reason = "a wrong cell and an empty one differ")]
    fn value(&mut self, cell: &str, span: &Range<usize>) -> Option<Option<f64>> {
        let Some(read) = value(cell) else {
            let message = format!("{} is no number", quote(cell.trim()));
            let help =
                "write a number with a decimal point; an empty cell means that there is none";
            self.found.row("CM306", span, |it| say(it, message, help));
            return None;
        };
        if read.number.is_finite() {
            self.unit(read.unit, span);
        }
        Some((!read.is_absent).then_some(read.number))
    }

    fn unit(&mut self, unit: &str, span: &Range<usize>) {
        let first = self.unit.get_or_insert_with(|| unit.to_owned()).as_str();
        if first != unit {
            let shown = |unit: &str| match unit {
                "" => "no unit".to_owned(),
                unit => quote(unit),
            };
            let message = format!(
                "mixed units: {} here, {} in the first row",
                shown(unit),
                shown(first)
            );
            let help = "export one unit, and write plain numbers";
            self.found.row("CM307", span, |it| say(it, message, help));
        }
    }

    fn denominator(&mut self, cell: &str, span: &Range<usize>) -> Option<f64> {
        let read = value(cell).map(|read| read.number);
        let sound = read.filter(|n| n.is_finite() && *n >= 0.0);
        if sound.is_none() {
            let message = format!("{} is no number of requests", quote(cell.trim()));
            let help = "write how many requests (or runs) the value stands for, 0 or more";
            self.found.row("CM308", span, |it| say(it, message, help));
        }
        sound
    }
}

fn say(mut found: Diagnostic, message: String, help: &str) -> Diagnostic {
    found.message = message;
    found.help(help)
}

fn unread(columns: &[String]) -> Diagnostic {
    let names: Vec<_> = columns.iter().take(8).map(|name| quote(name)).collect();
    let message = format!("nobody reads the columns {}", names.join(", "));
    Diagnostic::warning("CM309", 0..0, message)
        .whole_file()
        .help("say what they are, if they are: --column n=NAME, host=NAME or version=NAME")
}

fn too_much() -> Diagnostic {
    let message = format!("there are more than {ROWS_MAX} rows, or more than {NAMES_MAX} hosts");
    Diagnostic::error("CM301", 0..0, message)
        .whole_file()
        .reason("a calibration needs weeks at the step at which the policy looks, and no more")
        .help("export a shorter stretch or a longer step")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_protect_commas_and_other_quotes() {
        assert_eq!(cells(r#"a,"b,""c""",d"#, ','), ["a", "b,\"c\"", "d"]);
        assert_eq!(cells("", ','), [""]);
        assert_eq!(cells(",\"x", ','), ["", "x"]);
        assert_eq!(cells("a;b,c", ';'), ["a", "b,c"]);
    }

    #[test]
    fn lines_end_in_three_ways_and_know_their_places() {
        let text = "a\r\n\r\nb\rc\n";
        let found: Vec<_> = lines(text).map(|line| &text[line]).collect();
        assert_eq!(found, ["a", "b", "c"]);
    }
}
