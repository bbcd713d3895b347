//! The roles for which a workspace demands a second factor. Until there is one they do not count, at any door, so that their
//! holder can sign in and add it.
use super::is_set;
use crate::account::{ask_for_password, session::require_proof};
use kernel::{
    Actor, Error,
    Method::{Get, Put},
    Operation, Result, Role, Roles, Route, Time, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html, token};

/// For a query of accounts as `a`: what [`counting`] needs beside the roles.
pub(crate) const DEMANDED: &str = "(select o.factor_roles from workspaces o where o.id = a.workspace_id) as demanded,
    (select f.confirmed_at from factors f where f.workspace_id = a.workspace_id and f.person_id = a.person_id) as factor_since";

/// Of the roles of an account those that count now.
pub(crate) fn counting(roles: &str, demanded: &str, factor_since: Option<Time>) -> Result<Roles> {
    let (roles, demanded): (Roles, Roles) = (roles.parse()?, demanded.parse()?);
    Ok(roles.iter().filter(|role| factor_since.is_some() || !demanded.has(*role)).collect())
}

/// Show for which roles a second factor is demanded.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowFactorPolicy {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactorPolicy {
    pub roles: Vec<Role>,
    /// How many people lack one that their roles demand.
    pub lacking: i64,
}

impl Operation for ShowFactorPolicy {
    const NAME: &str = "workspace.show_factor_policy";
    const ROUTE: Route = Route(Get, "/workspace/second-factor");
    const READS: bool = true;
    type Target = ();
    type Output = FactorPolicy;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<FactorPolicy> {
        let demanded = demanded(tx).await?;
        let select = sql!(
            "select a.roles from accounts a join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and a.password_hash is not null and a.disabled_at is null
                and p.deactivated_at is null and not exists (select 1 from factors f
                    where f.workspace_id = a.workspace_id and f.person_id = a.person_id and f.confirmed_at is not null)"
        );
        let without: Vec<String> = tx.all(select, args![tx.workspace()]).await?;
        let mut lacking = 0;
        for roles in &without {
            let roles: Roles = roles.parse()?;
            lacking += i64::from(roles.iter().any(|role| demanded.has(role)));
        }
        Ok(FactorPolicy { roles: demanded.iter().collect(), lacking })
    }
}

async fn demanded(tx: &mut Tx<'_>) -> Result<Roles> {
    let select = sql!("select factor_roles from workspaces where id = $1");
    tx.one::<String>(select, args![tx.workspace()]).await?.parse()
}

/// Say for which roles a second factor is demanded. Those roles do not count for who has none, until they have added it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequireFactor {
    /// None: everyone chooses for themselves.
    #[serde(default)]
    pub roles: Vec<Role>,
}

impl Operation for RequireFactor {
    const NAME: &str = "workspace.require_factor";
    const ROUTE: Route = Route(Put, "/workspace/second-factor");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let (me, workspace) = (tx.me(), tx.workspace());
        let roles: Roles = self.roles.iter().copied().collect();
        let mine = tx.actor().roles;
        if mine.iter().any(|role| roles.has(role)) && !is_set(tx, me).await? {
            return Err(Error::conflict(
                "Add a second factor to your own account first; your own roles would not count.",
            ));
        }
        let update = sql!("update workspaces set factor_roles = $2 where id = $1 and factor_roles <> $2");
        if tx.run(update, args![workspace, roles.to_string()]).await? > 0 {
            let names: Vec<&str> = roles.iter().map(Role::name).collect();
            tx.record("workspace.factor_required", workspace, json!({ "roles": names }));
        }
        Ok(())
    }
}

/// `POST /admin/second-factor`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<RequireFactor>().await {
        Ok(()) => Ok(form.go("/admin", Flash::says("The rule for second factors is saved."))),
        Err(Error::Unproven) => Ok(ask_for_password("/admin")),
        Err(error) => {
            let state = form.refused(error)?;
            let policy = form.cx.read(ShowFactorPolicy {}).await?;
            Ok(form.again("Second factor", view(&form.cx, &policy, &state)))
        }
    }
}

/// The card on the page of those who run the workspace.
pub async fn card(cx: &Cx) -> Result<Markup> {
    let policy = cx.read(ShowFactorPolicy {}).await?;
    let texts = policy.roles.iter().map(|role| ("roles".to_owned(), role.name().to_owned())).collect();
    Ok(view(cx, &policy, &Form::refused(texts, Vec::new())))
}

fn view(cx: &Cx, policy: &FactorPolicy, form: &Form) -> Markup {
    html! {
        section.card #factor-policy {
            header { h2 { "Second factor" } @if policy.lacking > 0 { span.right.small.muted { (policy.lacking) " still without" } } }
            div.body {
                form.form method="post" action="/admin/second-factor" {
                    (form.summary())
                    (token(cx))
                    fieldset.choices #roles {
                        legend { "Demanded of" }
                        p.hint { "These roles do not count until their holder has added an app. They can sign in, and are led to it." }
                        @for role in Role::ALL {
                            label.choice {
                                input type="checkbox" name="roles" value=(role.name()) checked[form.holds("roles", role.name())];
                                span { (role.title()) }
                            }
                        }
                    }
                    footer.form-foot { button.button { "Save" } }
                }
            }
        }
    }
}
