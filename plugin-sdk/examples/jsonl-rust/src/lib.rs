// SPDX-License-Identifier: Apache-2.0

//! A plugin of `host` in Rust, without any crate: folders of JSON lines, read and written.
//!
//! This file is the border: constant tables of `extern "C"` functions, each of which copies what it was lent, runs
//! inside `guard`, and hands a result over. What lies behind it is ordinary Rust.

#![deny(unsafe_op_in_unsafe_fn)]

mod abi;
mod exporter;
mod handles;
mod host;
mod incoming;
mod json;
mod lines;
mod listing;
mod loader;
mod marks;
mod outgoing;
mod place;
mod source;
mod tables;
mod unit;

use abi::{size_of_u32, Bytes, Constant, Handle, Status, Text};
use exporter::Reader;
use handles::{adopt, child, instance, release, Instance};
use host::{guard, shield, Error};
use incoming::Moved;
use loader::Load;
use std::os::unix::io::IntoRawFd;
use std::path::PathBuf;
use std::ptr;
use std::slice;
use unit::UnitFacts;

// ---- Both roles

unsafe extern "C" fn open(call: abi::Call, args: *const abi::Open, out: *mut Handle) -> Status {
    guard(call, |_| {
        let mut folder = PathBuf::new();
        let count = unsafe { (*args).value_count } as usize;
        for index in 0..count {
            // The host's struct may be larger than this plugin's, so its own stride counts.
            let value = unsafe {
                let stride = (*args).value_stride as usize;
                &*((*args).values as *const u8).add(index * stride).cast::<abi::OptionValue>()
            };
            if value.index == 0 {
                folder = PathBuf::from(unsafe { value.text.string() });
            }
        }
        if folder.as_os_str().is_empty() {
            return Err(Error::new(abi::INVALID_OPTION, "folder", "It is empty."));
        }
        unsafe { *out = handles::hand_out(Instance::new(folder)) };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn cancel(handle: Handle) {
    shield(|| {
        if let Ok(instance) = unsafe { instance(handle) } {
            instance.cancel();
        }
    })
}

unsafe extern "C" fn close(handle: Handle) {
    shield(|| unsafe { handles::close(handle) })
}

// ---- The exporter

unsafe extern "C" fn check_source(call: abi::Call, handle: Handle) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        instance.go_on(call)?;
        let folder = &instance.folder;
        std::fs::read_dir(folder).map_err(|error| Error::io("The folder can't be read", folder, error))?;
        Ok(abi::OK)
    })
}

/// `projects` only saves work, and listing a folder is little; the host selects by itself.
unsafe extern "C" fn list(
    call: abi::Call,
    handle: Handle,
    _projects: Text,
    cursor: Bytes,
    out: *mut Handle,
) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        instance.go_on(call)?;
        let list = listing::List::new(&instance, unsafe { bytes(cursor) })?;
        unsafe { *out = adopt(&instance, OpenReader::new(Reader::List(list))) };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn paths(
    call: abi::Call,
    handle: Handle,
    unit: *const abi::UnitRef,
    out: *mut Handle,
) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        let reader = exporter::paths(&instance, call, &unsafe { names(unit) })?;
        unsafe { *out = adopt(&instance, OpenReader::new(reader)) };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn read(
    call: abi::Call,
    handle: Handle,
    unit: *const abi::UnitRef,
    cursor: Bytes,
    out: *mut Handle,
) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        let reader = exporter::read(&instance, call, &unsafe { names(unit) }, unsafe { bytes(cursor) })?;
        unsafe { *out = adopt(&instance, OpenReader::new(reader)) };
        Ok(abi::OK)
    })
}

/// The cursor of the last batch is lent until the next call, so it stays with the reader.
struct OpenReader {
    reader: Reader,
    cursor: Vec<u8>,
}

impl OpenReader {
    fn new(reader: Reader) -> OpenReader {
        OpenReader { reader, cursor: Vec::new() }
    }
}

unsafe extern "C" fn next(call: abi::Call, handle: Handle, out: *mut abi::Batch) -> Status {
    guard(call, |call| {
        let (instance, open) = unsafe { child::<OpenReader>(handle) }?;
        let page = match open.reader.next(instance, call)? {
            Some(page) => page,
            None => return Ok(abi::END),
        };
        open.cursor = page.cursor;
        let table = page.batch.table;
        let (schema, array) = page.batch.hand_over();
        unsafe {
            (*out).table = Text::of(table.id);
            (*out).schema = schema;
            (*out).array = array;
            (*out).cursor = Bytes { data: open.cursor.as_ptr(), size: open.cursor.len() as i64 };
        }
        Ok(abi::OK)
    })
}

unsafe extern "C" fn close_reader(handle: Handle) {
    shield(|| unsafe { release::<OpenReader>(handle) })
}

unsafe extern "C" fn blob(call: abi::Call, handle: Handle, reference: Text, out: *mut abi::Blob) -> Status {
    guard(call, |_| {
        let instance = unsafe { instance(handle) }?;
        let file = exporter::open_file(&instance, &unsafe { reference.string() })?;
        unsafe {
            (*out).size = file.metadata().map_or(-1, |facts| facts.len() as i64);
            (*out).fd = file.into_raw_fd(); // moved: the host closes it
        }
        Ok(abi::OK)
    })
}

/// Files are handed over as descriptors, so there are no byte readers; no function of a role may be left out, though.
unsafe extern "C" fn read_bytes(call: abi::Call, _: Handle, _: *mut u8, _: i64, got: *mut i64) -> Status {
    guard(call, |_| {
        unsafe { *got = 0 };
        Err(Error::new(abi::INVALID_STATE, "jsonl", "The plugin gives no byte readers."))
    })
}

unsafe extern "C" fn close_bytes(_: Handle) {}

// ---- The loader

/// The folder is made when the first unit is written; here it is only seen whether something else lies there.
unsafe extern "C" fn check_target(call: abi::Call, handle: Handle) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        instance.go_on(call)?;
        let folder = &instance.folder;
        if folder.exists() && !folder.is_dir() {
            return Err(Error::new(abi::CONFLICT, folder.display().to_string(), "It is not a folder."));
        }
        Ok(abi::OK)
    })
}

unsafe extern "C" fn limits(call: abi::Call, _: Handle, out: *mut *const abi::Limits) -> Status {
    guard(call, |_| {
        unsafe { *out = &LIMITS.0 };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn find(
    call: abi::Call,
    handle: Handle,
    unit: *const abi::Unit,
    out: *mut abi::Found,
) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        instance.go_on(call)?;
        let found = unit::find(&instance, &unsafe { UnitFacts::copy(&*unit) }?)?;
        instance.lend([found.target, found.revision], |[target, revision]| unsafe {
            (*out).state = found.state;
            (*out).target = Text::of(target);
            (*out).revision = Text::of(revision);
            (*out).note = Text::of(found.note);
        });
        Ok(abi::OK)
    })
}

unsafe extern "C" fn begin(
    call: abi::Call,
    handle: Handle,
    unit: *const abi::Unit,
    _found: *const abi::Found,
    how: i32,
    resume_after: u64,
    out: *mut Handle,
) -> Status {
    guard(call, |call| {
        let instance = unsafe { instance(handle) }?;
        instance.go_on(call)?;
        let load = Load::begin(&instance, unsafe { UnitFacts::copy(&*unit) }?, how, resume_after)?;
        unsafe { *out = adopt(&instance, OpenLoad { load, target: String::new() }) };
        Ok(abi::OK)
    })
}

struct OpenLoad {
    load: Load,
    /// Lent to the host until the next call.
    target: String,
}

unsafe extern "C" fn write(
    call: abi::Call,
    handle: Handle,
    batch: *mut abi::Batch,
    sequence: u64,
    durable: *mut u64,
) -> Status {
    // Taken first: the arrays are released whatever happens next.
    let moved = unsafe { Moved::take(batch) };
    guard(call, |call| {
        let (instance, open) = unsafe { child::<OpenLoad>(handle) }?;
        instance.go_on(call)?;
        let table = unsafe { (*batch).table.bytes() };
        let reached = open.load.write(instance, &moved, table, sequence, call)?;
        unsafe { *durable = reached };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn flush(call: abi::Call, handle: Handle, durable: *mut u64) -> Status {
    guard(call, |_| {
        let (_, open) = unsafe { child::<OpenLoad>(handle) }?;
        let reached = open.load.flush()?;
        unsafe { *durable = reached };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn commit(
    call: abi::Call,
    handle: Handle,
    summary: *const abi::Commit,
    out: *mut abi::Target,
) -> Status {
    guard(call, |_| {
        let (_, open) = unsafe { child::<OpenLoad>(handle) }?;
        open.target = open.load.commit(unsafe { &*summary })?;
        unsafe { (*out).id = Text::of(&open.target) };
        Ok(abi::OK)
    })
}

unsafe extern "C" fn end(handle: Handle) {
    shield(|| unsafe { release::<OpenLoad>(handle) })
}

// ---- What the thunks share

unsafe fn bytes<'a>(bytes: Bytes) -> &'a [u8] {
    if bytes.data.is_null() || bytes.size <= 0 {
        return &[];
    }
    unsafe { slice::from_raw_parts(bytes.data, bytes.size as usize) }
}

unsafe fn names(unit: *const abi::UnitRef) -> [String; 3] {
    unsafe { [(*unit).kind.string(), (*unit).project.string(), (*unit).id.string()] }
}

// ---- The plugin: constants, valid for ever

static OPTIONS: Constant<[abi::OptionSpec; 1]> = Constant([abi::OptionSpec {
    struct_size: size_of_u32::<abi::OptionSpec>(),
    kind: abi::OPTION_PATH,
    flags: abi::OPTION_REQUIRED | abi::OPTION_LOCATION | abi::OPTION_IDENTITY,
    roles: abi::ROLE_EXPORTER | abi::ROLE_LOADER,
    name: Text::of("folder"),
    default_value: Text::ABSENT,
    choices: Text::ABSENT,
    environment: Text::ABSENT,
    summary: Text::of("The folder of the files."),
    example: Text::of("./runs"),
}]);

/// Lines hold whatever the tables can: every table, any name, every ability. So the host maps nothing.
static LIMITS: Constant<abi::Limits> = Constant(abi::Limits {
    struct_size: size_of_u32::<abi::Limits>(),
    tables: 127,
    abilities: 16_383,
    kinds: Text::of("run experiment model model-version logged-model prompt trace dataset grants"),
    names: ptr::null(),
    name_count: 0,
    name_stride: 0,
    max_text: 0,
    max_batch_rows: 0,
});

static DESCRIPTOR: Constant<abi::Descriptor> = Constant(abi::Descriptor {
    struct_size: size_of_u32::<abi::Descriptor>(),
    roles: abi::ROLE_EXPORTER | abi::ROLE_LOADER,
    name: Text::of("jsonl"),
    version: Text::of(env!("CARGO_PKG_VERSION")),
    summary: Text::of("Folders of JSON lines: one file a run, one record a line."),
    vendor: Text::of("host"),
    licence: Text::of("Apache-2.0"),
    home: Text::ABSENT,
    runtime: Text::of("rust"),
    options: &OPTIONS.0 as *const abi::OptionSpec,
    option_count: 1,
    option_stride: size_of_u32::<abi::OptionSpec>(),
    limits: &LIMITS.0,
    actions: ptr::null(),
    action_count: 0,
    action_stride: 0,
});

static EXPORTER: abi::Exporter = abi::Exporter {
    struct_size: size_of_u32::<abi::Exporter>(),
    reserved: 0,
    open,
    check: check_source,
    list,
    paths,
    read,
    next,
    close_reader,
    blob,
    read_bytes,
    close_bytes,
    cancel,
    close,
};

static LOADER: abi::Loader = abi::Loader {
    struct_size: size_of_u32::<abi::Loader>(),
    reserved: 0,
    open,
    check: check_target,
    limits,
    find,
    begin,
    write,
    flush,
    commit,
    end,
    cancel,
    close,
};

unsafe extern "C" fn init(api: *const abi::Api) -> Status {
    let is_known = !api.is_null() && unsafe { (*api).struct_size } >= size_of_u32::<abi::Api>();
    if !is_known {
        return abi::UNSUPPORTED;
    }
    shield(|| host::set_api(api));
    abi::OK
}

static PLUGIN: Constant<abi::Plugin> = Constant(abi::Plugin {
    struct_size: size_of_u32::<abi::Plugin>(),
    magic: abi::MAGIC,
    abi_minor: abi::ABI_MINOR,
    reserved: 0,
    descriptor: &DESCRIPTOR.0,
    init,
    exporter: &EXPORTER,
    loader: &LOADER,
});

/// The one symbol.
#[no_mangle]
pub extern "C" fn host_plugin_v0() -> *const abi::Plugin {
    &PLUGIN.0
}
