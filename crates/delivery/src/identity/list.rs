use super::{Identity, SELECT, VISIBLE};
use kernel::{Actor, Error, Method::Get, Operation, Result, Route, Tx, args, sql, words};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, empty, html, icon};

words! {
    /// Which identities a list shows.
    pub enum Which {
        Mine = "mine",
        Unknown = "unknown",
        Joined = "joined",
        Bots = "bots",
    }
}

/// Names and mail addresses under which somebody commits: one's own, those that are nobody's, and bots. Those of others
/// are shown only to whoever keeps the records of people.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListIdentities {
    /// Those that are nobody's if left out.
    #[serde(default)]
    pub which: Option<Which>,
    /// Part of a name or an address.
    #[serde(default)]
    pub q: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IdentityPage {
    /// By name, at most 500.
    pub identities: Vec<Identity>,
    pub more: bool,
}

const MOST: usize = 500;

impl Operation for ListIdentities {
    const NAME: &str = "identity.list";
    const ROUTE: Route = Route(Get, "/identities");
    const READS: bool = true;
    type Target = ();
    type Output = IdentityPage;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<IdentityPage> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and ($5 <> 'mine' or i.person_id = $4)
             and ($5 <> 'unknown' or (i.person_id is null and not i.bot))
             and ($5 <> 'joined' or i.person_id is not null)
             and ($5 <> 'bots' or i.bot)
             and ($6 = '' or lower(i.name) like $7 or lower(i.mail) like $7)
             order by lower(i.name), i.mail, i.id limit $8"
        );
        let which = self.which.unwrap_or(Which::Unknown);
        let q = self.q.trim().to_lowercase();
        let pattern = format!("%{}%", q.replace(['%', '_'], ""));
        let actor = tx.actor();
        let (belongs, cares, me) = (actor.belongs(), cares_for_people(actor), tx.me());
        let limit = MOST as i64 + 1;
        let mut identities: Vec<Identity> =
            tx.all(select, args![tx.workspace(), belongs, cares, me, which, q, pattern, limit]).await?;
        let more = identities.len() > MOST;
        identities.truncate(MOST);
        Ok(IdentityPage { identities, more })
    }
}

/// `GET /identities`
pub async fn page(cx: Cx) -> Answer {
    let mut input: ListIdentities = cx.input()?;
    let which = *input.which.get_or_insert(Which::Unknown);
    let shown = cx.read(input.clone()).await?;
    let cares = cares_for_people(cx.actor());
    let title = "Who commits";
    let lead = "The names and addresses in the histories, and whose they are. Say which are yours, so that your own numbers are whole.";
    let tabs =
        [(Which::Unknown, "Nobody's yet"), (Which::Mine, "Mine"), (Which::Bots, "Bots"), (Which::Joined, "Joined")];
    let body = html! {
        (Head { crumbs: vec![("/repositories", "Repositories")], title, lead, ..Head::default() }.show())
        nav.tabs aria-label="Which" {
            @for (one, words) in tabs.into_iter().filter(|(one, _)| cares || *one != Which::Joined) {
                a href={ "/identities?which=" (one.word()) } aria-current=[(one == which).then_some("page")] { (words) }
            }
        }
        form.toolbar method="get" action="/identities" {
            input type="hidden" name="which" value=(which.word());
            label.vh for="q" { "Part of a name or an address" }
            div.search { (icon("search")) input #q type="search" name="q" value=(input.q) placeholder="Name or address"; }
            button.button { "Find" }
        }
        @if shown.identities.is_empty() { (empty(nothing(which), None)) } @else { (table(&shown)) }
    };
    Ok(cx.live_page(title, &["identity", "repository"], body))
}

fn nothing(which: Which) -> &'static str {
    match which {
        Which::Unknown => "Every name and address in the histories is somebody's here.",
        Which::Mine => "No name or address in the histories is yours yet. Look under Nobody's yet.",
        Which::Joined => "No name or address has been joined to a person yet.",
        Which::Bots => "No program has committed yet.",
    }
}

fn table(shown: &IdentityPage) -> Markup {
    html! {
        section.card {
            table.data.listed {
                caption.vh { "Names and addresses" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Address" } th scope="col" { "Whose" } th scope="col" { "Why" } } }
                tbody { @for one in &shown.identities { tr {
                    td { a href={ "/identities/" (one.id) } { @if one.name.is_empty() { "No name" } @else { (one.name) } } }
                    td data-label="Address" { (one.mail) }
                    td data-label="Whose" { @match (&one.person_id, &one.person_name) {
                        (Some(id), Some(name)) => a href={ "/people/" (id) } { (name) },
                        _ if one.bot => span.muted { "A bot" },
                        _ => span.muted { "Nobody's" },
                    } }
                    td.muted data-label="Why" { (one.why()) }
                } } }
            }
            @if shown.more { div.body { p.muted { "There are more. Type a part of the name above." } } }
        }
    }
}
