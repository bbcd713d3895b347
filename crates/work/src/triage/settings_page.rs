//! The page on which a team settles who takes turns in triage, and what is promised.
use super::{Promise, SetTriage, ShowTriage, TriageView};
use crate::issue::Priority;
use kernel::{Error, Id, Result, parse};
use people::{person::Named, team::ShowTeam};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

const TITLE: &str = "Turns and times in triage";

/// `GET /teams/{team}/triage/settings`
pub async fn show(cx: Cx) -> Answer {
    let view = settled(&cx).await?;
    let body = page(&cx, &view, &filled(&view)).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /teams/{team}/triage/settings`
pub async fn save(form: Submitted) -> Answer {
    let saved = async {
        let promises = Priority::ALL.iter().filter_map(|one| promise(&form, *one).transpose());
        let people = form.texts.iter().filter(|(name, text)| name == "people" && !text.is_empty());
        let people: Vec<Id<kernel::Person>> = people.map(|(_, text)| text.parse()).collect::<Result<_>>()?;
        let input = SetTriage {
            team: form.text("team").parse()?,
            zone: Some(parse(form.text("zone").into()).map_err(|_| Error::invalid("zone", "Name a zone."))?),
            from_others: Some(!form.text("from_others").is_empty()),
            people: Some(people),
            promises: Some(promises.collect::<Result<_>>()?),
        };
        form.change(input).await
    };
    match saved.await {
        Ok(()) => Ok(form.go(&format!("/teams/{}/triage", form.text("team")), Flash::says("The settings are saved."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let view = settled(&form.cx).await?;
            let body = page(&form.cx, &view, &refused).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

async fn settled(cx: &Cx) -> Result<TriageView> {
    let view = cx.read_here::<ShowTriage>().await?;
    if view.may_change { Ok(view) } else { Err(Error::Forbidden) }
}

/// What the form says of a priority; nothing without hours.
fn promise(form: &Submitted, priority: Priority) -> Result<Option<Promise>> {
    let hours = |what: &str| {
        let name = format!("{what}_{}", priority.word());
        match form.text(&name).trim() {
            "" => Ok(None),
            text => {
                text.parse::<i64>().map(Some).map_err(|_| Error::invalid(name, "Write a number of hours, such as 8."))
            }
        }
    };
    let (look, done) = (hours("look")?, hours("done")?);
    match (look, done) {
        (Some(look_hours), done_hours) => Ok(Some(Promise { priority, look_hours, done_hours })),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            Err(Error::invalid(format!("look_{}", priority.word()), "Say as well when somebody looks at it."))
        }
    }
}

fn filled(view: &TriageView) -> Form {
    let mut texts = vec![
        ("zone".to_owned(), view.zone.clone()),
        ("from_others".to_owned(), if view.from_others { "yes".to_owned() } else { String::new() }),
    ];
    texts.extend(view.people.iter().map(|person| ("people".to_owned(), person.id.to_string())));
    for Promise { priority, look_hours, done_hours } in &view.promises {
        texts.push((format!("look_{}", priority.word()), look_hours.to_string()));
        texts.extend(done_hours.map(|hours| (format!("done_{}", priority.word()), hours.to_string())));
    }
    Form::refused(texts, Vec::new())
}

async fn page(cx: &Cx, view: &TriageView, form: &Form) -> Result<Markup> {
    let (home, here) = (format!("/teams/{}", view.team_id), format!("/teams/{}/triage", view.team_id));
    let members = cx.read(ShowTeam { team: view.team_id }).await?.members;
    let mut people: Vec<Named<kernel::Person>> =
        members.into_iter().map(|member| Named { id: member.id, name: member.name }).collect();
    let others = view.people.iter().filter(|one| people.iter().all(|other| other.id != one.id)).cloned();
    people.extend(others.collect::<Vec<_>>());
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, &view.team_name), (&here, "Triage")],
        title: TITLE,
        lead: "Whose turn it is week by week to look at what is new, and by when that is promised.",
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        form.form method="post" action={ (here) "/settings" } data-guard {
            (token(cx)) (form.summary())
            (turns(form, &people))
            (form.text("zone", "Time zone", "Weeks begin there on Monday, and days for which something is put off."))
            label.choice { input type="checkbox" name="from_others" value="yes" checked[form.holds("from_others", "yes")];
                span { "Look first at what others file" span.hint { "What people who are not on this team file begins in triage." } } }
            (times(form))
            footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(here) { "Cancel" } }
        }
    })
}

/// One choice for each place in the order, and three more.
fn turns(form: &Form, people: &[Named<kernel::Person>]) -> Markup {
    let chosen: Vec<&str> = people.iter().map(|one| one.id.as_str()).filter(|id| form.holds("people", id)).collect();
    let places = form.all("people").filter(|id| chosen.contains(id)).map(Some).chain([None; 3]);
    html! {
        fieldset.choices { legend { "Who takes turns" }
            p.hint { "In this order; the first one has this week. Whoever is away for most of their week is skipped." }
            @if let Some(sentence) = form.flaw("people") { p.error { (sentence) } }
            @for (place, now) in places.enumerate() {
                div.field { select name="people" id=[(place == 0).then_some("people")] aria-label={ "Turn " (place + 1) } {
                    option value="" selected[now.is_none()] { "Nobody" }
                    @for person in people { option value=(person.id) selected[now == Some(person.id.as_str())] { (person.name) } }
                } }
            }
        }
    }
}

fn times(form: &Form) -> Markup {
    html! {
        fieldset.choices { legend { "Promised times" }
            p.hint { "In working hours of whoever has the turn. Empty where nothing is promised." }
            @if let Some(sentence) = form.flaw("promises") { p.error { (sentence) } }
            div.form {
                @for priority in [Priority::Urgent, Priority::High, Priority::Medium, Priority::Low, Priority::None] {
                    @let (look, done) = (format!("look_{}", priority.word()), format!("done_{}", priority.word()));
                    div.field-row {
                        (form.input("number", &look, &format!("{}: looked at within", priority.title()), "", true))
                        (form.input("number", &done, &format!("{}: done within", priority.title()), "", true))
                    }
                }
            }
        }
    }
}
