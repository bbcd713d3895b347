use super::{Report, SELECT, Sprint, Stage, Tally, VISIBLE, page::bounds};
use crate::{
    estimate::{Measure, Sum},
    team::{Kept, Work},
};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chart, chip, empty, html, team_tabs};

/// The sprints of a team: what runs, what is planned, and what was closed, the latest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSprints {
    pub team: Id<Team>,
    /// How many of the closed ones at the most, 0 to 50; 50 if left out.
    #[serde(default)]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SprintList {
    pub team_id: Id<Team>,
    pub team_name: String,
    pub open: Vec<Sprint>,
    /// At most 50.
    pub closed: Vec<Sprint>,
    /// Whether the reader plans sprints of this team.
    pub may_change: bool,
}

/// What a team finished in a sprint that is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Velocity {
    pub id: Id<Sprint>,
    pub name: String,
    pub closed_at: Time,
    pub committed: Sum,
    pub committed_issues: i64,
    pub done: Sum,
    pub done_issues: i64,
    pub kept: Sum,
    pub kept_issues: i64,
}
columns!(Velocity { id, name, closed_at, committed, committed_issues, done, done_issues, kept, kept_issues });

/// Closed sprints from which velocity is told.
const LATEST: i64 = 8;
const MOST: i64 = 50;

impl Operation for ListSprints {
    const NAME: &str = "sprint.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/sprints");
    const READS: bool = true;
    type Target = Kept;
    type Output = SprintList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Kept) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<SprintList> {
        let closed = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and p.team_id = $3 and p.closed_at is not null order by p.closed_at desc, p.id desc limit $4"
        );
        let limit = self.limit.unwrap_or(MOST).clamp(0, MOST);
        Ok(SprintList {
            team_id: self.team,
            open: Sprint::open_of(tx, self.team).await?,
            closed: tx.all(closed, args![tx.workspace(), tx.actor().belongs(), self.team, limit]).await?,
            may_change: kept.may_change(tx.actor()),
            team_name: kept.team.name,
        })
    }
}

/// The sprints of a team that were closed before an instant, the latest first.
pub(super) async fn closed_of(tx: &mut Tx<'_>, team: Id<Team>, before: Time) -> Result<Vec<Velocity>> {
    let select = sql!(
        "select id, name, closed_at, committed, committed_issues, done, done_issues, kept, kept_issues from sprints
          where workspace_id = $1 and team_id = $2 and closed_at <= $3 order by closed_at desc, id desc limit $4"
    );
    tx.all(select, args![tx.workspace(), team, before, LATEST]).await
}

/// The days of cadence that a team has settled, if it has.
pub(super) async fn cadence(tx: &mut Tx<'_>, team: Id<Team>) -> Result<(Option<i64>, Option<String>)> {
    let work = Work::find(tx, team).await?;
    Ok(work.map_or((None, None), |work| (work.sprint_weeks, work.sprint_zone)))
}

/// From the least to the most, with the middle, of what was finished. Nothing from fewer than three sprints.
pub(super) fn spread(done: &[i64]) -> Option<(i64, i64, i64)> {
    let mut sorted = done.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    (sorted.len() >= 3).then(|| {
        let median = if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2 };
        (sorted[0], median, sorted[sorted.len() - 1])
    })
}

/// `GET /teams/{team}/sprints`
pub async fn page(cx: Cx) -> Answer {
    let list = cx.read_here::<ListSprints>().await?;
    let home = format!("/teams/{}", list.team_id);
    let new = format!("{home}/sprints/new");
    let planning = format!("{home}/plannings");
    let reviews = format!("{home}/sprint-reviews");
    let refine = format!("{home}/refinements");
    let actions = html! { a.button href=(refine) { "Refinement" } a.button href=(planning) { "Planning" } a.button href=(reviews) { "Reviews" } @if list.may_change {
        a.button.primary href=(new) data-key="n" data-key-label="Plan a sprint" { "Plan a sprint" kbd { "N" } }
    } };
    let crumbs = vec![("/teams", "Teams"), (home.as_str(), list.team_name.as_str())];
    let lead = "What this team committed to, what moved since, and what came of it.";
    let body = html! {
        (Head { crumbs, title: "Sprints", lead, actions: Some(actions), ..Head::default() }.show())
        (team_tabs(&cx, list.team_id))
        @if list.open.is_empty() && list.closed.is_empty() {
            (empty("This team has no sprint yet.", list.may_change.then_some((new.as_str(), "Plan a sprint"))))
        } @else { div.cols {
            div.stack {
                @if !list.open.is_empty() { section.card { header { h2 { "Running and planned" } } ul.list.plain { @for one in &list.open { (line(&cx, one)) } } } }
                @if !list.closed.is_empty() { (closed_table(&cx, &list.closed)) }
            }
            @if !list.closed.is_empty() { div.stack { (velocity_figure(&list.closed)) } }
        } }
    };
    Ok(cx.live_page(&format!("Sprints of {}", list.team_name), &["sprint"], body))
}

fn line(cx: &Cx, sprint: &Sprint) -> Markup {
    html! {
        li id={ "sprint-" (sprint.id) } {
            div.what {
                p { a href=(sprint.href()) { (sprint.name) @if !sprint.goal.is_empty() { ": " (sprint.goal) } } }
                p.small.muted { (bounds(sprint, cx.today())) }
            }
            @match sprint.stage { Stage::Running => (chip("info", "Running")), _ => (chip("line", "Planned")) }
        }
    }
}

fn closed_table(cx: &Cx, closed: &[Sprint]) -> Markup {
    html! {
        section.card { header { h2 { "Closed" } }
            table.data.listed {
                caption.vh { "Closed sprints" }
                thead { tr { th.w-full scope="col" { "Sprint" } th.nowrap scope="col" { "Days" } th.n scope="col" { "Committed" } th.n scope="col" { "Kept" } th.n scope="col" { "Done" } } }
                tbody { @for one in closed { @let issues = in_issues(one); tr id={ "sprint-" (one.id) } {
                    td { a href=(one.href()) { (one.name) } @if !one.goal.is_empty() { p.small.muted { (one.goal) } } }
                    td.nowrap data-label="Days" { (ui::date_range(one.first_on, one.last_on, cx.today())) }
                    td.n data-label="Committed" { (amount(one, issues, one.committed, one.committed_issues)) }
                    td.n data-label="Kept" { (amount(one, issues, one.kept, one.kept_issues)) }
                    td.n data-label="Done" { (amount(one, issues, one.done, one.done_issues)) }
                } } }
            }
        }
    }
}

fn in_issues(sprint: &Sprint) -> bool {
    sprint.committed == Sum(0) && sprint.done == Sum(0)
}

fn amount(sprint: &Sprint, issues: bool, sum: Sum, count: i64) -> String {
    if issues { super::page::issues(count) } else { sprint.measure.total(sum) }
}

fn velocity_figure(closed: &[Sprint]) -> Markup {
    let latest: Vec<&Sprint> = closed.iter().take(LATEST as usize).rev().collect();
    let issues = latest.iter().all(|one| in_issues(one));
    let of = |sum: Sum, count: i64| if issues { count as f64 } else { sum.0 as f64 / 100.0 };
    let names: Vec<String> = latest.iter().map(|one| one.name.clone()).collect();
    let kept: Vec<f64> = latest.iter().map(|one| of(one.kept, one.kept_issues)).collect();
    let more: Vec<f64> =
        latest.iter().map(|one| (of(one.done, one.done_issues) - of(one.kept, one.kept_issues)).max(0.0)).collect();
    let done: Vec<i64> = latest.iter().map(|one| if issues { one.done_issues * 100 } else { one.done.0 }).collect();
    let measure = latest.first().map_or(Measure::Points, |one| one.measure);
    let says = |value: i64| if issues { super::page::issues(value / 100) } else { measure.total(Sum(value)) };
    let sentence = match spread(&done) {
        Some((least, middle, most)) => format!(
            "The last {} sprints finished {} to {}, {} in the middle.",
            latest.len(),
            says(least),
            says(most),
            says(middle)
        ),
        None => "From three closed sprints on, this says between what and what they finish.".to_owned(),
    };
    let rows = latest.iter().map(|one| {
        let parts = [(one.committed, one.committed_issues), (one.kept, one.kept_issues), (one.done, one.done_issues)];
        [one.name.clone()].into_iter().chain(parts.map(|(sum, count)| of(sum, count).to_string())).collect()
    });
    chart::Figure {
        id: "velocity",
        title: "Velocity",
        sample: &format!("{} closed sprints", latest.len()),
        sentence: &sentence,
        definition: "For each sprint, what was in a state that means done when it was closed: what had been committed to at \
            the start, and what came later. Estimates are those of the start and those at the closing. It is a number of \
            the team and not of anyone in it, and it cannot be compared with that of another team.",
        picture: chart::columns(&sentence, &names, &[("of the commitment", kept), ("added later", more)]),
        heads: &["Sprint", "Committed", "Of that done", "Done in all"],
        rows: rows.collect(),
    }
    .show()
}

impl Velocity {
    pub fn done(&self, issues: bool) -> i64 {
        if issues { self.done_issues * 100 } else { self.done.0 }
    }
}

/// What is stored beside the report, so that lists need not read it.
pub(super) async fn store(tx: &mut Tx<'_>, sprint: Id<Sprint>, report: &Report) -> Result<()> {
    let Report { committed, done, kept, .. } = report;
    let update = sql!(
        "update sprints set committed = $3, committed_issues = $4, done = $5, done_issues = $6, kept = $7, kept_issues = $8,
                report = $9 where workspace_id = $1 and id = $2"
    );
    let text = serde_json::to_string(report).map_err(kernel::Error::internal)?;
    let Tally { issues: committed_issues, estimate: committed } = committed;
    tx.run(
        update,
        args![
            tx.workspace(),
            sprint,
            committed,
            committed_issues,
            done.estimate,
            done.issues,
            kept.estimate,
            kept.issues,
            text
        ],
    )
    .await
    .map(drop)
}
