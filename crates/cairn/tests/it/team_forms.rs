//! The pages on which teams are added and changed.
use people::team::ShowTeam;
use testkit::{Client, World, worlds};

fn eyes(world: &World, key: &str) -> Client {
    world.client().eyes(world.person(key))
}

#[tokio::test]
async fn a_lead_takes_someone_off_the_team_and_puts_them_back_as_they_were() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let (payments, tomasz) = (world.team("payments"), world.person("tomasz"));
        let actor = world.actor("mara").await;
        let mut mara = eyes(&world, "mara");
        let (page, member) = (format!("/teams/{payments}"), format!("/teams/{payments}/members/{tomasz}"));
        let position = [("position", "On-call & payouts")];
        assert_eq!(mara.post_from(&format!("{member}/edit"), &format!("{member}/edit"), &position).await.status, 303);
        let members = async || world.call(&actor, ShowTeam { team: payments }).await.unwrap().members;
        let find =
            async || members().await.into_iter().find(|one| one.id == tomasz).map(|one| (one.position, one.from_on));
        let before = find().await;
        assert_eq!(before.as_ref().unwrap().0, "On-call & payouts");
        assert_eq!(mara.post_from(&page, &format!("{member}/end"), &[]).await.status, 303);
        let shown = mara.get(&page).await.text();
        assert_eq!(find().await, None);
        let start = shown.find(&format!("{member}/return?")).expect("the flash offers to undo");
        let undo = shown[start..].split_once('"').unwrap().0.replace("&amp;", "&");
        assert_eq!(mara.post_from(&format!("{page}/edit"), &undo, &[]).await.status, 303);
        assert_eq!(find().await, before);
    }
}

#[tokio::test]
async fn a_lead_adds_someone_and_a_team_below_and_a_member_does_neither() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let (payments, joana) = (world.team("payments").to_string(), world.person("joana").to_string());
        let new = format!("/teams/{payments}/members/new");
        let mut mara = eyes(&world, "mara");
        let joined = mara
            .post_from(&new, &format!("/teams/{payments}/members"), &[("person", &joana), ("from_on", "2026-03-17")])
            .await;
        assert_eq!(joined.status, 303, "{}", joined.text());
        assert!(mara.get(&format!("/teams/{payments}")).await.text().contains("Joana Brand"));
        assert_eq!(mara.get("/teams/new").await.status, 403, "not at the top");
        let below = format!("/teams/new?parent={payments}");
        let added = mara.post_from(&below, "/teams", &[("name", "Payouts"), ("parent", &payments), ("lead", "")]).await;
        assert_eq!(added.status, 303, "{}", added.text());
        let mut tomasz = eyes(&world, "tomasz");
        for path in [&new, &below, &format!("/teams/{payments}/edit")] {
            assert_eq!(tomasz.get(path).await.status, 403, "{path}");
        }
        assert!(!tomasz.get(&format!("/teams/{payments}")).await.text().contains("members/new"));
    }
}

#[tokio::test]
async fn a_partner_renames_clears_the_lead_archives_and_brings_back() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let ledger = world.team("ledger");
        let actor = world.actor("wanjiru").await;
        let mut wanjiru = eyes(&world, "wanjiru");
        let edit = format!("/teams/{ledger}/edit");
        let money = world.team("money").to_string();
        let fields = [("name", "Books"), ("parent", money.as_str()), ("lead", ""), ("mission", ""), ("about", "")];
        assert_eq!(wanjiru.post_from(&edit, &edit, &fields).await.status, 303);
        let view = world.call(&actor, ShowTeam { team: ledger }).await.unwrap();
        assert!(view.team.name == "Books" && view.lead.is_none() && view.team.parent_id == Some(world.team("money")));
        assert_eq!(wanjiru.post_from(&edit, &format!("/teams/{ledger}/archive"), &[]).await.status, 303);
        let tree = wanjiru.get("/teams").await.text();
        let undo = format!("/teams/{ledger}/restoration");
        assert!(tree.contains(&undo) && !tree.contains(&format!("team-{ledger}")));
        assert_eq!(wanjiru.post_from(&edit, &undo, &[]).await.status, 303);
        assert!(wanjiru.get("/teams").await.text().contains(&format!("team-{ledger}")));
    }
}

#[tokio::test]
async fn a_team_with_teams_below_says_why_it_cannot_be_archived() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let money = world.team("money");
        let (edit, archive) = (format!("/teams/{money}/edit"), format!("/teams/{money}/archive"));
        let refused = eyes(&world, "wanjiru").post_from(&edit, &archive, &[]).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(page.contains("There are teams below this one.") && page.contains("value=\"Money in and out\""));
    }
}
