//! Whole numbers on the command line.

use std::ops::RangeInclusive;

/// Returns a reader of whole numbers in `range`, which says what is wanted where it gets something else.
pub const fn whole(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        let read = text.parse().ok().filter(|number| range.contains(number));
        read.ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            format!("write a whole number from {least} to {most}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_number_is_whole_and_within_its_range() {
        let read = whole(1..=100);
        assert_eq!([read("1"), read("100")], [Ok(1), Ok(100)]);
        for text in ["abc", "0", "101", "1.5", "-3", ""] {
            let wanted = "write a whole number from 1 to 100".to_owned();
            assert_eq!(read(text), Err(wanted), "{text}");
        }
    }
}
