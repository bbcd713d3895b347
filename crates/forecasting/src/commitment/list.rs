//! Delivery risk: open commitments by their chance, with what moved it.
use super::{
    Commitment, Ending, SELECT,
    chance::{Moved, What},
    snapshot::Stored,
};
use crate::answer::percent;
use forecast::likelihood;
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, columns, list, sql, words};
use people::{access::TEAM_VISIBLE, team::Record};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ui::{Answer, Cx, Head, Markup, chip, date_long, html};

/// The commitments, those that are least likely to be kept first.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCommitments {
    /// Those of one team, and those in which it has a part.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Open ones if left out.
    #[serde(default)]
    pub which: Option<OpenOrEnded>,
}

words! {
    pub enum OpenOrEnded {
        Open = "open",
        Ended = "ended",
    }
}

/// A commitment with its newest chance.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listed {
    pub commitment: Commitment,
    /// The day of the chance.
    pub on_date: Option<Date>,
    /// From 0 to 1; nothing where there is no forecast.
    pub chance: Option<f64>,
    /// The date by which it is done with 85 %.
    pub likely_on: Option<Date>,
    /// What moved the chance since a week before.
    pub moved: Option<Moved>,
    /// Why there is no chance, in a sentence.
    pub refused: Option<String>,
}

struct Newest {
    commitment_id: String,
    on_date: Date,
    chance: f64,
    likely_on: Option<Date>,
    known: String,
}
columns!(Newest { commitment_id, on_date, chance, likely_on, known });

const MOST: i64 = 500;

impl Operation for ListCommitments {
    const NAME: &str = "commitment.list";
    const ROUTE: Route = Route(Get, "/commitments");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Listed>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            Record::visible(tx, team).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Listed>> {
        let ended = self.which == Some(OpenOrEnded::Ended);
        let select = sql!(
            SELECT,
            "where",
            TEAM_VISIBLE,
            "and (c.ending is not null) = $3
             and (cast($4 as text) is null or c.team_id = $4 or exists (
                  select 1 from commitment_parts p
                   where p.workspace_id = $1 and p.commitment_id = c.id and p.team_id = $4))
             order by c.promised_on, c.id limit $5"
        );
        let found: Vec<Commitment> =
            tx.all(select, args![tx.workspace(), tx.actor().belongs(), ended, self.team, MOST]).await?;
        let mut newest = newest(tx, &found).await?;
        let mut all: Vec<Listed> =
            found.into_iter().map(|one| Listed::of(newest.remove(one.id.as_str()), one)).collect::<Result<_>>()?;
        if !ended {
            all.sort_by(|one, other| one.chance.unwrap_or(2.0).total_cmp(&other.chance.unwrap_or(2.0)));
        }
        Ok(all)
    }
}

async fn newest(tx: &mut Tx<'_>, found: &[Commitment]) -> Result<BTreeMap<String, Newest>> {
    let select = sql!(
        "select s.commitment_id, s.on_date, s.chance, s.likely_on, s.known from commitment_snapshots s
          where s.workspace_id = $1 and s.commitment_id in (select value from json_each(cast($2 as text)))
            and s.on_date = (select max(l.on_date) from commitment_snapshots l
                              where l.workspace_id = $1 and l.commitment_id = s.commitment_id)"
    );
    let ids = list(found.iter().map(|one| one.id));
    let rows: Vec<Newest> = tx.all(select, args![tx.workspace(), ids]).await?;
    Ok(rows.into_iter().map(|one| (one.commitment_id.clone(), one)).collect())
}

impl Listed {
    fn of(newest: Option<Newest>, commitment: Commitment) -> Result<Listed> {
        let Some(newest) = newest else {
            return Ok(Listed { commitment, on_date: None, chance: None, likely_on: None, moved: None, refused: None });
        };
        let stored: Stored = serde_json::from_str(&newest.known).map_err(Error::internal)?;
        Ok(Listed {
            commitment,
            on_date: Some(newest.on_date),
            chance: Some(newest.chance).filter(|_| stored.refused.is_none()),
            likely_on: newest.likely_on,
            moved: stored.moved,
            refused: stored.refused,
        })
    }
}

/// What a team has promised, with its chance.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Promised {
    pub id: Id<Commitment>,
    pub name: String,
    pub promised_on: Date,
    /// From 0 to 1; nothing where there is no forecast.
    pub chance: Option<f64>,
}

struct PromisedRow {
    id: Id<Commitment>,
    name: String,
    promised_on: Date,
    chance: Option<f64>,
    known: Option<String>,
    of_team: bool,
}
columns!(PromisedRow { id, name, promised_on, chance, known, of_team });

/// The open commitments of a team that the actor sees, and those in which it has a part or open issues that are counted, the
/// next first.
pub async fn promised(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Promised>> {
    let select = sql!(
        "select c.id, c.name, c.promised_on, s.chance, s.known, (c.team_id = $3 or exists (
                select 1 from commitment_parts p
                 where p.workspace_id = $1 and p.commitment_id = c.id and p.team_id = $3)) as of_team
           from commitments c
           left join commitment_snapshots s on s.workspace_id = c.workspace_id and s.commitment_id = c.id
            and s.on_date = (select max(l.on_date) from commitment_snapshots l
                              where l.workspace_id = c.workspace_id and l.commitment_id = c.id)
          where c.workspace_id = $1 and $2 and c.ending is null
            and (c.team_id = $3 or s.known like '%' || $3 || '%' or exists (
                select 1 from commitment_parts p
                 where p.workspace_id = $1 and p.commitment_id = c.id and p.team_id = $3))
          order by c.promised_on, c.id limit $4"
    );
    let rows: Vec<PromisedRow> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), team, MOST]).await?;
    let one = |row: PromisedRow| {
        let stored: Stored = row.known.map_or(Ok(Stored::default()), |known| serde_json::from_str(&known))?;
        let counts = stored.stand.iter().flat_map(|stand| &stand.parts).any(|part| part.team == team);
        let is_forecast = stored.stand.is_some() && stored.refused.is_none();
        let PromisedRow { id, name, promised_on, chance, of_team, .. } = row;
        let chance = chance.filter(|_| is_forecast);
        Ok((of_team || counts).then_some(Promised { id, name, promised_on, chance }))
    };
    rows.into_iter()
        .filter_map(|row| one(row).transpose())
        .collect::<Result<_, serde_json::Error>>()
        .map_err(Error::internal)
}

/// `GET /commitments`
pub async fn page(cx: Cx) -> Answer {
    let all = cx.read_here::<ListCommitments>().await?;
    let ended = cx.text("which") == "ended";
    let low = all.iter().filter(|one| one.chance.is_some_and(|chance| chance < 0.66)).count();
    let lead = match (ended, low) {
        (true, _) => "What became of what was promised.".to_owned(),
        (false, 0) => "Every promise with a forecast is likely to be kept.".to_owned(),
        (false, 1) => "One promise is not likely to be kept as it stands.".to_owned(),
        (false, n) => format!("{n} promises are not likely to be kept as they stand."),
    };
    let lead = if all.is_empty() { "What teams have promised to whom, by their chance." } else { &lead };
    let actions = html! {
        a.button href="/forecasts/record" { "Track record" }
        a.button.primary href="/commitments/new" data-key="c" data-key-label="Write down a commitment" { "Write one down" kbd { "C" } }
    };
    let body = html! {
        (Head { title: "Commitments", lead, actions: Some(actions), ..Head::default() }.show())
        div.stack { nav.segments aria-label="Which" {
            a href="/commitments" aria-current=[(!ended).then_some("true")] { "Open" }
            a href="/commitments?which=ended" aria-current=[ended.then_some("true")] { "Ended" }
        }
        @if all.is_empty() { (nothing(ended)) } @else { (table(&cx, &all, ended)) } }
    };
    Ok(cx.live_page("Commitments", &["commitment", "team"], body))
}

fn nothing(ended: bool) -> Markup {
    match ended {
        true => ui::empty("No commitment has ended yet.", None),
        false => ui::empty(
            "Nothing is promised. Write down what a team promised to somebody by a date, and its chance is followed here.",
            Some(("/commitments/new", "Write one down")),
        ),
    }
}

fn table(cx: &Cx, all: &[Listed], ended: bool) -> Markup {
    html! {
        section.card { table.data.listed {
            caption.vh { "Commitments by chance" }
            thead { tr { th scope="col" { "Promise" } th scope="col" { "By" } th scope="col" { @if ended { "Ended" } @else { "Chance" } }
                @if !ended { th scope="col" { "Likely by" } th scope="col" { "Since last week" } } } }
            tbody { @for one in all { tr id={ "commitment-" (one.commitment.id) } {
                td {
                    a href={ "/commitments/" (one.commitment.id) } { (one.commitment.name) }
                    p.small.muted { (one.commitment.team_name) @if !one.commitment.promised_to.is_empty() { ", to " (one.commitment.promised_to) } }
                }
                td data-label="By" { (ui::date(one.commitment.promised_on, cx.today())) }
                @if ended { td data-label="Ended" { (ending_chip(one.commitment.ending)) } } @else {
                    td data-label="Chance" { (chance_chip(one)) }
                    td data-label="Likely by" { @match one.likely_on { Some(date) => (date_long(date)), None => span.muted { "Unknown" } } }
                    td data-label="Since last week" { @match &one.moved { Some(moved) => (change(moved, one.chance.unwrap_or_default())), None => span.muted { "New" } } }
                }
            } } }
        } }
        @if !ended { p.small.muted { "Chances are computed every few hours. 85 % is what Cairn calls likely enough to promise; see the " a.link href="/forecasts/record" { "track record" } "." } }
    }
}

fn chance_chip(one: &Listed) -> Markup {
    match one.chance {
        Some(chance) => chip(state(chance), &format!("{} %, {}", percent(chance), likelihood(chance))),
        None => html! { span.muted { (one.refused.as_deref().unwrap_or("Not known yet")) } },
    }
}

/// The colour of a chance.
pub fn state(chance: f64) -> &'static str {
    match chance {
        0.85.. => "good",
        0.5.. => "warn",
        _ => "bad",
    }
}

pub fn ending_chip(ending: Option<Ending>) -> Markup {
    match ending {
        Some(Ending::Kept) => chip("good", "Kept"),
        Some(Ending::Missed) => chip("bad", "Missed"),
        Some(Ending::Dropped) => chip("line", "Dropped"),
        None => chip("info", "Open"),
    }
}

fn change(moved: &Moved, chance: f64) -> Markup {
    let points = ((chance - moved.from) * 100.0).round() as i64;
    html! {
        @match points { 0 => span.muted { "No change" }, 1.. => span { "Up " (points) " points" }, _ => span { "Down " (-points) " points" } }
        @if let (Some(first), true) = (moved.moves.first(), points != 0) { p.small.muted { "Mostly " (what(first.what).to_lowercase()) } }
    }
}

/// A factor as a page says it.
pub fn what(what: What) -> &'static str {
    match what {
        What::Scope => "Scope",
        What::Pace => "Pace",
        What::People => "Leave and people",
        What::OtherTeams => "Other teams",
        What::Date => "The promised date",
        What::Corrected => "Learned later",
    }
}
