//! Where links and pictures may lead.

use std::fmt::Write;

const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// A link's destination as an attribute, percent-encoded. None for one with a scheme that a link must not have.
pub fn link(destination: &str) -> Option<String> {
    let destination = destination.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    match scheme(destination) {
        Some(scheme) if !SCHEMES.iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed)) => None,
        None if destination.starts_with("//") => Some(format!("https:{}", encode(destination))),
        _ => Some(encode(destination)),
    }
}

/// The path of an attachment of this site. None for any other picture, which a page must not fetch.
pub fn attachment(destination: &str, site: &str) -> Option<String> {
    let path = own_path(destination, site).unwrap_or(destination);
    let (folder, _) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let stays = folder.strip_prefix("/files/")?.split('/').all(|segment| !is_dots(segment));
    (stays && !path.contains('\\')).then(|| encode(path))
}

/// The part of an address of this site after the site: empty, or with `/`, `?` or `#` first.
pub fn own_path<'a>(address: &'a str, site: &str) -> Option<&'a str> {
    let path = address.strip_prefix(site).filter(|_| !site.is_empty())?;
    (path.is_empty() || path.starts_with(['/', '?', '#'])).then_some(path)
}

/// What stands before the first colon, where that can be a scheme at all (RFC 3986, section 4.2).
fn scheme(destination: &str) -> Option<&str> {
    let end = destination.find([':', '/', '?', '#'])?;
    destination[end..].starts_with(':').then(|| &destination[..end])
}

/// Whether browsers take a segment for `.` or `..` (WHATWG URL, section 4.1).
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// An encoded address with the site before it, unless it has one.
pub fn absolute(address: &str, site: &str) -> String {
    match (scheme(address), address.strip_prefix('/')) {
        (Some(_), _) => address.to_owned(),
        (None, path) => format!("{site}/{}", path.unwrap_or(address)),
    }
}

/// Percent-encodes what cannot stand in an address, and leaves what is already encoded.
pub fn encode(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.+!*'(),%#@?=;:/&$~[]".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a string takes all that is written to it");
        }
    }
    encoded
}
