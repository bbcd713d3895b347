//! Check-ins: questions that come back to a team, at each person's own hour, and are read together when all have had
//! their time. Nothing counts who answered how often.
mod answer;
mod blocker;
mod change;
mod document;
mod entry;
mod entry_page;
mod list;
mod mail;
mod occasion;
mod plan;
mod roll_up;
mod roll_up_page;
mod settings;
mod show;
mod start;
mod sweep;

pub use answer::{AnswerCheckin, GivenAnswer, GivenBlocker};
pub(crate) use blocker::open_of as open_blockers;
pub use blocker::{Blocker, SolveBlocker};
pub use change::{EditCheckin, EndCheckin, ResumeCheckin};
pub use document::{BLOCKER, ENTRY, ROUND};
pub use entry::{EntryView, ListEntries, OwnEntry, ShowEntry};
pub use list::{ListCheckins, Overview};
pub(crate) use mail::{helped, told};
pub(crate) use occasion::occasions;
pub use roll_up::{RollUp, ShowRollUp};
pub use show::{CheckinView, ShowCheckin};
pub use start::StartCheckin;
pub use sweep::{JOB, PassTime, SCHEDULE};

use crate::sharing::teams;
use jiff::civil::{self, Date};
use kernel::{Id, Person, Result, Team, Time, Tx, args, columns, list as texts, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// A weekday on which a check-in comes.
    pub enum Day {
        Mon = "mon",
        Tue = "tue",
        Wed = "wed",
        Thu = "thu",
        Fri = "fri",
        Sat = "sat",
        Sun = "sun",
    }
}

words! {
    /// How one person's part of a round stands.
    pub enum EntryState {
        /// Its hour has not come where the person is.
        Waiting = "waiting",
        Open = "open",
        Answered = "answered",
        /// The person does not work on that date; where it comes once a week, on no day before it comes again.
        Away = "away",
    }
}

impl Day {
    pub fn title(self) -> &'static str {
        match self {
            Day::Mon => "Monday",
            Day::Tue => "Tuesday",
            Day::Wed => "Wednesday",
            Day::Thu => "Thursday",
            Day::Fri => "Friday",
            Day::Sat => "Saturday",
            Day::Sun => "Sunday",
        }
    }

    fn of(date: Date) -> Day {
        Day::ALL[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

/// Questions that come back to a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Checkin {
    pub id: Id<Checkin>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub name: String,
    /// Weekdays, such as `mon wed fri`.
    pub days: String,
    /// The local time at which it opens, in minutes since midnight.
    pub opens_minute: i64,
    /// So many working hours each person has for it.
    pub hours: i64,
    /// One a line.
    pub goals: String,
    /// The first answer begins with what the person did.
    pub proposes_work: bool,
    pub asks_mood: bool,
    pub started_at: Time,
    pub ended_at: Option<Time>,
}
columns!(Checkin {
    id,
    team_id,
    team_name,
    name,
    days,
    opens_minute,
    hours,
    goals,
    proposes_work,
    asks_mood,
    started_at,
    ended_at,
});

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Question {
    pub id: Id<Question>,
    pub words: String,
    /// It is not asked any more.
    pub dropped: bool,
}
columns!(Question { id, words, dropped });

/// One date of a check-in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Round {
    pub id: Id<Round>,
    pub checkin_id: Id<Checkin>,
    /// It is this date for each person where they are. If it comes once a week, those who are off have it on a later day.
    pub on_date: Date,
    pub closes_at: Time,
    pub closed_at: Option<Time>,
}
columns!(Round { id, checkin_id, on_date, closes_at, closed_at });

/// One person's part of a round.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Entry {
    pub id: Id<Entry>,
    pub round_id: Id<Round>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub person_photo: Option<String>,
    pub state: EntryState,
    pub opens_at: Time,
    pub due_at: Time,
    pub answered_at: Option<Time>,
}
columns!(Entry { id, round_id, person_id, person_name, person_photo, state, opens_at, due_at, answered_at });

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CheckinAnswer")]
pub struct Answer {
    pub entry_id: Id<Entry>,
    pub question_id: Id<Question>,
    pub body: String,
    /// One of the goals of that time, or empty.
    pub goal: String,
}
columns!(Answer { entry_id, question_id, body, goal });

/// What every query of check-ins reads, as `c`.
const SELECT: &str = "select c.id, c.team_id, t.name as team_name, c.name, c.days, c.opens_minute, c.hours, c.goals,
            c.proposes_work, c.asks_mood, c.started_at, c.ended_at
       from checkins c join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id ";
const ROUND_SELECT: &str = "select r.id, r.checkin_id, r.on_date, r.closes_at, r.closed_at from checkin_rounds r ";
const ENTRY_SELECT: &str =
    "select e.id, e.round_id, e.person_id, p.name as person_name, p.photo as person_photo, e.state, e.opens_at,
            e.due_at, e.answered_at
       from checkin_entries e join people p on p.workspace_id = e.workspace_id and p.id = e.person_id ";

impl Checkin {
    /// The check-in, if the actor shares the rituals of its team.
    async fn visible(tx: &mut Tx<'_>, id: Id<Checkin>) -> Result<Checkin> {
        let teams = texts(teams(tx).await?);
        let select = sql!(
            SELECT,
            "where c.workspace_id = $1 and c.id = $2
                and c.team_id in (select value from json_each(cast($3 as text)))"
        );
        tx.one(select, args![tx.workspace(), id, teams]).await
    }

    fn opens(&self) -> civil::Time {
        let minute = self.opens_minute.clamp(0, 24 * 60 - 1);
        civil::time((minute / 60) as i8, (minute % 60) as i8, 0, 0)
    }

    fn comes_on(&self, date: Date) -> bool {
        self.days.split(' ').any(|day| day == Day::of(date).word())
    }

    fn goals(&self) -> Vec<&str> {
        self.goals.lines().map(str::trim).filter(|goal| !goal.is_empty()).collect()
    }

    /// `Monday to Friday at 09:30, for 4 working hours`
    fn rhythm(&self) -> String {
        let days = match self.days.as_str() {
            "mon tue wed thu fri" => "Monday to Friday".to_owned(),
            days => {
                let named = Day::ALL.iter().filter(|day| days.split(' ').any(|word| word == day.word()));
                named.map(|day| day.title()).collect::<Vec<_>>().join(", ")
            }
        };
        let hours = if self.hours == 1 { "1 working hour".to_owned() } else { format!("{} working hours", self.hours) };
        format!("{days} at {}, for {hours}", self.opens().strftime("%H:%M"))
    }
}

impl Round {
    async fn visible(tx: &mut Tx<'_>, id: Id<Round>) -> Result<(Checkin, Round)> {
        let select = sql!(ROUND_SELECT, "where r.workspace_id = $1 and r.id = $2");
        let round: Round = tx.one(select, args![tx.workspace(), id]).await?;
        Ok((Checkin::visible(tx, round.checkin_id).await?, round))
    }

    pub fn place(&self) -> String {
        format!("/check-ins/rounds/{}", self.id)
    }
}

impl Entry {
    /// The actor's own part of a round, whether or not they are on the team still.
    async fn own(tx: &mut Tx<'_>, id: Id<Entry>) -> Result<(Checkin, Round, Entry)> {
        let entry = sql!(ENTRY_SELECT, "where e.workspace_id = $1 and e.id = $2 and e.person_id = $3");
        let me = tx.me();
        let entry: Entry = tx.one(entry, args![tx.workspace(), id, me]).await?;
        let round = sql!(ROUND_SELECT, "where r.workspace_id = $1 and r.id = $2");
        let round: Round = tx.one(round, args![tx.workspace(), entry.round_id]).await?;
        let checkin = sql!(SELECT, "where c.workspace_id = $1 and c.id = $2");
        let checkin = tx.one(checkin, args![tx.workspace(), round.checkin_id]).await?;
        Ok((checkin, round, entry))
    }

    pub fn place(&self) -> String {
        format!("/check-ins/entries/{}", self.id)
    }
}

/// The questions of a check-in in their order, those of before at the end.
async fn questions(tx: &mut Tx<'_>, checkin: Id<Checkin>) -> Result<Vec<Question>> {
    let select = sql!(
        "select id, words, dropped_at is not null as dropped from checkin_questions
          where workspace_id = $1 and checkin_id = $2
          order by case when dropped_at is null then 0 else 1 end, position, id"
    );
    tx.all(select, args![tx.workspace(), checkin]).await
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/check-ins", list::list)
        .get("/check-ins/new", start::new)
        .post("/check-ins/new", start::save)
        .get("/check-ins/{checkin}", show::show)
        .get("/check-ins/{checkin}/settings", settings::form)
        .post("/check-ins/{checkin}/settings", settings::save)
        .post("/check-ins/{checkin}/end", settings::end)
        .post("/check-ins/{checkin}/resume", settings::resume)
        .get("/check-ins/rounds/{round}", roll_up_page::show)
        .get("/check-ins/entries/{entry}", entry_page::show)
        .post("/check-ins/entries/{entry}", entry_page::save)
        .get("/blockers/{blocker}", blocker::show)
        .post("/blockers/{blocker}/solved", blocker::solve)
}
