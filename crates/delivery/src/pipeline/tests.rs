use super::project_at;

#[test]
fn a_location_names_the_project() {
    let expected = [
        ("https://git.example/octo-org/octo-repo.git", Some("octo-org/octo-repo")),
        ("ssh://git@git.example:22/group/sub/app/", Some("group/sub/app")),
        ("git@git.example:octo-org/octo-repo.git", Some("octo-org/octo-repo")),
        ("/srv/git/app", None),
    ];
    for (location, project) in expected {
        assert_eq!(project_at(location).as_deref(), project, "{location}");
    }
}
