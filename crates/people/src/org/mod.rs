//! Who reports to whom, as a chart and as a list.
mod chart;
mod forest;
mod layout;

use crate::{
    access::{VISIBLE, today},
    person,
    team::{self, Branch, ListTeams},
};
use forest::Forest;
use jiff::civil::Date;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ui::{Answer, Cx, Head, Markup, Pages, empty, html};

pub fn pages() -> Pages {
    Pages::new().get("/org", org)
}

/// Who reports to whom today.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowOrg {
    /// Only this person and those below them.
    #[serde(default)]
    pub top: Option<Id<Person>>,
    /// Below `top`, at most so many levels.
    #[serde(default)]
    #[schemars(range(min = 1, max = 50))]
    pub depth: Option<i64>,
    /// Only this team, and its lead.
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Org {
    /// In the order of their names.
    pub people: Vec<InOrg>,
    /// There are more than 2,000 people; those shown are only the ones without a manager. Ask for a `top` or a `team`.
    pub too_many: bool,
}

/// A person's place among the others.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InOrg {
    pub id: Id<Person>,
    pub name: String,
    pub title: String,
    /// Also where the manager is not among those shown.
    pub manager_id: Option<Id<Person>>,
    /// The last day of the leave that they are on today.
    pub away_until: Option<Date>,
}
columns!(InOrg { id, name, title, manager_id, away_until });

/// More people make no drawing that someone could read.
const MOST: i64 = 2_000;
const DEEPEST: i64 = 50;

impl Operation for ShowOrg {
    const NAME: &str = "person.org";
    const ROUTE: Route = Route(Get, "/org");
    const READS: bool = true;
    type Target = ();
    type Output = Org;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(top) = self.top {
            person::Record::visible(tx, top).await?;
        }
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Org> {
        let people = match self.top {
            Some(top) => below(tx, top, self.depth.unwrap_or(DEEPEST)).await?,
            None => everyone(tx, self.team).await?,
        };
        match people.len() as i64 > MOST {
            true => Ok(Org { people: tops(tx).await?, too_many: true }),
            false => Ok(Org { people, too_many: false }),
        }
    }
}

/// The columns of [`InOrg`], of people `p`; the parameters are those of `VISIBLE`, and the date.
const SELECT: &str = " select p.id, p.name, p.title, l.manager_id,
       (select max(v.last_on) from leaves v
         where v.workspace_id = $1 and v.person_id = p.id and v.first_on <= $4 and v.last_on >= $4
           and v.hours is null and v.withdrawn_at is null) as away_until ";

async fn everyone(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Vec<InOrg>> {
    let select = sql!(
        SELECT,
        "from people p
           left join manager_lines l on l.workspace_id = p.workspace_id and l.person_id = p.id and",
        holds!("l", "$4"),
        "where",
        VISIBLE,
        "and p.deactivated_at is null
            and (cast($5 as text) is null
              or exists (select 1 from teams t where t.workspace_id = $1 and t.id = $5 and t.lead_id = p.id)
              or exists (select 1 from memberships m
                          where m.workspace_id = $1 and m.person_id = p.id and m.team_id = $5 and",
        holds!("m", "$4"),
        ")) order by p.sort_name, p.id limit $6"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), today(tx), team, MOST + 1]).await
}

async fn below(tx: &mut Tx<'_>, top: Id<Person>, depth: i64) -> Result<Vec<InOrg>> {
    let select = sql!(
        "with recursive line (person_id, depth) as (
           select $5, 0
           union all
           select r.person_id, line.depth + 1 from line
             join manager_lines r on r.workspace_id = $1 and r.manager_id = line.person_id
            where line.depth < cast($6 as bigint) and",
        holds!("r", "$4"),
        ")",
        SELECT,
        "from line
           join people p on p.workspace_id = $1 and p.id = line.person_id
           left join manager_lines l on l.workspace_id = p.workspace_id and l.person_id = p.id and",
        holds!("l", "$4"),
        "where",
        VISIBLE,
        "and p.deactivated_at is null order by p.sort_name, p.id limit $7"
    );
    let (belongs, me, depth) = (tx.actor().belongs(), tx.me(), depth.clamp(1, DEEPEST));
    tx.all(select, args![tx.workspace(), belongs, me, today(tx), top, depth, MOST + 1]).await
}

/// Those without a manager, to begin with one of them.
async fn tops(tx: &mut Tx<'_>) -> Result<Vec<InOrg>> {
    let select = sql!(
        SELECT,
        "from people p
           left join manager_lines l on l.workspace_id = p.workspace_id and l.person_id = p.id and",
        holds!("l", "$4"),
        "where",
        VISIBLE,
        "and p.deactivated_at is null and l.manager_id is null
            and exists (select 1 from manager_lines b where b.workspace_id = $1 and b.manager_id = p.id and",
        holds!("b", "$4"),
        ") order by p.sort_name, p.id limit 200"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), today(tx)]).await
}

/// `GET /org`
pub async fn org(cx: Cx) -> Answer {
    let wanted: ShowOrg = cx.input()?;
    let (org, teams) = (cx.read(wanted.clone()).await?, cx.read(ListTeams {}).await?);
    let forest = forest_of(&org.people);
    let lead = lead(&org);
    let body = html! {
        (Head { crumbs: vec![("/people", "People")], title: "Who reports to whom", lead: &lead, ..Head::default() }.show())
        div.stack {
            (filters(&wanted, &org, &teams))
            @if org.too_many { (begin_with(&org, wanted.top.is_some())) }
            @else if org.people.is_empty() {
                (empty("Nobody is here. People appear with whom they report to, once a manager is entered for them.", Some(("/people", "People"))))
            } @else {
                section.card #chart { (chart::chart(&org.people, &forest, cx.today())) }
                section.card { details.fold.body { summary { "The same as a list" } (chart::list(&org.people, &forest, cx.today())) } }
            }
        }
    };
    Ok(cx.live_page("Who reports to whom", &["person", "leave"], body))
}

fn forest_of(people: &[InOrg]) -> Forest {
    let places: BTreeMap<Id<Person>, usize> = people.iter().enumerate().map(|(place, one)| (one.id, place)).collect();
    let above = |one: &InOrg| one.manager_id.and_then(|manager| places.get(&manager).copied());
    Forest::of(&people.iter().map(above).collect::<Vec<_>>())
}

fn lead(org: &Org) -> String {
    let away = org.people.iter().filter(|one| one.away_until.is_some()).count();
    let away = match away {
        0 => String::new(),
        1 => " One is away today.".into(),
        n => format!(" {n} are away today."),
    };
    match org.people.len() {
        _ if org.too_many => "Too many people for one drawing.".into(),
        0 => String::new(),
        1 => format!("One person.{away}"),
        n => format!("{n} people.{away}"),
    }
}

fn filters(wanted: &ShowOrg, org: &Org, teams: &[Branch]) -> Markup {
    let name = wanted.top.and_then(|top| org.people.iter().find(|one| one.id == top)).map(|top| &top.name);
    html! {
        auto-submit { form.toolbar method="get" action="/org" {
            @if let Some(top) = wanted.top {
                input type="hidden" name="top" value=(top);
                label.vh for="depth" { "How deep" }
                select #depth name="depth" {
                    option value="" { "All levels" }
                    @for levels in 1..=5 { option value=(levels) selected[wanted.depth == Some(levels)] { (levels) (if levels == 1 { " level" } else { " levels" }) } }
                }
                @if let Some(name) = name { span.muted { "Below " (name) } }
                a.button.quiet href="/org" { "Show everyone" }
            } @else {
                label.vh for="team" { "Team" }
                select #team name="team" {
                    option value="" { "All teams" }
                    @for team in teams { option value=(team.id) selected[wanted.team == Some(team.id)] { (team.name) } }
                }
            }
            button.button.no-script { "Show" }
        } }
    }
}

/// Where everyone does not fit: someone to begin with, or fewer levels.
fn begin_with(org: &Org, below_someone: bool) -> Markup {
    html! {
        @if below_someone { p.ask { "More than 2,000 people are below this person. Choose fewer levels, or begin further down." } }
        @else { p.ask { "More than 2,000 people are here. Choose a team, or someone to begin with." } }
        section.card { header { h2 { "At the top" } } ul.list { @for one in &org.people {
            li { (ui::avatar(&one.id, &one.name)) div.what {
                p { a href={ "/org?top=" (one.id) "&depth=3" } { (one.name) } } p.small.muted { (one.title) }
            } }
        } } }
    }
}
