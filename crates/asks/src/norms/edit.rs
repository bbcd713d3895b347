use super::{
    ShowNorms,
    show::{Norms, load, sentence},
    usual,
};
use kernel::{
    Actor, Due, Error, Id, Method::Put, Operation, Person, Result, Route, Team, Tx, Verb, args, calendar::Hours, json,
    sql, text::Markdown,
};
use people::{access::cares_for_people, team::Record};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Agree how long asks may take in a team, when nobody is told of any, and the rest in words.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetNorms {
    pub team: Id<Team>,
    /// How long each kind of ask may take, in working time. What is left out stays as it is; an empty text goes back to
    /// what is usual.
    #[serde(default)]
    pub read: Option<String>,
    #[serde(default)]
    pub answer: Option<String>,
    #[serde(default)]
    pub review: Option<String>,
    #[serde(default)]
    pub decide: Option<String>,
    #[serde(default)]
    pub approve: Option<String>,
    #[serde(default)]
    pub prepare: Option<String>,
    #[serde(default)]
    pub fill_in: Option<String>,
    #[serde(default)]
    pub acknowledge: Option<String>,
    /// Hours of every day on each person's own wall clock, such as `12:00-13:00`; empty for none.
    #[serde(default)]
    pub quiet: Option<String>,
    #[serde(default)]
    pub body: Option<Markdown>,
}

/// A team that may take longer than a working month has agreed nothing.
const LONGEST_DAYS: u32 = 20;

pub struct Led {
    team: Record,
    leads: bool,
}

impl Operation for SetNorms {
    const NAME: &str = "norms.set";
    const ROUTE: Route = Route(Put, "/teams/{team}/norms");
    type Target = Led;
    type Output = Norms;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        let team = Record::visible(tx, self.team).await?;
        let me: Id<Person> = tx.me();
        let leads = Record::is_led_by(tx, team.id, me).await?;
        Ok(Led { team, leads })
    }

    fn allows(actor: &Actor, led: &Led) -> bool {
        led.leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, led: Led) -> Result<Norms> {
        let team = led.team;
        for (verb, text) in self.texts() {
            let Some(text) = text else { continue };
            self.set(tx, verb, agreed(verb, text)?).await?;
        }
        let old = load(tx, team.clone()).await?;
        let quiet = self.quiet.clone().map(|text| hours(&text)).transpose()?.unwrap_or(old.quiet);
        let body = self.body.clone().map_or(old.body, |body| body.to_string());
        let save = sql!(
            "insert into norms (workspace_id, team_id, quiet, body, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
             on conflict (workspace_id, team_id) do update
                set quiet = excluded.quiet, body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
        );
        tx.run(save, args![tx.workspace(), team.id, quiet, body, tx.now(), tx.me()]).await?;
        tx.record("norms.changed", team.id, json!({}));
        load(tx, team).await
    }
}

impl SetNorms {
    fn texts(&self) -> [(Verb, &Option<String>); 8] {
        [
            (Verb::Read, &self.read),
            (Verb::Answer, &self.answer),
            (Verb::Review, &self.review),
            (Verb::Decide, &self.decide),
            (Verb::Approve, &self.approve),
            (Verb::Prepare, &self.prepare),
            (Verb::FillIn, &self.fill_in),
            (Verb::Acknowledge, &self.acknowledge),
        ]
    }

    async fn set(&self, tx: &mut Tx<'_>, verb: Verb, due: Option<Due>) -> Result<()> {
        let Some(due) = due else {
            let clear = sql!("delete from norm_dues where workspace_id = $1 and team_id = $2 and verb = $3");
            tx.run(clear, args![tx.workspace(), self.team, verb]).await?;
            return Ok(());
        };
        let save = sql!(
            "insert into norm_dues (workspace_id, team_id, verb, due) values ($1, $2, $3, $4)
             on conflict (workspace_id, team_id, verb) do update set due = excluded.due"
        );
        tx.run(save, args![tx.workspace(), self.team, verb, due.to_string()]).await?;
        Ok(())
    }
}

fn agreed(verb: Verb, text: &str) -> Result<Option<Due>> {
    let wrong = |sentence: &str| Error::invalid(verb.word(), sentence);
    if text.trim().is_empty() {
        return Ok(None);
    }
    let due: Due = text.parse().map_err(|_| wrong("Write working time, such as 8 working hours or 2 working days."))?;
    match due {
        Due::Days(days) if days <= LONGEST_DAYS => Ok(Some(due)),
        Due::Minutes(minutes) if minutes <= LONGEST_DAYS * 8 * 60 => Ok(Some(due)),
        Due::Days(_) | Due::Minutes(_) => Err(wrong("Agree on at most 20 working days.")),
        Due::Local(..) | Due::Moment(_) => Err(wrong("Write working time, such as 8 working hours or 2 working days.")),
    }
}

fn hours(text: &str) -> Result<String> {
    let hours: Hours = text.parse().map_err(|error: Error| Error::invalid("quiet", error.to_string()))?;
    Ok(hours.to_string())
}

/// `GET /teams/{team}/norms/edit`
pub async fn edit(cx: Cx) -> Answer {
    let norms = cx.read_here::<ShowNorms>().await?;
    if !norms.leads && !cares_for_people(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let mut texts: Vec<(String, String)> = norms
        .dues
        .iter()
        .filter(|norm| norm.agreed)
        .map(|norm| (norm.verb.word().to_owned(), norm.due.to_string()))
        .collect();
    texts.extend([("quiet".to_owned(), norms.quiet.clone()), ("body".to_owned(), norms.body.clone())]);
    Ok(cx.page(&title(&norms), view(&cx, &norms, &Form::refused(texts, Vec::new()))))
}

/// `POST /teams/{team}/norms`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<SetNorms>().await {
        Ok(norms) => {
            Ok(form.go(&format!("/teams/{}/norms", norms.team.id), Flash::says("The norms hold from now on.")))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let norms = form.cx.read(ShowNorms { team: form.text("team").parse()? }).await?;
            Ok(form.again(&title(&norms), view(&form.cx, &norms, &state)))
        }
    }
}

fn title(norms: &Norms) -> String {
    format!("Norms of {}", norms.team.name)
}

fn view(cx: &Cx, norms: &Norms, state: &Form) -> Markup {
    let (team, page) = (format!("/teams/{}", norms.team.id), format!("/teams/{}/norms", norms.team.id));
    let lead = "Working time, counted in the hours of whoever is asked. Open asks keep what they were promised.";
    html! {
        (Head { crumbs: vec![(&team, &norms.team.name), (&page, "Norms")], title: &title(norms), lead, ..Head::default() }.show())
        form.form method="post" action=(page) data-guard {
            (ui::token(cx)) (state.summary())
            @for verb in Verb::ALL {
                (state.optional(verb.word(), &format!("{} …", sentence(*verb)), &format!("Usual: {}.", usual(*verb))))
            }
            (state.optional("quiet", "Quiet hours", "Nobody is told of asks in these hours of their day, such as 12:00-13:00."))
            (state.area("body", "What else we agreed", "Markdown. How the team writes, meets and decides.", 12))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(page) { "Cancel" }
            }
        }
    }
}
