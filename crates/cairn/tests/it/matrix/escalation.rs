//! A people partner keeps the records of everyone, and gains nothing of those who may do more than they.
use kernel::{Error, json};
use testkit::worlds;

/// Whoever reads somebody's mail can ask for their new password.
#[tokio::test]
async fn a_file_gives_no_account_another_mail_address() {
    for world in worlds().await {
        let wanjiru = world.actor("wanjiru").await;
        for (csv, changed) in [
            ("Employee ID,Name,Email\nNW-0013,Hanneke de Vries,mine@evil.example\n", 0),
            ("Employee ID,Name,Status\nNW-0013,Hanneke de Vries,Terminated\n", 0),
            ("Employee ID,Name,Email\nNW-0037,Dele Adéyẹmí,dele.new@northwind.example\n", 0),
            ("Employee ID,Name,Title\nNW-0037,Dele Adéyẹmí,Keeper of the ledger\n", 1),
        ] {
            let report = world.ask(&wanjiru, "person.import", json!({ "csv": csv })).await.unwrap();
            assert_eq!(report["changed"], changed, "{report}");
        }
        let owner = world.ask(&wanjiru, "person.show", json!({ "person": world.person("hanneke") })).await.unwrap();
        assert!(owner["deactivated_at"].is_null() && !owner.to_string().contains("evil"), "{owner}");
    }
}

#[tokio::test]
async fn nobody_ends_the_access_of_someone_who_may_do_more() {
    for world in worlds().await {
        for (who, whom) in [("wanjiru", "hanneke"), ("wanjiru", "joana"), ("joana", "hanneke")] {
            let input = json!({ "person": world.person(whom) });
            let refused = world.ask(&world.actor(who).await, "person.deactivate", input).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{who} deactivated {whom}");
        }
        let input = json!({ "person": world.person("dele") });
        world.ask(&world.actor("wanjiru").await, "person.deactivate", input).await.unwrap();
    }
}
