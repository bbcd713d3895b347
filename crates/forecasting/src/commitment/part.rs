use super::{Commitment, Kept, ShowCommitment, add::check, edit::changed, stand::Part};
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
    pub team: Id<Team>,
    /// So many items are left to do.
    pub items: u32,
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
    type Target = Kept;
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Record::visible(tx, self.team).await?;
        Kept::visible(tx, self.commitment).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Commitment> {
        let today = today(tx);
        check(self.items, self.focus, None, today)?;
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
            "insert into commitment_parts (workspace_id, commitment_id, rank, name, team_id, items, counted_on, focus, waits_for)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let (items, focus) = (i64::from(self.items), i64::from(self.focus.unwrap_or(100)));
        let waits = self.waits_for.join(" ");
        let (workspace, id) = (tx.workspace(), self.commitment);
        tx.run(insert, args![workspace, id, rank, self.name, self.team, items, today, focus, waits]).await?;
        changed(tx, id, "commitment.changed").await
    }
}

/// Count again how many items of a part are left today.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecountPart {
    pub commitment: Id<Commitment>,
    pub rank: i64,
    pub items: u32,
    /// As it was if left out.
    #[serde(default)]
    pub focus: Option<u32>,
}

impl Operation for RecountPart {
    const NAME: &str = "commitment.recount";
    const ROUTE: Route = Route(Put, "/commitments/{commitment}/parts/{rank}");
    type Target = Kept;
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        part_of(tx, self.commitment, self.rank).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Commitment> {
        let today = today(tx);
        check(self.items, self.focus, None, today)?;
        let update = sql!(
            "update commitment_parts set items = $4, counted_on = $5, focus = coalesce(cast($6 as bigint), focus)
              where workspace_id = $1 and commitment_id = $2 and rank = $3"
        );
        let (items, focus) = (i64::from(self.items), self.focus.map(i64::from));
        tx.run(update, args![tx.workspace(), self.commitment, self.rank, items, today, focus]).await?;
        changed(tx, self.commitment, "commitment.recounted").await
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
    let saved = form.submit::<RecountPart>().await?;
    Ok(form.go(&format!("/commitments/{}", saved.id), Flash::says("What is left is counted anew.")))
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
    let lead = "What another team has to do for it, or another step of the same team.";
    Ok(html! {
        (Head { crumbs, title: "Add a part", lead, ..Head::default() }.show())
        form.form method="post" action={ (page) "/parts" } data-guard {
            (ui::token(cx)) (state.summary())
            (state.optional("name", "What it is", ""))
            (state.combo("team", "Team", "", None, &teams))
            div.field-row {
                (state.input("number", "items", "Items left", "", false))
                (state.input("number", "focus", "Share of the team in percent", "100 if the team does nothing else.", true))
            }
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
