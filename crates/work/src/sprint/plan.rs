use super::{Sprint, Stage, list::cadence};
use crate::team::{Kept, Work};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Result, Route, Team, Tx, args, columns, json, sql,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Plan a sprint. What is left out follows from the sprint before and the cadence of the team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSprint {
    pub team: Id<Team>,
    /// `Sprint 12` if left out.
    #[serde(default)]
    pub name: Option<Name<120>>,
    /// The first day; that after the sprint before, or the coming Monday, if left out.
    #[serde(default)]
    pub first_on: Option<Date>,
    /// The last day, included; by the cadence, or after two weeks, if left out.
    #[serde(default)]
    pub last_on: Option<Date>,
    #[serde(default)]
    pub goal: Line<300>,
}

/// Change the plan of a sprint that has not begun, or the name of one that runs. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditSprint {
    pub sprint: Id<Sprint>,
    pub name: Option<Name<120>>,
    pub first_on: Option<Date>,
    pub last_on: Option<Date>,
    pub goal: Option<Line<300>>,
    /// What the team commits to, in words. Markdown, like the three that follow.
    pub commitment: Option<Markdown>,
    pub risks: Option<Markdown>,
    pub away: Option<Markdown>,
    pub left_out: Option<Markdown>,
}

/// The plan as it was written, in Markdown.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Plan {
    pub commitment: String,
    pub risks: String,
    pub away: String,
    pub left_out: String,
}
columns!(Plan { commitment, risks, away, left_out });

/// A sprint lasts at most so many days.
const LONGEST: i32 = 92;

impl Operation for PlanSprint {
    const NAME: &str = "sprint.plan";
    const ROUTE: Route = Route(Post, "/teams/{team}/sprints");
    type Target = Kept;
    type Output = Sprint;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Sprint> {
        if kept.team.archived_at.is_some() {
            return Err(Error::invalid("team", "This team is archived and plans no more sprints."));
        }
        Work::begun(tx, self.team, &kept.team.name).await?;
        let proposed = Proposed::of(tx, self.team).await?;
        let first_on = self.first_on.unwrap_or(proposed.first_on);
        let last_on = self.last_on.unwrap_or_else(|| proposed.last_of(first_on));
        check(first_on, last_on)?;
        let id: Id<Sprint> = tx.id();
        let name = self.name.as_deref().map_or_else(|| proposed.name(), str::to_owned);
        let insert = sql!(
            "insert into sprints (workspace_id, id, team_id, number, name, first_on, last_on, zone, goal, created_at,
               created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                self.team,
                proposed.number,
                name,
                first_on,
                last_on,
                proposed.zone,
                self.goal,
                tx.now(),
                tx.me()
            ],
        )
        .await?;
        tx.record("sprint.planned", id, json!({ "team": self.team, "name": name }));
        Sprint::visible(tx, id).await
    }
}

/// What a new sprint is to be, if nobody says otherwise.
pub(super) struct Proposed {
    pub number: i64,
    pub first_on: Date,
    pub zone: String,
    pub weeks: i64,
}

impl Proposed {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Proposed> {
        let (weeks, zone) = cadence(tx, team).await?;
        let own = sql!("select zone from people where workspace_id = $1 and id = $2");
        let zone = match zone {
            Some(zone) => zone,
            None => tx.find(own, args![tx.workspace(), tx.me()]).await?.unwrap_or_else(|| "UTC".to_owned()),
        };
        let last = sql!("select max(number), max(last_on) from sprints where workspace_id = $1 and team_id = $2");
        let (number, last): (Option<i64>, Option<Date>) = tx.one(last, args![tx.workspace(), team]).await?;
        let today = tx.now().date(&TimeZone::get(&zone).unwrap_or(TimeZone::UTC));
        let after = last.and_then(|last| last.tomorrow().ok()).filter(|day| *day >= today);
        let first_on = after.map_or_else(|| next_monday(today), working);
        Ok(Proposed { number: number.unwrap_or(0) + 1, first_on, zone, weeks: weeks.unwrap_or(2) })
    }

    pub fn name(&self) -> String {
        format!("Sprint {}", self.number)
    }

    /// With whole weeks, the day before the one with which the next begins; on a Friday rather than at the weekend.
    pub fn last_of(&self, first: Date) -> Date {
        let last = first.saturating_add(self.weeks.weeks()).yesterday().unwrap_or(first);
        let back = match last.weekday() {
            Weekday::Sunday => 2,
            Weekday::Saturday => 1,
            _ => 0,
        };
        last.saturating_sub(back.days()).max(first)
    }
}

/// That day, or the Monday behind the weekend in which it lies.
fn working(day: Date) -> Date {
    if day.weekday().to_monday_one_offset() > 5 { next_monday(day) } else { day }
}

fn next_monday(day: Date) -> Date {
    let ahead = (8 - i64::from(day.weekday().to_monday_one_offset())) % 7;
    day.saturating_add(ahead.days())
}

fn check(first: Date, last: Date) -> Result<()> {
    match (last - first).get_days() {
        ..0 => Err(Error::invalid("last_on", "A sprint cannot end before it begins.")),
        0..LONGEST => Ok(()),
        _ => Err(Error::invalid("last_on", format!("A sprint lasts at most {LONGEST} days."))),
    }
}

impl Operation for EditSprint {
    const NAME: &str = "sprint.edit";
    const ROUTE: Route = Route(Patch, "/sprints/{sprint}");
    type Target = (Sprint, Kept);
    type Output = Sprint;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Sprint::kept(tx, self.sprint).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Sprint> {
        self.write(tx, old).await
    }
}

impl EditSprint {
    /// Writes the plan of a sprint, whoever was allowed to.
    pub(crate) async fn write(&self, tx: &mut Tx<'_>, old: Sprint) -> Result<Sprint> {
        self.still_open(&old)?;
        let (first_on, last_on) = (self.first_on.unwrap_or(old.first_on), self.last_on.unwrap_or(old.last_on));
        check(first_on, last_on)?;
        let update = sql!(
            "update sprints set name = $3, first_on = $4, last_on = $5, goal = $6,
                    commitment = coalesce($7, commitment), risks = coalesce($8, risks), away = coalesce($9, away),
                    left_out = coalesce($10, left_out)
              where workspace_id = $1 and id = $2"
        );
        let name = self.name.as_deref().unwrap_or(&old.name);
        let goal = self.goal.as_deref().unwrap_or(&old.goal);
        let texts = [&self.commitment, &self.risks, &self.away, &self.left_out].map(|text| text.as_deref());
        let [commitment, risks, away, left_out] = texts;
        tx.run(update, args![tx.workspace(), old.id, name, first_on, last_on, goal, commitment, risks, away, left_out])
            .await?;
        tx.record("sprint.changed", old.id, json!({ "name": name }));
        Sprint::visible(tx, old.id).await
    }

    fn still_open(&self, old: &Sprint) -> Result<()> {
        let texts = [&self.commitment, &self.risks, &self.away, &self.left_out];
        let plans = self.first_on.is_some()
            || self.last_on.is_some()
            || self.goal.is_some()
            || texts.iter().any(|text| text.is_some());
        match old.stage {
            Stage::Closed => Err(Error::conflict("This sprint is closed and does not change any more.")),
            Stage::Running if plans => Err(Error::conflict(
                "What was planned is fixed since the sprint began. Say in the conversation what is different.",
            )),
            _ => Ok(()),
        }
    }
}

/// The plan of a sprint.
pub(super) async fn written(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Plan> {
    let select = sql!("select commitment, risks, away, left_out from sprints where workspace_id = $1 and id = $2");
    tx.one(select, args![tx.workspace(), sprint]).await
}
