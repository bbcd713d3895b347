use super::{Named, folded};
use crate::{
    access::{VISIBLE, cares_for_people, today},
    hours::{Now, calendars, status_chip},
    team,
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, columns, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};
use ui::{Answer, Cx, Head, Markup, empty, face, html, icon, load_more};

words! {
    /// Which people a list shows.
    pub enum Standing {
        Here = "here",
        Left = "left",
        All = "all",
    }
}

/// People by name.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPeople {
    /// Part of a name, a title or a place, in any case and with or without accents.
    #[serde(default)]
    pub q: String,
    /// Only members of this team.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Those who are here if left out.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: String,
    /// 1 to 200 people; 50 if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<i64>,
    /// Also say who works now.
    #[serde(default)]
    pub now: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PeoplePage {
    pub people: Vec<Card>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
    /// Who works now, in the order of `people`, if that was asked for.
    pub now: Vec<Now>,
}

/// Far enough to find when someone is back after a weekend and a holiday or a long leave.
const NEAR: Duration = Duration::from_secs(400 * 24 * 3600);

/// A person in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Card {
    pub id: Id<Person>,
    pub name: String,
    pub sort_name: String,
    pub title: String,
    pub level: String,
    pub location: String,
    pub zone: String,
    pub photo: Option<String>,
    pub team_id: Option<Id<Team>>,
    pub team_name: Option<String>,
}
columns!(Card { id, name, sort_name, title, level, location, zone, photo, team_id, team_name });

impl Operation for ListPeople {
    const NAME: &str = "person.list";
    const ROUTE: Route = Route(Get, "/people");
    const READS: bool = true;
    type Target = ();
    type Output = PeoplePage;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<PeoplePage> {
        let limit = self.limit.unwrap_or(50).clamp(1, 200);
        let (after_name, after_id) = self.after()?;
        let standing = self.standing.unwrap_or(Standing::Here);
        let select = sql!(
            "with page as (
               select p.workspace_id, p.id, p.name, p.sort_name, p.title, p.level, p.location, p.zone, p.photo
                 from people p
                where",
            VISIBLE,
            "and (p.sort_name, p.id) > ($5, $6)
                  and ($7 = '' or p.sort_name like $8 or lower(p.title) like $8 or lower(p.location) like $8)
                  and ($9 = 'all' or ($9 = 'here') = (p.deactivated_at is null))
                  and (cast($10 as text) is null or exists (select 1 from memberships x
                         where x.workspace_id = $1 and x.person_id = p.id and x.team_id = $10 and",
            holds!("x", "$4"),
            "))
                order by p.sort_name, p.id limit $11
             )
             select page.id, page.name, page.sort_name, page.title, page.level, page.location, page.zone, page.photo,
                    t.id as team_id, t.name as team_name
               from page
               left join memberships m on m.workspace_id = page.workspace_id and m.id =
                    (select f.id from memberships f
                      where f.workspace_id = $1 and f.person_id = page.id and",
            holds!("f", "$4"),
            " order by f.from_on, f.id limit 1)
               left join teams t on t.workspace_id = page.workspace_id and t.id = m.team_id
              order by page.sort_name, page.id"
        );
        let q = folded(self.q.trim());
        let pattern = format!("%{}%", q.replace(['%', '_'], ""));
        let (belongs, me) = (tx.actor().belongs(), tx.me());
        let mut people: Vec<Card> = tx
            .all(
                select,
                args![
                    tx.workspace(),
                    belongs,
                    me,
                    today(tx),
                    after_name,
                    after_id,
                    q,
                    pattern,
                    standing,
                    self.team,
                    limit + 1,
                ],
            )
            .await?;
        let more = people.len() as i64 > limit;
        people.truncate(limit as usize);
        let next = people.last().filter(|_| more).map(|card| format!("{}~{}", card.id, card.sort_name));
        let now = if self.now { states(tx, &people).await? } else { Vec::new() };
        Ok(PeoplePage { people, next, now })
    }
}

impl ListPeople {
    fn after(&self) -> Result<(&str, &str)> {
        match (self.after.as_str(), self.after.split_once('~')) {
            ("", _) => Ok(("", "")),
            (_, Some((id, name))) => Ok((name, id)),
            _ => Err(Error::invalid("after", "This is not the `next` of a page; begin without it.")),
        }
    }
}

async fn states(tx: &mut Tx<'_>, people: &[Card]) -> Result<Vec<Now>> {
    let ids: Vec<Id<Person>> = people.iter().map(|card| card.id).collect();
    let now = tx.now();
    let clocks = calendars(tx, &ids, now, now + NEAR).await?;
    let by_id: BTreeMap<Id<Person>, Now> = clocks.iter().map(|clock| (clock.id, Now::of(clock, now))).collect();
    Ok(ids.iter().map(|id| by_id.get(id).copied().unwrap_or(Now::Off { next: None })).collect())
}

/// `GET /people`
pub async fn directory(cx: Cx) -> Answer {
    let list = ListPeople { now: true, ..cx.input()? };
    let Directory { page, teams, count } = cx.read(ReadDirectory { list: list.clone() }).await?;
    let lead = match count {
        1 => "One person works here.".to_owned(),
        n if n > MOST_COUNTED => format!("More than {MOST_COUNTED} people work here."),
        n => format!("{n} people work here."),
    };
    let actions = html! {
        @if cares_for_people(cx.actor()) {
            a.button href="/people/import" { (icon("upload")) "Import" }
            a.button.primary href="/people/new" data-key="c" data-key-label="Add a person" { "Add a person" kbd { "C" } }
        }
    };
    let body = html! {
        (Head { title: "People", lead: &lead, actions: Some(actions), ..Head::default() }.show())
        (filters(&list, &teams))
        div #people {
            @if page.people.is_empty() {
                (empty("Nobody fits this. Look for part of a name, a title or a place.", Some(("/people", "Show everyone"))))
            } @else {
                section.card { (table(&cx, &page)) }
                (load_more(page.next.as_ref().map(|next| more(&list, next)).as_deref()))
            }
        }
    };
    Ok(cx.live_page("People", &["person", "leave"], body))
}

fn filters(list: &ListPeople, teams: &[Named<Team>]) -> Markup {
    let team = list.team.map(|id| id.to_string()).unwrap_or_default();
    html! {
        auto-submit {
            form.toolbar method="get" action="/people" {
                label.vh for="q" { "Find people" }
                div.search { (icon("search")) input #q type="search" name="q" value=(list.q) placeholder="Name, title or place"; }
                @if !teams.is_empty() { label.vh for="team" { "Team" }
                select #team name="team" {
                    option value="" { "All teams" }
                    @for branch in teams { option value=(branch.id) selected[branch.id.as_str() == team] { (branch.name) } }
                } }
                label.vh for="standing" { "Who" }
                select #standing name="standing" {
                    @for (word, label) in [("here", "Working here"), ("left", "Left"), ("all", "All")] {
                        option value=(word) selected[list.standing.is_some_and(|s| s.word() == word)] { (label) }
                    }
                }
                button.button.no-script { "Filter" }
            }
        }
    }
}

fn table(cx: &Cx, page: &PeoplePage) -> Markup {
    html! {
        table.data.listed {
            caption.vh { "People" }
            thead { tr { th scope="col" { "Person" } th scope="col" { "Work" } th scope="col" { "Team" } th scope="col" { "Place" } th scope="col" { "Now" } } }
            tbody {
                @for (card, now) in page.people.iter().zip(&page.now) {
                    tr id={ "person-" (card.id) } {
                        td { a.person href={ "/people/" (card.id) } { (face(&card.id, &card.name, card.photo.as_deref(), "")) span { (card.name) } } }
                        td data-label="Work" { (card.title) @if !card.level.is_empty() { " " span.muted { (card.level) } } }
                        td data-label="Team" { @if let (Some(id), Some(name)) = (&card.team_id, &card.team_name) { a href={ "/teams/" (id) } { (name) } } }
                        td data-label="Place" { (card.location) }
                        td data-label="Now" { (status_chip(*now, cx.now(), &cx.viewer.zone)) }
                    }
                }
            }
        }
    }
}

fn more(list: &ListPeople, next: &str) -> String {
    let team = list.team.map(|id| id.to_string()).unwrap_or_default();
    let standing = list.standing.unwrap_or(Standing::Here).word();
    let query = [("q", list.q.as_str()), ("team", &team), ("standing", standing), ("after", next)];
    format!("/people?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish())
}

/// To count all of 15,000 people takes longer than everything else on the page.
const MOST_COUNTED: i64 = 2_000;

/// What the page of the directory shows, in one reading.
#[derive(Deserialize, JsonSchema)]
struct ReadDirectory {
    list: ListPeople,
}

#[derive(Serialize, JsonSchema)]
struct Directory {
    page: PeoplePage,
    /// The teams to choose from.
    teams: Vec<Named<Team>>,
    /// How many people work here, as far as the actor can see; of more than [`MOST_COUNTED`] it counts one more.
    count: i64,
}

impl Operation for ReadDirectory {
    const NAME: &str = "person.directory";
    const ROUTE: Route = Route(Get, "/people/directory");
    const READS: bool = true;
    type Target = ();
    type Output = Directory;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Directory> {
        let count = sql!(
            "select count(*) from (select 1 from people p where",
            VISIBLE,
            "and p.deactivated_at is null limit $4) few"
        );
        Ok(Directory {
            count: tx.one(count, args![tx.workspace(), tx.actor().belongs(), tx.me(), MOST_COUNTED + 1]).await?,
            page: self.list.run(tx, ()).await?,
            teams: team::names(tx).await?,
        })
    }
}
