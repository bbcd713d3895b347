//! The pages of whoever fills in a form: the form, and how what they sent stands. They show nothing else of the company.
//! A link that opens nothing any more looks like one that never did.
use super::{FindForm, FindSent, Need, OpenForm, SendForm, priorities, question::Question};
use crate::custom::Kind;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Actor, Door, Error, Json, Result, json, parse};
use people::account::visitor::Visitor;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html, prose, token};

/// Nobody's account, also in a browser in which somebody is signed in.
fn stranger(cx: &Cx) -> Actor {
    Actor::stranger(cx.site.workspace, Door::Page)
}

async fn found(cx: &Cx) -> Result<OpenForm> {
    cx.site.app.call(&stranger(cx), FindForm { secret: cx.text("secret").to_owned() }).await
}

/// `GET /forms/{secret}`
pub async fn show(cx: Cx) -> Answer {
    match found(&cx).await {
        Ok(open) => Ok(alone(&cx, StatusCode::OK, &open.name, page(&cx, &open, &Form::default()))),
        Err(Error::NotFound) => Ok(over(&cx)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /forms/{secret}`
pub async fn send(visitor: Visitor, form: Submitted) -> Answer {
    let open = match found(&form.cx).await {
        Ok(open) => open,
        Err(Error::NotFound) => return Ok(over(&form.cx)),
        Err(error) => return Err(error.into()),
    };
    let given = given(&form, &open, &visitor.address);
    let sent = async { form.cx.site.app.call(&stranger(&form.cx), parse::<SendForm>(given)?).await };
    match sent.await {
        Ok(receipt) => Ok(form.go(&format!("/sent/{}", receipt.secret), Flash::says("Thank you."))),
        Err(Error::NotFound) => Ok(over(&form.cx)),
        Err(error) => {
            let state = form.refused(error)?;
            let body = page(&form.cx, &open, &state);
            Ok(alone(&form.cx, StatusCode::UNPROCESSABLE_ENTITY, &open.name, body))
        }
    }
}

/// What was typed, as the operation takes it.
fn given(form: &Submitted, open: &OpenForm, address: &str) -> Json {
    let text = |name: &str| Some(form.text(name).trim()).filter(|text| !text.is_empty());
    let typed = |question: &Question| {
        let text = form.text(&name_of(question)).trim().to_owned();
        (!text.is_empty()).then(|| (question.field_id.to_string(), Json::String(text)))
    };
    let fields: serde_json::Map<String, Json> = open.questions.iter().filter_map(typed).collect();
    json!({
        "secret": form.cx.text("secret"), "title": form.text("title"), "description": form.text("description"),
        "priority": text("priority"), "fields": fields, "name": form.text("name"), "mail": text("mail"),
        "trap": form.text(TRAP), "address": address,
    })
}

/// `GET /sent/{secret}`
pub async fn sent(cx: Cx) -> Answer {
    let secret = cx.text("secret").to_owned();
    let stand = match cx.site.app.call(&stranger(&cx), FindSent { secret }).await {
        Ok(stand) => stand,
        Err(Error::NotFound) => return Ok(over(&cx)),
        Err(error) => return Err(error.into()),
    };
    let body = html! {
        @if let Some(flash) = &cx.flash { p.ask.good role="status" { (flash.sentence) } }
        h1 { (stand.title()) }
        p.lead { (stand.says()) }
        p { "Keep the address of this page as your reference. It tells how what you sent stands, and nothing else." }
        p.small.muted { "Whoever has the address sees this page." }
    };
    Ok(alone(&cx, StatusCode::OK, stand.title(), html! { div.stack { (body) } }))
}

/// The same for a link that has ended and one that never was.
fn over(cx: &Cx) -> Response {
    let body = html! {
        h1 { "This link does not work" }
        p.lead { "It has ended, or it was not copied whole. Ask whoever gave it to you for another one." }
    };
    alone(cx, StatusCode::NOT_FOUND, "This link does not work", body)
}

fn alone(cx: &Cx, status: StatusCode, title: &str, body: Markup) -> Response {
    (status, ui::alone(title, "", cx.viewer.theme, body)).into_response()
}

/// The name of the field that people do not see; programs fill in whatever is called so.
const TRAP: &str = "homepage";

fn page(cx: &Cx, open: &OpenForm, form: &Form) -> Markup {
    html! {
        div.stack.broad {
            header { h1 { (open.name) } }
            @if !open.about.is_empty() { div.prose { (prose(&open.about)) } }
            form.form.wide method="post" action=(cx.path) data-guard {
                (form.summary()) (token(cx))
                (form.text("title", "Title", "In a few words."))
                @if open.description.is_asked() { (description(form, open.description)) }
                @if open.priority { (form.select("priority", "Priority", "", Some("None said"), &priorities()[1..])) }
                @for question in &open.questions { (asked(form, question)) }
                (sender(form, open))
                div.vh aria-hidden="true" {
                    label for=(TRAP) { "Leave this empty" }
                    input id=(TRAP) name=(TRAP) type="text" tabindex="-1" autocomplete="off";
                }
                div.buttons { button.button.primary { "Send" } }
            }
        }
    }
}

fn sender(form: &Form, open: &OpenForm) -> Markup {
    let is_optional = |need: Need| need == Need::Optional;
    html! {
        @if open.sender_name.is_asked() { (form.input("text", "name", "Your name", "", is_optional(open.sender_name))) }
        @if open.sender_mail.is_asked() {
            (form.input("email", "mail", "Your mail address", "Only those see it who look at what you send.", is_optional(open.sender_mail)))
        }
    }
}

fn name_of(question: &Question) -> String {
    format!("fields.{}", question.field_id)
}

fn asked(form: &Form, question: &Question) -> Markup {
    let (name, label, optional) = (name_of(question), question.name.as_str(), !question.required);
    match question.kind {
        Kind::Choice => field(
            form,
            &name,
            label,
            optional,
            html! {
                select id=(name) name=(name) required[!optional] aria-invalid=[form.flaw(&name).map(|_| "true")] {
                    option value="" { (if optional { "None said" } else { "Choose one" }) }
                    @for choice in &question.choices { option value=(choice) selected[form.value(&name) == choice] { (choice) } }
                }
            },
        ),
        Kind::Day => form.input("date", &name, label, "", optional),
        Kind::Number => form.input("text", &name, label, "A number, such as 1200 or -0.5.", optional),
        Kind::Link => form.input("text", &name, label, "An address that begins with https://.", optional),
        Kind::Text | Kind::Person => form.input("text", &name, label, "", optional),
    }
}

fn description(form: &Form, need: Need) -> Markup {
    let (name, optional) = ("description", need == Need::Optional);
    field(
        form,
        name,
        "Description",
        optional,
        html! {
            textarea.writing id=(name) name=(name) rows="8" maxlength="10000" required[!optional] aria-invalid=[form.flaw(name).map(|_| "true")] { (form.value(name)) }
        },
    )
}

fn field(form: &Form, name: &str, label: &str, optional: bool, control: Markup) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) @if optional { " " span.optional { "optional" } } }
            (control)
            @if let Some(sentence) = form.flaw(name) { p.error id={ (name) "-error" } { (sentence) } }
        }
    }
}
