use forecast::Survival;

/// The remission times of Freireich and others (1963) under 6-mercaptopurine, the usual example of the estimate.
#[test]
fn the_estimate_is_that_of_the_textbook() {
    let finished = [6, 6, 6, 7, 10, 13, 16, 22, 23];
    let open = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
    let survival = Survival::new(&finished, &open).unwrap();
    for (age, share) in
        [(5, 1.0), (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)]
    {
        assert!((survival.open_after(age) - share).abs() < 5e-4, "{age}");
    }
    let chance = survival.chance(8, 5).unwrap();
    assert!((chance - (1.0 - 0.690 / 0.807)).abs() < 1e-3);
}

#[test]
fn beyond_what_was_finished_nothing_is_said() {
    let survival = Survival::new(&[2, 3, 5], &[9]).unwrap();
    assert!(survival.chance(4, 1).is_some());
    assert_eq!(survival.chance(5, 30), None);
    assert_eq!(survival.oldest(), 9);
    assert!(Survival::new(&[], &[4, 5]).is_none());
}

#[test]
fn within_a_day_the_chance_grows_in_a_straight_line() {
    let survival = Survival::new(&[0, 1, 1, 3], &[]).unwrap();
    let near = |age: f64, end: f64, wanted: f64| {
        let chance = survival.chance_between(age, end).unwrap();
        assert!((chance - wanted).abs() < 1e-9, "{age} {end}: {chance}");
    };
    near(0.0, 1.0, 0.25);
    near(0.0, 1.5, 0.5);
    near(1.0, 2.0, 2.0 / 3.0);
    near(2.0, 3.0, 0.0);
    near(3.5, 4.0, 1.0);
    assert_eq!(survival.chance_between(4.5, 9.0), None, "older than any that was finished");
}
