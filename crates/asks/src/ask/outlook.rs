//! Whoever writes to somebody sees what time it is there, whether they work, and when it will be due.
use super::preview::{Outlook, PreviewAsk, local_time, people_of};
use kernel::{Due, Error, Result, Verb};
use ui::{Answer, Cx, Markup, Pages, day_and_time, html};

pub fn pages() -> Pages {
    Pages::new().get("/asks/outlook", show)
}

/// Where the form of an ask shows it; `fixed` is what the form itself does not ask for, as a query.
pub(super) fn place(fixed: &str) -> Markup {
    html! { receiver-clock data-src="/asks/outlook" data-fixed=(fixed) { turbo-frame #receivers {} } }
}

/// `GET /asks/outlook?to=…`: the frame below the names. What is not written to its end yet is left out.
async fn show(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let people = match told(&cx).await {
        Err(Error::Invalid(_)) => Vec::new(),
        other => other?,
    };
    Ok(cx.page("Those whom you ask", frame(&cx, &people)))
}

async fn told(cx: &Cx) -> Result<Vec<Outlook>> {
    let to = people_of(cx, cx.text("to")).await?;
    let verb = cx.text("verb").parse().unwrap_or(Verb::Answer);
    let due = cx.text("due").parse::<Due>().ok();
    Ok(cx.read(PreviewAsk { to, verb, due }).await?.people)
}

fn frame(cx: &Cx, people: &[Outlook]) -> Markup {
    html! {
        turbo-frame #receivers {
            @if !people.is_empty() {
                ul.outlook aria-label="Those whom you ask" { @for one in people { li {
                    span.strong { (one.name) } " "
                    span.muted { (local_time(cx, one)) "; due " (day_and_time(one.due_at, &cx.viewer.zone)) " your time" }
                } } }
            }
        }
    }
}
