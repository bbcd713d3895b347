use super::{alone, link_is_over, stranger};
use crate::{
    account::{
        cookies,
        invitation::{Acceptance, FindInvitation, Invited, accept},
        sign_in::SignedIn,
        visitor::Visitor,
    },
    person::choices,
};
use axum::http::StatusCode;
use kernel::{Error, Result, json, parse};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html, token};

/// `GET /invitations/{secret}`
pub async fn show(cx: Cx) -> Answer {
    match find(&cx).await {
        Ok(invited) => {
            let form = Form::of([("zone", invited.zone.clone()), ("hours", invited.hours.clone())]);
            Ok(alone(&cx, StatusCode::OK, "Welcome", view(&cx, &invited, &form)))
        }
        Err(Error::NotFound) => Ok(over(&cx)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /invitations/{secret}`
pub async fn submit(visitor: Visitor, form: Submitted) -> Answer {
    let invited = match find(&form.cx).await {
        Err(Error::NotFound) => return Ok(over(&form.cx)),
        found => found?,
    };
    match take(&form, &visitor).await {
        Ok(signed_in) => {
            let mut response = form.go("/", Flash::says("Welcome. You are signed in."));
            cookies::keep(&mut response, form.cx.site.workspace, &signed_in);
            Ok(response)
        }
        Err(error) => {
            let state = form.refused(error)?;
            Ok(alone(&form.cx, StatusCode::UNPROCESSABLE_ENTITY, "Welcome", view(&form.cx, &invited, &state)))
        }
    }
}

async fn find(cx: &Cx) -> Result<Invited> {
    cx.site.app.call(&stranger(cx), FindInvitation { secret: cx.text("secret").to_owned() }).await
}

async fn take(form: &Submitted, visitor: &Visitor) -> Result<SignedIn> {
    let mut given = json!({
        "secret": form.cx.text("secret"), "zone": form.text("zone"), "hours": form.text("hours"),
        "new_password": form.text("new_password"),
    });
    if !form.text("email").is_empty() {
        given["email"] = form.text("email").into();
    }
    let acceptance: Acceptance = parse(given)?;
    accept(&form.cx.site.app, &stranger(&form.cx), acceptance, visitor).await
}

fn over(cx: &Cx) -> axum::response::Response {
    link_is_over(cx, html! { p { "Ask whoever invited you to do it once more." } })
}

fn view(cx: &Cx, invited: &Invited, form: &Form) -> Markup {
    html! {
        h1 { "Welcome, " (invited.name) }
        p.lead { "Choose a password, and see whether we know your hours." }
        form.form method="post" action=(cx.path) {
            (form.summary())
            (token(cx))
            @match &invited.email {
                Some(email) => { p { "You sign in as " strong { (email) } "." } input type="hidden" autocomplete="username" value=(email); }
                None => (form.input("email", "email", "Mail address", "You sign in with it.", false)),
            }
            (form.input("password", "new_password", "Password", "At least 12 characters. A sentence is good.", false))
            (form.combo("zone", "Time zone", "Where you work from.", None, &choices::zones(cx.now(), form.value("zone"))))
            (form.hours("hours", "Working hours", "In your own time. Others see when you are at work."))
            footer.form-foot { button.button.primary { "Accept" } }
        }
    }
}
