use super::{Commitment, snapshot::snapshot, sources};
use crate::{access::Led, source::Source};
use jiff::{ToSpan, civil::Date};
use kernel::{
    Actor, Error, Flaws, Id,
    Method::Post,
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use people::{access::today, team::ListTeams};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Write down what a team has promised to somebody.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCommitment {
    pub name: Name<160>,
    /// Whose promise it is.
    pub team: Id<Team>,
    pub promised_on: Date,
    /// To whom, as a name or in words.
    #[serde(default)]
    pub promised_to: Line<160>,
    #[serde(default)]
    pub note: Markdown,
    /// So many items of the team are left to do, where nothing is named from which they are counted.
    #[serde(default)]
    pub items: Option<u32>,
    /// What they are counted from: `sprint:ID`, `milestone:ID`, `project:ID` or `initiative:ID`.
    #[serde(default)]
    pub counted_from: Option<String>,
    /// Or the key of an issue, with all that is below it.
    #[serde(default)]
    pub below: Option<String>,
    /// So many percent of what the team finishes is of this; 100 if left out.
    #[serde(default)]
    pub focus: Option<u32>,
}

/// A promise lies at most so many days ahead.
const MOST_AHEAD: i64 = 1000;
pub const MOST_ITEMS: u32 = 20_000;

impl Operation for AddCommitment {
    const NAME: &str = "commitment.add";
    const ROUTE: Route = Route(Post, "/commitments");
    type Target = (Led, Option<Source>);
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let team = Led::visible(tx, self.team).await?;
        Ok((team, Source::named(tx, self.counted_from.as_deref(), self.below.as_deref()).await?))
    }

    fn allows(actor: &Actor, (team, _): &Self::Target) -> bool {
        team.may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, source): Self::Target) -> Result<Commitment> {
        let today = today(tx);
        let items = left(self.items, source.as_ref())?;
        check(items, self.focus, Some(self.promised_on), today)?;
        let (id, me): (Id<Commitment>, _) = (tx.id(), tx.me());
        let insert = sql!(
            "insert into commitments (workspace_id, id, name, team_id, promised_on, promised_to, note, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        let values = args![workspace, id, self.name, self.team, self.promised_on, self.promised_to, self.note, me, now];
        tx.run(insert, values).await?;
        let part = sql!(
            "insert into commitment_parts (workspace_id, commitment_id, rank, team_id, items, counted_on, focus, source, source_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let (items, focus) = (i64::from(items), i64::from(self.focus.unwrap_or(100)));
        let (kind, from) = (source.as_ref().map(|one| one.kind), source.as_ref().map(|one| one.id.as_str()));
        tx.run(part, args![workspace, id, 1_i64, self.team, items, today, focus, kind, from]).await?;
        let commitment = Commitment::visible(tx, id).await?;
        snapshot(tx, &commitment).await?;
        tx.record("commitment.added", id, json!({ "team": self.team }));
        Ok(commitment)
    }
}

/// How many items are left by hand: none where they are counted from issues.
pub fn left(items: Option<u32>, source: Option<&Source>) -> Result<u32> {
    match (items, source) {
        (Some(items), None) => Ok(items),
        (None, Some(_)) => Ok(0),
        (Some(_), Some(_)) => Err(Error::invalid("items", "Leave this out, as it is counted from issues.")),
        (None, None) => {
            Err(Error::invalid("items", "Write how many items are left, or say what they are counted from."))
        }
    }
}

/// Whether what was typed can be forecast.
pub fn check(items: u32, focus: Option<u32>, promised_on: Option<Date>, today: Date) -> Result<()> {
    let mut flaws = Flaws::default();
    flaws.unless(items <= MOST_ITEMS, "items", "Write a number up to 20,000.");
    flaws.unless(focus.is_none_or(|focus| (1..=100).contains(&focus)), "focus", "Write a number from 1 to 100.");
    let near = today.saturating_sub(365.days())..=today.saturating_add(MOST_AHEAD.days());
    let sentence = "Choose a date within the next 1,000 days.";
    flaws.unless(promised_on.is_none_or(|date| near.contains(&date)), "promised_on", sentence);
    flaws.check()
}

/// `GET /commitments/new`
pub async fn new(cx: Cx) -> Answer {
    let state = Form::of([
        ("team", cx.text("team").to_owned()),
        ("items", cx.text("items").to_owned()),
        ("counted_from", cx.text("counted_from").to_owned()),
        ("below", cx.text("below").to_owned()),
        ("focus", cx.text("focus").to_owned()),
        ("promised_on", cx.text("by").to_owned()),
    ]);
    let body = view(&cx, &state).await?;
    Ok(cx.page("Write down a commitment", body))
}

/// `POST /commitments`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<AddCommitment>().await {
        Ok(added) => Ok(form.go(&format!("/commitments/{}", added.id), Flash::says("The commitment is written down."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("Write down a commitment", body))
        }
    }
}

async fn view(cx: &Cx, state: &Form) -> Result<Markup> {
    if !cx.actor().belongs() {
        return Err(Error::NotFound);
    }
    let teams = cx.read(ListTeams {}).await?;
    let teams: Vec<(String, String)> = teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect();
    let sources = sources::fields(cx, state).await?;
    let lead = "What was promised to whom, so that its chance is seen while it can still be changed.";
    Ok(html! {
        (Head { crumbs: vec![("/commitments", "Commitments")], title: "Write down a commitment", lead, ..Head::default() }.show())
        form.form method="post" action="/commitments" data-guard {
            (ui::token(cx)) (state.summary())
            (state.text("name", "What is promised", "As those would say it to whom it was promised."))
            (state.combo("team", "Team", "Whose promise it is. Other teams get their parts on the next page.", None, &teams))
            div.field-row {
                (state.input("date", "promised_on", "By the end of", "", false))
                (state.optional("promised_to", "To whom", ""))
            }
            (sources)
            (state.area("note", "Note", "", 4))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Write it down" }
                a.button.quiet href="/commitments" { "Cancel" }
            }
        }
    })
}
