use super::{RuleKind, Rules, Stored, glob, usual};

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, fits) in [
        ("v*", "v1.2", true),
        ("v*", "w1", false),
        ("*deploy*prod", "app deploy to prod", true),
        ("*deploy*prod", "app prod", false),
        ("deploy", "deploy", true),
        ("deploy", "deployed", false),
        ("*", "", true),
        ("a*a", "a", false),
    ] {
        assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
    }
}

#[test]
fn without_a_rule_the_usual_names_count() {
    let rules = Rules(vec![Stored { kind: RuleKind::Environment, pattern: "EU-*".into() }]);
    assert_eq!(rules.matches(RuleKind::Environment, "eu-west"), Some(true));
    assert_eq!(rules.matches(RuleKind::Environment, "production"), Some(false));
    assert_eq!(rules.matches(RuleKind::Pipeline, "deploy"), None);
    assert!(usual("Production") && usual("prod-eu") && !usual("staging") && !usual("product-tests"));
}
