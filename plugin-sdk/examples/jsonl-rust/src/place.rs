// SPDX-License-Identifier: Apache-2.0

//! Where a unit lies in the folder, and names that are safe for it.
//!
//! ```text
//! FOLDER/PROJECT-HASH/UNIT-HASH.jsonl        a complete unit
//!                     UNIT-HASH.jsonl.part   one that is being written
//!                     UNIT-HASH.marks        how far that is durable
//!                     UNIT-HASH.files-1/     its files
//! ```

use crate::host::{Error, Outcome};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// 64-bit FNV-1a. Names that differ only in what file systems do not tell apart get other hashes.
fn hash(parts: &[&str]) -> u64 {
    let mut value = 0xCBF2_9CE4_8422_2325_u64;
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        for byte in (part.len() as u64).to_le_bytes().iter().chain(part.as_bytes()) {
            value = (value ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
    value
}

/// At most 60 letters, digits, `-`, `_` and `.`, the first of them no dot: nothing that leaves a folder.
pub fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let text: String =
        name.chars().take(60).map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    match text.strip_prefix('.') {
        Some(rest) => format!("_{}", rest),
        None => text,
    }
}

pub struct Place {
    pub folder: PathBuf,
    pub stem: String,
}

impl Place {
    pub fn new(root: &Path, kind: &str, project: &str, id: &str) -> Place {
        let folder = root.join(format!("{}-{:08x}", plain(project), hash(&[project]) as u32));
        let prefix = if kind == "run" { String::new() } else { format!("{}-", plain(kind)) };
        Place { folder, stem: format!("{}{}-{:016x}", prefix, plain(id), hash(&[kind, project, id])) }
    }

    pub fn whole(&self) -> PathBuf {
        self.folder.join(format!("{}.jsonl", self.stem))
    }
    pub fn part(&self) -> PathBuf {
        self.folder.join(format!("{}.jsonl.part", self.stem))
    }
    pub fn marks(&self) -> PathBuf {
        self.folder.join(format!("{}.marks", self.stem))
    }

    /// The folders of files that lie here for this unit, whichever attempt made them.
    pub fn file_folders(&self) -> Vec<(u64, PathBuf)> {
        let prefix = format!("{}.files-", self.stem);
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| {
                let number = entry.file_name().to_str()?.strip_prefix(&prefix)?.parse().ok()?;
                Some((number, entry.path()))
            })
            .collect()
    }
}

/// Makes names in a folder survive a crash of the machine.
pub fn sync_folder(folder: &Path) -> Outcome<()> {
    File::open(folder)
        .and_then(|handle| handle.sync_all())
        .map_err(|error| Error::io("The folder can't be written to the disk", folder, error))
}

/// A link could lead what is written to any place.
pub fn refuse_link(path: &Path) -> Outcome<()> {
    match fs::symlink_metadata(path) {
        Ok(facts) if facts.file_type().is_symlink() => Err(Error::new(
            crate::abi::CONFLICT,
            path.display().to_string(),
            "A link lies where the plugin writes, and links are not followed.",
        )),
        _ => Ok(()),
    }
}

/// Makes a folder and all above it, each of them durable.
pub fn make_folder(folder: &Path) -> Outcome<()> {
    refuse_link(folder)?;
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        if !above.is_dir() {
            make_folder(above)?;
        }
        match fs::create_dir(folder) {
            // Another worker was faster.
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(Error::io("The folder can't be made", folder, error));
            }
            _ => sync_folder(above)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder_and_apart() {
        let root = Path::new("/target");
        let names = [
            "../../etc/passwd",
            "/etc/passwd",
            "..",
            ".",
            "",
            "a/b",
            "a_b",
            "A_b",
            "\u{e9}",
            "e\u{301}",
            "\0",
        ];
        let mut seen = std::collections::HashSet::new();
        for name in names {
            let place = Place::new(root, "run", name, name);
            let whole = place.whole();
            assert_eq!(whole.components().count(), root.components().count() + 2, "{:?}", whole);
            assert!(whole.components().all(|part| part.as_os_str() != ".."));
            assert!(seen.insert(whole.to_str().unwrap().to_lowercase()));
        }
        let long = "x".repeat(4096);
        assert!(Place::new(root, "model-version", &long, &long).part().file_name().unwrap().len() < 128);
        assert_ne!(Place::new(root, "run", "ab", "c").stem, Place::new(root, "run", "a", "bc").stem);
    }
}
