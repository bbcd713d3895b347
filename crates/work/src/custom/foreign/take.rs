use super::{Beside, CustomField, moved, next, text};
use crate::{
    custom::{Given, Kind, choice_named, differences},
    import::Tracker,
    issue::{Batch, Issue, Wanted, apply},
    label::may_keep,
    team::Kept,
};
use kernel::{
    Actor, Change, Error, Id,
    Method::Post,
    Operation, Result, Route, Tx, args, sql,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Move what a former tracker held in a field of its own into one here, for at most 500 issues at once. What an issue holds
/// already stays, and what stands beside it as well.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeForeign {
    pub source: Tracker,
    /// As the former tracker calls it.
    pub name: Name<300>,
    /// It holds no people. Of a choice, what is missing is added.
    pub field: Id<CustomField>,
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "TakenField")]
pub struct Taken {
    /// How many issues hold it now.
    pub taken: i64,
    /// How many do not, as it does not fit the field, or the field is that of another team.
    pub unfit: i64,
    /// Whether there are more than were looked at.
    pub more: bool,
    /// By what it is undone.
    pub batch: Option<Id<Batch>>,
}

const MOST: i64 = 500;

impl Operation for TakeForeign {
    const NAME: &str = "custom_field.take";
    const ROUTE: Route = Route(Post, "/custom-fields/{field}/found-values");
    type Target = (CustomField, Option<Kept>);
    type Output = Taken;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        CustomField::kept(tx, self.field).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (field, _): Self::Target) -> Result<Taken> {
        if field.kind == Kind::Person {
            return Err(Error::invalid("field", "People of former trackers do not fit a field. Choose another one."));
        }
        let remember = sql!(
            "insert into custom_sources (workspace_id, source, name, field_id) values ($1, $2, $3, $4)
             on conflict (workspace_id, source, name) do update set field_id = excluded.field_id"
        );
        tx.run(remember, args![tx.workspace(), self.source, self.name, field.id]).await?;
        let (mut done, batch, mut after) = (Taken::default(), tx.id(), Some(String::new()));
        while let Some(last) = after {
            let page = Beside::after(tx, &last).await?;
            after = next(&page);
            let moved = moved(tx, &page).await?;
            let held = |row: &Beside| moved.contains(&(row.source, self.name.to_string(), row.issue.to_string()));
            let ours = page.iter().filter(|row| row.source == self.source && !held(row));
            let texts: Vec<(Id<Issue>, String)> = ours
                .filter_map(|row| Some((row.issue, text(row.fields.get(&*self.name)?))))
                .filter(|(_, text)| !text.is_empty())
                .collect();
            let ids: Vec<Id<Issue>> = texts.iter().map(|(issue, _)| *issue).collect();
            for issue in Issue::with_ids(tx, &ids).await? {
                if done.taken == MOST {
                    done.more = true;
                    break;
                }
                let text = texts.iter().find(|(id, _)| *id == issue.id).map(|(_, text)| text.as_str());
                match give(tx, &field, &issue, text.unwrap_or_default(), batch).await? {
                    true => done.taken += 1,
                    false => done.unfit += 1,
                }
            }
            after = after.filter(|_| !done.more);
        }
        done.batch = (done.taken > 0).then_some(batch);
        Ok(done)
    }
}

/// Whether it fits, and so the issue holds it now.
async fn give(tx: &mut Tx<'_>, field: &CustomField, issue: &Issue, text: &str, batch: Id<Batch>) -> Result<bool> {
    if !field.is_for(issue.team_id) {
        return Ok(false);
    }
    let text = match field.kind {
        Kind::Choice => match text.parse::<Name<100>>() {
            Ok(name) => choice_named(tx, field.id, &name).await?.to_string(),
            Err(_) => return Ok(false),
        },
        // Trackers write a day with its time as well.
        Kind::Day => text.chars().take("2026-04-01".len()).collect(),
        _ => text.to_owned(),
    };
    let Ok(line) = text.parse::<Line<2000>>() else { return Ok(false) };
    let mut wanted = Wanted::default();
    wanted.custom.insert(field.id, Change::Set(Given(line)));
    match differences(tx, issue, &wanted).await {
        Ok(_) => apply(tx, issue, &wanted, batch).await,
        Err(Error::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
