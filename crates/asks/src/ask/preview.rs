use super::{
    RaiseAsk,
    close::back,
    raise::{MOST, Planned},
    tell::around,
};
use crate::norms;
use kernel::{
    Actor, Due, Error, Id, Method::Get, Operation, Person, Reference, Result, Route, Silence, Time, Tx, Verb,
};
use people::{
    hours::{Now, calendars},
    person::{self, choices, choices::Picker},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, chip, day_and_time, html, time_of_day};

/// What a due time would mean for each of those who are asked, before anyone is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewAsk {
    /// At most 50 people.
    pub to: Vec<Id<Person>>,
    pub verb: Verb,
    /// If left out, what the team of each of them has agreed.
    #[serde(default)]
    pub due: Option<Due>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Preview {
    pub people: Vec<Outlook>,
    /// The earliest moment that leaves everyone what their team has agreed.
    pub fair_at: Option<Time>,
}

/// One of those who would be asked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outlook {
    pub person: Id<Person>,
    pub name: String,
    pub zone: String,
    pub now: Now,
    pub due_at: Time,
    /// Working time up to the due time.
    pub leaves_minutes: i64,
    /// Working time missing to what their team has agreed.
    pub short_minutes: i64,
}

impl Operation for PreviewAsk {
    const NAME: &str = "ask.preview";
    const ROUTE: Route = Route(Get, "/asks/preview");
    const READS: bool = true;
    /// The names of the people, in their order.
    type Target = Vec<(Id<Person>, String)>;
    type Output = Preview;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<(Id<Person>, String)>> {
        if self.to.len() > MOST {
            return Err(Error::invalid("to", "Ask at most 50 people at once."));
        }
        let mut names = Vec::new();
        for person in &self.to {
            names.push((*person, person::Record::visible(tx, *person).await?.name));
        }
        Ok(names)
    }

    fn allows(actor: &Actor, _: &Vec<(Id<Person>, String)>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, names: Vec<(Id<Person>, String)>) -> Result<Preview> {
        let now = tx.now();
        let (from, to) = around(now);
        let clocks = calendars(tx, &self.to, from, to).await?;
        let agreed = norms::of_people(tx, &self.to).await?;
        let mut people = Vec::new();
        let mut fair_at = Some(now);
        for clock in &clocks {
            let norm = agreed.due(clock.id, self.verb);
            let planned = Planned::new(clock, self.due.unwrap_or(norm), norm, now);
            fair_at = fair_at.zip(norm.on(&clock.calendar, now)).map(|(latest, own)| latest.max(own));
            people.push(Outlook {
                person: clock.id,
                name: names.iter().find(|(id, _)| *id == clock.id).map(|(_, name)| name.clone()).unwrap_or_default(),
                zone: clock.calendar.zone_name().to_owned(),
                now: Now::of(clock, now),
                due_at: planned.due_at,
                leaves_minutes: planned.leaves.as_mins(),
                short_minutes: planned.short.as_mins(),
            });
        }
        Ok(Preview { people, fair_at })
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/asks/new", new).post("/asks", save)
}

/// `GET /asks/new`
async fn new(cx: Cx) -> Answer {
    let mut state = Form::refused(cx.texts.clone(), Vec::new());
    if !state.has("verb") {
        let texts = cx.texts.iter().cloned().chain([("verb".to_owned(), "answer".to_owned())]).collect();
        state = Form::refused(texts, Vec::new());
    }
    let state = with_names(&cx, state).await?;
    let picker = Picker::load(&cx, "").await?;
    Ok(cx.page(TITLE, view(&cx, &state, &picker, None)))
}

/// Names in place of the ids with which other pages lead here.
async fn with_names(cx: &Cx, state: Form) -> Result<Form> {
    let Ok(person) = state.value("to").parse() else { return Ok(state) };
    let name = cx.read(person::ShowPerson { person }).await?.name;
    let texts = cx.texts.iter().filter(|(key, _)| key != "to").cloned().chain([("to".to_owned(), name)]);
    let verb = (!cx.texts.iter().any(|(key, _)| key == "verb")).then(|| ("verb".to_owned(), "answer".to_owned()));
    Ok(Form::refused(texts.chain(verb).collect(), Vec::new()))
}

/// `POST /asks`: a due time that is not fair to somebody is shown first, and asked for once more.
async fn save(form: Submitted) -> Answer {
    let raised = async {
        let ids = people_of(&form.cx, form.text("to")).await?;
        let form = with_input(&form, &ids);
        let mut input = form.input::<RaiseAsk>()?;
        input.about = about(&form);
        let preview = PreviewAsk { to: input.to.clone(), verb: input.verb, due: input.due };
        let preview = form.cx.read(preview).await?;
        let unfair = preview.people.iter().any(|one| one.short_minutes > 0) && form.text("anyway") != "yes";
        match form.text("check") == "yes" || unfair {
            true => Ok(Err((preview, unfair))),
            false => form.change(input).await.map(Ok),
        }
    };
    match raised.await {
        Ok(Ok(asks)) => {
            let sentence = match &asks[..] {
                [one] => {
                    format!("{} is asked, by {}.", one.receiver_name, day_and_time(one.due_at, &form.cx.viewer.zone))
                }
                several => format!("{} people are asked.", several.len()),
            };
            Ok(form.go(&back(&form), Flash::says(sentence)))
        }
        Ok(Err((preview, _))) => {
            let picker = Picker::load(&form.cx, "").await?;
            let state = Form::refused(form.texts.clone(), Vec::new());
            Ok(form.again(TITLE, view(&form.cx, &state, &picker, Some(&preview))))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let picker = Picker::load(&form.cx, "").await?;
            Ok(form.again(TITLE, view(&form.cx, &state, &picker, None)))
        }
    }
}

/// Those whom the text of the field `to` names, parted by commas.
pub(super) async fn people_of(cx: &Cx, names: &str) -> Result<Vec<Id<Person>>> {
    let mut ids = Vec::new();
    for text in names.split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty()).take(MOST + 1) {
        ids.push(match text.parse() {
            Ok(id) => id,
            Err(_) => choices::named(cx, "to", text).await?,
        });
    }
    Ok(ids)
}

fn about(form: &Submitted) -> Option<Reference> {
    let (kind, id) = (form.text("about.kind"), form.text("about.id"));
    (!kind.is_empty()).then(|| Reference::to(kind, id))
}

fn with_input(form: &Submitted, to: &[Id<Person>]) -> Submitted {
    let rest = form.texts.iter().filter(|(name, text)| name != "to" && !(name == "due" && text.trim().is_empty()));
    let people = to.iter().map(|id| ("to".to_owned(), id.to_string()));
    Submitted { cx: form.cx.clone(), texts: rest.cloned().chain(people).collect() }
}

const TITLE: &str = "Ask somebody";

fn view(cx: &Cx, state: &Form, picker: &Picker, preview: Option<&Preview>) -> Markup {
    let verbs: Vec<(String, String)> =
        Verb::ALL.iter().map(|verb| (verb.word().to_owned(), verb.title().to_owned())).collect();
    let lead = "It waits in their inbox until they work. The due time is counted in their working hours.";
    let (kind, id) = (state.value("about.kind"), state.value("about.id"));
    html! {
        (Head { crumbs: vec![("/inbox", "Inbox")], title: TITLE, lead, ..Head::default() }.show())
        form.form method="post" action="/asks" data-guard {
            (ui::token(cx)) (state.summary())
            @if !kind.is_empty() { input type="hidden" name="about.kind" value=(kind); input type="hidden" name="about.id" value=(id); }
            input type="hidden" name="back" value=(if state.has("back") { state.value("back") } else { "/inbox?pile=owed" });
            (picker.proposals(state, "to", "Who", "Names or mail addresses, parted by commas."))
            div.field-row {
                (state.select("verb", "What you want", "", None, &verbs))
                (state.optional("due", "By when", "If left out, what their team has agreed."))
            }
            p.hint { "Such as 8 working hours, 2 working days, or Fri 12:00 where they are." }
            (super::outlook::place(""))
            (state.text("subject", "What it is about", "One line."))
            (state.area("note", "What they need to know", "Markdown.", 5))
            (silence(state))
            (picker.field(state, "escalate_to", "Who is asked next", "Only for the last choice above.", Some("Nobody"), None))
            fieldset.choices { legend { "Urgent" }
                label.choice { input type="checkbox" name="urgent" value="true" checked[state.value("urgent") == "true"];
                    span { "Tell them at once" span.hint { "Within their working hours. Urgent asks are counted for the team." } } } }
            @if let Some(preview) = preview { (outlook(cx, preview)) }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Ask" }
                button.button name="check" value="yes" { "Check the times" }
                a.button.quiet href="/inbox" { "Cancel" }
            }
        }
    }
}

fn silence(state: &Form) -> Markup {
    let chosen = if state.has("silence") { state.value("silence") } else { Silence::Nothing.word() };
    let choices = [
        (Silence::Nothing, "The ask stays open", "It shows as overdue."),
        (Silence::Consent, "Silence counts as consent", "Said in the ask, so that nobody is surprised."),
        (Silence::Escalate, "Somebody else is asked", ""),
    ];
    html! {
        fieldset.choices { legend { "When the time passes without an answer" }
            @for (silence, words, hint) in choices {
                label.choice { input type="radio" name="silence" value=(silence.word()) checked[chosen == silence.word()];
                    span { (words) @if !hint.is_empty() { span.hint { (hint) } } } }
            }
        }
    }
}

/// What the due time means for each, and the earliest that is fair to all.
fn outlook(cx: &Cx, preview: &Preview) -> Markup {
    let zone = &cx.viewer.zone;
    let short: Vec<&Outlook> = preview.people.iter().filter(|one| one.short_minutes > 0).collect();
    html! {
        section.card #times { header { h2 { "What this means for them" } }
            table.data.listed {
                caption.vh { "The due time of each person" }
                thead { tr { th scope="col" { "Person" } th scope="col" { "Now" } th scope="col" { "Due, your time" } th.n scope="col" { "Working time" } } }
                tbody { @for one in &preview.people { tr {
                    td { a.person href={ "/people/" (one.person) } { (one.name) } }
                    td data-label="Now" { (local_time(cx, one)) }
                    td data-label="Due" { (day_and_time(one.due_at, zone)) }
                    td.n data-label="Working time" { (hours(one.leaves_minutes)) " "
                        @if one.short_minutes > 0 { (chip("warn", &format!("{} short", hours(one.short_minutes)))) } }
                } } }
            }
            @if !short.is_empty() {
                div.body {
                    div.ask.warn {
                        p.grow { strong { (names(&short)) " would have less than agreed." }
                            @if let Some(fair) = preview.fair_at { " The earliest time that is fair to all is " (day_and_time(fair, zone)) "." } }
                    }
                    fieldset.choices {
                        label.choice { input type="checkbox" name="anyway" value="yes";
                            span { "Ask for it all the same" span.hint { "They see that it is short, and the team's page counts it." } } }
                    }
                    @if let Some(fair) = preview.fair_at { p.small.muted { "To choose the fair time, write " code { (fair) } " above." } }
                }
            }
        }
    }
}

fn names(people: &[&Outlook]) -> String {
    people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// `4 h 30`
pub(crate) fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

/// `13:42 there, works until 17:30`, in the person's own wall time.
pub(crate) fn local_time(cx: &Cx, one: &Outlook) -> String {
    let there = jiff::tz::TimeZone::get(&one.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let clock = time_of_day(cx.now(), &there);
    match one.now {
        Now::Working { until } => format!("{clock} there, works until {}", time_of_day(until, &there)),
        Now::Away { back: Some(back), .. } => format!("Away until {}", day_and_time(back, &there)),
        Now::Off { next: Some(next) } => format!("{clock} there, next at work {}", day_and_time(next, &there)),
        Now::Away { back: None, .. } => "Away".into(),
        Now::Off { next: None } => format!("{clock} there, no working hours entered"),
        Now::Starts { .. } => "Has not started yet".into(),
        Now::Left => "Has left".into(),
    }
}
