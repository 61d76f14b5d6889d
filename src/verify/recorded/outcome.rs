//! What playing a recorded row says, and the parts of a row.

use scenarios::adapter::Json;

/// What playing a row says: nothing if it is reproduced, or the first field that differs.
pub(super) type Outcome = Result<Option<String>, Unusable>;

/// Why a row cannot be played.
pub(super) struct Unusable(pub String);

/// Returns the member `key` of a row.
pub(super) fn part<'r>(row: &'r Json, key: &str) -> Result<&'r Json, Unusable> {
    row.get(key)
        .ok_or_else(|| Unusable(format!("the row has no {key:?}")))
}

/// Returns the member `key` of a row as a number.
pub(super) fn number(row: &Json, key: &str) -> Result<f64, Unusable> {
    let number = part(row, key)?.number();
    number.ok_or_else(|| Unusable(format!("its {key:?} is no number")))
}

/// Returns a number from 0 to `most` as a count.
pub(super) fn count(value: &Json, most: f64) -> Option<u64> {
    let number = value.number()?;
    let whole = number.fract() == 0.0 && (0.0..=most).contains(&number);
    whole.then_some(number as u64)
}
