use super::{Absence, Leave, absence::SELECT, show::state_chip};
use crate::{
    access::{Nearness, VISIBLE, today},
    person::{Named, Record},
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Tx, args, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, avatar_small, date_range, empty, html, icon, load_more};

words! {
    pub enum When {
        /// Not over yet, the next one first.
        Upcoming = "upcoming",
        /// Over, the last one first.
        Past = "past",
    }
}

/// Leave of one person.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLeaves {
    pub person: Id<Person>,
    /// Upcoming if left out.
    #[serde(default)]
    pub when: Option<When>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: String,
    /// 1 to 200; 50 if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeavesPage {
    pub person: Named<Person>,
    pub leaves: Vec<Absence>,
    /// Leave of others during which this person takes over, or is asked to. On the first page of what is upcoming.
    pub takes_over: Vec<Absence>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
    /// Whether the reader may enter and change leave of this person.
    pub may_change: bool,
}

const MOST_HANDED: i64 = 50;

impl Operation for ListLeaves {
    const NAME: &str = "leave.list";
    const ROUTE: Route = Route(Get, "/people/{person}/leaves");
    const READS: bool = true;
    type Target = (Record, Nearness);
    type Output = LeavesPage;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, Nearness::of(tx, self.person).await?))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, near): Self::Target) -> Result<LeavesPage> {
        let limit = self.limit.unwrap_or(50).clamp(1, 200);
        let mut leaves = self.leaves(tx, limit + 1).await?;
        let more = leaves.len() as i64 > limit;
        leaves.truncate(limit as usize);
        let next = leaves.last().filter(|_| more).map(|leave| format!("{}~{}", leave.first_on, leave.id));
        let takes_over = match (self.when, self.after.as_str()) {
            (None | Some(When::Upcoming), "") => takes_over(tx, person.id).await?,
            _ => Vec::new(),
        };
        let actor = tx.actor();
        Ok(LeavesPage {
            person: Named { id: person.id, name: person.name },
            leaves: leaves.into_iter().map(|leave| leave.seen_by(actor, near)).collect(),
            takes_over,
            next,
            may_change: near.is_close(actor),
        })
    }
}

impl ListLeaves {
    async fn leaves(&self, tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Leave>> {
        let (belongs, me, today) = (tx.actor().belongs(), tx.me(), today(tx));
        let after = self.after()?;
        match self.when.unwrap_or(When::Upcoming) {
            When::Upcoming => {
                let (first, id) = after.unwrap_or_default();
                let select = sql!(
                    SELECT,
                    VISIBLE,
                    "and l.person_id = $4 and l.withdrawn_at is null and l.last_on >= $5 and (l.first_on, l.id) > ($6, $7)
                      order by l.first_on, l.id limit $8"
                );
                tx.all(select, args![tx.workspace(), belongs, me, self.person, today, first, id, limit]).await
            }
            When::Past => {
                let (first, id) = after.unwrap_or((Date::MAX.to_string(), "z"));
                let select = sql!(
                    SELECT,
                    VISIBLE,
                    "and l.person_id = $4 and l.withdrawn_at is null and l.last_on < $5 and (l.first_on, l.id) < ($6, $7)
                      order by l.first_on desc, l.id desc limit $8"
                );
                tx.all(select, args![tx.workspace(), belongs, me, self.person, today, first, id, limit]).await
            }
        }
    }

    fn after(&self) -> Result<Option<(String, &str)>> {
        if self.after.is_empty() {
            return Ok(None);
        }
        let parts =
            self.after.split_once('~').and_then(|(date, id)| Some((date.parse::<Date>().ok()?.to_string(), id)));
        parts.map(Some).ok_or_else(|| Error::invalid("after", "This is not the `next` of a page; begin without it."))
    }
}

/// What a colleague may see of the leave that is handed to this person.
async fn takes_over(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Absence>> {
    let select = sql!(
        SELECT,
        VISIBLE,
        "and l.handover_to = $4 and l.withdrawn_at is null and l.handover_declined_at is null and l.last_on >= $5
          order by l.first_on, l.id limit $6"
    );
    let (belongs, me, today) = (tx.actor().belongs(), tx.me(), today(tx));
    let found: Vec<Leave> = tx.all(select, args![tx.workspace(), belongs, me, person, today, MOST_HANDED]).await?;
    let distant = Nearness { own: false, leads: false };
    Ok(found.into_iter().map(|leave| leave.seen_by(tx.actor(), distant)).collect())
}

/// `GET /people/{person}/leaves`
pub async fn list(cx: Cx) -> Answer {
    let when = cx.input::<ListLeaves>()?.when.unwrap_or(When::Upcoming);
    let page = cx.read_here::<ListLeaves>().await?;
    let (person, name) = (format!("/people/{}", page.person.id), &page.person.name);
    let title = format!("Leave of {name}");
    let actions = html! { @if page.may_change {
        a.button href={ (person) "/leaves/import" } { (icon("upload")) "Import" }
        a.button.primary href={ (person) "/leaves/new" } data-key="c" data-key-label="Enter leave" { "Enter leave" kbd { "C" } }
    } };
    let head = Head {
        crumbs: vec![("/people", "People"), (&person, name)],
        title: &title,
        actions: Some(actions),
        ..Head::default()
    };
    let body = html! {
        (head.show())
        nav.tabs aria-label="Leave" {
            a href={ (person) "/leaves" } aria-current=[(when == When::Upcoming).then_some("page")] { "Upcoming" }
            a href={ (person) "/leaves?when=past" } aria-current=[(when == When::Past).then_some("page")] { "Past" }
        }
        div.stack #leaves {
            @if page.leaves.is_empty() { (nothing(&page, when)) } @else { section.card { (rows(&cx, &page.leaves)) } }
            (load_more(page.next.as_ref().map(|next| format!("{person}/leaves?when={}&after={next}", when.word())).as_deref()))
            @if !page.takes_over.is_empty() { (takes_over_card(&cx, &page)) }
        }
    };
    let id = page.person.id.to_string();
    Ok(cx.live_page(&title, &[&id, "leave"], body))
}

fn nothing(page: &LeavesPage, when: When) -> Markup {
    let enter = format!("/people/{}/leaves/new", page.person.id);
    match when {
        When::Upcoming => {
            let action = page.may_change.then_some((enter.as_str(), "Enter leave"));
            empty("No leave ahead. What is entered here shows on the team's page, and due times wait for it.", action)
        }
        When::Past => empty("No leave is over yet.", None),
    }
}

fn rows(cx: &Cx, leaves: &[Absence]) -> Markup {
    html! {
        table.data.listed {
            caption.vh { "Leave" }
            thead { tr { th scope="col" { "When" } th scope="col" { "Hours" } th scope="col" { "Note" } th scope="col" { "Hand-over" } th scope="col" { "Kind" } } }
            tbody { @for leave in leaves { tr id={ "leave-" (leave.id) } {
                td { a href={ "/leaves/" (leave.id) } { (date_range(leave.first_on, leave.last_on, cx.today())) } }
                td.num data-label="Hours" { @if let Some(hours) = &leave.hours { (hours) } }
                td data-label="Note" { (leave.note) }
                td data-label="Hand-over" { @if let Some(handover) = &leave.handover { (handover.to.name) " " (state_chip(handover)) } }
                td.muted data-label="Kind" { @if let Some(kind) = leave.kind { (kind.title()) } }
            } } }
        }
    }
}

fn takes_over_card(cx: &Cx, page: &LeavesPage) -> Markup {
    html! {
        section.card #takes-over { header { h2 { "Takes over from others" } }
            ul.list { @for leave in &page.takes_over { li {
                (avatar_small(&leave.person.id, &leave.person.name))
                div.what {
                    p { a href={ "/leaves/" (leave.id) } { (leave.person.name) } }
                    p.small.muted { (date_range(leave.first_on, leave.last_on, cx.today())) }
                }
                @if let Some(handover) = &leave.handover { (state_chip(handover)) }
            } } }
        }
    }
}

/// The next leave of a person, for their page.
pub async fn card(cx: &Cx, person: Id<Person>) -> Result<Markup> {
    let page = cx.read(ListLeaves { person, when: None, after: String::new(), limit: Some(3) }).await?;
    let all = format!("/people/{person}/leaves");
    Ok(html! {
        section.card #away { header { h2 { "Away" } a.link.right.small href=(all) { "All leave" } }
            @if page.leaves.is_empty() { div.body { p.muted { "No leave ahead." } } }
            ul.list.plain { @for leave in &page.leaves { li {
                div.what {
                    p { a href={ "/leaves/" (leave.id) } { (date_range(leave.first_on, leave.last_on, cx.today())) @if let Some(hours) = &leave.hours { ", " (hours) } } }
                    p.small.muted { (leave.note) @if let Some(handover) = &leave.handover { @if !leave.note.is_empty() { " " } "Handed to " (handover.to.name) } }
                }
            } } }
            @if page.may_change { footer.small { a.link href={ (all) "/new" } { "Enter leave" } } }
        }
    })
}
