//! Text from a history may be of any bytes; what leaves this crate can be shown.
use std::fmt::Write;

/// The bytes as text: what is not UTF-8, control characters and characters that turn the direction of writing around
/// become `\xE9` or `\u{202E}`. Two different paths stay different.
pub fn printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push(&mut out, c);
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

fn push(out: &mut String, c: char) {
    let _ = match c {
        c if c.is_control() => write!(out, "\\x{:02X}", u32::from(c)),
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            write!(out, "\\u{{{:X}}}", u32::from(c))
        }
        c => {
            out.push(c);
            Ok(())
        }
    };
}

/// The first `most` characters.
pub fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}
