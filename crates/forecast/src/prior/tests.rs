use super::Prior;

#[test]
fn what_changed_lately_is_remembered_in_part_and_what_changed_long_ago_whole() {
    let prior = Prior::built_in();
    let doubled = |ago: usize| {
        let days: Vec<f64> = (0..364).map(|day| if day >= 364 - ago { 2.0 } else { 1.0 }).collect();
        prior.remembered(&days).unwrap()
    };
    assert_eq!(prior.remembered(&[]), None);
    assert!((doubled(0) - 1.0).abs() < 1e-9 && (doubled(364) - 2.0).abs() < 1e-9);
    let remembered: Vec<f64> = [7, 28, 84, 182].map(doubled).to_vec();
    assert!(remembered.windows(2).all(|pair| pair[0] < pair[1]), "{remembered:?}");
    assert!(remembered[0] > 1.1 && remembered[0] < 1.4 && remembered[3] > 1.8, "{remembered:?}");
}
