//! What the forms about people let one choose from.
use super::{Brief, Employment, FindPeople, Found, Named, find::FEW, folded};
use crate::{
    hours::ListHolidayCalendars,
    team::{Branch, ListTeams},
};
use jiff::tz::{self, TimeZone};
use kernel::{Error, Id, Person, Result, Time};
use std::sync::LazyLock;
use ui::{Cx, Form, Markup, Submitted, html};

type Choices = Vec<(String, String)>;

/// A field that names a person: a list where they are few, else a text with proposals.
pub struct Picker(Found);

impl Picker {
    /// What fits a form in which `typed` stands already.
    pub async fn load(cx: &Cx, typed: &str) -> Result<Picker> {
        let found = cx.read(FindPeople::default()).await?;
        match found.count > FEW && !typed.is_empty() {
            true => cx.read(FindPeople { q: typed.into() }).await.map(Picker),
            false => Ok(Picker(found)),
        }
    }

    /// The field's text for a person who is chosen already.
    pub fn text(&self, person: Option<&Named<Person>>) -> String {
        let text = |person: &Named<Person>| if self.lists_all() { person.id.to_string() } else { person.name.clone() };
        person.map(text).unwrap_or_default()
    }

    /// `now` is the person chosen so far, who may have left meanwhile; `nothing` the words for nobody.
    pub fn field(
        &self,
        form: &Form,
        name: &str,
        label: &str,
        hint: &str,
        nothing: Option<&str>,
        now: Option<&Named<Person>>,
    ) -> Markup {
        let people = &self.0.people;
        if !self.lists_all() {
            let choices: Choices = people.iter().map(|person| (unique(person, people), words(person))).collect();
            return form.proposed(name, label, &in_words(hint), nothing.is_some(), &choices);
        }
        let mut choices: Choices = people.iter().map(|person| (person.id.to_string(), words(person))).collect();
        if let Some(now) = now.filter(|now| people.iter().all(|person| person.id != now.id)) {
            choices.insert(0, (now.id.to_string(), now.name.clone()));
        }
        form.combo(name, label, hint, nothing, &choices)
    }

    /// A field for the names of several people, with proposals for the first of them.
    pub fn proposals(&self, form: &Form, name: &str, label: &str, hint: &str) -> Markup {
        let people = &self.0.people;
        let choices: Choices = people.iter().map(|person| (unique(person, people), words(person))).collect();
        form.proposed(name, label, hint, false, &choices)
    }

    /// The proposals that fields of one form share; each names it as its `list`.
    pub fn shared(&self, id: &str) -> Markup {
        let people = &self.0.people;
        html! { datalist id=(id) { @for person in people { option value=(unique(person, people)) { (words(person)) } } } }
    }

    /// What such a field says of somebody.
    pub fn says(&self, person: Id<Person>, name: &str) -> String {
        let people = &self.0.people;
        let found = people.iter().find(|one| one.id == person);
        found.map_or_else(|| name.to_owned(), |one| unique(one, people))
    }

    fn lists_all(&self) -> bool {
        self.0.count <= FEW
    }
}

fn in_words(hint: &str) -> String {
    format!("{hint} Write a name or a mail address.").trim_start().to_owned()
}

fn words(person: &Brief) -> String {
    match person.title.as_str() {
        "" => person.name.clone(),
        title => format!("{}, {title}", person.name),
    }
}

/// A text that names this one among the others.
fn unique(person: &Brief, others: &[Brief]) -> String {
    let same = others.iter().filter(|other| other.name == person.name).count();
    match &person.email {
        _ if same == 1 => person.name.clone(),
        Some(email) => email.clone(),
        None => person.id.to_string(),
    }
}

/// The form with ids where people were named in words.
pub async fn with_ids(form: &Submitted, fields: &[&str]) -> Result<Submitted> {
    let mut texts = form.texts.clone();
    for (name, text) in texts.iter_mut().filter(|(name, _)| fields.contains(&name.as_str())) {
        if !text.is_empty() && text.parse::<Id<Person>>().is_err() {
            *text = named(&form.cx, name, text).await?.to_string();
        }
    }
    Ok(Submitted { cx: form.cx.clone(), texts })
}

/// The one person whom a text names, or what is wrong about it.
pub async fn named(cx: &Cx, field: &str, text: &str) -> Result<Id<Person>> {
    let Found { people, .. } = cx.read(FindPeople { q: text.into() }).await?;
    let wanted = folded(text.trim());
    let is_meant = |person: &&Brief| folded(&person.name) == wanted || person.email.as_ref() == Some(&wanted);
    let exact: Vec<&Brief> = people.iter().filter(is_meant).collect();
    match (exact.as_slice(), people.as_slice()) {
        ([one], _) => Ok(one.id),
        ([], [one]) => Ok(one.id),
        ([], []) => Err(Error::invalid(field, "Nobody here has this name or mail address.")),
        _ => Err(Error::invalid(field, "Several people fit this. Choose one of them, or write their mail address.")),
    }
}

/// Teams by their place in the tree: `Engineering / Payments`.
pub async fn teams(cx: &Cx) -> Result<Choices> {
    let teams = cx.read(ListTeams {}).await?;
    let mut choices: Choices = teams.iter().map(|team| (team.id.to_string(), path(&teams, team))).collect();
    choices.sort_by_cached_key(|(_, path)| path.to_lowercase());
    Ok(choices)
}

fn path(teams: &[Branch], team: &Branch) -> String {
    const DEEPEST: usize = 20;
    let above = |team: &&Branch| teams.iter().find(|other| Some(other.id) == team.parent_id);
    let mut names: Vec<&str> =
        std::iter::successors(Some(team), above).take(DEEPEST).map(|team| team.name.as_str()).collect();
    names.reverse();
    names.join(" / ")
}

/// All zones of the IANA database that are named after a place, and UTC, with their offset at `now`; and `current`,
/// should it be none of them.
pub(crate) fn zones(now: Time, current: &str) -> Choices {
    const OLD: [&str; 9] = ["Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/", "right/"];
    let of_a_place = |name: &String| name.contains('/') && OLD.iter().all(|old| !name.starts_with(old));
    let mut names: Vec<String> = tz::db().available().map(|name| name.to_string()).filter(of_a_place).collect();
    names.push("Etc/UTC".into());
    names.extend((!current.is_empty() && !names.iter().any(|name| name == current)).then(|| current.to_owned()));
    names.sort_unstable();
    names.into_iter().filter_map(|name| Some((name.clone(), zone_words(&name, now)?))).collect()
}

fn zone_words(name: &str, now: Time) -> Option<String> {
    let offset = now.in_zone(&TimeZone::get(name).ok()?).offset();
    let minutes = offset.seconds() / 60;
    let (sign, hours, rest) = (if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60);
    let name = name.replace('_', " ");
    Some(match rest {
        0 => format!("{name} (UTC{sign}{hours})"),
        rest => format!("{name} (UTC{sign}{hours}:{rest:02})"),
    })
}

/// The calendars of this workspace, then the bundled holidays of countries and their regions.
pub(crate) async fn places(cx: &Cx, current: &str) -> Result<Choices> {
    let own = if cx.actor().belongs() { cx.read(ListHolidayCalendars {}).await? } else { Vec::new() };
    let mut choices: Choices = own.into_iter().map(|calendar| (calendar.id.to_string(), calendar.name)).collect();
    choices.extend(PUBLIC.iter().cloned());
    if !current.is_empty() && !choices.iter().any(|(code, _)| code == current) {
        choices.insert(0, (current.to_owned(), "A calendar of this workspace".to_owned()));
    }
    Ok(choices)
}

static PUBLIC: LazyLock<Choices> = LazyLock::new(|| {
    let all = holidays::countries().flat_map(|country| {
        let regions = country.regions.iter().map(Some);
        std::iter::once(None).chain(regions).map(move |region| holidays::Place { country, region })
    });
    let mut all: Choices = all.map(|place| (place.code(), place.to_string())).collect();
    all.sort_by_cached_key(|(_, name)| folded(name));
    all
});

pub(crate) fn employments() -> Choices {
    Employment::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect()
}

/// Several fields side by side, under one heading.
pub(crate) fn group(title: &str, fields: Markup) -> Markup {
    html! { section.card { header { h2 { (title) } } div.body { div.form { (fields) } } } }
}
