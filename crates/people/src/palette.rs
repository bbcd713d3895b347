//! What the command palette offers before anything is typed, and people and teams by name.
use crate::{
    person::{Brief, FindPeople, Found},
    team::{Branch, ListTeams},
};
use axum::{http::header, response::IntoResponse};
use kernel::{Error, Result};
use serde::Serialize;
use ui::{Answer, Cx, NavPlace, Pages};

pub fn pages() -> Pages {
    Pages::new().get("/palette.json", palette)
}

#[derive(Serialize)]
struct Palette {
    entries: Vec<Entry>,
    /// How many people there are. Where they are too many to be listed, the palette asks again while one types.
    people: i64,
}

#[derive(Serialize)]
struct Entry {
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    subtitle: String,
    href: String,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<&'static str>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Page,
    Action,
    Team,
    Person,
}

/// `GET /palette.json`: everything that the reader can go to and begin; with `q` only the people who fit it.
async fn palette(cx: Cx) -> Answer {
    let q = cx.text("q").trim();
    let Found { people, count } = cx.read(FindPeople { q: q.into() }).await?;
    let mut entries = if q.is_empty() { everything_but_people(&cx).await? } else { Vec::new() };
    entries.extend(people.into_iter().map(of_person));
    let text = serde_json::to_string(&Palette { entries, people: count }).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

async fn everything_but_people(cx: &Cx) -> Result<Vec<Entry>> {
    let own = cx.viewer.team.as_ref();
    let shown = cx.site.nav.iter().filter(|item| (item.shown)(cx.actor()));
    let pages = shown.filter_map(|item| Some((item, item.address(own.map(|(id, _)| id))?))).map(|(item, href)| Entry {
        title: item.label.to_owned(),
        subtitle: own.filter(|_| item.place == NavPlace::Team).map(|(_, name)| name.clone()).unwrap_or_default(),
        href,
        kind: if item.place == NavPlace::Palette { Kind::Action } else { Kind::Page },
        keys: Some(item.key).filter(|key| !key.is_empty()),
    });
    Ok(pages.chain(teams(cx).await?.into_iter().map(of_team)).collect())
}

async fn teams(cx: &Cx) -> Result<Vec<Branch>> {
    cx.read(ListTeams {}).await
}

fn of_team(team: Branch) -> Entry {
    Entry {
        href: format!("/teams/{}", team.id),
        title: team.name,
        subtitle: team.mission,
        kind: Kind::Team,
        keys: None,
    }
}

fn of_person(person: Brief) -> Entry {
    Entry {
        href: format!("/people/{}", person.id),
        title: person.name,
        subtitle: person.title,
        kind: Kind::Person,
        keys: None,
    }
}
