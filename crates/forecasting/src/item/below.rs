//! When all issues below another one are done, or all that a project or a milestone holds: of several teams, some of which
//! wait for others. The end is the latest over all paths, drawn together, and no sum of dates.
use super::{IssueForecast, Item};
use crate::{
    answer::{days_until, percent, stated},
    capacity::Assumptions,
    course::{LEVELS, Reach},
    history::{ItemKind, SEED},
    outlook::{Found, Outlook},
};
use forecast::{Forecast, Futures, Plan, Stage, likelihood};
use jiff::civil::Date;
use kernel::{Course, Id, Result, Team, Tx, args, columns, list, sql};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use ui::date_long;

/// What is left below an issue, with what it waits for elsewhere.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Below {
    pub open: usize,
    /// Of how many of these another one has to be done before.
    pub waiting: usize,
    /// How much of what the teams finish is taken to be of this, in percent.
    pub focus: u32,
    /// The one that ends last comes first.
    pub teams: Vec<TeamLeft>,
    /// So many issues of the first team would have to go for 85 %; nothing where that is not needed or not enough.
    pub to_go: Option<usize>,
}

/// The part of one team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamLeft {
    pub team: Id<Team>,
    pub name: String,
    pub open: usize,
    /// All of its part is done by the end of this date with 85 %.
    pub likely_on: Option<Date>,
}

/// An open issue.
pub(crate) struct Row {
    pub issue_id: String,
    pub parent_id: Option<String>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub leaf: bool,
}
columns!(Row { issue_id, parent_id, team_id, team_name, leaf });

/// The answer, as it is given of an issue, a project or a milestone.
pub(crate) struct Answered {
    pub says: Vec<String>,
    pub chance: f64,
    pub likely: [Option<Date>; 4],
    pub weeks: Vec<(Date, f64)>,
    pub course: Course,
    pub below: Below,
}

/// Issues and levels that are looked at.
pub(crate) const MOST: usize = 1000;
const DEEPEST: usize = 20;
const FUTURES: usize = 3_000;
/// How much of the levels of teams moves together: an assumption, as for commitments.
const SHARED: f64 = 0.25;

pub(super) async fn of(
    tx: &mut Tx<'_>,
    item: &Item,
    focus: u32,
    empty: IssueForecast,
) -> Result<Result<IssueForecast, String>> {
    let rows = needed(tx, Vec::new(), &item.issue_id).await?;
    if rows.is_empty() {
        return Ok(Err("Nothing below it is open.".into()));
    }
    let found = answer(tx, &rows, empty.by, focus).await?;
    Ok(found.map(|Answered { says, chance, likely, weeks, course, below }| IssueForecast {
        says,
        chance: Some(chance),
        likely,
        weeks,
        course: Some(course),
        below: Some(below),
        ..empty
    }))
}

/// When all of these are done.
pub(crate) async fn answer(tx: &mut Tx<'_>, rows: &[Row], by: Date, focus: u32) -> Result<Result<Answered, String>> {
    let leaves: Vec<&Row> = rows.iter().filter(|row| row.leaf).collect();
    if rows.len() > MOST {
        return Ok(Err(format!("It takes more than {MOST} issues, which are too many to forecast at once.")));
    }
    let assumed = Assumptions { focus: f64::from(focus) / 100.0, ..Assumptions::default() };
    let teams = match forecasts(tx, &leaves, &assumed).await? {
        Ok(teams) => teams,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let blocks = blocks(tx, rows).await?;
    let waits = waits(rows, &blocks);
    let unordered = || "These issues cannot be put into an order.".to_owned();
    Ok(answered(&leaves, &teams, &waits, by, focus).ok_or_else(unordered))
}

/// Of each team that has one of the leaves, in the order in which they come.
async fn forecasts(
    tx: &mut Tx<'_>,
    leaves: &[&Row],
    assumed: &Assumptions,
) -> Result<Result<Vec<(Id<Team>, String, Forecast)>, String>> {
    let mut teams: Vec<(Id<Team>, &str)> = Vec::new();
    for leaf in leaves {
        if teams.iter().all(|(team, _)| *team != leaf.team_id) {
            teams.push((leaf.team_id, &leaf.team_name));
        }
    }
    let ids: Vec<Id<Team>> = teams.iter().map(|(team, _)| *team).collect();
    let found = Outlook::of_each(tx, &ids, Some(ItemKind::Issues), assumed).await?;
    let named = |((team, name), found): ((Id<Team>, &str), Found)| match found {
        Ok(outlook) => Ok((team, name.to_owned(), outlook.forecast)),
        Err(sentence) => Err(format!("{name}: {sentence}")),
    };
    Ok(teams.into_iter().zip(found).map(named).collect())
}

/// What is open below an issue or of what is held already, and what has to be done before some of that, level by level.
pub(crate) async fn needed(tx: &mut Tx<'_>, held: Vec<Row>, root: &str) -> Result<Vec<Row>> {
    let select = sql!(
        "select i.issue_id, i.parent_id, i.team_id, t.name as team_name, i.leaf
           from work_public_items i join teams t on t.workspace_id = i.workspace_id and t.id = i.team_id
          where i.workspace_id = $1 and $2 and i.finished_at is null
            and (i.parent_id in (select value from json_each(cast($3 as text)))
              or i.issue_id in (select b.issue_id from work_public_blocks b
                                 where b.workspace_id = $1
                                   and b.other_id in (select value from json_each(cast($3 as text)))))
          order by i.created_at, i.issue_id"
    );
    let mut found: BTreeMap<String, Row> = held.into_iter().map(|row| (row.issue_id.clone(), row)).collect();
    let mut level: Vec<String> = if root.is_empty() { found.keys().cloned().collect() } else { vec![root.to_owned()] };
    for _ in 0..DEEPEST {
        let rows: Vec<Row> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), list(&level)]).await?;
        let new = rows.into_iter().filter(|row| row.issue_id != root && !found.contains_key(&row.issue_id));
        let new: Vec<Row> = new.collect();
        level = new.iter().map(|row| row.issue_id.clone()).collect();
        found.extend(new.into_iter().map(|row| (row.issue_id.clone(), row)));
        if level.is_empty() || found.len() > MOST {
            break;
        }
    }
    Ok(found.into_values().collect())
}

/// Pairs of an issue and one that waits for it.
pub(crate) async fn blocks(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Vec<(String, String)>> {
    let select = sql!(
        "select b.issue_id, b.other_id from work_public_blocks b
          where b.workspace_id = $1 and b.other_id in (select value from json_each(cast($2 as text)))"
    );
    tx.all(select, args![tx.workspace(), list(rows.iter().map(|row| &row.issue_id))]).await
}

pub(crate) type Waits<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The leaves for which each leaf waits: what blocks it or an issue above it, or the leaves below what blocks it.
pub(crate) fn waits<'a>(rows: &'a [Row], blocks: &'a [(String, String)]) -> Waits<'a> {
    let above = |id: &'a str| -> Vec<&'a str> {
        let parent =
            |id: &&'a str| rows.iter().find(|row| row.issue_id == **id).and_then(|row| row.parent_id.as_deref());
        std::iter::successors(Some(id), parent).take(DEEPEST).collect()
    };
    let lines: Vec<(&Row, Vec<&str>)> =
        rows.iter().filter(|row| row.leaf).map(|row| (row, above(&row.issue_id))).collect();
    let mut waits = Waits::new();
    for (leaf, line) in &lines {
        let blockers: Vec<&str> =
            blocks.iter().filter(|(_, other)| line.contains(&other.as_str())).map(|(one, _)| one.as_str()).collect();
        let before = lines.iter().filter(|(other, line)| {
            other.issue_id != leaf.issue_id && line.iter().any(|above| blockers.contains(above))
        });
        waits.insert(&leaf.issue_id, before.map(|(other, _)| other.issue_id.as_str()).collect());
    }
    waits
}

/// The leaves in an order in which none comes before one of them that it waits for, those that wait for nothing first.
/// What waits for itself in a circle comes last, and waits no more.
pub(crate) fn in_order<'a>(leaves: &[&'a Row], waits: &Waits<'a>) -> Vec<&'a Row> {
    let here: BTreeSet<&str> = leaves.iter().map(|row| row.issue_id.as_str()).collect();
    let mut rest: Vec<&Row> = leaves.to_vec();
    let mut ordered: Vec<&Row> = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while !rest.is_empty() {
        let is_ready =
            |row: &&Row| waits[row.issue_id.as_str()].iter().all(|one| done.contains(one) || !here.contains(one));
        let (ready, waiting): (Vec<&Row>, Vec<&Row>) = rest.iter().partition(|row| is_ready(row));
        let (next, later) = if ready.is_empty() { (waiting, Vec::new()) } else { (ready, waiting) };
        done.extend(next.iter().map(|row| row.issue_id.as_str()));
        ordered.extend(next);
        rest = later;
    }
    ordered
}

/// The futures of all of it, and of each leaf in its order. Each leaf is a step of its team.
fn drawn(
    ordered: &[&Row],
    teams: &[(Id<Team>, String, Forecast)],
    waits: &Waits<'_>,
) -> Option<(Vec<Futures>, Futures)> {
    Some(plan(ordered, teams, waits)?.when_done(FUTURES, SEED))
}

fn plan(ordered: &[&Row], teams: &[(Id<Team>, String, Forecast)], waits: &Waits<'_>) -> Option<Plan> {
    let place: BTreeMap<&str, usize> =
        ordered.iter().enumerate().map(|(place, row)| (row.issue_id.as_str(), place)).collect();
    let stage = |(at, row): (usize, &&Row)| {
        let after = waits[row.issue_id.as_str()].iter().filter_map(|one| place.get(one).copied());
        let team = teams.iter().position(|(team, _, _)| *team == row.team_id)?;
        Some(Stage { team, items: 1, after: after.filter(|before| *before < at).collect() })
    };
    let stages: Option<Vec<Stage>> = ordered.iter().enumerate().map(stage).collect();
    let forecasts = teams.iter().map(|(_, _, forecast)| forecast.clone()).collect();
    Plan::new(forecasts, stages?, SHARED).ok()
}

/// How many of the leaves are done by when.
fn course(plan: &Plan, open: usize, by: Date, as_of: Date, likely: Option<Date>) -> Course {
    let days = days_until(as_of, by).ok();
    let at = |counts: &Vec<usize>| {
        LEVELS.map(|level| counts[((level * counts.len() as f64) as usize).min(counts.len() - 1)] as f64)
    };
    Reach { as_of, open: open as u64, days, end: "the date", likely }
        .course(|places| plan.ended_within(places, FUTURES, SEED).iter().map(at).collect())
}

fn answered(
    leaves: &[&Row],
    teams: &[(Id<Team>, String, Forecast)],
    waits: &Waits<'_>,
    by: Date,
    focus: u32,
) -> Option<Answered> {
    let ordered = in_order(leaves, waits);
    let plan = plan(&ordered, teams, waits)?;
    let (ends, whole) = plan.when_done(FUTURES, SEED);
    let last_of = |team: Id<Team>| ordered.iter().rposition(|row| row.team_id == team);
    let left = |(team, name, _): &(Id<Team>, String, Forecast)| TeamLeft {
        team: *team,
        name: name.clone(),
        open: leaves.iter().filter(|row| row.team_id == *team).count(),
        likely_on: last_of(*team).and_then(|place| ends[place].date_for(0.85)),
    };
    let mut left: Vec<TeamLeft> = teams.iter().map(left).collect();
    left.sort_by_key(|one| std::cmp::Reverse(one.likely_on.unwrap_or(Date::MAX)));
    let chance = whole.chance(by);
    let to_go = (chance < 0.85).then(|| to_go(&ordered, teams, waits, left[0].team, by)).flatten();
    let likely = [0.5, 0.7, 0.85, 0.95].map(|wanted| whole.date_for(wanted));
    let waiting = waits.values().filter(|before| !before.is_empty()).count();
    let below = Below { open: leaves.len(), waiting, focus, teams: left, to_go };
    let says = says(&below, by, chance, likely);
    let as_of = teams[0].2.as_of();
    let weeks = crate::answer::weeks(likely[3].or(likely[2]), as_of, |date| whole.chance(date));
    let course = course(&plan, leaves.len(), by, as_of, likely[2]);
    Some(Answered { says, chance, likely, weeks, course, below })
}

/// How many issues of a team for which nothing waits would have to go, the last first, so that the rest is done by a date
/// with 85 %.
fn to_go(
    ordered: &[&Row],
    teams: &[(Id<Team>, String, Forecast)],
    waits: &Waits<'_>,
    team: Id<Team>,
    by: Date,
) -> Option<usize> {
    let is_free =
        |row: &&&Row| row.team_id == team && waits.values().all(|before| !before.contains(row.issue_id.as_str()));
    let free: Vec<&str> = ordered.iter().rev().filter(is_free).map(|row| row.issue_id.as_str()).collect();
    let is_enough = |gone: usize| {
        let rest: Vec<&Row> =
            ordered.iter().copied().filter(|row| !free[..gone].contains(&row.issue_id.as_str())).collect();
        rest.is_empty() || drawn(&rest, teams, waits).is_some_and(|(_, whole)| whole.chance(by) >= 0.85)
    };
    let (mut too_few, mut enough) = (0, free.len());
    if !is_enough(enough) {
        return None;
    }
    while enough - too_few > 1 {
        let middle = (too_few + enough) / 2;
        *(if is_enough(middle) { &mut enough } else { &mut too_few }) = middle;
    }
    Some(enough)
}

fn says(below: &Below, by: Date, chance: f64, likely: [Option<Date>; 4]) -> Vec<String> {
    let issues = ItemKind::Issues.count(below.open as u64);
    let first = format!(
        "It is {} ({} %) that all {issues} are done by {}.",
        likelihood(chance),
        percent(chance),
        date_long(by)
    );
    let second = match (likely[0], likely[2]) {
        (Some(half), Some(sure)) => {
            format!(
                "They are {} to be done by {}, and {} by {}.",
                stated(50),
                date_long(half),
                stated(85),
                date_long(sure)
            )
        }
        (Some(half), None) => format!("They are {} to be done by {}.", stated(50), date_long(half)),
        _ => "No date in the next three years makes it even likely.".to_owned(),
    };
    let go = below.to_go.map(|count| {
        format!("For 85 %, {} of {} would have to go.", ItemKind::Issues.count(count as u64), below.teams[0].name)
    });
    let waiting = match below.waiting {
        0 => String::new(),
        1 => " One waits for another.".to_owned(),
        n => format!(" {n} wait for others."),
    };
    let teams = match below.teams.len() {
        1 => "One team does them".to_owned(),
        n => format!("{n} teams do them side by side"),
    };
    let focus = match below.focus {
        100 => "as if they did nothing else".to_owned(),
        focus => format!("with {focus} % of what they finish"),
    };
    [Some(first), Some(second), go, Some(format!("{teams}, {focus}.{waiting}"))].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
