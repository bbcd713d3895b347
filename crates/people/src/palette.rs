//! What the command palette offers, and the page that does the same without a script.
use crate::{
    person::{Brief, FindPeople, Found, folded},
    team::{Branch, ListTeams},
};
use axum::{http::header, response::IntoResponse};
use kernel::{Error, Result};
use serde::Serialize;
use ui::{Answer, Cx, Head, Markup, NavPlace, Pages, avatar, empty, html, icon};

pub fn pages() -> Pages {
    Pages::new().get("/palette.json", palette).get("/search", search)
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
    let shown = cx.site.nav.iter().filter(|item| (item.shown)(cx.actor()));
    let pages = shown.map(|item| Entry {
        title: item.label.to_owned(),
        subtitle: String::new(),
        href: item.href.to_owned(),
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

/// `GET /search`
async fn search(cx: Cx) -> Answer {
    let q = cx.text("q").trim().to_owned();
    let (people, teams) = match q.as_str() {
        "" => (Vec::new(), Vec::new()),
        q => (cx.read(FindPeople { q: q.into() }).await?.people, fitting(teams(&cx).await?, q)),
    };
    let body = html! {
        (Head { title: "Search", ..Head::default() }.show())
        div.stack {
            form.toolbar method="get" action="/search" role="search" {
                label.vh for="q" { "People and teams" }
                div.search { (icon("search")) input #q type="search" name="q" value=(q) placeholder="Part of a name" autofocus; }
                button.button { "Search" }
            }
            @if !q.is_empty() && people.is_empty() && teams.is_empty() {
                (empty(&format!("Nothing fits “{q}”. Look for part of a person's or a team's name."), Some(("/people", "All people"))))
            }
            @if !people.is_empty() { (people_card(&people)) }
            @if !teams.is_empty() { (teams_card(&teams)) }
        }
    };
    Ok(cx.page("Search", body))
}

fn fitting(teams: Vec<Branch>, q: &str) -> Vec<Branch> {
    let q = folded(q);
    teams.into_iter().filter(|team| folded(&team.name).contains(&q)).collect()
}

fn people_card(people: &[Brief]) -> Markup {
    html! {
        section.card { header { h2 { "People" } } ul.list { @for person in people {
            li { (avatar(&person.id, &person.name)) div.what {
                p { a href={ "/people/" (person.id) } { (person.name) } } p.small.muted { (person.title) }
            } }
        } } }
    }
}

fn teams_card(teams: &[Branch]) -> Markup {
    html! {
        section.card { header { h2 { "Teams" } } ul.list { @for team in teams {
            li { (icon("network")) div.what {
                p { a href={ "/teams/" (team.id) } { (team.name) } } p.small.muted { (team.mission) }
            } }
        } } }
    }
}
