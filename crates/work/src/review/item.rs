//! What was finished, and what is shown of it.
use super::{Answered, Part, Review, ReviewView, ShowReview, advance};
use crate::{issue::Issue, round::Round};
use axum::{extract::DefaultBodyLimit, handler::Handler};
use kernel::{
    Actor, Change, Error, Id, Method::Patch, Operation, Person, Result, Route, Time, Tx, args, columns, json, sql,
    text::Markdown,
};
use people::person::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, LARGEST_FORM, Markup, Pages, Uploads, html, token};

/// An issue that was finished in the sprint.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewItem")]
pub struct Item {
    pub id: Id<Item>,
    pub review_id: Id<Review>,
    pub issue_id: Id<Issue>,
    /// The key and the title with which it was finished.
    pub key: String,
    pub title: String,
    /// Who shows it.
    pub presenter_id: Option<Id<Person>>,
    pub presenter_name: Option<String>,
    /// In Markdown.
    pub shown: String,
    pub shown_at: Option<Time>,
    /// What was made of what is missing: another issue, or this one where it was reopened.
    pub follow_id: Option<Id<Issue>>,
    pub follow_key: Option<String>,
    pub followed_by_name: Option<String>,
}
columns!(Item {
    id,
    review_id,
    issue_id,
    key,
    title,
    presenter_id,
    presenter_name,
    shown,
    shown_at,
    follow_id,
    follow_key,
    followed_by_name,
});

/// An issue that was deleted, or reopened and finished again, is no follow-up any more.
const SELECT: &str = "
    select i.id, i.review_id, i.issue_id, i.issue_key as key, i.title, i.presenter_id, p.name as presenter_name, i.shown,
           i.shown_at, f.id as follow_id, w.key || '-' || cast(f.number as text) as follow_key,
           b.name as followed_by_name
      from sprint_review_items i
      left join people p on p.workspace_id = i.workspace_id and p.id = i.presenter_id
      left join issues f on f.workspace_id = i.workspace_id and f.id = i.follow_id and f.deleted_at is null
       and (f.id <> i.issue_id or f.finished_at is null)
      left join work_teams w on w.workspace_id = f.workspace_id and w.team_id = f.team_id
      left join people b on b.workspace_id = i.workspace_id and b.id = i.followed_by ";

impl Item {
    /// Those of a review, in the order of the report.
    pub(super) async fn of(tx: &mut Tx<'_>, round: Id<Review>) -> Result<Vec<Item>> {
        let select = sql!(SELECT, "where i.workspace_id = $1 and i.review_id = $2 order by i.number, i.id");
        tx.all(select, args![tx.workspace(), round]).await
    }

    pub(super) async fn visible(tx: &mut Tx<'_>, id: Id<Item>) -> Result<(Item, Part)> {
        let found: Item =
            tx.one(sql!(SELECT, "where i.workspace_id = $1 and i.id = $2"), args![tx.workspace(), id]).await?;
        let part = Part::visible(tx, found.review_id).await?;
        Ok((found, part))
    }

    pub fn anchor(&self) -> String {
        format!("item-{}", self.id)
    }
}

/// Write what is shown of an issue, and say who shows it. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentItem {
    pub item: Id<Item>,
    /// In Markdown, with links and up to 10 files that were brought for the review (`file.add`).
    pub shown: Option<Markdown>,
    /// Somebody who was asked to look at the review.
    #[serde(default)]
    pub presenter: Change<Id<Person>>,
}

impl Operation for PresentItem {
    const NAME: &str = "sprint_review.present";
    const ROUTE: Route = Route(Patch, "/sprint-review-items/{item}");
    type Target = (Item, Part);
    type Output = Item;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Change::Set(person) = self.presenter {
            Record::visible(tx, person).await?;
        }
        Item::visible(tx, self.item).await
    }

    fn allows(actor: &Actor, (item, part): &Self::Target) -> bool {
        part.may_show(actor, item)
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, part): Self::Target) -> Result<Item> {
        let round = part.round;
        round.still_runs()?;
        let presenter = self.presenter.clone().apply(item.presenter_id);
        if presenter != item.presenter_id {
            self.hand_on(tx, &round, &item, presenter).await?;
        }
        if let Some(shown) = self.shown.as_deref().filter(|shown| *shown != item.shown) {
            let at = (!shown.trim().is_empty()).then(|| tx.now());
            let update =
                sql!("update sprint_review_items set shown = $3, shown_at = $4 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), item.id, shown, at]).await?;
            tx.stand_files(&round.about(), shown).await?;
            tx.record("sprint_review.shown", round.id, json!({ "key": item.key }));
        }
        advance::settle(tx, &round).await?;
        advance::advance(tx, round.id).await?;
        Item::visible(tx, item.id).await.map(|(item, _)| item)
    }
}

impl PresentItem {
    async fn hand_on(&self, tx: &mut Tx<'_>, round: &Review, item: &Item, to: Option<Id<Person>>) -> Result<()> {
        if let Some(person) = to {
            let asked = sql!(
                "select 1 from sprint_review_people where workspace_id = $1 and review_id = $2 and person_id = $3"
            );
            if !tx.exists(asked, args![tx.workspace(), round.id, person]).await? {
                return Err(Error::invalid("presenter", "Choose somebody who takes part in the review."));
            }
            let answers = Answered::of(tx, round.id).await?;
            if let Some(one) = answers.iter().find(|one| one.item_id == item.id && one.person_id == person) {
                let sentence = format!("{} has said already whether they accept it.", one.person_name);
                return Err(Error::invalid("presenter", sentence));
            }
        }
        let update = sql!("update sprint_review_items set presenter_id = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), item.id, to]).await?;
        let both: Vec<Id<Person>> = [item.presenter_id, to].into_iter().flatten().collect();
        advance::handed_on(tx, round, &both).await
    }
}

const TITLE: &str = "What is shown";

/// `GET /sprint-review-items/{item}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let (item, view) = here(&cx).await?;
    let form = Form::of([
        ("shown", item.shown.clone()),
        ("presenter", item.presenter_id.map(|person| person.to_string()).unwrap_or_default()),
    ]);
    Ok(cx.page(TITLE, sheet(&cx, &item, &view, &form)))
}

pub fn pages() -> Pages {
    let place = "/sprint-review-items/{item}/edit";
    Pages::new().get(place, edit).post(place, save.layer(DefaultBodyLimit::max(LARGEST_FORM)))
}

/// `POST /sprint-review-items/{item}/edit`
async fn save(uploads: Uploads) -> Answer {
    let Uploads { form, files } = uploads;
    let (item, view) = here(&form.cx).await?;
    let saved = async {
        let mut input = form.input::<PresentItem>()?;
        let mut shown = form.text("shown").trim_end().to_owned();
        for file in files {
            let brought = form.cx.bring(view.review.about(), file).await?;
            shown = format!("{shown}\n\n{brought}").trim_start().to_owned();
        }
        input.shown = Some(Markdown::try_from(shown).map_err(|sentence| Error::invalid("shown", sentence))?);
        form.change(input).await
    };
    match saved.await {
        Ok(item) => {
            let to = format!("{}#{}", view.review.href(), item.anchor());
            Ok(form.go(&to, Flash::says(format!("What is shown of {} is saved.", item.key))))
        }
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again(TITLE, sheet(&form.cx, &item, &view, &state)))
        }
    }
}

/// The item that the address names, with its review, for those who may write it.
async fn here(cx: &Cx) -> Result<(Item, ReviewView)> {
    let item: Id<Item> = cx.text("item").parse().map_err(|_| Error::NotFound)?;
    let review = cx.read(super::show::FindItem { item }).await?;
    let view = cx.read(ShowReview { review }).await?;
    let found = view.items.iter().find(|one| one.item.id == item).ok_or(Error::NotFound)?;
    match found.may_show {
        true => Ok((found.item.clone(), view)),
        false => Err(Error::Forbidden),
    }
}

fn sheet(cx: &Cx, item: &Item, view: &ReviewView, form: &Form) -> Markup {
    let review = view.review.href();
    let (sprint, title) = (format!("/sprints/{}", view.review.sprint_id), format!("{} {}", item.key, item.title));
    let crumbs = vec![(sprint.as_str(), view.review.sprint_name.as_str()), (&review, "Review")];
    let lead = "What there is to see, and how one tries it. Everyone who takes part reads it when they like.";
    let people: Vec<(String, String)> =
        view.reviewers.iter().map(|one| (one.person_id.to_string(), one.person_name.clone())).collect();
    html! {
        (Head { crumbs, title: &title, lead, ..Head::default() }.show())
        section.card { div.body {
            form.form.wide method="post" action={ "/sprint-review-items/" (item.id) "/edit" } enctype="multipart/form-data" data-guard {
                (token(cx)) (form.summary())
                (form.area("shown", TITLE, "Markdown, with links.", 12))
                drop-file { div.field {
                    label for="file" { "Recordings and pictures " span.optional { "optional" } }
                    p.hint #file-hint { "Up to 10, of 20 MB each: pictures, PDF, ZIP, MP4, text. They are put at the end of the text." }
                    input #file type="file" name="file" multiple aria-describedby="file-hint";
                    @if let Some(sentence) = form.flaw("file") { p.error #file-error { (sentence) } }
                } }
                (form.combo("presenter", "Who shows it", "Everyone else says whether they accept it.", Some("Nobody by name"), &people))
                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(review) { "Cancel" } }
            }
        } }
    }
}
