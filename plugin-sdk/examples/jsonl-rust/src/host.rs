// SPDX-License-Identifier: Apache-2.0

//! The host as Rust sees it: errors, losses, and the bytes of files. And the barrier that no panic passes.

use crate::abi::{self, Api, ErrorInfo, Status, Text};
use std::any::Any;
use std::cell::RefCell;
use std::ffi::c_void;
use std::fs::File;
use std::io::{self, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

static API: AtomicPtr<Api> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    static PANIC_PLACE: RefCell<String> = RefCell::new(String::new());
}

/// Keeps the host's table. Its address, not a copy: it may be larger than this plugin knows.
pub fn set_api(api: *const Api) {
    API.store(api as *mut Api, Ordering::Release);
    // Rust would print the panic on standard error, which is the host's. The hook belongs to the copy of the standard
    // library that is linked into this plugin, so nothing outside it changes.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| place.to_string()).unwrap_or_default();
        let _ = PANIC_PLACE.try_with(|kept| *kept.borrow_mut() = place);
    }));
}

fn api() -> Option<&'static Api> {
    // Safety: the host's table is valid for ever once `init` was called.
    unsafe { API.load(Ordering::Acquire).as_ref() }
}

#[derive(Debug)]
pub struct Error {
    pub status: Status,
    pub retry: i32,
    pub subject: String,
    pub message: String,
    pub remedy: String,
    detail: String,
}

pub type Outcome<T> = Result<T, Error>;

impl Error {
    pub fn new(status: Status, subject: impl Into<String>, message: impl Into<String>) -> Error {
        Error {
            status,
            retry: abi::RETRY_DEFAULT,
            subject: subject.into(),
            message: message.into(),
            remedy: String::new(),
            detail: String::new(),
        }
    }

    /// The host knows why: what a service answered with is handed back as it came.
    pub fn told(status: Status) -> Error {
        Error::new(status, "", "")
    }

    pub fn cancelled() -> Error {
        Error::new(abi::CANCELLED, "", "Stopped on request.")
    }

    pub fn io(what: &str, path: &Path, error: io::Error) -> Error {
        let status = match error.kind() {
            io::ErrorKind::NotFound => abi::NOT_FOUND,
            _ => abi::IO,
        };
        let mut made = Error::new(status, path.display().to_string(), format!("{}: {}.", what, error));
        // ENOSPC, EDQUOT, EROFS on Linux: no other unit will fare better.
        if matches!(error.raw_os_error(), Some(28 | 122 | 30)) {
            made.retry = abi::RETRY_STOP;
        }
        made
    }
}

/// One call of the host into this plugin. Must not outlive it, so it has no `Clone` and is lent only.
pub struct Call(abi::Call);

impl Call {
    pub fn is_cancelled(&self) -> bool {
        api().map_or(false, |api| unsafe { (api.cancelled)(self.0) } != 0)
    }

    fn fail(&self, error: &Error) {
        // An error that the host made itself is remembered there.
        if error.message.is_empty() {
            return;
        }
        let info = ErrorInfo {
            struct_size: abi::size_of_u32::<ErrorInfo>(),
            status: error.status,
            retry: error.retry,
            http_status: 0,
            retry_after_ms: 0,
            subject: Text::of(&error.subject),
            message: Text::of(&error.message),
            remedy: Text::of(&error.remedy),
            detail: Text::of(&error.detail),
        };
        if let Some(api) = api() {
            unsafe { (api.fail)(self.0, &info) }
        }
    }

    pub fn loss(&self, kind: i32, rows: i64, table: &str, code: &str, path: &str, note: &str) {
        let loss = abi::Loss {
            struct_size: abi::size_of_u32::<abi::Loss>(),
            kind,
            rows,
            table: Text::of(table),
            code: Text::of(code),
            path: Text::of(path),
            note: Text::of(note),
        };
        if let Some(api) = api() {
            unsafe { (api.loss)(self.0, &loss) }
        }
    }

    /// Copies a file of the source; `Ok(false)` when the source has no such file.
    pub fn copy_blob(&self, reference: &str, to: &mut File, path: &Path) -> Outcome<bool> {
        const ID: &str = "host.blob/1";
        let table = api().map_or(ptr::null(), |api| unsafe { (api.service)(Text::of(ID)) });
        // Safety: the host promises that a service's table is valid for ever.
        let blobs = match unsafe { (table as *const abi::Blobs).as_ref() } {
            Some(blobs) if blobs.struct_size >= abi::size_of_u32::<abi::Blobs>() => blobs,
            _ => return Err(Error::new(abi::UNSUPPORTED, ID, "This host offers no bytes of files.")),
        };
        let (mut handle, mut size) = (ptr::null_mut(), 0);
        match unsafe { (blobs.open)(self.0, Text::of(reference), &mut handle, &mut size) } {
            abi::OK => {}
            abi::NOT_FOUND => return Ok(false),
            status => return Err(Error::told(status)),
        }
        let open = OpenBlob { blobs, handle };
        let mut buffer = vec![0_u8; 1 << 18];
        let mut offset = 0;
        loop {
            if self.is_cancelled() {
                return Err(Error::cancelled());
            }
            let mut got = 0;
            let capacity = buffer.len() as i64;
            let status =
                unsafe { (blobs.read)(self.0, open.handle, offset, buffer.as_mut_ptr(), capacity, &mut got) };
            if status != abi::OK {
                return Err(Error::told(status));
            }
            let filled = &buffer[..(got.max(0) as usize).min(buffer.len())];
            to.write_all(filled).map_err(|error| Error::io("The file can't be written", path, error))?;
            offset += got;
            if got < capacity {
                return Ok(true);
            }
        }
    }
}

struct OpenBlob<'a> {
    blobs: &'a abi::Blobs,
    handle: *mut c_void,
}

impl Drop for OpenBlob<'_> {
    fn drop(&mut self) {
        unsafe { (self.blobs.close)(self.handle) }
    }
}

/// The barrier: runs `body`, tells its error to the host, and turns a panic into an error of its own.
pub fn guard(call: abi::Call, body: impl FnOnce(&Call) -> Outcome<Status>) -> Status {
    let call = Call(call);
    let error = match catch_unwind(AssertUnwindSafe(|| body(&call))) {
        Ok(Ok(status)) => return status,
        Ok(Err(error)) => error,
        Err(panic) => panicked(panic),
    };
    call.fail(&error);
    error.status
}

/// The same for functions that cannot fail.
pub fn shield(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}

fn panicked(panic: Box<dyn Any + Send>) -> Error {
    let what = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => String::from("no message"),
    };
    let mut error = Error::new(abi::INTERNAL, "jsonl", format!("The plugin has a bug: {}.", what));
    error.detail = PANIC_PLACE.try_with(|place| place.take()).unwrap_or_default();
    error
}
