use super::{Choice, CustomField, SELECT, choices::choices_of};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The fields of everyone, and those of a team; of all teams if none is named.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListFields {
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Also those that were put away.
    #[serde(default)]
    pub all: bool,
}

/// A field with what it can hold.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldView {
    #[serde(flatten)]
    pub field: CustomField,
    /// In their order, those that were put away at the end. Empty where the field is no choice.
    pub choices: Vec<Choice>,
}

const MOST: i64 = 1_000;

impl Operation for ListFields {
    const NAME: &str = "custom_field.list";
    const ROUTE: Route = Route(Get, "/custom-fields");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<FieldView>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<FieldView>> {
        let select = sql!(
            SELECT,
            "where f.workspace_id = $1 and $2 and (cast($3 as text) is null or f.team_id is null or f.team_id = $3)
               and ($4 or f.archived_at is null)
             order by case when f.team_id is null then 0 else 1 end, lower(f.name), f.id limit $5"
        );
        let found: Vec<CustomField> =
            tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team, self.all, MOST]).await?;
        let ids: Vec<Id<CustomField>> = found.iter().map(|field| field.id).collect();
        let mut choices = choices_of(tx, &ids).await?;
        let mut take = |id| choices.extract_if(.., |(of, _)| *of == id).map(|(_, choice)| choice).collect();
        Ok(found.into_iter().map(|field| FieldView { choices: take(field.id), field }).collect())
    }
}
