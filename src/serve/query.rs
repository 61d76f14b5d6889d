//! The part of an address behind the question mark.

use super::laboratory::Query;

/// The most that an address may ask, in bytes.
const LONGEST: usize = 8 * 1024;
/// The most pairs.
const PAIRS: usize = 128;

/// Reads the pairs of a query (application/x-www-form-urlencoded); none where it is too long or cannot be text.
pub(super) fn read(query: &str) -> Option<Query> {
    if query.len() > LONGEST {
        return None;
    }
    let parts = query.split('&').filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Some((decoded(name)?, decoded(value)?))
    };
    let pairs: Query = parts.map(pair).collect::<Option<_>>()?;
    (pairs.len() <= PAIRS).then_some(pairs)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_and_what_is_no_text_is_refused() {
        let pairs = |query: &str| {
            let pairs = read(query)?;
            Some(
                pairs
                    .into_iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(pairs(""), Some(vec![]));
        assert_eq!(
            pairs("set=a.b%3A3%25&x=1+2&y"),
            Some(vec!["set=a.b:3%".into(), "x=1 2".into(), "y=".into()])
        );
        assert_eq!(pairs("a=%E2%82%AC"), Some(vec!["a=€".into()]));
        for broken in ["a=%", "a=%2", "a=%zz", "a=%ff"] {
            assert_eq!(pairs(broken), None, "{broken}");
        }
        assert_eq!(pairs(&"a&".repeat(129)), None);
        assert_eq!(pairs(&"a".repeat(8193)), None);
    }
}
