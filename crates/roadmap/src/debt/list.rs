use super::{Debt, Row, SELECT, Standing, VISIBLE};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The debts, those that are paid back soonest first; where that is not known, those that cost most a week.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDebts {
    /// Only those of this team.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Those that are open or being repaid, if left out.
    #[serde(default)]
    pub standing: Option<Standing>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Debts {
    pub debts: Vec<Debt>,
    /// What all of them that say so cost, in hours a week.
    pub hours_a_week: f64,
    /// How many do not say what they cost.
    pub unknown: usize,
    /// More debts fit than the 500 that were looked at.
    pub more: bool,
}

const MOST: usize = 500;

impl Operation for ListDebts {
    const NAME: &str = "debt.list";
    const ROUTE: Route = Route(Get, "/debts");
    const READS: bool = true;
    type Target = ();
    type Output = Debts;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Debts> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and d.removed_at is null
             and (v.standing = $3 or cast($3 as text) is null and v.standing in ('open', 'repaying'))
             and (cast($4 as text) is null or d.team_id = $4)
             order by lower(v.name), d.id limit $5"
        );
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let rows: Vec<Row> =
            tx.all(select, args![workspace, belongs, self.standing, self.team, MOST as i64 + 1]).await?;
        let mut debts: Vec<Debt> = rows.into_iter().map(Row::debt).collect();
        let more = debts.len() > MOST;
        debts.truncate(MOST);
        let key = |debt: &Debt| (debt.payback_weeks.unwrap_or(f64::INFINITY), -debt.hours_a_week.unwrap_or(-1.0));
        debts.sort_by(|one, other| {
            let (one, other) = (key(one), key(other));
            one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))
        });
        Ok(Debts {
            hours_a_week: debts.iter().filter_map(|debt| debt.hours_a_week).sum(),
            unknown: debts.iter().filter(|debt| debt.hours_a_week.is_none()).count(),
            debts,
            more,
        })
    }
}
