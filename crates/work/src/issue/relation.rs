use super::{Brief, Issue, Which, topic};
use crate::team::Category;
use kernel::{
    Actor, Error, FromRow, Id, Method::Post, Operation, Person, Result, Route, Row, Time, Tx, args, json, sql, words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Flash, Submitted};

words! {
    /// What an issue is to another one.
    pub enum Direction {
        Blocks = "blocks",
        BlockedBy = "blocked_by",
        Relates = "relates",
        Duplicates = "duplicates",
        DuplicatedBy = "duplicated_by",
    }
}

impl Direction {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Direction::Blocks => "Blocks",
            Direction::BlockedBy => "Blocked by",
            Direction::Relates => "Relates to",
            Direction::Duplicates => "Duplicates",
            Direction::DuplicatedBy => "Duplicated by",
        }
    }

    /// What stands between the one issue and the other.
    fn says(self) -> &'static str {
        match self {
            Direction::Blocks => "blocks",
            Direction::BlockedBy => "is blocked by",
            Direction::Relates => "relates to",
            Direction::Duplicates => "duplicates",
            Direction::DuplicatedBy => "is duplicated by",
        }
    }

    /// How the row is stored: the kind, and whether the other issue stands first.
    fn stored(self, one: Id<Issue>, other: Id<Issue>) -> (&'static str, Id<Issue>, Id<Issue>) {
        match self {
            Direction::Blocks => ("blocks", one, other),
            Direction::BlockedBy => ("blocks", other, one),
            Direction::Relates => ("relates", one.min(other), one.max(other)),
            Direction::Duplicates => ("duplicates", one, other),
            Direction::DuplicatedBy => ("duplicates", other, one),
        }
    }

    fn read(kind: &str, first: bool) -> Direction {
        match (kind, first) {
            ("blocks", true) => Direction::Blocks,
            ("blocks", false) => Direction::BlockedBy,
            ("duplicates", true) => Direction::Duplicates,
            ("duplicates", false) => Direction::DuplicatedBy,
            _ => Direction::Relates,
        }
    }
}

/// What an issue is to another one, and since when.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Relation {
    pub direction: Direction,
    pub since: Time,
    pub other: Brief,
}

/// A row, read from the side of one issue.
impl FromRow for Relation {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (kind, first): (String, bool) = (row.get("kind")?, row.get("is_first")?);
        let other = Brief {
            id: row.get("id")?,
            key: row.get("key")?,
            title: row.get("title")?,
            state_name: row.get("state_name")?,
            category: row.get::<Category>("category")?,
            assignee_id: row.get::<Option<Id<Person>>>("assignee_id")?,
            assignee_name: row.get("assignee_name")?,
        };
        Ok(Relation { direction: Direction::read(&kind, first), since: row.get("since")?, other })
    }
}

/// The relations of an issue to others that are there.
pub(super) async fn of(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<Vec<Relation>> {
    let select = sql!(
        "select r.kind, r.issue_id = $2 as is_first, r.created_at as since, o.id,
                w.key || '-' || cast(o.number as text) as key, o.title, s.name as state_name, o.category,
                o.assignee_id, a.name as assignee_name
           from issue_relations r
           join issues o on o.workspace_id = r.workspace_id
            and o.id = case when r.issue_id = $2 then r.other_id else r.issue_id end and o.deleted_at is null
           join work_teams w on w.workspace_id = o.workspace_id and w.team_id = o.team_id
           join work_states s on s.workspace_id = o.workspace_id and s.id = o.state_id
           left join people a on a.workspace_id = o.workspace_id and a.id = o.assignee_id
          where r.workspace_id = $1 and (r.issue_id = $2 or r.other_id = $2)
          order by r.kind, r.created_at, o.id"
    );
    tx.all(select, args![tx.workspace(), issue]).await
}

/// Say what an issue is to another one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelateIssues {
    pub issue: Which,
    pub direction: Direction,
    pub other: Which,
}

/// Take back what an issue is to another one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnrelateIssues {
    pub issue: Which,
    pub direction: Direction,
    pub other: Which,
}

impl Operation for RelateIssues {
    const NAME: &str = "issue.relate";
    const ROUTE: Route = Route(Post, "/issues/{issue}/relations");
    type Target = (Issue, Issue);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        both(tx, &self.issue, &self.other).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (issue, other): Self::Target) -> Result<()> {
        if issue.id == other.id {
            return Err(Error::invalid("other", "Name another issue than this one."));
        }
        let (kind, first, second) = self.direction.stored(issue.id, other.id);
        let insert = sql!(
            "insert into issue_relations (workspace_id, issue_id, kind, other_id, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6) on conflict (workspace_id, issue_id, kind, other_id) do nothing"
        );
        if tx.run(insert, args![tx.workspace(), first, kind, second, tx.me(), tx.now()]).await? > 0 {
            tell(tx, "issue.related", self.direction, &issue, &other);
        }
        Ok(())
    }
}

impl Operation for UnrelateIssues {
    const NAME: &str = "issue.unrelate";
    const ROUTE: Route = Route(Post, "/issues/{issue}/relations/removal");
    type Target = (Issue, Issue);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        both(tx, &self.issue, &self.other).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (issue, other): Self::Target) -> Result<()> {
        let (kind, first, second) = self.direction.stored(issue.id, other.id);
        let delete = sql!(
            "delete from issue_relations where workspace_id = $1 and issue_id = $2 and kind = $3 and other_id = $4"
        );
        if tx.run(delete, args![tx.workspace(), first, kind, second]).await? > 0 {
            tell(tx, "issue.unrelated", self.direction, &issue, &other);
        }
        Ok(())
    }
}

async fn both(tx: &mut Tx<'_>, issue: &Which, other: &Which) -> Result<(Issue, Issue)> {
    Ok((Issue::visible(tx, issue, false).await?, Issue::visible(tx, other, false).await?))
}

/// Both issues tell of it, each from its side.
fn tell(tx: &mut Tx<'_>, verb: &'static str, direction: Direction, issue: &Issue, other: &Issue) {
    let opposite = match direction {
        Direction::Blocks => Direction::BlockedBy,
        Direction::BlockedBy => Direction::Blocks,
        Direction::Relates => Direction::Relates,
        Direction::Duplicates => Direction::DuplicatedBy,
        Direction::DuplicatedBy => Direction::Duplicates,
    };
    for (one, direction, to) in [(issue, direction, other), (other, opposite, issue)] {
        tx.record(verb, one.id, json!({ "how": direction.says(), "to": to.key }));
        tx.touch(topic(one.team_id));
    }
}

/// `POST /issues/{issue}/relations`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<RelateIssues>().await {
        Ok(()) => Ok(form.go(&href(&form), Flash::says("The relation is saved.").undo(reverse(&form, "/removal")))),
        Err(Error::NotFound) => super::page::again(&form, Error::invalid("other", "There is no such issue.")).await,
        Err(error) => super::page::again(&form, error).await,
    }
}

/// `POST /issues/{issue}/relations/removal`
pub async fn remove(form: Submitted) -> Answer {
    form.submit::<UnrelateIssues>().await?;
    Ok(form.go(&href(&form), Flash::says("The relation is gone.").undo(reverse(&form, ""))))
}

fn href(form: &Submitted) -> String {
    format!("/issues/{}", form.text("issue"))
}

fn reverse(form: &Submitted, place: &str) -> String {
    let pairs = [("direction", form.text("direction")), ("other", form.text("other"))];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{}/relations{place}?{query}", href(form))
}
