use super::{CustomField, Kind, choices, taken, unique_name};
use crate::{
    label::{may_keep, of_team},
    team::Kept,
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Team, Tx, args, json, sql, text::Name};
use people::person::Record;
use schemars::JsonSchema;
use serde::Deserialize;

/// Add a field to the issues of everyone, or to those of one team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddField {
    pub name: Name<60>,
    pub kind: Kind,
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Whoever adds it, if left out.
    #[serde(default)]
    pub owner: Option<Id<Person>>,
    /// What a choice can be, in its order: 1 to 200.
    #[serde(default)]
    pub choices: Vec<Name<100>>,
}

impl Operation for AddField {
    const NAME: &str = "custom_field.add";
    const ROUTE: Route = Route(Post, "/custom-fields");
    type Target = Option<Kept>;
    type Output = CustomField;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Option<Kept>> {
        if let Some(owner) = self.owner {
            Record::visible(tx, owner).await?;
        }
        of_team(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Option<Kept>) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Option<Kept>) -> Result<CustomField> {
        if (self.kind == Kind::Choice) == self.choices.is_empty() {
            let sentence = match self.kind {
                Kind::Choice => "Write what can be chosen, one on each line.",
                _ => "Only a choice has these. Leave this empty.",
            };
            return Err(Error::invalid("choices", sentence));
        }
        let own = (!tx.actor().is_system()).then(|| tx.me());
        let id = insert(tx, self.team, &self.name, self.kind, self.owner.or(own)).await?;
        choices::set(tx, id, &self.choices).await?;
        CustomField::visible(tx, id).await
    }
}

pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    team: Option<Id<Team>>,
    name: &str,
    kind: Kind,
    owner: Option<Id<Person>>,
) -> Result<Id<CustomField>> {
    let id: Id<CustomField> = tx.id();
    let insert = sql!(
        "insert into custom_fields (workspace_id, id, team_id, name, unique_name, kind, owner_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let unique = unique_name(team, name);
    tx.run(insert, args![tx.workspace(), id, team, name, unique, kind, owner, tx.now()]).await.map_err(taken)?;
    tx.record("custom_field.added", id, json!({ "name": name }));
    Ok(id)
}
