//! Who reports to whom.
use kernel::{Error, Operation, Result, Route, Tx, args, sql};
use people::{
    org::ShowOrg,
    person::{DeactivatePerson, FindPeople},
};
use schemars::JsonSchema;
use serde::Deserialize;
use testkit::{World, worlds};

#[tokio::test]
async fn everyone_who_works_here_stands_once_below_their_manager() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let org = world.call(&mara, ShowOrg::default()).await.unwrap();
        let found = world.call(&mara, FindPeople::default()).await.unwrap();
        assert_eq!(org.people.len() as i64, found.count);
        let manager = |key: &str| org.people.iter().find(|one| one.id == world.person(key)).unwrap().manager_id;
        assert_eq!(manager("mara"), Some(world.person("ngozi")));
        assert_eq!(manager("hanneke"), None);
    }
}

#[tokio::test]
async fn a_person_at_the_top_shows_only_those_below_them_and_only_so_deep() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let (ngozi, hanneke) = (world.person("ngozi"), world.person("hanneke"));
        let below = world.call(&mara, ShowOrg { top: Some(ngozi), ..ShowOrg::default() }).await.unwrap().people;
        let has = |key: &str| below.iter().any(|one| one.id == world.person(key));
        assert!(has("ngozi") && has("mara") && has("tomasz") && !has("hanneke") && !has("kaethe"));
        let one_level = ShowOrg { top: Some(hanneke), depth: Some(1), ..ShowOrg::default() };
        let one_level = world.call(&mara, one_level).await.unwrap().people;
        assert!(one_level.iter().all(|one| one.id == hanneke || one.manager_id == Some(hanneke)));
        assert!(one_level.len() > 2);
    }
}

#[tokio::test]
async fn a_team_shows_its_members_and_its_lead() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let org = ShowOrg { team: Some(world.team("payments")), ..ShowOrg::default() };
        let org = world.call(&mara, org).await.unwrap();
        assert!(org.people.iter().any(|one| one.id == world.person("mara")));
        assert!(org.people.iter().all(|one| one.id != world.person("hanneke")));
    }
}

#[tokio::test]
async fn a_guest_sees_no_reporting_lines() {
    for world in worlds().await {
        let grace = world.actor("grace").await;
        let refused = world.call(&grace, ShowOrg::default()).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn those_whose_manager_has_left_are_drawn_at_the_top() {
    for world in worlds().await {
        let wanjiru = world.actor("wanjiru").await;
        world.call(&wanjiru, DeactivatePerson { person: world.person("mara") }).await.unwrap();
        let world = world.as_demonstration();
        let page = world.client().eyes(world.person("tomasz")).get("/org").await.text();
        assert!(page.contains(&format!("href=\"/people/{}\"", world.person("tomasz"))));
        assert!(!page.contains(&format!("href=\"/people/{}\"", world.person("mara"))));
    }
}

#[tokio::test]
async fn the_chart_and_the_list_lead_to_every_person() {
    for world in worlds().await {
        let people = world.call(&world.system(), FindPeople::default()).await.unwrap().people;
        let world = world.as_demonstration();
        let page = world.client().eyes(world.person("mara")).get("/org").await.text();
        for person in people {
            assert_eq!(page.matches(&format!("<a class=\"node\" href=\"/people/{}\"", person.id)).count(), 1);
            assert!(page.matches(&format!("<a href=\"/people/{}\"", person.id)).count() >= 1, "{}", person.name);
        }
    }
}

#[tokio::test]
async fn more_people_than_a_drawing_holds_are_offered_from_the_top() {
    for world in worlds().await {
        world.call(&world.system(), HireMany { people: 2_100 }).await.unwrap();
        let org = world.call(&world.system(), ShowOrg::default()).await.unwrap();
        assert!(org.too_many);
        assert!(org.people.iter().any(|one| one.id == world.person("hanneke")));
        let world = world.as_demonstration();
        let mut mara = world.client().eyes(world.person("mara"));
        let page = mara.get("/org").await;
        assert!(page.body.len() < 200_000, "{} bytes", page.body.len());
        assert!(page.text().contains(&format!("/org?top={}", world.person("hanneke"))));
        forms_stay_small_and_take_names(&world).await;
    }
}

/// In a company of this size nobody scrolls through everyone.
async fn forms_stay_small_and_take_names(world: &World) {
    let mut wanjiru = world.client().eyes(world.person("wanjiru"));
    let page = wanjiru.get("/people/new").await;
    assert!(page.body.len() < 300_000, "{} bytes", page.body.len());
    let fields = |manager| [("name", "Nova Winter"), ("zone", "Europe/Lisbon"), ("manager", manager)];
    let many = wanjiru.post_from("/people/new", "/people", &fields("Extra")).await;
    assert_eq!(many.status, 422);
    assert!(many.text().contains("Several people fit this"), "one of them has to be chosen");
    let nobody = wanjiru.post_from("/people/new", "/people", &fields("Xyzzy")).await;
    assert!(nobody.status == 422 && nobody.text().contains("Nobody here has this name"));
    let added = wanjiru.post_from("/people/new", "/people", &fields("mara lindqvist")).await;
    assert_eq!(added.status, 303, "{}", added.text());
    let profile = wanjiru.get(added.header("location").unwrap()).await.text();
    assert!(profile.contains(&format!("/people/{}", world.person("mara"))));
}

/// So many more people, in one statement.
#[derive(Deserialize, JsonSchema)]
struct HireMany {
    people: i64,
}

impl Operation for HireMany {
    const NAME: &str = "person.hire_many";
    const ROUTE: Route = Route(kernel::Method::Post, "/people/many");
    type Target = ();
    type Output = u64;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &kernel::Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<u64> {
        let insert = sql!(
            "insert into people (workspace_id, id, name, sort_name, zone, hours, employment, created_at, updated_at)
             with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < cast($2 as bigint))
             select $1, '0000000000000000000000' || cast(1000 + n as text), 'Extra ' || cast(n as text),
                    'extra ' || cast(n as text), 'Europe/Lisbon', 'Mon-Fri 09:00-17:00', 'permanent', $3, $3
               from numbers"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, self.people, now]).await
    }
}
