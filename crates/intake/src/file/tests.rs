use super::{File, files};
use crate::Limits;
use flate2::{Compression, write::GzEncoder};
use std::{env::temp_dir, fs, io::Write, path::PathBuf, process};

fn folder(name: &str) -> PathBuf {
    let folder = temp_dir().join(format!("intake-{}-{name}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn gzip_and_marks_of_byte_order_are_taken_off() {
    let folder = folder("packed");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(b"\xef\xbb\xbf{}").unwrap();
    fs::write(folder.join("a.json.gz"), packed.finish().unwrap()).unwrap();
    assert_eq!(File::read(&folder.join("a.json.gz"), &Limits::default()).unwrap().bytes, b"{}");
    fs::write(folder.join("b.xml"), [0xff, 0xfe, b'<', 0, b'a', 0]).unwrap();
    assert_eq!(File::read(&folder.join("b.xml"), &Limits::default()).unwrap().bytes, b"<a");
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_refused() {
    let folder = folder("bomb");
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![b' '; 3 << 20]).unwrap();
    let path = folder.join("bomb.gz");
    fs::write(&path, packed.finish().unwrap()).unwrap();
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    assert!(File::read(&path, &limits).unwrap_err().to_string().ends_with("is larger than 1 MB."));
}

#[test]
fn folders_are_read_in_order_without_hidden_files_and_circles() {
    let folder = folder("walk");
    fs::create_dir_all(folder.join("b")).unwrap();
    for name in ["z.json", "b/y.json", ".hidden", "a.json"] {
        fs::write(folder.join(name), "{}").unwrap();
    }
    let _ = std::os::unix::fs::symlink(&folder, folder.join("b/round"));
    let found = files(std::slice::from_ref(&folder), &Limits::default()).unwrap();
    let names: Vec<_> = found.iter().map(|path| path.strip_prefix(&folder).unwrap().display().to_string()).collect();
    assert_eq!(names, ["a.json", "b/y.json", "z.json"]);
    assert!(files(&[folder], &Limits { files: 2, ..Limits::default() }).is_err());
}
