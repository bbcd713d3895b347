use super::{HEIGHT, Layout, WIDTH, layout};
use crate::org::forest::Forest;
use proptest::prelude::*;

/// Who is above whom; now and then in a circle, as damaged data may have it.
fn companies() -> impl Strategy<Value = Vec<Option<usize>>> {
    (0_usize..120).prop_flat_map(|people| {
        let above = prop_oneof![1 => Just(None), 12 => (0..people.max(1)).prop_map(Some)];
        (prop::collection::vec(above, people), any::<bool>()).prop_map(|(mut above, circles)| {
            for (one, superior) in above.iter_mut().enumerate() {
                *superior = superior.filter(|superior| circles || *superior < one);
            }
            above
        })
    })
}

fn overlap(one: (f64, f64), other: (f64, f64)) -> bool {
    (one.0 - other.0).abs() < WIDTH && (one.1 - other.1).abs() < HEIGHT
}

proptest! {
    #[test]
    fn everyone_is_drawn_once_and_apart_within_the_drawing(above in companies()) {
        let forest = Forest::of(&above);
        let mut placed = forest.order.clone();
        placed.sort_unstable();
        prop_assert_eq!(placed, (0..above.len()).collect::<Vec<_>>());
        let Layout { boxes, width, height, .. } = layout(&forest);
        for (i, one) in boxes.iter().enumerate() {
            prop_assert!(one.0 >= 0.0 && one.1 >= 0.0 && one.0 + WIDTH <= width && one.1 + HEIGHT <= height);
            for other in &boxes[..i] {
                prop_assert!(!overlap(*one, *other), "{:?} {:?}", one, other);
            }
        }
    }

    #[test]
    fn whoever_reports_to_someone_stands_below_them(above in companies()) {
        let forest = Forest::of(&above);
        let boxes = layout(&forest).boxes;
        for (manager, below) in forest.below.iter().enumerate() {
            for report in below {
                prop_assert_eq!(above[*report], Some(manager));
                prop_assert!(boxes[*report].1 >= boxes[manager].1 + HEIGHT);
            }
        }
    }

    #[test]
    fn one_line_of_the_drawing_leads_to_everyone_who_has_a_manager(above in companies()) {
        let forest = Forest::of(&above);
        let teeth: usize = layout(&forest).edges.iter().map(|path| path.matches(" h ").count().max(1)).sum();
        prop_assert_eq!(teeth, above.len() - forest.roots.len());
    }
}

#[test]
fn a_manager_stands_above_the_middle_of_two_teams() {
    // 0 leads 1 and 2; each of them leads two.
    let forest = Forest::of(&[None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)]);
    let boxes = layout(&forest).boxes;
    assert_eq!(boxes[0].0, (boxes[1].0 + boxes[2].0) / 2.0);
    assert_eq!(boxes[3].0, boxes[4].0, "those who lead nobody are stacked");
}

#[test]
fn a_company_of_two_thousand_is_laid_out_at_once() {
    let above: Vec<Option<usize>> = (0..2_000).map(|one| (one > 0).then(|| (one - 1) / 7)).collect();
    let started = std::time::Instant::now();
    assert_eq!(layout(&Forest::of(&above)).boxes.len(), 2_000);
    assert!(started.elapsed() < std::time::Duration::from_millis(500), "{:?}", started.elapsed());
}

#[test]
fn nobody_takes_no_room() {
    let empty = layout(&Forest::of(&[]));
    assert!(empty.boxes.is_empty() && empty.edges.is_empty());
}
