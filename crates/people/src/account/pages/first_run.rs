use super::{alone, stranger};
use crate::{
    account::{
        cookies,
        first_run::{Beginning, CountSetup, IsNew, begin},
        sign_in::SignedIn,
        visitor::Visitor,
    },
    person::choices,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use kernel::{Error, Result, json, parse};
use subtle::ConstantTimeEq;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html, token};

const TITLE: &str = "Begin";

/// `GET /first-run`
pub async fn show(cx: Cx) -> Answer {
    if !cx.read(IsNew {}).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let form = Form::of([("code", cx.text("code").to_owned())]);
    Ok(alone(&cx, StatusCode::OK, TITLE, view(&cx, &form)))
}

/// `POST /first-run`
pub async fn submit(visitor: Visitor, form: Submitted) -> Answer {
    match set_up(&form, &visitor).await {
        Ok(signed_in) => {
            let mut response =
                form.go("/people", Flash::says("Your workspace is ready. Add the people you work with."));
            cookies::keep(&mut response, form.cx.site.workspace, &signed_in);
            Ok(response)
        }
        Err(error) => {
            let state = form.refused(error)?;
            Ok(alone(&form.cx, StatusCode::UNPROCESSABLE_ENTITY, TITLE, view(&form.cx, &state)))
        }
    }
}

async fn set_up(form: &Submitted, visitor: &Visitor) -> Result<SignedIn> {
    let (site, nobody) = (&form.cx.site, stranger(&form.cx));
    site.app.call(&nobody, CountSetup { address: visitor.address.clone() }).await?;
    let expected = site.setup_code.as_deref().unwrap_or_default();
    let same: bool = expected.as_bytes().ct_eq(form.text("code").trim().as_bytes()).into();
    if !same || expected.is_empty() {
        return Err(Error::invalid("code", "This is not the code that the server printed when it started."));
    }
    let beginning: Beginning = parse(json!({
        "workspace": form.text("workspace"), "name": form.text("name"), "email": form.text("email"),
        "zone": form.text("zone"), "new_password": form.text("new_password"),
    }))?;
    begin(&site.app, &nobody, beginning, visitor).await
}

fn view(cx: &Cx, form: &Form) -> Markup {
    let mut zones = choices::zones(cx.now(), form.value("zone"));
    zones.insert(0, (String::new(), "Choose one".to_owned()));
    html! {
        h1 { "Begin with Cairn" }
        p.lead { "You become the owner of this workspace." }
        form.form method="post" action="/first-run" {
            (form.summary())
            (token(cx))
            (form.text("code", "Setup code", "The server printed it when it started."))
            (form.text("workspace", "Name of the workspace", "Most often the name of your company."))
            (form.text("name", "Your name", ""))
            (form.input("email", "email", "Mail address", "You sign in with it.", false))
            (form.combo("zone", "Time zone", "Where you work from.", None, &zones))
            (form.input("password", "new_password", "Password", "At least 12 characters. A sentence is good.", false))
            footer.form-foot { button.button.primary { "Begin" } }
        }
    }
}
