//! The form in which a team says what one of its forms asks for.
use super::{FormList, IntakeForm, Need, page::place};
use crate::{
    custom::{Kind, ListFields},
    label::ListLabels,
    team::ShowWork,
    template::ListTemplates,
};
use kernel::{Id, Json, Result, Team, json};
use ui::{Cx, Form, Head, Markup, Submitted, html, token};

/// Before the id of a field whose need is chosen.
const ASKED: &str = "asked.";

/// What the form says of the content, as JSON.
pub(super) fn content(form: &Submitted) -> Json {
    let text = |name: &str| Some(form.text(name).trim()).filter(|text| !text.is_empty());
    let need = |name: &str| text(name).unwrap_or(Need::No.word());
    let labels: Vec<&str> = form
        .texts
        .iter()
        .filter(|(name, text)| name == "labels" && !text.is_empty())
        .map(|(_, text)| text.as_str())
        .collect();
    let asked = form.texts.iter().filter_map(|(name, need)| Some((name.strip_prefix(ASKED)?, need)));
    let asked = asked.filter(|(_, need)| !need.is_empty() && *need != Need::No.word());
    let fields: Vec<Json> =
        asked.map(|(id, need)| json!({ "field": id, "required": need == Need::Required.word() })).collect();
    json!({
        "about": form.text("about"), "description": need("description"), "priority": text("priority").is_some(),
        "sender_name": need("sender_name"), "sender_mail": need("sender_mail"), "fields": fields,
        "template": text("template"), "labels": labels, "state": text("state"),
    })
}

/// With what a new form begins.
pub(super) fn blank() -> Form {
    let optional = || Need::Optional.word().to_owned();
    Form::of([("description", optional()), ("sender_name", optional()), ("sender_mail", optional())])
}

/// The form as it stands.
pub(super) fn filled(form: &IntakeForm) -> Form {
    let content = &form.content;
    let id = |id: Option<String>| id.unwrap_or_default();
    let one = |name: &str, text: String| (name.to_owned(), text);
    let mut texts = vec![
        one("name", form.name.clone()),
        one("about", content.about.to_string()),
        one("description", content.description.word().to_owned()),
        one("sender_name", content.sender_name.word().to_owned()),
        one("sender_mail", content.sender_mail.word().to_owned()),
        one("template", id(content.template.map(|id| id.to_string()))),
        one("state", id(content.state.map(|id| id.to_string()))),
        one("ends_on", id(form.ends_on.map(|day| day.to_string()))),
    ];
    texts.extend(content.priority.then(|| one("priority", "yes".to_owned())));
    texts.extend(content.labels.iter().map(|label| one("labels", label.to_string())));
    for asked in &content.fields {
        let need = if asked.required { Need::Required } else { Need::Optional };
        texts.push((format!("{ASKED}{}", asked.field), need.word().to_owned()));
    }
    Form::refused(texts, Vec::new())
}

/// The form of one that is new or of one that is there.
pub(super) struct Sheet<'a> {
    team: Id<Team>,
    team_name: &'a str,
    form: Option<&'a IntakeForm>,
    home: String,
    here: String,
}

impl<'a> Sheet<'a> {
    pub fn new(list: &'a FormList) -> Sheet<'a> {
        Sheet::at(list.team_id, &list.team_name, None)
    }

    pub fn of(form: &'a IntakeForm) -> Sheet<'a> {
        Sheet::at(form.team_id, &form.team_name, Some(form))
    }

    fn at(team: Id<Team>, team_name: &'a str, form: Option<&'a IntakeForm>) -> Sheet<'a> {
        Sheet { team, team_name, form, home: format!("/teams/{team}"), here: place(team) }
    }

    pub fn head(&self) -> Head<'_> {
        Head {
            crumbs: vec![("/teams", "Teams"), (&self.home, self.team_name), (&self.here, "Forms")],
            title: self.form.map_or("New form", |form| &form.name),
            lead: "Whoever has the link sees its name, the text above it and what it asks for, and nothing else.",
            ..Head::default()
        }
    }

    pub async fn show(&self, cx: &Cx, form: &Form) -> Result<Markup> {
        Ok(html! { (self.head().show()) (self.form(cx, form).await?) })
    }

    pub async fn form(&self, cx: &Cx, form: &Form) -> Result<Markup> {
        let to = self.form.map_or_else(|| self.here.clone(), IntakeForm::href);
        Ok(html! {
            form.form.wide method="post" action=(to) data-guard {
                (token(cx)) (form.summary())
                div.cols {
                    div.stack {
                        section.card { div.body { div.form.wide {
                            (form.text("name", "Name", "Its title, such as “Report a problem”."))
                            (form.area("about", "Text above it", "Markdown. What you want to know, and what happens then.", 6))
                        } } }
                        section.card { header { h2 { "What it asks for" } span.right.small.muted { "A title always" } }
                            div.body { (self.questions(cx, form).await?) } }
                    }
                    div.stack { section.card { header { h2 { "What becomes of it" } } div.body { div.form { (self.outcome(cx, form).await?) } } } }
                }
                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(self.here) { "Cancel" } }
            }
        })
    }

    async fn questions(&self, cx: &Cx, form: &Form) -> Result<Markup> {
        let needs: Vec<(String, String)> =
            Need::ALL.iter().map(|need| (need.word().to_owned(), need.title().to_owned())).collect();
        let fields = cx.read(ListFields { team: Some(self.team), all: false }).await?;
        let fields = fields.into_iter().map(|view| view.field).filter(|field| field.kind != Kind::Person);
        Ok(html! {
            div.form.wide {
                div.field-row {
                    (form.select("sender_name", "Name of the sender", "", None, &needs))
                    (form.select("sender_mail", "Mail address of the sender", "", None, &needs))
                }
                (form.select("description", "Description", "", None, &needs))
                label.choice { input type="checkbox" name="priority" value="yes" checked[form.has("priority")]; span { "A priority, chosen by the sender" } }
                @for field in fields { (form.select(&format!("{ASKED}{}", field.id), &field.name, "", None, &needs)) }
            }
        })
    }

    async fn outcome(&self, cx: &Cx, form: &Form) -> Result<Markup> {
        let states = cx.read(ShowWork { team: self.team }).await?.states;
        let states: Vec<(String, String)> =
            states.into_iter().map(|state| (state.id.to_string(), state.name)).collect();
        let templates = cx.read(ListTemplates { team: self.team }).await?.templates;
        let templates: Vec<(String, String)> =
            templates.into_iter().map(|template| (template.id.to_string(), template.name)).collect();
        let labels = cx.read(ListLabels { team: Some(self.team), all: false }).await?;
        Ok(html! {
            @if !states.is_empty() { (form.select("state", "The issue begins in", "", Some("Triage"), &states)) }
            @if !templates.is_empty() { (form.select("template", "Made of the template", "What is not asked for is taken from it.", Some("None"), &templates)) }
            @if !labels.is_empty() {
                fieldset.choices { legend { "With the labels" }
                    @for label in &labels { label.choice {
                        input type="checkbox" name="labels" value=(label.id) checked[form.holds("labels", label.id.as_str())];
                        span { (label.name) }
                    } }
                }
            }
            (form.input("date", "ends_on", "Open until", "The last day; without one, until somebody closes it.", true))
        })
    }
}
