//! What counts as a deployment to production: environments, pipelines and tags by name.
use super::Reach;
use kernel::{
    Actor, Id,
    Method::{Get, Put},
    Operation, Result, Route, Team, Tx, args, columns, json, sql,
    text::Name,
    words,
};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What a rule looks at.
    pub enum RuleKind {
        /// Deployments to an environment of this name.
        Environment = "environment",
        /// Builds of a pipeline of this name.
        Pipeline = "pipeline",
        /// Releases and tags of this name.
        Tag = "tag",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentRule {
    pub kind: RuleKind,
    /// `*` stands for any text; upper and lower case are the same.
    pub pattern: Name<200>,
}

struct Stored {
    kind: RuleKind,
    pattern: String,
}
columns!(Stored { kind, pattern });

/// The rules of a team; none for what belongs to no team.
#[derive(Default)]
pub struct Rules(Vec<Stored>);

impl Rules {
    pub fn has(&self, kind: RuleKind) -> bool {
        self.0.iter().any(|rule| rule.kind == kind)
    }

    /// All of them as texts, in the order in which they are stored.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|rule| format!("{} {}", rule.kind.word(), rule.pattern))
    }

    /// Whether a rule of the kind names it; nothing if there is no rule of the kind.
    pub fn matches(&self, kind: RuleKind, name: &str) -> Option<bool> {
        let mut of_kind = self.0.iter().filter(|rule| rule.kind == kind).peekable();
        of_kind.peek()?;
        Some(of_kind.any(|rule| glob(&rule.pattern.to_lowercase(), &name.to_lowercase())))
    }
}

/// Names of environments that people use, where neither the source nor a rule says it.
pub fn usual(environment: &str) -> bool {
    ["production", "production*", "prod", "prod-*", "prod/*", "live"]
        .iter()
        .any(|p| glob(p, &environment.to_lowercase()))
}

pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|start| text.strip_prefix(start)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((end, middle)) = parts.split_last() else { return rest.is_empty() };
    let mut rest = rest;
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(end)
}

impl Rules {
    /// Those of the team that owns a repository.
    pub async fn of_owner(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Rules> {
        match team {
            Some(team) => of(tx, team).await,
            None => Ok(Rules::default()),
        }
    }
}

pub async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Rules> {
    let select = sql!(
        "select kind, pattern from deployment_rules where workspace_id = $1 and team_id = $2 order by kind, pattern"
    );
    Ok(Rules(tx.all(select, args![tx.workspace(), team]).await?))
}

/// What counts as a deployment to production in a team. Where there is no rule for environments, those count that the source
/// calls production, or that are called production, prod or live.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowDeploymentRules {
    pub team: Id<Team>,
}

impl Operation for ShowDeploymentRules {
    const NAME: &str = "deployment_rule.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/deployment-rules");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<DeploymentRule>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reach::of(tx, self.team).await.map(|_| ())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<DeploymentRule>> {
        let stored = of(tx, self.team).await?.0;
        let rule = |one: Stored| {
            let pattern = Name::try_from(one.pattern).map_err(kernel::Error::internal)?;
            Ok(DeploymentRule { kind: one.kind, pattern })
        };
        stored.into_iter().map(rule).collect()
    }
}

/// Say what counts as a deployment to production in a team, in place of what counted before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDeploymentRules {
    pub team: Id<Team>,
    pub rules: Vec<DeploymentRule>,
}

const MOST: usize = 50;

impl Operation for SetDeploymentRules {
    const NAME: &str = "deployment_rule.set";
    const ROUTE: Route = Route(Put, "/teams/{team}/deployment-rules");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = Vec<DeploymentRule>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Reach::of(tx, self.team).await?;
        team::Record::is_led_by(tx, self.team, tx.me()).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || crate::repository::may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Vec<DeploymentRule>> {
        if self.rules.len() > MOST {
            return Err(kernel::Error::invalid("rules", format!("A team has at most {MOST} rules.")));
        }
        let delete = sql!("delete from deployment_rules where workspace_id = $1 and team_id = $2");
        tx.run(delete, args![tx.workspace(), self.team]).await?;
        let insert = sql!(
            "insert into deployment_rules (workspace_id, team_id, kind, pattern) values ($1, $2, $3, $4)
             on conflict (workspace_id, team_id, kind, pattern) do nothing"
        );
        for rule in &self.rules {
            tx.run(insert, args![tx.workspace(), self.team, rule.kind, rule.pattern]).await?;
        }
        tx.record("team.deployment_rules_set", self.team, json!({ "rules": self.rules.len() }));
        ShowDeploymentRules { team: self.team }.run(tx, ()).await
    }
}

#[cfg(test)]
mod tests;
