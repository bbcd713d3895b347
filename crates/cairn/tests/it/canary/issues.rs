//! What stands in issues, and what comes into them from outside.
use super::{COLLEAGUES, Canary, canary, done};
use kernel::{Json, json};
use testkit::World;

/// Colleagues read the issues of all teams, guests none.
pub async fn plant_issue(world: &World) -> Vec<Canary> {
    let input = json!({ "team": world.team("payments"), "title": "canary-13-title", "body": "canary-13-before" });
    let issue = done(world, "tomasz", "issue.create", input).await["id"].clone();
    done(world, "tomasz", "issue.edit", json!({ "issue": issue, "body": "canary-13-body" })).await;
    let label = json!({ "team": world.team("payments"), "name": "canary-13-label" });
    done(world, "tomasz", "label.add", label).await;
    let field = json!({ "team": world.team("payments"), "name": "canary-13-field", "kind": "text" });
    let field = done(world, "tomasz", "custom_field.add", field).await["id"].clone();
    let holds = json!({ "issue": issue, "fields": { field.as_str().expect("it has an id"): "canary-13-value" } });
    done(world, "tomasz", "issue.edit", holds).await;
    let state = json!({ "team": world.team("payments"), "name": "canary-13-state", "category": "started" });
    done(world, "tomasz", "state.add", state).await;
    let view = json!({ "name": "canary-13-view", "q": "canary-13-query" });
    done(world, "tomasz", "view.add", view).await;
    let shared = json!({ "name": "canary-13-shared", "q": "is:open", "team": world.team("payments"), "shared": true });
    done(world, "tomasz", "view.add", shared).await;
    let project = json!({ "name": "canary-13-project", "about": "canary-13-about" });
    let project = done(world, "tomasz", "project.add", project).await["id"].clone();
    let health = json!({ "project": project, "health": "at_risk", "why": "canary-13-health" });
    done(world, "tomasz", "project.post_health", health).await;
    let initiative = json!({ "name": "canary-13-initiative" });
    done(world, "tomasz", "initiative.add", initiative).await;
    let milestone = json!({ "project": project, "name": "canary-13-milestone" });
    done(world, "tomasz", "milestone.add", milestone).await;
    vec![
        canary("the name of a project", "canary-13-project", COLLEAGUES),
        canary("what a project is for", "canary-13-about", COLLEAGUES),
        canary("how a project stands", "canary-13-health", COLLEAGUES),
        canary("an initiative", "canary-13-initiative", COLLEAGUES),
        canary("a milestone", "canary-13-milestone", COLLEAGUES),
        canary("the name of a view of one's own", "canary-13-view", &["tomasz"]),
        canary("the query of a view of one's own", "canary-13-query", &["tomasz"]),
        canary("a view that is shared with a team", "canary-13-shared", COLLEAGUES),
        canary("the title of an issue", "canary-13-title", COLLEAGUES),
        canary("the description of an issue", "canary-13-body", COLLEAGUES),
        canary("what an issue said before", "canary-13-before", COLLEAGUES),
        canary("a label", "canary-13-label", COLLEAGUES),
        canary("a field of issues", "canary-13-field", COLLEAGUES),
        canary("what an issue holds in a field", "canary-13-value", COLLEAGUES),
        canary("a state", "canary-13-state", COLLEAGUES),
    ]
}

/// Somebody without an account fills in a form of payments.
pub async fn plant_form(world: &World) -> Vec<Canary> {
    let content = json!({ "sender_name": "required", "sender_mail": "required" });
    let form = json!({ "team": world.team("payments"), "name": "Canary", "content": content });
    let form = done(world, "tomasz", "intake_form.add", form).await;
    let view = done(world, "tomasz", "intake_form.show", json!({ "form": form["id"] })).await;
    let secret = view["address"].as_str().and_then(|address| address.rsplit('/').next()).expect("it has a link");
    let fields = [("title", "From outside"), ("name", "canary-16-sender"), ("mail", "canary-16@mail.example")];
    let sent = world.client().post(&format!("/forms/{secret}"), &fields).await;
    let receipt = sent.header("location").and_then(|place| place.strip_prefix("/sent/")).expect("it is sent");
    vec![
        canary("who sent an issue", "canary-16-sender", COLLEAGUES),
        canary("the mail address of whoever sent an issue", "canary-16@mail.example", COLLEAGUES),
        canary("the secret of a form", secret, &["leo", "joana"]),
        canary("the secret of what was sent with a form", receipt, &[]),
    ]
}

/// The addresses of what came through forms of payments, and of the forms.
pub async fn sent_by_id(world: &World) -> Vec<String> {
    let team = world.team("payments");
    let sent = json!({ "team": team, "q": "\"From outside\"" });
    let sent = world.ask(&world.system(), "issue.list", sent).await.unwrap();
    let forms = world.ask(&world.system(), "intake_form.list", json!({ "team": team })).await.unwrap();
    let each = |start: &str, list: &Json, name: &str| -> Vec<String> {
        let one = |one: &Json| format!("{start}{}", one[name].as_str().unwrap_or_default());
        list.as_array().into_iter().flatten().map(one).collect()
    };
    [each("/issues/", &sent["issues"], "key"), each("/intake-forms/", &forms["forms"], "id")].concat()
}
