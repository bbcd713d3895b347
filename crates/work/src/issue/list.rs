use super::{
    Issue, Priority, SELECT, VISIBLE,
    conditions::CONDITIONS,
    filter::{Bound, Filter},
    labels_of,
    way::{AMONG, EVERYWHERE, OF_TEAM, UNFINISHED, Way},
};
use crate::{
    custom::{Held, held_of},
    label::Label,
    query::{Mistake, Query, Sort},
};
use jiff::tz::TimeZone;
use kernel::{Actor, Bind, Error, Id, Method::Get, Operation, Result, Route, Sql, Team, Tx, Value, args, sql};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Issues that fit a query, in its order, a page at a time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListIssues {
    /// Such as `team:payments state:started updated:<5d -assignee:me sort:priority`. Without it, all issues.
    #[serde(default)]
    pub q: String,
    /// Only those of this team, whatever the query says.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Where the page before ended, as its `next` says.
    #[serde(default)]
    pub after: Option<String>,
    /// How many at the most, 1 to 200; 50 if left out.
    #[serde(default)]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IssuePage {
    pub issues: Vec<Listed>,
    /// What to give as `after` for the next page, if there is one.
    pub next: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listed {
    #[serde(flatten)]
    pub issue: Issue,
    pub labels: Vec<Label>,
    /// What it holds in fields that were added to issues.
    pub fields: Vec<Held>,
}

/// Issues with what hangs on each.
pub(super) async fn listed(tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<Vec<Listed>> {
    let ids: Vec<Id<Issue>> = issues.iter().map(|issue| issue.id).collect();
    let (mut labels, mut held) = (labels_of(tx, &ids).await?, held_of(tx, &ids).await?);
    let one = |issue: Issue| {
        let labels = labels.extract_if(.., |(of, _)| *of == issue.id).map(|(_, label)| label).collect();
        let fields = held.extract_if(.., |(of, _)| *of == issue.id).map(|(_, held)| held).collect();
        Listed { issue, labels, fields }
    };
    Ok(issues.into_iter().map(one).collect())
}

const PAGE: i64 = 50;

impl Operation for ListIssues {
    const NAME: &str = "issue.list";
    const ROUTE: Route = Route(Get, "/issues");
    const READS: bool = true;
    type Target = ();
    type Output = IssuePage;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<IssuePage> {
        let query: Query = self.q.parse().map_err(|mistake: Mistake| Error::from(mistake))?;
        let limit = self.limit.unwrap_or(PAGE).clamp(1, 200);
        let zone = own_zone(tx).await?;
        let sort = query.sort.unwrap_or_default();
        let start = Start::read(sort, self.after.as_deref())?;
        let mut issues: Vec<Issue> = Vec::new();
        for mut bound in Filter::each(tx, &query, &zone).await? {
            bound.team = self.team.map(|team| team.to_string()).or(bound.team);
            issues.extend(matching(tx, sort, &bound, &start, limit + 1).await?);
        }
        in_order(&mut issues, sort);
        let more = issues.len() as i64 > limit;
        issues.truncate(limit as usize);
        let next = issues.last().filter(|_| more).map(|last| Start::of(sort, last).to_string());
        Ok(IssuePage { issues: listed(tx, issues).await?, next })
    }
}

/// The zone of whoever asks, by which days begin.
pub(super) async fn own_zone(tx: &mut Tx<'_>) -> Result<TimeZone> {
    let zone = sql!("select zone from people where workspace_id = $1 and id = $2");
    let zone: Option<String> = tx.find(zone, args![tx.workspace(), tx.me()]).await?;
    Ok(zone.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC))
}

/// Where a page begins: behind the issue with this key of the order and this id.
struct Start {
    text: String,
    number: i64,
    id: String,
}

/// Orders that go by a number.
fn is_number(sort: Sort) -> bool {
    matches!(sort, Sort::Updated | Sort::Created | Sort::Priority)
}

fn descends(sort: Sort) -> bool {
    matches!(sort, Sort::Updated | Sort::Created)
}

impl Start {
    fn read(sort: Sort, after: Option<&str>) -> Result<Start> {
        let Some((key, id)) = after.and_then(|after| after.rsplit_once(' ')) else {
            let (number, id) = if descends(sort) { (i64::MAX, "~") } else { (i64::MIN, "") };
            return Ok(Start { text: String::new(), number, id: id.to_owned() });
        };
        let wrong = |_| Error::invalid("after", "Take what the page before says as `next`.");
        let number = if is_number(sort) { key.parse().map_err(wrong)? } else { 0 };
        Ok(Start { text: key.to_owned(), number, id: id.to_owned() })
    }

    fn of(sort: Sort, issue: &Issue) -> Start {
        let number = match sort {
            Sort::Updated => issue.updated_at.0,
            Sort::Created => issue.created_at.0,
            Sort::Priority if issue.priority == Priority::None => LAST_PRIORITY,
            _ => issue.priority as i64,
        };
        let text = match (sort, issue.due_on) {
            (Sort::Due, Some(day)) => day.to_string(),
            (Sort::Due, None) => "9999-12-31".to_owned(),
            (sort, _) if is_number(sort) => number.to_string(),
            _ => issue.rank.clone(),
        };
        Start { text, number, id: issue.id.to_string() }
    }
}

/// The first of several alternatives are among the first of each. What fits more than one is there once.
fn in_order(issues: &mut Vec<Issue>, sort: Sort) {
    let place = |issue: &Issue| {
        let Start { text, number, id } = Start::of(sort, issue);
        (if is_number(sort) { (number, String::new()) } else { (0, text) }, id)
    };
    issues.sort_by_cached_key(place);
    issues.dedup_by_key(|issue| issue.id);
    if descends(sort) {
        issues.reverse();
    }
}

/// Where issues without a priority stand in the order.
const LAST_PRIORITY: i64 = 5;

impl std::fmt::Display for Start {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.text, self.id)
    }
}

/// What fits is found by its id alone; all else is read of those that a page shows.
macro_rules! found {
    ($of_team:expr, $way:expr, $after:literal, $order:literal) => {
        sql!(
            SELECT,
            "where i.workspace_id = $1 and i.id in (select i.id from issues i where",
            VISIBLE,
            CONDITIONS,
            $of_team,
            $way,
            "and ",
            $after,
            " order by ",
            $order,
            " limit $62) order by ",
            $order
        )
    };
}

/// One statement for each order and way. `$of_team` limits what nothing narrows to a team, in the index that gives the order.
macro_rules! ordered {
    ($bound:expr, $of_team:expr, $after:literal, $order:literal) => {
        match (Way::to($bound), $bound.team.is_some()) {
            (Way::All, true) => found!($of_team, "", $after, $order),
            (Way::All, false) => found!(EVERYWHERE, "", $after, $order),
            (Way::Open, true) => found!(OF_TEAM, UNFINISHED, $after, $order),
            (Way::Open, false) => found!(EVERYWHERE, UNFINISHED, $after, $order),
            (Way::Few, _) => found!("", AMONG, $after, $order),
        }
    };
}

/// Compared so, a team leaves the order of all teams to its index.
const BESIDE: &str = " and i.team_id || '' = $3 ";

fn statement(sort: Sort, bound: &Bound) -> Sql {
    match sort {
        Sort::Rank => ordered!(bound, OF_TEAM, "(i.rank, i.id) > ($60, $61)", "i.rank, i.id"),
        Sort::Updated => ordered!(bound, BESIDE, "(i.updated_at, i.id) < ($60, $61)", "i.updated_at desc, i.id desc"),
        Sort::Created => ordered!(bound, BESIDE, "(i.created_at, i.id) < ($60, $61)", "i.created_at desc, i.id desc"),
        Sort::Priority => ordered!(
            bound,
            OF_TEAM,
            "(case when i.priority = 0 then 5 else i.priority end, i.id) > ($60, $61)",
            "case when i.priority = 0 then 5 else i.priority end, i.id"
        ),
        Sort::Due => ordered!(
            bound,
            OF_TEAM,
            "(coalesce(i.due_on, '9999-12-31'), i.id) > ($60, $61)",
            "coalesce(i.due_on, '9999-12-31'), i.id"
        ),
    }
}

async fn matching(tx: &mut Tx<'_>, sort: Sort, bound: &Bound, start: &Start, limit: i64) -> Result<Vec<Issue>> {
    let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
    let mut values: Vec<Value<'_>> = vec![workspace.bind(), belongs.bind()];
    values.extend(bound.values());
    values.push(if is_number(sort) { start.number.bind() } else { start.text.bind() });
    values.extend([start.id.bind(), limit.bind()]);
    tx.all(statement(sort, bound), &values).await
}
