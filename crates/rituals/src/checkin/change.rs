use super::{
    Checkin,
    start::{add_question, asked, check_goals, check_hours, days, minute},
    sweep::horizon,
};
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Result, Route, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change a check-in from its next round on. What is left out stays as it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCheckin {
    pub checkin: Id<Checkin>,
    #[serde(default)]
    pub name: Option<Name<80>>,
    #[serde(default)]
    pub days: Option<Vec<super::Day>>,
    #[serde(default)]
    pub opens: Option<Line<5>>,
    #[serde(default)]
    pub hours: Option<i64>,
    /// All of them; those that are not named are not asked any more, and their answers stay.
    #[serde(default)]
    pub questions: Option<Vec<Line<200>>>,
    #[serde(default)]
    pub goals: Option<Markdown>,
    #[serde(default)]
    pub proposes_work: Option<bool>,
    #[serde(default)]
    pub asks_mood: Option<bool>,
}

impl Operation for EditCheckin {
    const NAME: &str = "checkin.edit";
    const ROUTE: Route = Route(Patch, "/checkins/{checkin}");
    type Target = Checkin;
    type Output = Checkin;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }

    fn allows(actor: &Actor, _: &Checkin) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<Checkin> {
        let chosen = self.days.as_deref().map(days).transpose()?.unwrap_or(checkin.days);
        let opens = self.opens.as_deref().map(minute).transpose()?.unwrap_or(checkin.opens_minute);
        let hours = self.hours.unwrap_or(checkin.hours);
        let goals = self.goals.as_deref().unwrap_or(&checkin.goals);
        check_hours(hours)?;
        check_goals(goals)?;
        if let Some(questions) = &self.questions {
            ask_instead(tx, checkin.id, &asked(questions)?).await?;
        }
        let update = sql!(
            "update checkins set name = $3, days = $4, opens_minute = $5, hours = $6, goals = $7, proposes_work = $8,
                    asks_mood = $9 where workspace_id = $1 and id = $2"
        );
        let name = self.name.as_deref().unwrap_or(&checkin.name);
        let (proposes, mood) =
            (self.proposes_work.unwrap_or(checkin.proposes_work), self.asks_mood.unwrap_or(checkin.asks_mood));
        tx.run(update, args![tx.workspace(), checkin.id, name, chosen, opens, hours, goals, proposes, mood]).await?;
        tx.record("checkin.changed", checkin.id, json!({}));
        Checkin::visible(tx, checkin.id).await
    }
}

/// Questions with the same words go on with their answers.
async fn ask_instead(tx: &mut Tx<'_>, checkin: Id<Checkin>, wanted: &[&str]) -> Result<()> {
    let drop = sql!(
        "update checkin_questions set dropped_at = $3
          where workspace_id = $1 and checkin_id = $2 and dropped_at is null"
    );
    let now = tx.now();
    tx.run(drop, args![tx.workspace(), checkin, now]).await?;
    for (position, words) in wanted.iter().enumerate() {
        let again = sql!(
            "update checkin_questions set dropped_at = null, position = $4
              where workspace_id = $1 and checkin_id = $2 and words = $3"
        );
        if tx.run(again, args![tx.workspace(), checkin, *words, position as i64]).await? == 0 {
            add_question(tx, checkin, position, words).await?;
        }
    }
    Ok(())
}

/// End a check-in: no round opens any more, and what was answered stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCheckin {
    pub checkin: Id<Checkin>,
}

impl Operation for EndCheckin {
    const NAME: &str = "checkin.end";
    const ROUTE: Route = Route(Post, "/checkins/{checkin}/end");
    type Target = Checkin;
    type Output = Checkin;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }

    fn allows(actor: &Actor, _: &Checkin) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<Checkin> {
        if checkin.ended_at.is_some() {
            return Err(Error::conflict("This check-in has ended already."));
        }
        let now = tx.now();
        let update = sql!("update checkins set ended_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), checkin.id, now]).await?;
        tx.record("checkin.ended", checkin.id, json!({}));
        Checkin::visible(tx, checkin.id).await
    }
}

/// Take up a check-in that was ended.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeCheckin {
    pub checkin: Id<Checkin>,
}

impl Operation for ResumeCheckin {
    const NAME: &str = "checkin.resume";
    const ROUTE: Route = Route(Post, "/checkins/{checkin}/resume");
    type Target = Checkin;
    type Output = Checkin;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }

    fn allows(actor: &Actor, _: &Checkin) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<Checkin> {
        // The days that went by without it stay without.
        let update = sql!(
            "update checkins set ended_at = null,
                    planned_through = case when planned_through < $3 then cast($3 as text) else planned_through end
              where workspace_id = $1 and id = $2"
        );
        let before = horizon(tx.now()).saturating_sub(jiff::Span::new().days(2));
        tx.run(update, args![tx.workspace(), checkin.id, before]).await?;
        tx.record("checkin.resumed", checkin.id, json!({}));
        Checkin::visible(tx, checkin.id).await
    }
}
