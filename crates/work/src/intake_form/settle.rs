use super::{Content, IntakeForm, link, topic};
use crate::team::{Kept, Work};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Error, Id,
    Method::{Patch, Post},
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::Name,
};
use people::{account::secret, person::folded};
use schemars::JsonSchema;
use serde::Deserialize;

/// So many forms a team has, closed ones included.
const MOST: i64 = 50;

/// Make a form that people without an account fill in. It is open from now on, for whoever has its link.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddForm {
    pub team: Id<Team>,
    /// What whoever fills it in sees as its title.
    pub name: Name<120>,
    #[serde(default)]
    pub content: Content,
    /// The last day on which it is open.
    #[serde(default)]
    pub ends_on: Option<Date>,
}

/// Change a form. Issues that came with it stay as they are, and so does its link.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditForm {
    pub form: Id<IntakeForm>,
    pub name: Option<Name<120>>,
    /// All that it says, asks for and makes of it.
    pub content: Option<Content>,
    #[serde(default)]
    pub ends_on: Change<Date>,
}

impl Operation for AddForm {
    const NAME: &str = "intake_form.add";
    const ROUTE: Route = Route(Post, "/teams/{team}/intake-forms");
    type Target = Kept;
    type Output = IntakeForm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        self.content.look_up(tx).await?;
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<IntakeForm> {
        Work::begun(tx, self.team, &kept.team.name).await?;
        self.content.check(tx, self.team).await?;
        let count = sql!("select count(*) from intake_forms where workspace_id = $1 and team_id = $2");
        if tx.one::<i64>(count, args![tx.workspace(), self.team]).await? >= MOST {
            return Err(Error::conflict("A team has at most 50 forms. Change one that is closed instead."));
        }
        let (id, me, now): (Id<IntakeForm>, _, _) = (tx.id(), tx.me(), tx.now());
        let content = serde_json::to_string(&self.content).map_err(Error::internal)?;
        let unique = unique_name(self.team, &self.name);
        let secret = secret::fresh()?;
        let (link, hash) = (link::seal(tx, id, &secret)?, secret::hash(&secret));
        let insert = sql!(
            "insert into intake_forms (workspace_id, id, team_id, name, unique_name, content, ends_on, link, link_hash,
               created_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let workspace = tx.workspace();
        let row = args![workspace, id, self.team, self.name, unique, content, self.ends_on, link, hash, me, now];
        tx.run(insert, row).await.map_err(taken)?;
        tell(tx, "intake_form.added", id, self.team, &self.name);
        Ok(IntakeForm::kept(tx, id).await?.0)
    }
}

impl Operation for EditForm {
    const NAME: &str = "intake_form.edit";
    const ROUTE: Route = Route(Patch, "/intake-forms/{form}");
    type Target = (IntakeForm, Kept);
    type Output = IntakeForm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Some(content) = &self.content {
            content.look_up(tx).await?;
        }
        IntakeForm::kept(tx, self.form).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<IntakeForm> {
        let name = self.name.as_deref().unwrap_or(&old.name);
        if let Some(content) = &self.content {
            content.check(tx, old.team_id).await?;
        }
        let content = self.content.as_ref().unwrap_or(&old.content);
        let text = serde_json::to_string(content).map_err(Error::internal)?;
        let ends_on = self.ends_on.clone().apply(old.ends_on);
        let update = sql!(
            "update intake_forms set name = $3, unique_name = $4, content = $5, ends_on = $6
              where workspace_id = $1 and id = $2"
        );
        let unique = unique_name(old.team_id, name);
        tx.run(update, args![tx.workspace(), old.id, name, unique, text, ends_on]).await.map_err(taken)?;
        tell(tx, "intake_form.changed", old.id, old.team_id, name);
        Ok(IntakeForm::kept(tx, old.id).await?.0)
    }
}

fn unique_name(team: Id<Team>, name: &str) -> String {
    format!("{team}:{}", folded(name))
}

fn taken(error: Error) -> Error {
    let constraint = "intake_forms_workspace_id_unique_name_key";
    error.when_field(constraint, "name", "This team has a form with this name already.")
}

pub(super) fn tell(tx: &mut Tx<'_>, verb: &'static str, id: Id<IntakeForm>, team: Id<Team>, name: &str) {
    tx.record(verb, id, json!({ "name": name }));
    tx.touch(topic(team));
}
