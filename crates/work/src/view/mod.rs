//! Saved views: a query with a name, and how what it finds is laid out; somebody's own, or shared with a team.
mod add;
mod asked;
mod columns;
mod delete;
mod edit;
mod first;
mod list;
mod page;

pub use add::AddView;
pub(crate) use asked::Asked;
pub use columns::Column;
pub use delete::{DeleteView, RestoreView};
pub use edit::EditView;
pub use first::SetFirstView;
pub use list::{ListViews, ShowView, Views};
pub(crate) use page::bar;

use crate::{
    custom::CustomField,
    issue::{Group, Grouping, topic},
    query::{Mistake, Query},
    team::Kept,
};
use kernel::{Actor, Error, Flaws, Id, Person, Result, Team, Time, Tx, args, columns, json, sql, words};
use people::person::folded;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// How a view shows what it finds.
    pub enum Layout {
        List = "list",
        Board = "board",
    }
}

impl Layout {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Layout::List => "List",
            Layout::Board => "Board",
        }
    }
}

/// A saved view.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct View {
    pub id: Id<View>,
    pub name: String,
    pub owner_id: Id<Person>,
    pub owner_name: String,
    /// The team of whose issues it shows some; those of all teams if there is none.
    pub team_id: Option<Id<Team>>,
    pub team_name: Option<String>,
    /// The query, with its order.
    pub q: String,
    pub layout: Layout,
    /// By what the columns of a board are parted, and the rows of a list where it says so.
    pub group: Option<Grouping>,
    /// By what the groups of a list are parted once more.
    pub subgroup: Option<Grouping>,
    /// The columns of a list, in their order; the usual ones where there are none.
    pub columns: Vec<Column>,
    /// Fields that were added to issues, as columns behind the others.
    pub fields: Vec<Id<CustomField>>,
    /// Since when everyone who sees the team sees it; only its owner does if there is no time.
    pub shared_at: Option<Time>,
    /// Whether the issues of the team begin with it.
    pub first: bool,
}

struct Row {
    id: Id<View>,
    name: String,
    owner_id: Id<Person>,
    owner_name: String,
    team_id: Option<Id<Team>>,
    team_name: Option<String>,
    q: String,
    layout: Layout,
    parted: String,
    shown: String,
    shared_at: Option<Time>,
    first: bool,
}
columns!(Row { id, name, owner_id, owner_name, team_id, team_name, q, layout, parted, shown, shared_at, first });

impl From<Row> for View {
    fn from(row: Row) -> View {
        let Row { id, name, owner_id, owner_name, team_id, team_name, q, layout, shared_at, first, parted, shown } =
            row;
        let (columns, fields) = (columns::read(&shown), columns::fields(&shown));
        let (group, subgroup) = parted_by(&parted);
        View {
            id,
            name,
            owner_id,
            owner_name,
            team_id,
            team_name,
            q,
            layout,
            group,
            subgroup,
            columns,
            fields,
            shared_at,
            first,
        }
    }
}

const SELECT: &str = "
    select v.id, v.name, v.owner_id, o.name as owner_name, v.team_id, t.name as team_name, v.q, v.layout, v.parted, v.shown,
           v.shared_at,
           exists (select 1 from work_first_views f where f.workspace_id = v.workspace_id and f.view_id = v.id) as first
      from work_views v
      join people o on o.workspace_id = v.workspace_id and o.id = v.owner_id
      left join teams t on t.workspace_id = v.workspace_id and t.id = v.team_id ";

/// The reach of every query that shows views, as `v`: one's own, and of those that are shared with a team what everyone
/// sees who sees the team, which are all colleagues.
const VISIBLE: &str = " v.workspace_id = $1 and $2 and (v.owner_id = $3 or v.shared_at is not null) ";

impl View {
    /// The view, if the actor can see it; one that was deleted only with `deleted`.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<View>, deleted: bool) -> Result<View> {
        let select = sql!(SELECT, "where", VISIBLE, "and v.id = $4 and ($5 or v.deleted_at is null)");
        let (me, belongs) = (tx.me(), tx.actor().belongs());
        let row: Row = tx.one(select, args![tx.workspace(), belongs, me, id, deleted]).await?;
        Ok(row.into())
    }

    /// The page that shows it.
    pub fn href(&self) -> String {
        match (&self.team_id, self.layout) {
            (Some(team), Layout::Board) => format!("/teams/{team}/board?view={}", self.id),
            (Some(team), Layout::List) => format!("/teams/{team}/issues?view={}", self.id),
            (None, _) => format!("/issues?view={}", self.id),
        }
    }

    /// The view with its team, for those who want to change it.
    async fn kept(tx: &mut Tx<'_>, id: Id<View>, deleted: bool) -> Result<(View, Option<Kept>)> {
        let view = View::visible(tx, id, deleted).await?;
        let kept = kept_of(tx, view.team_id).await?;
        Ok((view, kept))
    }

    /// One's own, or one that is shared with a team that one keeps.
    fn may_change(&self, actor: &Actor, kept: Option<&Kept>) -> bool {
        let shared = self.shared_at.is_some() && kept.is_some_and(|kept| kept.may_change(actor));
        actor.belongs() && (self.owner_id == actor.person || shared)
    }
}

/// Says what happened to a view. Pages of others hear of it only if it is, or was, shared.
fn tell(tx: &mut Tx<'_>, verb: &'static str, view: &View) {
    tx.record(verb, view.id, json!({}));
    if let Some(team) = view.team_id.filter(|_| view.shared_at.is_some()) {
        tx.touch(topic(team));
    }
}

async fn kept_of(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Option<Kept>> {
    match team {
        Some(team) => Kept::visible(tx, team).await.map(Some),
        None => Ok(None),
    }
}

/// Those who keep a team's issues put views before all who read them; that there has to be a team is said by the change.
fn may_share(actor: &Actor, kept: Option<&Kept>) -> bool {
    kept.is_none_or(|kept| kept.may_change(actor))
}

/// What is shared, and what is a board, needs a team.
fn fits_team(team: Option<Id<Team>>, shared: bool, layout: Layout) -> Result<()> {
    let mut flaws = Flaws::default();
    flaws.unless(team.is_some() || !shared, "shared", "A view that is shared is one of a team.");
    flaws.unless(team.is_some() || layout != Layout::Board, "layout", "A board is one of a team.");
    flaws.check()
}

/// Cards are moved into the columns of a board, so these are what a card can be given one of.
fn fits_layout((group, subgroup): Parted, layout: Layout) -> Result<()> {
    let of_board = |group: Grouping| Group::OF_BOARDS.iter().any(|one| Grouping::By(*one) == group);
    match (group, subgroup) {
        (Some(group), _) if layout == Layout::Board && !of_board(group) => {
            Err(Error::invalid("group", "The columns of a board are states, people or priorities."))
        }
        (_, Some(_)) if layout == Layout::Board => {
            Err(Error::invalid("subgroup", "The columns of a board are not parted once more."))
        }
        (None, Some(_)) => Err(Error::invalid("subgroup", "Say first by what the list is grouped.")),
        (Some(group), Some(subgroup)) if group == subgroup => {
            Err(Error::invalid("subgroup", "Part the groups by something else than the list."))
        }
        _ => Ok(()),
    }
}

/// By what the rows are parted, and by what the groups are parted once more.
type Parted = (Option<Grouping>, Option<Grouping>);

/// As it is stored: one word behind the other.
fn parted_words((group, subgroup): Parted) -> String {
    let words: Vec<String> = [group, subgroup].into_iter().flatten().map(|one| one.to_string()).collect();
    words.join(" ")
}

fn parted_by(words: &str) -> Parted {
    let mut words = words.split(' ').map(|word| word.parse().ok());
    (words.next().flatten(), words.next().flatten())
}

/// Fields are named by those alone who can see them.
async fn sees(tx: &mut Tx<'_>, fields: &[Id<CustomField>], parted: Parted) -> Result<()> {
    let of_groups = [parted.0, parted.1].into_iter().flatten().filter_map(Grouping::field);
    for field in fields.iter().copied().chain(of_groups) {
        CustomField::visible(tx, field).await?;
    }
    Ok(())
}

/// What is stored must be a query; what its names mean is found each time it is asked.
fn readable(q: &str) -> Result<()> {
    let query: Query = q.parse().map_err(|mistake: Mistake| Error::from(mistake))?;
    query.alternatives().map(drop).map_err(Error::from)
}

/// Names of views are told apart without case, among one's own ones and among those of a team.
fn unique_name(name: &str, owner: Id<Person>, team: Option<Id<Team>>, shared: bool) -> String {
    match (shared, team) {
        (true, Some(team)) => format!("{team}:{}", folded(name)),
        _ => format!("{owner}:{}:{}", team.map(|team| team.to_string()).unwrap_or_default(), folded(name)),
    }
}

fn taken(error: Error) -> Error {
    error.when_field("work_views_workspace_id_unique_name_key", "name", "There is a view of this name already.")
}

pub fn pages() -> Pages {
    Pages::new()
        .post("/issue-views", page::add)
        .get("/issue-views/new", page::new)
        .get("/issue-views/{view}", page::go)
        .get("/issue-views/{view}/edit", page::edit)
        .post("/issue-views/{view}/edit", page::save)
        .post("/issue-views/{view}/query", page::save_query)
        .post("/issue-views/{view}/deletion", page::delete)
        .post("/issue-views/{view}/restoration", page::restore)
        .post("/teams/{team}/first-view", page::set_first)
}
