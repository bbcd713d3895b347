use super::{IntakeForm, SELECT, link};
use crate::team::Kept;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The forms of a team, by name, those that are closed at the end.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListForms {
    pub team: Id<Team>,
}

/// One form with its link, for whoever may change it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowForm {
    pub form: Id<IntakeForm>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "IntakeFormList")]
pub struct FormList {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// At most 50.
    pub forms: Vec<IntakeForm>,
    /// Whether the reader settles them.
    pub may_change: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "IntakeFormView")]
pub struct FormView {
    #[serde(flatten)]
    pub form: IntakeForm,
    /// Where it is filled in. Nothing where this server cannot read it, as its key is another one; replace the link then.
    pub address: Option<String>,
}

impl Operation for ListForms {
    const NAME: &str = "intake_form.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/intake-forms");
    const READS: bool = true;
    type Target = Kept;
    type Output = FormList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<FormList> {
        let select = sql!(
            SELECT,
            "where f.workspace_id = $1 and $2 and f.team_id = $3
              order by case when f.closed_at is null then 0 else 1 end, lower(f.name), f.id"
        );
        Ok(FormList {
            team_id: self.team,
            forms: tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team]).await?,
            may_change: kept.may_change(tx.actor()),
            team_name: kept.team.name,
        })
    }
}

impl Operation for ShowForm {
    const NAME: &str = "intake_form.show";
    const ROUTE: Route = Route(Get, "/intake-forms/{form}");
    const READS: bool = true;
    type Target = (IntakeForm, Kept);
    type Output = FormView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        IntakeForm::kept(tx, self.form).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (form, _): Self::Target) -> Result<FormView> {
        Ok(FormView { address: link::address(tx, form.id).await?, form })
    }
}
