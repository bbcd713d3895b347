use crate::{
    demo::PARTS,
    support::{World, postgres, sqlite_file},
};
use futures_util::future::join_all;

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused_and_starting_many_times_at_once_is_not() {
    let mut urls = vec![sqlite_file()];
    urls.extend(postgres().await);
    for url in urls {
        for db in join_all((0..4).map(|_| db::Db::open(&url, PARTS))).await {
            db.expect("each of them starts");
        }
        World::at(&url).await;
        let Err(refused) = db::Db::open(&url, &PARTS[..1]).await else { panic!("a newer schema was accepted") };
        assert!(refused.to_string().contains("used by a newer Cairn"), "{refused}");
    }
}
