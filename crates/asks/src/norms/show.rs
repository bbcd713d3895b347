use super::{Norm, usual};
use jiff::civil::Date;
use kernel::{Actor, Due, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, Verb, args, columns, sql};
use people::{access::cares_for_people, team::Record};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, html};

/// What a team has agreed about time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowNorms {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Norms {
    pub team: Record,
    pub dues: Vec<Norm>,
    /// The hours of every day in which nobody is told of asks, on each person's own wall clock.
    pub quiet: String,
    /// What else is agreed, in Markdown.
    pub body: String,
    pub changed_at: Option<Time>,
    pub changed_by: Option<String>,
    /// Whether the reader leads this team or one above it.
    pub leads: bool,
}

struct Stored {
    quiet: String,
    body: String,
    changed_at: Time,
    changed_by: Option<String>,
}
columns!(Stored { quiet, body, changed_at, changed_by });

impl Operation for ShowNorms {
    const NAME: &str = "norms.show";
    const ROUTE: Route = Route(Get, "/teams/{team}/norms");
    const READS: bool = true;
    type Target = Record;
    type Output = Norms;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Norms> {
        load(tx, team).await
    }
}

pub(super) async fn load(tx: &mut Tx<'_>, team: Record) -> Result<Norms> {
    let dues = sql!("select verb, due from norm_dues where workspace_id = $1 and team_id = $2");
    let agreed: Vec<(Verb, Due)> = tx.all(dues, args![tx.workspace(), team.id]).await?;
    let dues = Verb::ALL.iter().map(|verb| {
        let own = agreed.iter().find(|(of, _)| of == verb).map(|(_, due)| *due);
        Norm { verb: *verb, due: own.unwrap_or(usual(*verb)), agreed: own.is_some() }
    });
    let dues = dues.collect();
    let stored = sql!(
        "select n.quiet, n.body, n.changed_at, p.name as changed_by from norms n
           left join people p on p.workspace_id = n.workspace_id and p.id = n.changed_by
          where n.workspace_id = $1 and n.team_id = $2"
    );
    let stored: Option<Stored> = tx.find(stored, args![tx.workspace(), team.id]).await?;
    let me: Id<Person> = tx.me();
    let leads = Record::is_led_by(tx, team.id, me).await?;
    Ok(match stored {
        Some(Stored { quiet, body, changed_at, changed_by }) => {
            Norms { team, dues, quiet, body, changed_at: Some(changed_at), changed_by, leads }
        }
        None => {
            Norms { team, dues, quiet: String::new(), body: String::new(), changed_at: None, changed_by: None, leads }
        }
    })
}

/// `GET /teams/{team}/norms`
pub async fn show(cx: Cx) -> Answer {
    let norms = cx.read_here::<ShowNorms>().await?;
    let team = format!("/teams/{}", norms.team.id);
    let may_change = norms.leads || cares_for_people(cx.actor());
    let actions = html! { @if may_change {
        a.button href={ (team) "/norms/edit" } data-key="e" data-key-label="Change" { "Change" kbd { "E" } }
    } };
    let title = format!("How {} works", norms.team.name);
    let lead = "What the team has agreed. Asks take their due times from these values.";
    let crumbs = vec![("/teams", "Teams"), (team.as_str(), norms.team.name.as_str())];
    let body = html! {
        (Head { crumbs, title: &title, lead, actions: Some(actions), face: None }.show())
        (ui::team_tabs(&cx, norms.team.id))
        div.stack { (dues_card(&norms)) (quiet_card(&norms)) (rest(&norms, cx.today(), &cx)) }
    };
    Ok(cx.live_page(&title, &["norms", &norms.team.id.to_string()], body))
}

fn dues_card(norms: &Norms) -> Markup {
    html! {
        section.card #times { header { h2 { "How long an ask may take" } span.right.small.muted { "Counted in the receiver's working hours" } }
            ul.list.plain { @for norm in &norms.dues { li id={ "norm-" (norm.verb.word()) } {
                div.what { p { (sentence(norm.verb)) " " strong { (norm.due) } "." } }
                @if !norm.agreed { (chip("line", "Usual")) }
            } } }
        }
    }
}

/// The start of the sentence whose end is the value.
pub(super) fn sentence(verb: Verb) -> &'static str {
    match verb {
        Verb::Read => "What one is asked to read is read within",
        Verb::Answer => "Questions are answered within",
        Verb::Review => "Reviews are given within",
        Verb::Decide => "Decisions are made within",
        Verb::Approve => "Approvals are given within",
        Verb::Prepare => "What needs preparation is prepared within",
        Verb::FillIn => "Forms are filled in within",
        Verb::Acknowledge => "What one has to know is acknowledged within",
    }
}

fn quiet_card(norms: &Norms) -> Markup {
    html! {
        section.card #quiet { header { h2 { "Quiet hours" } }
            div.body { @match norms.quiet.as_str() {
                "" => p { "Nobody is told of anything outside their working hours. Within them there are no quiet hours." },
                hours => p { "Nobody is told of anything outside their working hours, nor at " strong { (hours) } " where they are, except of what is urgent while they are on call." },
            } }
        }
    }
}

fn rest(norms: &Norms, today: Date, cx: &Cx) -> Markup {
    html! {
        section.card #agreed { header { h2 { "What else we agreed" } }
            div.body {
                @if norms.body.is_empty() {
                    p.muted { "Nothing is written yet. This is the place for how the team writes, meets and decides." }
                } @else {
                    div.prose.compact { (ui::prose(&norms.body)) }
                }
            }
            @if let (Some(at), Some(by)) = (norms.changed_at, &norms.changed_by) {
                footer.small.muted { "Changed by " (by) ", " (ui::date(at.date(&cx.viewer.zone), today)) }
            }
        }
    }
}
