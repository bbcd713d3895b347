use super::{
    Issue, Listed, VISIBLE,
    conditions::CONDITIONS,
    filter::{Bound, Filter},
    list::{listed, own_zone},
    project::words_of,
    way::{AMONG, OF_TEAM, UNFINISHED, Way},
};
use crate::{
    query::{Mistake, Query},
    team::{Category, State, states_of},
};
use kernel::{
    Actor, Bind, Error, Id, Method::Get, Operation, Result, Route, Sql, Team, Tx, Value, args, columns, sql, words,
};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// By what issues are parted: the columns of a board by the first three, the groups of a list by all of them.
    pub enum Group {
        State = "state",
        Assignee = "assignee",
        Priority = "priority",
        Label = "label",
        Sprint = "sprint",
        Project = "project",
        Milestone = "milestone",
    }
}

impl Group {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Group::State => "State",
            Group::Assignee => "Person",
            Group::Priority => "Priority",
            Group::Label => "Label",
            Group::Sprint => "Sprint",
            Group::Project => "Project",
            Group::Milestone => "Milestone",
        }
    }

    /// As the page that groups a list by it says it.
    pub fn says(self) -> &'static str {
        match self {
            Group::State => "By state",
            Group::Assignee => "By person",
            Group::Priority => "By priority",
            Group::Label => "By label",
            Group::Sprint => "By sprint",
            Group::Project => "By project",
            Group::Milestone => "By milestone",
        }
    }

    /// Those into whose columns a card can be moved.
    pub const OF_BOARDS: [Group; 3] = [Group::State, Group::Assignee, Group::Priority];
}

/// The issues of a team that fit a query, in columns or groups, each in the order of the team. An issue with two labels is in
/// the groups of both.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowBoard {
    pub team: Id<Team>,
    /// A query as for a list; an order in it is left aside. Without one, the sprint that runs, else everything open.
    #[serde(default)]
    pub q: Option<String>,
    /// By state, if left out.
    #[serde(default)]
    pub group: Option<Group>,
    /// How many of each column, 1 to 200; 25 if left out.
    #[serde(default)]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Board {
    pub team_name: String,
    /// The query that was asked.
    pub q: String,
    pub group: Group,
    /// In the order of the team's states, of names, of urgency, or of the days of sprints; those without a label, sprint, project
    /// or milestone at the end. Columns of states are there when they are empty.
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Column {
    /// The state, the person, the priority, or what it is; empty for nobody and nothing.
    pub value: String,
    pub name: String,
    /// What the state means, where it is a state.
    pub category: Option<Category>,
    /// How many fit, of which the first are here.
    pub count: i64,
    pub issues: Vec<Listed>,
}

const MOST: i64 = 25;
pub(super) const RUNNING: &str = "sprint:current";
pub(super) const OPEN: &str = "is:open";

#[derive(Clone)]
struct Card {
    id: Id<Issue>,
    value: String,
    rank: String,
    count: i64,
}
columns!(Card { id, value, rank, count });

impl Operation for ShowBoard {
    const NAME: &str = "issue.board";
    const ROUTE: Route = Route(Get, "/teams/{team}/board");
    const READS: bool = true;
    type Target = team::Record;
    type Output = Board;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<team::Record> {
        team::Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &team::Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: team::Record) -> Result<Board> {
        let q = match &self.q {
            Some(q) => q.clone(),
            None => self.at_first(tx).await?,
        };
        let query: Query = q.parse().map_err(|mistake: Mistake| Error::from(mistake))?;
        let zone = own_zone(tx).await?;
        let bounds = Filter::each(tx, &query, &zone).await?;
        let group = self.group.unwrap_or(Group::State);
        let cards = self.cards(tx, group, &bounds).await?;
        let ids: Vec<Id<Issue>> = cards.iter().map(|card| card.id).collect();
        let found = Issue::with_ids(tx, &ids).await?;
        let issues = listed(tx, found).await?;
        let mut columns = if group == Group::State { self.states(tx).await? } else { Vec::new() };
        for card in cards {
            let Some(listed) = issues.iter().find(|one| one.issue.id == card.id).cloned() else { continue };
            let column = match columns.iter().position(|column| column.value == card.value) {
                Some(found) => found,
                None => {
                    columns.push(Column::of(group, &card.value, &listed));
                    columns.len() - 1
                }
            };
            columns[column].count = card.count;
            columns[column].issues.push(listed);
        }
        match group {
            Group::State | Group::Priority => {}
            Group::Assignee => columns.sort_by_key(|column| (!column.value.is_empty(), column.name.to_lowercase())),
            Group::Sprint => self.by_days(tx, &mut columns).await?,
            Group::Label | Group::Project | Group::Milestone => {
                columns.sort_by_key(|column| (column.value.is_empty(), column.name.to_lowercase()));
            }
        }
        Ok(Board { team_name: team.name, q, group, columns })
    }
}

impl ShowBoard {
    async fn at_first(&self, tx: &mut Tx<'_>) -> Result<String> {
        let runs = sql!(
            "select 1 from sprints where workspace_id = $1 and team_id = $2 and started_at is not null and closed_at is null"
        );
        let runs = tx.exists(runs, args![tx.workspace(), self.team]).await?;
        Ok(if runs { RUNNING } else { OPEN }.to_owned())
    }

    /// The first cards of each column, with how many there are in it.
    async fn cards(&self, tx: &mut Tx<'_>, group: Group, bounds: &[Bound]) -> Result<Vec<Card>> {
        let limit = self.limit.unwrap_or(MOST).clamp(1, 200);
        match bounds {
            [bound] => self.fitting(tx, group, bound, limit).await,
            // What fits more than one alternative is counted once, so all of them have to be known.
            many => {
                let mut all = Vec::new();
                for bound in many {
                    all.extend(self.fitting(tx, group, bound, i64::MAX).await?);
                }
                Ok(first_of(all, limit as usize))
            }
        }
    }

    async fn fitting(&self, tx: &mut Tx<'_>, group: Group, bound: &Bound, limit: i64) -> Result<Vec<Card>> {
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let mut values: Vec<Value<'_>> = vec![workspace.bind(), belongs.bind()];
        values.extend(bound.values());
        values[2] = self.team.bind();
        values.push(limit.bind());
        tx.all(statement(group, Way::to(bound)), &values).await
    }

    /// The sprint that begins first comes first.
    async fn by_days(&self, tx: &mut Tx<'_>, columns: &mut [Column]) -> Result<()> {
        let select =
            sql!("select id from sprints where workspace_id = $1 and team_id = $2 order by first_on, number, id");
        let sprints: Vec<String> = tx.all(select, args![tx.workspace(), self.team]).await?;
        let place = |column: &Column| sprints.iter().position(|id| *id == column.value).unwrap_or(sprints.len());
        columns.sort_by_key(|column| (column.value.is_empty(), place(column)));
        Ok(())
    }

    /// A column for each state that is in use.
    async fn states(&self, tx: &mut Tx<'_>) -> Result<Vec<Column>> {
        let states = states_of(tx, self.team).await?;
        let used = states.into_iter().filter(|state| state.archived_at.is_none());
        let column = |state: State| Column {
            value: state.id.to_string(),
            name: state.name,
            category: Some(state.category),
            count: 0,
            issues: Vec::new(),
        };
        Ok(used.map(column).collect())
    }
}

/// The first of each column, counted without those that stand there twice.
fn first_of(mut cards: Vec<Card>, limit: usize) -> Vec<Card> {
    cards.sort_by(|a, b| (&a.value, &a.rank, a.id).cmp(&(&b.value, &b.rank, b.id)));
    cards.dedup_by(|a, b| (a.id, &a.value) == (b.id, &b.value));
    let columns = cards.chunk_by(|a, b| a.value == b.value);
    let first = columns.flat_map(|column| {
        let count = column.len() as i64;
        column.iter().take(limit).map(move |card| Card { count, ..card.clone() })
    });
    first.collect()
}

impl Column {
    fn of(group: Group, value: &str, Listed { issue, labels, .. }: &Listed) -> Column {
        let named = |name: Option<String>, none: &str| name.unwrap_or_else(|| none.to_owned());
        let label = labels.iter().find(|label| label.id.as_str() == value).map(|label| label.name.clone());
        let name = match group {
            Group::Label => named(label, "No label"),
            Group::Sprint => named(issue.sprint_name.clone(), "No sprint"),
            Group::Project => named(issue.project_name.clone(), "No project"),
            Group::Milestone => named(issue.milestone_id.and(words_of(issue)), "No milestone"),
            Group::State => issue.state_name.clone(),
            Group::Assignee => issue.assignee_name.clone().unwrap_or_else(|| "Nobody".to_owned()),
            Group::Priority => issue.priority.title().to_owned(),
        };
        let value = if group == Group::Priority { issue.priority.word() } else { value };
        let category = (group == Group::State).then_some(issue.category);
        Column { value: value.to_owned(), name, category, count: 0, issues: Vec::new() }
    }
}

macro_rules! cards {
    ($value:literal, $beside:literal, $of_team:expr, $way:expr) => {
        sql!(
            "select f.id, f.value, f.rank, f.count from (
               select i.id, i.rank, ",
            $value,
            " as value, count(*) over (partition by ",
            $value,
            ") as count, row_number() over (partition by ",
            $value,
            " order by i.rank, i.id) as place
                 from issues i",
            $beside,
            " where",
            VISIBLE,
            CONDITIONS,
            $of_team,
            $way,
            ") f where f.place <= $60 order by f.value, f.rank, f.id"
        )
    };
}

/// One statement for each way, and for each way to part the columns, which is a column of the table or of one beside it.
macro_rules! parted {
    ($way:expr, $value:literal) => {
        parted!($way, $value, "")
    };
    ($way:expr, $value:literal, $beside:literal) => {
        match $way {
            Way::All => cards!($value, $beside, OF_TEAM, ""),
            Way::Open => cards!($value, $beside, OF_TEAM, UNFINISHED),
            Way::Few => cards!($value, $beside, "", AMONG),
        }
    };
}

fn statement(group: Group, way: Way) -> Sql {
    match group {
        Group::State => parted!(way, "i.state_id"),
        Group::Assignee => parted!(way, "coalesce(i.assignee_id, '')"),
        Group::Label => parted!(
            way,
            "coalesce(il.label_id, '')",
            " left join issue_labels il on il.workspace_id = i.workspace_id and il.issue_id = i.id"
        ),
        Group::Sprint => parted!(way, "coalesce(i.sprint_id, '')"),
        Group::Project => parted!(way, "coalesce(i.project_id, '')"),
        Group::Milestone => parted!(way, "coalesce(i.milestone_id, '')"),
        Group::Priority => parted!(
            way,
            "case i.priority when 1 then 'urgent' when 2 then 'high' when 3 then 'medium' when 4 then 'low' else 'none' end"
        ),
    }
}
