use crate::access::{TEAM_VISIBLE, cares_for_people, today};
use crate::person::Named;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use ui::{Answer, Cx, Head, Markup, avatar_small, empty, html};

/// All teams, as a tree in the order of their names: each branch stands behind the one it belongs to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTeams {}

/// A team and its place in the tree.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Branch {
    pub id: Id<Team>,
    pub parent_id: Option<Id<Team>>,
    pub name: String,
    pub mission: String,
    pub lead_id: Option<Id<Person>>,
    pub lead_name: Option<String>,
    /// Members of the team itself.
    pub members: i64,
}
columns!(Branch { id, parent_id, name, mission, lead_id, lead_name, members });

/// The tree holds no more teams than this.
const MOST: i64 = 2_000;
const MOST_IN_A_FILTER: i64 = 200;

impl Operation for ListTeams {
    const NAME: &str = "team.list";
    const ROUTE: Route = Route(Get, "/teams");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Branch>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Branch>> {
        let select = sql!(
            "select t.id, t.parent_id, t.name, t.mission, t.lead_id, l.name as lead_name,
                    coalesce(held.members, 0) as members
               from teams t
               left join people l on l.workspace_id = t.workspace_id and l.id = t.lead_id
               left join (select m.team_id, count(*) as members from memberships m
                            join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
                           where m.workspace_id = $1 and p.deactivated_at is null and",
            holds!("m", "$3"),
            "group by m.team_id) held on held.team_id = t.id
              where",
            TEAM_VISIBLE,
            "and t.archived_at is null
              order by lower(t.name), t.id limit $4"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), today(tx), MOST]).await
    }
}

/// The names of all teams, for a filter; none where there are too many to choose from a list.
pub(crate) async fn names(tx: &mut Tx<'_>) -> Result<Vec<Named<Team>>> {
    let select = sql!(
        "select t.id, t.name
           from (select count(*) as count from
                  (select 1 from teams f where f.workspace_id = $1 and f.archived_at is null limit $3 + 1) few) all_teams
          cross join teams t
          where all_teams.count <= $3 and",
        TEAM_VISIBLE,
        "and t.archived_at is null
          order by lower(t.name), t.id"
    );
    let found: Vec<(Id<Team>, String)> =
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), MOST_IN_A_FILTER]).await?;
    Ok(found.into_iter().map(|(id, name)| Named { id, name }).collect())
}

/// `GET /teams`
pub async fn tree(cx: Cx) -> Answer {
    let teams = cx.read(ListTeams {}).await?;
    let may_add = cares_for_people(cx.actor());
    let actions = html! {
        a.button href="/org" { "Org chart" }
        @if may_add { a.button.primary href="/teams/new" data-key="c" data-key-label="Add a team" { "Add a team" kbd { "C" } } }
    };
    let lead = match teams.len() {
        1 => "One team.".to_owned(),
        n if n as i64 == MOST => format!("The first {n} teams by name. The search finds the others."),
        n => format!("{n} teams, each below the one it is a part of."),
    };
    let body = html! {
        (Head { title: "Teams", lead: &lead, actions: Some(actions), ..Head::default() }.show())
        @if teams.is_empty() {
            (empty("Teams hold people who work together. A team can be a part of another one.", may_add.then_some(("/teams/new", "Add a team"))))
        } @else {
            section.card #teams { div.body { (branches(&by_parent(&teams), None)) } }
        }
    };
    Ok(cx.live_page("Teams", &["team"], body))
}

/// The teams below each team, and those at the top below none.
fn by_parent(teams: &[Branch]) -> HashMap<Option<Id<Team>>, Vec<&Branch>> {
    let known: HashSet<Id<Team>> = teams.iter().map(|team| team.id).collect();
    let mut below = HashMap::<_, Vec<&Branch>>::new();
    for team in teams {
        below.entry(team.parent_id.filter(|parent| known.contains(parent))).or_default().push(team);
    }
    below
}

fn branches(below: &HashMap<Option<Id<Team>>, Vec<&Branch>>, parent: Option<Id<Team>>) -> Markup {
    html! {
        ul.tree { @for team in below.get(&parent).into_iter().flatten() {
            li id={ "team-" (team.id) } {
                div.leaf { (leaf(team)) }
                @if below.contains_key(&Some(team.id)) {
                    details open { summary aria-label={ "Teams in " (team.name) } {} (branches(below, Some(team.id))) }
                }
            }
        } }
    }
}

fn leaf(team: &Branch) -> Markup {
    html! {
        a href={ "/teams/" (team.id) } { (team.name) }
        @if team.members > 0 { span.count { (team.members) } }
        span.muted.small.clip { (team.mission) }
        @if let (Some(id), Some(name)) = (&team.lead_id, &team.lead_name) { span.right.row.small { (avatar_small(id, name)) (name) } }
    }
}
