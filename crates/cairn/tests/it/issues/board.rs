//! Boards, the order of a team, and many issues at once.
use super::{asked, issue, shown, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn board(world: &World, more: Json) -> Json {
    let mut input = json!({ "team": world.team("payments"), "q": "quoll" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked(world, "tomasz", "issue.board", input).await
}

/// The titles in a column.
fn column(board: &Json, name: &str) -> Vec<String> {
    let found = board["columns"].as_array().unwrap().iter().find(|column| column["name"] == name);
    let titles = |column: &Json| {
        let issues = column["issues"].as_array().unwrap();
        issues.iter().map(|one| one["title"].as_str().unwrap().trim_start_matches("Quoll ").to_owned()).collect()
    };
    found.map(titles).unwrap_or_default()
}

async fn three(world: &World) -> Vec<Json> {
    let mut all = Vec::new();
    for title in ["Quoll one", "Quoll two", "Quoll three"] {
        all.push(issue(world, json!({ "title": title })).await);
    }
    all
}

#[tokio::test]
async fn a_card_goes_between_others_and_into_a_column() {
    for world in worlds().await {
        let all = three(&world).await;
        assert_eq!(column(&board(&world, json!({})).await, "Backlog"), ["one", "two", "three"]);
        let between = json!({ "issue": all[2]["id"], "after": all[0]["id"], "before": all[1]["id"] });
        asked(&world, "priya", "issue.place", between).await;
        assert_eq!(column(&board(&world, json!({})).await, "Backlog"), ["one", "three", "two"]);
        let first = json!({ "issue": all[1]["id"], "before": all[0]["id"] });
        asked(&world, "priya", "issue.place", first).await;
        assert_eq!(column(&board(&world, json!({})).await, "Backlog"), ["two", "one", "three"]);
        let behind = json!({ "issue": all[1]["id"], "after": all[0]["id"], "state": state(&world, "Ready").await });
        let placed = asked(&world, "priya", "issue.place", behind).await;
        let found = board(&world, json!({})).await;
        assert_eq!(
            (column(&found, "Ready"), column(&found, "Backlog")),
            (vec!["two".into()], vec!["one".into(), "three".into()])
        );
        asked(&world, "priya", "issue.undo", json!({ "batch": placed["batch"] })).await;
        assert_eq!(column(&board(&world, json!({})).await, "Backlog"), ["one", "two", "three"]);
        let person = json!({ "issue": all[0]["id"], "assignee": world.person("dele") });
        asked(&world, "priya", "issue.place", person).await;
        let people = board(&world, json!({ "group": "assignee" })).await;
        assert_eq!((column(&people, "Dele Adéyẹmí"), column(&people, "Nobody").len()), (vec!["one".into()], 2));
        let itself = json!({ "issue": all[0]["id"], "after": all[0]["id"] });
        let refused = world.ask(&world.actor("priya").await, "issue.place", itself).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_column_shows_the_first_of_its_cards_and_how_many_there_are() {
    for world in worlds().await {
        three(&world).await;
        let found = board(&world, json!({ "limit": 2 })).await;
        let backlog = found["columns"].as_array().unwrap().iter().find(|one| one["name"] == "Backlog").unwrap().clone();
        assert_eq!((backlog["count"].as_i64(), column(&found, "Backlog")), (Some(3), vec!["one".into(), "two".into()]));
        let page = format!("/teams/{}/board?q=quoll", world.team("payments"));
        let mut browser = world.browser("priya").await;
        let text = browser.get(&page).await.text();
        assert!(text.contains("Quoll three") && text.contains("Move a card without dragging"), "{text}");
        let card = asked(&world, "tomasz", "issue.list", json!({ "q": "\"quoll two\"" })).await["issues"][0].clone();
        let ready = state(&world, "Ready").await;
        let fields = [("issue", card["id"].as_str().unwrap()), ("state", ready.as_str().unwrap())];
        let moved = browser.post_from(&page, &format!("/teams/{}/board/moves", world.team("payments")), &fields).await;
        assert_eq!(moved.status, 303);
        assert_eq!(shown(&world, &card["id"]).await["state_name"], "Ready");
        let wrong = browser.get(&format!("/teams/{}/board?q=stat:x", world.team("payments"))).await.text();
        assert!(wrong.contains("At character 1: There is no field `stat`."), "{wrong}");
    }
}

#[tokio::test]
async fn many_are_changed_at_once_after_a_preview_and_taken_back_at_once() {
    for world in worlds().await {
        let all = three(&world).await;
        let ids: Vec<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
        let team = world.team("payments").to_string();
        let list = format!("/teams/{team}/issues?q=quoll");
        let mut browser = world.browser("priya").await;
        let chosen = format!("/issue-edits/new?team={team}&back={list}&issues={}&issues={}", ids[0], ids[1]);
        assert!(browser.get(&chosen).await.text().contains("Change 2 issues"));
        let mut fields =
            vec![("issues", ids[0]), ("issues", ids[1]), ("priority", "high"), ("estimate", "5"), ("assignee", "")];
        fields.extend([("back", list.as_str()), ("team", team.as_str())]);
        let mut preview = fields.clone();
        preview.push(("preview", "true"));
        let shown_first = browser.post_from(&chosen, "/issue-edits", &preview).await;
        assert!(
            shown_first.status == 200 && shown_first.text().contains("4 changes to look at"),
            "{}",
            shown_first.text()
        );
        assert_eq!(shown(&world, &all[0]["id"]).await["priority"], "none", "a preview changes nothing");
        let made = browser.post_from(&chosen, "/issue-edits", &fields).await;
        assert_eq!((made.status.as_u16(), made.header("location")), (303, Some(list.as_str())));
        for one in &all[..2] {
            let one = shown(&world, &one["id"]).await;
            assert_eq!((&one["priority"], &one["estimate"]), (&json!("high"), &json!(5.0)));
        }
        let many = json!({ "issues": ids, "priority": "low", "estimate": null });
        let edits = asked(&world, "priya", "issue.edit_many", many).await;
        assert_eq!(edits["changes"].as_array().unwrap().len(), 5);
        asked(&world, "priya", "issue.undo", json!({ "batch": edits["batch"] })).await;
        assert_eq!(shown(&world, &all[2]["id"]).await["priority"], "none");
        assert_eq!(shown(&world, &all[0]["id"]).await["estimate"], 5.0);
        let none = world.ask(&world.actor("priya").await, "issue.edit_many", json!({ "issues": [] })).await;
        assert!(matches!(none, Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn a_list_is_grouped_by_label_sprint_project_and_milestone() {
    for world in worlds().await {
        let (all, team) = (three(&world).await, world.team("payments"));
        let made = async |operation, input| asked(&world, "tomasz", operation, input).await["id"].clone();
        let red = made("label.add", json!({ "team": team, "name": "Red" })).await;
        let blue = made("label.add", json!({ "team": team, "name": "Blue" })).await;
        let project = made("project.add", json!({ "name": "Burrow" })).await;
        let milestone = made("milestone.add", json!({ "project": project, "name": "Dug" })).await;
        let sprints = asked(&world, "tomasz", "sprint.list", json!({ "team": team })).await;
        let sprint = sprints["open"].as_array().unwrap().last().unwrap().clone();
        let first =
            json!({ "issue": all[0]["id"], "labels": [red, blue], "sprint": sprint["id"], "milestone": milestone });
        asked(&world, "tomasz", "issue.edit", first).await;
        let second = json!({ "issue": all[1]["id"], "labels": [red], "project": project });
        asked(&world, "tomasz", "issue.edit", second).await;
        let names = |board: &Json| -> Vec<(String, i64)> {
            let one = |column: &Json| (column["name"].as_str().unwrap().to_owned(), column["count"].as_i64().unwrap());
            board["columns"].as_array().unwrap().iter().map(one).collect()
        };
        let by = async |group: &str, more: Json| {
            let mut input = more;
            input["group"] = json!(group);
            board(&world, input).await
        };
        let labels = by("label", json!({})).await;
        assert_eq!(names(&labels), [("Blue".into(), 1), ("Red".into(), 2), ("No label".into(), 1)]);
        assert_eq!(
            (column(&labels, "Red"), column(&labels, "Blue")),
            (vec!["one".into(), "two".into()], vec!["one".into()])
        );
        // Each of the alternatives finds the first one; it is counted once in each group.
        let either = by("label", json!({ "q": "\"quoll one\" or (quoll label:red)" })).await;
        assert_eq!(names(&either), [("Blue".into(), 1), ("Red".into(), 2)]);
        let paged = by("label", json!({ "limit": 1 })).await;
        assert_eq!((names(&paged), column(&paged, "Red")), (names(&labels), vec!["one".into()]));
        let name = sprint["name"].as_str().unwrap().to_owned();
        assert_eq!(names(&by("sprint", json!({})).await), [(name, 1), ("No sprint".into(), 2)]);
        assert_eq!(names(&by("project", json!({})).await), [("Burrow".into(), 2), ("No project".into(), 1)]);
        let milestones = by("milestone", json!({})).await;
        assert_eq!(names(&milestones), [("Burrow: Dug".into(), 1), ("No milestone".into(), 2)]);
        let mut browser = world.browser("priya").await;
        let list = format!("/teams/{team}/issues?q=quoll&group=label");
        let page = browser.get(&list).await.text();
        for label in [&red, &blue] {
            let row = format!("id=\"issue-{}-{}\"", all[0]["id"].as_str().unwrap(), label.as_str().unwrap());
            assert!(page.contains(&row), "the issue is missing in the group of one of its labels: {page}");
        }
        assert_eq!(browser.get(&format!("/teams/{team}/board?q=quoll&group=label")).await.status, 422);
        let view = json!({ "name": "By sprint", "q": "quoll", "team": team, "group": "sprint" });
        let view = asked(&world, "tomasz", "view.add", view).await;
        let of_board = json!({ "view": view["id"], "layout": "board" });
        let refused = world.ask(&world.actor("tomasz").await, "view.edit", of_board).await;
        assert!(matches!(&refused, Err(Error::Invalid(flaws)) if flaws[0].field == "group"), "{refused:?}");
        let place = format!("/teams/{team}/issues?view={}", view["id"].as_str().unwrap());
        assert!(world.browser("tomasz").await.get(&place).await.text().contains("No sprint"));
    }
}

/// The names of groups with how many issues are in each.
fn counts(groups: &Json) -> Vec<(&str, i64)> {
    fn one(group: &Json) -> (&str, i64) {
        (group["name"].as_str().unwrap(), group["count"].as_i64().unwrap())
    }
    groups.as_array().into_iter().flatten().map(one).collect()
}

#[tokio::test]
async fn a_list_is_grouped_by_a_field_of_the_team_and_once_more_within_each_group() {
    for world in worlds().await {
        let (all, team) = (three(&world).await, world.team("payments"));
        let made = async |operation, input| asked(&world, "tomasz", operation, input).await["id"].clone();
        let field = |name: &str, kind: &str| json!({ "team": team, "name": name, "kind": kind });
        let mut tier = field("Tier", "choice");
        tier["choices"] = json!(["Zinc", "Amber"]);
        let (tier, seats) =
            (made("custom_field.add", tier).await, made("custom_field.add", field("Seats", "number")).await);
        let (tier, seats) = (tier.as_str().unwrap(), seats.as_str().unwrap());
        let red = made("label.add", json!({ "team": team, "name": "Red" })).await;
        let blue = made("label.add", json!({ "team": team, "name": "Blue" })).await;
        for (issue, tier_name, number, labels) in
            [(0, "Amber", 9, json!([red, blue])), (1, "Zinc", 10, json!([red])), (2, "Amber", 10, json!([]))]
        {
            let edit =
                json!({ "issue": all[issue]["id"], "fields": { tier: tier_name, seats: number }, "labels": labels });
            asked(&world, "tomasz", "issue.edit", edit).await;
        }
        issue(&world, json!({ "title": "Quoll four" })).await;
        let by_tier = board(&world, json!({ "group": tier })).await;
        assert_eq!(
            counts(&by_tier["columns"]),
            [("Zinc", 1), ("Amber", 2), ("No Tier", 1)],
            "in the order of the choices"
        );
        let by_seats = board(&world, json!({ "group": seats })).await;
        assert_eq!(counts(&by_seats["columns"]), [("9", 1), ("10", 2), ("No Seats", 1)], "as numbers");
        let before = world.opened.app.queries();
        let within = board(&world, json!({ "group": tier, "subgroup": "label" })).await;
        let queries = world.opened.app.queries() - before;
        assert_eq!(counts(&within["columns"]), [("Zinc", 1), ("Amber", 2), ("No Tier", 1)], "two labels are one issue");
        assert_eq!(counts(&within["columns"][1]["groups"]), [("Blue", 1), ("Red", 1), ("No label", 1)]);
        assert_eq!(column(&within, "Amber"), [""; 0], "its issues stand in the groups within");
        // One more choice makes more groups and no more queries.
        issue(&world, json!({ "title": "Quoll five", "fields": { tier: "Zinc" }, "priority": "high" })).await;
        let before = world.opened.app.queries();
        board(&world, json!({ "group": tier, "subgroup": "label" })).await;
        assert_eq!(world.opened.app.queries() - before, queries);
        let reversed = board(&world, json!({ "group": "priority", "subgroup": tier, "limit": 1 })).await;
        assert_eq!(counts(&reversed["columns"]), [("High", 1), ("No priority", 4)]);
        assert_eq!(counts(&reversed["columns"][1]["groups"]), [("Zinc", 1), ("Amber", 2), ("No Tier", 1)]);
        assert_eq!(reversed["columns"][1]["groups"][1]["issues"].as_array().unwrap().len(), 1, "the first ones only");
        let either = json!({ "group": tier, "subgroup": "label", "q": "\"quoll one\" or (quoll label:red)" });
        let either = board(&world, either).await;
        assert_eq!(counts(&either["columns"]), [("Zinc", 1), ("Amber", 1)]);
        assert_eq!(counts(&either["columns"][1]["groups"]), [("Blue", 1), ("Red", 1)]);
        refused_groups(&world, tier).await;
        in_a_view(&world, tier, all[0]["id"].as_str().unwrap(), blue.as_str().unwrap()).await;
    }
}

async fn refused_groups(world: &World, tier: &str) {
    let tomasz = world.actor("tomasz").await;
    let other = json!({ "team": world.team("ledger"), "group": tier });
    for (input, field) in [
        (json!({ "team": world.team("payments"), "group": "label", "subgroup": "label" }), "subgroup"),
        (other, "group"),
    ] {
        let refused = world.ask(&tomasz, "issue.board", input).await;
        assert!(matches!(&refused, Err(Error::Invalid(flaws)) if flaws[0].field == field), "{refused:?}");
    }
}

async fn in_a_view(world: &World, tier: &str, issue: &str, label: &str) {
    let team = world.team("payments");
    let view = json!({ "name": "By tier", "q": "quoll", "team": team, "group": tier, "subgroup": "label" });
    let view = asked(world, "tomasz", "view.add", view).await;
    let mut browser = world.browser("tomasz").await;
    let place = format!("/teams/{team}/issues?view={}", view["id"].as_str().unwrap());
    let page = browser.get(&place).await.text();
    for words in ["No Tier".to_owned(), format!("-{label}\""), format!("id=\"issue-{issue}-")] {
        assert!(page.contains(&words), "{words}: {page}");
    }
    let form = browser.get(&format!("/issue-views/{}/edit", view["id"].as_str().unwrap())).await.text();
    assert!(form.contains("And within each group"), "{form}");
    let of_board = json!({ "view": view["id"], "layout": "board", "group": "state", "subgroup": "priority" });
    let refused = world.ask(&world.actor("tomasz").await, "view.edit", of_board).await;
    assert!(matches!(&refused, Err(Error::Invalid(flaws)) if flaws[0].field == "subgroup"), "{refused:?}");
    let plain = asked(world, "tomasz", "view.edit", json!({ "view": view["id"], "group": null })).await;
    assert!(plain["group"].is_null() && plain["subgroup"].is_null(), "{plain}");
}
