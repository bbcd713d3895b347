use super::{
    Checkin, CheckinView, EditCheckin, EndCheckin, ResumeCheckin, ShowCheckin,
    start::{fields, typed},
};
use kernel::Id;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

fn place(checkin: Id<Checkin>) -> String {
    format!("/check-ins/{checkin}")
}

/// `GET /check-ins/{checkin}/settings`
pub async fn form(cx: Cx) -> Answer {
    let CheckinView { checkin, questions, .. } = cx.read_here::<ShowCheckin>().await?;
    let flag = |on: bool| if on { "true".to_owned() } else { String::new() };
    let mut texts = vec![
        ("name".to_owned(), checkin.name.clone()),
        ("opens".to_owned(), checkin.opens().strftime("%H:%M").to_string()),
        ("hours".to_owned(), checkin.hours.to_string()),
        ("goals".to_owned(), checkin.goals.clone()),
        ("proposes_work".to_owned(), flag(checkin.proposes_work)),
        ("asks_mood".to_owned(), flag(checkin.asks_mood)),
    ];
    texts.extend(checkin.days.split(' ').map(|day| ("days".to_owned(), day.to_owned())));
    let words: Vec<String> = questions.into_iter().filter(|one| !one.dropped).map(|one| one.words).collect();
    let body = view(&cx, &checkin, &Form::refused(texts, Vec::new()), &words);
    Ok(cx.page("How it comes", body))
}

/// `POST /check-ins/{checkin}/settings`
pub async fn save(form: Submitted) -> Answer {
    // A box that is not ticked is not sent.
    let input = form.input::<EditCheckin>().map(|input| EditCheckin {
        days: Some(input.days.unwrap_or_default()),
        proposes_work: Some(input.proposes_work.unwrap_or_default()),
        asks_mood: Some(input.asks_mood.unwrap_or_default()),
        ..input
    });
    let saved = match input {
        Ok(input) => form.change(input).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(checkin) => Ok(form.go(&place(checkin.id), Flash::says("Changed, from the next round on."))),
        Err(error) => {
            let state = form.refused(error)?;
            let checkin = form.cx.read_here::<ShowCheckin>().await?.checkin;
            Ok(form.again("How it comes", view(&form.cx, &checkin, &state, &typed(&form))))
        }
    }
}

/// `POST /check-ins/{checkin}/end`
pub async fn end(form: Submitted) -> Answer {
    let checkin = form.submit::<EndCheckin>().await?;
    let to = place(checkin.id);
    Ok(form.go(&to, Flash::says("Ended. What was answered stays.").undo(format!("{to}/resume"))))
}

/// `POST /check-ins/{checkin}/resume`
pub async fn resume(form: Submitted) -> Answer {
    let checkin = form.submit::<ResumeCheckin>().await?;
    Ok(form.go(&place(checkin.id), Flash::says("It goes on.")))
}

fn view(cx: &Cx, checkin: &Checkin, form: &Form, questions: &[String]) -> Markup {
    let here = place(checkin.id);
    html! {
        (Head { crumbs: vec![("/check-ins", "Check-ins"), (&here, &checkin.name)], title: "How it comes", ..Head::default() }.show())
        div.stack {
            form.form method="post" action={ (here) "/settings" } data-guard {
                (token(cx)) (form.summary())
                (fields(form, questions))
                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(here) { "Cancel" } }
            }
            @if checkin.ended_at.is_none() {
                form method="post" action={ (here) "/end" } { (token(cx)) button.button.quiet { "End this check-in" } }
            } @else {
                form method="post" action={ (here) "/resume" } { (token(cx)) button.button { "Take it up again" } }
            }
        }
    }
}
