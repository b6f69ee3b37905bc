// SPDX-License-Identifier: Apache-2.0

//! What is known of a unit before its records: from the host, from the first line of its file, and what of both is
//! found here.

use crate::abi::{self, Unit};
use crate::handles::Instance;
use crate::host::{Error, Outcome};
use crate::json::{self, Value};
use crate::lines::Line;
use crate::marks::read_marks;
use crate::place::Place;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// First lines are short; a longer one is not ours.
const LONGEST_HEADER: u64 = 1 << 20;

/// What a unit's first line tells of who made it.
pub struct Header {
    pub key: String,
    pub revision: String,
    pub files: String,
}

pub fn read_header(path: &Path) -> Outcome<Option<Header>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("The file can't be read", path, error)),
    };
    let mut line = Vec::new();
    let read = BufReader::new(file).take(LONGEST_HEADER).read_until(b'\n', &mut line);
    read.map_err(|error| Error::io("The file can't be read", path, error))?;
    let text = String::from_utf8_lossy(&line);
    let object = json::parse(&text).unwrap_or_default();
    let word = |name| match json::get(&object, name) {
        Some(Value::Text(text)) => text.clone().into_owned(),
        _ => String::new(),
    };
    Ok(Some(Header { key: word("key"), revision: word("source_revision"), files: word("files") }))
}
pub struct Finding {
    pub state: i32,
    pub target: String,
    pub revision: String,
    pub note: &'static str,
}

/// What lies here for the unit. Never writes.
pub fn find(instance: &Instance, unit: &UnitFacts) -> Outcome<Finding> {
    let place = unit.place(instance);
    let target = place.whole().display().to_string();
    let nothing =
        Finding { state: abi::FOUND_NOTHING, target: String::new(), revision: String::new(), note: "" };
    if let Some(header) = read_header(&place.part())? {
        let is_ours = header.key == unit.key && !unit.key.is_empty();
        let (state, note) = match (is_ours, read_marks(&place).is_empty()) {
            (true, false) => (abi::FOUND_PARTIAL, "its writing was interrupted"),
            (true, true) => (abi::FOUND_BROKEN, "nothing tells how far its writing came"),
            (false, _) => (abi::FOUND_FOREIGN, "another job has begun it"),
        };
        return Ok(Finding { state, target, revision: header.revision, note });
    }
    match read_header(&place.whole())? {
        None => Ok(nothing),
        Some(header) if header.key == unit.key && !unit.key.is_empty() => {
            Ok(Finding { state: abi::FOUND_COMPLETE, target, revision: header.revision, note: "" })
        }
        Some(header) => Ok(Finding {
            state: abi::FOUND_FOREIGN,
            target,
            revision: header.revision,
            note: "it has another key",
        }),
    }
}

/// What of a `host_unit` is needed here, copied: the host's memory ends with the call.
pub struct UnitFacts {
    kind: String,
    project: String,
    id: String,
    key: String,
    pub header: Line,
}

impl UnitFacts {
    /// # Safety
    /// `unit` is one that the host has lent to the call that runs.
    pub unsafe fn copy(unit: &Unit) -> Outcome<UnitFacts> {
        let text = |text: abi::Text| unsafe { text.string() };
        let (kind, project, id, key) = (text(unit.kind), text(unit.project), text(unit.id), text(unit.key));
        let has_fork = unit.has_fork_step != 0;
        let header = Line::new()
            .text("format", "host-jsonl/1")
            .text("kind", &kind)
            .text("project", &project)
            .text("id", &id)
            .text("name", &text(unit.name))
            .text("group", &text(unit.group))
            .text("state", &text(unit.state))
            .text("owner", &text(unit.owner))
            .text("parent", &text(unit.parent))
            .text("fork_parent", &text(unit.fork_parent))
            .int("fork_step", has_fork.then(|| unit.fork_step))
            .int(
                "fork_millionths",
                (has_fork && unit.fork_millionths != 0).then(|| unit.fork_millionths.into()),
            )
            .time("created", unit.created_ms)?
            .time("started", unit.started_ms)?
            .time("ended", unit.ended_ms)?
            .truth("archived", unit.archived != 0)
            .text("key", &key)
            .text("job", &text(unit.job))
            .text("source", &text(unit.source))
            .text("source_revision", &text(unit.revision))
            // Readers refuse a file that promises a last line and has none: it was cut off.
            .truth("ends", true);
        Ok(UnitFacts { kind, project, id, key, header })
    }

    pub fn place(&self, instance: &Instance) -> Place {
        Place::new(&instance.folder, &self.kind, &self.project, &self.id)
    }
}
