//! How a team keeps its issues: its key, its states, in what it estimates.
mod edit;
mod page;
mod show;
mod state;

pub use edit::EditWork;
pub use show::{ShowWork, WorkView};
pub use state::{AddState, ArchiveState, EditState, RestoreState};

use crate::estimate::Measure;
use kernel::{Actor, Error, Id, Person, Result, Team, Time, Tx, args, columns, sql, words};
use people::{access::cares_for_people, team};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What a state means, whatever a team calls it.
    pub enum Category {
        Triage = "triage",
        Backlog = "backlog",
        Unstarted = "unstarted",
        Started = "started",
        Done = "done",
        Cancelled = "cancelled",
    }
}

impl Category {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Category::Triage => "Triage",
            Category::Backlog => "Backlog",
            Category::Unstarted => "Not started",
            Category::Started => "Started",
            Category::Done => "Done",
            Category::Cancelled => "Cancelled",
        }
    }

    /// Nothing more is to be done.
    pub fn is_finished(self) -> bool {
        matches!(self, Category::Done | Category::Cancelled)
    }

    /// How a chip of the state looks.
    pub fn look(self) -> &'static str {
        match self {
            Category::Triage => "warn",
            Category::Backlog | Category::Cancelled => "line",
            Category::Unstarted => "",
            Category::Started => "info",
            Category::Done => "good",
        }
    }
}

/// A state of a team's issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct State {
    pub id: Id<State>,
    pub team_id: Id<Team>,
    pub name: String,
    pub category: Category,
    pub position: i64,
    pub archived_at: Option<Time>,
}
columns!(State { id, team_id, name, category, position, archived_at });

/// With which states a team begins.
pub const FIRST_STATES: [(&str, Category); 7] = [
    ("Triage", Category::Triage),
    ("Backlog", Category::Backlog),
    ("Ready", Category::Unstarted),
    ("In progress", Category::Started),
    ("In review", Category::Started),
    ("Done", Category::Done),
    ("Cancelled", Category::Cancelled),
];

/// Positions of states stand so far apart, that is, by hundreds.
const STEP: i64 = 100;

/// What is stored of how a team keeps its issues.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Work {
    pub team_id: Id<Team>,
    /// What stands before the number of an issue: `PAY`.
    pub key: String,
    pub estimates: Measure,
    /// How many weeks a sprint lasts; nothing where each is given its own dates.
    pub sprint_weeks: Option<i64>,
    /// The zone in which sprints begin and end; nothing for that of whoever plans them.
    pub sprint_zone: Option<String>,
}
columns!(Work { team_id, key, estimates, sprint_weeks, sprint_zone });

impl Work {
    /// Nothing before the team has its first issue.
    pub async fn find(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Option<Work>> {
        let select = sql!(
            "select team_id, key, estimates, sprint_weeks, sprint_zone from work_teams
              where workspace_id = $1 and team_id = $2"
        );
        tx.find(select, args![tx.workspace(), team]).await
    }

    /// The team's, made with its first states if there is none.
    pub async fn begun(tx: &mut Tx<'_>, team: Id<Team>, name: &str) -> Result<Work> {
        if let Some(work) = Work::find(tx, team).await? {
            return Ok(work);
        }
        let key = free_key(tx, name).await?;
        let insert = sql!("insert into work_teams (workspace_id, team_id, key, created_at) values ($1, $2, $3, $4)");
        tx.run(insert, args![tx.workspace(), team, key, tx.now()]).await?;
        claim_key(tx, team, &key).await?;
        for (place, (name, category)) in (1..).zip(FIRST_STATES) {
            insert_state(tx, team, name, category, place * STEP).await?;
        }
        tx.record("work.begun", team, kernel::json!({ "key": key }));
        Work::find(tx, team).await?.ok_or(Error::NotFound)
    }
}

async fn insert_state(
    tx: &mut Tx<'_>,
    team: Id<Team>,
    name: &str,
    category: Category,
    position: i64,
) -> Result<Id<State>> {
    let id = tx.id();
    let insert = sql!(
        "insert into work_states (workspace_id, id, team_id, name, category, position) values ($1, $2, $3, $4, $5, $6)"
    );
    tx.run(insert, args![tx.workspace(), id, team, name, category, position]).await.map_err(|error| {
        error.when_field("work_states_workspace_id_team_id_name_key", "name", "This team has such a state already.")
    })?;
    Ok(id)
}

async fn claim_key(tx: &mut Tx<'_>, team: Id<Team>, key: &str) -> Result<()> {
    let insert = sql!("insert into work_keys (workspace_id, key, team_id) values ($1, $2, $3)");
    tx.run(insert, args![tx.workspace(), key, team]).await.map(drop)
}

/// The first letters of the name; with a number where another team has them.
async fn free_key(tx: &mut Tx<'_>, name: &str) -> Result<String> {
    let stem = stem(name);
    let select = sql!("select key from work_keys where workspace_id = $1");
    let taken: Vec<String> = tx.all(select, args![tx.workspace()]).await?;
    let numbered = (2..).map(|number: u32| format!("{stem}{number}"));
    let mut keys = std::iter::once(stem.clone()).chain(numbered);
    keys.find(|key| !taken.contains(key)).ok_or(Error::NotFound)
}

/// `Payments` becomes `PAY`, `Mobile apps` becomes `MA`.
pub fn stem(name: &str) -> String {
    let letters = |text: &str, most: usize| -> String {
        people::person::folded(text)
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(most)
            .map(|c| c.to_ascii_uppercase())
            .collect()
    };
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let stem = match words.as_slice() {
        [one] => letters(one, 3),
        many => many.iter().take(4).map(|word| letters(word, 1)).collect(),
    };
    if stem.len() < 2 { "TEAM".into() } else { stem }
}

/// The states of a team in their order, those that are used no more at the end.
pub async fn states_of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<State>> {
    let select = sql!(
        "select id, team_id, name, category, position, archived_at from work_states
          where workspace_id = $1 and team_id = $2
          order by case when archived_at is null then 0 else 1 end, position, id"
    );
    tx.all(select, args![tx.workspace(), team]).await
}

/// A team, and what the actor is to it.
pub struct Kept {
    pub team: team::Record,
    /// Leads it, or one above it.
    pub leads: bool,
    /// Is on it today.
    pub member: bool,
}

impl Kept {
    /// The team, if the actor can see it.
    pub async fn visible(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Kept> {
        let team = team::Record::visible(tx, team).await?;
        let me: Id<Person> = tx.me();
        let leads = team::Record::is_led_by(tx, team.id, me).await?;
        let member = people::access::teams_of(tx, me).await?.contains(&team.id);
        Ok(Kept { team, leads, member })
    }

    /// Its members settle how they keep their issues, and those who lead it or run the workspace.
    pub fn may_change(&self, actor: &Actor) -> bool {
        self.member || self.leads || cares_for_people(actor)
    }
}

impl State {
    /// The state and its team, if the actor can see that.
    async fn visible(tx: &mut Tx<'_>, id: Id<State>) -> Result<(State, Kept)> {
        let select = sql!(
            "select id, team_id, name, category, position, archived_at from work_states
              where workspace_id = $1 and id = $2"
        );
        let state: State = tx.one(select, args![tx.workspace(), id]).await?;
        let kept = Kept::visible(tx, state.team_id).await?;
        Ok((state, kept))
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/issues/settings", page::settings)
        .post("/teams/{team}/issues/settings", page::save)
        .post("/teams/{team}/states", page::add_state)
        .get("/states/{state}/edit", page::edit_state)
        .post("/states/{state}/edit", page::save_state)
        .post("/states/{state}/archive", page::archive_state)
        .post("/states/{state}/restoration", page::restore_state)
}

#[cfg(test)]
mod tests;
