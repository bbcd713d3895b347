//! Retrospectives: boards that run for days. A phase gives everyone the same working time in their own hours, and the
//! next one begins by itself.
mod action;
mod add;
mod board;
mod board_page;
mod cards;
mod document;
mod facts;
mod format;
mod group;
mod group_page;
pub mod guest;
mod list;
mod occasion;
mod phase;
mod rate;
mod result;
mod start;
mod topic;
mod topic_page;
mod vote;

pub(crate) use action::helped;
pub use action::{Action, ActionState, AddAction, EndAction};
pub use add::{AddCard, DropCard};
pub use board::{Board, ShowBoard};
pub use document::{ACTION, BOARD, TOPIC};
pub use facts::{Facts, ShowFacts};
pub use format::Format;
pub use group::JoinTopic;
pub use list::ListRetrospectives;
pub(crate) use occasion::occasions;
pub use phase::{JOB, MoveOn, SCHEDULE};
pub use rate::RateColumn;
pub use result::{Outcome, ShowOutcome};
pub use start::StartRetrospective;
pub use topic::{ConcludeTopic, ShowTopic, TopicView};
pub use vote::VoteForTopic;

use crate::sharing::teams;
use kernel::{Error, Id, Person, Result, Team, Time, Tx, args, columns, list as texts, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What is done on a board now.
    pub enum Phase {
        /// Cards are written; nobody sees those of others.
        Collect = "collect",
        /// Cards that say the same are put together.
        Group = "group",
        /// Everyone says what is worth talking about; the sums are hidden.
        Vote = "vote",
        /// Topics are talked about, and become actions.
        Discuss = "discuss",
        Done = "done",
    }
}

impl Phase {
    pub fn title(self) -> &'static str {
        match self {
            Phase::Collect => "Collect",
            Phase::Group => "Group",
            Phase::Vote => "Vote",
            Phase::Discuss => "Discuss",
            Phase::Done => "Done",
        }
    }

    fn next(self) -> Phase {
        match self {
            Phase::Collect => Phase::Group,
            Phase::Group => Phase::Vote,
            Phase::Vote => Phase::Discuss,
            Phase::Discuss | Phase::Done => Phase::Done,
        }
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Retrospective {
    pub id: Id<Retrospective>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub name: String,
    /// What it looks back at.
    pub about: String,
    pub format: Format,
    /// No card has an author, here or in the database.
    pub anonymous: bool,
    /// People without an account may take part, by a link that whoever began the board or leads the team gives them.
    pub guests: bool,
    pub votes_each: i64,
    /// So many working hours each person has for a phase.
    pub hours: i64,
    pub phase: Phase,
    pub phase_began_at: Time,
    /// When the phase ends by itself.
    pub phase_ends_at: Option<Time>,
    pub started_by: Id<Person>,
    pub started_at: Time,
    pub ended_at: Option<Time>,
}
columns!(Retrospective {
    id,
    team_id,
    team_name,
    name,
    about,
    format,
    anonymous,
    guests,
    votes_each,
    hours,
    phase,
    phase_began_at,
    phase_ends_at,
    started_by,
    started_at,
    ended_at,
});

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveColumn")]
pub struct Column {
    pub id: Id<Column>,
    pub title: String,
    pub hint: String,
    pub rated: bool,
}
columns!(Column { id, title, hint, rated });

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveCard")]
pub struct Card {
    pub id: Id<Card>,
    pub column_id: Id<Column>,
    pub topic_id: Option<Id<Topic>>,
    pub body: String,
    /// Nobody on an anonymous board, nor of a guest.
    pub author_id: Option<Id<Person>>,
    /// Of a guest as well, who is called one.
    pub author_name: Option<String>,
}
columns!(Card { id, column_id, topic_id, body, author_id, author_name });

/// Cards that belong together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveTopic")]
pub struct Topic {
    pub id: Id<Topic>,
    pub retrospective_id: Id<Retrospective>,
    /// Empty if the first card says it.
    pub title: String,
    /// What was decided.
    pub outcome: String,
}
columns!(Topic { id, retrospective_id, title, outcome });

/// What every query of retrospectives reads, as `r`.
const SELECT: &str = "select r.id, r.team_id, t.name as team_name, r.name, r.about, r.format, r.anonymous, r.guests,
            r.votes_each, r.hours, r.phase, r.phase_began_at, r.phase_ends_at, r.started_by, r.started_at, r.ended_at
       from retrospectives r join teams t on t.workspace_id = r.workspace_id and t.id = r.team_id ";
const CARD_SELECT: &str =
    "select c.id, c.column_id, c.topic_id, c.body, c.author_id, coalesce(p.name, g.name || ' (guest)') as author_name
       from retrospective_cards c
       left join people p on p.workspace_id = c.workspace_id and p.id = c.author_id
       left join retrospective_guests g on g.workspace_id = c.workspace_id and g.id = c.guest_id ";
const TOPIC_SELECT: &str = "select t.id, t.retrospective_id, t.title, t.outcome from retrospective_topics t ";

impl Retrospective {
    /// The board, if the actor shares the rituals of its team.
    async fn visible(tx: &mut Tx<'_>, id: Id<Retrospective>) -> Result<Retrospective> {
        let teams = texts(teams(tx).await?);
        let select = sql!(
            SELECT,
            "where r.workspace_id = $1 and r.id = $2
                and r.team_id in (select value from json_each(cast($3 as text)))"
        );
        tx.one(select, args![tx.workspace(), id, teams]).await
    }

    /// Refuses what belongs to another phase.
    fn expect(&self, phases: &[Phase]) -> Result<()> {
        match phases.contains(&self.phase) {
            true => Ok(()),
            false => Err(Error::conflict(format!("This board is at “{}” now.", self.phase.title()))),
        }
    }

    pub fn place(&self) -> String {
        format!("/retrospectives/{}", self.id)
    }
}

impl Topic {
    async fn visible(tx: &mut Tx<'_>, id: Id<Topic>) -> Result<(Retrospective, Topic)> {
        let topic: Topic =
            tx.one(sql!(TOPIC_SELECT, "where t.workspace_id = $1 and t.id = $2"), args![tx.workspace(), id]).await?;
        Ok((Retrospective::visible(tx, topic.retrospective_id).await?, topic))
    }
}

/// An id that tells nothing of the time at which it was made.
fn shuffled<T>() -> Result<Id<T>> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Id::from_u128(u128::from_be_bytes(bytes)))
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/retrospectives", list::list)
        .get("/retrospectives/new", start::new)
        .post("/retrospectives/new", start::save)
        .get("/retrospectives/{retrospective}", board_page::show)
        .merge(guest::pages())
        .get("/retrospectives/{retrospective}/result", result::show)
        .get("/retrospectives/{retrospective}/result.md", result::text)
        .post("/retrospectives/{retrospective}/cards", board_page::add)
        .post("/retrospectives/{retrospective}/phase", board_page::move_on)
        .post("/retrospectives/{retrospective}/actions", board_page::act)
        .post("/retrospective-cards/{card}/removal", board_page::remove)
        .post("/retrospective-cards/{card}/topic", board_page::join)
        .post("/retrospective-columns/{column}/rating", board_page::rate)
        .get("/retrospective-topics/{topic}", topic_page::show)
        .post("/retrospective-topics/{topic}", topic_page::save)
        .post("/retrospective-topics/{topic}/votes", board_page::vote)
        .get("/retrospective-actions/{action}", board_page::find_action)
        .post("/retrospective-actions/{action}/end", board_page::end_action)
}
