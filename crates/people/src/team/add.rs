use super::{Record, ShowTeam};
use crate::{
    access::cares_for_people,
    person::choices::{self, Picker, with_ids},
};
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Add a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTeam {
    pub name: Name<80>,
    /// The team that this one is a part of.
    #[serde(default)]
    pub parent: Option<Id<Team>>,
    /// What the team is for, in one sentence.
    #[serde(default)]
    pub mission: Line<300>,
    #[serde(default)]
    pub about: Markdown,
    #[serde(default)]
    pub lead: Option<Id<Person>>,
}

impl Operation for AddTeam {
    const NAME: &str = "team.add";
    const ROUTE: Route = Route(Post, "/teams");
    /// Whether the actor leads the team above.
    type Target = bool;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if let Some(lead) = self.lead {
            crate::person::Record::visible(tx, lead).await?;
        }
        let Some(parent) = self.parent else { return Ok(false) };
        Record::visible(tx, parent).await?;
        let me = tx.me();
        Record::is_led_by(tx, parent, me).await
    }

    fn allows(actor: &Actor, leads_parent: &bool) -> bool {
        *leads_parent || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Record> {
        let id: Id<Team> = tx.id();
        let insert = sql!(
            "insert into teams (workspace_id, id, parent_id, name, mission, about, lead_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, id, self.parent, self.name, self.mission, self.about, self.lead, now]).await?;
        tx.record("team.added", id, json!({ "name": self.name }));
        Record::visible(tx, id).await
    }
}

/// `GET /teams/new`
pub async fn new(cx: Cx) -> Answer {
    let leads_parent = match cx.text("parent") {
        "" => false,
        parent => cx.read(ShowTeam { team: parent.parse()? }).await?.leads,
    };
    if !AddTeam::allows(cx.actor(), &leads_parent) {
        return Err(Error::Forbidden.into());
    }
    let body = view(&cx, &Form::of([("parent", cx.text("parent").to_owned())])).await?;
    Ok(cx.page("Add a team", body))
}

/// `POST /teams`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["lead"]).await?.submit::<AddTeam>().await }.await;
    match done {
        Ok(team) => Ok(form.go(&format!("/teams/{}", team.id), Flash::says(format!("{} is added.", team.name)))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("Add a team", body))
        }
    }
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let (people, teams) = (Picker::load(cx, form.value("lead")).await?, choices::teams(cx).await?);
    let head = Head {
        crumbs: vec![("/teams", "Teams")],
        title: "Add a team",
        lead: "People who work together. A team can be a part of another one.",
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        section.card { div.body { form.form method="post" action="/teams" data-guard {
            (ui::token(cx)) (form.summary())
            (fields(form, &people.field(form, "lead", "Lead", "The lead keeps the team and those in it.", Some("Nobody yet"), None), &teams))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Add this team" }
                a.button.quiet href="/teams" { "Cancel" }
            }
        } } }
    })
}

/// What the forms for a new team and for one that exists ask.
pub(super) fn fields(form: &Form, lead: &Markup, teams: &[(String, String)]) -> Markup {
    html! {
        (form.text("name", "Name", ""))
        (form.optional("mission", "Mission", "What the team is for, in one sentence."))
        (form.combo("parent", "Part of", "", Some("No other team"), teams))
        (lead)
        (form.area("about", "About", "How the team works, and how to reach it.", 5))
    }
}
