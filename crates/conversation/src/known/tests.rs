use super::*;
use proptest::prelude::*;

fn name(path: &str, title: &str) -> Name {
    Name { path: path.into(), href: path.into(), kind: "person", title: title.into() }
}

#[test]
fn what_one_reader_may_see_is_not_shown_to_another() {
    let text = "Ask [@Ines](/people/0190c2)";
    let with = |names: &[Name]| render_one("c1-", text, "http://cairn.test", names).as_str().to_owned();
    let known = with(&[name("/people/0190c2", "Ines Duarte")]);
    assert!(known.contains("Ines Duarte") && known.contains("mention"), "{known}");
    let unknown = with(&[]);
    assert!(!unknown.contains("Duarte") && !unknown.contains("mention"), "{unknown}");
    assert!(with(&[name("/people/0190c2", "Ines Sousa")]).contains("Sousa"), "a new name is shown");
}

#[test]
fn a_second_look_takes_what_was_rendered() {
    let one = render_one("c2-", "**once**", "http://cairn.test", &[]);
    let two = render_one("c2-", "**once**", "http://cairn.test", &[]);
    assert!(Arc::ptr_eq(&one, &two));
    assert!(!Arc::ptr_eq(&one, &render_one("c3-", "**once**", "http://cairn.test", &[])));
}

proptest! {
    #[test]
    fn a_cache_stays_within_its_bounds(sizes in prop::collection::vec(0..HALF, 1..60)) {
        let cache = Cache::default();
        for (i, size) in sizes.iter().enumerate() {
            cache.keep(hash(&[&i.to_string()]), *size, ());
            let halves = cache.0.lock().unwrap();
            let held: usize = halves.young.values().chain(halves.old.values()).map(|(bytes, _)| bytes).sum();
            prop_assert!(held <= 3 * HALF);
        }
    }
}
