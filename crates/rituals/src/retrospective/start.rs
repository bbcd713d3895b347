use super::{Column, Format, ListRetrospectives, Phase, Retrospective, phase};
use crate::sharing::shared_team;
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Name},
};
use people::team;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Start a board on which a team looks back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRetrospective {
    pub team: Id<Team>,
    pub name: Name<120>,
    /// What it looks back at.
    #[serde(default)]
    pub about: Line<300>,
    pub format: Format,
    /// The titles of one's own columns, two to eight; only where the format is `own`.
    #[serde(default)]
    pub columns: Vec<Line<60>>,
    /// No card has an author, in the database neither. Not for a health check, whose ratings are one for each person.
    #[serde(default)]
    pub anonymous: bool,
    /// People without an account may take part, by a link. Not in a health check, which is for the team alone.
    #[serde(default)]
    pub guests: bool,
    /// How many votes each person has; 3 if left out.
    #[serde(default = "three")]
    pub votes_each: i64,
    /// How many of their own working hours each person has for a phase; 8 if left out.
    #[serde(default = "eight")]
    pub hours: i64,
}

fn three() -> i64 {
    3
}

fn eight() -> i64 {
    8
}

impl Operation for StartRetrospective {
    const NAME: &str = "retrospective.start";
    const ROUTE: Route = Route(Post, "/teams/{team}/retrospectives");
    type Target = team::Record;
    type Output = Retrospective;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<team::Record> {
        shared_team(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &team::Record) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, team: team::Record) -> Result<Retrospective> {
        self.check(&team)?;
        let (id, me, now): (Id<Retrospective>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into retrospectives (workspace_id, id, team_id, name, about, format, anonymous, guests, votes_each,
                    hours, phase, phase_began_at, started_by, started_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'collect', $12, $11, $12)"
        );
        let Self { name, about, format, anonymous, guests, votes_each, hours, .. } = self;
        let (anonymous, guests, votes_each, hours) = (*anonymous, *guests, *votes_each, *hours);
        tx.run(
            insert,
            args![tx.workspace(), id, team.id, name, about, *format, anonymous, guests, votes_each, hours, me, now],
        )
        .await?;
        for (position, (title, hint)) in self.columns().into_iter().enumerate() {
            let insert = sql!(
                "insert into retrospective_columns (workspace_id, id, retrospective_id, position, title, hint, rated)
                 values ($1, $2, $3, $4, $5, $6, $7)"
            );
            let column: Id<Column> = tx.id();
            let rated = format.is_rated();
            tx.run(insert, args![tx.workspace(), column, id, position as i64, title, hint, rated]).await?;
        }
        self.open(tx, id).await
    }
}

impl StartRetrospective {
    async fn open(&self, tx: &mut Tx<'_>, id: Id<Retrospective>) -> Result<Retrospective> {
        let board = Retrospective::visible(tx, id).await?;
        let team = people::access::with_account(tx, board.team_id).await?;
        let ends_at = people::hours::fair_end(tx, &team, self.hours).await?;
        let update = sql!("update retrospectives set phase_ends_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), id, ends_at]).await?;
        phase::invite(tx, &board, Phase::Collect, Some(ends_at), team).await?;
        tx.record("retrospective.started", id, json!({}));
        Retrospective::visible(tx, id).await
    }

    fn check(&self, team: &team::Record) -> Result<()> {
        if team.archived_at.is_some() {
            return Err(Error::conflict("This team is archived."));
        }
        let mut flaws = kernel::Flaws::default();
        let own = self.columns.iter().filter(|title| !title.is_empty()).count();
        flaws.unless(self.format != Format::Own || (2..=8).contains(&own), "columns", "Name two to eight columns.");
        flaws.unless(
            !(self.anonymous && self.format.is_rated()),
            "anonymous",
            "A health check counts one rating of each person, so it cannot be without authors.",
        );
        flaws.unless(
            !(self.guests && self.format.is_rated()),
            "guests",
            "A health check is for the team alone, so guests take no part in it.",
        );
        flaws.unless((1..=20).contains(&self.votes_each), "votes_each", "Choose between 1 and 20 votes.");
        flaws.unless((1..=80).contains(&self.hours), "hours", "Choose between 1 and 80 working hours.");
        flaws.check()
    }

    fn columns(&self) -> Vec<(&str, &str)> {
        match self.format {
            Format::Own => self.columns.iter().map(|title| (&**title, "")).filter(|one| !one.0.is_empty()).collect(),
            format => format.columns().to_vec(),
        }
    }
}

const TITLE: &str = "Look back together";

/// `GET /retrospectives/new`
pub async fn new(cx: Cx) -> Answer {
    let form = Form::of([
        ("team", cx.text("team").to_owned()),
        ("format", Format::StartStopContinue.word().into()),
        ("votes_each", "3".into()),
        ("hours", "8".into()),
    ]);
    let body = view(&cx, &form).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /retrospectives/new`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<StartRetrospective>().await {
        Ok(board) => Ok(form.go(&board.place(), Flash::says("Begun. Everyone on the team is asked for their cards."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let teams = cx.read(ListRetrospectives {}).await?.teams;
    let teams: Vec<_> = teams.into_iter().map(|team| (team.id.to_string(), team.name)).collect();
    let formats: Vec<_> = Format::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let lead =
        "Collect, group, vote, discuss: each phase lasts until everyone has had the same time in their own hours.";
    Ok(html! {
        (Head { crumbs: vec![("/retrospectives", "Retrospectives")], title: TITLE, lead, ..Head::default() }.show())
        @if teams.is_empty() {
            (ui::empty("A retrospective belongs to a team, and you are on none. Ask its lead to add you.", Some(("/teams", "Teams"))))
        } @else {
            form.form method="post" action="/retrospectives/new" data-guard {
                (token(cx)) (form.summary())
                (form.select("team", "Team", "", None, &teams))
                (form.text("name", "Name", "Such as “Sprint 14” or “The export outage”."))
                (form.optional("about", "What it looks back at", ""))
                (form.select("format", "Format", "", None, &formats))
                (own_columns(form))
                fieldset.choices { legend { "Authors" }
                    label.choice { input type="checkbox" name="anonymous" value="true" checked[form.value("anonymous") == "true"];
                        span { "Nobody's name on a card" span.hint { "It is not stored either: no table, event or log tells who wrote what, or in which order." } } }
                    @if let Some(sentence) = form.flaw("anonymous") { p.error { (sentence) } } }
                fieldset.choices { legend { "Guests" }
                    label.choice { input type="checkbox" name="guests" value="true" checked[form.value("guests") == "true"];
                        span { "People without an account may take part" span.hint { "Whoever facilitates gives them a link to this board alone. Everyone on it sees that it has guests, and it cannot be changed later." } } }
                    @if let Some(sentence) = form.flaw("guests") { p.error { (sentence) } } }
                div.field-row {
                    (form.input("number", "votes_each", "Votes for each person", "", false))
                    (form.input("number", "hours", "Working hours for a phase", "Of each person's own.", false))
                }
                footer.form-foot { button.button.primary data-key="mod+enter" { "Begin" } a.button.quiet href="/retrospectives" { "Cancel" } }
            }
        }
    })
}

fn own_columns(form: &Form) -> Markup {
    html! {
        details.fold open[form.flaw("columns").is_some()] { summary { "Your own columns" } div.body.stack.tight {
            p.small.muted { "Only with the format of that name." }
            @for at in 1..=4 {
                div.field { label for={ "column-" (at) } { "Column " (at) } input id={ "column-" (at) } name="columns" type="text"; }
            }
            @if let Some(sentence) = form.flaw("columns") { p.error { (sentence) } }
        } }
    }
}
