// SPDX-License-Identifier: Apache-2.0

//! How far a unit that is being written is durable, in a file beside it.

use crate::place::Place;
use std::fs;

/// How far a unit is durable: the file's length behind a batch, and the rows of each counted table, as the host
/// counts them: given to `write`, less those told as dropped.
#[derive(Clone, Copy, Default)]
pub struct Mark {
    pub sequence: u64,
    pub length: u64,
    pub written: [i64; 5],
    pub files: u64,
}

impl Mark {
    pub fn line(&self) -> String {
        let written: Vec<String> = self.written.iter().map(|count| count.to_string()).collect();
        format!("{} {} {} {} .\n", self.sequence, self.length, self.files, written.join(" "))
    }

    /// The point at the end tells a whole line from one that a crash has cut.
    fn parse(line: &str) -> Option<Mark> {
        let words: Vec<&str> = line.split(' ').collect();
        if words.len() != 9 || words[8] != "." {
            return None;
        }
        let mut mark = Mark {
            sequence: words[0].parse().ok()?,
            length: words[1].parse().ok()?,
            files: words[2].parse().ok()?,
            written: [0; 5],
        };
        for (count, word) in mark.written.iter_mut().zip(&words[3..8]) {
            *count = word.parse().ok()?;
        }
        Some(mark)
    }
}

/// The marks that count: whole lines, in order, within the lines that are there.
pub fn read_marks(place: &Place) -> Vec<Mark> {
    let length = fs::metadata(place.part()).map_or(0, |facts| facts.len());
    let text = fs::read_to_string(place.marks()).unwrap_or_default();
    let whole = text.lines().map_while_some(Mark::parse);
    whole.into_iter().take_while(|mark| mark.length <= length).collect()
}
trait MapWhileSome: Iterator + Sized {
    fn map_while_some<T>(self, mut make: impl FnMut(Self::Item) -> Option<T>) -> Vec<T> {
        let mut made = Vec::new();
        for item in self {
            match make(item) {
                Some(value) => made.push(value),
                None => break,
            }
        }
        made
    }
}
impl<I: Iterator> MapWhileSome for I {}
