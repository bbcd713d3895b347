//! Sets of talking points for occasions.
use super::{OneOnOne, Point, ShowOneOnOne, place, point, tell};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, words};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Markup, Submitted, html, token};

words! {
    pub enum Template {
        First = "first",
        Growth = "growth",
        HardConversation = "hard_conversation",
        ReturnFromLeave = "return_from_leave",
        SkipLevel = "skip_level",
        StayInterview = "stay_interview",
    }
}

impl Template {
    pub fn title(self) -> &'static str {
        match self {
            Template::First => "First one-on-one",
            Template::Growth => "Growth",
            Template::HardConversation => "Hard conversation",
            Template::ReturnFromLeave => "Return from leave",
            Template::SkipLevel => "Skip-level",
            Template::StayInterview => "Stay interview",
        }
    }

    fn points(self) -> &'static [&'static str] {
        match self {
            Template::First => &[
                "What should I know about how you like to work: hours, writing or talking, being praised, being told that something is wrong?",
                "What has worked well with managers or colleagues before, and what has not?",
                "What do you want this time to be for, and what not?",
                "How do we reach each other when something cannot wait?",
            ],
            Template::Growth => &[
                "Where do you want to be in a year, in your own words and not those of the ladder?",
                "One thing that you did lately which belongs to the next level. What made it possible?",
                "One thing that the next level asks and that you had no chance to show. Where will the chance come from?",
                "What do you promise for the next four weeks, and what do I?",
            ],
            Template::HardConversation => &[
                "What I have seen: when, where, and what followed from it. No reasons guessed.",
                "How it looks from your side.",
                "What has to be different, by when, and how we will both know.",
                "What you need from me for that.",
                "What we each take with us: written down here today, so that neither has to remember it.",
            ],
            Template::ReturnFromLeave => &[
                "Welcome back. How do you want the first week to be?",
                "What was decided while you were away, and which of it would you open again?",
                "What comes back to you, from whom, and what stays where it is?",
                "Is there something about your hours or your load that has changed?",
            ],
            Template::SkipLevel => &[
                "What does the team do that I should know about and probably do not?",
                "Which of my decisions arrived differently from how it was meant?",
                "What do you need from your manager that only I can make possible?",
                "What should I not repeat to anybody?",
            ],
            Template::StayInterview => &[
                "What do you look forward to when you begin your day, and what do you put off?",
                "What nearly made you leave, and is it still so?",
                "Where do you want to grow that has no place here yet?",
                "What would have to change for you to stay with a light heart? What of that can I do?",
            ],
        }
    }
}

/// Add the talking points of a template, as one's own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseTemplate {
    pub one_on_one: Id<OneOnOne>,
    pub template: Template,
}

impl Operation for UseTemplate {
    const NAME: &str = "one_on_one.use_template";
    const ROUTE: Route = Route(Post, "/one-on-ones/{one_on_one}/templates");
    type Target = OneOnOne;
    type Output = Vec<Point>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Vec<Point>> {
        one_on_one.refuse_ended()?;
        let mut added = Vec::new();
        let theme = (self.template == Template::Growth).then_some("growth-template");
        for body in self.template.points() {
            added.push(point::insert(tx, one_on_one.id, body, theme).await?);
        }
        tell(tx, "one_on_one.point_added", &one_on_one);
        Ok(added)
    }
}

/// `POST /one-on-ones/{one_on_one}/templates`
pub async fn save(form: Submitted) -> Answer {
    let added = form.submit::<UseTemplate>().await?;
    let id = form.cx.input::<ShowOneOnOne>()?.one_on_one;
    Ok(form.go(&place(id), Flash::says(format!("{} points added. Drop what does not fit.", added.len()))))
}

/// The buttons that add them.
pub(super) fn choices(cx: &Cx, one_on_one: &OneOnOne) -> Markup {
    html! {
        form method="post" action={ (place(one_on_one.id)) "/templates" } {
            (token(cx))
            div.row.wrap {
                @for template in Template::ALL {
                    button.button.small name="template" value=(template.word()) { (template.title()) }
                }
            }
        }
    }
}
