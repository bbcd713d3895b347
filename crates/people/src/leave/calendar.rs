use super::{Leave, preview::midnight};
use crate::{
    access::VISIBLE,
    hours::{Clock, calendars},
    person::Named,
    team,
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who is away between two dates: the members of a team, or everyone who has leave then. What every colleague may know;
/// kinds of leave are not told here.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveCalendar {
    pub from: Date,
    /// At most 92 days after `from`.
    pub to: Date,
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: String,
}

/// Up to 60 people by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CalendarPage {
    pub people: Vec<PersonDays>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}

/// One person's absences, and the days on which they would not work anyway.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonDays {
    pub person: Named<Person>,
    pub leaves: Vec<Days>,
    pub holidays: Vec<Holiday>,
    /// Days without working hours: weekends of this person, holidays, days off.
    pub free: Vec<Date>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Days {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
    pub first_on: Date,
    pub last_on: Date,
    /// The hours of the one day that are taken, in the person's wall time.
    pub hours: Option<String>,
    pub note: String,
    pub handed_to: Option<Named<Person>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Holiday {
    pub on: Date,
    pub name: String,
}

const PAGE: i64 = 60;
const MOST_DAYS: i32 = 92;

impl Operation for LeaveCalendar {
    const NAME: &str = "leave.calendar";
    const ROUTE: Route = Route(Get, "/leaves");
    const READS: bool = true;
    type Target = ();
    type Output = CalendarPage;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        match self.team {
            Some(team) => team::Record::visible(tx, team).await.map(|_| ()),
            None => Ok(()),
        }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<CalendarPage> {
        if !(0..=MOST_DAYS).contains(&(self.to - self.from).get_days()) {
            return Err(Error::invalid("to", "Ask for 92 days at most, from the first to the last."));
        }
        let mut people = self.people(tx).await?;
        let more = people.len() as i64 > PAGE;
        people.truncate(PAGE as usize);
        let next = people.last().filter(|_| more).map(|(id, _, sort_name)| format!("{id}~{sort_name}"));
        let ids: Vec<Id<Person>> = people.iter().map(|(id, ..)| *id).collect();
        let clocks = calendars(tx, &ids, midnight(self.from), midnight(self.to)).await?;
        let days = |clock: &Clock| {
            let (_, name, _) = people.iter().find(|(id, ..)| *id == clock.id)?;
            Some(self.days(Named { id: clock.id, name: name.clone() }, clock))
        };
        Ok(CalendarPage { people: clocks.iter().filter_map(days).collect(), next })
    }
}

impl LeaveCalendar {
    async fn people(&self, tx: &mut Tx<'_>) -> Result<Vec<(Id<Person>, String, String)>> {
        let select = sql!(
            "select p.id, p.name, p.sort_name from people p
              where",
            VISIBLE,
            "and p.deactivated_at is null and (p.sort_name, p.id) > ($4, $5)
                and case when cast($6 as text) is null
                    then exists (select 1 from leaves l
                          where l.workspace_id = $1 and l.person_id = p.id and l.last_on >= $7 and l.first_on <= $8
                            and l.withdrawn_at is null)
                    else exists (select 1 from memberships m
                          where m.workspace_id = $1 and m.person_id = p.id and m.team_id = $6 and m.from_on <= $8
                            and (m.until_on is null or m.until_on > $7)) end
              order by p.sort_name, p.id limit $9"
        );
        let (belongs, me) = (tx.actor().belongs(), tx.me());
        let (after_name, after_id) = match (self.after.as_str(), self.after.split_once('~')) {
            ("", _) => ("", ""),
            (_, Some((id, name))) => (name, id),
            _ => return Err(Error::invalid("after", "This is not the `next` of a page; begin without it.")),
        };
        let workspace = tx.workspace();
        let limit = PAGE + 1;
        tx.all(select, args![workspace, belongs, me, after_name, after_id, self.team, self.from, self.to, limit]).await
    }

    fn days(&self, person: Named<Person>, clock: &Clock) -> PersonDays {
        let within = |date: &Date| (self.from..=self.to).contains(date);
        let planned = clock.calendar.without_leave();
        let near = clock.away.iter().filter(|away| away.time.last_on >= self.from && away.time.first_on <= self.to);
        let leaves = near.map(|away| Days {
            leave: away.leave,
            first_on: away.time.first_on,
            last_on: away.time.last_on,
            hours: away.time.hours.as_ref().map(ToString::to_string),
            note: away.note.clone(),
            handed_to: away.handed_to.clone(),
        });
        let holidays = clock.holidays.iter().filter(|(date, _)| within(date));
        let all = std::iter::successors(Some(self.from), |day| day.tomorrow().ok()).take_while(within);
        PersonDays {
            person,
            leaves: leaves.collect(),
            holidays: holidays.map(|(on, name)| Holiday { on: *on, name: name.clone() }).collect(),
            free: all.filter(|day| planned.on(*day).is_empty()).collect(),
        }
    }
}
