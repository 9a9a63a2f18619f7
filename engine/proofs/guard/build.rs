//! Links RealtimeSanitizer's run-time, where it is asked for.

use std::{env, fs, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_RTSAN").is_none() {
        return;
    }
    let rustc = env::var("RUSTC").expect("cargo tells build scripts which compiler it uses");
    let asked = Command::new(rustc).args(["--print", "target-libdir"]).output();
    let folder = String::from_utf8(asked.expect("the compiler runs").stdout).expect("a path in UTF-8");
    let folder = folder.trim();
    let Some(name) = run_time(Path::new(folder)) else {
        panic!("this toolchain ships no RealtimeSanitizer run-time: there is none in {folder}");
    };
    println!("cargo:rustc-link-search=native={folder}");
    // Whole: its interceptors take the place of the C library's functions, and nobody names them. Not bundled: each
    // program links it once.
    println!("cargo:rustc-link-lib=static:+whole-archive,-bundle={name}");
}

/// The library's name, as the linker wants it.
fn run_time(folder: &Path) -> Option<String> {
    fs::read_dir(folder).ok()?.find_map(|entry| {
        let file = entry.ok()?.file_name().into_string().ok()?;
        Some(file.strip_prefix("lib")?.strip_suffix(".a")?.to_owned())
            .filter(|name| name.ends_with("_rt.rtsan"))
    })
}
