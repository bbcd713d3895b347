//! One topic: its cards, what people say about it, and what was decided.
use super::{ConcludeTopic, Phase, ShowTopic, TopicView, guest};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, prose, token};

/// `GET /retrospective-topics/{topic}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTopic>().await?;
    let talk = match view.retrospective.phase {
        Phase::Discuss | Phase::Done => cx.conversation("retro_topic", view.topic.id).await?,
        _ => html! {},
    };
    let body = page(&cx, &view, &begun(&view), talk);
    Ok(cx.live_page(&view.title(), &[&view.topic.id.to_string(), &view.retrospective.id.to_string()], body))
}

fn begun(view: &TopicView) -> Form {
    Form::of([("title", view.topic.title.clone()), ("outcome", view.topic.outcome.clone())])
}

/// `POST /retrospective-topics/{topic}`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<ConcludeTopic>().await {
        Ok(topic) => Ok(form.go(&format!("/retrospective-topics/{}", topic.id), Flash::says("Saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read_here::<ShowTopic>().await?;
            Ok(form.again(&view.title(), page(&form.cx, &view, &state, html! {})))
        }
    }
}

fn page(cx: &Cx, view: &TopicView, form: &Form, talk: Markup) -> Markup {
    let board = &view.retrospective;
    let (place, title) = (board.place(), view.title());
    html! {
        (Head { crumbs: vec![("/retrospectives", "Retrospectives"), (&place, &board.name)], title: &title, ..Head::default() }.show())
        div.stack {
            section.card { header { h2 { "Cards" } }
                ul.list.plain { @for card in &view.cards { li { div.what.wrap { div.prose.compact { (prose(&card.body)) }
                    @if let Some(name) = &card.author_name { p.small.muted { (name) } } } } } } }
            @if board.phase != Phase::Done { (writing(cx, view, form)) }
            @else if !view.topic.outcome.is_empty() { section.card { header { h2 { "What was decided" } } div.body.prose { (prose(&view.topic.outcome)) } } }
            (guest::talk(cx, view))
            (talk)
        }
    }
}

fn writing(cx: &Cx, view: &TopicView, form: &Form) -> Markup {
    html! {
        section.card { div.body { form.form.wide method="post" action={ "/retrospective-topics/" (view.topic.id) } data-guard {
            (token(cx)) (form.summary())
            (form.optional("title", "Name", "Left empty, the first card is its name."))
            @if view.retrospective.phase == Phase::Discuss { (form.area("outcome", "What was decided", "", 3)) }
            div.buttons { button.button.primary { "Save" } }
        } } }
    }
}
