//! Embeds what `make web` has built. Nothing is fetched or bundled here.
use std::{env, fmt::Write, fs, path::Path};

fn main() {
    let dist =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo names the crate's folder")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files: Vec<_> =
        fs::read_dir(&dist).map(|all| all.flatten().map(|file| file.path()).collect()).unwrap_or_default();
    files.retain(|path| path.is_file());
    files.sort();
    let mut code = String::from("pub static FILES: &[(&str, &[u8])] = &[\n");
    for path in files {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        writeln!(code, "    ({name:?}, include_bytes!({:?})),", path.canonicalize().expect("the file is there"))
            .expect("a string takes all that is written to it");
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo names the output folder")).join("files.rs");
    fs::write(out, code).expect("the output folder can be written");
}
