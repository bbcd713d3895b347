use super::alone;
use crate::account::{cookies, factor::ShowFactor, prove::prove, return_to, visitor::Visitor};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::Error;
use ui::{Answer, Cx, Form, Markup, Submitted, html, token};

/// On to the page that asks for the password, and from there to a page of this site.
pub fn ask(back_to: &str) -> Response {
    Redirect::to(&format!("/prove?return_to={back_to}")).into_response()
}

/// `GET /prove`
pub async fn show(cx: Cx) -> Answer {
    if cx.actor().is_stranger() {
        return Err(Error::SignedOut.into());
    }
    let form = Form::of([("return_to", cx.text("return_to").to_owned())]);
    let has_factor = cx.read(ShowFactor {}).await?.since.is_some();
    Ok(alone(&cx, StatusCode::OK, "Your password", view(&cx, &form, has_factor)))
}

/// `POST /prove`
pub async fn submit(visitor: Visitor, form: Submitted) -> Answer {
    let cx = &form.cx;
    match prove(&cx.site.app, cx.actor(), form.text("password"), form.text("code"), &visitor).await {
        Ok(session_secret) => {
            let mut response = Redirect::to(return_to::local(form.text("return_to"))).into_response();
            cookies::keep_session(&mut response, cx.site.workspace, &session_secret);
            Ok(response)
        }
        Err(error) => {
            let state = form.refused(error)?;
            let has_factor = cx.read(ShowFactor {}).await?.since.is_some();
            Ok(alone(cx, StatusCode::UNPROCESSABLE_ENTITY, "Your password", view(cx, &state, has_factor)))
        }
    }
}

fn view(cx: &Cx, form: &Form, has_factor: bool) -> Markup {
    html! {
        h1 { "Enter your password" }
        p.lead { "What comes next could do much harm in the hands of someone else. For ten minutes you are not asked again." }
        form.form method="post" action="/prove" {
            (form.summary())
            (token(cx))
            input type="hidden" name="return_to" value=(return_to::local(form.value("return_to")));
            (form.input("password", "password", "Password", "", false))
            @if has_factor {
                (form.input("text", "code", "Code", "The six digits that your app shows now, or a recovery code.", false))
            }
            footer.form-foot { button.button.primary { "Go on" } a.button.quiet href="/" { "Cancel" } }
        }
    }
}
