use super::{Record, ShowTeam, TeamView, add};
use crate::{
    access::cares_for_people,
    person::choices::{self, Picker, with_ids},
};
use kernel::{
    Actor, Change, Error, Id,
    Method::{Delete, Patch, Post},
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Change a team. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditTeam {
    pub team: Id<Team>,
    pub name: Option<Name<80>>,
    #[serde(default)]
    pub parent: Change<Id<Team>>,
    pub mission: Option<Line<300>>,
    pub about: Option<Markdown>,
    #[serde(default)]
    pub lead: Change<Id<Person>>,
}

impl Operation for EditTeam {
    const NAME: &str = "team.edit";
    const ROUTE: Route = Route(Patch, "/teams/{team}");
    /// The team, and whether the actor leads it or one above.
    type Target = (Record, bool);
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let team = Record::visible(tx, self.team).await?;
        if let Change::Set(lead) = &self.lead {
            crate::person::Record::visible(tx, *lead).await?;
        }
        if let Change::Set(parent) = &self.parent {
            Record::visible(tx, *parent).await?;
        }
        let me = tx.me();
        let leads = Record::is_led_by(tx, self.team, me).await?;
        Ok((team, leads))
    }

    fn allows(actor: &Actor, (_, leads): &Self::Target) -> bool {
        *leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Record> {
        let parent = self.parent.clone().apply(old.parent_id);
        if let Some(parent) = parent.filter(|parent| Some(*parent) != old.parent_id) {
            refuse_circle(tx, old.id, parent).await?;
        }
        let name = self.name.as_deref().unwrap_or(&old.name);
        let mission = self.mission.as_deref().unwrap_or(&old.mission);
        let about = self.about.as_deref().unwrap_or(&old.about);
        let lead = self.lead.clone().apply(old.lead_id);
        let update = sql!(
            "update teams set name = $3, parent_id = $4, mission = $5, about = $6, lead_id = $7
              where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), old.id, name, parent, mission, about, lead]).await?;
        let changed = [
            ("name", name != old.name),
            ("parent", parent != old.parent_id),
            ("mission", mission != old.mission),
            ("about", about != old.about),
            ("lead", lead != old.lead_id),
        ];
        let fields: Vec<&str> = changed.iter().filter(|(_, differs)| *differs).map(|(field, _)| *field).collect();
        if !fields.is_empty() {
            tx.record("team.changed", old.id, json!({ "fields": fields }));
        }
        Record::visible(tx, old.id).await
    }
}

/// A team cannot be below itself.
async fn refuse_circle(tx: &mut Tx<'_>, team: Id<Team>, parent: Id<Team>) -> Result<()> {
    let below = sql!(
        "with recursive below (id, depth) as (
           select $2, 0
           union all
           select t.id, below.depth + 1 from below join teams t on t.workspace_id = $1 and t.parent_id = below.id
            where below.depth < 20
         )
         select 1 from below where id = $3"
    );
    match tx.exists(below, args![tx.workspace(), team, parent]).await? {
        true => Err(Error::invalid("parent", "This team is below the one you are moving. Choose another place.")),
        false => Ok(()),
    }
}

/// Archive a team. It leaves the lists, and its history stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveTeam {
    pub team: Id<Team>,
}

impl Operation for ArchiveTeam {
    const NAME: &str = "team.archive";
    const ROUTE: Route = Route(Post, "/teams/{team}/archive");
    type Target = Record;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Record) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Record> {
        let children =
            sql!("select 1 from teams where workspace_id = $1 and parent_id = $2 and archived_at is null limit 1");
        if tx.exists(children, args![tx.workspace(), team.id]).await? {
            return Err(Error::conflict("There are teams below this one. Move or archive them first."));
        }
        if team.archived_at.is_none() {
            let update = sql!("update teams set archived_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), team.id, tx.now()]).await?;
            tx.record("team.archived", team.id, json!({}));
        }
        Record::visible(tx, team.id).await
    }
}

/// Bring an archived team back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreTeam {
    pub team: Id<Team>,
}

impl Operation for RestoreTeam {
    const NAME: &str = "team.restore";
    const ROUTE: Route = Route(Delete, "/teams/{team}/archive");
    type Target = Record;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Record) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Record> {
        if team.archived_at.is_some() {
            let update = sql!("update teams set archived_at = null where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), team.id]).await?;
            tx.record("team.restored", team.id, json!({}));
        }
        Record::visible(tx, team.id).await
    }
}

/// `GET /teams/{team}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let team = cx.read_here::<ShowTeam>().await?;
    if !team.may_change(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let body = view(&cx, &team, None).await?;
    Ok(cx.page(&format!("Edit {}", team.team.name), body))
}

/// `POST /teams/{team}/edit`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["lead"]).await?.submit::<EditTeam>().await }.await;
    match done {
        Ok(team) => Ok(form.go(&format!("/teams/{}", team.id), Flash::says("The team is saved."))),
        Err(error) => again(&form, error).await,
    }
}

/// `POST /teams/{team}/archive`
pub async fn archive(form: Submitted) -> Answer {
    match form.submit::<ArchiveTeam>().await {
        Ok(team) => {
            let flash = Flash::says(format!("{} is archived.", team.name));
            Ok(form.go("/teams", flash.undo(format!("/teams/{}/restoration", team.id))))
        }
        Err(error) => again(&form, error).await,
    }
}

/// `POST /teams/{team}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let team = form.submit::<RestoreTeam>().await?;
    Ok(form.go(&format!("/teams/{}", team.id), Flash::says(format!("{} is back.", team.name))))
}

async fn again(form: &Submitted, error: Error) -> Answer {
    let state = form.refused(error)?;
    let team = form.cx.read_here::<ShowTeam>().await?;
    let body = view(&form.cx, &team, Some(state)).await?;
    Ok(form.again(&format!("Edit {}", team.team.name), body))
}

async fn view(cx: &Cx, view: &TeamView, state: Option<Form>) -> Result<Markup> {
    let TeamView { team, lead, .. } = view;
    let typed = state.as_ref().map_or("", |form| form.value("lead"));
    let people = Picker::load(cx, typed).await?;
    let mut teams = choices::teams(cx).await?;
    teams.retain(|(id, _)| id != team.id.as_str());
    // A refused form of another card of this page holds none of these fields.
    let stored = || {
        Form::of([
            ("name", team.name.clone()),
            ("mission", team.mission.clone()),
            ("parent", team.parent_id.map(|id| id.to_string()).unwrap_or_default()),
            ("lead", people.text(lead.as_ref())),
            ("about", team.about.clone()),
        ])
    };
    let (form, refused) = match state {
        Some(state) if state.has("name") => (state, Form::default()),
        other => (stored(), other.unwrap_or_default()),
    };
    let href = format!("/teams/{}", team.id);
    let crumbs = vec![("/teams", "Teams"), (href.as_str(), team.name.as_str())];
    let field = people.field(
        &form,
        "lead",
        "Lead",
        "The lead keeps the team and those in it.",
        Some("Nobody yet"),
        lead.as_ref(),
    );
    Ok(html! {
        (Head { crumbs, title: &format!("Edit {}", team.name), ..Head::default() }.show())
        div.cols {
            section.card { div.body { form.form method="post" action={ (href) "/edit" } data-guard {
                (ui::token(cx)) (form.summary())
                (add::fields(&form, &field, &teams))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Save" }
                    a.button.quiet href=(href) { "Cancel" }
                }
            } } }
            @if cares_for_people(cx.actor()) && team.archived_at.is_none() { (archive_card(cx, &href, &refused)) }
        }
    })
}

fn archive_card(cx: &Cx, href: &str, form: &Form) -> Markup {
    html! {
        section.card { header { h2 { "When its work is done" } } div.body {
            form.form method="post" action={ (href) "/archive" } {
                (ui::token(cx)) (form.summary())
                p.small.muted { "An archived team leaves the lists. Its history stays, and it can come back." }
                div.buttons { button.button { "Archive" } }
            }
        } }
    }
}
