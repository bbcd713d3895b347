use kernel::{Actor, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Ends every session, token and link of every workspace, drops letters that wait, and holds those that will be written until
/// somebody releases them: after a restore, what was taken away since the backup must not come back.
#[derive(Deserialize, JsonSchema)]
pub struct EndAllAccess {}

impl Operation for EndAllAccess {
    const NAME: &str = "account.end_all_access";
    const ROUTE: Route = Route(Post, "/accounts/end");
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
        tx.run(sql!("update accounts set auth_epoch = auth_epoch + 1"), args![]).await?;
        tx.run(sql!("delete from sessions"), args![]).await?;
        tx.run(sql!("delete from devices"), args![]).await?;
        tx.run(sql!("delete from second_steps"), args![]).await?;
        tx.run(sql!("update workspaces set mail_held_at = $1"), args![now]).await?;
        tx.run(sql!("update tokens set revoked_at = $1 where revoked_at is null"), args![now]).await?;
        tx.run(
            sql!("update invitations set revoked_at = $1 where revoked_at is null and accepted_at is null"),
            args![now],
        )
        .await?;
        tx.run(sql!("delete from jobs where kind = 'mail.send'"), args![]).await?;
        tx.run(
            sql!("update mails set body_text = null, body_html = null, body_calendar = null where sent_at is null"),
            args![],
        )
        .await?;
        Ok(())
    }
}
