//! The form in which leave is entered and changed.
use super::{Absence, Kind, Leave, LeaveView, Outlook, PreviewLeave, ShowLeave};
use crate::{
    access::Nearness,
    person::{Named, Record, choices::Picker},
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Failure, Form, Head, Markup, Submitted, html};

/// The name of a person whose leave the actor may enter.
#[derive(Deserialize, JsonSchema)]
pub(super) struct MayEnterLeave {
    pub person: Id<Person>,
}

impl Operation for MayEnterLeave {
    const NAME: &str = "leave.may_enter";
    const ROUTE: Route = Route(Get, "/people/{person}/leaves/may-enter");
    const READS: bool = true;
    type Target = (Record, Nearness);
    type Output = Named<Person>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, Nearness::of(tx, self.person).await?))
    }

    fn allows(actor: &Actor, (_, near): &Self::Target) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, _: &mut Tx<'_>, (person, _): Self::Target) -> Result<Named<Person>> {
        Ok(Named { id: person.id, name: person.name })
    }
}

/// What the form shows besides what is typed.
pub(super) struct LeaveForm {
    person: Named<Person>,
    /// The leave that is changed; nothing for a new one.
    leave: Option<Absence>,
    /// Whether the reader may read, and so change, the hand-over note.
    with_note: bool,
    picker: Picker,
}

impl LeaveForm {
    pub async fn of_person(cx: &Cx, person: Id<Person>) -> Result<LeaveForm, Failure> {
        let person = cx.read(MayEnterLeave { person }).await?;
        Ok(LeaveForm { person, leave: None, with_note: true, picker: Picker::load(cx, "").await? })
    }

    pub async fn of_leave(cx: &Cx, leave: Id<Leave>) -> Result<LeaveForm, Failure> {
        let LeaveView { leave, may_change, reads_note, .. } = cx.read(ShowLeave { leave }).await?;
        if !may_change {
            return Err(Error::Forbidden.into());
        }
        let picker = Picker::load(cx, "").await?;
        Ok(LeaveForm { person: leave.person.clone(), leave: Some(leave), with_note: reads_note, picker })
    }

    pub fn title(&self) -> String {
        match self.leave {
            Some(_) => format!("Change leave of {}", self.person.name),
            None => format!("Enter leave of {}", self.person.name),
        }
    }

    /// The fields as the leave stands.
    pub fn state(&self) -> Form {
        let Some(leave) = &self.leave else { return Form::default() };
        let handover = leave.handover.as_ref();
        Form::of([
            ("kind", leave.kind.map(Kind::word).unwrap_or_default().into()),
            ("first_on", leave.first_on.to_string()),
            ("last_on", leave.last_on.to_string()),
            ("hours", leave.hours.clone().unwrap_or_default()),
            ("note", leave.note.clone()),
            ("handover_to", self.picker.text(handover.map(|handover| &handover.to))),
            ("handover_note", handover.and_then(|handover| handover.note.clone()).unwrap_or_default()),
        ])
    }

    /// Whether the form was sent by its button that only counts the days.
    pub fn only_counts(&self, form: &Submitted) -> bool {
        !form.text("count").is_empty()
    }

    /// The form again, with what is wrong and what the dates come to.
    pub async fn again(&self, form: &Submitted, error: Option<Error>) -> Answer {
        let preview = async { form.cx.read(form.input::<PreviewLeave>()?).await };
        let (outlook, error) = match preview.await {
            Ok(outlook) => (Some(outlook), error),
            Err(flaw) => (None, error.or(Some(flaw))),
        };
        let state = match error {
            Some(error) => form.refused(error)?,
            None => Form::refused(form.texts.clone(), Vec::new()),
        };
        Ok(form.again(&self.title(), self.show(&form.cx, &state, outlook.as_ref())))
    }

    pub fn show(&self, cx: &Cx, state: &Form, outlook: Option<&Outlook>) -> Markup {
        let back = format!("/people/{}/leaves", self.person.id);
        let action = self.leave.as_ref().map_or(back.clone(), |leave| format!("/leaves/{}", leave.id));
        let person = format!("/people/{}", self.person.id);
        let crumbs =
            vec![("/people", "People"), (person.as_str(), self.person.name.as_str()), (back.as_str(), "Leave")];
        html! {
            (Head { crumbs, title: &self.title(), ..Head::default() }.show())
            form.form method="post" action=(action) data-guard {
                (ui::token(cx))
                @if self.leave.is_some() { input type="hidden" name="person" value=(self.person.id); }
                (state.summary())
                (self.time_fields(state))
                @if let Some(outlook) = outlook { p.ask role="status" { (outlook.in_words(cx.today())) "." } }
                (self.handover_fields(state))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { @if self.leave.is_some() { "Save" } @else { "Enter leave" } }
                    button.button name="count" value="yes" formnovalidate { "Count the days" }
                    a.button.quiet href=(back) { "Cancel" }
                }
            }
        }
    }

    fn time_fields(&self, state: &Form) -> Markup {
        let kinds: Vec<(String, String)> =
            Kind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.title().to_owned())).collect();
        html! {
            (state.select("kind", "Kind", "Read only by the person, their manager line, and people partners, owners and admins.", None, &kinds))
            div.field-row {
                (state.input("date", "first_on", "First day", "", false))
                (state.input("date", "last_on", "Last day", "", true))
            }
            (state.optional("hours", "Only part of the day", "For leave of one day, such as 14:00-18:00."))
            (state.optional("note", "Note", "Every colleague reads it. It needs no reason."))
        }
    }

    fn handover_fields(&self, state: &Form) -> Markup {
        let now = self.leave.as_ref().and_then(|leave| leave.handover.as_ref()).map(|handover| &handover.to);
        html! {
            (self.picker.field(state, "handover_to", "Hand over to", "They are asked whether they take over.", Some("Nobody"), now))
            @if self.with_note {
                (state.area("handover_note", "What they need to know", "Read by the person, the one who takes over, and the manager line.", 5))
            }
        }
    }
}
