//! What issues are counted from: all that a sprint, a milestone, a project or an initiative holds, or one issue with what is
//! below it.
use crate::item::{
    Item,
    below::{MOST, Row, needed},
};
use kernel::{Card, Error, Id, Reference, Result, Statement, Team, Tx, args, columns, sql, words};

words! {
    pub enum SourceKind {
        Sprint = "sprint",
        Milestone = "milestone",
        Project = "project",
        /// All projects of one.
        Initiative = "initiative",
        /// All below it, or the issue alone where nothing is.
        Issue = "issue",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub kind: SourceKind,
    pub id: String,
}

/// How many issues of a team a source holds. One with others below it stands for those.
pub struct Held {
    pub team_id: Id<Team>,
    pub team_name: String,
    pub open: i64,
    pub done: i64,
}
columns!(Held { team_id, team_name, open, done });

impl SourceKind {
    pub fn title(self) -> &'static str {
        match self {
            SourceKind::Sprint => "Sprint",
            SourceKind::Milestone => "Milestone",
            SourceKind::Project => "Project",
            SourceKind::Initiative => "Initiative",
            SourceKind::Issue => "Issue",
        }
    }
}

/// The issues of a source, and those below them, as far as they count; what is wanted of them stands last.
macro_rules! held {
    ($first:expr, $below:expr, $wanted:expr) => {
        sql!(
            "with recursive held (issue_id, team_id) as (
               select i.issue_id, i.team_id from work_public_items i where i.workspace_id = $1 and $2 and",
            $first,
            "union
               select b.issue_id, b.team_id
                 from held h join work_public_items b on b.workspace_id = $1 and b.parent_id = h.issue_id
                where",
            $below,
            ")",
            $wanted
        )
    };
}

const OF_SPRINT: &str = " i.sprint_id = $3 ";
const OF_MILESTONE: &str = "
    i.milestone_id = $3 and i.project_id = (select m.project_id from roadmap_public_milestones m
                                             where m.workspace_id = $1 and m.milestone_id = $3) ";
const OF_PROJECT: &str = " i.project_id = $3 ";
const OF_INITIATIVE: &str = "
    i.project_id in (select p.project_id from roadmap_public_initiative_projects p
                      where p.workspace_id = $1 and p.initiative_id = $3) ";
const OF_ISSUE: &str = " i.issue_id = $3 ";

/// What is in a sprint or a project of its own is counted there.
const IN_NO_SPRINT: &str = " b.sprint_id is null and b.team_id = h.team_id ";
const IN_NO_PROJECT: &str = " b.project_id is null ";
const ALL: &str = " 1 = 1 ";

const OPEN: &str = "
    select i.issue_id, i.parent_id, i.team_id, t.name as team_name, i.leaf
      from held h
      join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id
      join teams t on t.workspace_id = $1 and t.id = i.team_id
     where i.finished_at is null order by i.created_at, i.issue_id limit $4";
const COUNTS: &str = "
    select i.team_id, t.name as team_name, cast(sum(case when i.finished_at is null then 1 else 0 end) as bigint) as open,
           cast(sum(case when i.category = 'done' then 1 else 0 end) as bigint) as done
      from held h
      join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id
      join teams t on t.workspace_id = $1 and t.id = i.team_id
     where i.leaf group by i.team_id, t.name order by t.name, i.team_id";

impl Source {
    /// What somebody names: a kind with an id, such as `milestone:ID`, or an issue. Fails with a sentence for what the actor
    /// does not see, or what is over.
    pub async fn named(tx: &mut Tx<'_>, counted_from: Option<&str>, below: Option<&str>) -> Result<Option<Source>> {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        match (given(counted_from), given(below)) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(Error::invalid("below", "Choose what it is counted from, or name an issue.")),
            (None, Some(key)) => Source::below(tx, &key).await.map(Some),
            (Some(text), None) => Source::chosen(tx, &text).await.map(Some),
        }
    }

    async fn below(tx: &mut Tx<'_>, key: &str) -> Result<Source> {
        match Item::named(tx, key).await {
            Ok(item) => Ok(Source { kind: SourceKind::Issue, id: item.issue_id }),
            Err(Error::NotFound) => Err(Error::invalid("below", "There is no issue with this key.")),
            Err(error) => Err(error),
        }
    }

    async fn chosen(tx: &mut Tx<'_>, text: &str) -> Result<Source> {
        let none = || Error::invalid("counted_from", "Choose a sprint, a milestone, a project or an initiative.");
        let (word, id) = text.split_once(':').ok_or_else(none)?;
        let kind: SourceKind = word.parse().map_err(|_| none())?;
        if kind == SourceKind::Issue {
            return Source::below(tx, id).await;
        }
        let source = Source { kind, id: id.to_owned() };
        source.card(tx).await?.ok_or_else(none)?;
        match source.is_closed(tx).await? {
            true => Err(Error::invalid("counted_from", "This sprint is closed. Choose one that is not.")),
            false => Ok(source),
        }
    }

    /// As [`Source::named`] reads it.
    pub fn word(&self) -> String {
        format!("{}:{}", self.kind.word(), self.id)
    }

    /// Its name and its page; nothing where it is gone.
    pub async fn card(&self, tx: &mut Tx<'_>) -> Result<Option<Card>> {
        if self.kind == SourceKind::Milestone {
            let select = sql!(
                "select m.name, p.name from roadmap_public_milestones m
                   join roadmap_public_projects p on p.workspace_id = m.workspace_id and p.project_id = m.project_id
                  where m.workspace_id = $1 and $2 and m.milestone_id = $3"
            );
            let found: Option<(String, String)> =
                tx.find(select, args![tx.workspace(), tx.actor().belongs(), self.id]).await?;
            let href = format!("/milestones/{}", self.id);
            return Ok(found.map(|(name, project)| Card { title: format!("{name}, {project}"), href }));
        }
        match tx.card(&Reference::to(self.kind.word(), &self.id)).await {
            Ok(card) => Ok(Some(card)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it is a sprint that is closed. What was open in it is elsewhere since.
    pub async fn is_closed(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let select = sql!(
            "select 1 from work_public_sprints where workspace_id = $1 and sprint_id = $2 and closed_at is not null"
        );
        Ok(self.kind == SourceKind::Sprint && tx.exists(select, args![tx.workspace(), self.id]).await?)
    }

    /// What is open of it, with what has to be done before in other teams; of a sprint, what it holds.
    pub(crate) async fn open(&self, tx: &mut Tx<'_>) -> Result<Vec<Row>> {
        let select: &'static Statement = match self.kind {
            SourceKind::Sprint => held!(OF_SPRINT, IN_NO_SPRINT, OPEN),
            SourceKind::Milestone => held!(OF_MILESTONE, IN_NO_PROJECT, OPEN),
            SourceKind::Project => held!(OF_PROJECT, IN_NO_PROJECT, OPEN),
            SourceKind::Initiative => held!(OF_INITIATIVE, IN_NO_PROJECT, OPEN),
            SourceKind::Issue => held!(OF_ISSUE, ALL, OPEN),
        };
        let belongs = tx.actor().belongs();
        let rows = tx.all(select, args![tx.workspace(), belongs, self.id, MOST as i64 + 1]).await?;
        if self.kind == SourceKind::Sprint { Ok(rows) } else { needed(tx, rows, "").await }
    }

    /// What it holds, by teams.
    pub async fn counts(&self, tx: &mut Tx<'_>) -> Result<Vec<Held>> {
        let select: &'static Statement = match self.kind {
            SourceKind::Sprint => held!(OF_SPRINT, IN_NO_SPRINT, COUNTS),
            SourceKind::Milestone => held!(OF_MILESTONE, IN_NO_PROJECT, COUNTS),
            SourceKind::Project => held!(OF_PROJECT, IN_NO_PROJECT, COUNTS),
            SourceKind::Initiative => held!(OF_INITIATIVE, IN_NO_PROJECT, COUNTS),
            SourceKind::Issue => held!(OF_ISSUE, ALL, COUNTS),
        };
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.id]).await
    }
}
