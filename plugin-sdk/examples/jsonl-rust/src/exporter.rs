// SPDX-License-Identifier: Apache-2.0

//! The exporter: folders of lines, also ones that people or scripts have written.

use crate::abi;
use crate::handles::Instance;
use crate::host::{Call, Error, Outcome};
use crate::json::{self, get, Value};
use crate::lines::{has_unknown_keys, items};
use crate::listing::{locate, List};
use crate::outgoing::{Batch, Item};
use crate::source::{failed, is_blank, not_a_cursor, revision, said, Lines, Said};
use crate::tables::{PATHS, RECORDS};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path};

/// A batch, and the place in the source that lies behind it.
pub struct Page {
    pub batch: Batch,
    pub cursor: Vec<u8>,
}

pub enum Reader {
    List(List),
    Paths(std::vec::IntoIter<Batch>),
    Records(Box<Records>),
}

impl Reader {
    pub fn next(&mut self, instance: &Instance, call: &Call) -> Outcome<Option<Page>> {
        instance.go_on(call)?;
        match self {
            Reader::List(list) => list.next(call),
            Reader::Paths(batches) => Ok(batches.next().map(|batch| Page { batch, cursor: Vec::new() })),
            Reader::Records(records) => records.next(instance, call),
        }
    }
}

/// Every name of every table and role, with its exact number of rows: one pass through the file.
pub fn paths(instance: &Instance, call: &Call, unit: &[String; 3]) -> Outcome<Reader> {
    let mut lines = Lines::open(&locate(instance, call, unit)?, 0)?;
    let mut seen: HashMap<(usize, String, String), usize> = HashMap::new();
    let mut counts: Vec<i64> = Vec::new();
    lines.next()?;
    while lines.next()? {
        // As in `Records::next`.
        if lines.at % 64 == 0 {
            instance.go_on(call)?;
        }
        let (index, object) = match said(&lines.line) {
            Said::Record(index, object) => (index, object),
            Said::End => break,
            Said::Nothing(_) => continue, // told when the records are read
        };
        let table = &RECORDS[index];
        let has_name = table.column("path").is_some();
        let text = |row: &[Item], name| match table.column(name).map(|column| &row[column]) {
            Some(Item::Text(text)) => (*text).to_owned(),
            _ => String::new(),
        };
        if let (true, Ok(row)) = (has_name, items(table, &object)) {
            let key = (index, text(&row, "path"), text(&row, "role"));
            let place = *seen.entry(key).or_insert(counts.len());
            match counts.get_mut(place) {
                Some(count) => *count += 1,
                None => counts.push(1),
            }
        }
    }
    let mut names: Vec<_> = seen.into_iter().collect();
    names.sort_unstable_by_key(|(_, place)| *place);
    let mut batches = Vec::new();
    let mut batch = Batch::new(&PATHS);
    for ((index, path, role), place) in &names {
        let row =
            [Item::Text(path), Item::Text(RECORDS[*index].id), Item::Text(role), Item::Int64(counts[*place])];
        batch.push(&row, path.len() + role.len() + 24);
        if batch.is_full() {
            batches.push(std::mem::replace(&mut batch, Batch::new(&PATHS)));
        }
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    Ok(Reader::Paths(batches.into_iter()))
}

/// The records of one unit in the order of its lines. A cursor is "REVISION@OFFSET", the place behind a line.
pub struct Records {
    lines: Lines,
    revision: String,
    /// The first line promised a last one.
    ends: bool,
    /// The line in `lines` was read and belongs to the next batch.
    is_kept: bool,
    is_over: bool,
    /// Below the root, where files lie.
    folder: String,
}

pub fn read(instance: &Instance, call: &Call, unit: &[String; 3], cursor: &[u8]) -> Outcome<Reader> {
    let path = locate(instance, call, unit)?;
    let mut lines = Lines::open(&path, 0)?;
    let facts = lines.file.get_ref().metadata().map_err(failed(&path))?;
    let revision = revision(&facts);
    lines.next()?;
    let ends = std::str::from_utf8(&lines.line)
        .ok()
        .and_then(json::parse)
        .map_or(false, |header| matches!(get(&header, "ends"), Some(Value::Bool(true))));
    if !cursor.is_empty() {
        let given = std::str::from_utf8(cursor).map_err(|_| not_a_cursor())?;
        let (of, at) = given.split_once('@').ok_or_else(not_a_cursor)?;
        let at: u64 = at.parse().map_err(|_| not_a_cursor())?;
        if of != revision || at < lines.at || at > facts.len() {
            return Err(not_a_cursor());
        }
        // A place inside a line is none that was ever handed out.
        let mut before = Lines::open(&path, at - 1)?;
        let mut byte = [0];
        before.file.read_exact(&mut byte).map_err(failed(&path))?;
        if byte != [b'\n'] && at != facts.len() {
            return Err(not_a_cursor());
        }
        lines = Lines::open(&path, at)?;
    }
    let below = path.parent().and_then(|folder| folder.strip_prefix(&instance.folder).ok());
    let folder = below.and_then(Path::to_str).unwrap_or("").to_owned();
    Ok(Reader::Records(Box::new(Records { lines, revision, ends, is_kept: false, is_over: false, folder })))
}

impl Records {
    fn next(&mut self, instance: &Instance, call: &Call) -> Outcome<Option<Page>> {
        let mut batch: Option<Batch> = None;
        let mut unknown = 0;
        let mut behind = self.lines.at;
        while !self.is_over && !batch.as_ref().map_or(false, Batch::is_full) {
            if !std::mem::take(&mut self.is_kept) && !self.lines.next()? {
                if self.ends {
                    let path = self.lines.path.display().to_string();
                    let message = "The file was cut off: its last line is missing.";
                    return Err(Error::new(abi::INVALID_DATA, path, message));
                }
                self.is_over = true;
                break;
            }
            let (index, object) = match said(&self.lines.line) {
                Said::Record(index, object) => (index, object),
                Said::End => {
                    self.is_over = true;
                    break;
                }
                Said::Nothing(why) => {
                    if !is_blank(&self.lines.line) {
                        self.lose(call, RECORDS[0].id, why);
                    }
                    behind = self.lines.at;
                    continue;
                }
            };
            let table = &RECORDS[index];
            if batch.as_ref().map_or(false, |batch| batch.table.id != table.id) {
                self.is_kept = true;
                break;
            }
            behind = self.lines.at;
            match items(table, &object) {
                Ok(mut row) => {
                    unknown += i64::from(has_unknown_keys(table, &object));
                    let file = match (table.label, row.last()) {
                        ("files", Some(Item::Text(blob))) if !self.folder.is_empty() => {
                            Some(format!("{}/{}", self.folder, blob))
                        }
                        _ => None,
                    };
                    if let (Some(file), Some(last)) = (&file, row.last_mut()) {
                        *last = Item::Text(file);
                    }
                    if let ("files", [Item::Text(path), .., Item::Text(blob)]) = (table.label, row.as_slice())
                    {
                        if leaves(instance, blob) {
                            let note = "The file lies outside the folder; it was not opened.";
                            call.loss(abi::LOSS_DROPPED, 1, table.id, "file.unsafe-path", path, note);
                            continue;
                        }
                    }
                    let size = self.lines.line.len();
                    batch.get_or_insert_with(|| Batch::new(table)).push(&row, size);
                }
                Err(why) => self.lose(call, table.id, why),
            }
            // Asking costs more than reading a line: once in some sixty lines, wherever they happen to end.
            if self.lines.at % 64 == 0 {
                instance.go_on(call)?;
            }
        }
        if let (Some(batch), true) = (&batch, unknown > 0) {
            let note = "Keys that no column has were left out; the records went without them.";
            call.loss(abi::LOSS_TRUNCATED, unknown, batch.table.id, "key.unknown", "", note);
        }
        let cursor = format!("{}@{}", self.revision, behind).into_bytes();
        Ok(batch.map(|batch| Page { batch, cursor }))
    }

    fn lose(&self, call: &Call, table: &str, why: &str) {
        let path = format!("{} before byte {}", self.lines.path.display(), self.lines.at);
        call.loss(abi::LOSS_DROPPED, 1, table, "line.unreadable", &path, why);
    }
}

/// Whether the way to a file leads out of the folder, by its words or by a link. What is not there leads nowhere.
fn leaves(instance: &Instance, reference: &str) -> bool {
    let climbs = Path::new(reference)
        .components()
        .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    let is_outside = || match (instance.folder.join(reference).canonicalize(), instance.folder.canonicalize())
    {
        (Ok(file), Ok(root)) => !file.starts_with(root),
        _ => false,
    };
    climbs || is_outside()
}

/// Opens a file of a row. Whatever the row says, what is opened is an ordinary file inside the folder.
pub fn open_file(instance: &Instance, reference: &str) -> Outcome<File> {
    if leaves(instance, reference) {
        return Err(Error::new(
            abi::INVALID_DATA,
            reference,
            "The file lies outside the folder; it was not opened.",
        ));
    }
    let path = instance.folder.join(reference);
    if !fs::metadata(&path).map_err(failed(&path))?.is_file() {
        return Err(Error::new(abi::NOT_FOUND, reference, "It is not a file."));
    }
    File::open(&path).map_err(failed(&path))
}
