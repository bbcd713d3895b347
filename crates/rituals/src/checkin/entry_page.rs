//! The form in which one answers: begun with what one did, finished in a minute.
use super::{AnswerCheckin, EntryState, EntryView, GivenAnswer, GivenBlocker, Question, ShowEntry, answer::open};
use kernel::{Deed, Error, Result};
use people::person::{self, choices::Picker};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// How one may feel, the worst first.
const MOODS: [&str; 5] = ["Bad", "Not so good", "All right", "Good", "Very good"];

pub(super) fn mood_word(mood: i64) -> &'static str {
    usize::try_from(mood - 1).ok().and_then(|at| MOODS.get(at)).copied().unwrap_or_default()
}

fn field(kind: &str, question: &Question) -> String {
    format!("{kind}-{}", question.id)
}

/// `GET /check-ins/entries/{entry}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowEntry>().await?;
    let picker = Picker::load(&cx, "").await?;
    let body = page(&cx, &view, &begun(&view), &picker);
    Ok(cx.page(&view.checkin.name, body))
}

/// What was answered already; before that, what one did.
fn begun(view: &EntryView) -> Form {
    let mut texts = Vec::new();
    for (at, question) in view.questions.iter().enumerate() {
        let answer = view.answers.iter().find(|answer| answer.question_id == question.id);
        let body = match answer {
            Some(answer) => answer.body.clone(),
            None if at == 0 && view.entry.state != EntryState::Answered => proposed(&view.deeds),
            None => String::new(),
        };
        texts.push((field("answer", question), body));
        texts.push((field("goal", question), answer.map_or(String::new(), |answer| answer.goal.clone())));
    }
    texts.push(("mood".to_owned(), view.mood.map_or(String::new(), |mood| mood.to_string())));
    Form::refused(texts, Vec::new())
}

fn proposed(deeds: &[Deed]) -> String {
    deeds
        .iter()
        .map(|deed| format!("- {} [{}]({})\n", deed.verb, deed.title.replace(['[', ']'], ""), deed.href))
        .collect()
}

/// `POST /check-ins/entries/{entry}`
pub async fn save(form: Submitted) -> Answer {
    let view = form.cx.read_here::<ShowEntry>().await?;
    let saved = async {
        let form = person::choices::with_ids(&form, &["blocker_ask"]).await?;
        form.change(input(&form, &view)?).await
    };
    match saved.await {
        Ok(entry) => {
            let sentence = "Answered. You can change it at any time.";
            Ok(form.go(&format!("/check-ins/rounds/{}", entry.round_id), Flash::says(sentence)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let picker = Picker::load(&form.cx, form.text("blocker_ask")).await?;
            Ok(form.again(&view.checkin.name, page(&form.cx, &view, &state, &picker)))
        }
    }
}

fn input(form: &Submitted, view: &EntryView) -> Result<AnswerCheckin> {
    let mut answers = Vec::new();
    for question in &view.questions {
        let name = field("answer", question);
        let body = form.text(&name).parse().map_err(|sentence: String| Error::invalid(&name, sentence))?;
        let goal = form.text(&field("goal", question)).parse();
        let goal = goal.map_err(|sentence: String| Error::invalid("answers", sentence))?;
        answers.push(GivenAnswer { question: question.id, body, goal });
    }
    let mut blockers = Vec::new();
    if !form.text("blocker").trim().is_empty() {
        let body = form.text("blocker").parse().map_err(|sentence: String| Error::invalid("blocker", sentence))?;
        let ask = Some(form.text("blocker_ask")).filter(|ask| !ask.is_empty());
        let ask = ask.map(str::parse).transpose().map_err(|_| Error::NotFound)?;
        blockers.push(GivenBlocker { body, ask });
    }
    let mood = match form.text("mood") {
        "" => None,
        mood => Some(mood.parse().map_err(|_| Error::invalid("mood", "Choose from 1 to 5, or leave it out."))?),
    };
    Ok(AnswerCheckin { entry: view.entry.id, answers, blockers, mood })
}

fn page(cx: &Cx, view: &EntryView, form: &Form, picker: &Picker) -> Markup {
    let (checkin, round) = (&view.checkin, &view.round);
    let lead = match view.entry.state {
        EntryState::Answered => "You have answered. Change it if you like.".to_owned(),
        _ => format!(
            "For {}. Until {}; late is fine.",
            checkin.team_name,
            ui::day_and_time(view.entry.due_at, &cx.viewer.zone)
        ),
    };
    let title = format!("{}, {}", checkin.name, ui::date(round.on_date, cx.today()));
    html! {
        (Head { crumbs: vec![("/check-ins", "Check-ins")], title: &title, lead: &lead, ..Head::default() }.show())
        form.form method="post" action=(view.entry.place()) data-guard {
            (token(cx)) (form.summary())
            @for (at, question) in view.questions.iter().enumerate() { (question_fields(view, form, at, question)) }
            (in_the_way(view, form, picker))
            @if checkin.asks_mood { (mood(form)) }
            footer.form-foot { button.button.primary data-key="mod+enter" { "Answer" } a.button.quiet href=(round.place()) { "What others said" } }
        }
    }
}

fn question_fields(view: &EntryView, form: &Form, at: usize, question: &Question) -> Markup {
    let goals: Vec<(String, String)> =
        view.checkin.goals().into_iter().map(|goal| (goal.to_owned(), goal.to_owned())).collect();
    let hint = match at {
        0 if !view.deeds.is_empty() && view.answers.is_empty() => {
            "Begun with what you did since the last time. Keep what others should know."
        }
        _ => "",
    };
    html! {
        (form.area(&field("answer", question), &question.words, hint, 4))
        @if !goals.is_empty() { (form.select(&field("goal", question), "Goal", "", Some("None"), &goals)) }
    }
}

fn in_the_way(view: &EntryView, form: &Form, picker: &Picker) -> Markup {
    html! {
        @if open(&view.blockers).next().is_some() {
            div { p.small.muted { "You named already:" } ul { @for blocker in open(&view.blockers) { li { (blocker.body) } } } }
        }
        div.field-row {
            (form.optional("blocker", "In the way", "One line; it stands first in the roll-up."))
            (picker.field(form, "blocker_ask", "Who could help", "They find it in their inbox.", Some("Nobody yet"), None))
        }
    }
}

fn mood(form: &Form) -> Markup {
    html! {
        fieldset.segmented #mood { legend { "How do you feel?" span.hint { " Only you are shown this." } }
            @for (at, word) in MOODS.iter().enumerate() {
                @let value = (at + 1).to_string();
                label { input type="radio" name="mood" value=(value) checked[form.value("mood") == value]; span { (word) } }
            }
            @if let Some(sentence) = form.flaw("mood") { p.error { (sentence) } }
        }
    }
}
