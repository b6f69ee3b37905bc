// SPDX-License-Identifier: Apache-2.0

//! The C ABI in Rust: the structs of `plugin-sdk/include/host`, and nothing else.
//!
//! Each field stands beside its offset, the same number as in `c/layout.c`, and the compiler compares the two. So a
//! field that is missing here, has another type or another place does not compile. (`offset_of!` is younger than
//! Rust 1.63; the macro follows the rule by which `repr(C)` places fields.)

use std::ffi::c_void;
use std::mem::{align_of, size_of};
use std::os::raw::c_char;

macro_rules! border {
    ($(#[$note:meta])* $name:ident: $size:literal { $($field:ident: $type:ty = $offset:literal,)* }) => {
        $(#[$note])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name { $(pub $field: $type,)* }
        const _: () = {
            let mut at = 0;
            $(
                at = (at + align_of::<$type>() - 1) / align_of::<$type>() * align_of::<$type>();
                assert!(at == $offset, concat!(stringify!($name), ".", stringify!($field), " is misplaced"));
                at += size_of::<$type>();
            )*
            assert!(at <= $size && size_of::<$name>() == $size, concat!(stringify!($name), " has another size"));
        };
    };
}

pub type Status = i32;
pub const OK: Status = 0;
pub const END: Status = 1;
pub const CANCELLED: Status = 2;
pub const INVALID_OPTION: Status = 3;
pub const INVALID_STATE: Status = 4;
pub const INTERNAL: Status = 5;
pub const INVALID_DATA: Status = 6;
pub const UNSUPPORTED: Status = 7;
pub const NOT_FOUND: Status = 8;
pub const CONFLICT: Status = 9;
pub const IO: Status = 16;

pub const RETRY_DEFAULT: i32 = 0;
pub const RETRY_STOP: i32 = 3;

pub const MAGIC: u32 = 0x5453_4F48;
/// The minor version of the headers that this file was written from.
pub const ABI_MINOR: u32 = 2;
pub const NO_TIME: i64 = i64::MIN;
pub const ROLE_EXPORTER: u32 = 1;
pub const ROLE_LOADER: u32 = 2;

/// Opaque at this side: the host's record of a call. Valid until the call returns.
pub type Call = *mut c_void;
/// Opaque at the other side: boxes of this plugin.
pub type Handle = *mut c_void;

border! { #[derive(Debug)] Text: 16 { data: *const u8 = 0, size: i64 = 8, } }
border! { Bytes: 16 { data: *const u8 = 0, size: i64 = 8, } }

border! { ErrorInfo: 88 {
    struct_size: u32 = 0, status: Status = 4, retry: i32 = 8, http_status: i32 = 12, retry_after_ms: i64 = 16,
    subject: Text = 24, message: Text = 40, remedy: Text = 56, detail: Text = 72,
} }

pub const LOSS_TRUNCATED: i32 = 3;
pub const LOSS_REDATED: i32 = 5;
pub const LOSS_DROPPED: i32 = 7;

border! { Loss: 80 {
    struct_size: u32 = 0, kind: i32 = 4, rows: i64 = 8, table: Text = 16, code: Text = 32, path: Text = 48,
    note: Text = 64,
} }

border! {
    /// What the host offers. It may be larger than this (fields are appended), never smaller.
    Api: 56 {
        struct_size: u32 = 0, abi_minor: u32 = 4,
        fail: unsafe extern "C" fn(Call, *const ErrorInfo) = 8,
        loss: unsafe extern "C" fn(Call, *const Loss) = 16,
        log: unsafe extern "C" fn(Call, i32, Text) = 24,
        cancelled: unsafe extern "C" fn(Call) -> i32 = 32,
        last_error: unsafe extern "C" fn(Call) -> *const ErrorInfo = 40,
        service: unsafe extern "C" fn(Text) -> *const c_void = 48,
    }
}

border! { Blobs: 40 {
    struct_size: u32 = 0, reserved: u32 = 4,
    open: unsafe extern "C" fn(Call, Text, *mut Handle, *mut i64) -> Status = 8,
    read: unsafe extern "C" fn(Call, Handle, i64, *mut u8, i64, *mut i64) -> Status = 16,
    sha256: unsafe extern "C" fn(Call, Handle, *mut u8) -> Status = 24,
    close: unsafe extern "C" fn(Handle) = 32,
} }

pub const OPTION_PATH: i32 = 7;
pub const OPTION_REQUIRED: u32 = 1;
pub const OPTION_IDENTITY: u32 = 8;
pub const OPTION_LOCATION: u32 = 16;

border! { OptionSpec: 112 {
    struct_size: u32 = 0, kind: i32 = 4, flags: u32 = 8, roles: u32 = 12, name: Text = 16, default_value: Text = 32,
    choices: Text = 48, environment: Text = 64, summary: Text = 80, example: Text = 96,
} }

border! { OptionValue: 40 {
    struct_size: u32 = 0, index: u32 = 4, integer: i64 = 8, number: f64 = 16, text: Text = 24,
} }

border! { Limits: 64 {
    struct_size: u32 = 0, tables: u32 = 4, abilities: u64 = 8, kinds: Text = 16, names: *const c_void = 32,
    name_count: u32 = 40, name_stride: u32 = 44, max_text: i64 = 48, max_batch_rows: i64 = 56,
} }

border! { Open: 40 {
    struct_size: u32 = 0, value_count: u32 = 4, value_stride: u32 = 8, reserved: u32 = 12,
    values: *const OptionValue = 16, scope: Text = 24,
} }

border! { UnitRef: 56 { struct_size: u32 = 0, reserved: u32 = 4, kind: Text = 8, project: Text = 24, id: Text = 40, } }

border! { Schema: 72 {
    format: *const c_char = 0, name: *const c_char = 8, metadata: *const c_char = 16, flags: i64 = 24,
    n_children: i64 = 32, children: *mut *mut Schema = 40, dictionary: *mut Schema = 48,
    release: Option<unsafe extern "C" fn(*mut Schema)> = 56, private_data: *mut c_void = 64,
} }

border! { Array: 80 {
    length: i64 = 0, null_count: i64 = 8, offset: i64 = 16, n_buffers: i64 = 24, n_children: i64 = 32,
    buffers: *mut *const c_void = 40, children: *mut *mut Array = 48, dictionary: *mut Array = 56,
    release: Option<unsafe extern "C" fn(*mut Array)> = 64, private_data: *mut c_void = 72,
} }

border! { Batch: 192 {
    struct_size: u32 = 0, reserved: u32 = 4, table: Text = 8, schema: Schema = 24, array: Array = 96,
    cursor: Bytes = 176,
} }

border! { Blob: 24 { struct_size: u32 = 0, fd: i32 = 4, size: i64 = 8, reader: Handle = 16, } }

border! { Exporter: 104 {
    struct_size: u32 = 0, reserved: u32 = 4,
    open: unsafe extern "C" fn(Call, *const Open, *mut Handle) -> Status = 8,
    check: unsafe extern "C" fn(Call, Handle) -> Status = 16,
    list: unsafe extern "C" fn(Call, Handle, Text, Bytes, *mut Handle) -> Status = 24,
    paths: unsafe extern "C" fn(Call, Handle, *const UnitRef, *mut Handle) -> Status = 32,
    read: unsafe extern "C" fn(Call, Handle, *const UnitRef, Bytes, *mut Handle) -> Status = 40,
    next: unsafe extern "C" fn(Call, Handle, *mut Batch) -> Status = 48,
    close_reader: unsafe extern "C" fn(Handle) = 56,
    blob: unsafe extern "C" fn(Call, Handle, Text, *mut Blob) -> Status = 64,
    read_bytes: unsafe extern "C" fn(Call, Handle, *mut u8, i64, *mut i64) -> Status = 72,
    close_bytes: unsafe extern "C" fn(Handle) = 80,
    cancel: unsafe extern "C" fn(Handle) = 88,
    close: unsafe extern "C" fn(Handle) = 96,
} }

border! { Unit: 272 {
    struct_size: u32 = 0, archived: u32 = 4, kind: Text = 8, project: Text = 24, id: Text = 40, name: Text = 56,
    group: Text = 72, state: Text = 88, owner: Text = 104, parent: Text = 120, fork_parent: Text = 136,
    parent_target: Text = 152, created_ms: i64 = 168, started_ms: i64 = 176, ended_ms: i64 = 184,
    fork_step: i64 = 192, fork_millionths: i32 = 200, has_fork_step: u32 = 204, revision: Text = 208,
    key: Text = 224, job: Text = 240, source: Text = 256,
} }

pub const FOUND_NOTHING: i32 = 0;
pub const FOUND_PARTIAL: i32 = 1;
pub const FOUND_BROKEN: i32 = 2;
pub const FOUND_COMPLETE: i32 = 3;
pub const FOUND_FOREIGN: i32 = 4;

border! { Found: 72 {
    struct_size: u32 = 0, state: i32 = 4, target: Text = 8, url: Text = 24, revision: Text = 40, note: Text = 56,
} }

pub const BEGIN_CONTINUE: i32 = 1;

border! { Commit: 64 {
    struct_size: u32 = 0, reserved: u32 = 4, points: i64 = 8, fields: i64 = 16, series: i64 = 24,
    histograms: i64 = 32, files: i64 = 40, checksum: Text = 48,
} }

border! { Target: 40 { struct_size: u32 = 0, reserved: u32 = 4, id: Text = 8, url: Text = 24, } }

border! { Loader: 96 {
    struct_size: u32 = 0, reserved: u32 = 4,
    open: unsafe extern "C" fn(Call, *const Open, *mut Handle) -> Status = 8,
    check: unsafe extern "C" fn(Call, Handle) -> Status = 16,
    limits: unsafe extern "C" fn(Call, Handle, *mut *const Limits) -> Status = 24,
    find: unsafe extern "C" fn(Call, Handle, *const Unit, *mut Found) -> Status = 32,
    begin: unsafe extern "C" fn(Call, Handle, *const Unit, *const Found, i32, u64, *mut Handle) -> Status = 40,
    write: unsafe extern "C" fn(Call, Handle, *mut Batch, u64, *mut u64) -> Status = 48,
    flush: unsafe extern "C" fn(Call, Handle, *mut u64) -> Status = 56,
    commit: unsafe extern "C" fn(Call, Handle, *const Commit, *mut Target) -> Status = 64,
    end: unsafe extern "C" fn(Handle) = 72,
    cancel: unsafe extern "C" fn(Handle) = 80,
    close: unsafe extern "C" fn(Handle) = 88,
} }

border! { Descriptor: 160 {
    struct_size: u32 = 0, roles: u32 = 4, name: Text = 8, version: Text = 24, summary: Text = 40, vendor: Text = 56,
    licence: Text = 72, home: Text = 88, runtime: Text = 104, options: *const OptionSpec = 120,
    option_count: u32 = 128, option_stride: u32 = 132, limits: *const Limits = 136, actions: *const c_void = 144,
    action_count: u32 = 152, action_stride: u32 = 156,
} }

border! { Plugin: 48 {
    struct_size: u32 = 0, magic: u32 = 4, abi_minor: u32 = 8, reserved: u32 = 12,
    descriptor: *const Descriptor = 16, init: unsafe extern "C" fn(*const Api) -> Status = 24,
    exporter: *const Exporter = 32, loader: *const Loader = 40,
} }

/// A constant that C code reads. Raw pointers make a type unfit for sharing in Rust's eyes; constants are not.
#[repr(transparent)]
pub struct Constant<T>(pub T);
// Safety: the value is never changed, and all that its pointers lead to is constant, too.
unsafe impl<T> Sync for Constant<T> {}

impl Text {
    pub const ABSENT: Text = Text { data: std::ptr::null(), size: 0 };

    /// A view; whoever hands it out sees to it that `text` lives long enough.
    pub const fn of(text: &str) -> Text {
        Text { data: text.as_ptr(), size: text.len() as i64 }
    }

    /// # Safety
    /// The view must be one that the host has lent to the call that is running.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.data.is_null() || self.size <= 0 {
            return &[];
        }
        unsafe { std::slice::from_raw_parts(self.data, self.size as usize) }
    }

    /// A copy. The host hands over UTF-8; anything else is mended rather than refused.
    ///
    /// # Safety
    /// As `bytes`.
    pub unsafe fn string(self) -> String {
        String::from_utf8_lossy(unsafe { self.bytes() }).into_owned()
    }
}

pub const fn size_of_u32<T>() -> u32 {
    size_of::<T>() as u32
}
