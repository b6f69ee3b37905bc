// SPDX-License-Identifier: Apache-2.0

//! Records as lines: `{"table":"points","path":"loss","step":7,"value":0.25}`. The keys are the columns of `tables.h`;
//! a null is a key that is not there.

use crate::abi::{CONFLICT, NO_TIME};
use crate::host::{Error, Outcome};
use crate::incoming::{Cell, View};
use crate::json::{self, get, Object, Value};
use crate::outgoing::Item;
use crate::tables::{self, Kind, Table};

/// What one written row had that no line can tell.
pub struct Shortfall {
    /// A time in milliseconds that has no room in microseconds: the row went without it.
    pub lost_time: bool,
}

/// Appends the line of one row. `instead` replaces the text of a column: files lie at another place here.
pub fn put_row(
    out: &mut Vec<u8>,
    table: &Table,
    columns: &[Option<View>],
    row: usize,
    instead: Option<(usize, &str)>,
) -> Outcome<Shortfall> {
    let mut shortfall = Shortfall { lost_time: false };
    out.extend_from_slice(b"{\"table\":");
    json::put_text(out, table.label);
    for (index, column) in table.columns.iter().enumerate() {
        let cell = match (&columns[index], instead) {
            (_, Some((replaced, text))) if replaced == index => Cell::Text(text),
            (Some(view), _) => view.cell(row)?,
            (None, _) => Cell::Null,
        };
        if let Cell::Time(Err(_)) = cell {
            shortfall.lost_time = true;
            continue;
        }
        if let Cell::Null = cell {
            continue;
        }
        put_key(out, column.name);
        put_cell(out, &cell)?;
    }
    out.extend_from_slice(b"}\n");
    Ok(shortfall)
}

fn put_key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    json::put_text(out, name);
    out.push(b':');
}

fn put_cell(out: &mut Vec<u8>, cell: &Cell) -> Outcome<()> {
    match cell {
        Cell::Null | Cell::Time(Err(_)) => out.extend_from_slice(b"null"),
        Cell::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Cell::Int(value) | Cell::Time(Ok(value)) => out.extend_from_slice(value.to_string().as_bytes()),
        Cell::Float(value) => json::put_float(out, *value),
        Cell::Text(text) => json::put_text(out, text),
        Cell::List(items, range) => {
            out.push(b'[');
            for at in range.clone() {
                if at > range.start {
                    out.push(b',');
                }
                put_cell(out, &items.cell(at)?)?;
            }
            out.push(b']');
        }
    }
    Ok(())
}

/// A line of single values, for the first and the last one of a file.
pub struct Line(Vec<u8>);

impl Line {
    pub fn new() -> Line {
        Line(vec![b'{'])
    }

    /// Absent text is left out.
    pub fn text(mut self, name: &str, value: &str) -> Line {
        if !value.is_empty() {
            put_key(&mut self.0, name);
            json::put_text(&mut self.0, value);
        }
        self
    }

    pub fn int(mut self, name: &str, value: Option<i64>) -> Line {
        if let Some(value) = value {
            put_key(&mut self.0, name);
            self.0.extend_from_slice(value.to_string().as_bytes());
        }
        self
    }

    pub fn truth(mut self, name: &str, value: bool) -> Line {
        put_key(&mut self.0, name);
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        self
    }

    /// Milliseconds as the border has them, in microseconds as lines have them.
    pub fn time(self, name: &str, milliseconds: i64) -> Outcome<Line> {
        if milliseconds == NO_TIME {
            return Ok(self);
        }
        let time = milliseconds.checked_mul(1000);
        let time = time.ok_or_else(|| Error::new(CONFLICT, name, "The time has no room in microseconds."))?;
        Ok(self.int(name, Some(time)))
    }

    pub fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(b"}\n");
        self.0
    }
}

/// The cells of a line in the order of the table's columns. An error says what is wrong with it.
pub fn items<'o, 'a>(table: &Table, object: &'o Object<'a>) -> Result<Vec<Item<'o>>, &'static str> {
    let mut items = Vec::with_capacity(table.columns.len());
    for column in table.columns {
        let item = match get(object, column.name) {
            None | Some(Value::Null) => Item::Null,
            Some(value) => item(column.kind, value).ok_or("a value is not of its column's type")?,
        };
        if column.required && matches!(item, Item::Null) {
            return Err("a required key is missing");
        }
        items.push(item);
    }
    check_steps(table, &items)?;
    if table.label == tables::RECORDS[tables::FIELDS].label {
        check_type(table, &items)?;
    }
    Ok(items)
}

fn item<'o, 'a>(kind: Kind, value: &'o Value<'a>) -> Option<Item<'o>> {
    Some(match (kind, value) {
        (Kind::Text, Value::Text(text)) => Item::Text(text),
        (Kind::Bool, Value::Bool(value)) => Item::Bool(*value),
        (Kind::Int32, Value::Number(text)) => Item::Int32(text.parse().ok()?),
        (Kind::Int64 | Kind::Time, Value::Number(text)) => Item::Int64(text.parse().ok()?),
        (Kind::Float64, value) => Item::Float(json::float(value)?),
        (Kind::TextList, Value::List(list)) => {
            let texts =
                list.iter().map(|item| if let Value::Text(text) = item { Some(text.as_ref()) } else { None });
            Item::Texts(texts.collect::<Option<_>>()?)
        }
        (Kind::FloatList, Value::List(list)) => {
            Item::Floats(list.iter().map(json::float).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Millionths lie above a whole step, and are null when there are none.
fn check_steps(table: &Table, items: &[Item]) -> Result<(), &'static str> {
    for (whole, part) in [("step", "millionths"), ("fork_step", "fork_millionths")] {
        let at = |name| table.column(name).map(|index| &items[index]);
        match (at(part), at(whole)) {
            (Some(Item::Int32(1..=999_999)), Some(Item::Int64(_))) | (Some(Item::Null) | None, _) => {}
            _ => return Err("millionths are 1 to 999999 above a whole step"),
        }
    }
    Ok(())
}

/// `type` names the one column that has a value.
fn check_type(table: &Table, items: &[Item]) -> Result<(), &'static str> {
    const VALUES: std::ops::Range<usize> = 3..9;
    let given: Vec<&str> = VALUES
        .filter(|index| !matches!(items[*index], Item::Null))
        .map(|index| table.columns[index].name)
        .collect();
    match &items[2] {
        Item::Text(kind) if given == [*kind] => Ok(()),
        _ => Err("a field has one value, in the key that its type names"),
    }
}

/// Keys of a record's line that no column has.
pub fn has_unknown_keys(table: &Table, object: &Object) -> bool {
    object.iter().any(|(key, _)| key != "table" && table.column(key).is_none())
}
