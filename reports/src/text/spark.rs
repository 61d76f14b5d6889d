//! A distribution in a handful of characters.

use crate::result::Distribution;

/// From nearly none to the most; none is a blank.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns `width` characters, each as high as the share of values in that part of the range from the smallest
/// value to `most`; values beyond `most` stand in the last part. Empty where there is no range.
pub fn spark(distribution: &Distribution, most: f64, width: usize) -> String {
    let points = &distribution.points;
    let (Some(first), true) = (points.first(), width > 0) else {
        return String::new();
    };
    let range = most - first.value;
    if range.is_nan() || range <= 0.0 {
        return String::new();
    }
    let mut parts = vec![0_u64; width];
    let mut before = 0;
    for point in points {
        let at = (point.value - first.value) / range * width as f64;
        parts[(at as usize).min(width - 1)] += point.count - before;
        before = point.count;
    }
    let highest = parts.iter().copied().max().unwrap_or(0);
    parts.iter().map(|count| level(*count, highest)).collect()
}

/// The character for `count` where `highest` is the most.
fn level(count: u64, highest: u64) -> char {
    match count {
        0 => ' ',
        _ => LEVELS[(count * 8).div_ceil(highest) as usize - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::DistributionPoint;

    fn check(values: &[(f64, u64)], most: f64, expect: &str) {
        let point = |&(value, count)| DistributionPoint { value, count };
        let distribution = Distribution {
            band: 0.1,
            points: values.iter().map(point).collect(),
        };
        assert_eq!(spark(&distribution, most, 4), expect);
    }

    #[test]
    fn each_part_of_the_range_is_as_high_as_its_share() {
        check(&[(0.0, 1), (1.0, 9), (2.0, 13), (4.0, 13)], 4.0, "▁█▄ ");
        check(&[(10.0, 8), (19.9, 9), (400.0, 10)], 20.0, "█  ▂");
        check(&[(5.0, 3)], 5.0, "");
        check(&[], 5.0, "");
        check(&[(5.0, 3)], f64::NAN, "");
    }
}
