//! A repository that tries to run a program or to reach another machine when it is read.
use crate::maker::{Maker, all, read};
use std::{fs, os::unix::fs::PermissionsExt};

/// A repository whose every setting runs `touch` on a file, and the file.
fn trapped() -> (Maker, std::path::PathBuf) {
    let maker = Maker::new();
    let trace = maker.folder.join("pwned");
    let program = maker.folder.join("run.sh");
    maker.change("a.txt", "1\n", "First");
    maker.write(".gitattributes", "* diff=trap filter=trap\n");
    maker.commit("Attributes");
    maker.change("a.txt", "2\n", "Second");
    fs::write(&program, format!("#!/bin/sh\ntouch {}\ncat \"$@\"\n", trace.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let run = program.to_str().unwrap();
    for key in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.alternateRefsCommand",
        "core.askPass",
        "core.gitProxy",
        "diff.external",
        "diff.trap.command",
        "diff.trap.textconv",
        "filter.trap.clean",
        "filter.trap.smudge",
        "filter.trap.process",
        "gpg.program",
        "gpg.ssh.program",
        "alias.log",
        "alias.diff-tree",
        "alias.rev-list",
        "alias.for-each-ref",
        "pager.log",
        "pager.diff-tree",
        "uploadpack.packObjectsHook",
        "credential.helper",
        "remote.origin.uploadpack",
        "core.hooksPath",
    ] {
        maker.git(&["config", key, run]);
    }
    maker.git(&["config", "diff.trap.cachetextconv", "true"]);
    maker.git(&["config", "log.showSignature", "true"]);
    maker.git(&["config", "remote.origin.url", &format!("ext::{run}")]);
    maker.git(&["config", "url.ext::.insteadOf", "https://"]);
    maker.git(&["config", "protocol.ext.allow", "always"]);
    maker.git(&["config", "mailmap.file", "/etc/passwd"]);
    for hook in ["post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change", "fsmonitor-watchman"] {
        let path = maker.folder.join(".git/hooks").join(hook);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(&program, path).unwrap();
    }
    let _ = fs::remove_file(&trace);
    (maker, trace)
}

#[test]
fn nothing_of_the_repository_is_run() {
    let (maker, trace) = trapped();
    let repository = maker.open();
    let refs = repository.refs().unwrap();
    let commits = read(&repository, &all(&repository, &refs));
    assert_eq!(commits.len(), 3);
    assert_eq!(commits[2].changes[0].lines.added(), 1, "the lines are those of the file, not of a filter");
    repository.notes().unwrap();
    repository.lost(&refs.tips, &refs).unwrap();
    assert!(!trace.exists(), "a program of the repository was run");
}

#[test]
fn a_missing_object_is_not_asked_for_elsewhere() {
    let (maker, trace) = trapped();
    maker.git(&["config", "extensions.partialClone", "origin"]);
    maker.git(&["config", "remote.origin.promisor", "true"]);
    let blob = maker.git(&["rev-parse", "HEAD~2:a.txt"]);
    fs::remove_file(maker.folder.join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let repository = maker.open();
    let ids = all(&repository, &repository.refs().unwrap());
    let read = repository.read(&ids, |_, _| std::ops::ControlFlow::Continue(()));
    assert!(read.is_ok() && !trace.exists(), "{read:?}");
}

#[test]
fn a_name_of_a_ref_is_never_an_option() {
    let maker = Maker::new();
    let id = maker.change("a", "1\n", "First");
    let head = maker.folder.join(".git/refs/heads/--output=pwned");
    fs::write(&head, format!("{id}\n")).unwrap();
    fs::write(maker.folder.join(".git/HEAD"), "ref: refs/heads/--output=pwned\n").unwrap();
    let repository = maker.open();
    let refs = repository.refs().unwrap();
    assert_eq!(read(&repository, &all(&repository, &refs)).len(), 1);
    assert!(!maker.folder.join(".git/pwned").exists());
}
