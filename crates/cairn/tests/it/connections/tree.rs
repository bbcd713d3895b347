//! The `tree` of Jenkins: which fields are wanted, what of the things inside, and which range of a list.
use kernel::Json;
use std::{iter::Peekable, str::Chars};

struct Field {
    name: String,
    inside: Option<Tree>,
    range: Option<(usize, usize)>,
}

/// Nothing of it means all.
pub struct Tree(Vec<Field>);

impl Tree {
    pub fn of(query: &str) -> Tree {
        let tree = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "tree");
        Tree::read(&mut tree.map(|(_, tree)| tree.into_owned()).unwrap_or_default().chars().peekable())
    }

    fn read(text: &mut Peekable<Chars<'_>>) -> Tree {
        let mut fields = Vec::new();
        while text.peek().is_some_and(|next| *next != ']') {
            let mut field = Field { name: until(text, ",[]{"), inside: None, range: None };
            if text.next_if_eq(&'[').is_some() {
                field.inside = Some(Tree::read(text));
                assert_eq!(text.next(), Some(']'));
            }
            if text.next_if_eq(&'{').is_some() {
                let range = until(text, "}");
                let (from, to) = range.split_once(',').unwrap();
                field.range = Some((from.parse().unwrap(), to.parse().unwrap()));
                text.next();
            }
            text.next_if_eq(&',');
            fields.push(field);
        }
        Tree(fields)
    }

    /// The class is told without being asked for.
    pub fn pick(&self, body: &Json) -> Json {
        match body {
            Json::Object(_) if self.0.is_empty() => body.clone(),
            Json::Object(object) => {
                let class = object.get_key_value("_class").map(|(name, class)| (name.clone(), class.clone()));
                let wanted = self.0.iter().filter_map(|field| {
                    let value = object.get(&field.name)?;
                    Some((field.name.clone(), field.of(value)))
                });
                Json::Object(wanted.chain(class).collect())
            }
            Json::Array(list) => list.iter().map(|one| self.pick(one)).collect(),
            other => other.clone(),
        }
    }
}

impl Field {
    fn of(&self, value: &Json) -> Json {
        let cut = match (value, self.range) {
            (Json::Array(list), Some((from, to))) => {
                list.iter().skip(from).take(to.saturating_sub(from)).cloned().collect()
            }
            _ => value.clone(),
        };
        self.inside.as_ref().map_or(cut.clone(), |inside| inside.pick(&cut))
    }
}

fn until(text: &mut Peekable<Chars<'_>>, ends: &str) -> String {
    let mut word = String::new();
    while let Some(letter) = text.next_if(|next| !ends.contains(*next)) {
        word.push(letter);
    }
    word
}
