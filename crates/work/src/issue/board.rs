use super::{
    Group, Grouping, Issue, Listed, VISIBLE,
    conditions::CONDITIONS,
    filter::{Bound, Filter},
    group::Groups,
    list::{listed, own_zone},
    way::{AMONG, OF_TEAM, UNFINISHED, Way},
};
use crate::{
    custom::CustomField,
    query::{Mistake, Query},
    team::{Category, State},
};
use kernel::{Actor, Bind, Error, Id, Method::Get, Operation, Result, Route, Sql, Team, Tx, Value, args, columns, sql};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    pub group: Option<Grouping>,
    /// By what the issues of each group are parted once more.
    #[serde(default)]
    pub subgroup: Option<Grouping>,
    /// How many of each column, or of each group within one, 1 to 200; 25 if left out, and 10 of a group within one.
    #[serde(default)]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Board {
    pub team_name: String,
    /// The query that was asked.
    pub q: String,
    pub group: Grouping,
    pub subgroup: Option<Grouping>,
    /// In the order of the team's states, of names, of urgency, of the days of sprints, or of the choices, numbers or days of a
    /// field; those without a label, sprint, project, milestone or value at the end. Columns of states are there when they are
    /// empty.
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
    /// Empty where the column is parted once more.
    pub issues: Vec<Listed>,
    /// The groups within it, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Column>,
}

const MOST: i64 = 25;
const MOST_WITHIN: i64 = 10;
/// So many issues stand in groups within groups at the most.
const MOST_PARTED: i64 = 2_000;
pub(super) const RUNNING: &str = "sprint:current";
pub(super) const OPEN: &str = "is:open";

#[derive(Clone)]
struct Card {
    id: Id<Issue>,
    value: String,
    /// The group within the column; nothing where there are none.
    within: String,
    rank: String,
    /// How many are in the group within, and in the column.
    count: i64,
    whole: i64,
}
columns!(Card { id, value, within, rank, count, whole });

impl Operation for ShowBoard {
    const NAME: &str = "issue.board";
    const ROUTE: Route = Route(Get, "/teams/{team}/board");
    const READS: bool = true;
    type Target = (team::Record, Vec<CustomField>);
    type Output = Board;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let team = team::Record::visible(tx, self.team).await?;
        let mut fields = Vec::new();
        for field in [self.group, self.subgroup].into_iter().flatten().filter_map(Grouping::field) {
            fields.push(CustomField::visible(tx, field).await?);
        }
        Ok((team, fields))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (team, fields): Self::Target) -> Result<Board> {
        let q = match &self.q {
            Some(q) => q.clone(),
            None => self.at_first(tx).await?,
        };
        let query: Query = q.parse().map_err(|mistake: Mistake| Error::from(mistake))?;
        let (group, subgroup) = (self.group.unwrap_or(Grouping::By(Group::State)), self.subgroup);
        self.check(group, &fields)?;
        let zone = own_zone(tx).await?;
        let bounds = Filter::each(tx, &query, &zone).await?;
        let cards = self.cards(tx, group, &bounds).await?;
        let ids: Vec<Id<Issue>> = cards.iter().map(|card| card.id).collect();
        let found = Issue::with_ids(tx, &ids).await?;
        let issues = listed(tx, found).await?;
        let groups = Groups::of(tx, self.team, group, &fields).await?;
        let within = match subgroup {
            Some(subgroup) => Some(Groups::of(tx, self.team, subgroup, &fields).await?),
            None => None,
        };
        let columns = filled(&groups, within.as_ref(), cards, &issues);
        Ok(Board { team_name: team.name, q, group, subgroup, columns })
    }
}

/// The columns with their cards, each in its group.
fn filled(groups: &Groups, within: Option<&Groups>, cards: Vec<Card>, issues: &[Listed]) -> Vec<Column> {
    let mut columns: Vec<Column> = groups.states.iter().map(Column::of_state).collect();
    for card in cards {
        let Some(listed) = issues.iter().find(|one| one.issue.id == card.id) else { continue };
        let column = Column::among(&mut columns, groups, &card.value, listed);
        column.count = card.whole;
        let column = match within {
            Some(within) => Column::among(&mut column.groups, within, &card.within, listed),
            None => column,
        };
        column.count = card.count;
        column.issues.push(listed.clone());
    }
    groups.sort(&mut columns, |column| (&column.value, &column.name));
    if let Some(within) = within {
        columns.iter_mut().for_each(|one| within.sort(&mut one.groups, |column| (&column.value, &column.name)));
    }
    columns
}

impl ShowBoard {
    async fn at_first(&self, tx: &mut Tx<'_>) -> Result<String> {
        let runs = sql!(
            "select 1 from sprints where workspace_id = $1 and team_id = $2 and started_at is not null and closed_at is null"
        );
        let runs = tx.exists(runs, args![tx.workspace(), self.team]).await?;
        Ok(if runs { RUNNING } else { OPEN }.to_owned())
    }

    fn check(&self, group: Grouping, fields: &[CustomField]) -> Result<()> {
        if self.subgroup == Some(group) {
            return Err(Error::invalid("subgroup", "Part the groups by something else than the list."));
        }
        match fields.iter().find(|field| !field.is_for(self.team)) {
            Some(field) => Err(Error::invalid("group", format!("The issues of this team have no {}.", field.name))),
            None => Ok(()),
        }
    }

    /// The first cards of each column, with how many there are in it.
    async fn cards(&self, tx: &mut Tx<'_>, group: Grouping, bounds: &[Bound]) -> Result<Vec<Card>> {
        let most = if self.subgroup.is_some() { MOST_WITHIN } else { MOST };
        let limit = self.limit.unwrap_or(most).clamp(1, 200);
        let cards = self.first_cards(tx, group, bounds, limit).await?;
        if self.subgroup.is_some() && cards.len() as i64 > MOST_PARTED {
            let sentence = "These are too many groups for one page. Narrow the filter, or take the groups within away.";
            return Err(Error::invalid("q", sentence));
        }
        Ok(cards)
    }

    async fn first_cards(&self, tx: &mut Tx<'_>, group: Grouping, bounds: &[Bound], limit: i64) -> Result<Vec<Card>> {
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

    async fn fitting(&self, tx: &mut Tx<'_>, group: Grouping, bound: &Bound, limit: i64) -> Result<Vec<Card>> {
        let (workspace, belongs, way) = (tx.workspace(), tx.actor().belongs(), Way::to(bound));
        let mut values: Vec<Value<'_>> = vec![workspace.bind(), belongs.bind()];
        values.extend(bound.values());
        values[2] = self.team.bind();
        values.push(limit.bind());
        let rows = if self.subgroup.is_some() && limit != i64::MAX { MOST_PARTED + 1 } else { i64::MAX };
        let (kind, within) = (group.kind(), self.subgroup.map_or("", Grouping::kind));
        let fields = [group.field(), self.subgroup.and_then(Grouping::field)];
        let statement = match (group, self.subgroup) {
            (Grouping::By(group), None) => statement(group, way),
            _ => {
                values.extend([
                    Value::Text(kind),
                    Value::Text(within),
                    fields[0].bind(),
                    fields[1].bind(),
                    rows.bind(),
                ]);
                parted_twice(way)
            }
        };
        tx.all(statement, &values).await
    }
}

/// The first of each group, counted without those that stand there twice.
fn first_of(mut cards: Vec<Card>, limit: usize) -> Vec<Card> {
    cards.sort_by(|a, b| (&a.value, &a.within, &a.rank, a.id).cmp(&(&b.value, &b.within, &b.rank, b.id)));
    cards.dedup_by(|a, b| (a.id, &a.value, &a.within) == (b.id, &b.value, &b.within));
    let columns = cards.chunk_by(|a, b| a.value == b.value);
    let first = columns.flat_map(|column| {
        let whole = column.iter().map(|card| card.id).collect::<BTreeSet<_>>().len() as i64;
        column.chunk_by(|a, b| a.within == b.within).flat_map(move |group| {
            let count = group.len() as i64;
            group.iter().take(limit).map(move |card| Card { count, whole, ..card.clone() })
        })
    });
    first.collect()
}

impl Column {
    fn of_state(state: &State) -> Column {
        let (value, name, category) = (state.id.to_string(), state.name.clone(), Some(state.category));
        Column { value, name, category, count: 0, issues: Vec::new(), groups: Vec::new() }
    }

    /// The column with this value, which is made where there is none.
    fn among<'c>(columns: &'c mut Vec<Column>, groups: &Groups, value: &str, listed: &Listed) -> &'c mut Column {
        let place = columns.iter().position(|column| column.value == value).unwrap_or_else(|| {
            let (name, category) = (groups.name(value, listed), groups.category(listed));
            let value = value.to_owned();
            columns.push(Column { value, name, category, count: 0, issues: Vec::new(), groups: Vec::new() });
            columns.len() - 1
        });
        &mut columns[place]
    }
}

macro_rules! cards {
    ($value:literal, $beside:literal, $of_team:expr, $way:expr) => {
        sql!(
            "select f.id, f.value, '' as within, f.rank, f.count, f.count as whole from (
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

/// What a column of the list is, by the kind of the group.
macro_rules! value_of {
    ($kind:literal, $held:literal) => {
        concat!(
            " case ",
            $kind,
            " when 'state' then i.state_id when 'assignee' then coalesce(i.assignee_id, '')
                when 'priority' then case i.priority when 1 then 'urgent' when 2 then 'high' when 3 then 'medium'
                                                     when 4 then 'low' else 'none' end
                when 'label' then coalesce(il.label_id, '') when 'sprint' then coalesce(i.sprint_id, '')
                when 'project' then coalesce(i.project_id, '') when 'milestone' then coalesce(i.milestone_id, '')
                when 'field' then coalesce(",
            $held,
            ", '') else '' end "
        )
    };
}

const VALUE: &str = value_of!("cast($61 as text)", "gv.value");
const WITHIN: &str = value_of!("cast($62 as text)", "wv.value");

macro_rules! twice {
    ($of_team:expr, $way:expr) => {
        sql!(
            "select h.id, h.value, h.within, h.rank, h.count, h.whole from (
               select f.id, f.value, f.within, f.rank, f.count, f.place, max(f.nth) over (partition by f.value) as whole
                 from (
                 select g.id, g.value, g.within, g.rank, count(*) over (partition by g.value, g.within) as count,
                        row_number() over (partition by g.value, g.within order by g.rank, g.id) as place,
                        dense_rank() over (partition by g.value order by g.id) as nth
                   from (
                   select i.id, i.rank,",
            VALUE,
            " as value,",
            WITHIN,
            " as within
                     from issues i
                     left join issue_labels il on il.workspace_id = i.workspace_id and il.issue_id = i.id
                      and (cast($61 as text) = 'label' or cast($62 as text) = 'label')
                     left join issue_values gv on gv.workspace_id = i.workspace_id and gv.issue_id = i.id
                      and gv.field_id = cast($63 as text)
                     left join issue_values wv on wv.workspace_id = i.workspace_id and wv.issue_id = i.id
                      and wv.field_id = cast($64 as text)
                    where",
            VISIBLE,
            CONDITIONS,
            $of_team,
            $way,
            ") g ) f ) h where h.place <= $60 order by h.value, h.within, h.rank, h.id limit $65"
        )
    };
}

/// One statement for each way, whatever parts the columns and the groups within them. It is slower than those that part the
/// columns of a board, as no index gives it what they are parted by.
fn parted_twice(way: Way) -> Sql {
    match way {
        Way::All => twice!(OF_TEAM, ""),
        Way::Open => twice!(OF_TEAM, UNFINISHED),
        Way::Few => twice!("", AMONG),
    }
}
