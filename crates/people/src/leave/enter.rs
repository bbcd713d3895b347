use super::{Absence, Kind, Leave, Stretch, absence::entered, form::LeaveForm, preview::PreviewLeave};
use crate::{
    access::{Nearness, today},
    person::{Record, choices::with_ids},
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Person, Result, Route, Tx, args, json, sql,
    text::{Line, Markdown},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Submitted};

/// Enter leave of a person. Colleagues see the dates and the note; the kind stays between the person, their manager line
/// and those who keep the records of people.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterLeave {
    pub person: Id<Person>,
    pub kind: Kind,
    pub first_on: Date,
    /// The first day if left out.
    #[serde(default)]
    pub last_on: Option<Date>,
    /// The hours of one day, in the person's own wall time, such as `14:00-18:00`. Whole days if left out.
    #[serde(default)]
    pub hours: Line<60>,
    /// Every colleague reads it.
    #[serde(default)]
    pub note: Line<300>,
    /// Who takes over; they are asked.
    #[serde(default)]
    pub handover_to: Option<Id<Person>>,
    /// What they need to know. Read by the person, the one who takes over, and the manager line.
    #[serde(default)]
    pub handover_note: Markdown,
}

impl Operation for EnterLeave {
    const NAME: &str = "leave.enter";
    const ROUTE: Route = Route(Post, "/people/{person}/leaves");
    type Target = (Record, Nearness, Option<Record>);
    type Output = Absence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let person = Record::visible(tx, self.person).await?;
        let near = Nearness::of(tx, self.person).await?;
        let receiver = match self.handover_to {
            Some(id) => Some(Record::visible(tx, id).await?),
            None => None,
        };
        Ok((person, near, receiver))
    }

    fn allows(actor: &Actor, (_, near, _): &Self::Target) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, near, receiver): Self::Target) -> Result<Absence> {
        let time = Stretch::read(self.first_on, self.last_on, &self.hours)?;
        time.check(today(tx))?;
        time.refuse_overlap(&entered(tx, person.id, &time, None).await?, today(tx))?;
        can_take_over(person.id, receiver.as_ref())?;
        if receiver.is_none() && !self.handover_note.trim().is_empty() {
            return Err(Error::invalid("handover_to", "Choose who takes over and reads the note."));
        }
        let id = self.insert(tx, &time).await?;
        tx.record(
            "leave.entered",
            id,
            json!({ "person": person.id, "first_on": time.first_on, "last_on": time.last_on }),
        );
        if let Some(receiver) = receiver {
            tx.record("leave.handover_asked", id, json!({ "person": person.id, "to": receiver.id }));
        }
        Ok(Leave::visible(tx, id).await?.seen_by(tx.actor(), near))
    }
}

impl EnterLeave {
    async fn insert(&self, tx: &mut Tx<'_>, time: &Stretch) -> Result<Id<Leave>> {
        let id: Id<Leave> = tx.id();
        let insert = sql!(
            "insert into leaves (workspace_id, id, person_id, kind, first_on, last_on, hours, note, handover_to,
               handover_note, entered_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        );
        let hours = time.hours.as_ref().map(ToString::to_string);
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                self.person,
                self.kind,
                time.first_on,
                time.last_on,
                hours,
                self.note,
                self.handover_to,
                self.handover_note,
                tx.me(),
                tx.now(),
            ],
        )
        .await?;
        Ok(id)
    }
}

/// Someone else, who works here.
pub(super) fn can_take_over(person: Id<Person>, receiver: Option<&Record>) -> Result<()> {
    match receiver {
        Some(receiver) if receiver.id == person => Err(Error::invalid("handover_to", "Hand over to someone else.")),
        Some(receiver) if receiver.deactivated_at.is_some() => {
            Err(Error::invalid("handover_to", format!("{} does not work here any more.", receiver.name)))
        }
        _ => Ok(()),
    }
}

/// `GET /people/{person}/leaves/new`
pub async fn new(cx: Cx) -> Answer {
    let page = LeaveForm::of_person(&cx, cx.text("person").parse()?).await?;
    let state = Form::of([("kind", Kind::Holiday.word().into()), ("first_on", cx.text("first_on").into())]);
    Ok(cx.page(&page.title(), page.show(&cx, &state, None)))
}

/// `POST /people/{person}/leaves`
pub async fn save(form: Submitted) -> Answer {
    let page = LeaveForm::of_person(&form.cx, form.text("person").parse()?).await?;
    if page.only_counts(&form) {
        return page.again(&form, None).await;
    }
    let entered = async { with_ids(&form, &["handover_to"]).await?.submit::<EnterLeave>().await };
    let absence = match entered.await {
        Ok(absence) => absence,
        Err(error) => return page.again(&form, Some(error)).await,
    };
    let outlook = form.cx.read(PreviewLeave::of(&absence)).await?;
    let sentence = outlook.in_words(form.cx.today());
    let undo = format!("/leaves/{}/withdraw", absence.id);
    if absence.handover.is_none() && outlook.is_long() {
        let flash = Flash::says(format!("Entered: {sentence}. Who takes over meanwhile?"));
        return Ok(form.go(&format!("/leaves/{}/handover", absence.id), flash.undo(undo)));
    }
    let flash = Flash::says(format!("Entered: {sentence}."));
    Ok(form.go(&format!("/people/{}/leaves", absence.person.id), flash.undo(undo)))
}
