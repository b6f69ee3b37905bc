// SPDX-License-Identifier: Apache-2.0

//! Batches that are handed to the host: Arrow arrays that own their memory until they are released.

use crate::abi::{Array, Schema};
use crate::tables::{Kind, Table};
use std::ffi::{c_void, CString};
use std::ptr;

/// The value of one cell, on its way into a column of the same kind.
#[derive(Debug)]
pub enum Item<'a> {
    Null,
    Bool(bool),
    Int32(i32),
    /// Also times, in microseconds.
    Int64(i64),
    Float(f64),
    Text(&'a str),
    Texts(Vec<&'a str>),
    Floats(Vec<f64>),
}

enum Values {
    Bools(Vec<u8>),
    Int32s(Vec<i32>),
    Int64s(Vec<i64>),
    Floats(Vec<f64>),
    Texts(Vec<i32>, Vec<u8>),
    Lists(Vec<i32>, Box<Column>),
}

struct Column {
    format: &'static str,
    values: Values,
    validity: Vec<u8>,
    rows: usize,
    nulls: i64,
}

impl Column {
    fn new(kind: Kind) -> Column {
        let (format, values) = match kind {
            Kind::Text => ("u", Values::Texts(vec![0], Vec::new())),
            Kind::Bool => ("b", Values::Bools(Vec::new())),
            Kind::Int32 => ("i", Values::Int32s(Vec::new())),
            Kind::Int64 => ("l", Values::Int64s(Vec::new())),
            Kind::Float64 => ("g", Values::Floats(Vec::new())),
            Kind::Time => ("tsu:UTC", Values::Int64s(Vec::new())),
            Kind::TextList => ("+l", Values::Lists(vec![0], Box::new(Column::new(Kind::Text)))),
            Kind::FloatList => ("+l", Values::Lists(vec![0], Box::new(Column::new(Kind::Float64)))),
        };
        Column { format, values, validity: Vec::new(), rows: 0, nulls: 0 }
    }

    /// Texts of a batch stay far below what 32-bit offsets can tell: `Batch::is_full` sees to it.
    fn push(&mut self, item: &Item) {
        set_bit(&mut self.validity, self.rows, !matches!(item, Item::Null));
        self.nulls += i64::from(matches!(item, Item::Null));
        match &mut self.values {
            Values::Bools(bits) => set_bit(bits, self.rows, matches!(item, Item::Bool(true))),
            Values::Int32s(values) => values.push(if let Item::Int32(value) = item { *value } else { 0 }),
            Values::Int64s(values) => values.push(if let Item::Int64(value) = item { *value } else { 0 }),
            Values::Floats(values) => values.push(if let Item::Float(value) = item { *value } else { 0.0 }),
            Values::Texts(offsets, bytes) => {
                if let Item::Text(text) = item {
                    bytes.extend_from_slice(text.as_bytes());
                }
                offsets.push(bytes.len() as i32);
            }
            Values::Lists(offsets, items) => {
                match item {
                    Item::Texts(texts) => texts.iter().for_each(|text| items.push(&Item::Text(text))),
                    Item::Floats(floats) => floats.iter().for_each(|float| items.push(&Item::Float(*float))),
                    _ => {}
                }
                offsets.push(items.rows as i32);
            }
        }
        self.rows += 1;
    }
}

fn set_bit(bits: &mut Vec<u8>, at: usize, value: bool) {
    if at % 8 == 0 {
        bits.push(0);
    }
    if let (true, Some(last)) = (value, bits.last_mut()) {
        *last |= 1 << (at % 8);
    }
}

/// Rows of one table, being collected.
pub struct Batch {
    pub table: &'static Table,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

impl Batch {
    pub fn new(table: &'static Table) -> Batch {
        let columns = table.columns.iter().map(|column| Column::new(column.kind)).collect();
        Batch { table, columns, rows: 0, bytes: 0 }
    }

    /// `items` in the order of the table's columns; `bytes` about as many as the row takes.
    pub fn push(&mut self, items: &[Item], bytes: usize) {
        for (column, item) in self.columns.iter_mut().zip(items) {
            column.push(item);
        }
        self.rows += 1;
        self.bytes += bytes;
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Well below 65,536 rows and 8 MiB, the border's limits; the row that fills it is in it.
    pub fn is_full(&self) -> bool {
        self.rows >= 16_384 || self.bytes >= 3 << 20
    }

    pub fn hand_over(self) -> (Schema, Array) {
        let table = self.table;
        let rows = self.rows;
        let schemas =
            table.columns.iter().zip(&self.columns).map(|(rule, column)| schema(rule.name, column)).collect();
        let arrays = self.columns.into_iter().map(array).collect();
        let root =
            Column { format: "+s", values: Values::Bools(Vec::new()), validity: Vec::new(), rows, nulls: 0 };
        (own_schema("", "+s", schemas), own_array(root, arrays, 1))
    }
}

fn schema(name: &str, column: &Column) -> Schema {
    let children = match &column.values {
        Values::Lists(_, items) => vec![schema("item", items)],
        _ => Vec::new(),
    };
    own_schema(name, column.format, children)
}

fn array(mut column: Column) -> Array {
    let buffers = if let Values::Texts(..) = column.values { 3 } else { 2 };
    let mut children = Vec::new();
    if let Values::Lists(_, items) = &mut column.values {
        children.push(array(std::mem::replace(items, Column::new(Kind::Bool))));
    }
    own_array(column, children, buffers)
}

/// What a schema points to. The host may move a child away and release it later, so each owns its own.
struct SchemaParts {
    _format: CString,
    _name: CString,
    children: Vec<*mut Schema>,
}

struct ArrayParts {
    _column: Column,
    buffers: [*const c_void; 3],
    children: Vec<*mut Array>,
}

fn own_schema(name: &str, format: &str, children: Vec<Schema>) -> Schema {
    let children = children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect();
    // Names and formats are this plugin's own and hold no NUL, so nothing is replaced here.
    let mut parts = Box::new(SchemaParts {
        _format: CString::new(format).unwrap_or_default(),
        _name: CString::new(name).unwrap_or_default(),
        children,
    });
    Schema {
        format: parts._format.as_ptr(),
        name: parts._name.as_ptr(),
        metadata: ptr::null(),
        flags: 2, // ARROW_FLAG_NULLABLE
        n_children: parts.children.len() as i64,
        children: parts.children.as_mut_ptr(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: Box::into_raw(parts) as *mut c_void,
    }
}

fn own_array(column: Column, children: Vec<Array>, buffers: i64) -> Array {
    let mut pointers = [ptr::null(); 3];
    if column.nulls > 0 {
        pointers[0] = column.validity.as_ptr() as *const c_void;
    }
    match &column.values {
        Values::Bools(bits) => pointers[1] = bits.as_ptr() as *const c_void,
        Values::Int32s(values) => pointers[1] = values.as_ptr() as *const c_void,
        Values::Int64s(values) => pointers[1] = values.as_ptr() as *const c_void,
        Values::Floats(values) => pointers[1] = values.as_ptr() as *const c_void,
        Values::Texts(offsets, bytes) => {
            pointers[1] = offsets.as_ptr() as *const c_void;
            pointers[2] = bytes.as_ptr() as *const c_void;
        }
        Values::Lists(offsets, _) => pointers[1] = offsets.as_ptr() as *const c_void,
    }
    let (rows, nulls) = (column.rows as i64, column.nulls);
    let children = children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect();
    // The vectors move into the box, their memory does not: the pointers hold.
    let mut parts = Box::new(ArrayParts { _column: column, buffers: pointers, children });
    Array {
        length: rows,
        null_count: nulls,
        offset: 0,
        n_buffers: buffers,
        n_children: parts.children.len() as i64,
        buffers: parts.buffers.as_mut_ptr(),
        children: parts.children.as_mut_ptr(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: Box::into_raw(parts) as *mut c_void,
    }
}

unsafe extern "C" fn release_schema(schema: *mut Schema) {
    unsafe {
        let parts = Box::from_raw((*schema).private_data as *mut SchemaParts);
        (*schema).release = None;
        for child in &parts.children {
            let mut child = Box::from_raw(*child);
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
    }
}

unsafe extern "C" fn release_array(array: *mut Array) {
    unsafe {
        let parts = Box::from_raw((*array).private_data as *mut ArrayParts);
        (*array).release = None;
        for child in &parts.children {
            let mut child = Box::from_raw(*child);
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
    }
}
