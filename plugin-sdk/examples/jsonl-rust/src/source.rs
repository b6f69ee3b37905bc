// SPDX-License-Identifier: Apache-2.0

//! The files that are read: line by line, and what a line says.

use crate::abi;
use crate::host::{Error, Outcome};
use crate::json::{self, get, Object, Value};
use crate::tables::Table;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The host takes rows of at most 1 GiB; a longer line is no record.
const LONGEST_LINE: u64 = 1 << 30;

pub fn failed<'p>(path: &'p Path) -> impl Fn(std::io::Error) -> Error + 'p {
    move |error| Error::io("The file can't be read", path, error)
}

pub fn not_a_cursor() -> Error {
    Error::new(abi::INVALID_DATA, "cursor", "This is not a cursor of this source, or of another state of it.")
}

pub fn revision(facts: &fs::Metadata) -> String {
    format!("{}-{}.{:09}", facts.size(), facts.mtime(), facts.mtime_nsec())
}

pub fn is_header(object: &Object) -> bool {
    matches!(get(object, "format"), Some(Value::Text(text)) if text == "host-jsonl/1")
}

/// Lines of a file with their places.
pub struct Lines {
    pub path: PathBuf,
    pub file: BufReader<File>,
    /// Where the next line begins.
    pub at: u64,
    pub line: Vec<u8>,
}

impl Lines {
    pub fn open(path: &Path, at: u64) -> Outcome<Lines> {
        let mut file = File::open(path).map_err(failed(path))?;
        file.seek(SeekFrom::Start(at)).map_err(failed(path))?;
        Ok(Lines {
            path: path.to_owned(),
            file: BufReader::with_capacity(1 << 18, file),
            at,
            line: Vec::new(),
        })
    }

    pub fn next(&mut self) -> Outcome<bool> {
        self.line.clear();
        let read = self.file.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line);
        let count = read.map_err(failed(&self.path))? as u64;
        if count == LONGEST_LINE {
            return Err(Error::new(
                abi::INVALID_DATA,
                self.path.display().to_string(),
                "A line is longer than 1 GiB.",
            ));
        }
        self.at += count;
        Ok(count > 0)
    }
}

/// What a line says.
pub enum Said<'l> {
    Record(usize, Object<'l>),
    End,
    Nothing(&'static str),
}

pub fn said(line: &[u8]) -> Said<'_> {
    let object = match std::str::from_utf8(line).ok().and_then(json::parse) {
        Some(object) => object,
        None => return Said::Nothing("The line is not a JSON object."),
    };
    if let Some(Value::Bool(true)) = get(&object, "end") {
        return Said::End;
    }
    match get(&object, "table") {
        Some(Value::Text(label)) => match Table::by_label(label) {
            Some(index) => Said::Record(index, object),
            None => Said::Nothing("The line is of a table that does not exist."),
        },
        _ => Said::Nothing("The line does not say which table it is of."),
    }
}

pub fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
