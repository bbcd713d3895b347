//! What was chosen on the page of a file. The fields are counted as the proposal lists them.
use super::{
    Looked,
    proposal::{Choices, ProposedPerson, StateChoice, TeamChoice},
};
use kernel::{Error, Id, Person, Result};
use people::person::choices::{Picker, named};
use ui::Submitted;

/// So many people are listed to be chosen; the others stay as they are proposed.
pub const MOST_PEOPLE: usize = 300;

const NEW: &str = "new";

/// # Errors
/// `Invalid` for each person whom nobody here is.
pub async fn choices(form: &Submitted, looked: &Looked, picker: &Picker) -> Result<Choices> {
    let (mut choices, mut flaws) = (Choices::default(), Vec::new());
    let typed = |kind: &str, place: usize| {
        let name = format!("{kind}.{place}");
        form.texts.iter().find(|(key, _)| *key == name).map(|(_, text)| text.trim())
    };
    for (place, (project, _)) in looked.proposal.teams.iter().enumerate() {
        let choice = typed("team", place).and_then(team);
        choices.teams.extend(choice.map(|choice| (project.key.clone(), choice)));
    }
    for (place, state) in looked.proposal.states.iter().enumerate() {
        let choice = typed("state", place).and_then(self::state);
        choices.states.extend(choice.map(|choice| (state.name.clone(), choice)));
    }
    for (place, one) in looked.proposal.people.iter().enumerate().take(MOST_PEOPLE) {
        let Some(text) = typed("person", place) else { continue };
        match person(form, &format!("person.{place}"), text, one, picker).await {
            Ok(person) => drop(choices.people.insert(one.somebody.id.to_string(), person)),
            Err(Error::Invalid(more)) => flaws.extend(more),
            Err(error) => return Err(error),
        }
    }
    if flaws.is_empty() { Ok(choices) } else { Err(Error::Invalid(flaws)) }
}

async fn person(
    form: &Submitted,
    field: &str,
    text: &str,
    one: &ProposedPerson,
    picker: &Picker,
) -> Result<Option<Id<Person>>> {
    match text {
        "" => Ok(None),
        same if same == person_text(one, picker) => Ok(one.chosen),
        other => named(&form.cx, field, other).await.map(Some),
    }
}

/// What the field says of the person who is chosen.
pub fn person_text(one: &ProposedPerson, picker: &Picker) -> String {
    match (one.chosen, &one.name) {
        (Some(person), Some(name)) => picker.says(person, name),
        _ => String::new(),
    }
}

fn team(text: &str) -> Option<TeamChoice> {
    if text == NEW { Some(TeamChoice::New) } else { text.parse().ok().map(TeamChoice::Is) }
}

pub fn team_word(choice: &TeamChoice) -> String {
    match choice {
        TeamChoice::New => NEW.to_owned(),
        TeamChoice::Is(team) => team.to_string(),
    }
}

fn state(text: &str) -> Option<StateChoice> {
    match text.split_once(':')? {
        (NEW, category) => category.parse().ok().map(StateChoice::New),
        ("is", name) => Some(StateChoice::Is(name.to_owned())),
        _ => None,
    }
}

pub fn state_word(choice: &StateChoice) -> String {
    match choice {
        StateChoice::New(category) => format!("{NEW}:{}", category.word()),
        StateChoice::Is(name) => format!("is:{name}"),
    }
}
