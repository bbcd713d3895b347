use super::Builder;
use crate::{data, history::By};
use asks::SettlePast;
use kernel::{Error, Id, Person, Result, json};
use work::review::{EndReview, FollowUp, Item, JudgeItem, PresentItem, ShowReview, StartReview};

impl<'a> Builder<'a> {
    pub(super) async fn begin_review(&mut self, by: By<'_>, row: &'a data::Review) -> Result<()> {
        let sprint = self.sprints.get(row.sprint.as_str()).ok_or_else(missing)?.id;
        let named = row.reviewers.iter().map(|key| self.person(key)).collect::<Result<Vec<Id<Person>>>>()?;
        let input = json!({ "sprint": sprint, "hours": row.hours, "reviewers": named });
        let started = self.call::<StartReview>(by, input).await?;
        self.reviews.insert(&row.sprint, started);
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn in_review(&self, by: By<'_>, row: &data::Review, step: &data::ReviewStep) -> Result<()> {
        if let Some(slug) = &step.show {
            self.present(by, row, slug, step).await?;
        }
        let accepted = step.accept.iter().map(|slug| (slug, "accepted"));
        let remarked = step.remark.iter().map(|slug| (slug, "remark"));
        let refused = step.refuse.iter().map(|slug| (slug, "not_accepted"));
        for (slug, verdict) in accepted.chain(remarked).chain(refused) {
            let item = self.item(by, row, slug).await?;
            self.call::<JudgeItem>(by, json!({ "item": item, "verdict": verdict, "remark": step.text })).await?;
        }
        if let Some(slug) = &step.follow_up {
            let item = self.item(by, row, slug).await?;
            self.call::<FollowUp>(by, json!({ "item": item, "way": "new_issue" })).await?;
        }
        if step.end {
            self.call::<EndReview>(by, json!({ "review": self.review(row)? })).await?;
        }
        self.call::<SettlePast>(By::System, json!({})).await
    }

    async fn present(&self, by: By<'_>, row: &data::Review, slug: &str, step: &data::ReviewStep) -> Result<()> {
        let about = json!({ "kind": "sprint_review", "record": self.review(row)? });
        let files = self.attach(by, &about, &step.attach).await?;
        let shown = files.iter().fold(step.text.clone(), |text, file| format!("{text}\n\n{}", file.in_text()));
        let item = self.item(by, row, slug).await?;
        self.call::<PresentItem>(by, json!({ "item": item, "shown": shown })).await.map(drop)
    }

    fn review(&self, row: &data::Review) -> Result<Id<work::review::Review>> {
        Ok(self.reviews.get(row.sprint.as_str()).ok_or_else(missing)?.id)
    }

    async fn item(&self, by: By<'_>, row: &data::Review, slug: &str) -> Result<Id<Item>> {
        let issue = self.issue(slug)?.id;
        let view = self.call::<ShowReview>(by, json!({ "review": self.review(row)? })).await?;
        let found = view.items.iter().find(|one| one.item.issue_id == issue).ok_or_else(missing)?;
        Ok(found.item.id)
    }
}

fn missing() -> Error {
    Error::conflict("This review, its sprint or its issue is not there yet.")
}
