//! Fields that were added to issues: what they hold, who settles them, what becomes of it, and their pages.
use super::{asked, flaw, issue, shown};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

/// A field of payments, made by tomasz.
async fn field(world: &World, name: &str, kind: &str, choices: Json) -> String {
    let input = json!({ "team": world.team("payments"), "name": name, "kind": kind, "choices": choices });
    asked(world, "tomasz", "custom_field.add", input).await["id"].as_str().unwrap().to_owned()
}

/// What the issue holds, as people say it.
async fn words(world: &World, issue: &Json, field: &str) -> Option<String> {
    let issue = shown(world, issue).await;
    let held = issue["fields"].as_array().unwrap().iter().find(|held| held["field_id"] == field)?;
    held["words"].as_str().map(str::to_owned)
}

async fn give(world: &World, issue: &Json, field: &str, value: Json) -> Result<Json, Error> {
    let input = json!({ "issue": issue, "fields": { field: value } });
    world.ask(&world.actor("priya").await, "issue.edit", input).await
}

#[tokio::test]
async fn each_kind_holds_what_it_is_for_and_nothing_else() {
    for world in worlds().await {
        let made = issue(&world, json!({})).await["id"].clone();
        let priya = json!(world.person("priya"));
        for (kind, right, words_of_it, wrong) in [
            ("text", json!("Wants it \u{201c}soon\u{201d}"), "Wants it \u{201c}soon\u{201d}", json!(["a"])),
            ("number", json!("-0012.50"), "-12.5", json!("twelve")),
            ("number", json!(1200), "1200", json!(1e30)),
            ("day", json!("2026-04-01"), "1 April 2026", json!("2026-02-30")),
            ("choice", json!("acme"), "Acme", json!("Hooli")),
            ("person", priya, "Priya Kulkarni", json!("Priya")),
            ("link", json!("https://example.org/1"), "https://example.org/1", json!("javascript:alert(1)")),
        ] {
            let choices = if kind == "choice" { json!(["Acme", "Globex"]) } else { json!([]) };
            let id = field(&world, &format!("{kind} {words_of_it}"), kind, choices).await;
            give(&world, &made, &id, right).await.unwrap();
            assert_eq!(words(&world, &made, &id).await.as_deref(), Some(words_of_it), "{kind}");
            let error = give(&world, &made, &id, wrong).await.unwrap_err();
            assert!(flaw(error).starts_with("fields."), "{kind}");
            give(&world, &made, &id, Json::Null).await.unwrap();
            assert_eq!(words(&world, &made, &id).await, None, "{kind}");
        }
    }
}

#[tokio::test]
async fn what_an_issue_holds_has_a_history_and_is_undone() {
    for world in worlds().await {
        let made = issue(&world, json!({})).await;
        let id = field(&world, "Client", "choice", json!(["Acme", "Globex"])).await;
        give(&world, &made["id"], &id, json!("Acme")).await.unwrap();
        let second = give(&world, &made["id"], &id, json!("Globex")).await.unwrap()["batch"].clone();
        let nothing = give(&world, &made["id"], &id, json!("globex")).await.unwrap();
        assert_eq!(nothing["batch"], Json::Null);
        let page = world.browser("mara").await.get(&format!("/issues/{}", made["key"].as_str().unwrap())).await.text();
        assert!(page.contains("changed Client from Acme to Globex"), "{page}");
        asked(&world, "priya", "issue.undo", json!({ "batch": second })).await;
        assert_eq!(words(&world, &made["id"], &id).await.as_deref(), Some("Acme"));
        let third = give(&world, &made["id"], &id, json!("Globex")).await.unwrap()["batch"].clone();
        give(&world, &made["id"], &id, Json::Null).await.unwrap();
        let undone = asked(&world, "priya", "issue.undo", json!({ "batch": third })).await;
        assert_eq!((&undone["kept"], words(&world, &made["id"], &id).await), (&json!(1), None));
    }
}

#[tokio::test]
async fn a_field_of_a_team_is_given_to_its_issues_alone_and_goes_only_when_nothing_is_in_it() {
    for world in worlds().await {
        let made = issue(&world, json!({})).await["id"].clone();
        let id = field(&world, "Region", "choice", json!(["North", "South"])).await;
        give(&world, &made, &id, json!("North")).await.unwrap();
        let elsewhere = json!({ "team": world.team("ledger"), "title": "Elsewhere", "fields": { &id: "North" } });
        let refused = world.ask(&world.actor("tomasz").await, "issue.create", elsewhere).await.unwrap_err();
        assert_eq!(flaw(refused), format!("fields.{id}"));
        let tomasz = world.actor("tomasz").await;
        let held = world.ask(&tomasz, "custom_field.delete", json!({ "field": id })).await;
        assert!(matches!(held, Err(Error::Conflict(_))), "{held:?}");
        let other = json!({ "field": id, "choices": ["South", "West"] });
        asked(&world, "tomasz", "custom_field.edit", other).await;
        assert!(give(&world, &issue(&world, json!({})).await["id"], &id, json!("North")).await.is_err());
        assert_eq!(words(&world, &made, &id).await.as_deref(), Some("North"));
        asked(&world, "tomasz", "custom_field.archive", json!({ "field": id })).await;
        assert!(give(&world, &made, &id, json!("West")).await.is_err());
        let emptied = give(&world, &made, &id, Json::Null).await.unwrap()["batch"].clone();
        asked(&world, "priya", "issue.undo", json!({ "batch": emptied })).await;
        assert_eq!(words(&world, &made, &id).await.as_deref(), Some("North"));
        give(&world, &made, &id, Json::Null).await.unwrap();
        asked(&world, "tomasz", "custom_field.delete", json!({ "field": id })).await;
        let theirs = json!({ "team": world.team("ledger"), "name": "Nothing of mine", "kind": "text" });
        let refused = world.ask(&world.actor("priya").await, "custom_field.add", theirs).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    }
}

#[tokio::test]
async fn how_much_a_field_is_used_is_told() {
    for world in worlds().await {
        let id = field(&world, "Seats", "number", json!([])).await;
        for seats in [3, 40] {
            let made = issue(&world, json!({})).await["id"].clone();
            give(&world, &made, &id, json!(seats)).await.unwrap();
        }
        let use_of = async || {
            let uses = asked(&world, "mara", "custom_field.uses", json!({ "team": world.team("payments") })).await;
            uses["uses"].as_array().unwrap().iter().find(|one| one["id"] == id.as_str()).unwrap().clone()
        };
        let now = use_of().await;
        assert_eq!((&now["issues"], &now["idle"]), (&json!(2), &json!(false)));
        world.clock.set("2027-06-01T12:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        assert_eq!(use_of().await["idle"], true);
        let team = world.team("payments");
        let page = world.browser("priya").await.get(&format!("/custom-fields?team={team}")).await.text();
        assert!(
            page.contains("Not used for a year: ") && page.contains("Seats. Put away what nobody misses."),
            "{page}"
        );
    }
}

#[tokio::test]
async fn fields_are_added_given_renamed_and_put_away_by_forms_alone() {
    for world in worlds().await {
        let mut browser = world.browser("priya").await;
        let team = world.team("payments").to_string();
        let list = format!("/custom-fields?team={team}");
        let wrong = [("team", team.as_str()), ("name", "Client"), ("kind", "choice"), ("choices", "")];
        assert_eq!(browser.post_from(&list, "/custom-fields", &wrong).await.status, 422);
        let right =
            [("team", team.as_str()), ("name", "Client"), ("kind", "choice"), ("choices", "Acme\r\n\r\nGlobex")];
        assert_eq!(browser.post_from(&list, "/custom-fields", &right).await.status, 303);
        let all = asked(&world, "priya", "custom_field.list", json!({ "team": team })).await;
        let view = all.as_array().unwrap().iter().find(|one| one["name"] == "Client").unwrap().clone();
        let (id, acme) = (view["id"].as_str().unwrap(), view["choices"][0]["id"].as_str().unwrap());
        assert_eq!(view["owner_id"], json!(world.person("priya")));
        let made = issue(&world, json!({})).await;
        let place = format!("/issues/{}", made["key"].as_str().unwrap());
        let name = format!("fields.{id}");
        let given = [("priority", "none"), (name.as_str(), acme)];
        assert_eq!(browser.post_from(&place, &format!("{place}/fields"), &given).await.status, 303);
        assert_eq!(words(&world, &made["id"], id).await.as_deref(), Some("Acme"));
        let edit = format!("/custom-fields/{id}/edit");
        let rename = format!("/custom-fields/{id}/choices/{acme}");
        assert_eq!(browser.post_from(&edit, &rename, &[("name", "Acme Ltd")]).await.status, 303);
        assert!(browser.get(&place).await.text().contains("Acme Ltd"));
        let saved = [("name", "Account"), ("owner", ""), ("choices", "Globex")];
        assert_eq!(browser.post_from(&edit, &edit, &saved).await.status, 303);
        assert_eq!(browser.post_from(&edit, &format!("/custom-fields/{id}/archive"), &[]).await.status, 303);
        let page = browser.get(&list).await.text();
        assert!(page.contains("Put away") && page.contains("Account"), "{page}");
    }
}

/// Three issues: with one value of each kind, with another one, and with none.
async fn three(world: &World) {
    let (priya, mara) = (world.person("priya"), world.person("mara"));
    let mut ids = Vec::new();
    for (name, kind) in [
        ("Client", "text"),
        ("Seats", "number"),
        ("Renewal", "day"),
        ("Plan", "choice"),
        ("Contact", "person"),
        ("Ticket", "link"),
    ] {
        let choices = if kind == "choice" { json!(["Gold plan", "Silver plan"]) } else { json!([]) };
        ids.push(field(world, name, kind, choices).await);
    }
    let values = [
        ("one", json!(["Acme, Inc.", -3.5, "2026-04-01", "Gold plan", priya, "https://example.org/1"])),
        ("two", json!(["Globex", 40, "2026-03-18", "Silver plan", mara, "https://example.org/2"])),
        ("three", json!([])),
    ];
    for (title, values) in values {
        let fields: serde_json::Map<String, Json> =
            ids.iter().cloned().zip(values.as_array().unwrap().iter().cloned()).collect();
        issue(world, json!({ "title": format!("Zither {title}"), "fields": fields })).await;
    }
}

async fn found(world: &World, q: &str) -> Vec<String> {
    let q = format!("({q}) zither sort:created");
    let page = asked(world, "priya", "issue.list", json!({ "q": q, "team": world.team("payments") })).await;
    let title = |issue: &Json| issue["title"].as_str().unwrap().replace("Zither ", "");
    let mut titles: Vec<String> = page["issues"].as_array().unwrap().iter().map(title).collect();
    titles.sort_by_key(|title| ["one", "two", "three"].iter().position(|name| name == title));
    titles
}

#[tokio::test]
async fn a_query_finds_each_kind_by_each_operator() {
    for world in worlds().await {
        three(&world).await;
        for (q, expected) in [
            ("field(\"Client\"):\"acme, inc.\"", &["one"][..]),
            ("field(client):acme", &[]),
            ("field(Client):globex,\"Acme, Inc.\"", &["one", "two"]),
            ("field(Client):none", &["three"]),
            ("-field(Client):none", &["one", "two"]),
            ("-field(Client):Globex", &["one", "three"]),
            ("field(Seats):40.0", &["two"]),
            ("field(Seats):<40", &["one"]),
            ("field(Seats):<=40", &["one", "two"]),
            ("field(Seats):>-3.5", &["two"]),
            ("field(Seats):>=-3.5", &["one", "two"]),
            ("-field(Seats):>0", &["one"]),
            ("field(Seats):>-10 field(Seats):<0", &["one"]),
            ("field(Seats):none", &["three"]),
            ("field(Renewal):2026-04-01", &["one"]),
            ("field(Renewal):tomorrow", &["two"]),
            ("field(Renewal):<2026-04-01", &["two"]),
            ("field(Renewal):<=7d", &["two"]),
            ("field(Renewal):>today", &["one", "two"]),
            ("field(Renewal):>=2026-04-01", &["one"]),
            ("field(Plan):\"gold plan\"", &["one"]),
            ("field(Plan):silver,gold", &["one", "two"]),
            ("-field(Plan):gold", &["two", "three"]),
            ("field(Contact):me", &["one"]),
            ("field(Contact):\"Mara Lindqvist\"", &["two"]),
            ("-field(Contact):none", &["one", "two"]),
            ("field(Ticket):\"https://example.org/2\"", &["two"]),
            ("field(Plan):gold or field(Seats):none", &["one", "three"]),
            ("-(field(Plan):gold or field(Seats):none)", &["two"]),
            ("field(Plan):gold field(Seats):40", &[]),
        ] {
            let all = found(&world, q).await;
            assert_eq!(all, expected, "{q}");
        }
        let board = json!({ "team": world.team("payments"), "q": "field(Plan):silver" });
        let board = asked(&world, "priya", "issue.board", board).await;
        let counts: i64 = board["columns"].as_array().unwrap().iter().map(|one| one["count"].as_i64().unwrap()).sum();
        assert_eq!(counts, 1);
    }
}

#[tokio::test]
async fn what_is_wrong_about_a_field_in_a_query_is_told_where_it_stands() {
    for world in worlds().await {
        three(&world).await;
        let priya = world.actor("priya").await;
        for (q, at, part) in [
            ("field(Clint):x", 7, "Did you mean “Client”?"),
            ("is:open field(Seats):many", 22, "It takes a number"),
            ("field(Renewal):soon", 16, "It takes a day"),
            ("field(Client):<b", 16, "not compared"),
            ("field(Plan):<gold", 14, "one of its choices"),
            ("field(Plan):brnze", 13, "There is no choice “brnze”."),
            ("field(Plan):gold,none", 18, "stands alone"),
            ("field(Contact):Nobodyatall", 16, "Nobody here is called"),
        ] {
            let error = world.ask(&priya, "issue.list", json!({ "q": q })).await.unwrap_err();
            let Error::Invalid(flaws) = error else { panic!("{q}: {error:?}") };
            let told = &flaws[0].sentence;
            assert!(told.starts_with(&format!("At character {at}:")) && told.contains(part), "{q}: {told}");
        }
        let typed = json!({ "q": "field(Re" });
        let completion = asked(&world, "priya", "issue.complete_query", typed).await;
        assert_eq!((&completion["from"], &completion["proposals"][0]["text"]), (&json!(6), &json!("Renewal")));
        let completion = asked(&world, "priya", "issue.complete_query", json!({ "q": "field(Plan):si" })).await;
        assert_eq!(completion["proposals"][0]["text"], "\"Silver plan\"");
    }
}

#[tokio::test]
async fn fields_are_columns_of_a_list_and_of_a_view() {
    for world in worlds().await {
        three(&world).await;
        let team = world.team("payments");
        let all = asked(&world, "priya", "custom_field.list", json!({ "team": team })).await;
        let id = |name: &str| {
            let found = all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
            found["id"].as_str().unwrap().to_owned()
        };
        let (seats, ticket) = (id("Seats"), id("Ticket"));
        let mut browser = world.browser("priya").await;
        let place = format!("/teams/{team}/issues?q=zither&columns=key&fields={seats}&fields={ticket}&fields={seats}");
        let page = browser.get(&place).await.text();
        let cell = "<td class=\"n\" data-label=\"Seats\">-3.5</td>";
        assert!(page.contains(cell) && page.contains("href=\"https://example.org/1\""), "{page}");
        assert_eq!(page.matches("<th class=\"n\" scope=\"col\">Seats</th>").count(), 1);
        let view = json!({ "name": "Seats", "q": "zither", "team": team, "fields": [seats] });
        let view = asked(&world, "priya", "view.add", view).await;
        assert_eq!(view["fields"], json!([seats]));
        let shown = format!("/teams/{team}/issues?view={}", view["id"].as_str().unwrap());
        let page = browser.get(&shown).await.text();
        assert!(page.contains(cell) && !page.contains("Save in"), "{page}");
        let saved = [("name", "Seats of all"), ("q", "zither"), ("fields", seats.as_str())];
        let edit = format!("/issue-views/{}/edit", view["id"].as_str().unwrap());
        assert_eq!(browser.post_from(&edit, &edit, &saved).await.status, 303);
        assert!(browser.get(&shown).await.text().contains(cell));
    }
}
