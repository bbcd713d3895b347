use super::{FIELDS, Field};

/// What is being typed at a place of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The beginning of a term, with all fields that begin so.
    Field(Vec<Field>),
    /// A value of this field, as far as it is typed.
    Value(Field, String),
    /// An order, as far as it is typed.
    Sort(String),
    /// A state between brackets, as far as it is typed.
    TimeIn(String),
    /// The name of a field that was added to issues, as far as it is typed.
    Custom(String),
    /// A value of the field of this name, as far as it is typed.
    Held(String, String),
    /// The word between alternatives.
    Or,
}

/// What is being typed before this character, and where that begins.
pub fn place(query: &str, at: usize) -> (usize, Place) {
    let typed: Vec<char> = query.chars().take(at).collect();
    let start = typed.iter().rposition(|c| c.is_whitespace()).map_or(0, |before| before + 1);
    let before = start;
    let start = start + typed[start..].iter().take_while(|c| matches!(c, '-' | '(')).count();
    let term: String = typed[start..].iter().collect();
    let value = |from: usize| {
        let signs: &[char] = &[',', '<', '>', '='];
        let value: String = typed[start + from..].iter().collect();
        let last = value.rfind(signs).map_or(0, |before| before + 1);
        (start + from + value[..last].chars().count(), value[last..].to_owned())
    };
    if let Some(rest) = term.strip_prefix("time-in(") {
        let (from, typed) = value(term.chars().count() - rest.chars().count());
        return (from, Place::TimeIn(typed));
    }
    if let Some(rest) = term.strip_prefix("field(") {
        let from = "field(".len();
        return match rest.split_once("):") {
            Some((name, _)) => {
                let (from, typed) = value(from + name.chars().count() + "):".len());
                (from, Place::Held(name.trim_matches('"').to_owned(), typed))
            }
            None => (start + from, Place::Custom(rest.to_owned())),
        };
    }
    match term.split_once(':') {
        Some((name, _)) => {
            let (from, typed) = value(name.chars().count() + 1);
            match (name, Field::named(name)) {
                ("sort", _) => (from, Place::Sort(typed)),
                (_, Some(field)) => (from, Place::Value(field, typed)),
                _ => (from, Place::Field(Vec::new())),
            }
        }
        None if start > 0 && start == before && !term.is_empty() && "or".starts_with(term.as_str()) => {
            (start, Place::Or)
        }
        None => {
            let fitting = FIELDS.iter().filter(|(_, word, ..)| word.starts_with(term.as_str()));
            (start, Place::Field(fitting.map(|(field, ..)| *field).collect()))
        }
    }
}
