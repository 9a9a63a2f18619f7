//! A file of a test's own, gone when the test is.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

/// A path in the temporary folder.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// `name` is told apart by process, so each test takes another.
    pub(super) fn new(name: &str) -> Self {
        Self(env::temp_dir().join(format!("codetta-{}-{name}", process::id())))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
