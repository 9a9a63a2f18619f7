//! A file that is written beside its target, and takes its place when it is complete.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Until it is [renamed](Self::rename), what was there stays as it was; and it stays so where this is dropped.
pub struct Beside(Option<Hidden>);

impl Beside {
    /// Creates it, to be written. What is no file, such as a device, is written directly.
    pub fn create(path: &Path) -> io::Result<(File, Self)> {
        match path.metadata() {
            Ok(metadata) if !metadata.is_file() => Ok((File::create(path)?, Self(None))),
            // A new file would take its place all the same, and its owner did not want that.
            Ok(metadata) if metadata.permissions().readonly() => {
                Err(io::Error::from(io::ErrorKind::PermissionDenied))
            }
            there => {
                let (file, hidden) = Hidden::create(path)?;
                if let Ok(there) = there {
                    file.set_permissions(there.permissions())?;
                }
                Ok((file, Self(Some(hidden))))
            }
        }
    }

    /// It is complete, and gets its name.
    pub fn rename(self) -> io::Result<()> {
        self.0.map_or(Ok(()), |hidden| fs::rename(&hidden.path, &hidden.target))
    }
}

/// The file under its own name, removed if it does not come to another.
struct Hidden {
    path: PathBuf,
    target: PathBuf,
}

impl Hidden {
    fn create(target: &Path) -> io::Result<(File, Self)> {
        // Through a link: its target is written, and the link stays.
        let target = target.canonicalize().unwrap_or_else(|_| target.into());
        // Of this process only, so that two that render to one target do not write into each other's.
        let mut name = std::ffi::OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let path = target.with_file_name(name);
        let file = File::create_new(&path)?;
        Ok((file, Self { path, target }))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // Gone already where it was renamed; what cannot be removed is hidden, and named after what it was for.
        let _ = fs::remove_file(&self.path);
    }
}
