//! What the arguments name, in the order to be played.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use crate::decode::Input;

/// Extensions taken for sound when a directory is read. Opus is among them so that its listener is told, and not left
/// to wonder.
const SOUND: [&str; 17] = [
    "wav", "wave", "flac", "mp3", "ogg", "oga", "aac", "adts", "m4a", "m4b", "mp4", "alac", "aif", "aiff",
    "aifc", "caf", "opus",
];

/// The inputs to play, and what is wrong with the arguments that gave none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Playlist {
    /// In order. An input's index here is the tag of its segments.
    pub inputs: Vec<Input>,
    /// One for each argument that names nothing to play.
    pub problems: Vec<Problem>,
}

/// What is wrong with one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What messages and events call the input.
    pub file: String,
    /// What is wrong with it, for the person who named it.
    pub error: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.error)
    }
}

/// Expands the arguments: files as they are given, whether or not they look like sound; directories by what is in them,
/// sorted by name, sub-directories included. Whatever is not sound is left out of them in silence.
pub fn expand(arguments: &[PathBuf], stdin: &Input) -> Playlist {
    let mut list = Playlist::default();
    for argument in arguments {
        if argument == Path::new("-") {
            list.inputs.push(stdin.clone());
        } else if argument.is_dir() {
            let before = list.inputs.len();
            let error = match read(argument, &mut list.inputs) {
                Err(e) => e.to_string(),
                Ok(()) if list.inputs.len() == before => "no sound files in this directory".into(),
                Ok(()) => continue,
            };
            list.problems.push(Problem { file: argument.display().to_string(), error });
        } else {
            list.inputs.push(Input::File(argument.clone()));
        }
    }
    list
}

fn read(directory: &Path, inputs: &mut Vec<Input>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if hidden(&path) {
            continue;
        }
        if path.is_dir() {
            // A link may lead back to where it stands, and what it leads to can be named.
            if !path.is_symlink() {
                // One that may not be entered does not spoil the rest.
                let _ = read(&path, inputs);
            }
        } else if sounds(&path) {
            inputs.push(Input::File(path));
        }
    }
    Ok(())
}

/// Hidden files are other programs' business: macOS leaves `._name.mp3` beside each `name.mp3`.
fn hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn sounds(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    SOUND.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own, removed at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str, files: &[&str]) -> Self {
            let root = std::env::temp_dir().join(format!("codetta-playlist-{name}-{}", std::process::id()));
            for file in files {
                let path = root.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, b"").unwrap();
            }
            Self(root)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Sorted, with sub-directories; text, hidden files and directories without sound are left out.
    #[test]
    fn a_directory_gives_its_sound_files_in_order() {
        let files =
            ["b.MP3", "a.wav", "notes.txt", "c/02.flac", "c/01.flac", "._a.wav", "d.opus", ".git/x.wav"];
        let scratch = Scratch::new("order", &files);
        let list = expand(std::slice::from_ref(&scratch.0), &Input::Stdin);
        let names: Vec<String> = list
            .inputs
            .iter()
            .map(|input| input.name().replace(&format!("{}/", scratch.0.display()), ""))
            .collect();
        assert_eq!(names, ["a.wav", "b.MP3", "c/01.flac", "c/02.flac", "d.opus"]);
        assert!(list.problems.is_empty());
    }

    /// A linked directory is not entered, so that none is entered for ever; a linked file is a file.
    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        use std::os::unix::fs::symlink;
        let scratch = Scratch::new("loop", &["a/a.wav"]);
        symlink(&scratch.0, scratch.0.join("a/back")).unwrap();
        symlink(scratch.0.join("a/a.wav"), scratch.0.join("b.wav")).unwrap();
        let list = expand(std::slice::from_ref(&scratch.0), &Input::Stdin);
        let files = ["a/a.wav", "b.wav"].map(|name| Input::File(scratch.0.join(name)));
        assert_eq!(list.inputs, files);
    }

    /// A directory without sound is a problem; a file that is named is taken as it is.
    #[test]
    fn what_is_named_is_taken_at_its_word() {
        let scratch = Scratch::new("named", &["notes.txt"]);
        let notes = scratch.0.join("notes.txt");
        let list = expand(&[scratch.0.clone(), "-".into(), notes.clone()], &Input::Stdin);
        assert_eq!(list.inputs, [Input::Stdin, Input::File(notes)]);
        assert_eq!(list.problems.len(), 1);
    }
}
