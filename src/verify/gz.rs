//! Files of cases that are packed with gzip.

use std::io::{self, Read as _};

use flate2::read::MultiGzDecoder;

/// Unpacks a text of at most `most` bytes: a packed file can unfold into a thousand times its size.
///
/// # Errors
///
/// When it is not packed so, holds more, or is no text in UTF-8.
pub fn text(packed: &[u8], most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed)
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let why = format!(
            "it unpacks to more than {} MiB, surely the wrong file",
            most >> 20
        );
        return Err(io::Error::other(why));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is no text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("there is room");
        encoder.finish().expect("there is room")
    }

    #[test]
    fn parts_behind_one_another_are_one_text_and_a_bound_holds_for_what_is_unpacked() {
        let two = [packed(b"one\n"), packed(b"two\n")].concat();
        assert_eq!(text(&two, 8).expect("it fits"), "one\ntwo\n");
        assert!(text(&two, 7).is_err());
        let bomb = packed(&vec![b' '; 4 << 20]);
        assert!(bomb.len() < 64 << 10);
        let error = text(&bomb, 1 << 20).expect_err("it is too much");
        assert!(error.to_string().contains("more than 1 MiB"), "{error}");
        assert!(text(b"no gzip", 100).is_err());
        assert!(text(&two[..two.len() - 3], 100).is_err(), "cut off");
    }
}
