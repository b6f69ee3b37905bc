// SPDX-License-Identifier: Apache-2.0

//! The record tables of `tables.h`: one list, from which batches are read, built and written as lines.

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Text,
    Bool,
    Int32,
    Int64,
    Float64,
    /// Microseconds since 1970 UTC at this side; a batch may also hold milliseconds.
    Time,
    TextList,
    FloatList,
}

#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

#[derive(Debug)]
pub struct Table {
    /// As it crosses the border.
    pub id: &'static str,
    /// As it stands in a line.
    pub label: &'static str,
    pub columns: &'static [Column],
}

impl Table {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn by_id(id: &[u8]) -> Option<usize> {
        RECORDS.iter().position(|table| table.id.as_bytes() == id)
    }

    pub fn by_label(label: &str) -> Option<usize> {
        RECORDS.iter().position(|table| table.label == label)
    }
}

const fn must(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: true }
}
const fn may(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: false }
}

/// The tables that hold a unit's records. The first five are those that `host_commit` counts.
pub static RECORDS: [Table; 7] = [
    Table {
        id: "fields/1",
        label: "fields",
        columns: &[
            must("path", Kind::Text),
            must("role", Kind::Text),
            must("type", Kind::Text),
            may("int", Kind::Int64),
            may("float", Kind::Float64),
            may("text", Kind::Text),
            may("bool", Kind::Bool),
            may("time", Kind::Time),
            may("set", Kind::TextList),
        ],
    },
    Table {
        id: "points/1",
        label: "points",
        columns: &[
            must("path", Kind::Text),
            may("step", Kind::Int64),
            may("millionths", Kind::Int32),
            may("time", Kind::Time),
            must("value", Kind::Float64),
        ],
    },
    Table {
        id: "series/1",
        label: "series",
        columns: &[
            must("path", Kind::Text),
            may("step", Kind::Int64),
            may("millionths", Kind::Int32),
            may("time", Kind::Time),
            must("text", Kind::Text),
        ],
    },
    Table {
        id: "histograms/1",
        label: "histograms",
        columns: &[
            must("path", Kind::Text),
            may("step", Kind::Int64),
            may("millionths", Kind::Int32),
            may("time", Kind::Time),
            must("kind", Kind::Text),
            must("edges", Kind::FloatList),
            must("values", Kind::FloatList),
        ],
    },
    Table {
        id: "files/1",
        label: "files",
        columns: &[
            must("path", Kind::Text),
            must("role", Kind::Text),
            must("name", Kind::Text),
            may("step", Kind::Int64),
            may("millionths", Kind::Int32),
            may("time", Kind::Time),
            may("size", Kind::Int64),
            may("sha256", Kind::Text),
            may("media_type", Kind::Text),
            must("blob", Kind::Text),
        ],
    },
    Table {
        id: "links/1",
        label: "links",
        columns: &[
            must("relation", Kind::Text),
            must("kind", Kind::Text),
            must("project", Kind::Text),
            must("id", Kind::Text),
            may("note", Kind::Text),
        ],
    },
    Table {
        id: "grants/1",
        label: "grants",
        columns: &[
            must("object", Kind::Text),
            must("principal_kind", Kind::Text),
            must("principal", Kind::Text),
            must("level", Kind::Text),
            may("inherited", Kind::Bool),
        ],
    },
];

pub const FIELDS: usize = 0;
pub const FILES: usize = 4;

pub static UNITS: Table = Table {
    id: "units/1",
    label: "units",
    columns: &[
        must("kind", Kind::Text),
        must("project", Kind::Text),
        must("id", Kind::Text),
        may("name", Kind::Text),
        may("group", Kind::Text),
        may("state", Kind::Text),
        may("owner", Kind::Text),
        may("parent", Kind::Text),
        may("fork_parent", Kind::Text),
        may("fork_step", Kind::Int64),
        may("fork_millionths", Kind::Int32),
        may("created", Kind::Time),
        may("started", Kind::Time),
        may("ended", Kind::Time),
        may("archived", Kind::Bool),
        may("revision", Kind::Text),
    ],
};

pub static PATHS: Table = Table {
    id: "paths/1",
    label: "paths",
    columns: &[
        must("path", Kind::Text),
        must("table", Kind::Text),
        must("role", Kind::Text),
        may("rows", Kind::Int64),
    ],
};
