use super::{
    Kept, Plan, Stage, Upload, from_text, json_text,
    proposal::{Choices, Proposal, TeamChoice},
    read, remove,
};
use crate::{
    import::{BeginImport, Import, Told},
    team,
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Tx, args, sql};
use people::{access::cares_for_people, team::AddTeam};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Begins to bring a file over. Called from the page only.
#[derive(Deserialize, JsonSchema)]
pub(super) struct StartImport {
    pub upload: Id<Upload>,
    pub choices: Choices,
}

impl Operation for StartImport {
    const NAME: &str = "issue_upload.start";
    const ROUTE: Route = Route(Post, "/issue-imports/files/{upload}/start");
    type Target = Kept;
    type Output = Import;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.upload).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Import> {
        if kept.stage != Stage::Waiting {
            return Err(Error::conflict("This file is being brought over already."));
        }
        let summary: super::file::Summary = from_text(&kept.summary)?;
        let proposal = Proposal::of(tx, kept.source, &summary, &self.choices).await?;
        let teams = teams(tx, &proposal).await?;
        let label = kept.file_name.parse().map_err(|sentence: String| Error::invalid("file", sentence))?;
        let begin = BeginImport { source: kept.source, label, expected: summary.issues as u32 };
        let import = begin.run(tx, ()).await?;
        make_way(tx, import.id).await?;
        let told = Told::of(proposal.known_by());
        let plan = json_text(&Plan { mapping: proposal.mapping(), teams, told, ..Plan::default() })?;
        let update = sql!(
            "update issue_uploads set stage = $3, import_id = $4, plan = $5, choices = $6 where workspace_id = $1 and id = $2"
        );
        let choices = json_text(&self.choices)?;
        tx.run(update, args![tx.workspace(), kept.id, Stage::Reading, import.id, plan, choices]).await?;
        read::want(tx, kept.id);
        Ok(import)
    }
}

/// An import goes on under its name; a file that failed before is not needed any more.
async fn make_way(tx: &mut Tx<'_>, import: Id<Import>) -> Result<()> {
    let other = sql!("select id, stage from issue_uploads where workspace_id = $1 and import_id = $2");
    match tx.find::<(Id<Upload>, Stage)>(other, args![tx.workspace(), import]).await? {
        Some((failed, Stage::Failed)) => remove(tx, failed).await,
        Some(_) => Err(Error::conflict("A file of this name is being brought over already. Wait until it is here.")),
        None => Ok(()),
    }
}

async fn teams(tx: &mut Tx<'_>, proposal: &Proposal) -> Result<BTreeMap<String, Id<Team>>> {
    let mut teams = BTreeMap::new();
    for (place, (project, choice)) in proposal.teams.iter().enumerate() {
        let team = match choice {
            TeamChoice::Is(team) => team::Kept::visible(tx, *team).await?.team.id,
            TeamChoice::New => {
                let name = project.name.parse().map_err(|_: String| {
                    Error::invalid(format!("team.{place}"), "No team can be called like this project. Choose one.")
                })?;
                let add =
                    AddTeam { name, parent: None, mission: Default::default(), about: Default::default(), lead: None };
                add.run(tx, false).await?.id
            }
        };
        teams.insert(project.key.clone(), team);
    }
    Ok(teams)
}
