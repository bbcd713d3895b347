//! What the card on a person's page is sent to.
use super::ask_for_password;
use crate::account::{
    AccountState, DisableAccount, EnableAccount, SetRoles, ShowAccount,
    card::{invite_form, roles_form},
    factor::RemoveFactorOf,
    invitation::{RevokeInvitation, SendInvitation, Sent},
    reset::SendReset,
};
use axum::{http::StatusCode, response::Response};
use kernel::{Error, Roles};
use ui::{Answer, Flash, Head, Markup, Submitted, html, icon};

/// `POST /people/{person}/invitations`
pub async fn invite(form: Submitted) -> Answer {
    match form.submit::<SendInvitation>().await {
        Ok(Sent { link: Some(link), .. }) => Ok(hand_over(&form, &link)),
        Ok(Sent { email, .. }) => {
            let email = email.unwrap_or_default();
            Ok(form.go(&page(&form), Flash::says(format!("The invitation is on its way to {email}."))))
        }
        Err(Error::Unproven) => Ok(ask_for_password(&page(&form))),
        Err(error) => {
            let state = form.refused(error)?;
            let of = read(&form).await?;
            let view = invite_form(&form.cx, of.person, of.email.as_deref(), &state);
            Ok(form.again("Invite", around(&form, &of, html! { (state.summary()) (view) })))
        }
    }
}

/// The one time that a link is shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn hand_over(form: &Submitted, link: &str) -> Response {
    let head = Head { title: "Hand over this link", lead: "It works once, within seven days.", ..Head::default() };
    let body = html! {
        (head.show())
        section.card { div.body { div.stack {
            p { "Cairn does not show it again. Give it to nobody but the person it is for." }
            pre.code { code { (link) } }
            div.buttons {
                copy-button data-text=(link) { button.button type="button" { (icon("copy")) "Copy" } }
                a.button.quiet href=(page(form)) { "Done" }
            }
        } } }
    };
    let mut response = form.cx.page("Hand over this link", body);
    *response.status_mut() = StatusCode::CREATED;
    response
}

/// `POST /people/{person}/invitations/{invitation}/revocation`
pub async fn revoke(form: Submitted) -> Answer {
    form.submit::<RevokeInvitation>().await?;
    Ok(form.go(&page(&form), Flash::says("The invitation is taken back; its link does not work any more.")))
}

/// `POST /people/{person}/roles`
pub async fn set_roles(form: Submitted) -> Answer {
    match form.submit::<SetRoles>().await {
        Ok(()) => Ok(form.go(&page(&form), Flash::says("The roles are changed. They sign in anew."))),
        Err(Error::Unproven) => Ok(ask_for_password(&page(&form))),
        Err(error) => {
            let state = form.refused(error)?;
            let of = read(&form).await?;
            let held: Roles = of.account.as_ref().and_then(|held| held.roles.parse().ok()).unwrap_or_default();
            let view = roles_form(&form.cx, of.person, held, &state);
            Ok(form.again("Roles", around(&form, &of, html! { (state.summary()) (view) })))
        }
    }
}

/// `POST /people/{person}/reset`
pub async fn send_reset(form: Submitted) -> Answer {
    form.submit::<SendReset>().await?;
    Ok(form.go(&page(&form), Flash::says("A link to a new password is on its way to their mail address.")))
}

/// `POST /people/{person}/second-factor/removal`
pub async fn remove_second_factor(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Remove their second factor?", "Remove");
    }
    match form.submit::<RemoveFactorOf>().await {
        Ok(()) => Ok(form.go(&page(&form), Flash::says("Their password alone lets them in now. A letter tells them."))),
        Err(Error::Unproven) => Ok(ask_for_password(&page(&form))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/{person}/account/disabling`
pub async fn disable(form: Submitted) -> Answer {
    form.submit::<DisableAccount>().await?;
    let undo = format!("{}/account/enabling", page(&form));
    Ok(form.go(&page(&form), Flash::says("They cannot sign in any more, and their sessions have ended.").undo(undo)))
}

/// `POST /people/{person}/account/enabling`
pub async fn enable(form: Submitted) -> Answer {
    form.submit::<EnableAccount>().await?;
    Ok(form.go(&page(&form), Flash::says("They can sign in again.")))
}

/// The person's page. The text is an id here: every operation has read it before.
fn page(form: &Submitted) -> String {
    format!("/people/{}", form.cx.text("person"))
}

async fn read(form: &Submitted) -> kernel::Result<AccountState> {
    form.cx.read(ShowAccount { person: form.cx.text("person").parse()? }).await
}

fn around(form: &Submitted, of: &AccountState, body: Markup) -> Markup {
    let page = page(form);
    let head = Head { crumbs: vec![("/people", "People"), (&page, &of.name)], title: "Sign-in", ..Head::default() };
    html! { (head.show()) (body) }
}
