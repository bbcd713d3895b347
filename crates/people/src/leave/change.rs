use super::{Absence, Kind, Leave, Stretch, absence::entered, enter::can_take_over, form::LeaveForm};
use crate::{
    access::{Nearness, today},
    person::{Record, choices::with_ids},
};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Id,
    Method::Patch,
    Operation, Person, Result, Route, Tx, args, json, sql,
    text::{Line, Markdown},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Submitted};

/// Change a leave. What is left out stays. Whoever takes over is asked again when the dates change.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeLeave {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
    pub kind: Option<Kind>,
    pub first_on: Option<Date>,
    pub last_on: Option<Date>,
    /// The hours of one day, such as `14:00-18:00`; an empty text makes it whole days.
    #[serde(default)]
    pub hours: Change<Line<60>>,
    pub note: Option<Line<300>>,
    #[serde(default)]
    pub handover_to: Change<Id<Person>>,
    pub handover_note: Option<Markdown>,
}

impl Operation for ChangeLeave {
    const NAME: &str = "leave.change";
    const ROUTE: Route = Route(Patch, "/leaves/{leave}");
    type Target = (Leave, Nearness, Option<Record>);
    type Output = Absence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let leave = Leave::visible(tx, self.leave).await?;
        let near = Nearness::of(tx, leave.person_id).await?;
        let receiver = match self.handover_to {
            Change::Set(id) => Some(Record::visible(tx, id).await?),
            _ => None,
        };
        Ok((leave, near, receiver))
    }

    fn allows(actor: &Actor, (_, near, _): &Self::Target) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, near, receiver): Self::Target) -> Result<Absence> {
        let (id, person, before) = (old.id, old.person_id, old.stretch()?);
        let time = self.time(&old)?;
        if time != before {
            time.check(today(tx))?;
            time.refuse_overlap(&entered(tx, person, &time, Some(id)).await?, today(tx))?;
        }
        let handover_to = self.handover_to.clone().apply(old.handover_to);
        if handover_to != old.handover_to {
            can_take_over(person, receiver.as_ref())?;
        }
        let asks = handover_to != old.handover_to || time != before;
        self.update(tx, &old, &time, handover_to).await?;
        if asks {
            ask_again(tx, id).await?;
        }
        tx.record("leave.changed", id, json!({ "person": person, "first_on": time.first_on, "last_on": time.last_on }));
        if let Some(to) = handover_to.filter(|_| asks) {
            tx.record("leave.handover_asked", id, json!({ "person": person, "to": to }));
        }
        Ok(Leave::visible(tx, id).await?.seen_by(tx.actor(), near))
    }
}

impl ChangeLeave {
    fn time(&self, old: &Leave) -> Result<Stretch> {
        let hours = match &self.hours {
            Change::Keep => old.hours.as_deref().unwrap_or_default(),
            Change::Clear => "",
            Change::Set(hours) => hours,
        };
        Stretch::read(self.first_on.unwrap_or(old.first_on), Some(self.last_on.unwrap_or(old.last_on)), hours)
    }

    async fn update(&self, tx: &mut Tx<'_>, old: &Leave, time: &Stretch, to: Option<Id<Person>>) -> Result<()> {
        let update = sql!(
            "update leaves set kind = $3, first_on = $4, last_on = $5, hours = $6, note = $7, handover_to = $8,
                    handover_note = $9
              where workspace_id = $1 and id = $2"
        );
        let hours = time.hours.as_ref().map(ToString::to_string);
        let note = self.note.as_deref().unwrap_or(&old.note);
        let handover_note = match to {
            Some(_) => self.handover_note.as_deref().unwrap_or(&old.handover_note),
            None => "",
        };
        tx.run(
            update,
            args![
                tx.workspace(),
                old.id,
                self.kind.unwrap_or(old.kind),
                time.first_on,
                time.last_on,
                hours,
                note,
                to,
                handover_note,
            ],
        )
        .await?;
        Ok(())
    }
}

/// What was accepted or declined was something else.
pub(super) async fn ask_again(tx: &mut Tx<'_>, leave: Id<Leave>) -> Result<()> {
    let forget = sql!(
        "update leaves set handover_accepted_at = null, handover_declined_at = null, handover_reason = ''
          where workspace_id = $1 and id = $2"
    );
    tx.run(forget, args![tx.workspace(), leave]).await?;
    Ok(())
}

/// `GET /leaves/{leave}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let page = LeaveForm::of_leave(&cx, cx.text("leave").parse()?).await?;
    Ok(cx.page(&page.title(), page.show(&cx, &page.state(), None)))
}

/// `POST /leaves/{leave}`
pub async fn save(form: Submitted) -> Answer {
    let page = LeaveForm::of_leave(&form.cx, form.text("leave").parse()?).await?;
    if page.only_counts(&form) {
        return page.again(&form, None).await;
    }
    let changed = async { with_ids(&form, &["handover_to"]).await?.submit::<ChangeLeave>().await };
    match changed.await {
        Ok(absence) => Ok(form.go(&format!("/leaves/{}", absence.id), Flash::says("Leave changed."))),
        Err(error) => page.again(&form, Some(error)).await,
    }
}
