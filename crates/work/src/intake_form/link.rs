//! The link of a form. It is meant to be published, so it can be shown again; its secret is sealed, and found by its hash.
use super::{IntakeForm, settle::tell};
use crate::team::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use people::account::secret;
use schemars::JsonSchema;
use serde::Deserialize;

const CLASS: &str = "intake-form";

fn about(tx: &Tx<'_>, form: Id<IntakeForm>) -> String {
    format!("{CLASS} of {} {form}", tx.workspace())
}

pub(super) fn seal(tx: &Tx<'_>, form: Id<IntakeForm>, secret: &str) -> Result<String> {
    tx.vault().seal(CLASS, &about(tx, form), secret)
}

/// Where the form is filled in. Nothing if `root.key` is another one than when the link was made.
pub(super) async fn address(tx: &mut Tx<'_>, form: Id<IntakeForm>) -> Result<Option<String>> {
    let link = sql!("select link from intake_forms where workspace_id = $1 and id = $2");
    let link: String = tx.one(link, args![tx.workspace(), form]).await?;
    let secret = tx.vault().open(CLASS, &about(tx, form), &link);
    Ok(secret.map(|secret| format!("{}/forms/{secret}", tx.base_url())))
}

/// Close a form: its link opens nothing any more. Issues that came with it stay.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseForm {
    pub form: Id<IntakeForm>,
}

/// Open a form again that was closed, with the same link.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenForm {
    pub form: Id<IntakeForm>,
}

/// Give a form another link. The one before opens nothing any more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplaceLink {
    pub form: Id<IntakeForm>,
}

impl Operation for CloseForm {
    const NAME: &str = "intake_form.close";
    const ROUTE: Route = Route(Post, "/intake-forms/{form}/closing");
    type Target = (IntakeForm, Kept);
    type Output = IntakeForm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        IntakeForm::kept(tx, self.form).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<IntakeForm> {
        let close =
            sql!("update intake_forms set closed_at = $3 where workspace_id = $1 and id = $2 and closed_at is null");
        if tx.run(close, args![tx.workspace(), old.id, tx.now()]).await? > 0 {
            tell(tx, "intake_form.closed", old.id, old.team_id, &old.name);
        }
        Ok(IntakeForm::kept(tx, old.id).await?.0)
    }
}

impl Operation for ReopenForm {
    const NAME: &str = "intake_form.reopen";
    const ROUTE: Route = Route(Post, "/intake-forms/{form}/reopening");
    type Target = (IntakeForm, Kept);
    type Output = IntakeForm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        IntakeForm::kept(tx, self.form).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<IntakeForm> {
        let today = old.today(tx).await?;
        if old.ends_on.is_some_and(|last| last < today) {
            return Err(Error::conflict("The last day of this form is over. Give it a later one first."));
        }
        let open = sql!(
            "update intake_forms set closed_at = null where workspace_id = $1 and id = $2 and closed_at is not null"
        );
        if tx.run(open, args![tx.workspace(), old.id]).await? > 0 {
            tell(tx, "intake_form.reopened", old.id, old.team_id, &old.name);
        }
        Ok(IntakeForm::kept(tx, old.id).await?.0)
    }
}

impl Operation for ReplaceLink {
    const NAME: &str = "intake_form.replace_link";
    const ROUTE: Route = Route(Post, "/intake-forms/{form}/link");
    type Target = (IntakeForm, Kept);
    type Output = IntakeForm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        IntakeForm::kept(tx, self.form).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<IntakeForm> {
        let secret = secret::fresh()?;
        let link = seal(tx, old.id, &secret)?;
        let update = sql!("update intake_forms set link = $3, link_hash = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, link, secret::hash(&secret)]).await?;
        tell(tx, "intake_form.link_replaced", old.id, old.team_id, &old.name);
        Ok(old)
    }
}

/// Closes every form of every workspace: after a restore, what was closed or replaced since the backup must not come back.
#[derive(Deserialize, JsonSchema)]
pub struct CloseAllForms {}

impl Operation for CloseAllForms {
    const NAME: &str = "intake_form.close_all";
    const ROUTE: Route = Route(Post, "/intake-forms/closing");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let now = tx.now();
        tx.run(sql!("update intake_forms set closed_at = $1 where closed_at is null"), args![now]).await?;
        Ok(())
    }
}
