//! Under ThreadSanitizer: the parts of std's locks that come compiled are led through `src/std_locks.rs`.
//!
//! Most of std is generic or inlined, and so is built here, with the sanitizer's calls in it. What is not is the slow path
//! of its locks. Its functions are found by name in the standard library that will be linked, and the linker is told to
//! wrap them.

use std::{env, fs, path::PathBuf, process::Command};

/// The variable that names the function for `std_locks`, and what its mangled name has in it and ends with.
const FUNCTIONS: [(&str, &str, &str); 4] = [
    ("STD_MUTEX_LOCK_CONTENDED", "5mutex5futex", "5Mutex14lock_contended"),
    ("STD_CONDVAR_WAIT", "7condvar5futex", "7Condvar4wait"),
    ("STD_CONDVAR_WAIT_TIMEOUT", "7condvar5futex", "7Condvar12wait_timeout"),
    ("STD_ONCE_CALL", "4once5futex", "4Once4call"),
];

fn main() {
    println!("cargo:rustc-check-cfg=cfg(codetta_tsan)");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CARGO_CFG_SANITIZE");
    if !env::var("CARGO_CFG_SANITIZE").is_ok_and(|sanitizers| sanitizers.contains("thread")) {
        return;
    }
    let library = standard_library();
    for (variable, part, end) in FUNCTIONS {
        let name = symbol(&library, part, end).unwrap_or_else(|| {
            panic!("this toolchain's std has no {end}: std_locks has to learn its new name")
        });
        println!("cargo:rustc-env={variable}={name}");
        println!("cargo:rustc-link-arg-bins=-Wl,--wrap={name}");
    }
    println!("cargo:rustc-link-arg-bins=-Wl,--wrap=__tsan_atomic64_fetch_sub");
    println!("cargo:rustc-cfg=codetta_tsan");
}

/// The bytes of `libstd-….rlib`.
fn standard_library() -> Vec<u8> {
    let compiler = env::var("RUSTC").expect("cargo says which");
    let target = env::var("TARGET").expect("cargo says which");
    let asked = Command::new(compiler).args(["--print", "target-libdir", "--target", &target]).output();
    let folder = String::from_utf8(asked.expect("rustc runs").stdout).expect("a path");
    let files = fs::read_dir(folder.trim()).expect("the toolchain is there");
    let is_std = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    };
    let path = files.flatten().map(|file| file.path()).find(is_std).expect("the toolchain has a std");
    fs::read(path).expect("it can be read")
}

/// Names in an object file end with a zero, and begin after one. Both of Rust's manglings write a path's parts as they
/// are, with their lengths; the older one ends with a hash.
fn symbol(library: &[u8], part: &str, end: &str) -> Option<String> {
    let is_it = |name: &&str| match name.strip_prefix("_ZN") {
        Some(path) => path.contains(&format!("{end}17h")),
        None => name.starts_with("_R") && name.ends_with(end),
    };
    let mut names = library.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    names.find(|name| is_it(name) && name.contains(part)).map(str::to_owned)
}
