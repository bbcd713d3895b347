use super::Builder;
use crate::{
    data::roadmap::{Debt, Initiative, Judged, Period, Project, Said, Shares, Weighting},
    history::By,
};
use ::roadmap::{
    debt::AddDebt,
    health::PostHealth,
    initiative::{self, AddInitiative},
    milestone::AddMilestone,
    priority::{Criterion, JudgeProject, SetWeighting},
    project::AddProject,
    share::SetShares,
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
    criteria: BTreeMap<&'a str, Id<Criterion>>,
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
        let date = |period: &Option<Period>| period.as_ref().map(|period| period.from(reference));
        let missing = |name: &str| Error::conflict(format!("No initiative before is called `{name}`."));
        let known = |name: &String| self.roadmap.initiatives.get(name.as_str()).ok_or_else(|| missing(name));
        let input = json!({
            "name": row.name,
            "about": row.about,
            "owner": self.person(&row.owner)?,
            "teams": row.teams.iter().map(|team| self.team(team)).collect::<Result<Vec<_>>>()?,
            "initiative": row.initiative.as_ref().map(known).transpose()?,
            "state": row.state,
            "rhythm_weeks": row.rhythm_weeks,
            "start": date(&row.start),
            "target": date(&row.target),
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

    pub(super) async fn set_weights(&mut self, by: By<'_>, row: &'a Weighting) -> Result<()> {
        let criteria: Vec<Json> =
            row.criteria.iter().map(|(name, weight)| json!({ "name": name, "weight": weight })).collect();
        let made = self.call::<SetWeighting>(by, json!({ "criteria": criteria })).await?;
        self.roadmap
            .criteria
            .extend(row.criteria.keys().map(String::as_str).zip(made.criteria.iter().map(|one| one.id)));
        Ok(())
    }

    pub(super) async fn note_debt(&self, by: By<'_>, row: &Debt) -> Result<()> {
        let input = json!({
            "team": self.team(&row.team)?,
            "name": row.name,
            "about": row.about,
            "owner": row.owner.as_ref().map(|owner| self.person(owner)).transpose()?,
            "standing": row.standing,
            "hours_a_week": row.hours_a_week,
            "hours_to_repay": row.hours_to_repay,
        });
        self.call::<AddDebt>(by, input).await.map(drop)
    }

    pub(super) async fn plan_shares(&self, by: By<'_>, row: &Shares) -> Result<()> {
        let mut shares = Vec::new();
        for share in &row.shares {
            let mut labels = Vec::new();
            for name in &share.labels {
                labels.push(self.label(by, name).await?);
            }
            let known = |name: &String| self.roadmap.projects.get(name.as_str());
            let projects: Vec<_> = share.projects.iter().filter_map(known).collect();
            shares
                .push(json!({ "name": share.name, "percent": share.percent, "labels": labels, "projects": projects }));
        }
        let quarter = row.quarter.from(self.company.reference);
        let input = json!({ "team": self.team(&row.team)?, "quarter": quarter, "why": row.why, "shares": shares });
        self.call::<SetShares>(by, input).await.map(drop)
    }

    pub(super) async fn judge_project(&self, by: By<'_>, row: &Project, judged: &Judged) -> Result<()> {
        let project = self.roadmap.project(row)?;
        let key = |name: &String| self.roadmap.criteria.get(name.as_str()).map_or(name.clone(), Id::to_string);
        let values: Vec<Json> =
            judged.values.iter().map(|(name, value)| json!({ "factor": key(name), "value": value })).collect();
        self.call::<JudgeProject>(by, json!({ "project": project, "values": values, "why": judged.why }))
            .await
            .map(drop)
    }
}
