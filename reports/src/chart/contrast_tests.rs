//! Every text can be read and every line be seen, in every palette (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const SHEETS: [&str; 2] = [super::STYLE, include_str!("../page/page.css")];

/// Returns every block of a style sheet that sets colours.
fn palettes() -> Vec<BTreeMap<String, [f64; 3]>> {
    let blocks = SHEETS.iter().flat_map(|sheet| sheet.split(['{', '}']));
    let colours = blocks.filter(|block| block.contains("--bg:"));
    colours.map(palette).collect()
}

fn palette(block: &str) -> BTreeMap<String, [f64; 3]> {
    let pairs = block.split(';').filter_map(|pair| pair.split_once(':'));
    let variables = pairs.filter(|(name, _)| name.starts_with("--"));
    variables
        .map(|(name, hex)| (name[2..].to_owned(), rgb(hex)))
        .collect()
}

fn rgb(hex: &str) -> [f64; 3] {
    let part =
        |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("six hexadecimal digits");
    [part(1), part(3), part(5)].map(|part| f64::from(part) / 255.0)
}

/// Relative luminance as WCAG 2.2 defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |c: f64| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    let [r, g, b] = colour.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn ratio(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn black_on_white_is_21_to_1_and_grey_is_as_the_standard_says() {
    assert!((ratio(rgb("#000000"), rgb("#ffffff")) - 21.0).abs() < 1e-9);
    // The example of WebAIM's contrast checker: #767676 is the lightest grey that passes on white.
    assert!((ratio(rgb("#767676"), rgb("#ffffff")) - 4.54).abs() < 0.01);
}

#[test]
fn every_palette_can_be_read() {
    const TEXT: [(&str, &[&str]); 12] = [
        (
            "ink",
            &["bg", "card", "stage", "good-bg", "bad-bg", "doubt-bg"],
        ),
        (
            "muted",
            &["bg", "card", "stage", "good-bg", "bad-bg", "doubt-bg"],
        ),
        ("bad", &["card", "stage", "bad-bg"]),
        ("good", &["card"]),
        ("doubt", &["card", "doubt-bg"]),
        ("q-ink", &["q1", "q2", "q3"]),
        ("q-inv", &["q4", "q5"]),
        ("ink", &["q1", "q2", "q3"]),
        ("c1", &["card"]),
        ("c2", &["card"]),
        ("c3", &["card"]),
        ("c4", &["card"]),
    ];
    let palettes = palettes();
    assert_eq!(
        palettes.len(),
        5,
        "light, dark, both again by choice, and paper"
    );
    for palette in palettes {
        for (text, grounds) in TEXT {
            let least = if text.starts_with('c') { 3.0 } else { 4.5 };
            for ground in grounds {
                let found = ratio(palette[text], palette[*ground]);
                assert!(
                    found >= least,
                    "{text} on {ground}: {found:.2} in {palette:?}"
                );
            }
        }
    }
}
