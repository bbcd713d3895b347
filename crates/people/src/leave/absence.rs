use super::{Kind, Stretch};
use crate::{
    access::{Nearness, VISIBLE},
    person::Named,
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Person, Result, Time, Tx, args, columns, sql, words};
use schemars::JsonSchema;
use serde::Serialize;

/// What is stored of a leave. Only [`Absence`] leaves the program.
#[derive(Clone, Debug)]
pub struct Leave {
    pub(super) id: Id<Leave>,
    pub(super) person_id: Id<Person>,
    pub(super) person_name: String,
    pub(super) kind: Kind,
    pub(super) first_on: Date,
    pub(super) last_on: Date,
    pub(super) hours: Option<String>,
    pub(super) note: String,
    pub(super) handover_to: Option<Id<Person>>,
    pub(super) handover_name: Option<String>,
    pub(super) handover_note: String,
    pub(super) handover_accepted_at: Option<Time>,
    pub(super) handover_declined_at: Option<Time>,
    pub(super) handover_reason: String,
    pub(super) withdrawn_at: Option<Time>,
}
columns!(Leave {
    id,
    person_id,
    person_name,
    kind,
    first_on,
    last_on,
    hours,
    note,
    handover_to,
    handover_name,
    handover_note,
    handover_accepted_at,
    handover_declined_at,
    handover_reason,
    withdrawn_at,
});

/// A leave as the reader may see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Absence {
    #[schemars(with = "String")]
    pub id: Id<Leave>,
    pub person: Named<Person>,
    pub first_on: Date,
    pub last_on: Date,
    /// The hours of the one day that are taken, in the person's wall time; nothing for whole days.
    pub hours: Option<String>,
    pub note: String,
    /// Only for the person, those above them in the reporting line, and those who keep the records of people.
    pub kind: Option<Kind>,
    /// One that was declined is not shown to all.
    pub handover: Option<Handover>,
}

/// Who takes over during a leave.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Handover {
    pub to: Named<Person>,
    pub state: HandoverState,
    /// Only for the person, the one who takes over, and those above the person in the reporting line.
    pub note: Option<String>,
    /// Why it was declined; for the readers of the note.
    pub reason: Option<String>,
}

words! {
    pub enum HandoverState {
        Asked = "asked",
        Accepted = "accepted",
        Declined = "declined",
    }
}

/// Every query that reads leave begins with this and goes on with [`VISIBLE`].
pub(super) const SELECT: &str =
    "select l.id, l.person_id, p.name as person_name, l.kind, l.first_on, l.last_on, l.hours, l.note, l.handover_to,
            h.name as handover_name, l.handover_note, l.handover_accepted_at, l.handover_declined_at, l.handover_reason,
            l.withdrawn_at
       from leaves l
       join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
       left join people h on h.workspace_id = l.workspace_id and h.id = l.handover_to
      where ";

impl Leave {
    /// The leave, if the actor can see the person and it was not withdrawn.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Leave>) -> Result<Leave> {
        let leave = Leave::withdrawn_or_not(tx, id).await?;
        if leave.withdrawn_at.is_some() { Err(Error::NotFound) } else { Ok(leave) }
    }

    pub(super) async fn withdrawn_or_not(tx: &mut Tx<'_>, id: Id<Leave>) -> Result<Leave> {
        let select = sql!(SELECT, VISIBLE, "and l.id = $4");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), id]).await
    }

    /// `Tomasz Nowak is away 14 to 18 October`
    pub(crate) fn in_words(&self, today: Date) -> String {
        format!("{} is away {}", self.person_name, ui::date_range(self.first_on, self.last_on, today))
    }

    pub fn id(&self) -> Id<Leave> {
        self.id
    }

    pub fn person(&self) -> Named<Person> {
        Named { id: self.person_id, name: self.person_name.clone() }
    }

    /// The first and the last day, in the person's own calendar.
    pub fn days(&self) -> (Date, Date) {
        (self.first_on, self.last_on)
    }

    /// Whoever was asked to take over, whatever they said.
    pub fn handover_to(&self) -> Option<Named<Person>> {
        self.handover_to.zip(self.handover_name.clone()).map(|(id, name)| Named { id, name })
    }

    pub(super) fn stretch(&self) -> Result<Stretch> {
        Stretch::read(self.first_on, Some(self.last_on), self.hours.as_deref().unwrap_or_default())
    }

    pub(super) fn seen_by(self, actor: &Actor, near: Nearness) -> Absence {
        let handover = self.handover_to.zip(self.handover_name).map(|(id, name)| Named { id, name });
        let receives = handover.as_ref().is_some_and(|to| to.id == actor.person);
        let reads_note = near.own || near.leads || receives;
        let state = match (self.handover_accepted_at, self.handover_declined_at) {
            (_, Some(_)) => HandoverState::Declined,
            (Some(_), None) => HandoverState::Accepted,
            (None, None) => HandoverState::Asked,
        };
        let shown = state != HandoverState::Declined || receives || near.is_close(actor);
        let text = |text: String| Some(text).filter(|text| reads_note && !text.is_empty());
        Absence {
            id: self.id,
            person: Named { id: self.person_id, name: self.person_name },
            first_on: self.first_on,
            last_on: self.last_on,
            hours: self.hours,
            note: self.note,
            kind: near.is_close(actor).then_some(self.kind),
            handover: handover.filter(|_| shown).map(|to| Handover {
                to,
                state,
                note: text(self.handover_note),
                reason: text(self.handover_reason),
            }),
        }
    }
}

/// What is entered for a person around these dates, but for one leave.
pub(super) async fn entered(
    tx: &mut Tx<'_>,
    person: Id<Person>,
    around: &Stretch,
    but: Option<Id<Leave>>,
) -> Result<Vec<Stretch>> {
    let select = sql!(
        "select first_on, last_on, hours from leaves
          where workspace_id = $1 and person_id = $2 and last_on >= $3 and first_on <= $4 and withdrawn_at is null
            and (cast($5 as text) is null or id <> $5)
          order by first_on, coalesce(hours, ''), id"
    );
    let found: Vec<(Date, Date, Option<String>)> =
        tx.all(select, args![tx.workspace(), person, around.first_on, around.last_on, but]).await?;
    found
        .into_iter()
        .map(|(first, last, hours)| Stretch::read(first, Some(last), hours.as_deref().unwrap_or_default()))
        .collect()
}
