use super::{Activity, Employment, Record, activity};
use crate::{
    access::{Nearness, cares_for_people, today},
    account,
    hours::{Now, calendars, status_chip},
    leave, onboarding,
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use ui::{Answer, Cx, Head, Markup, ago, avatar, avatar_small, date_long, face, facts, html, icon, minutes, prose};

/// One person.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowPerson {
    pub person: Id<Person>,
}

/// A person as the reader may see them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Profile {
    pub id: Id<Person>,
    pub name: String,
    pub pronouns: String,
    pub email: Option<String>,
    pub title: String,
    pub level: String,
    pub location: String,
    pub holidays: String,
    pub zone: String,
    pub hours: String,
    pub about: String,
    pub photo: Option<String>,
    pub starts_on: Option<Date>,
    pub deactivated_at: Option<Time>,
    pub manager: Option<Named<Person>>,
    pub reports: Vec<Named<Person>>,
    pub teams: Vec<OnTeam>,
    /// Only for the person, those above them in the reporting line, and those who keep the records of people.
    pub employment: Option<Details>,
    /// How the reader stands to the person.
    pub own: bool,
}

/// What is between a person, their line and the people partners.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Details {
    pub employee_id: Option<String>,
    pub employment: Employment,
    pub ends_on: Option<Date>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Named{T}")]
pub struct Named<T> {
    pub id: Id<T>,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OnTeam {
    pub id: Id<Team>,
    pub name: String,
    pub position: String,
    pub from_on: Date,
}
columns!(OnTeam { id, name, position, from_on });

impl Operation for ShowPerson {
    const NAME: &str = "person.show";
    const ROUTE: Route = Route(Get, "/people/{person}");
    const READS: bool = true;
    type Target = (Record, Nearness);
    type Output = Profile;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, Nearness::of(tx, self.person).await?))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, near): Self::Target) -> Result<Profile> {
        let employment = near.is_close(tx.actor()).then(|| Details {
            employee_id: person.employee_id.clone(),
            employment: person.employment,
            ends_on: person.ends_on,
        });
        let colleague = tx.actor().belongs();
        Ok(Profile {
            manager: if colleague { manager(tx, person.id).await? } else { None },
            reports: if colleague { reports(tx, person.id).await? } else { Vec::new() },
            teams: if colleague { teams(tx, person.id).await? } else { Vec::new() },
            id: person.id,
            name: person.name,
            pronouns: person.pronouns,
            email: person.email,
            title: person.title,
            level: person.level,
            location: person.location,
            holidays: person.holidays,
            zone: person.zone,
            hours: person.hours,
            about: person.about,
            photo: person.photo,
            starts_on: person.starts_on,
            deactivated_at: person.deactivated_at,
            employment,
            own: near.own,
        })
    }
}

async fn manager(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Option<Named<Person>>> {
    let select = sql!(
        "select m.id, m.name from manager_lines l
           join people m on m.workspace_id = l.workspace_id and m.id = l.manager_id
          where l.workspace_id = $1 and l.person_id = $2 and",
        holds!("l", "$3")
    );
    let found: Option<(Id<Person>, String)> = tx.find(select, args![tx.workspace(), person, today(tx)]).await?;
    Ok(found.map(|(id, name)| Named { id, name }))
}

async fn reports(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Named<Person>>> {
    let select = sql!(
        "select p.id, p.name from manager_lines l
           cross join people p
          where l.workspace_id = $1 and l.manager_id = $2 and p.workspace_id = $1 and p.id = l.person_id
            and p.deactivated_at is null and",
        holds!("l", "$3"),
        "order by p.sort_name, p.id limit 200"
    );
    let found: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), person, today(tx)]).await?;
    Ok(found.into_iter().map(|(id, name)| Named { id, name }).collect())
}

async fn teams(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<OnTeam>> {
    let select = sql!(
        "select t.id, t.name, m.position, m.from_on from memberships m
           join teams t on t.workspace_id = m.workspace_id and t.id = m.team_id
          where m.workspace_id = $1 and m.person_id = $2 and t.archived_at is null and",
        holds!("m", "$3"),
        "order by m.from_on, t.name"
    );
    tx.all(select, args![tx.workspace(), person, today(tx)]).await
}

/// What the page of a person says of them, in one reading.
#[derive(Deserialize, JsonSchema)]
struct ReadPage {
    person: Id<Person>,
}

#[derive(Serialize, JsonSchema)]
struct Page {
    profile: Profile,
    now: Option<Now>,
    activity: Vec<Activity>,
}

impl Operation for ReadPage {
    const NAME: &str = "person.page";
    const ROUTE: Route = Route(Get, "/people/{person}/page");
    const READS: bool = true;
    type Target = (Record, Nearness);
    type Output = Page;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        ShowPerson { person: self.person }.target(tx).await
    }

    fn allows(actor: &Actor, target: &Self::Target) -> bool {
        ShowPerson::allows(actor, target)
    }

    async fn run(&self, tx: &mut Tx<'_>, target: Self::Target) -> Result<Page> {
        let now = tx.now();
        let clocks = calendars(tx, &[self.person], now, now + NEAR).await?;
        Ok(Page {
            now: clocks.first().map(|clock| Now::of(clock, now)),
            activity: if tx.actor().belongs() { activity::latest(tx, self.person).await? } else { Vec::new() },
            profile: ShowPerson { person: self.person }.run(tx, target).await?,
        })
    }
}

const NEAR: Duration = Duration::from_secs(400 * 24 * 3600);

/// `GET /people/{person}`
pub async fn show(cx: Cx) -> Answer {
    let Page { profile: person, now, activity } = cx.read_here::<ReadPage>().await?;
    let onboarding = onboarding::card(&cx, &person).await?;
    let away = leave::card(&cx, person.id).await?;
    let account = account::card(&cx, person.id).await?;
    let edits = person.own || cares_for_people(cx.actor());
    let actions = html! { @if edits { a.button href={ "/people/" (person.id) "/edit" } data-key="e" data-key-label="Edit" { "Edit" kbd { "E" } } } };
    let lead = [person.title.as_str(), person.location.as_str()]
        .iter()
        .filter(|text| !text.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let head = Head {
        crumbs: vec![("/people", "People")],
        title: &person.name,
        lead: &lead,
        face: Some(face(&person.id, &person.name, person.photo.as_deref(), "xl")),
        actions: Some(actions),
    };
    let body = html! {
        (head.show())
        @if person.deactivated_at.is_some() { p.ask { (person.name) " does not work here any more. What they wrote and did stays." } }
        div.cols {
            div.stack {
                @if !person.about.is_empty() { section.card { header { h2 { "About" } } div.body { div.prose.compact { (prose(&person.about)) } } } }
                @if !person.reports.is_empty() { (reports_card(&person)) }
                @if !activity.is_empty() { (activity_card(&cx, &activity)) }
            }
            div.stack { (time_card(&cx, &person, now)) (away) (onboarding) (work_card(&cx, &person)) (account) }
        }
    };
    let id = person.id.to_string();
    Ok(cx.live_page(&person.name, &[&id, "leave", "hours"], body))
}

fn time_card(cx: &Cx, person: &Profile, now: Option<Now>) -> Markup {
    let zone = TimeZone::get(&person.zone).unwrap_or(TimeZone::UTC);
    html! {
        section.card { header { h2 { "Their time" } @if let Some(now) = now { span.right { (status_chip(now, cx.now(), &cx.viewer.zone)) } } }
            div.body { (facts(&[
                ("Now there", html! { (now_there(cx, person, &zone)) }),
                ("Zone", html! { (person.zone.replace('_', " ")) }),
                ("Works", html! { (if person.hours.is_empty() { "No hours entered" } else { &person.hours }) }),
                ("Holidays", html! { (holiday_place(&person.holidays)) }),
            ])) }
            footer.small { a.link href={ "/people/" (person.id) "/hours" } { "Hours and holidays" } }
        }
    }
}

/// `Thu 14:05, 3 h ahead of you`
fn now_there(cx: &Cx, person: &Profile, zone: &TimeZone) -> String {
    let (there, here) = (cx.now().in_zone(zone), cx.now().in_zone(&cx.viewer.zone));
    let ahead = i64::from(there.offset().seconds() - here.offset().seconds()) / 60;
    let time = there.strftime("%a %H:%M");
    match ahead {
        _ if person.own => time.to_string(),
        0 => format!("{time}, as with you"),
        1.. => format!("{time}, {} ahead of you", minutes(ahead)),
        _ => format!("{time}, {} behind you", minutes(-ahead)),
    }
}

fn holiday_place(code: &str) -> String {
    holidays::find(code).map_or_else(
        |_| if code.is_empty() { "None".into() } else { "A calendar of this workspace".into() },
        |place| place.to_string(),
    )
}

fn work_card(cx: &Cx, person: &Profile) -> Markup {
    let mut pairs: Vec<(&str, Markup)> = Vec::new();
    for team in &person.teams {
        pairs.push(("Team", html! { a.link href={ "/teams/" (team.id) } { (team.name) } @if !team.position.is_empty() { span.muted { ", " (team.position) } } }));
    }
    if let Some(manager) = &person.manager {
        pairs.push(("Manager", html! { a.link href={ "/people/" (manager.id) } { (manager.name) } }));
    }
    let texts = [("Level", &person.level), ("Pronouns", &person.pronouns)];
    pairs.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| (word, html! { (text) })));
    if let Some(email) = &person.email {
        pairs.push(("Mail", html! { a.link href={ "mailto:" (email) } { (email) } }));
    }
    if let Some(start) = person.starts_on {
        pairs.push((if start > cx.today() { "Starts" } else { "Since" }, html! { (date_long(start)) }));
    }
    html! {
        section.card { header { h2 { "Work" } } div.body { (facts(&pairs)) } }
        @if let Some(details) = &person.employment { (employment_card(details)) }
    }
}

fn employment_card(details: &Details) -> Markup {
    let mut pairs = vec![("Employment", html! { (details.employment.title()) })];
    if let Some(number) = &details.employee_id {
        pairs.push(("Number", html! { (number) }));
    }
    if let Some(last) = details.ends_on {
        pairs.push(("Last day", html! { (date_long(last)) }));
    }
    html! {
        section.card.private {
            header { (icon("lock")) h2 { "Employment" } }
            div.body.stack.tight { (facts(&pairs)) p.small.muted { "Read by this person, their manager line, people partners, owners and admins." } }
        }
    }
}

fn reports_card(person: &Profile) -> Markup {
    html! {
        section.card { header { h2 { "Reports" } span.small.muted { (person.reports.len()) } a.right.link.small href={ "/org?top=" (person.id) } { "Org chart" } }
            ul.list { @for report in &person.reports {
                li { (avatar(&report.id, &report.name)) div.what { p { a href={ "/people/" (report.id) } { (report.name) } } } }
            } }
        }
    }
}

fn activity_card(cx: &Cx, activity: &[Activity]) -> Markup {
    html! {
        section.card { header { h2 { "History" } }
            div.body { ol.timeline.activity { @for one in activity {
                li {
                    @match (&one.actor_id, &one.actor_name) {
                        (Some(id), Some(name)) => (avatar_small(id, name)),
                        _ => span.avatar.s aria-hidden="true" { "C" },
                    }
                    div.what {
                        p { strong { (one.actor_name.as_deref().unwrap_or("Cairn")) } " " (one.in_words()) }
                        p.small.muted { (ago(one.at, cx.now(), &cx.viewer.zone)) }
                    }
                }
            } } }
        }
    }
}
