//! The page of one talking point, and what its forms do.
use super::{
    AddPoint, ClosePoint, DropPoint, EditPoint, OneOnOne, Point, PointState, ReopenPoint, ReplyToPoint, ShowOneOnOne,
    View, parts, place,
};
use kernel::{Error, Id, Result};
use ui::{Answer, Cx, Failure, Flash, Form, Head, Markup, Submitted, html, token};

/// `POST /one-on-ones/{one_on_one}/points`
pub async fn add(form: Submitted) -> Answer {
    match form.submit::<AddPoint>().await {
        Ok(point) => Ok(form.go(&anchor(&point), Flash::says("Added. You both see it."))),
        Err(error) => super::show::again(&form, error).await,
    }
}

/// `GET /talking-points/{point}`
pub async fn show(cx: Cx) -> Answer {
    let id: Id<Point> = cx.text("point").parse().map_err(|_| Error::NotFound)?;
    let view = find(&cx, id).await?;
    let point = point(&view, id)?;
    let form = Form::of([("body", point.body.clone())]);
    let topic = view.one_on_one.id.to_string();
    Ok(cx.live_page("A talking point", &[&topic], page(&cx, &view, point, &form)))
}

/// `POST /talking-points/{point}`
pub async fn edit(form: Submitted) -> Answer {
    let done = form.submit::<EditPoint>().await.map(|point| (anchor(&point), Flash::says("Saved.")));
    finish(form, done).await
}

/// `POST /talking-points/{point}/replies`
pub async fn reply(form: Submitted) -> Answer {
    let done = form.submit::<ReplyToPoint>().await;
    let id: Id<Point> = form.cx.text("point").parse().map_err(|_| Error::NotFound)?;
    match done {
        Ok(_) => {
            let view = find(&form.cx, id).await?;
            Ok(form.go(&anchor(point(&view, id)?), Flash::says("Said. You both see it.")))
        }
        Err(error) => finish(form, Err(error)).await,
    }
}

/// `POST /talking-points/{point}/closed`
pub async fn close(form: Submitted) -> Answer {
    let done = form.submit::<ClosePoint>().await;
    finish(form, done.map(|point| ended(&point, "Done."))).await
}

/// `POST /talking-points/{point}/dropped`
pub async fn give_up(form: Submitted) -> Answer {
    let done = form.submit::<DropPoint>().await;
    finish(form, done.map(|point| ended(&point, "Dropped, with your reason."))).await
}

/// `POST /talking-points/{point}/reopened`
pub async fn reopen(form: Submitted) -> Answer {
    let done = form.submit::<ReopenPoint>().await;
    finish(form, done.map(|point| (anchor(&point), Flash::says("Open again.")))).await
}

fn ended(point: &Point, sentence: &str) -> (String, Flash) {
    let undo = format!("/talking-points/{}/reopened", point.id);
    (anchor(point), Flash::says(sentence).undo(undo))
}

fn anchor(point: &Point) -> String {
    format!("{}#point-{}", place(point.one_on_one_id), point.id)
}

async fn finish(form: Submitted, done: Result<(String, Flash)>) -> Answer {
    match done {
        Ok((to, flash)) => Ok(form.go(&to, flash)),
        Err(error) => {
            let state = form.refused(error)?;
            let id: Id<Point> = form.cx.text("point").parse().map_err(|_| Error::NotFound)?;
            let view = find(&form.cx, id).await?;
            let body = page(&form.cx, &view, point(&view, id)?, &state);
            Ok(form.again("A talking point", body))
        }
    }
}

async fn find(cx: &Cx, id: Id<Point>) -> Result<View, Failure> {
    let one_on_one: Id<OneOnOne> = cx.read(super::show::OfPoint { point: id }).await?;
    Ok(cx.read(ShowOneOnOne { one_on_one }).await?)
}

fn point(view: &View, id: Id<Point>) -> Result<&Point> {
    view.points.iter().find(|point| point.id == id).ok_or(Error::NotFound)
}

fn page(cx: &Cx, view: &View, point: &Point, form: &Form) -> Markup {
    let (title, back) = (view.one_on_one.title(), place(view.one_on_one.id));
    let crumbs = vec![("/one-on-ones", "One-on-ones"), (back.as_str(), title.as_str())];
    let here = format!("/talking-points/{}", point.id);
    let own = point.author_id == cx.actor().person;
    html! {
        (Head { crumbs, title: "A talking point", ..Head::default() }.show())
        div.stack {
            (form.summary())
            section.card { ul.list { (parts::point(cx, view, point)) } }
            @if point.state == PointState::Open && view.one_on_one.ended_at.is_none() {
                section.card #drop {
                    header { h2 { "Drop it" } span.right.small.muted { "It stays readable, with the reason" } }
                    div.body {
                        form.form method="post" action={ (here) "/dropped" } {
                            (token(cx)) (form.text("reason", "Why", "One line that the other one reads."))
                            footer.form-foot { button.button { "Drop with this reason" } }
                        }
                    }
                }
                @if own {
                    section.card #edit {
                        header { h2 { "Change what it says" } }
                        div.body {
                            form.form.wide method="post" action=(here) data-guard {
                                (token(cx)) (form.area("body", "To talk about", "Markdown.", 4))
                                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(back) { "Cancel" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
