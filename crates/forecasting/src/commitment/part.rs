use super::{
    Commitment, Kept, ShowCommitment,
    add::{check, left},
    edit::changed,
    sources,
    stand::Part,
};
use crate::source::{Source, SourceKind};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post, Put},
    Operation, Result, Route, Team, Tx, args, sql,
    text::Line,
};
use people::{
    access::today,
    team::{ListTeams, Record},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Give a team a part of a commitment. Parts of one team and share are done one after the other, those of other teams
/// beside them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPart {
    pub commitment: Id<Commitment>,
    #[serde(default)]
    pub name: Line<120>,
    /// Who does it, where it is counted by hand; otherwise the issues say so.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// So many items are left to do, where nothing is named from which they are counted.
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
    /// The ranks of the parts that have to be done before.
    #[serde(default)]
    pub waits_for: Vec<String>,
}

const MOST_PARTS: usize = 40;

impl Operation for AddPart {
    const NAME: &str = "commitment.add_part";
    const ROUTE: Route = Route(Post, "/commitments/{commitment}/parts");
    type Target = (Kept, Option<Source>);
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Some(team) = self.team {
            Record::visible(tx, team).await?;
        }
        let kept = Kept::visible(tx, self.commitment).await?;
        Ok((kept, Source::named(tx, self.counted_from.as_deref(), self.below.as_deref()).await?))
    }

    fn allows(actor: &Actor, (kept, _): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (kept, source): Self::Target) -> Result<Commitment> {
        let today = today(tx);
        let items = left(self.items, source.as_ref())?;
        check(items, self.focus, None, today)?;
        let team = match (self.team, &source) {
            (Some(team), None) => team,
            (None, Some(_)) => kept.commitment.team_id,
            (None, None) => return Err(Error::invalid("team", "Choose whose part it is.")),
            (Some(_), Some(_)) => {
                return Err(Error::invalid("team", "Leave the team out, as the issues say whose they are."));
            }
        };
        let parts = Part::all_of(tx, self.commitment).await?;
        if parts.len() >= MOST_PARTS {
            return Err(Error::conflict("A commitment has at most 40 parts."));
        }
        let is_there = |rank: &String| parts.iter().any(|part| part.rank.to_string() == *rank);
        if !self.waits_for.iter().all(is_there) {
            return Err(Error::invalid("waits_for", "A part can only wait for one that is here already."));
        }
        let rank = parts.iter().map(|part| part.rank).max().unwrap_or(0) + 1;
        let insert = sql!(
            "insert into commitment_parts
                    (workspace_id, commitment_id, rank, name, team_id, items, counted_on, focus, waits_for, source, source_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let (items, focus) = (i64::from(items), i64::from(self.focus.unwrap_or(100)));
        let waits = self.waits_for.join(" ");
        let (workspace, id) = (tx.workspace(), self.commitment);
        let (kind, from) = (source.as_ref().map(|one| one.kind), source.as_ref().map(|one| one.id.as_str()));
        let values = args![workspace, id, rank, self.name, team, items, today, focus, waits, kind, from];
        tx.run(insert, values).await?;
        changed(tx, id, "commitment.changed").await
    }
}

/// Count again how many items of a part are left today, or say what they are counted from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecountPart {
    pub commitment: Id<Commitment>,
    pub rank: i64,
    /// By hand from now on, whatever it was counted from.
    #[serde(default)]
    pub items: Option<u32>,
    /// As of a new part.
    #[serde(default)]
    pub counted_from: Option<String>,
    /// As of a new part.
    #[serde(default)]
    pub below: Option<String>,
    /// As it was if left out.
    #[serde(default)]
    pub focus: Option<u32>,
}

impl Operation for RecountPart {
    const NAME: &str = "commitment.recount";
    const ROUTE: Route = Route(Put, "/commitments/{commitment}/parts/{rank}");
    type Target = (Kept, Option<Source>);
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let kept = part_of(tx, self.commitment, self.rank).await?;
        Ok((kept, Source::named(tx, self.counted_from.as_deref(), self.below.as_deref()).await?))
    }

    fn allows(actor: &Actor, (kept, _): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, source): Self::Target) -> Result<Commitment> {
        let today = today(tx);
        let items = left(self.items, source.as_ref())?;
        check(items, self.focus, None, today)?;
        let update = sql!(
            "update commitment_parts
                set items = $4, counted_on = $5, focus = coalesce(cast($6 as bigint), focus), source = $7, source_id = $8
              where workspace_id = $1 and commitment_id = $2 and rank = $3"
        );
        let (items, focus) = (i64::from(items), self.focus.map(i64::from));
        let (kind, from) = (source.as_ref().map(|one| one.kind), source.as_ref().map(|one| one.id.as_str()));
        let (workspace, id) = (tx.workspace(), self.commitment);
        tx.run(update, args![workspace, id, self.rank, items, today, focus, kind, from]).await?;
        changed(tx, id, "commitment.recounted").await
    }
}

/// Take a part out of a commitment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovePart {
    pub commitment: Id<Commitment>,
    pub rank: i64,
}

impl Operation for RemovePart {
    const NAME: &str = "commitment.remove_part";
    const ROUTE: Route = Route(Delete, "/commitments/{commitment}/parts/{rank}");
    type Target = Kept;
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        part_of(tx, self.commitment, self.rank).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Commitment> {
        let parts = Part::all_of(tx, self.commitment).await?;
        if parts.iter().any(|part| part.waits().contains(&self.rank)) {
            return Err(Error::conflict("Another part waits for this one. Take that one out first."));
        }
        if parts.len() == 1 {
            return Err(Error::conflict("This is the only part. Drop the commitment instead."));
        }
        let delete = sql!("delete from commitment_parts where workspace_id = $1 and commitment_id = $2 and rank = $3");
        tx.run(delete, args![tx.workspace(), self.commitment, self.rank]).await?;
        changed(tx, self.commitment, "commitment.changed").await
    }
}

async fn part_of(tx: &mut Tx<'_>, commitment: Id<Commitment>, rank: i64) -> Result<Kept> {
    let kept = Kept::visible(tx, commitment).await?;
    let here = sql!("select 1 from commitment_parts where workspace_id = $1 and commitment_id = $2 and rank = $3");
    match tx.exists(here, args![tx.workspace(), commitment, rank]).await? {
        true => Ok(kept),
        false => Err(Error::NotFound),
    }
}

/// `GET /commitments/{commitment}/parts/new`
pub async fn new(cx: Cx) -> Answer {
    let body = view(&cx, &Form::default()).await?;
    Ok(cx.page("Add a part", body))
}

/// `POST /commitments/{commitment}/parts`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<AddPart>().await {
        Ok(saved) => Ok(form.go(&format!("/commitments/{}", saved.id), Flash::says("The part is added."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("Add a part", body))
        }
    }
}

/// `POST /commitments/{commitment}/parts/{rank}`
pub async fn recount(form: Submitted) -> Answer {
    match form.submit::<RecountPart>().await {
        Ok(saved) => Ok(form.go(&format!("/commitments/{}", saved.id), Flash::says("What is left is counted anew."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = change_view(&form.cx, &state).await?;
            Ok(form.again("Count a part", body))
        }
    }
}

/// `GET /commitments/{commitment}/parts/{rank}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let shown = cx.read(ShowCommitment { commitment: cx.text("commitment").parse()? }).await?;
    let part = shown.parts.iter().find(|part| part.rank.to_string() == cx.text("rank")).ok_or(Error::NotFound)?;
    let from = part.counted_from.as_ref();
    let is_issue = from.is_some_and(|from| from.kind == SourceKind::Issue);
    let chosen = from.filter(|_| !is_issue).map(|from| format!("{}:{}", from.kind.word(), from.id));
    let key = from.filter(|_| is_issue).and_then(|from| from.href.as_ref()?.rsplit('/').next().map(str::to_owned));
    let state = Form::of([
        (
            "items",
            if from.is_some() { String::new() } else { part.left.map_or(String::new(), |left| left.to_string()) },
        ),
        ("counted_from", chosen.unwrap_or_default()),
        ("below", key.unwrap_or_default()),
        ("focus", part.focus.to_string()),
    ]);
    let body = change_view(&cx, &state).await?;
    Ok(cx.page("Count a part", body))
}

async fn change_view(cx: &Cx, state: &Form) -> Result<Markup> {
    let shown = cx.read(ShowCommitment { commitment: cx.text("commitment").parse()? }).await?;
    let part = shown.parts.iter().find(|part| part.rank.to_string() == cx.text("rank")).ok_or(Error::NotFound)?;
    let page = format!("/commitments/{}", shown.commitment.id);
    let crumbs = vec![("/commitments", "Commitments"), (&*page, &*shown.commitment.name)];
    let title = format!("How {} is counted", part.title());
    let sources = sources::fields(cx, state).await?;
    Ok(html! {
        (Head { crumbs, title: &title, ..Head::default() }.show())
        form.form method="post" action={ (page) "/parts/" (part.rank) } data-guard {
            (ui::token(cx)) (state.summary()) (sources)
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(page) { "Cancel" }
            }
        }
    })
}

/// `POST /commitments/{commitment}/parts/{rank}/remove`
pub async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Take this part out of the commitment?", "Take it out");
    }
    let saved = form.submit::<RemovePart>().await?;
    Ok(form.go(&format!("/commitments/{}", saved.id), Flash::says("The part is taken out.")))
}

async fn view(cx: &Cx, state: &Form) -> Result<Markup> {
    let shown = cx.read(ShowCommitment { commitment: cx.text("commitment").parse()? }).await?;
    let teams = cx.read(ListTeams {}).await?;
    let teams: Vec<(String, String)> = teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect();
    let page = format!("/commitments/{}", shown.commitment.id);
    let crumbs = vec![("/commitments", "Commitments"), (&*page, &*shown.commitment.name)];
    let sources = sources::fields(cx, state).await?;
    let lead = "What another team has to do for it, or another step of the same team.";
    Ok(html! {
        (Head { crumbs, title: "Add a part", lead, ..Head::default() }.show())
        form.form method="post" action={ (page) "/parts" } data-guard {
            (ui::token(cx)) (state.summary())
            (state.optional("name", "What it is", ""))
            (sources)
            (state.combo("team", "Team", "Who does it, where it is counted by hand.", Some("As the issues say"), &teams))
            fieldset.choices {
                legend { "Begins when these are done" }
                @for part in &shown.parts { label.choice {
                    input type="checkbox" name="waits_for" value=(part.rank) checked[state.holds("waits_for", &part.rank.to_string())];
                    span { (part.title()) }
                } }
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Add it" }
                a.button.quiet href=(page) { "Cancel" }
            }
        }
    })
}
