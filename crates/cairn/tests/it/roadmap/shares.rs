//! Shares of a team's capacity in a quarter: planned, and what was finished by labels and projects.
use super::{project, refused};
use crate::issues::{asked, issue, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn finished(world: &World, more: Json) -> Json {
    let made = issue(world, more).await;
    let done = json!({ "issue": made["id"], "state": state(world, "Done").await });
    asked(world, "priya", "issue.edit", done).await;
    made
}

async fn shown(world: &World, quarter: &str) -> Json {
    asked(world, "dele", "shares.show", json!({ "team": world.team("payments"), "quarter": quarter })).await
}

fn of<'a>(found: &'a Json, name: &str) -> &'a Json {
    found["shares"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

async fn plan(world: &World, quarter: &str, shares: Json) -> Json {
    let input = json!({ "team": world.team("payments"), "quarter": quarter, "shares": shares, "why": "As agreed" });
    asked(world, "mara", "shares.set", input).await
}

#[tokio::test]
async fn what_was_finished_is_beside_what_was_planned() {
    for world in worlds().await {
        let quarter = shown_quarter(&world).await;
        let before = shown(&world, &quarter).await["finished"].as_u64().unwrap();
        let label = json!({ "team": world.team("payments"), "name": "debt" });
        let label = asked(&world, "priya", "label.add", label).await["id"].clone();
        let euro = project(&world, "Euro", json!({})).await;
        finished(&world, json!({ "labels": [label], "project": euro["id"] })).await;
        let whole = issue(&world, json!({ "project": euro["id"] })).await;
        finished(&world, json!({ "parent": whole["key"] })).await;
        let stray = finished(&world, json!({ "title": "A stray one" })).await;
        let shares = json!([
            { "name": "Product", "percent": 80, "projects": [euro["id"]] },
            { "name": "Debt", "percent": 20, "labels": [label] },
        ]);
        let set = plan(&world, &quarter, shares).await;
        let found = shown(&world, &quarter).await;
        assert_eq!(found["finished"], json!(before + 3));
        assert_eq!((&of(&found, "Product")["issues"], &of(&found, "Product")["planned"]), (&json!(1), &json!(80)));
        assert_eq!(of(&found, "Debt")["issues"], 1, "the label says more than the project");
        assert_eq!(of(&found, "Matched by no rule")["issues"], json!(before + 1));
        assert!(found["unmatched"].as_array().unwrap().iter().any(|one| one["key"] == stray["key"]));

        let later = shown(&world, "2099-Q1").await;
        assert_eq!(later["plan"]["quarter"], json!(quarter), "the rules hold on");
        assert_eq!((&of(&later, "Debt")["planned"], &of(&later, "Debt")["percent"]), (&Json::Null, &Json::Null));
        assert_eq!(shown(&world, "1999-Q1").await["plan"], Json::Null);

        asked(&world, "mara", "shares.undo", json!({ "plan": set["id"] })).await;
        let again = refused(&world, "mara", "shares.undo", json!({ "plan": set["id"] })).await;
        assert!(matches!(again, Error::Conflict(_)), "{again:?}");
        assert!(shown(&world, &quarter).await["plan"]["id"] != set["id"]);
    }
}

/// The current one.
async fn shown_quarter(world: &World) -> String {
    let now = asked(world, "dele", "shares.show", json!({ "team": world.team("payments") })).await;
    now["quarter"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn shares_that_make_no_whole_are_refused() {
    for world in worlds().await {
        let team = world.team("payments");
        let set = |shares: Json| json!({ "team": team, "quarter": "2026-Q4", "shares": shares });
        let wrong = [
            (json!([{ "name": "All", "percent": 95 }]), "The shares make 95 percent. Together they have to make 100."),
            (json!([{ "name": "A", "percent": 50 }, { "name": "a", "percent": 50 }]), "“a” stands there twice."),
            (json!([]), "Name one to 10 shares."),
        ];
        for (shares, sentence) in wrong {
            let error = refused(&world, "mara", "shares.set", set(shares)).await;
            assert!(matches!(&error, Error::Invalid(flaws) if flaws[0].sentence == sentence), "{error:?}");
        }
        let euro = project(&world, "Euro", json!({})).await;
        let twice = json!([
            { "name": "A", "percent": 50, "projects": [euro["id"]] },
            { "name": "B", "percent": 50, "projects": [euro["id"]] },
        ]);
        assert!(matches!(refused(&world, "mara", "shares.set", set(twice)).await, Error::Invalid(_)));
        let whole = json!([{ "name": "All", "percent": 100 }]);
        assert!(matches!(refused(&world, "dele", "shares.set", set(whole.clone())).await, Error::Forbidden));
        let month = json!({ "team": team, "quarter": "2026-10", "shares": whole });
        assert!(matches!(refused(&world, "mara", "shares.set", month).await, Error::Invalid(_)));
    }
}

#[tokio::test]
async fn shares_are_planned_on_a_page() {
    for world in worlds().await {
        let team = world.team("payments");
        let euro = project(&world, "<b>Euro", json!({})).await;
        let quarter = shown_quarter(&world).await;
        let (mut mara, mut dele) = (world.browser("mara").await, world.browser("dele").await);
        let place = format!("/teams/{team}/shares");
        let edit = format!("{place}/edit");
        let form = mara.get(&edit).await.text();
        assert!(form.contains("Product") && form.contains("&lt;b&gt;Euro") && !form.contains("<b>Euro"), "{form}");
        let rule = format!("project_{}", euro["id"].as_str().unwrap());
        let mut lines =
            vec![("quarter", quarter.as_str()), ("name_0", "Product"), ("percent_0", "70"), (rule.as_str(), "0")];
        let refused = mara.post_from(&edit, &place, &lines).await;
        assert!(refused.status.as_u16() == 422 && refused.text().contains("70 percent"), "{}", refused.text());
        lines.extend([("name_2", "Support"), ("percent_2", "30 %")]);
        assert_eq!(mara.post_from(&edit, &place, &lines).await.status.as_u16(), 303);
        let text = dele.get(&place).await.text();
        assert!(text.contains("Support") && text.contains("70 %") && text.contains("&lt;b&gt;Euro"), "{text}");
        assert_eq!(dele.get(&format!("{place}/edit")).await.status.as_u16(), 403);
        assert_eq!(dele.get(&format!("{place}?quarter=2026-10")).await.status.as_u16(), 422);
        assert_eq!(world.browser("grace").await.get(&place).await.status.as_u16(), 404);
    }
}
