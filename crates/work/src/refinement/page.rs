//! The page of a round: each issue with what was asked, one's own estimate and, once they show, everyone's.
use super::{
    AnswerQuestion, AskQuestion, EndRefinement, EstimateAgain, GiveEstimate, Given, Item, ItemView, Outcome, Question,
    Refinement, RefinementView, SettleItem, ShowRefinement, SplitItem,
};
use crate::estimate::{Estimate, Measure, SIZES};
use kernel::{Error, Id, Operation, Result};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, day_and_time, face, html, prose, token};

/// `GET /refinements/{refinement}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowRefinement>().await?;
    let body = whole(&cx, &view, &Form::default()).await?;
    Ok(cx.live_page(&view.refinement.name, &[view.refinement.id.as_str()], body))
}

/// `POST /refinements/{refinement}/end`
pub async fn end(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("End this round? What was not settled stays as it is.", "End it");
    }
    let round = form.submit::<EndRefinement>().await?;
    Ok(form.go(&round.href(), Flash::says("The round has ended. What came of it stays here.")))
}

/// `POST /refinement-items/{item}/estimates`
pub async fn estimate(form: Submitted) -> Answer {
    done::<GiveEstimate>(form, "Your estimate is kept. Others see it when everyone's time is over.").await
}

/// `POST /refinement-items/{item}/questions`
pub async fn ask(form: Submitted) -> Answer {
    done::<AskQuestion>(form, "Your question stands with the issue.").await
}

/// `POST /refinement-questions/{question}/answer`
pub async fn answer(form: Submitted) -> Answer {
    done::<AnswerQuestion>(form, "Answered.").await
}

/// `POST /refinement-items/{item}/again`
pub async fn again(form: Submitted) -> Answer {
    done::<EstimateAgain>(form, "Everyone is asked to estimate it once more.").await
}

/// `POST /refinement-items/{item}/outcome`
pub async fn settle(form: Submitted) -> Answer {
    done::<SettleItem>(form, "Settled.").await
}

/// `POST /refinement-items/{item}/pieces`: one title on each line.
pub async fn split(mut form: Submitted) -> Answer {
    let lines: Vec<String> =
        form.text("lines").lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    form.texts.extend(lines.into_iter().map(|line| ("pieces".to_owned(), line)));
    done::<SplitItem>(form, "Split. Everyone is asked how large the pieces are.").await
}

/// Does what a form on the page of a round says, and shows the page again, with what is to be mended if it is refused.
async fn done<O: Operation>(form: Submitted, says: &str) -> Answer {
    let round: Id<Refinement> = form.text("refinement").parse().map_err(|_| Error::NotFound)?;
    let place = format!("/refinements/{round}");
    match form.submit::<O>().await {
        Ok(_) => Ok(form.go(&format!("{place}{}", anchor(&form)), Flash::says(says))),
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read(ShowRefinement { refinement: round }).await?;
            let body = whole(&form.cx, &view, &state).await?;
            Ok(form.again(&view.refinement.name, body))
        }
    }
}

fn anchor(form: &Submitted) -> String {
    match form.text("on").parse::<Id<Item>>() {
        Ok(item) => format!("#item-{item}"),
        Err(_) => String::new(),
    }
}

async fn whole(cx: &Cx, view: &RefinementView, form: &Form) -> Result<Markup> {
    let round = &view.refinement;
    let (home, all) = (format!("/teams/{}", round.team_id), format!("/teams/{}/refinements", round.team_id));
    let crumbs = vec![(home.as_str(), round.team_name.as_str()), (&all, "Refinement")];
    let conversation = cx.conversation("refinement", round.id).await?;
    let lead = lead(cx, view);
    Ok(html! {
        (Head { crumbs, title: &round.name, lead: &lead, actions: actions(cx, view), ..Head::default() }.show())
        (form.summary())
        div.stack {
            @if !round.summary.is_empty() { section.card #summary {
                header { h2 { "What came of it" } } div.body.prose { (prose(&round.summary)) }
            } }
            @for one in &view.items { (item(cx, view, one, form)) }
            (conversation)
        }
    })
}

fn lead(cx: &Cx, view: &RefinementView) -> String {
    let round = &view.refinement;
    match round.ended_at {
        Some(at) => format!(
            "Ended on {}. {} of {} issues settled.",
            day_and_time(at, &cx.viewer.zone),
            round.settled,
            round.issues
        ),
        None if view.items.iter().all(|one| one.item.revealed_at.is_some()) => {
            "All estimates are in. Say of each issue what is to become of it.".to_owned()
        }
        None => format!(
            "Until {} everyone says on their own how large the issues are. What they say of one shows when all have.",
            day_and_time(round.ends_at, &cx.viewer.zone)
        ),
    }
}

fn actions(cx: &Cx, view: &RefinementView) -> Option<Markup> {
    let round = &view.refinement;
    (view.may_settle && round.ended_at.is_none()).then(|| html! {
        form method="post" action={ (round.href()) "/end" } data-confirm="End this round? What was not settled stays as it is." data-confirm-button="End it" {
            (token(cx)) button.button.quiet { "End the round" }
        }
    })
}

fn item(cx: &Cx, view: &RefinementView, one: &ItemView, form: &Form) -> Markup {
    let (round, open) = (&view.refinement, view.refinement.ended_at.is_none());
    let revealed = one.item.revealed_at.is_some();
    html! {
        section.card id={ "item-" (one.item.id) } {
            header {
                h2 { a href=(one.issue.href()) { span.muted { (one.issue.key) } " " (one.issue.title) } }
                (mark(round, one))
            }
            div.body.stack.tight {
                @if !one.body.is_empty() { details.fold { summary { "Description" } div.body.prose.compact { (prose(&one.body)) } } }
                @for question in &one.questions { (asked(cx, view, one, question, form)) }
                @if open && one.item.outcome.is_none() { (asking(cx, view, one, form)) }
                @if revealed { (everyone(round, one)) }
                @else if open { (own(cx, view, one)) }
                @if !one.item.reason.is_empty() { p { (one.item.reason) } }
                @if open && revealed && view.may_settle && one.item.outcome != Some(Outcome::Split) { (settling(cx, view, one, form)) }
            }
        }
    }
}

fn mark(round: &Refinement, one: &ItemView) -> Markup {
    let size = one.item.estimate.map(|estimate| round.measure.says(estimate));
    match one.item.outcome {
        Some(Outcome::Ready) => chip("good", &size.map_or("Ready".to_owned(), |size| format!("Ready: {size}"))),
        Some(outcome @ Outcome::NotReady) => chip("warn", outcome.title()),
        Some(outcome @ Outcome::Split) => chip("line", outcome.title()),
        None if one.item.round > 1 => chip("", &format!("Estimated for the {} time", ordinal(one.item.round))),
        None => html! {},
    }
}

fn ordinal(round: i64) -> String {
    match round {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        many => format!("{many}th"),
    }
}

/// What each form of an item says of itself.
fn hidden(cx: &Cx, view: &RefinementView, one: &ItemView) -> Markup {
    html! {
        (token(cx))
        input type="hidden" name="refinement" value=(view.refinement.id);
        input type="hidden" name="on" value=(one.item.id);
    }
}

/// What was typed into a form of this item that was refused.
fn typed<'f>(form: &'f Form, one: &ItemView, name: &str) -> &'f str {
    if form.holds("on", one.item.id.as_str()) { form.value(name) } else { "" }
}

fn asked(cx: &Cx, view: &RefinementView, one: &ItemView, question: &Question, form: &Form) -> Markup {
    let field = format!("answer-{}", question.id);
    let answered = !question.answer.is_empty();
    html! {
        div id={ "question-" (question.id) } {
            p { strong { (question.author_name) } " asks: " (question.body) }
            @if answered { p { strong { (question.answered_name.as_deref().unwrap_or("Somebody")) } ": " (question.answer) } }
            @else if view.refinement.ended_at.is_none() {
                form.row method="post" action={ "/refinement-questions/" (question.id) "/answer" } {
                    (hidden(cx, view, one))
                    div.field.grow { label.vh for=(field) { "An answer to “" (question.body) "”" }
                        input id=(field) name="answer" maxlength="2000" required placeholder="Answer" value=(typed(form, one, "answer")); }
                    button.button.small { "Answer" }
                }
            }
        }
    }
}

fn asking(cx: &Cx, view: &RefinementView, one: &ItemView, form: &Form) -> Markup {
    let field = format!("ask-{}", one.item.id);
    html! {
        form.row method="post" action={ "/refinement-items/" (one.item.id) "/questions" } {
            (hidden(cx, view, one))
            div.field.grow { label.vh for=(field) { "A question about " (one.issue.key) }
                input id=(field) name="body" maxlength="1000" required placeholder="What has to be known first?" value=(typed(form, one, "body")); }
            button.button.small.quiet { "Ask" }
        }
    }
}

/// One's own estimate, and how many are in.
fn own(cx: &Cx, view: &RefinementView, one: &ItemView) -> Markup {
    let measure = view.refinement.measure;
    let chosen = |estimate: Option<Estimate>| one.has_own && one.own == estimate;
    html! {
        @if view.takes_part {
            form.row.wrap method="post" action={ "/refinement-items/" (one.item.id) "/estimates" } aria-label={ "How large is " (one.issue.key) "?" } {
                (hidden(cx, view, one))
                @for estimate in steps(measure) {
                    button.button.small.primary[chosen(Some(estimate))] name="estimate" value=(estimate) aria-pressed=(chosen(Some(estimate))) { (measure.says(estimate)) }
                }
                button.button.small.primary[chosen(None)] name="estimate" value="" aria-pressed=(chosen(None)) { "I cannot tell" }
            }
        }
        p.small.muted { (one.count) " of " (view.people) " have said how large it is." }
    }
}

/// What one chooses from.
fn steps(measure: Measure) -> Vec<Estimate> {
    let whole = |numbers: &[i64]| numbers.iter().map(|number| Estimate(number * 100)).collect();
    match measure {
        Measure::Sizes => SIZES.iter().map(|(_, points)| Estimate(points * 100)).collect(),
        Measure::Hours => whole(&[1, 2, 4, 8, 16, 24, 40]),
        Measure::Points | Measure::Nothing => whole(&[1, 2, 3, 5, 8, 13, 21]),
    }
}

/// Who said what, side by side, the least first.
fn everyone(round: &Refinement, one: &ItemView) -> Markup {
    let mut groups: Vec<(Option<Estimate>, Vec<&Given>)> = Vec::new();
    for given in &one.given {
        match groups.last_mut().filter(|(estimate, _)| *estimate == given.estimate) {
            Some((_, people)) => people.push(given),
            None => groups.push((given.estimate, vec![given])),
        }
    }
    let says = |estimate: Option<Estimate>| estimate.map_or("Cannot tell".to_owned(), |one| round.measure.says(one));
    html! {
        @if groups.is_empty() { p.muted { "Nobody said how large it is." } }
        @else { ul.list.plain { @for (estimate, people) in &groups { li { div.row.wrap {
            span.chip { (says(*estimate)) }
            @for given in people {
                span.row { (face(&given.person_id, &given.person_name, given.photo.as_deref(), "small")) (given.person_name) }
            }
        } } } } }
    }
}

fn settling(cx: &Cx, view: &RefinementView, one: &ItemView, form: &Form) -> Markup {
    let (id, measure) = (one.item.id, view.refinement.measure);
    let (size, reason, lines) = (format!("size-{id}"), format!("reason-{id}"), format!("lines-{id}"));
    let middle = one.item.estimate.or(one.middle());
    let mut sizes = steps(measure);
    sizes.extend(middle.filter(|middle| !sizes.contains(middle)));
    sizes.sort_unstable();
    html! {
        div.grid.g2 {
            form.row.wrap.bottom method="post" action={ "/refinement-items/" (id) "/outcome" } {
                (hidden(cx, view, one)) input type="hidden" name="outcome" value="ready";
                div.field { label for=(size) { "Estimate" }
                    select id=(size) name="estimate" {
                        option value="" { "None" }
                        @for estimate in sizes { option value=(estimate) selected[Some(estimate) == middle] { (measure.says(estimate)) } }
                    } }
                button.button.primary { "Ready" }
            }
            form.row.wrap.bottom method="post" action={ "/refinement-items/" (id) "/outcome" } {
                (hidden(cx, view, one)) input type="hidden" name="outcome" value="not_ready";
                div.field.grow { label for=(reason) { "What is missing" } input id=(reason) name="reason" maxlength="300" value=(typed(form, one, "reason")); }
                button.button { "Not ready" }
            }
        }
        details.fold { summary { "Estimate it again, or split it" } div.body.stack.tight {
            form method="post" action={ "/refinement-items/" (id) "/again" } { (hidden(cx, view, one))
                button.button.small { "Everyone estimates it again" } }
            form.form.wide method="post" action={ "/refinement-items/" (id) "/pieces" } {
                (hidden(cx, view, one))
                div.field { label for=(lines) { "Pieces" } textarea id=(lines) name="lines" rows="3" placeholder="One title on each line" required { (typed(form, one, "lines")) } }
                div.buttons { button.button.small { "Split " (one.issue.key) } }
            }
        } }
    }
}
