// SPDX-License-Identifier: Apache-2.0

//! The loader: a unit becomes a file of lines, which gets its name when it is whole.
//!
//! Durable: a batch is told as durable once its lines and files, and then the mark behind them, went through `fsync`.
//! A mark is a line "sequence length counts…" in a file of its own: a load that goes on behind a batch cuts the lines
//! off at that batch's mark, so that what comes again is there once.

use crate::abi::{self, Commit};
use crate::handles::Instance;
use crate::host::{Call, Error, Outcome};
use crate::incoming::Moved;
use crate::lines::{put_row, Line};
use crate::marks::{read_marks, Mark};
use crate::place::{make_folder, plain, refuse_link, sync_folder, Place};
use crate::tables::{Table, FILES, RECORDS};
use crate::unit::{read_header, UnitFacts};
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Written to the disk at least this often: less would make a crash repeat more, more would wait for the disk.
const SYNC_BYTES: u64 = 4 << 20;
const SYNC_TIME: Duration = Duration::from_secs(1);

/// The name of a folder of files comes from a file that anybody may have changed.
fn is_ours(place: &Place, files: &str) -> bool {
    files.starts_with(&place.stem) && !files.contains('/')
}

/// A unit that is being written.
pub struct Load {
    place: Place,
    lines: File,
    marks: File,
    files: PathBuf,
    /// Behind the last batch that was written, and behind the last one that is durable.
    at: Mark,
    durable: Mark,
    synced: Instant,
    is_named: bool,
    is_committed: bool,
}

impl Load {
    pub fn begin(instance: &Instance, unit: UnitFacts, how: i32, resume_after: u64) -> Outcome<Load> {
        let place = unit.place(instance);
        for path in [&instance.folder, &place.folder] {
            make_folder(path)?;
        }
        for path in [place.part(), place.marks(), place.whole()] {
            refuse_link(&path)?;
        }
        if how == abi::BEGIN_CONTINUE && resume_after > 0 {
            Load::go_on(place, resume_after)
        } else {
            Load::anew(place, unit.header)
        }
    }

    fn new(place: Place, lines: File, marks: File, files: PathBuf, at: Mark) -> Load {
        let synced = Instant::now();
        Load { place, lines, marks, files, at, durable: at, synced, is_named: false, is_committed: false }
    }

    fn anew(place: Place, header: Line) -> Outcome<Load> {
        // Marks of an earlier attempt must never be read with the lines of this one.
        remove_file(&place.marks())?;
        let number = place.file_folders().iter().map(|(number, _)| number + 1).max().unwrap_or(1);
        let name = format!("{}.files-{}", place.stem, number);
        let mut lines = open(&place.part(), OpenOptions::new().write(true).create(true).truncate(true))?;
        let header = header.text("files", &name).end();
        lines
            .write_all(&header)
            .map_err(|error| Error::io("The file can't be written", &place.part(), error))?;
        let marks = open(&place.marks(), OpenOptions::new().append(true).create(true))?;
        let at = Mark { length: header.len() as u64, ..Mark::default() };
        let files = place.folder.join(name);
        let mut load = Load::new(place, lines, marks, files, at);
        load.sync()?;
        sync_folder(&load.place.folder)?;
        Ok(load)
    }

    fn go_on(place: Place, resume_after: u64) -> Outcome<Load> {
        let known = read_marks(&place).into_iter().filter(|mark| mark.sequence <= resume_after).last();
        let header = read_header(&place.part())?;
        let (at, header) = match (known, header) {
            (Some(mark), Some(header)) if is_ours(&place, &header.files) => (mark, header),
            _ => {
                let subject = place.part().display().to_string();
                return Err(Error::new(
                    abi::CONFLICT,
                    subject,
                    "The unit can't be gone on with: its marks are gone.",
                ));
            }
        };
        let lines = open(&place.part(), OpenOptions::new().write(true))?;
        // Later marks, and half a line of a crash, go too: written anew and put in their place at once.
        let kept: String =
            read_marks(&place).iter().filter(|mark| mark.sequence <= at.sequence).map(Mark::line).collect();
        let fresh = place.folder.join(format!("{}.marks-new", place.stem));
        refuse_link(&fresh)?;
        let mut marks = open(&fresh, OpenOptions::new().write(true).create(true).truncate(true))?;
        let write = marks.write_all(kept.as_bytes()).and_then(|_| marks.sync_all());
        write
            .and_then(|_| fs::rename(&fresh, place.marks()))
            .map_err(|error| Error::io("The marks can't be written", &fresh, error))?;
        sync_folder(&place.folder)?;
        let files = place.folder.join(header.files);
        let mut load = Load::new(place, lines, marks, files, at);
        load.cut()?;
        Ok(load)
    }

    /// A batch is written as a whole or not at all, so that after an error it may come again.
    pub fn write(
        &mut self,
        instance: &Instance,
        batch: &Moved,
        id: &[u8],
        sequence: u64,
        call: &Call,
    ) -> Outcome<u64> {
        self.must_be_open()?;
        let before = self.at;
        match self.put(instance, batch, id, call) {
            Ok(()) => self.at.sequence = sequence,
            Err(error) => {
                self.at = before;
                self.cut()?;
                return Err(error);
            }
        }
        if self.at.length - self.durable.length >= SYNC_BYTES || self.synced.elapsed() >= SYNC_TIME {
            self.sync()?;
        }
        Ok(self.durable.sequence)
    }

    fn cut(&mut self) -> Outcome<()> {
        let cut =
            self.lines.set_len(self.at.length).and_then(|_| self.lines.seek(SeekFrom::Start(self.at.length)));
        cut.map(|_| ()).map_err(|error| Error::io("The file can't be cut", &self.place.part(), error))
    }

    fn put(&mut self, instance: &Instance, batch: &Moved, id: &[u8], call: &Call) -> Outcome<()> {
        let index = Table::by_id(id).ok_or_else(|| {
            Error::new(abi::UNSUPPORTED, String::from_utf8_lossy(id), "The plugin does not know this table.")
        })?;
        let table = &RECORDS[index];
        let columns = batch.columns(table)?;
        let mut out = Vec::new();
        let (mut lost_times, mut missing) = (0, 0);
        for row in 0..batch.rows() {
            let shortfall = if index == FILES {
                instance.go_on(call)?;
                let text = |name: &str| match table.column(name).and_then(|column| columns[column].as_ref()) {
                    Some(view) => view.text(row),
                    None => Ok(""),
                };
                match self.copy_file(text("blob")?, text("name")?, text("path")?, call)? {
                    Some(place) => {
                        put_row(&mut out, table, &columns, row, Some((table.columns.len() - 1, &place)))?
                    }
                    None => {
                        missing += 1;
                        continue;
                    }
                }
            } else {
                put_row(&mut out, table, &columns, row, None)?
            };
            lost_times += i64::from(shortfall.lost_time);
            if out.len() > 1 << 20 {
                self.append(&mut out)?;
            }
        }
        self.append(&mut out)?;
        if lost_times > 0 {
            let note = "The time has no room in microseconds; the record went without it.";
            call.loss(abi::LOSS_REDATED, lost_times, table.id, "time.out-of-range", "", note);
        }
        if let Some(written) = self.at.written.get_mut(index) {
            *written += batch.rows() as i64 - missing;
        }
        Ok(())
    }

    fn append(&mut self, out: &mut Vec<u8>) -> Outcome<()> {
        self.lines
            .write_all(out)
            .map_err(|error| Error::io("The file can't be written", &self.place.part(), error))?;
        self.at.length += out.len() as u64;
        out.clear();
        Ok(())
    }

    /// Copies the bytes beside the lines and gives the place that stands in the row. Numbered in the order of the
    /// rows, so a load that goes on writes each file to the same name again.
    fn copy_file(&mut self, blob: &str, name: &str, path: &str, call: &Call) -> Outcome<Option<String>> {
        self.at.files += 1;
        make_folder(&self.files)?;
        let base = name.rsplit('/').next().unwrap_or("");
        let base = format!("{:06}-{}", self.at.files, plain(base));
        let target = self.files.join(&base);
        refuse_link(&target)?;
        let mut file = open(&target, OpenOptions::new().write(true).create(true).truncate(true))?;
        if !call.copy_blob(blob, &mut file, &target)? {
            drop(file);
            remove_file(&target)?;
            call.loss(
                abi::LOSS_DROPPED,
                1,
                RECORDS[FILES].id,
                "file.missing",
                path,
                "The source has no such file.",
            );
            return Ok(None);
        }
        file.sync_all()
            .map_err(|error| Error::io("The file can't be written to the disk", &target, error))?;
        let folder = self.files.file_name().unwrap_or_default().to_string_lossy();
        Ok(Some(format!("{}/{}", folder, base)))
    }

    /// First the files' names and the lines, then the mark behind them: a mark that is there is true.
    fn sync(&mut self) -> Outcome<()> {
        let part = self.place.part();
        if self.at.files > self.durable.files {
            sync_folder(&self.files)?;
        }
        self.lines
            .sync_data()
            .map_err(|error| Error::io("The file can't be written to the disk", &part, error))?;
        let mark = self.marks.write_all(self.at.line().as_bytes()).and_then(|_| self.marks.sync_data());
        mark.map_err(|error| Error::io("The marks can't be written", &self.place.marks(), error))?;
        self.durable = self.at;
        self.synced = Instant::now();
        Ok(())
    }

    pub fn flush(&mut self) -> Outcome<u64> {
        self.must_be_open()?;
        if self.durable.sequence < self.at.sequence {
            self.sync()?;
        }
        Ok(self.durable.sequence)
    }

    /// Counts, closes the file with its last line and gives it its name. After an error it may be called again.
    pub fn commit(&mut self, summary: &Commit) -> Outcome<String> {
        let whole = self.place.whole();
        let target = whole.display().to_string();
        if self.is_committed {
            return Ok(target);
        }
        let expected = [summary.fields, summary.points, summary.series, summary.histograms, summary.files];
        for (index, (expected, written)) in expected.iter().zip(&self.at.written).enumerate() {
            if expected != written {
                let message = format!("{} rows were to be in the file, and {} are.", expected, written);
                return Err(Error::new(abi::CONFLICT, RECORDS[index].id, message));
            }
        }
        let mut end = Line::new().truth("end", true);
        for (table, written) in RECORDS.iter().zip(&self.at.written) {
            end = end.int(table.label, Some(*written));
        }
        let checksum = unsafe { summary.checksum.string() };
        let end = end.text("checksum", &checksum).end();
        let part = self.place.part();
        let failed = |error| Error::io("The file can't be completed", &part, error);
        if !self.is_named {
            // An earlier attempt may have left its last line, or half of it.
            self.cut()?;
            self.lines.write_all(&end).and_then(|_| self.lines.sync_all()).map_err(failed)?;
            fs::rename(&part, &whole).map_err(failed)?;
            self.is_named = true;
        }
        sync_folder(&self.place.folder)?;
        self.is_committed = true;
        self.tidy();
        Ok(target)
    }

    /// What earlier attempts left is of no use now, and no harm: trouble here is no error.
    fn tidy(&self) {
        let _ = fs::remove_file(self.place.marks());
        for (_, folder) in self.place.file_folders() {
            if folder != self.files {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }

    fn must_be_open(&self) -> Outcome<()> {
        if self.is_committed {
            return Err(Error::new(abi::INVALID_STATE, "jsonl", "The unit is committed already."));
        }
        Ok(())
    }
}

fn open(path: &Path, how: &OpenOptions) -> Outcome<File> {
    how.open(path).map_err(|error| Error::io("The file can't be opened", path, error))
}

fn remove_file(path: &Path) -> Outcome<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("The file can't be removed", path, error))
        }
        _ => Ok(()),
    }
}
