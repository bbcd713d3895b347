//! The fields in the forms of issues.
use super::{CustomField, Held, Kind, ListFields, Values, list::FieldView};
use kernel::{Change, Error, Id, Person, Result};
use people::person::{
    Named,
    choices::{Picker, with_ids},
};
use ui::{Form, Markup, Submitted, html};

/// The name of a field in forms, and where what is wrong about it is told.
pub(crate) fn input_name(field: Id<CustomField>) -> String {
    format!("{PREFIX}{field}")
}

pub(crate) fn is_input(name: &str) -> bool {
    name.starts_with(PREFIX)
}

const PREFIX: &str = "fields.";

/// An input for each field; `nothing` is what an empty one means.
pub(crate) fn inputs(form: &Form, fields: &[FieldView], people: &Picker, held: &[Held], nothing: &str) -> Markup {
    html! { @for view in fields { (input(form, view, people, held, nothing)) } }
}

/// The same in a form about many issues, where what is left empty stays as it is.
pub(crate) fn inputs_of_many(form: &Form, fields: &[FieldView], people: &Picker) -> Markup {
    html! { @if !fields.is_empty() {
        p.small.muted { "Write none to empty one of these." }
        @for view in fields { (input_of_many(form, view, people)) }
    } }
}

fn input_of_many(form: &Form, view: &FieldView, people: &Picker) -> Markup {
    let FieldView { field, choices } = view;
    let (name, stays) = (input_name(field.id), "As it is");
    match field.kind {
        Kind::Choice => {
            let open = choices.iter().filter(|one| one.archived_at.is_none());
            let all = open.map(|one| (one.id.to_string(), one.name.clone()));
            let all: Vec<(String, String)> =
                [("none".to_owned(), "Nothing".to_owned())].into_iter().chain(all).collect();
            form.select(&name, &field.name, "", Some(stays), &all)
        }
        Kind::Day => form.optional(&name, &field.name, "A day, such as 2026-04-01."),
        _ => input(form, view, people, &[], stays),
    }
}

fn input(form: &Form, view: &FieldView, people: &Picker, held: &[Held], nothing: &str) -> Markup {
    let FieldView { field, choices } = view;
    let (name, label) = (input_name(field.id), field.name.as_str());
    let now = held.iter().find(|held| held.field_id == field.id);
    match field.kind {
        Kind::Text => form.optional(&name, label, ""),
        Kind::Number => form.optional(&name, label, "A number, such as 1200 or -0.5."),
        Kind::Link => form.optional(&name, label, "An address that begins with https://."),
        Kind::Day => form.input("date", &name, label, "", true),
        Kind::Person => people.field(form, &name, label, "", Some(nothing), now.and_then(person).as_ref()),
        Kind::Choice => {
            let used = |id: &str| now.is_some_and(|held| held.value == id);
            let open = choices.iter().filter(|one| one.archived_at.is_none() || used(one.id.as_str()));
            let all: Vec<(String, String)> = open.map(|one| (one.id.to_string(), one.name.clone())).collect();
            form.select(&name, label, "", Some(nothing), &all)
        }
    }
}

fn person(held: &Held) -> Option<Named<Person>> {
    let id = held.value.parse().ok().filter(|_| held.kind == Kind::Person)?;
    Some(Named { id, name: held.words.clone() })
}

/// The texts of a form as the issue stands.
pub(crate) fn texts(held: &[Held], people: &Picker) -> Vec<(String, String)> {
    let text = |held: &Held| match person(held) {
        Some(person) => people.text(Some(&person)),
        None => held.value.clone(),
    };
    held.iter().map(|held| (input_name(held.field_id), text(held))).collect()
}

/// The values that a form gives to fields. People are named by their ids or in words; an empty text clears.
pub(crate) async fn parted(form: &Submitted) -> Result<Values> {
    if form.texts.iter().all(|(name, _)| !is_input(name)) {
        return Ok(Values::new());
    }
    let fields = form.cx.read(ListFields { team: None, all: true }).await?;
    let people = fields.iter().filter(|view| view.field.kind == Kind::Person);
    let people: Vec<String> = people.map(|view| input_name(view.field.id)).collect();
    let form = with_ids(form, &people.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let mut values = Values::new();
    for (name, text) in &form.texts {
        let Some(field) = name.strip_prefix(PREFIX) else { continue };
        let text = text.trim();
        let change = match text.is_empty() {
            true => Change::Clear,
            false => Change::Set(text.parse().map_err(|sentence: String| Error::invalid(name, sentence))?),
        };
        values.insert(field.parse()?, change);
    }
    Ok(values)
}
