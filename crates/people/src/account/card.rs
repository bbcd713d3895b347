//! What those who look after accounts see of one, beside the person.
use super::{
    invitation::{self, Invitation},
    roles::{looks_after, may_give},
};
use crate::{access::cares_for_people, person};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Role, Roles, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Cx, Form, Markup, ago, chip, date, facts, html, token};

/// Show whether and how a person can sign in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAccount {
    pub person: Id<Person>,
}

/// How a person can sign in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountState {
    pub person: Id<Person>,
    pub name: String,
    pub email: Option<String>,
    /// Nothing where they have no account.
    pub account: Option<Account>,
    pub invitation: Option<Invitation>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Account {
    /// The names of the roles, with a space between.
    pub roles: String,
    /// Without one, nobody has accepted an invitation yet.
    pub has_password: bool,
    pub has_second_factor: bool,
    pub disabled_at: Option<Time>,
    /// When they last used Cairn, to within five minutes.
    pub seen_at: Option<Time>,
}
columns!(Account { roles, has_password, has_second_factor, disabled_at, seen_at });

impl Operation for ShowAccount {
    const NAME: &str = "account.show";
    const ROUTE: Route = Route(Get, "/people/{person}/account");
    const READS: bool = true;
    type Target = person::Record;
    type Output = AccountState;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<person::Record> {
        person::Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &person::Record) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, person: person::Record) -> Result<AccountState> {
        let select = sql!(
            "select a.roles, a.password_hash is not null as has_password, f.confirmed_at is not null as has_second_factor,
                    a.disabled_at, a.seen_at
               from accounts a left join factors f on f.workspace_id = a.workspace_id and f.person_id = a.person_id
              where a.workspace_id = $1 and a.person_id = $2"
        );
        let account = tx.find(select, args![tx.workspace(), person.id]).await?;
        let invitation = invitation::of(tx, person.id).await?;
        Ok(AccountState { person: person.id, name: person.name, email: person.email, account, invitation })
    }
}

/// The card on a person's page; empty for those who do not look after accounts.
pub async fn card(cx: &Cx, person: Id<Person>) -> Result<Markup> {
    if !cares_for_people(cx.actor()) {
        return Ok(html! {});
    }
    let state = cx.read(ShowAccount { person }).await?;
    Ok(html! {
        section.card #account {
            header { h2 { "Sign-in" } span.right { (state_chip(&state)) } }
            div.body { div.stack { (body(cx, &state)) } }
        }
    })
}

fn state_chip(state: &AccountState) -> Markup {
    match (&state.account, &state.invitation) {
        (Some(Account { disabled_at: Some(_), .. }), _) => chip("warn", "Disabled"),
        (_, Some(_)) => chip("info", "Invited"),
        (Some(_), _) => chip("good", "Has an account"),
        (None, None) => chip("", "No account"),
    }
}

fn body(cx: &Cx, state: &AccountState) -> Markup {
    let held: Roles = state.account.as_ref().and_then(|account| account.roles.parse().ok()).unwrap_or_default();
    match &state.account {
        Some(account) => with_account(cx, state, account, held),
        None => html! {
            @if let Some(invitation) = &state.invitation { (waiting(cx, state.person, invitation)) }
            @else if may_give(cx.actor(), held, Roles::NONE.with(Role::Member)) {
                p { (state.name) " cannot sign in yet." }
                (invite_form(cx, state.person, state.email.as_deref(), &Form::of([("roles", Role::Member.name().into())])))
            }
        },
    }
}

fn waiting(cx: &Cx, person: Id<Person>, invitation: &Invitation) -> Markup {
    let until = date(invitation.expires_at.date(&cx.viewer.zone), cx.today());
    html! {
        p {
            "Invited " (ago(invitation.created_at, cx.now(), &cx.viewer.zone)) " as " (titles(&invitation.roles).to_lowercase())
            @if !invitation.email.is_empty() { ", by mail to " (invitation.email) }
            ". The link works until " (until) "."
        }
        div.buttons {
            (invite_button(cx, person, &invitation.roles, "Invite again"))
            form method="post" action={ "/people/" (person) "/invitations/" (invitation.id) "/revocation" } {
                (token(cx))
                button.button.quiet { "Take it back" }
            }
        }
    }
}

fn invite_button(cx: &Cx, person: Id<Person>, roles: &str, words: &str) -> Markup {
    html! {
        form method="post" action={ "/people/" (person) "/invitations" } {
            (token(cx))
            @for role in roles.split_whitespace() { input type="hidden" name="roles" value=(role); }
            button.button { (words) }
        }
    }
}

fn with_account(cx: &Cx, state: &AccountState, account: &Account, held: Roles) -> Markup {
    let (actor, person) = (cx.actor(), state.person);
    let seen = match account.seen_at {
        Some(at) => ago(at, cx.now(), &cx.viewer.zone),
        None => html! { "Never" },
    };
    html! {
        (facts(&[
            ("Roles", html! { (titles(&account.roles)) }),
            ("Last here", seen),
            ("Second factor", html! { (if account.has_second_factor { "On" } else { "Off" }) }),
        ]))
        @if actor.runs_workspace() && may_give(actor, held, Roles::NONE) {
            details.fold {
                summary { "Change roles" }
                div.body { (roles_form(cx, person, held, &form_of(held))) }
            }
        }
        @if let Some(invitation) = &state.invitation { (waiting(cx, person, invitation)) }
        @if looks_after(actor, held) {
            div.buttons {
                @if account.disabled_at.is_some() {
                    form method="post" action={ "/people/" (person) "/account/enabling" } {
                        (token(cx)) button.button { "Let them sign in again" }
                    }
                } @else {
                    @if !account.has_password && state.invitation.is_none() {
                        (invite_button(cx, person, &account.roles, "Invite to sign in"))
                    }
                    @if account.has_password && state.email.is_some() {
                        form method="post" action={ "/people/" (person) "/reset" } {
                            (token(cx)) button.button { "Send a link to a new password" }
                        }
                    }
                    @if person != actor.person && account.has_second_factor {
                        form method="post" action={ "/people/" (person) "/second-factor/removal" }
                            data-confirm="Remove their second factor?" data-confirm-button="Remove" {
                            (token(cx)) button.button { "Remove second factor" }
                        }
                    }
                    @if person != actor.person {
                        form method="post" action={ "/people/" (person) "/account/disabling" } {
                            (token(cx)) button.button.quiet { "Disable sign-in" }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn invite_form(cx: &Cx, person: Id<Person>, email: Option<&str>, form: &Form) -> Markup {
    html! {
        form.form method="post" action={ "/people/" (person) "/invitations" } {
            (token(cx))
            (role_choices(cx, Roles::NONE, form))
            @if email.is_none() { p.hint { "They have no mail address here: you get a link to hand over." } }
            footer.form-foot { button.button.primary { "Invite" } }
        }
    }
}

pub(super) fn roles_form(cx: &Cx, person: Id<Person>, held: Roles, form: &Form) -> Markup {
    html! {
        form.form method="post" action={ "/people/" (person) "/roles" } {
            (token(cx))
            (role_choices(cx, held, form))
            footer.form-foot { button.button.primary { "Save" } span.right.small.muted { "They sign in anew." } }
        }
    }
}

fn form_of(held: Roles) -> Form {
    let texts = held.iter().map(|role| ("roles".to_owned(), role.name().to_owned()));
    Form::refused(texts.collect(), Vec::new())
}

fn role_choices(cx: &Cx, held: Roles, form: &Form) -> Markup {
    let offered = Role::ALL.into_iter().filter(|role| may_give(cx.actor(), held, Roles::NONE.with(*role)));
    html! {
        fieldset.choices #roles {
            legend { "Roles" }
            @for role in offered {
                label.choice {
                    input type="checkbox" name="roles" value=(role.name()) checked[form.holds("roles", role.name())];
                    span { (role.title()) span.hint { (meaning(role)) } }
                }
            }
            @if let Some(sentence) = form.flaw("roles") { p.error #roles-error { (sentence) } }
        }
    }
}

fn meaning(role: Role) -> &'static str {
    match role {
        Role::Owner => "Runs the workspace, and says who else does.",
        Role::Admin => "Runs the workspace. Opens no private record.",
        Role::PeoplePartner => "Keeps the records of people.",
        Role::Recruiter => "Works with candidates.",
        Role::Finance => "Works with budgets.",
        Role::Member => "A colleague.",
        Role::Guest => "Sees only what is shared with them. Goes with no other role.",
    }
}

/// Names of roles as a page says them.
fn titles(names: &str) -> String {
    let roles: Roles = names.parse().unwrap_or_default();
    roles.iter().map(Role::title).collect::<Vec<_>>().join(", ")
}
