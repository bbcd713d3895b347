use super::{
    super::{Template, topic},
    Occurrence, Recurrence, Rhythm, SELECT, VISIBLE,
    make::working_days,
    next,
};
use crate::{team::Kept, triage};
use jiff::civil::{Date, Time as TimeOfDay};
use kernel::{
    Actor, Error, Flaws, Id,
    Method::{Get, Patch, Post},
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::Line,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Let issues be made of a template again and again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRecurrence {
    pub template: Id<Template>,
    pub rhythm: Rhythm,
    /// The time of day in the zone of the team's triage, such as `09:00`, which it is if left out.
    #[serde(default)]
    pub at: Line<5>,
    /// The first day on which it may be made; tomorrow if left out.
    #[serde(default)]
    pub first_on: Option<Date>,
}

/// Let what recurs rest, or go on from tomorrow.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRecurrence {
    pub recurrence: Id<Recurrence>,
    pub paused: bool,
}

/// Skip the next time with a reason.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipOccurrence {
    pub recurrence: Id<Recurrence>,
    pub reason: Line<200>,
}

/// What recurs in a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRecurrences {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecurrenceList {
    pub team_id: Id<Team>,
    pub team_name: String,
    pub recurrences: Vec<Recurrence>,
    /// The latest first, at most 50.
    pub occurrences: Vec<Occurrence>,
    pub may_change: bool,
}

impl Operation for AddRecurrence {
    const NAME: &str = "recurrence.add";
    const ROUTE: Route = Route(Post, "/issue-templates/{template}/recurrences");
    type Target = (Template, Kept);
    type Output = Recurrence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let template = Template::visible(tx, self.template, false).await?;
        let kept = Kept::visible(tx, template.team_id).await?;
        Ok((template, kept))
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (template, _): Self::Target) -> Result<Recurrence> {
        let at = self.check(&template)?;
        let zone = triage::zone_of(tx, template.team_id).await?;
        let today = tx.now().date(&zone);
        let first_on = self.first_on.unwrap_or_else(|| today.tomorrow().unwrap_or(today));
        if first_on <= today {
            return Err(Error::invalid("first_on", "Choose a day from tomorrow on."));
        }
        let works = working_days(tx, &template, first_on).await?;
        let never = || Error::invalid("rhythm", "This never comes.");
        let (next_on, next_at) = next(&self.rhythm, first_on, first_on, at, &zone, works).ok_or_else(never)?;
        let (id, me, now): (Id<Recurrence>, _, _) = (tx.id(), tx.me(), tx.now());
        let rhythm = serde_json::to_string(&self.rhythm).map_err(Error::internal)?;
        let insert = sql!(
            "insert into recurrences (workspace_id, id, template_id, rhythm, time_of_day, zone, first_on, next_on, next_at,
               created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let (workspace, at) = (tx.workspace(), at.strftime("%H:%M").to_string());
        let zone = zone.iana_name().unwrap_or("Etc/UTC").to_owned();
        tx.run(insert, args![workspace, id, template.id, rhythm, at, zone, first_on, next_on, next_at, me, now])
            .await?;
        tx.record("recurrence.added", id, json!({ "template": template.name }));
        tx.touch(topic(template.team_id));
        Ok(Recurrence::kept(tx, id).await?.0)
    }
}

impl AddRecurrence {
    fn check(&self, template: &Template) -> Result<TimeOfDay> {
        let mut flaws = Flaws::default();
        let Rhythm { days, every_weeks, day_of_month, .. } = &self.rhythm;
        let some = days.is_empty() == day_of_month.is_some();
        flaws.unless(some, "days", "Choose days of the week, or one day of the month.");
        flaws.unless((1..=12).contains(every_weeks), "every_weeks", "Choose 1 to 12 weeks.");
        flaws.unless(day_of_month.is_none_or(|day| (1..=31).contains(&day)), "day_of_month", "Choose 1 to 31.");
        let titled = !template.content.title.is_empty();
        flaws.unless(titled, "template", "Give the template a title first, as nobody is there to write one.");
        let at = if self.at.is_empty() { "09:00" } else { &*self.at };
        let read = TimeOfDay::strptime("%H:%M", at);
        flaws.unless(read.is_ok(), "at", "Write a time of day, such as 09:00.");
        flaws.check()?;
        read.map_err(Error::internal)
    }
}

impl Operation for EditRecurrence {
    const NAME: &str = "recurrence.edit";
    const ROUTE: Route = Route(Patch, "/recurrences/{recurrence}");
    type Target = (Recurrence, Kept);
    type Output = Recurrence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Recurrence::kept(tx, self.recurrence).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Recurrence> {
        let paused_at = self.paused.then(|| old.paused_at.unwrap_or(tx.now()));
        let update = sql!("update recurrences set paused_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, paused_at]).await?;
        if !self.paused && old.next_at <= tx.now() {
            let today = tx.now().date(&old.zone());
            super::make::go_on(tx, &old, today.tomorrow().unwrap_or(today)).await?;
        }
        tx.record("recurrence.changed", old.id, json!({ "paused": self.paused }));
        tx.touch(topic(old.team_id));
        Ok(Recurrence::kept(tx, old.id).await?.0)
    }
}

impl Operation for SkipOccurrence {
    const NAME: &str = "recurrence.skip";
    const ROUTE: Route = Route(Post, "/recurrences/{recurrence}/skips");
    type Target = (Recurrence, Kept);
    type Output = Recurrence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Recurrence::kept(tx, self.recurrence).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Recurrence> {
        if self.reason.trim().is_empty() {
            return Err(Error::invalid("reason", "Say why it is skipped."));
        }
        super::make::note(tx, &old, None, &self.reason).await?;
        super::make::go_on(tx, &old, old.next_on.tomorrow().unwrap_or(old.next_on)).await?;
        tx.record("recurrence.skipped", old.id, json!({ "on": old.next_on, "reason": self.reason }));
        tx.touch(topic(old.team_id));
        Ok(Recurrence::kept(tx, old.id).await?.0)
    }
}

impl Operation for ListRecurrences {
    const NAME: &str = "recurrence.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/recurrences");
    const READS: bool = true;
    type Target = Kept;
    type Output = RecurrenceList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<RecurrenceList> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and x.team_id = $3 and x.deleted_at is null order by c.next_at, c.id limit 200"
        );
        let past = sql!(
            "select o.recurrence_id, o.on_date, o.issue_id, w.key || '-' || cast(i.number as text) as key, o.skipped
               from recurrence_occurrences o
               join recurrences c on c.workspace_id = o.workspace_id and c.id = o.recurrence_id
               join issue_templates x on x.workspace_id = c.workspace_id and x.id = c.template_id
               left join issues i on i.workspace_id = o.workspace_id and i.id = o.issue_id
               left join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
              where o.workspace_id = $1 and $2 and x.team_id = $3 order by o.on_date desc, o.recurrence_id limit 50"
        );
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        Ok(RecurrenceList {
            team_id: self.team,
            recurrences: tx.all(select, args![workspace, belongs, self.team]).await?,
            occurrences: tx.all(past, args![workspace, belongs, self.team]).await?,
            may_change: kept.may_change(tx.actor()),
            team_name: kept.team.name,
        })
    }
}
