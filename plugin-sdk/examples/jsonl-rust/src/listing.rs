// SPDX-License-Identifier: Apache-2.0

//! Which units a folder holds, and in which files.

use crate::abi;
use crate::exporter::Page;
use crate::handles::Instance;
use crate::host::{Call, Error, Outcome};
use crate::json::{self, get, Value};
use crate::lines::items;
use crate::outgoing::{Batch, Item};
use crate::place::Place;
use crate::source::{failed, is_header, not_a_cursor, revision, Lines};
use crate::tables::UNITS;
use std::fs;
use std::path::{Path, PathBuf};

/// Names of a folder in order; a link may lead anywhere, so none is followed.
fn names(folder: &Path, wants: impl Fn(&str, fs::FileType) -> bool) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let entry = entry.map_err(failed(folder))?;
        let kind = entry.file_type().map_err(failed(folder))?;
        if let Some(name) = entry.file_name().to_str().filter(|name| wants(name, kind)) {
            found.push(name.to_owned());
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// `*.jsonl` of the folder itself and of the folders in it. A cursor is the path of the last file that was listed.
pub struct List {
    root: PathBuf,
    /// Folders still to come, the last one first; "" is the root.
    folders: Vec<String>,
    files: std::vec::IntoIter<String>,
    after: String,
}

impl List {
    pub fn new(instance: &Instance, cursor: &[u8]) -> Outcome<List> {
        let root = instance.folder.clone();
        let after = std::str::from_utf8(cursor).map_err(|_| not_a_cursor())?.to_owned();
        if !after.is_empty() && !after.ends_with(".jsonl") {
            return Err(not_a_cursor());
        }
        let mut folders = names(&root, |_, kind| kind.is_dir())?;
        folders.insert(0, String::new());
        folders.reverse();
        Ok(List { root, folders, files: Vec::new().into_iter(), after })
    }

    /// Paths below the root, in order: the root's own files, then folder by folder.
    fn next_file(&mut self) -> Outcome<Option<String>> {
        loop {
            if let Some(file) = self.files.next() {
                return Ok(Some(file));
            }
            let folder = match self.folders.pop() {
                Some(folder) => folder,
                None => return Ok(None),
            };
            let last = match self.after.rsplit_once('/') {
                Some((before, _)) => before,
                None => "",
            };
            if folder.as_str() < last {
                continue;
            }
            let mut files =
                names(&self.root.join(&folder), |name, kind| kind.is_file() && name.ends_with(".jsonl"))?;
            if !folder.is_empty() {
                files.iter_mut().for_each(|name| *name = format!("{}/{}", folder, name));
            }
            if folder == last {
                let after = std::mem::take(&mut self.after);
                files.retain(|path| *path > after);
                self.after = String::new();
            }
            self.files = files.into_iter();
        }
    }

    pub fn next(&mut self, call: &Call) -> Outcome<Option<Page>> {
        let mut batch = Batch::new(&UNITS);
        let mut cursor = String::new();
        // Each row costs a file to be opened, so the first page does not wait for many.
        for _ in 0..256 {
            let file = match self.next_file()? {
                Some(file) => file,
                None => break,
            };
            if let Err(why) = list_one(&self.root.join(&file), &mut batch)? {
                call.loss(abi::LOSS_DROPPED, 1, UNITS.id, "unit.unreadable", &file, why);
            }
            cursor = file;
        }
        if cursor.is_empty() {
            return Ok(None);
        }
        Ok(Some(Page { batch, cursor: cursor.into_bytes() }))
    }
}

/// Adds the unit that a file holds. The inner error is of this file alone, so the others are listed all the same.
fn list_one(path: &Path, batch: &mut Batch) -> Outcome<Result<(), &'static str>> {
    let mut lines = Lines::open(path, 0)?;
    let revision = revision(&lines.file.get_ref().metadata().map_err(failed(path))?);
    if !lines.next()? {
        return Ok(Err("The file is empty."));
    }
    let object = match std::str::from_utf8(&lines.line).ok().and_then(json::parse) {
        Some(object) => object,
        None => return Ok(Err("The first line is not a JSON object.")),
    };
    if !is_header(&object) {
        return Ok(Err("The first line has no \"format\":\"host-jsonl/1\"."));
    }
    let mut row = match items(&UNITS, &object) {
        Ok(row) => row,
        Err(_) => return Ok(Err("The first line does not name kind, project and id, or has wrong values.")),
    };
    if let Some(last) = row.last_mut() {
        *last = Item::Text(&revision);
    }
    batch.push(&row, lines.line.len());
    Ok(Ok(()))
}

/// The file of a unit: mostly where the loader puts it, else wherever somebody has put it.
pub fn locate(instance: &Instance, call: &Call, unit: &[String; 3]) -> Outcome<PathBuf> {
    let expected = Place::new(&instance.folder, &unit[0], &unit[1], &unit[2]).whole();
    if expected.is_file() && is_unit(&expected, unit)? {
        return Ok(expected);
    }
    let mut list = List::new(instance, &[])?;
    while let Some(file) = list.next_file()? {
        instance.go_on(call)?;
        let path = instance.folder.join(file);
        if is_unit(&path, unit)? {
            return Ok(path);
        }
    }
    let message = "The folder has no file of this unit.";
    Err(Error::new(abi::NOT_FOUND, format!("{}/{}", unit[1], unit[2]), message))
}

fn is_unit(path: &Path, unit: &[String; 3]) -> Outcome<bool> {
    let mut lines = Lines::open(path, 0)?;
    lines.next()?;
    let object = std::str::from_utf8(&lines.line).ok().and_then(json::parse).unwrap_or_default();
    let is = |key, text: &String| matches!(get(&object, key), Some(Value::Text(found)) if found == text);
    Ok(is_header(&object) && is("kind", &unit[0]) && is("project", &unit[1]) && is("id", &unit[2]))
}
