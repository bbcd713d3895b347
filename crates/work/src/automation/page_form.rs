//! The form of a rule, with what it would have done.
use super::{
    AddAutomation, Automation, EditAutomation, ListAutomations, ShowAutomation, Trial, TryAutomation, When, page::place,
};
use crate::{issue::Priority, label::ListLabels, team::ShowWork};
use kernel::{Error, Id, Json, Result, Team, json, parse};
use people::person::choices::{Picker, with_ids};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, day_and_time, html, icon, token};

const NEW: &str = "New automation";

/// `GET /teams/{team}/automations/new`
pub async fn new(cx: Cx) -> Answer {
    let list = cx.read_here::<ListAutomations>().await?;
    if !list.may_change {
        return Err(Error::Forbidden.into());
    }
    let sheet = Sheet { team: list.team_id, team_name: &list.team_name, rule: None };
    let body = sheet.show(&cx, &Form::default(), None).await?;
    Ok(cx.page(NEW, body))
}

/// `POST /teams/{team}/automations`
pub async fn save(form: Submitted) -> Answer {
    let team: Id<Team> = form.text("team").parse()?;
    let added = async {
        let form = with_ids(&form, &["assignee", "ask"]).await?;
        let mut input = read(&form)?;
        input["team"] = json!(team);
        input["name"] = json!(form.text("name"));
        form.change(parse::<AddAutomation>(input)?).await
    };
    match added.await {
        Ok(rule) => Ok(form.go(&place(team), Flash::says(format!("“{}” is at work.", rule.name)))),
        Err(error) => again(&form, team, Err(error)).await,
    }
}

/// `POST /teams/{team}/automations/trial`
pub async fn try_new(form: Submitted) -> Answer {
    let team: Id<Team> = form.text("team").parse()?;
    let tried = tried(&form, team).await;
    again(&form, team, tried).await
}

/// `GET /automations/{automation}`
pub async fn edit(cx: Cx) -> Answer {
    let rule = cx.read_here::<ShowAutomation>().await?;
    if rule.deleted_at.is_some() || !cx.read(ListAutomations { team: rule.team_id }).await?.may_change {
        return Err(Error::Forbidden.into());
    }
    let body = Sheet::of(&rule).show(&cx, &filled(&rule)?, None).await?;
    Ok(cx.page(&rule.name, body))
}

/// `POST /automations/{automation}`
pub async fn change(form: Submitted) -> Answer {
    let rule = form.cx.read_here::<ShowAutomation>().await?;
    let changed = async {
        let form = with_ids(&form, &["assignee", "ask"]).await?;
        let mut input = read(&form)?;
        input["automation"] = json!(rule.id);
        input["name"] = json!(form.text("name"));
        form.change(parse::<EditAutomation>(input)?).await
    };
    match changed.await {
        Ok(rule) => Ok(form.go(&place(rule.team_id), Flash::says(format!("“{}” is saved.", rule.name)))),
        Err(error) => again_of(&form, &rule, Err(error)).await,
    }
}

/// `POST /automations/{automation}/trial`
pub async fn try_changed(form: Submitted) -> Answer {
    let rule = form.cx.read_here::<ShowAutomation>().await?;
    let tried = tried(&form, rule.team_id).await;
    again_of(&form, &rule, tried).await
}

async fn tried(form: &Submitted, team: Id<Team>) -> Result<Trial> {
    let form = with_ids(form, &["assignee", "ask"]).await?;
    let mut input = read(&form)?;
    input["team"] = json!(team);
    form.cx.read(parse::<TryAutomation>(input)?).await
}

/// What the form says of the rule, as JSON.
fn read(form: &Submitted) -> Result<Json> {
    let text = |name: &str| Some(form.text(name).trim()).filter(|text| !text.is_empty());
    let number = |name: &str| match text(name).map(str::parse::<i64>) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(Error::invalid(name, "Write a number, such as 8.")),
    };
    let then = json!({
        "state": text("state"), "assignee": text("assignee"), "priority": text("priority"),
        "add_label": text("add_label"), "remove_label": text("remove_label"), "due_in_days": number("due_in_days")?,
        "say": form.text("say"), "ask": text("ask"),
    });
    Ok(json!({ "when": form.text("when"), "hours": number("hours")?, "q": form.text("q"), "then": then }))
}

fn filled(rule: &Automation) -> Result<Form> {
    let then = serde_json::to_value(&rule.then).map_err(Error::internal)?;
    let mut texts = vec![
        ("name".to_owned(), rule.name.clone()),
        ("when".to_owned(), rule.when.word().to_owned()),
        ("hours".to_owned(), rule.hours.map(|hours| hours.to_string()).unwrap_or_default()),
        ("q".to_owned(), rule.q.clone()),
    ];
    for (name, value) in then.as_object().into_iter().flatten() {
        let text = value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|number| number.to_string()));
        texts.push((name.clone(), text.unwrap_or_default()));
    }
    Ok(Form::refused(texts, Vec::new()))
}

/// The page again, with what came of a trial or what is wrong.
async fn again(form: &Submitted, team: Id<Team>, tried: Result<Trial>) -> Answer {
    let list = form.cx.read(ListAutomations { team }).await?;
    let sheet = Sheet { team, team_name: &list.team_name, rule: None };
    sheet.again(form, tried).await
}

async fn again_of(form: &Submitted, rule: &Automation, tried: Result<Trial>) -> Answer {
    Sheet::of(rule).again(form, tried).await
}

/// The form, of a new rule or of one that is there.
struct Sheet<'a> {
    team: Id<Team>,
    team_name: &'a str,
    rule: Option<&'a Automation>,
}

impl<'a> Sheet<'a> {
    fn of(rule: &'a Automation) -> Sheet<'a> {
        Sheet { team: rule.team_id, team_name: &rule.team_name, rule: Some(rule) }
    }

    fn title(&self) -> &str {
        self.rule.map_or(NEW, |rule| &rule.name)
    }

    async fn again(&self, form: &Submitted, tried: Result<Trial>) -> Answer {
        let (state, trial) = match tried {
            Ok(trial) => (Form::refused(form.texts.clone(), Vec::new()), Some(trial)),
            Err(error) => (form.refused(error)?, None),
        };
        let body = self.show(&form.cx, &state, trial.as_ref()).await?;
        Ok(form.again(self.title(), body))
    }

    async fn show(&self, cx: &Cx, form: &Form, trial: Option<&Trial>) -> Result<Markup> {
        let (home, here) = (format!("/teams/{}", self.team), place(self.team));
        let to = self.rule.map_or_else(|| here.clone(), Automation::href);
        let head = Head {
            crumbs: vec![("/teams", "Teams"), (&home, self.team_name), (&here, "Automations")],
            title: self.title(),
            lead: "It reaches issues of this team only, and runs right after what happens.",
            ..Head::default()
        };
        Ok(html! {
            (head.show())
            div.stack {
                form.form method="post" action=(to) data-guard {
                    (token(cx)) (form.summary())
                    (form.text("name", "Name", "Such as “Urgent ones are looked at”."))
                    (self.occasion(form))
                    (self.deeds(cx, form).await?)
                    footer.form-foot {
                        button.button.primary data-key="mod+enter" { "Save" }
                        button.button formaction={ (self.rule.map_or_else(|| here.clone(), Automation::href)) "/trial" } { "Try it" }
                        a.button.quiet href=(here) { "Cancel" }
                    }
                }
                @if let Some(trial) = trial { (outcome(cx, trial)) }
                @if let Some(rule) = self.rule {
                    form method="post" action={ (rule.href()) "/deletion" } { (token(cx)) button.button.danger { (icon("trash")) "Delete" } }
                }
            }
        })
    }

    fn occasion(&self, form: &Form) -> Markup {
        let occasions: Vec<(String, String)> =
            When::ALL.iter().map(|one| (one.word().to_owned(), one.says().to_owned())).collect();
        html! {
            (form.select("when", "When", "", None, &occasions))
            (form.input("number", "hours", "For how many working hours", "Only where it is blocked; in the hours of whoever has the turn in triage.", true))
            (form.optional("q", "Of those that fit", "As in the list of issues, such as “label:bug -state:done”. All issues of the team if it is empty."))
        }
    }

    async fn deeds(&self, cx: &Cx, form: &Form) -> Result<Markup> {
        let stays = Some("As it is");
        let states = cx.read(ShowWork { team: self.team }).await?.states;
        let states = states.into_iter().map(|state| (state.id.to_string(), state.name)).collect::<Vec<_>>();
        let labels = cx.read(ListLabels { team: Some(self.team), all: false }).await?;
        let labels = labels.into_iter().map(|label| (label.id.to_string(), label.name)).collect::<Vec<_>>();
        let priorities: Vec<(String, String)> =
            Priority::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
        let people = Picker::load(cx, form.value("assignee")).await?;
        Ok(html! {
            fieldset.choices { legend { "Then" }
                @if let Some(sentence) = form.flaw("then") { p.error { (sentence) } }
                div.form {
                    @if !states.is_empty() { (form.select("state", "Move it to", "", stays, &states)) }
                    (people.field(form, "assignee", "Assign it to", "", stays, None))
                    (form.select("priority", "Priority", "", stays, &priorities))
                    @if !labels.is_empty() {
                        (form.select("add_label", "Add the label", "", Some("None"), &labels))
                        (form.select("remove_label", "Take the label away", "", Some("None"), &labels))
                    }
                    (form.input("number", "due_in_days", "Due in so many days", "", true))
                    (form.optional("say", "Say in its conversation", "One line, which everyone reads who sees the issue."))
                    (people.field(form, "ask", "Ask somebody to look at it", "", Some("Nobody"), None))
                }
            }
        })
    }
}

fn outcome(cx: &Cx, trial: &Trial) -> Markup {
    let count = trial.occasions.len();
    html! {
        section.card #trial {
            header { h2 { "In the last " (trial.days) " days" } }
            div.body { p {
                "It would have run " (count) @if count == 1 { " time" } @else { " times" } ", of " (trial.looked_at)
                " occasions. Whether an issue fits is asked of it as it is now. Nothing was done."
            } }
            ul.list.plain { @for one in trial.occasions.iter().take(50) { li {
                div.what { p { a href={ "/issues/" (one.key) } { span.muted { (one.key) } " " (one.title) } } }
                span.small.muted { (day_and_time(one.at, &cx.viewer.zone)) }
            } } }
            @if count > 50 { footer.small.muted { (count - 50) " more" } }
        }
    }
}
