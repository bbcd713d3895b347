//! The page of a review: until when it runs, what is wanted of the reader, and what is shown.
use super::{EndReview, FollowUp, FollowUpWay, JudgeItem, Review, ReviewView, ShowReview, cards};
use crate::round::{self, Round, done, hidden};
use kernel::{Id, Result};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, chip, day_and_time, html, prose};

/// `GET /sprint-reviews/{review}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowReview>().await?;
    let body = whole(&cx, &view, &Form::default()).await?;
    Ok(cx.live_page(&view.review.title(), &[view.review.id.as_str()], body))
}

/// `GET /sprint-reviews/{review}/record.md`
pub async fn save_as(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowReview>().await?;
    round::saved(&view.review, &view.review.summary)
}

/// `POST /sprint-review-items/{item}/answers`
pub async fn judge(form: Submitted) -> Answer {
    done::<Review, JudgeItem>(form, "/sprint-reviews/", "Your answer is kept. You can change it until the end.", again)
        .await
}

/// `POST /sprint-reviews/{review}/end`
pub async fn end(form: Submitted) -> Answer {
    done::<Review, EndReview>(form, "/sprint-reviews/", "The review has ended. Its record stays here.", again).await
}

/// `POST /sprint-review-items/{item}/follow-up`
pub async fn follow_up(form: Submitted) -> Answer {
    match form.submit::<FollowUp>().await {
        Ok(made) => {
            let reopened = form.text("way") == FollowUpWay::Reopen.word();
            let says = if reopened { "is open again" } else { "is created" };
            let undo = match made.batch {
                Some(batch) => format!("/issue-changes/{batch}/undo"),
                None => format!("/issues/{}/deletion", made.issue.id),
            };
            Ok(form.go(&made.issue.href(), Flash::says(format!("{} {says}.", made.issue.key)).undo(undo)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let round = form.text("round").parse().map_err(|_| kernel::Error::NotFound)?;
            again(&form, round, &state).await
        }
    }
}

/// The page with what is wrong about one of its forms.
async fn again(form: &Submitted, round: Id<Review>, state: &Form) -> Answer {
    let view = form.cx.read(ShowReview { review: round }).await?;
    let body = whole(&form.cx, &view, state).await?;
    Ok(form.again(&view.review.title(), body))
}

async fn whole(cx: &Cx, view: &ReviewView, form: &Form) -> Result<Markup> {
    let round = &view.review;
    let conversation = cx.conversation(Review::KIND, round.id).await?;
    let (team, sprint) =
        ((round.team_id.as_str(), round.team_name.as_str()), (round.sprint_id.as_str(), round.sprint_name.as_str()));
    Ok(html! {
        (round::head(round, team, sprint, &lead(cx, round)))
        (form.summary())
        div.cols {
            div.stack {
                @match round.ended_at {
                    None => {
                        (wanted(cx, view))
                        @for one in &view.items { (cards::item(cx, view, one, form)) }
                    },
                    Some(_) => {
                        (cards::refused(cx, view))
                        section.card #summary {
                            header { h2 { "What came of it" } (chip(round.mark().0, round.mark().1)) }
                            div.body.prose { (prose(&round.summary)) }
                        }
                    },
                }
                (conversation)
            }
            div.stack { (cards::not_finished(view)) (cards::reviewers(view)) (ending(cx, view)) }
        }
    })
}

fn lead(cx: &Cx, round: &Review) -> String {
    let when = |at| day_and_time(at, &cx.viewer.zone);
    match round.ended_at {
        Some(at) => format!("Ended on {}. Begun by {}.", when(at), round.started_by_name),
        None => format!("Until {} where you are, or until everyone has answered.", when(round.ends_at)),
    }
}

/// What the reader is to do now.
fn wanted(cx: &Cx, view: &ReviewView) -> Markup {
    let me = cx.actor().person;
    let own = view.items.iter().filter(|one| one.item.presenter_id == Some(me) && one.item.shown_at.is_none());
    let open = view.items.iter().filter(|one| one.unanswered.iter().any(|person| person.id == me));
    let (own, open) = (own.count() as i64, open.count() as i64);
    html! {
        section.card #wanted {
            header { h2 { "What is wanted of you" } (chip(view.review.mark().0, view.review.mark().1)) }
            div.body.stack.tight {
                @if !view.takes_part { p.muted { "Nothing. You read along; those who are asked say what they accept." } }
                @else if own + open == 0 { p { "Nothing more. You can change what you said until the end." } }
                @else {
                    @if own > 0 { p { "Show " (crate::sprint::issues(own)) ": what there is to see, and how one tries it." } }
                    @if open > 0 { p { "Look at " (crate::sprint::issues(open)) ", and say for each whether you accept it. Silence is no acceptance: the record says who has not answered." } }
                }
            }
        }
    }
}

fn ending(cx: &Cx, view: &ReviewView) -> Markup {
    html! { @if view.leads && view.review.ended_at.is_none() {
        details.fold { summary { "End the review now" } div.body {
            form.form method="post" action={ (view.review.href()) "/end" } {
                (hidden(cx, &view.review))
                p.hint { "The record says who has not answered by then." }
                div.buttons { button.button.small { "End it" } }
            }
        } }
    } }
}
