//! Whether the output is one of the inputs: who opens it for writing has emptied it before its first frame is read.

use std::path::{Path, PathBuf};

use crate::decode::Input;

/// The complaint about the first input that is the file to be written, under whatever name.
pub fn refusal(inputs: &[Input], output: &Path) -> Option<String> {
    let output = Identity::of(output)?;
    let same = |input: &&Input| identity(input).is_some_and(|input| input == output);
    inputs.iter().find(same).map(|input| format!("{}: is both input and output", input.name()))
}

fn identity(input: &Input) -> Option<Identity> {
    match input {
        Input::File(path) => Identity::of(path),
        // What the shell redirected from a file; elsewhere it has no name.
        Input::Stdin | Input::RawStdin(_) => Identity::of(Path::new("/dev/stdin")),
    }
}

/// What makes two names one file.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// One that is there.
    There(There),
    /// One that would be made: an input of this name would read what is being written.
    ToBe(PathBuf),
}

impl Identity {
    /// `None`: nothing that writing could harm, such as a terminal or /dev/null.
    fn of(path: &Path) -> Option<Self> {
        match path.metadata() {
            Ok(metadata) if !metadata.is_file() => None,
            Ok(metadata) => there(path, &metadata).map(Self::There),
            Err(_) => {
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                let parent = parent.unwrap_or(Path::new(".")).canonicalize().ok()?;
                Some(Self::ToBe(parent.join(path.file_name()?)))
            }
        }
    }
}

/// Device and inode: hard links have no path in common.
#[cfg(unix)]
type There = (u64, u64);

#[cfg(unix)]
fn there(_: &Path, metadata: &std::fs::Metadata) -> Option<There> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

/// The path without links: as much as can be asked for everywhere.
#[cfg(not(unix))]
type There = PathBuf;

#[cfg(not(unix))]
fn there(path: &Path, _: &std::fs::Metadata) -> Option<There> {
    path.canonicalize().ok()
}
