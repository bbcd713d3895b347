use super::Builder;
use crate::{
    data::roadmap::{Initiative, Project, Said},
    history::By,
};
use ::roadmap::{
    health::PostHealth,
    initiative::{self, AddInitiative},
    milestone::AddMilestone,
    project::AddProject,
};
use kernel::{Error, Id, Json, Result, json};
use std::collections::BTreeMap;
use work::issue::EditMany;

/// By their names.
#[derive(Default)]
pub(super) struct Roadmap<'a> {
    initiatives: BTreeMap<&'a str, Id<initiative::Initiative>>,
    projects: BTreeMap<&'a str, Id<kernel::Project>>,
    milestones: BTreeMap<&'a str, Id<kernel::Milestone>>,
}

impl Roadmap<'_> {
    fn project(&self, row: &Project) -> Result<Id<kernel::Project>> {
        let missing = || Error::conflict(format!("No project before is called `{}`.", row.name));
        self.projects.get(row.name.as_str()).copied().ok_or_else(missing)
    }
}

impl<'a> Builder<'a> {
    pub(super) async fn begin_initiative(&mut self, by: By<'_>, row: &'a Initiative) -> Result<()> {
        let input = json!({
            "name": row.name,
            "about": row.about,
            "owner": self.person(&row.owner)?,
            "state": "started",
            "target": row.target.from(self.company.reference),
        });
        let made = self.call::<AddInitiative>(by, input).await?;
        self.roadmap.initiatives.insert(&row.name, made.id);
        Ok(())
    }

    pub(super) async fn begin_project(&mut self, by: By<'_>, row: &'a Project) -> Result<()> {
        let reference = self.company.reference;
        let initiative = self.roadmap.initiatives.get(row.initiative.as_str());
        let missing = || Error::conflict(format!("No initiative before is called `{}`.", row.initiative));
        let input = json!({
            "name": row.name,
            "about": row.about,
            "owner": self.person(&row.owner)?,
            "teams": row.teams.iter().map(|team| self.team(team)).collect::<Result<Vec<_>>>()?,
            "initiative": initiative.ok_or_else(missing)?,
            "state": row.state,
            "rhythm_weeks": row.rhythm_weeks,
            "start": row.start.from(reference),
            "target": row.target.from(reference),
        });
        let project = self.call::<AddProject>(by, input).await?;
        for milestone in &row.milestones {
            let input = json!({
                "project": project.id,
                "name": milestone.name,
                "target": milestone.target.from(reference),
            });
            let made = self.call::<AddMilestone>(by, input).await?;
            self.roadmap.milestones.insert(&milestone.name, made.id);
        }
        self.roadmap.projects.insert(&row.name, project.id);
        Ok(())
    }

    pub(super) async fn gather_issues(&self, by: By<'_>, row: &Project) -> Result<()> {
        self.put(by, &row.issues, json!({ "project": self.roadmap.project(row)? })).await?;
        for milestone in &row.milestones {
            let id = self.roadmap.milestones.get(milestone.name.as_str());
            self.put(by, &milestone.issues, json!({ "milestone": id })).await?;
        }
        Ok(())
    }

    async fn put(&self, by: By<'_>, slugs: &[String], mut change: Json) -> Result<()> {
        let issues = slugs.iter().map(|slug| Ok(self.issue(slug)?.id)).collect::<Result<Vec<_>>>()?;
        change["issues"] = json!(issues);
        self.call::<EditMany>(by, change).await.map(drop)
    }

    pub(super) async fn say_health(&self, by: By<'_>, row: &Project, said: &Said) -> Result<()> {
        let project = self.roadmap.project(row)?;
        let input = json!({ "project": project, "health": said.health, "why": said.why });
        self.call::<PostHealth>(by, input).await.map(drop)
    }
}
