//! Where whoever began a board, or leads its team, gives links to guests and ends them.
use super::{AddRemark, EndLink, GuestLinks, Link, ListLinks, MadeLink, MakeLink};
use axum::{http::StatusCode, response::Response};
use kernel::Error;
use ui::{Answer, Cx, Failure, Flash, Form, Head, Markup, Submitted, ago, empty, html, icon, token};

const TITLE: &str = "Guests";

/// `GET /retrospectives/{retrospective}/guests`
pub async fn show(cx: Cx) -> Answer {
    let links = cx.read_here::<ListLinks>().await?;
    let form = Form::of([("days", "7".to_owned())]);
    Ok(cx.page(TITLE, page(&cx, &links, &form)))
}

fn page(cx: &Cx, view: &GuestLinks, form: &Form) -> Markup {
    let board = &view.retrospective;
    let place = board.place();
    let lead = "People without an account who take part in this board, and see nothing else.";
    html! {
        (Head { crumbs: vec![("/retrospectives", "Retrospectives"), (&place, &board.name)], title: TITLE, lead, ..Head::default() }.show())
        div.stack {
            @if !board.guests { (empty("This board was begun for the team alone, and stays so. Choose guests when you begin the next one.", Some((&place, "To the board")))) }
            @else {
                section.card { header { h2 { "A link for guests" } }
                    div.body { form.form method="post" action={ (place) "/guests" } {
                        (token(cx)) (form.summary())
                        (form.input("number", "days", "Days until it ends", "1 to 30. Up to twenty people come with one link. You can end it sooner.", false))
                        div.buttons { button.button.primary { "Make a link" } }
                    } } }
                (standing(cx, view))
            }
        }
    }
}

fn standing(cx: &Cx, view: &GuestLinks) -> Markup {
    html! {
        section.card { header { h2 { "Links that stand" } }
            @if view.links.is_empty() { div.body { p.muted { "None. Nobody but the team sees this board now." } } }
            ul.list.plain { @for link in &view.links { (line(cx, link)) } }
            @if !view.names.is_empty() { footer.small.muted { "Who came: " (view.names.join(", ")) } }
        }
    }
}

fn line(cx: &Cx, link: &Link) -> Markup {
    let zone = &cx.viewer.zone;
    let guests =
        if link.guests == 1 { "1 guest came with it".into() } else { format!("{} guests came with it", link.guests) };
    html! {
        li id={ "link-" (link.id) } {
            div.what { p { "Until " (ui::day_and_time(link.ends_at, zone)) }
                p.small.muted { (guests) ". " (link.made_by_name) " made it " (ago(link.made_at, cx.now(), zone)) } }
            form method="post" action={ "/retrospective-links/" (link.id) "/end" } { (token(cx)) button.button.small { "End it" } }
        }
    }
}

/// `POST /retrospectives/{retrospective}/guests`
pub async fn make(form: Submitted) -> Answer {
    match form.submit::<MakeLink>().await {
        Ok(made) => Ok(hand_over(&form.cx, &made)),
        Err(error) => {
            let state = form.refused(error)?;
            let links = form.cx.read_here::<ListLinks>().await?;
            Ok(form.again(TITLE, page(&form.cx, &links, &state)))
        }
    }
}

/// The one time that a link is shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn hand_over(cx: &Cx, made: &MadeLink) -> Response {
    let title = "The link for guests";
    let body = html! {
        (Head { crumbs: vec![(&cx.path, TITLE)], title, ..Head::default() }.show())
        section.card { div.body { div.stack {
            p { "Give it to those whom you invite. Cairn does not show it again. Whoever has it can come in until " (ui::day_and_time(made.ends_at, &cx.viewer.zone)) "." }
            pre.code { code { (made.address) } }
            div.buttons {
                copy-button data-text=(made.address) { button.button type="button" { (icon("copy")) "Copy" } }
                a.button.quiet href=(cx.path) { "Done" }
            }
        } } }
    };
    let mut response = cx.guarded_page(title, body);
    *response.status_mut() = StatusCode::CREATED;
    response
}

/// `POST /retrospective-links/{link}/end`
pub async fn end(form: Submitted) -> Answer {
    let board = form.submit::<EndLink>().await?;
    Ok(form.go(&format!("{}/guests", board.place()), Flash::says("The link has ended. What its guests wrote stays.")))
}

/// `POST /retrospective-topics/{topic}/remarks`
pub async fn remark(form: Submitted) -> Answer {
    let back = format!("/retrospective-topics/{}", form.cx.text("topic"));
    match form.submit::<AddRemark>().await {
        Ok(()) => Ok(form.go(&format!("{back}#guests"), Flash::says("Said. The guests read it, too."))),
        Err(Error::Invalid(flaws)) => {
            let sentence = flaws.first().map_or(String::new(), |flaw| flaw.sentence.clone());
            Ok(form.go(&back, Flash::says(sentence)))
        }
        Err(error) => Err(Failure(error)),
    }
}
