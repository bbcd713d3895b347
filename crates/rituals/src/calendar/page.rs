use super::{
    Busy, Calendar, EndAddress, EndBusy, Made, MakeAddress, SetCalendar, ShowBusy, ShowCalendar, SubscribeBusy,
};
use axum::{http::StatusCode, response::Response};
use kernel::{Error, Result};
use people::account::ask_for_password;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, ago, html, icon, token};

const HERE: &str = "/me/calendar";
const TITLE: &str = "Your calendar";

/// `GET /me/calendar`
pub async fn show(cx: Cx) -> Answer {
    let body = page(&cx, &Form::default()).await?;
    Ok(cx.page(TITLE, body))
}

async fn page(cx: &Cx, form: &Form) -> Result<Markup> {
    let calendar = cx.read(ShowCalendar {}).await?;
    let own = cx.read(ShowBusy {}).await?;
    let lead = "Your one-on-ones, check-ins and phases of retrospectives in the calendar program that you use.";
    Ok(html! {
        (Head { crumbs: vec![("/one-on-ones", "One-on-ones")], title: TITLE, lead, ..Head::default() }.show())
        div.stack { (address(cx, &calendar)) (letters(cx, &calendar)) (elsewhere(cx, own.as_ref(), form)) }
    })
}

fn address(cx: &Cx, calendar: &Calendar) -> Markup {
    let made = calendar.made_at;
    let zone = &cx.viewer.zone;
    html! {
        section.card #address {
            header { h2 { "By an address" } }
            div.body.stack {
                p { "Your program subscribes to an address and reads it every hour or so. It shows with whom and when, never what you talk about. Whoever has the address can read it, so keep it to yourself." }
                @if let Some(made) = made {
                    p.muted {
                        "You made one " (ago(made, cx.now(), zone)) ". "
                        @match calendar.read_at {
                            Some(at) => { "It was last read " (ago(at, cx.now(), zone)) "." },
                            None => "It was not read yet.",
                        }
                    }
                }
                div.buttons {
                    form method="post" action="/me/calendar/address" {
                        (token(cx))
                        button.button.primary { @if made.is_some() { "Make a new one" } @else { "Make an address" } }
                    }
                    @if made.is_some() {
                        form method="post" action="/me/calendar/address/end" { (token(cx)) button.button { "End it" } }
                    }
                }
                p.small.muted { "A new one ends the one before. A change of your password or roles ends it, too." }
            }
        }
    }
}

fn letters(cx: &Cx, calendar: &Calendar) -> Markup {
    html! {
        section.card #letters {
            header { h2 { "By mail" } }
            div.body.stack {
                p { @if calendar.invited {
                    "When the date of a one-on-one is set, moved or called off, you get an invitation that your calendar program takes over: at once if you did it, else when your working hours begin."
                } @else {
                    "You get no invitations. Those that you had before are still kept right."
                } }
                form method="post" action=(HERE) {
                    (token(cx))
                    input type="hidden" name="invited" value=(!calendar.invited);
                    button.button { @if calendar.invited { "No invitations" } @else { "Send me invitations" } }
                }
            }
        }
    }
}

/// The calendar that the reader keeps elsewhere.
fn elsewhere(cx: &Cx, own: Option<&Busy>, form: &Form) -> Markup {
    let zone = &cx.viewer.zone;
    html! {
        section.card #busy {
            header { h2 { "When you are busy elsewhere" } }
            div.body.stack {
                p { "Give the address at which your own calendar can be read, and no date of a one-on-one is proposed while you are busy. Cairn keeps the times alone: no titles, places or guests. Nobody sees them; the other one of a one-on-one sees that a time is not proposed." }
                @if let Some(own) = own {
                    p.muted {
                        "You gave one " (ago(own.subscribed_at, cx.now(), zone)) ". "
                        @match own.read_at {
                            Some(at) => { "It was last read " (ago(at, cx.now(), zone)) "." },
                            None => "It was not read yet.",
                        }
                        @if !own.trouble.is_empty() { " The last time it could not be read: " (own.trouble) }
                    }
                }
                form.form method="post" action="/me/calendar/busy" autocomplete="off" {
                    (token(cx)) (form.summary())
                    (form.text("address", "Address of your calendar", "Programs call it the secret or private address in iCal format. It is sealed, and not shown again."))
                    div.buttons { button.button { @if own.is_some() { "Use this one instead" } @else { "Read my calendar" } } }
                }
                @if own.is_some() { form method="post" action="/me/calendar/busy/end" { (token(cx)) button.button.quiet { "Forget it, and the times" } } }
            }
        }
    }
}

/// `POST /me/calendar/busy`
pub async fn subscribe(form: Submitted) -> Answer {
    match form.submit::<SubscribeBusy>().await {
        Ok(()) => Ok(form.go(
            "/me/calendar#busy",
            Flash::says("Your calendar is read within a minute, and every hour from then on."),
        )),
        Err(Error::Unproven) => Ok(ask_for_password(HERE)),
        Err(error) => {
            let state = form.refused(error)?;
            let body = page(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

/// `POST /me/calendar/busy/end`
pub async fn forget(form: Submitted) -> Answer {
    form.submit::<EndBusy>().await?;
    Ok(form.go("/me/calendar#busy", Flash::says("Forgotten, with the times.")))
}

/// `POST /me/calendar`
pub async fn save(form: Submitted) -> Answer {
    let calendar = form.submit::<SetCalendar>().await?;
    let sentence = if calendar.invited { "Dates come by mail from now on." } else { "No invitations from now on." };
    Ok(form.go(HERE, Flash::says(sentence)))
}

/// `POST /me/calendar/address`
pub async fn make(form: Submitted) -> Answer {
    match form.submit::<MakeAddress>().await {
        Ok(made) => Ok(hand_over(&form.cx, &made)),
        Err(Error::Unproven) => Ok(ask_for_password(HERE)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /me/calendar/address/end`
pub async fn end(form: Submitted) -> Answer {
    form.submit::<EndAddress>().await?;
    Ok(form.go(HERE, Flash::says("The address has ended.")))
}

/// The one time that an address is shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn hand_over(cx: &Cx, made: &Made) -> Response {
    let title = "The address of your dates";
    let body = html! {
        (Head { crumbs: vec![(HERE, TITLE)], title, ..Head::default() }.show())
        section.card { div.body { div.stack {
            p { "Cairn does not show it again. In your calendar program, look for “subscribe to a calendar” or “add from an address”." }
            pre.code { code { (made.address) } }
            div.buttons {
                copy-button data-text=(made.address) { button.button type="button" { (icon("copy")) "Copy" } }
                a.button.quiet href=(HERE) { "Done" }
            }
            p.small.muted { "Invitations by mail have stopped, so that nothing stands twice." }
        } } }
    };
    let mut response = cx.page(title, body);
    *response.status_mut() = StatusCode::CREATED;
    response
}
