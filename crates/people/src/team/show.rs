use super::{Member, Record};
use crate::{
    access::{cares_for_people, today},
    hours::{Away, Clock, Now, calendars, status_chip, strip},
    person::Named,
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};
use ui::{Answer, Cx, Head, Markup, empty, face, html, icon, prose};

/// One team, with its members of today.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTeam {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamView {
    pub team: Record,
    pub lead: Option<Named<Person>>,
    /// The teams above, the top one first.
    pub above: Vec<Named<Team>>,
    pub below: Vec<Named<Team>>,
    pub members: Vec<Member>,
    /// Whether the reader leads this team or one above it.
    pub leads: bool,
}

/// A page shows this many members; a team of more is no team.
const MOST: i64 = 200;

impl TeamView {
    /// Whether a page offers its reader to change the team.
    pub(super) fn may_change(&self, actor: &Actor) -> bool {
        self.leads || cares_for_people(actor)
    }
}

impl Operation for ShowTeam {
    const NAME: &str = "team.show";
    const ROUTE: Route = Route(Get, "/teams/{team}");
    const READS: bool = true;
    type Target = Record;
    type Output = TeamView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<TeamView> {
        let me = tx.me();
        let mut above = above(tx, team.id).await?;
        let leads = above.iter().any(|one| one.lead_id == Some(me));
        let own = above.pop().ok_or(Error::NotFound)?;
        Ok(TeamView {
            lead: own.lead_id.zip(own.lead_name).map(|(id, name)| Named { id, name }),
            above: above.into_iter().map(|one| Named { id: one.id, name: one.name }).collect(),
            below: below(tx, team.id).await?,
            members: members(tx, team.id).await?,
            leads,
            team,
        })
    }
}

struct Led {
    id: Id<Team>,
    name: String,
    lead_id: Option<Id<Person>>,
    lead_name: Option<String>,
}
columns!(Led { id, name, lead_id, lead_name });

/// The teams above, the top one first, and at the end the team itself.
async fn above(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Led>> {
    let select = sql!(
        "with recursive above (id, name, parent_id, lead_id, depth) as (
           select t.id, t.name, t.parent_id, t.lead_id, 0 from teams t where t.workspace_id = $1 and t.id = $2
           union all
           select t.id, t.name, t.parent_id, t.lead_id, above.depth + 1 from above cross join teams t
            where t.workspace_id = $1 and t.id = above.parent_id and above.depth < 20
         )
         select above.id, above.name, above.lead_id, p.name as lead_name
           from above left join people p on p.workspace_id = $1 and p.id = above.lead_id
          order by above.depth desc"
    );
    tx.all(select, args![tx.workspace(), team]).await
}

async fn below(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Named<Team>>> {
    let select = sql!(
        "select id, name from teams where workspace_id = $1 and parent_id = $2 and archived_at is null order by lower(name)"
    );
    Ok(named(tx.all(select, args![tx.workspace(), team]).await?))
}

fn named(rows: Vec<(Id<Team>, String)>) -> Vec<Named<Team>> {
    rows.into_iter().map(|(id, name)| Named { id, name }).collect()
}

/// The members of today, the lead first, then by name.
pub(crate) async fn members(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Member>> {
    let select = sql!(
        "select p.id, p.name, p.title, p.level, p.location, p.zone, p.photo, m.position, m.from_on
           from teams t cross join memberships m cross join people p
          where t.workspace_id = $1 and t.id = $2 and m.workspace_id = $1 and m.team_id = $2
            and p.workspace_id = $1 and p.id = m.person_id and p.deactivated_at is null and",
        holds!("m", "$3"),
        "order by case when p.id = t.lead_id then 0 else 1 end, p.sort_name, p.id limit $4"
    );
    tx.all(select, args![tx.workspace(), team, today(tx), MOST]).await
}

/// A team with the calendars of its members around now, in one reading.
#[derive(Deserialize, JsonSchema)]
struct ReadDay {
    team: Id<Team>,
}

/// Far enough to find when someone is back after a long leave.
const NEAR: Duration = Duration::from_secs(400 * 24 * 3600);

impl Operation for ReadDay {
    const NAME: &str = "team.day";
    const ROUTE: Route = Route(Get, "/teams/{team}/day");
    const READS: bool = true;
    type Target = Record;
    type Output = Day;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, team: &Record) -> bool {
        ShowTeam::allows(actor, team)
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Day> {
        let view = ShowTeam { team: self.team }.run(tx, team).await?;
        let ids: Vec<Id<Person>> = view.members.iter().map(|member| member.id).collect();
        let now = tx.now();
        Ok(Day { view, clocks: calendars(tx, &ids, now - Duration::from_secs(48 * 3600), now + NEAR).await? })
    }
}

/// Calendars stay inside the program: no door shows them as they are.
#[derive(Serialize, JsonSchema)]
struct Day {
    view: TeamView,
    #[serde(skip)]
    clocks: Vec<Clock>,
}

/// `GET /teams/{team}`
pub async fn show(cx: Cx) -> Answer {
    let Day { view, clocks } = cx.read_here::<ReadDay>().await?;
    let may_change = view.may_change(cx.actor());
    let id = view.team.id.to_string();
    let conversation = cx.conversation("team", &id).await?;
    let above: Vec<(String, &str)> =
        view.above.iter().map(|team| (format!("/teams/{}", team.id), team.name.as_str())).collect();
    let mut crumbs = vec![("/teams", "Teams")];
    crumbs.extend(above.iter().map(|(href, name)| (href.as_str(), *name)));
    let actions = html! { @if may_change {
        a.button href={ "/teams/" (id) "/edit" } data-key="e" data-key-label="Edit" { "Edit" kbd { "E" } }
        a.button.primary href={ "/teams/" (id) "/members/new" } data-key="c" data-key-label="Add a person" { "Add a person" kbd { "C" } }
    } };
    let head = Head { crumbs, title: &view.team.name, lead: &view.team.mission, actions: Some(actions), face: None };
    let body = html! {
        (head.show())
        (ui::team_tabs(&cx, &id))
        @if view.team.archived_at.is_some() { (archived(&cx, &id)) }
        div.cols {
            div.stack { (members_card(&cx, &view, &clocks, may_change)) (day_card(&cx, &view, &clocks)) (conversation) }
            div.stack {
                @if !view.team.about.is_empty() { section.card { header { h2 { "About" } } div.body { div.prose.compact { (prose(&view.team.about)) } } } }
                (below_card(&view, may_change))
                (away_card(&cx, &view, &clocks))
            }
        }
    };
    Ok(cx.live_page(&view.team.name, &[&id, "team", "leave", "person"], body))
}

fn archived(cx: &Cx, id: &str) -> Markup {
    html! { div.ask {
        p.grow { "This team is archived." }
        @if cares_for_people(cx.actor()) {
            form method="post" action={ "/teams/" (id) "/restoration" } { (ui::token(cx)) button.button { "Bring back" } }
        }
    } }
}

fn members_card(cx: &Cx, view: &TeamView, clocks: &[Clock], may_change: bool) -> Markup {
    let clock = |member: &Member| clocks.iter().find(|clock| clock.id == member.id);
    html! {
        @if view.members.is_empty() {
            (empty("Nobody is on this team yet. People who are on it show here with their hours.",
                   may_change.then_some((&*format!("/teams/{}/members/new", view.team.id), "Add a person"))))
        } @else {
            section.card #members {
                table.data.listed {
                    caption.vh { "Members of " (view.team.name) }
                    thead { tr { th scope="col" { "Person" } th scope="col" { "Work" } th scope="col" { "Place" } th scope="col" { "Level" } th scope="col" { "Now" }
                        @if may_change { th scope="col" { span.vh { "Actions" } } } } }
                    tbody { @for member in &view.members {
                        tr id={ "member-" (member.id) } {
                            td { a.person href={ "/people/" (member.id) } { (face(&member.id, &member.name, member.photo.as_deref(), "")) span { (member.name) } } }
                            td data-label="Work" { (if member.position.is_empty() { &member.title } else { &member.position }) }
                            td data-label="Place" { (member.location) }
                            td.muted data-label="Level" { (member.level) }
                            td data-label="Now" { @if let Some(clock) = clock(member) { (status_chip(Now::of(clock, cx.now()), cx.now(), &cx.viewer.zone)) } }
                            @if may_change { td.n { (member_menu(cx, view, member)) } }
                        }
                    } }
                }
            }
        }
    }
}

fn member_menu(cx: &Cx, view: &TeamView, member: &Member) -> Markup {
    let href = format!("/teams/{}/members/{}", view.team.id, member.id);
    html! {
        details.menu name="menu" {
            summary.button.quiet.small.icon-only aria-label={ "More for " (member.name) } { (icon("more-horizontal")) }
            div.panel {
                a href={ (href) "/edit" } { (icon("pencil")) "Change the position" }
                form method="post" action={ (href) "/end" } { (ui::token(cx)) button { (icon("x")) "Take off the team" } }
            }
        }
    }
}

fn day_card(cx: &Cx, view: &TeamView, clocks: &[Clock]) -> Markup {
    let rows: Vec<strip::Row<'_>> = view
        .members
        .iter()
        .filter_map(|member| {
            let clock = clocks.iter().find(|clock| clock.id == member.id)?;
            Some(strip::Row {
                name: member.name.split(' ').next().unwrap_or(&member.name),
                place: &member.location,
                clock,
            })
        })
        .collect();
    let all: Vec<&Clock> = clocks.iter().collect();
    let (zone, name) = (&cx.viewer.zone, &cx.viewer.zone_name);
    let day = strip::next_day(&all, cx.today(), zone);
    html! {
        @if !rows.is_empty() {
            section.card {
                header {
                    h2 { "Day of the team" @if day != cx.today() { ", " (ui::date(day, cx.today())) } }
                    span.right.small.muted { "In your time · " (strip::best_window(&all, day, zone)) }
                }
                div.body { (strip::day_strip(&rows, day, zone, name, cx.now())) }
            }
        }
    }
}

/// For the start page: who of a team works when on this day, and who is away next.
pub async fn day(cx: &Cx, team: Id<Team>) -> Result<(Markup, Markup)> {
    let Day { view, clocks } = cx.read(ReadDay { team }).await?;
    Ok((day_card(cx, &view, &clocks), away_card(cx, &view, &clocks)))
}

fn below_card(view: &TeamView, may_change: bool) -> Markup {
    let add = format!("/teams/new?parent={}", view.team.id);
    html! { @if !view.below.is_empty() || may_change {
        section.card { header { h2 { "Teams in it" } @if may_change { a.right.link.small href=(add) { "Add a team" } } }
            @if view.below.is_empty() { div.body { p.muted { "No team is a part of this one." } } }
            ul.list { @for team in &view.below {
                li { (icon("network")) div.what { p { a href={ "/teams/" (team.id) } { (team.name) } } } }
            } }
        }
    } }
}

/// Who is away in the next four weeks, who takes over, and whose public holidays come.
fn away_card(cx: &Cx, view: &TeamView, clocks: &[Clock]) -> Markup {
    let today = cx.today();
    let horizon = today.saturating_add(jiff::Span::new().days(28));
    let name = |id: Id<Person>| view.members.iter().find(|member| member.id == id).map_or("", |member| &member.name);
    let mut away: Vec<(&Away, Id<Person>)> = clocks
        .iter()
        .flat_map(|clock| clock.away.iter().map(move |away| (away, clock.id)))
        .filter(|(away, _)| away.time.last_on >= today && away.time.first_on <= horizon)
        .collect();
    away.sort_unstable_by_key(|(away, id)| (away.time.first_on, away.time.last_on, *id));
    let holidays = holidays_of(clocks, today..=horizon);
    html! {
        section.card #away { header { h2 { "Next days away" } a.link.right.small href={ "/leaves?team=" (view.team.id) } { "Month" } }
            @if away.is_empty() && holidays.is_empty() { div.body { p.muted { "Nobody is away in the next four weeks." } } }
            ul.list {
                @for (away, id) in away { li id={ "away-" (away.leave) } {
                    (ui::avatar_small(&id, name(id)))
                    div.what.wrap {
                        p { a href={ "/leaves/" (away.leave) } { (name(id)) } }
                        p.small.muted { (away.time.in_words(today)) @if let Some(to) = &away.handed_to { ". Handed to " (to.name) } }
                    }
                } }
                @for ((day, holiday), ids) in &holidays { li {
                    (icon("calendar"))
                    div.what.wrap {
                        p { (holiday) }
                        p.small.muted { (ui::date(*day, today)) ", " (ids.iter().map(|id| name(*id)).collect::<Vec<_>>().join(", ")) }
                    }
                } }
            }
        }
    }
}

/// The public holidays of these people, each with those who have it.
fn holidays_of(clocks: &[Clock], days: RangeInclusive<Date>) -> BTreeMap<(Date, &str), Vec<Id<Person>>> {
    let mut all: BTreeMap<(Date, &str), Vec<Id<Person>>> = BTreeMap::new();
    for clock in clocks {
        for (day, name) in clock.holidays.iter().filter(|(day, _)| days.contains(day)) {
            all.entry((*day, name)).or_default().push(clock.id);
        }
    }
    all
}
