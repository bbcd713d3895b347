//! Repositories, and how their histories come in.
mod add;
mod document;
mod edit;
mod finish;
mod import;
mod known;
mod list;
mod show;

pub use add::AddRepository;
pub use document::REPOSITORIES;
pub use edit::EditRepository;
pub use finish::{FinishImport, Ref, Summary};
pub use import::{ChangedPath, ImportCommits, ImportedCommit, Signature, Stored};
pub use known::{FindRepository, KnownCommits, ReadRefs};
pub use list::ListRepositories;
pub use show::ShowRepository;

use kernel::{Actor, Card, Id, Later, Person, Result, Team, Time, Tx, args, columns, sql, words};
use people::{access::cares_for_people, team};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What a clone holds besides the commits.
    pub enum Contents {
        Lines = "lines",
        Paths = "paths",
        Nothing = "nothing",
    }
}

/// What is stored of a repository.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Repository {
    pub id: Id<Repository>,
    pub name: String,
    /// A path or an address, without names and passwords.
    pub location: String,
    pub team_id: Option<Id<Team>>,
    pub team_name: Option<String>,
    /// The ref of the main line, such as `refs/heads/main`.
    pub main_ref: Option<String>,
    pub contents: Contents,
    /// The clone is cut off at some depth.
    pub shallow: bool,
    /// Only commits since then were read.
    pub since: Option<Time>,
    pub commits: i64,
    pub lost_tips: i64,
    /// When an import was last finished.
    pub imported_at: Option<Time>,
}
columns!(Repository {
    id,
    name,
    location,
    team_id,
    team_name,
    main_ref,
    contents,
    shallow,
    since,
    commits,
    lost_tips,
    imported_at,
});

/// Every query that reads repositories begins with this.
const SELECT: &str =
    "select r.id, r.name, r.location, r.team_id, t.name as team_name, r.main_ref, r.contents, r.shallow,
            r.since, r.commits, r.lost_tips, r.imported_at
       from repositories r left join teams t on t.workspace_id = r.workspace_id and t.id = r.team_id ";

/// The reach of every query that shows repositories, as `r`: colleagues see all of them.
const VISIBLE: &str = " r.workspace_id = $1 and $2 ";

impl Repository {
    /// The repository, if the actor can see it.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Repository>) -> Result<Repository> {
        let select = sql!(SELECT, "where", VISIBLE, "and r.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// What came of the history so far, in words, where it is not all there.
    pub fn missing(&self) -> Vec<&'static str> {
        let gaps = [
            (self.contents == Contents::Paths, "This clone has no file contents, so lines are not counted."),
            (
                self.contents == Contents::Nothing,
                "This clone has no files, so only the commits themselves are counted.",
            ),
            (self.shallow, "This clone is shallow: older commits are not in it."),
            (self.since.is_some(), "Only commits since a chosen date were read."),
        ];
        gaps.into_iter().filter(|(there, _)| *there).map(|(_, sentence)| sentence).collect()
    }
}

/// A repository, and whether the actor leads the team that owns it or one above.
pub struct Kept {
    pub repository: Repository,
    pub leads: bool,
}

impl Kept {
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Repository>) -> Result<Kept> {
        let repository = Repository::visible(tx, id).await?;
        let leads = leads(tx, repository.team_id).await?;
        Ok(Kept { repository, leads })
    }

    /// Whoever leads the team, or runs the workspace.
    pub fn may_change(&self, actor: &Actor) -> bool {
        self.leads || may_keep(actor)
    }
}

/// May bring in repositories of any team.
pub fn may_keep(actor: &Actor) -> bool {
    cares_for_people(actor)
}

async fn leads(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<bool> {
    let me: Id<Person> = tx.me();
    match team {
        Some(team) => team::Record::is_led_by(tx, team, me).await,
        None => Ok(false),
    }
}

/// What others see of a repository when they point at it.
pub(crate) fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let select = sql!("select r.name from repositories r where", VISIBLE, "and r.id = $3");
        let name = tx.find(select, args![tx.workspace(), tx.actor().belongs(), id]).await?;
        Ok(name.map(|title| Card { title, href: format!("/repositories/{id}") }))
    })
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/repositories", list::page)
        .get("/repositories/{repository}/edit", edit::edit)
        .post("/repositories/{repository}/edit", edit::save)
}
