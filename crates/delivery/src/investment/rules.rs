//! What a change is for, by rules of the team: the first one that names it says so.
use super::read::Change;
use crate::{
    pipeline::{Reach, glob},
    repository::may_keep,
};
use kernel::{
    Actor, Error, Id,
    Method::{Get, Put},
    Operation, Result, Route, Team, Tx, args, columns, json, sql,
    text::Name,
    words,
};
use measures::Investment;
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What of a change a rule looks at.
    pub enum LooksAt {
        /// A label of its pull request, or of an issue on which it works.
        Label = "label",
        /// The title of its pull request, or the first line of a commit that is part of none.
        Title = "title",
        /// The name of its repository.
        Repository = "repository",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvestmentRule {
    pub looks_at: LooksAt,
    /// `*` stands for any text; upper and lower case are the same.
    pub pattern: Name<200>,
    pub kind: Investment,
}

/// How the time of a team is sorted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InvestmentRules {
    pub team: Id<Team>,
    /// Whether the reader may change them.
    pub may_set: bool,
    /// The team has none of its own: these are the usual ones, by labels and by the words with which many begin a title.
    pub usual: bool,
    pub rules: Vec<InvestmentRule>,
    /// What is capitalised in the report for those who keep the books.
    pub capitalised: Vec<Investment>,
}

/// What holds in a team without rules of its own.
const USUAL: [(LooksAt, &str, Investment); 22] = [
    (LooksAt::Label, "*incident*", Investment::Unplanned),
    (LooksAt::Label, "*hotfix*", Investment::Unplanned),
    (LooksAt::Title, "hotfix*", Investment::Unplanned),
    (LooksAt::Title, "revert*", Investment::Unplanned),
    (LooksAt::Label, "*support*", Investment::Support),
    (LooksAt::Label, "*customer*", Investment::Support),
    (LooksAt::Label, "*debt*", Investment::Debt),
    (LooksAt::Label, "*refactor*", Investment::Debt),
    (LooksAt::Title, "refactor*", Investment::Debt),
    (LooksAt::Label, "*dependenc*", Investment::Upkeep),
    (LooksAt::Label, "*maintenance*", Investment::Upkeep),
    (LooksAt::Label, "*bug*", Investment::Upkeep),
    (LooksAt::Title, "fix*", Investment::Upkeep),
    (LooksAt::Title, "chore*", Investment::Upkeep),
    (LooksAt::Title, "build*", Investment::Upkeep),
    (LooksAt::Title, "ci*:*", Investment::Upkeep),
    (LooksAt::Title, "docs*", Investment::Upkeep),
    (LooksAt::Title, "test*", Investment::Upkeep),
    (LooksAt::Title, "bump *", Investment::Upkeep),
    (LooksAt::Label, "*feature*", Investment::Value),
    (LooksAt::Label, "*enhancement*", Investment::Value),
    (LooksAt::Title, "feat*", Investment::Value),
];
const MOST: usize = 60;

struct Stored {
    looks_at: LooksAt,
    pattern: String,
    kind: Investment,
}
columns!(Stored { looks_at, pattern, kind });

impl InvestmentRule {
    /// Whether it names a change.
    pub fn names(&self, change: &Change) -> bool {
        let pattern = self.pattern.to_lowercase();
        let fits = |text: &str| glob(&pattern, &text.to_lowercase());
        match self.looks_at {
            LooksAt::Label => change.labels.iter().any(|label| fits(label)),
            LooksAt::Title => fits(&change.title),
            LooksAt::Repository => fits(&change.repository),
        }
    }
}

impl InvestmentRules {
    pub(super) async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<InvestmentRules> {
        let rules = sql!(
            "select looks_at, pattern, kind from investment_rules where workspace_id = $1 and team_id = $2 order by place"
        );
        let stored: Vec<Stored> = tx.all(rules, args![tx.workspace(), team]).await?;
        let capital =
            sql!("select kind from investment_capital where workspace_id = $1 and team_id = $2 order by kind");
        let mut capitalised: Vec<Investment> = tx.all(capital, args![tx.workspace(), team]).await?;
        let usual = stored.is_empty();
        if usual && capitalised.is_empty() {
            capitalised.push(Investment::Value);
        }
        let own = stored.into_iter().map(|one| (one.looks_at, one.pattern, one.kind));
        let given = USUAL.iter().map(|(looks_at, pattern, kind)| (*looks_at, (*pattern).to_owned(), *kind));
        let all: Vec<_> = if usual { given.collect() } else { own.collect() };
        let rule = |(looks_at, pattern, kind): (LooksAt, String, Investment)| {
            Ok(InvestmentRule { looks_at, pattern: Name::try_from(pattern).map_err(Error::internal)?, kind })
        };
        Ok(InvestmentRules {
            team,
            may_set: may_keep(tx.actor()) || team::Record::is_led_by(tx, team, tx.me()).await?,
            usual,
            rules: all.into_iter().map(rule).collect::<Result<_>>()?,
            capitalised,
        })
    }

    /// What a change is for, and which rule says so.
    pub(super) fn kind(&self, change: &Change) -> Option<&InvestmentRule> {
        self.rules.iter().find(|rule| rule.names(change))
    }
}

/// The rules that say what the changes of a team are for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowInvestmentRules {
    pub team: Id<Team>,
}

impl Operation for ShowInvestmentRules {
    const NAME: &str = "investment_rule.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/investment-rules");
    const READS: bool = true;
    type Target = ();
    type Output = InvestmentRules;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reach::of(tx, self.team).await.map(|_| ())
    }

    fn allows(_: &Actor, (): &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<InvestmentRules> {
        InvestmentRules::of(tx, self.team).await
    }
}

/// Say what the changes of a team are for, in place of what was said before. Without rules the usual ones hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetInvestmentRules {
    pub team: Id<Team>,
    /// The first rule that names a change counts.
    pub rules: Vec<InvestmentRule>,
    /// The kinds of work that are capitalised.
    #[serde(default)]
    pub capitalised: Vec<Investment>,
}

impl Operation for SetInvestmentRules {
    const NAME: &str = "investment_rule.set";
    const ROUTE: Route = Route(Put, "/teams/{team}/investment-rules");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = InvestmentRules;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Reach::of(tx, self.team).await?;
        team::Record::is_led_by(tx, self.team, tx.me()).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<InvestmentRules> {
        if self.rules.len() > MOST {
            return Err(Error::invalid("rules", format!("A team has at most {MOST} rules.")));
        }
        let (rules, capital) = (
            sql!("delete from investment_rules where workspace_id = $1 and team_id = $2"),
            sql!("delete from investment_capital where workspace_id = $1 and team_id = $2"),
        );
        tx.run(rules, args![tx.workspace(), self.team]).await?;
        tx.run(capital, args![tx.workspace(), self.team]).await?;
        let insert = sql!(
            "insert into investment_rules (workspace_id, team_id, place, looks_at, pattern, kind) values ($1, $2, $3, $4, $5, $6)"
        );
        for (place, rule) in (1_i64..).zip(&self.rules) {
            let workspace = tx.workspace();
            tx.run(insert, args![workspace, self.team, place, rule.looks_at, rule.pattern, rule.kind]).await?;
        }
        let insert = sql!(
            "insert into investment_capital (workspace_id, team_id, kind) values ($1, $2, $3)
             on conflict (workspace_id, team_id, kind) do nothing"
        );
        for kind in &self.capitalised {
            tx.run(insert, args![tx.workspace(), self.team, kind]).await?;
        }
        tx.record("team.investment_rules_set", self.team, json!({ "rules": self.rules.len() }));
        InvestmentRules::of(tx, self.team).await
    }
}
