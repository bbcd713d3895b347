//! Migrations are written once, in PostgreSQL's words; SQLite has fewer types and is told to be strict about them.

const WORDS: &[(&str, &str)] = &[
    ("text collate \"C\"", "text"),
    ("bigint generated always as identity primary key", "integer primary key"),
    ("double precision", "real"),
    ("bigint", "integer"),
    ("boolean", "integer"),
    ("bytea", "blob"),
];

pub fn for_sqlite(text: &str) -> String {
    statements(text).iter().map(|statement| one(statement) + ";\n").collect()
}

fn one(statement: &str) -> String {
    let mut out = String::new();
    let mut rest = statement;
    while let Some(c) = rest.chars().next() {
        let inside_word = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let word = WORDS.iter().find(|(from, _)| !inside_word && starts_with_word(rest, from));
        let (text, len) = match (word, quoted(rest)) {
            (Some((from, to)), _) => (*to, from.len()),
            (None, 0) => (&rest[..c.len_utf8()], c.len_utf8()),
            (None, len) => (&rest[..len], len),
        };
        out.push_str(text);
        rest = &rest[len..];
    }
    if starts_with_word(statement, "create table") {
        out.push_str(" strict");
    }
    out
}

/// Splits at semicolons and drops comments, leaving quoted text alone.
fn statements(text: &str) -> Vec<String> {
    let (mut all, mut current, mut rest) = (Vec::new(), String::new(), text);
    while let Some(c) = rest.chars().next() {
        let len = quoted(rest).max(c.len_utf8());
        if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
            continue;
        } else if c == ';' {
            all.push(std::mem::take(&mut current).trim().to_owned());
        } else {
            current.push_str(&rest[..len]);
        }
        rest = &rest[len..];
    }
    all.push(current.trim().to_owned());
    all.retain(|statement| !statement.is_empty());
    all
}

/// The length of the quoted text that starts here, or 0.
fn quoted(text: &str) -> usize {
    match text.chars().next() {
        Some(quote @ ('\'' | '"')) => text[1..].find(quote).map_or(text.len(), |end| end + 2),
        _ => 0,
    }
}

fn starts_with_word(text: &str, word: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) && ends(&text[word.len()..])
}

#[cfg(test)]
mod tests;
