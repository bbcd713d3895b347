/// The page of this site to go on to after signing in; whatever could lead elsewhere leads to the start.
pub(super) fn local(text: &str) -> &str {
    if is_local(text) { text } else { "/" }
}

/// A path is spelled with plain characters only, so no browser and no proxy sees a host, a scheme or a header in it:
/// backslashes count as slashes for some, and tabs and line ends are left out by others.
fn is_local(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let plain =
        |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}');
    let hidden = path.to_ascii_lowercase();
    text.starts_with('/')
        && text.len() <= 2000
        && text.bytes().all(plain)
        && !path.contains("//")
        && !path.contains("/.")
        && !["%2f", "%5c", "%25", "%2e", "%0", "%1"].iter().any(|coded| hidden.contains(coded))
}

#[cfg(test)]
mod tests;
