//! From bytes to text.

use crate::diagnostic::Diagnostic;

/// The most bytes that a document may have: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// How much of a refused file is kept for the report, enough to show its first line.
const KEPT_BYTES: usize = 4096;

/// Returns the text of a file without its byte-order mark, and why it is refused if it is; then
/// the text is what can be shown of it.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Diagnostic>) {
    if bytes.len() > MAX_BYTES {
        let kept = String::from_utf8_lossy(&bytes[..KEPT_BYTES]).into_owned();
        return (kept, Some(too_large(bytes.len())));
    }
    let is_utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let body = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    match str::from_utf8(body) {
        Ok(text) => match text.find('\0') {
            None => (text.to_owned(), None),
            Some(at) => (text.to_owned(), Some(not_text(at, 1, "a NUL byte", false))),
        },
        Err(error) => {
            let at = error.valid_up_to();
            let what = format!("the byte 0x{:02X}", body[at]);
            let lossy = String::from_utf8_lossy(body).into_owned();
            // The replacement character stands for the bad bytes and is three bytes long.
            (lossy, Some(not_text(at, 3, &what, is_utf16)))
        }
    }
}

fn too_large(size: usize) -> Diagnostic {
    Diagnostic::error(
        "CM001",
        0..0,
        format!("the file has {size} bytes, at most {MAX_BYTES} are read"),
    )
    .reason("documents are written by people; a file of this size is usually the wrong one")
    .help("check the path, or split the document")
}

fn not_text(at: usize, length: usize, what: &str, is_utf16: bool) -> Diagnostic {
    let help = if is_utf16 {
        "the file looks like UTF-16: save it as UTF-8"
    } else {
        "check the path, or save the file as UTF-8"
    };
    Diagnostic::error("CM002", at..at + length, "the file is not UTF-8 text")
        .label(format!("{what} at offset {at}"))
        .help(help)
}
