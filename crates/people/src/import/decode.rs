//! From the bytes of a file to its text.

use std::borrow::Cow;

use super::reader::{Encoding, Unreadable};

/// The largest file that is read, in bytes (20 MiB).
pub const LARGEST_FILE: usize = 20 << 20;

/// Decodes a file by its byte order mark, else as UTF-8, else as Windows-1252, which older spreadsheets write.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Unreadable> {
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::new("The file is larger than 20 MB. Split it into smaller files."));
    }
    if let Some(kind) = other_kind(bytes) {
        return Err(Unreadable::new(format!(
            "This is {kind}, not a CSV file. Open it in a spreadsheet program and save it as CSV."
        )));
    }
    let (text, encoding) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((found, length)) => (found.decode_without_bom_handling(&bytes[length..]).0, named(found)),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
            Err(_) => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, Encoding::Windows1252),
        },
    };
    if text.contains('\0') {
        return Err(Unreadable::new("This is not a text file. Save the list as CSV with the encoding UTF-8."));
    }
    Ok((text, encoding))
}

fn named(encoding: &encoding_rs::Encoding) -> Encoding {
    if encoding == encoding_rs::UTF_16LE {
        Encoding::Utf16LittleEndian
    } else if encoding == encoding_rs::UTF_16BE {
        Encoding::Utf16BigEndian
    } else {
        Encoding::Utf8
    }
}

fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
        (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
        (b"%PDF", "a PDF document"),
        (b"\x1F\x8B", "a compressed file"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}
