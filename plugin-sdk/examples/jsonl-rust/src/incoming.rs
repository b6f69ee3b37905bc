// SPDX-License-Identifier: Apache-2.0

//! Batches that the host hands over, read without copying.

use crate::abi::{self, Array, Schema, INVALID_DATA};
use crate::host::{Error, Outcome};
use crate::tables::{Kind, Table};
use std::ffi::{c_void, CStr};
use std::marker::PhantomData;
use std::{ptr, slice, str};

/// A batch that was moved here. It is released exactly once, whichever way `write` ends.
pub struct Moved {
    schema: Schema,
    array: Array,
}

impl Moved {
    /// # Safety
    /// `batch` is one that the host has lent to `write`. Afterwards it no longer owns its arrays.
    pub unsafe fn take(batch: *mut abi::Batch) -> Moved {
        unsafe {
            let moved = Moved { schema: (*batch).schema, array: (*batch).array };
            (*batch).schema.release = None;
            (*batch).array.release = None;
            moved
        }
    }

    pub fn rows(&self) -> usize {
        self.array.length.max(0) as usize
    }

    /// The table's columns in its own order; `None` for one that the batch does not have.
    pub fn columns(&self, table: &Table) -> Outcome<Vec<Option<View<'_>>>> {
        let mut views: Vec<Option<View>> = table.columns.iter().map(|_| None).collect();
        if self.schema.n_children != self.array.n_children {
            return Err(broken(table.id, "schema and array differ"));
        }
        for index in 0..self.schema.n_children.max(0) as usize {
            // Safety: by the C data interface there are `n_children` valid structs, as long as `self` is not released.
            let (schema, array) = unsafe {
                match (
                    (*self.schema.children.add(index)).as_ref(),
                    (*self.array.children.add(index)).as_ref(),
                ) {
                    (Some(schema), Some(array)) => (schema, array),
                    _ => return Err(broken(table.id, "a column is missing")),
                }
            };
            let name = text_of(schema.name);
            if let Some(column) = table.column(name) {
                views[column] =
                    Some(View::new(table.columns[column].kind, schema, array, self.rows(), name)?);
            }
        }
        for (column, view) in table.columns.iter().zip(&views) {
            if column.required && view.is_none() {
                return Err(broken(column.name, "a required column is missing"));
            }
        }
        Ok(views)
    }
}

impl Drop for Moved {
    fn drop(&mut self) {
        unsafe {
            if let Some(release) = self.array.release {
                release(&mut self.array);
            }
            if let Some(release) = self.schema.release {
                release(&mut self.schema);
            }
        }
    }
}

fn broken(subject: &str, what: &str) -> Error {
    Error::new(INVALID_DATA, subject, format!("The host handed over a batch that can't be read: {}.", what))
}

fn text_of<'a>(text: *const std::os::raw::c_char) -> &'a str {
    if text.is_null() {
        return "";
    }
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("")
}

/// One value of a column.
pub enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Microseconds; `Err` has milliseconds that do not fit.
    Time(Result<i64, i64>),
    Text(&'a str),
    List(View<'a>, std::ops::Range<usize>),
}

/// One column. The kind of the column was checked against its format, so `cell` need not.
#[derive(Clone)]
pub struct View<'a> {
    form: Form<'a>,
    /// Bits, one a row, 0 for null; NULL when there is none.
    validity: *const u8,
    offset: usize,
}

#[derive(Clone)]
enum Form<'a> {
    Bools(*const u8),
    Int32s(*const i32),
    Int64s(*const i64),
    Floats(*const f64),
    Times(*const i64, i64),
    Texts(Starts, *const u8),
    Encoded(*const i32, Box<View<'a>>),
    Lists(*const i32, Box<View<'a>>),
    #[allow(dead_code)] // ties a view to the batch whose memory it reads
    Marker(PhantomData<&'a Moved>),
}

#[derive(Clone, Copy)]
enum Starts {
    Narrow(*const i32),
    Wide(*const i64),
}

impl<'a> View<'a> {
    fn new(kind: Kind, schema: &Schema, array: &Array, rows: usize, name: &str) -> Outcome<View<'a>> {
        let format = text_of(schema.format);
        let buffer = |index: usize| -> *const c_void {
            if array.buffers.is_null() || index >= array.n_buffers.max(0) as usize {
                return ptr::null();
            }
            unsafe { *array.buffers.add(index) }
        };
        let inner = |kind: Kind, schemas: *mut Schema, arrays: *mut Array| -> Outcome<Box<View<'a>>> {
            match unsafe { (schemas.as_ref(), arrays.as_ref()) } {
                (Some(schema), Some(array)) => {
                    let rows = array.length.max(0) as usize;
                    Ok(Box::new(View::new(kind, schema, array, rows, name)?))
                }
                _ => Err(broken(name, "it lacks its values")),
            }
        };
        let first_child = || unsafe {
            if schema.n_children == 1 && array.n_children == 1 {
                (*schema.children, *array.children)
            } else {
                (ptr::null_mut(), ptr::null_mut())
            }
        };
        let values = buffer(1);
        let form = match (kind, format) {
            (Kind::Text, "i") => {
                Form::Encoded(values as *const i32, inner(Kind::Text, schema.dictionary, array.dictionary)?)
            }
            (Kind::Text, "u") => Form::Texts(Starts::Narrow(values as *const i32), buffer(2) as *const u8),
            (Kind::Text, "U") => Form::Texts(Starts::Wide(values as *const i64), buffer(2) as *const u8),
            (Kind::Bool, "b") => Form::Bools(values as *const u8),
            (Kind::Int32, "i") => Form::Int32s(values as *const i32),
            (Kind::Int64, "l") => Form::Int64s(values as *const i64),
            (Kind::Float64, "g") => Form::Floats(values as *const f64),
            (Kind::Time, "tsu:UTC") => Form::Times(values as *const i64, 1),
            (Kind::Time, "tsm:UTC") => Form::Times(values as *const i64, 1000),
            (Kind::TextList, "+l") => {
                let (schemas, arrays) = first_child();
                Form::Lists(values as *const i32, inner(Kind::Text, schemas, arrays)?)
            }
            (Kind::FloatList, "+l") => {
                let (schemas, arrays) = first_child();
                Form::Lists(values as *const i32, inner(Kind::Float64, schemas, arrays)?)
            }
            _ => return Err(broken(name, &format!("its format is '{}'", format))),
        };
        if array.length < rows as i64 || array.offset < 0 || (rows > 0 && values.is_null()) {
            return Err(broken(name, "it is shorter than the batch"));
        }
        let validity = if array.null_count == 0 { ptr::null() } else { buffer(0) as *const u8 };
        Ok(View { form, validity, offset: array.offset as usize })
    }

    fn bit(bits: *const u8, at: usize) -> bool {
        unsafe { *bits.add(at / 8) & (1 << (at % 8)) != 0 }
    }

    /// `row` is below the batch's number of rows, or within the range of a list.
    pub fn cell(&self, row: usize) -> Outcome<Cell<'_>> {
        let at = self.offset + row;
        if !self.validity.is_null() && !Self::bit(self.validity, at) {
            return Ok(Cell::Null);
        }
        // Safety: the buffers of an Arrow array hold offset + length values, and the host has checked offsets,
        // indices and UTF-8 of what it hands over.
        Ok(unsafe {
            match &self.form {
                Form::Bools(bits) => Cell::Bool(Self::bit(*bits, at)),
                Form::Int32s(values) => Cell::Int(i64::from(*values.add(at))),
                Form::Int64s(values) => Cell::Int(*values.add(at)),
                Form::Floats(values) => Cell::Float(*values.add(at)),
                Form::Times(values, scale) => {
                    let value = *values.add(at);
                    Cell::Time(value.checked_mul(*scale).ok_or(value))
                }
                Form::Texts(starts, data) => {
                    let (from, to) = match starts {
                        Starts::Narrow(starts) => {
                            (i64::from(*starts.add(at)), i64::from(*starts.add(at + 1)))
                        }
                        Starts::Wide(starts) => (*starts.add(at), *starts.add(at + 1)),
                    };
                    if to <= from || data.is_null() {
                        return Ok(Cell::Text(""));
                    }
                    let bytes = slice::from_raw_parts(data.add(from as usize), (to - from) as usize);
                    Cell::Text(str::from_utf8(bytes).map_err(|_| broken("text", "it is not UTF-8"))?)
                }
                Form::Encoded(indices, texts) => return texts.cell(*indices.add(at) as usize),
                Form::Lists(starts, items) => {
                    let (from, to) = (*starts.add(at), *starts.add(at + 1));
                    Cell::List((**items).clone(), from.max(0) as usize..to.max(from).max(0) as usize)
                }
                Form::Marker(_) => Cell::Null,
            }
        })
    }

    pub fn text(&self, row: usize) -> Outcome<&str> {
        match self.cell(row)? {
            Cell::Text(text) => Ok(text),
            _ => Ok(""),
        }
    }
}
